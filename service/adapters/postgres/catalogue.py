"""Which tenants there are. Look-ups are remembered for a moment: every request makes one."""

from __future__ import annotations

import time
from uuid import UUID

import asyncpg

from service.adapters.postgres.connections import Connections
from service.adapters.postgres.provisioning import Provisioning
from service.domain.errors import InvalidInput
from service.domain.tenants import Tenant, is_slug

# A suspended tenant is locked out after this time at the latest.
_REMEMBERED_S = 5.0
_REMEMBERED_MAX = 4096

_UUID_CHARACTERS = 36

_TENANT = "id, slug, tenant_name, status, database_name, created_at, updated_at"
_FIND = f"""
SELECT {_TENANT} FROM tenants WHERE status = 'active' AND (id = $2 OR lower(slug) = lower($1))
ORDER BY id = $2 DESC NULLS LAST LIMIT 1
"""  # noqa: S608  # constants only
_LIST = f"SELECT {_TENANT} FROM tenants ORDER BY id"  # noqa: S608  # constants only


class PostgresTenantCatalogue:
    def __init__(self, connections: Connections, provisioning: Provisioning, *, control: str) -> None:
        self._connections = connections
        self._provisioning = provisioning
        self._control = control
        self._remembered: dict[str, tuple[Tenant, float]] = {}

    async def find(self, slug_or_id: str) -> Tenant | None:
        # A UUID as text is a possible slug too: what is no slug names no tenant.
        if not is_slug(slug_or_id):
            return None
        name = slug_or_id.lower()
        tenant, until = self._remembered.get(name, (None, 0.0))
        if tenant is not None and time.monotonic() < until:
            return tenant
        return await self._look_up(name)

    async def list_all(self) -> tuple[Tenant, ...]:
        async with self._connections.transaction(self._control) as statements:
            return tuple(_from_row(row) for row in await statements.fetch(_LIST))

    async def provision(self, slug: str, name: str) -> Tenant:
        if not is_slug(slug):
            raise InvalidInput(problems={"slug": ("must be 1 to 36 letters, digits, '-' or '_'",)})
        return await self._provisioning.provision(slug, name)

    async def _look_up(self, name: str) -> Tenant | None:
        async with self._connections.transaction(self._control) as statements:
            row = await statements.fetch_row(_FIND, name, _find_uuid(name))
        self._remembered.pop(name, None)
        if row is None:
            return None
        if len(self._remembered) >= _REMEMBERED_MAX:
            self._remembered.clear()
        tenant = _from_row(row)
        self._remembered[name] = (tenant, time.monotonic() + _REMEMBERED_S)
        return tenant


def _from_row(row: asyncpg.Record) -> Tenant:
    return Tenant(*row)


def _find_uuid(text: str) -> UUID | None:
    if len(text) != _UUID_CHARACTERS:
        return None
    try:
        return UUID(text)
    except ValueError:
        return None
