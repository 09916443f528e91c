"""A transaction for the tenant of the verified token, the only way from a request to anybody's data; and
what that tenant has configured.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from service.application.accounts import find_active_tenant
from service.application.ports import TenantTransaction
from service.domain.tenant_settings import TenantSettings
from service.domain.tenants import Tenant
from service.web.responses import actor_of
from service.web.state import WORLD


@asynccontextmanager
async def transaction(request: web.Request) -> AsyncIterator[TenantTransaction]:
    world = request.app[WORLD]
    async with world.databases.begin(await _tenant_of(request)) as tx:
        yield tx


async def settings_of(request: web.Request) -> TenantSettings:
    return await request.app[WORLD].configurations.settings(await _tenant_of(request))


async def _tenant_of(request: web.Request) -> Tenant:
    return await find_active_tenant(request.app[WORLD], str(actor_of(request).tenant_id))
