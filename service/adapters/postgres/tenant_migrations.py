"""Every tenant's database taken to one version: a few first, then many at a time, each by itself.

What became of a tenant is written to the catalogue as soon as it is known: whoever starts again goes on
where the last one stopped.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from typing import NamedTuple, TypeAlias
from uuid import UUID

import asyncpg
from msgspec import Struct

from service.adapters.postgres.maintenance import Maintenance

# So many tenants failing one after the other, and none succeeding, is the step's fault and not theirs.
MAX_CANARIES = 3

# A migration that waits for a lock keeps everybody else waiting behind it: give way, and come back.
LOCK_TIMEOUT_S = 2.0
PAUSES_S = (0.25, 0.5, 1.0)

_SUCCEEDED = """
UPDATE tenants SET schema_version = $2, migration_error = NULL, migration_attempted_at = now() WHERE id = $1
"""
_FAILED = "UPDATE tenants SET migration_error = $2, migration_attempted_at = now() WHERE id = $1"


class TenantDatabase(NamedTuple):
    """One to be migrated, as the catalogue names it."""

    id: UUID
    slug: str
    database: str


class Outcome(Struct, frozen=True):
    """`migrated`: changed databases. `failed`: why, by slug. `skipped`: slugs that were not tried."""

    migrated: tuple[str, ...] = ()
    failed: dict[str, str] = {}
    skipped: tuple[str, ...] = ()


Change: TypeAlias = Callable[[asyncpg.Connection], Awaitable[object]]
Progress: TypeAlias = Callable[[int, int], None]
"""Told how many of how many tenants were tried."""


class TenantMigrations:
    """One run over some tenants.

    Args:
        maintenance: connects to their databases.
        control: where the outcomes are written.
        change: what is done to each database; all of it or nothing.
        version: that of a database to which it was done.
        parallel: databases changed at once, 1 or more.
    """

    def __init__(
        self,
        maintenance: Maintenance,
        control: asyncpg.Connection,
        change: Change,
        *,
        version: int,
        parallel: int,
    ) -> None:
        self._maintenance = maintenance
        self._control = control
        self._writing = asyncio.Lock()
        self._change = change
        self._version = version
        self._parallel = parallel
        self._migrated: list[str] = []
        self._failed: dict[str, str] = {}

    async def run(self, tenants: Iterable[TenantDatabase], on_progress: Progress) -> Outcome:
        """One tenant after the other until one succeeds, then `parallel` at a time.

        When the first MAX_CANARIES fail the others are not touched.
        """
        waiting = deque(tenants)
        total = len(waiting)

        async def migrate_next() -> None:
            await self._migrate(waiting.popleft())
            on_progress(total - len(waiting), total)

        async def migrate_rest() -> None:
            while waiting:
                await migrate_next()

        while waiting and not self._migrated and len(self._failed) < MAX_CANARIES:
            await migrate_next()
        if self._migrated:
            async with asyncio.TaskGroup() as group:
                for _ in range(self._parallel):
                    group.create_task(migrate_rest())
        return Outcome(tuple(self._migrated), self._failed, tuple(tenant.slug for tenant in waiting))

    async def _migrate(self, tenant: TenantDatabase) -> None:
        try:
            await self._change_patiently(tenant.database)
        except Exception as error:  # noqa: BLE001  # whatever it is, the other tenants are still migrated
            self._failed[tenant.slug] = reason = str(error.__cause__ or error) or type(error).__name__
            await self._write(_FAILED, tenant.id, reason)
        else:
            self._migrated.append(tenant.database)
            await self._write(_SUCCEEDED, tenant.id, self._version)

    async def _change_patiently(self, database: str) -> None:
        async with self._maintenance.connected(database, lock_timeout_s=LOCK_TIMEOUT_S) as connection:
            for pause_s in PAUSES_S:
                try:
                    await self._change(connection)
                except asyncpg.LockNotAvailableError:
                    await asyncio.sleep(pause_s)
                else:
                    return
            await self._change(connection)

    async def _write(self, sql: str, *arguments: object) -> None:
        async with self._writing:
            await self._control.execute(sql, *arguments)
