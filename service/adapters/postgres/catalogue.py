"""Which tenants there are. Look-ups are remembered for a moment: every request makes one."""

from __future__ import annotations

import time
from uuid import UUID

import asyncpg

from service.adapters.postgres.connections import Connections
from service.adapters.postgres.provisioning import Provisioning
from service.application.ports import TenantPage
from service.domain.errors import InvalidInput
from service.domain.tenants import Tenant, TenantStatus, is_slug

# A suspended tenant is locked out after this time at the latest.
_REMEMBERED_S = 1.0
_REMEMBERED_MAX = 4096

_UUID_CHARACTERS = 36

_TENANT = "id, slug, tenant_name, status, database_name, created_at, updated_at"
_FIND_ANY = f"""
SELECT {_TENANT} FROM tenants WHERE (id = $2 OR lower(slug) = lower($1)) AND status <> 'provisioning'
ORDER BY id = $2 DESC NULLS LAST LIMIT 1
"""  # noqa: S608  # constants only
_FIND = _FIND_ANY.replace("<> 'provisioning'", "= 'active'")
_LIST = f"SELECT {_TENANT} FROM tenants ORDER BY id"  # noqa: S608  # constants only
_PAGE = f"""
SELECT {_TENANT} FROM tenants WHERE $1::text IS NULL OR status = $1 ORDER BY id OFFSET $2 LIMIT $3
"""  # noqa: S608  # constants only
_COUNT = "SELECT count(*) FROM tenants WHERE $1::text IS NULL OR status = $1"
_UPDATE = """
UPDATE tenants SET tenant_name = $2, status = $3, updated_at = $4 WHERE id = $1 AND status = $5
"""


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

    async def find_any(self, slug_or_id: str) -> Tenant | None:
        if not is_slug(slug_or_id):
            return None
        async with self._connections.transaction(self._control) as statements:
            row = await statements.fetch_row(_FIND_ANY, slug_or_id, _find_uuid(slug_or_id))
        return None if row is None else _from_row(row)

    async def list_page(self, status: TenantStatus | None, *, offset: int, limit: int) -> TenantPage:
        async with self._connections.transaction(self._control) as statements:
            rows = await statements.fetch(_PAGE, status, offset, limit)
            total = await statements.fetch_value(_COUNT, status)
        return TenantPage(tuple(_from_row(row) for row in rows), total)

    async def update(self, tenant: Tenant, *, expected: TenantStatus) -> bool:
        async with self._connections.transaction(self._control) as statements:
            done = await statements.execute(
                _UPDATE, tenant.id, tenant.name, tenant.status, tenant.updated_at, expected
            )
        self._remembered.clear()
        return done == "UPDATE 1"

    async def remove(self, tenant: Tenant) -> None:
        await self._connections.forget(tenant.database)
        await self._provisioning.remove(tenant)

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
