"""All databases taken to the version of this program, or back: control, template, and every tenant's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import partial

import asyncpg
from msgspec import Struct

from service.adapters.postgres.maintenance import Maintenance, is_missing, make_if_missing
from service.adapters.postgres.migrations import Step, migrate_down, migrate_up
from service.adapters.postgres.provisioning import remove_leftovers
from service.adapters.postgres.tenant_migrations import (
    Outcome,
    Progress,
    TenantDatabase,
    TenantMigrations,
)
from service.domain.errors import InvalidInput

PARALLEL = 4

_STATE = """
SELECT (SELECT max(version) FROM schema_versions) AS control,
    (SELECT schema_version FROM tenant_template) AS template,
    EXISTS (
        SELECT FROM tenants
        WHERE status = 'provisioning' OR (schema_version < $1 AND status NOT IN ('deleting', 'deleted'))
    ) AS is_behind
"""
_TENANTS = """
SELECT id, slug, database_name AS database FROM tenants
WHERE {version} AND status NOT IN ('provisioning', 'deleting', 'deleted')
    AND ($2::text IS NULL OR lower(slug) = lower($2) OR id::text = lower($2))
ORDER BY id
"""
_BEHIND = _TENANTS.format(version="schema_version < $1")
# One that failed on its way up may have got further than the catalogue knows.
_AHEAD = _TENANTS.format(version="(schema_version > $1 OR migration_error IS NOT NULL)")
_EACH = """
SELECT slug, schema_version, migration_error, migration_attempted_at
FROM tenants WHERE status NOT IN ('provisioning', 'deleting', 'deleted') ORDER BY id
"""


class MigrationReport(Struct, frozen=True):
    """What a run did.

    `migrated`: databases that were changed. `failed`: why, by tenant slug; the others are done.
    `skipped`: slugs of tenants that were not tried, as the first ones all failed. `removed`: databases of
    tenants whose making was cut short.
    """

    control_version: int
    tenant_version: int
    migrated: tuple[str, ...] = ()
    failed: dict[str, str] = {}
    skipped: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


class MigrationStatus(Struct, frozen=True):
    """Where all databases stand.

    `control_version` and `tenant_version` are those of this program, `control` and `template` those of the
    databases; `tenants` counts tenants by version; `failed` has the last reason by slug.
    """

    control_version: int
    tenant_version: int
    control: int
    template: int
    tenants: dict[int, int]
    behind: tuple[str, ...]
    failed: dict[str, str]


def ignore_progress(_done: int, _total: int) -> None:
    """For those who do not look."""


class Migrator:
    def __init__(
        self, maintenance: Maintenance, *, control_steps: tuple[Step, ...], tenant_steps: tuple[Step, ...]
    ) -> None:
        self._maintenance = maintenance
        self._control_steps = control_steps
        self._tenant_steps = tenant_steps

    async def up(
        self,
        tenant: str | None = None,
        *,
        parallel: int = PARALLEL,
        on_progress: Progress = ignore_progress,
    ) -> MigrationReport:
        """Everything, or beside the control database and the template only `tenant` (slug or id).

        One query when there is nothing to do. A tenant that fails is named in the report and the next ones
        are done; the control database or the template failing raises.
        """
        if await self._is_current():
            return self._report()
        await self._maintenance.make_control()
        async with self._maintenance.locked() as control:
            ours = [self._maintenance.control] if await migrate_up(control, self._control_steps) else []
            ours += [self._maintenance.template] if await self._migrate_template(control) else []
            removed = await remove_leftovers(control)
            behind = await control.fetch(_BEHIND, self._newest_tenant, tenant)
            change = partial(migrate_up, steps=self._tenant_steps)
            run = TenantMigrations(
                self._maintenance, control, change, version=self._newest_tenant, parallel=parallel
            )
            outcome = await run.run(map(_from_row, behind), on_progress)
        return self._report(outcome, ours=ours, removed=removed)

    async def down(
        self,
        to_version: int,
        tenant: str | None = None,
        *,
        parallel: int = PARALLEL,
        on_progress: Progress = ignore_progress,
    ) -> MigrationReport:
        """The template and every tenant, or only `tenant` (slug or id), back to an earlier version of the
        tenants' schema. What the undone steps added is lost, data too.

        Raises InvalidInput for a version that there is not.
        """
        if not 0 <= to_version <= self._newest_tenant:
            expected = f"must be 0 to {self._newest_tenant}, got {to_version}"
            raise InvalidInput(problems={"to_version": (expected,)})
        change = partial(migrate_down, steps=self._tenant_steps, to_version=to_version)
        async with self._maintenance.locked() as control:
            await migrate_up(control, self._control_steps)
            ours = [] if tenant is not None else await self._take_template_down(control, to_version)
            ahead = await control.fetch(_AHEAD, to_version, tenant)
            run = TenantMigrations(
                self._maintenance, control, change, version=to_version, parallel=parallel
            )
            outcome = await run.run(map(_from_row, ahead), on_progress)
        return self._report(outcome, ours=ours)

    async def plan(self, tenant: str | None = None) -> tuple[str, ...]:
        """The databases that `up` would make or change, in its order. Changes nothing."""
        try:
            async with self._maintenance.connected(self._maintenance.control) as control:
                state = await control.fetchrow(_STATE, self._newest_tenant)
                behind = await control.fetch(_BEHIND, self._newest_tenant, tenant)
        except Exception as error:
            if is_missing(error):
                return (self._maintenance.control, self._maintenance.template)
            raise
        done = (state["control"], state["template"]) if state else (None, None)
        wanted = (self._newest_control, self._newest_tenant)
        ours = zip((self._maintenance.control, self._maintenance.template), done, wanted, strict=True)
        names = (name for name, version, newest in ours if version != newest)
        return (*names, *(row["database"] for row in behind))

    async def status(self) -> MigrationStatus:
        """Where all databases stand. Raises when nothing was ever migrated."""
        async with self._maintenance.connected(self._maintenance.control) as control:
            state = await control.fetchrow(_STATE, self._newest_tenant)
            rows = await control.fetch(_EACH)
        return MigrationStatus(
            control_version=self._newest_control,
            tenant_version=self._newest_tenant,
            control=state["control"] if state else 0,
            template=state["template"] if state else 0,
            tenants=dict(sorted(Counter(row["schema_version"] for row in rows).items())),
            behind=tuple(row["slug"] for row in rows if row["schema_version"] < self._newest_tenant),
            failed={row["slug"]: row["migration_error"] for row in rows if row["migration_error"]},
        )

    @property
    def _newest_control(self) -> int:
        return self._control_steps[-1].version

    @property
    def _newest_tenant(self) -> int:
        return self._tenant_steps[-1].version

    async def _is_current(self) -> bool:
        try:
            async with self._maintenance.connected(self._maintenance.control) as control:
                state = await control.fetchrow(_STATE, self._newest_tenant)
        except Exception as error:
            if is_missing(error):
                return False
            raise
        newest = (self._newest_control, self._newest_tenant)
        return (
            state is not None and (state["control"], state["template"]) == newest and not state["is_behind"]
        )

    async def _migrate_template(self, control: asyncpg.Connection) -> bool:
        newest = self._newest_tenant
        if await control.fetchval("SELECT schema_version FROM tenant_template") >= newest:
            return False
        await make_if_missing(control, self._maintenance.template)
        async with self._maintenance.connected(self._maintenance.template) as template:
            await migrate_up(template, self._tenant_steps)
        await control.execute("UPDATE tenant_template SET schema_version = $1", newest)
        return True

    async def _take_template_down(self, control: asyncpg.Connection, to_version: int) -> list[str]:
        if await control.fetchval("SELECT schema_version FROM tenant_template") <= to_version:
            return []
        async with self._maintenance.connected(self._maintenance.template) as template:
            await migrate_down(template, self._tenant_steps, to_version=to_version)
        await control.execute("UPDATE tenant_template SET schema_version = $1", to_version)
        return [self._maintenance.template]

    def _report(
        self, outcome: Outcome | None = None, *, ours: Iterable[str] = (), removed: tuple[str, ...] = ()
    ) -> MigrationReport:
        done = outcome or Outcome()
        return MigrationReport(
            control_version=self._newest_control,
            tenant_version=self._newest_tenant,
            migrated=(*ours, *done.migrated),
            failed=done.failed,
            skipped=done.skipped,
            removed=removed,
        )


def _from_row(row: asyncpg.Record) -> TenantDatabase:
    return TenantDatabase(*row)
