"""Making and migrating databases: the control database, the template, and one for each tenant.

All of it happens under one advisory lock of the control database. Whoever holds the lock knows that a
tenant in state "provisioning" was left behind by a process that died, and clears it away.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from uuid import UUID

import asyncpg
import msgspec

from service.adapters.postgres.connections import Connections
from service.adapters.postgres.errors import translating
from service.adapters.postgres.migrations import MigrationReport, Step, migrate_up, read_steps
from service.domain.errors import TenantExists
from service.domain.identity import TenantId
from service.domain.tenants import Tenant

_LOCK = 0x636861696E  # "chain"

_STATE = """
SELECT (SELECT max(version) FROM schema_versions) AS control,
    (SELECT schema_version FROM tenant_template) AS template,
    EXISTS (
        SELECT FROM tenants
        WHERE status = 'provisioning' OR (schema_version < $1 AND status NOT IN ('deleting', 'deleted'))
    ) AS is_behind
"""
_BEHIND = """
SELECT id, slug, database_name FROM tenants
WHERE schema_version < $1 AND status NOT IN ('provisioning', 'deleting', 'deleted')
    AND ($2::text IS NULL OR lower(slug) = lower($2) OR id::text = lower($2))
ORDER BY id
"""
_INSERT = """
INSERT INTO tenants (id, slug, tenant_name, status, database_name, schema_version, created_at, updated_at)
VALUES ($1, $2, $3, 'provisioning', $4, $5, $6, $6)
"""


class Provisioning:
    def __init__(
        self,
        connections: Connections,
        control: str,
        *,
        clock: Callable[[], datetime],
        new_id: Callable[[], UUID],
    ) -> None:
        self._connections = connections
        self._control = control
        self._template = f"{control}_template"
        self._clock = clock
        self._new_id = new_id
        self._control_steps = read_steps("control")
        self._tenant_steps = read_steps("tenant")

    async def migrate(self, tenant: str | None = None) -> MigrationReport:
        """Everything, or beside the control database and the template only `tenant` (slug or id).

        One query when there is nothing to do. A tenant that fails is named in the report and the next ones
        are done; the control database or the template failing raises.
        """
        if await self._is_current():
            return self._report()
        await self._make_control_database()
        async with self._locked() as control:
            migrated = [self._control] if await migrate_up(control, self._control_steps) else []
            migrated += [self._template] if await self._migrate_template(control) else []
            removed = await self._remove_leftovers(control)
            report = await self._migrate_tenants(control, tenant)
        return msgspec.structs.replace(report, migrated=(*migrated, *report.migrated), removed=removed)

    async def plan(self, tenant: str | None = None) -> tuple[str, ...]:
        """The databases that `migrate` would make or change, in its order. Changes nothing."""
        try:
            async with self._connected(self._control) as control:
                state = await control.fetchrow(_STATE, _newest(self._tenant_steps))
                behind = await control.fetch(_BEHIND, _newest(self._tenant_steps), tenant)
        except Exception as error:
            if _is_missing(error) or _is_missing(error.__cause__):
                return (self._control, self._template)
            raise
        done = (state["control"], state["template"]) if state else (None, None)
        wanted = (_newest(self._control_steps), _newest(self._tenant_steps))
        ours = zip((self._control, self._template), done, wanted, strict=True)
        names = (name for name, version, newest in ours if version != newest)
        return (*names, *(row["database_name"] for row in behind))

    async def provision(self, slug: str, name: str) -> Tenant:
        """Raises TenantExists. Stopped at any point it leaves no tenant: what remains is cleared away."""
        async with self._locked() as control:
            await self._remove_leftovers(control)
            if await control.fetchval(
                "SELECT EXISTS (SELECT FROM tenants WHERE lower(slug) = lower($1))", slug
            ):
                raise TenantExists
            tenant = self._new_tenant(slug, name)
            version: int = await control.fetchval("SELECT schema_version FROM tenant_template")
            await control.execute(
                _INSERT, tenant.id, slug, name, tenant.database, version, tenant.created_at
            )
            await self._copy_template(control, tenant.database)
            await control.execute("UPDATE tenants SET status = 'active' WHERE id = $1", tenant.id)
        return tenant

    def _new_tenant(self, slug: str, name: str) -> Tenant:
        tenant_id, now = TenantId(self._new_id()), self._clock()
        return Tenant(
            id=tenant_id,
            slug=slug,
            name=name,
            status="active",
            database=f"{self._control}_t_{tenant_id.hex}",
            created_at=now,
            updated_at=now,
        )

    @asynccontextmanager
    async def _locked(self) -> AsyncIterator[asyncpg.Connection]:
        # Waiting for another start, or copying a large schema, may take longer than any request.
        async with self._connected(self._control) as control:
            with translating(control):
                await control.execute("SELECT pg_advisory_lock($1)", _LOCK)
                yield control

    @asynccontextmanager
    async def _connected(self, database: str) -> AsyncIterator[asyncpg.Connection]:
        with translating():
            connection = await self._connections.connect(
                database, statement_timeout="0", idle_in_transaction_session_timeout="0"
            )
        try:
            yield connection
        finally:
            # Closing gives the advisory lock back.
            await connection.close(timeout=1)

    async def _is_current(self) -> bool:
        try:
            async with self._connected(self._control) as control:
                state = await control.fetchrow(_STATE, _newest(self._tenant_steps))
        except Exception as error:
            if _is_missing(error) or _is_missing(error.__cause__):
                return False
            raise
        newest = (_newest(self._control_steps), _newest(self._tenant_steps))
        return (
            state is not None and (state["control"], state["template"]) == newest and not state["is_behind"]
        )

    async def _make_control_database(self) -> None:
        async with self._connected("postgres") as maintenance:
            exists = await maintenance.fetchval(
                "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", self._control
            )
            if not exists:
                # Another start may be making it at this moment.
                with suppress(asyncpg.DuplicateDatabaseError, asyncpg.UniqueViolationError):
                    await _make_database(maintenance, self._control)

    async def _migrate_template(self, control: asyncpg.Connection) -> bool:
        newest = _newest(self._tenant_steps)
        if await control.fetchval("SELECT schema_version FROM tenant_template") >= newest:
            return False
        if not await control.fetchval(
            "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", self._template
        ):
            await _make_database(control, self._template)
        async with self._connected(self._template) as template:
            await migrate_up(template, self._tenant_steps)
        await control.execute("UPDATE tenant_template SET schema_version = $1", newest)
        return True

    async def _migrate_tenants(self, control: asyncpg.Connection, tenant: str | None) -> MigrationReport:
        newest = _newest(self._tenant_steps)
        migrated, failed = [], {}
        for row in await control.fetch(_BEHIND, newest, tenant):
            try:
                async with self._connected(row["database_name"]) as database:
                    await migrate_up(database, self._tenant_steps)
            except Exception as error:  # noqa: BLE001  # whatever it is, the other tenants are still served
                failed[row["slug"]] = str(error.__cause__ or error)
            else:
                await control.execute(
                    "UPDATE tenants SET schema_version = $1 WHERE id = $2", newest, row["id"]
                )
                migrated.append(row["database_name"])
        return msgspec.structs.replace(self._report(), migrated=tuple(migrated), failed=failed)

    async def _remove_leftovers(self, control: asyncpg.Connection) -> tuple[str, ...]:
        rows = await control.fetch("SELECT id, database_name FROM tenants WHERE status = 'provisioning'")
        for row in rows:
            await control.execute(f"DROP DATABASE IF EXISTS {_quoted(row['database_name'])} WITH (FORCE)")
            await control.execute("DELETE FROM tenants WHERE id = $1", row["id"])
        return tuple(row["database_name"] for row in rows)

    async def _copy_template(self, control: asyncpg.Connection, database: str) -> None:
        # Copying through the log costs 31 ms; by files it would force a checkpoint.
        await control.execute(
            f"CREATE DATABASE {_quoted(database)} TEMPLATE {_quoted(self._template)} STRATEGY wal_log"
        )

    def _report(self) -> MigrationReport:
        return MigrationReport(
            control_version=_newest(self._control_steps), tenant_version=_newest(self._tenant_steps)
        )


def _newest(steps: tuple[Step, ...]) -> int:
    return steps[-1].version


def _is_missing(error: BaseException | None) -> bool:
    return isinstance(error, (asyncpg.UndefinedTableError, asyncpg.InvalidCatalogNameError))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


async def _make_database(connection: asyncpg.Connection, name: str) -> None:
    await connection.execute(f"CREATE DATABASE {_quoted(name)} TEMPLATE template0 ENCODING 'UTF8'")
