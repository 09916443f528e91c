"""Making a tenant: its row in the catalogue and a database of its own, both or neither.

It happens under the lock of the maintenance. Whoever holds it knows that a tenant in state "provisioning"
was left behind by a process that died, and clears it away.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import asyncpg

from service.adapters.postgres.maintenance import Maintenance, drop_database
from service.domain.errors import TenantExists
from service.domain.identity import TenantId
from service.domain.tenants import Tenant

_INSERT = """
INSERT INTO tenants (id, slug, tenant_name, status, database_name, schema_version, created_at, updated_at)
VALUES ($1, $2, $3, 'provisioning', $4, $5, $6, $6)
"""


class Provisioning:
    def __init__(
        self, maintenance: Maintenance, *, clock: Callable[[], datetime], new_id: Callable[[], UUID]
    ) -> None:
        self._maintenance = maintenance
        self._clock = clock
        self._new_id = new_id

    async def provision(self, slug: str, name: str) -> Tenant:
        """Raises TenantExists. Stopped at any point it leaves no tenant: what remains is cleared away."""
        async with self._maintenance.locked() as control:
            await remove_leftovers(control)
            if await control.fetchval(
                "SELECT EXISTS (SELECT FROM tenants WHERE lower(slug) = lower($1))", slug
            ):
                raise TenantExists
            tenant = self._new_tenant(slug, name)
            version: int = await control.fetchval("SELECT schema_version FROM tenant_template")
            await control.execute(
                _INSERT, tenant.id, slug, name, tenant.database, version, tenant.created_at
            )
            await self._maintenance.copy_template(control, tenant.database)
            await control.execute("UPDATE tenants SET status = 'active' WHERE id = $1", tenant.id)
        return tenant

    async def remove(self, tenant: Tenant) -> None:
        """Its database, whoever is in it, and what it has configured; the row stays as "deleted"."""
        async with self._maintenance.locked() as control:
            await _remove(control, tenant.id, tenant.database)

    def _new_tenant(self, slug: str, name: str) -> Tenant:
        tenant_id, now = TenantId(self._new_id()), self._clock()
        return Tenant(
            id=tenant_id,
            slug=slug,
            name=name,
            status="active",
            database=f"{self._maintenance.control}_t_{tenant_id.hex}",
            created_at=now,
            updated_at=now,
        )


async def remove_leftovers(control: asyncpg.Connection) -> tuple[str, ...]:
    """The databases of tenants whose making was cut short, which are gone now."""
    rows = await control.fetch("SELECT id, database_name FROM tenants WHERE status = 'provisioning'")
    for row in rows:
        await drop_database(control, row["database_name"])
        await control.execute("DELETE FROM tenants WHERE id = $1", row["id"])
    return tuple(row["database_name"] for row in rows)


async def _remove(control: asyncpg.Connection, tenant_id: UUID, database: str) -> None:
    await drop_database(control, database)
    async with control.transaction():
        for table in ("tenant_config_changes", "tenant_configs"):
            await control.execute(f"DELETE FROM {table} WHERE tenant_id = $1", tenant_id)  # noqa: S608  constants
        await control.execute(
            "UPDATE tenants SET status = 'deleted' WHERE id = $1 AND status = 'deleting'", tenant_id
        )
