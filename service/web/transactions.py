"""A transaction for the tenant of the verified token: the only way from a request to anybody's data."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from service.application.accounts import find_active_tenant
from service.application.ports import TenantTransaction
from service.web.responses import actor_of
from service.web.state import WORLD


@asynccontextmanager
async def transaction(request: web.Request) -> AsyncIterator[TenantTransaction]:
    world = request.app[WORLD]
    tenant = await find_active_tenant(world, str(actor_of(request).tenant_id))
    async with world.databases.begin(tenant) as tx:
        yield tx
