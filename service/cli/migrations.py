"""`chainbook migrate`: all databases to the version of this program, back, or only a look at them."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import click

from service import bootstrap
from service.adapters.embedded import start_or_join
from service.adapters.postgres import MigrationReport, MigrationStatus, Migrator
from service.adapters.postgres.migrator import PARALLEL
from service.adapters.postgres.tenant_migrations import Progress
from service.cli.run import echo_json, run
from service.settings import Settings

_tenant = click.option("--tenant", help="Only this tenant (slug or id).")
_parallel = click.option(
    "--parallel",
    type=click.IntRange(1, 64),
    default=PARALLEL,
    show_default=True,
    help="Databases of tenants that are changed at once.",
)
_as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group(invoke_without_command=True)
@click.option("--plan", is_flag=True, help="Only list the databases that would be made or changed.")
@_tenant
@_parallel
@_as_json
@click.pass_context
def migrate(
    context: click.Context, *, plan: bool, tenant: str | None, parallel: int, as_json: bool
) -> None:
    """Bring all databases to the version of this program. `serve` does it too.

    The first tenants are migrated one by one; when three of them fail and none succeeds, the others are not
    touched. A tenant that fails stays as it was and the others go on. It may be stopped and started again.
    """
    if context.invoked_subcommand is not None:
        return
    if plan:
        _show_plan(run(lambda settings: _plan(settings, tenant)), as_json=as_json)
    else:
        _show_report(run(lambda settings: _up(settings, tenant, parallel)), as_json=as_json)


@migrate.command("status")
@_as_json
def migrate_status(*, as_json: bool) -> None:
    """Show the versions of all databases, and which tenants failed and why."""
    _show_status(run(_status), as_json=as_json)


@migrate.command("down")
@click.argument("version", type=click.IntRange(0))
@click.option("--yes", is_flag=True, help="Do not ask.")
@_tenant
@_parallel
@_as_json
def migrate_down(*, version: int, yes: bool, tenant: str | None, parallel: int, as_json: bool) -> None:
    """Take the tenants' databases back to VERSION of their schema. What newer versions added is lost."""
    if not yes:
        click.confirm("What newer versions added is lost, data too. Go on?", abort=True, err=True)
    _show_report(run(lambda settings: _down(settings, version, tenant, parallel)), as_json=as_json)


async def _up(settings: Settings, tenant: str | None, parallel: int) -> MigrationReport:
    async with _migrator(settings) as migrator:
        with _progress() as on_progress:
            return await migrator.up(tenant, parallel=parallel, on_progress=on_progress)


async def _down(settings: Settings, to_version: int, tenant: str | None, parallel: int) -> MigrationReport:
    async with _migrator(settings) as migrator:
        with _progress() as on_progress:
            return await migrator.down(to_version, tenant, parallel=parallel, on_progress=on_progress)


async def _plan(settings: Settings, tenant: str | None) -> tuple[str, ...]:
    async with _migrator(settings) as migrator:
        return await migrator.plan(tenant)


async def _status(settings: Settings) -> MigrationStatus:
    async with _migrator(settings) as migrator:
        return await migrator.status()


@asynccontextmanager
async def _migrator(settings: Settings) -> AsyncIterator[Migrator]:
    async with (
        start_or_join(settings) as servers,
        bootstrap.open_migrator(bootstrap.complete_settings(settings, servers)) as migrator,
    ):
        yield migrator


@contextmanager
def _progress() -> Iterator[Progress]:
    """On a terminal, a line that counts the tenants."""
    is_terminal = sys.stderr.isatty()

    def show(done: int, total: int) -> None:
        if is_terminal:
            click.echo(f"\r{done} of {total} tenants", err=True, nl=done == total)

    yield show


def _show_plan(databases: tuple[str, ...], *, as_json: bool) -> None:
    if as_json:
        echo_json({"planned": databases})
    else:
        click.echo("\n".join(databases) or "nothing, all is up to date")


def _show_status(status: MigrationStatus, *, as_json: bool) -> None:
    if as_json:
        echo_json(status)
        return
    click.echo(f"control database: version {status.control} of {status.control_version}")
    click.echo(f"template:         version {status.template} of {status.tenant_version}")
    for version, count in status.tenants.items():
        click.echo(f"tenants:          {count} at version {version} of {status.tenant_version}")
    for slug, reason in status.failed.items():
        click.echo(f"failed:           {slug}: {reason}")


def _show_report(report: MigrationReport, *, as_json: bool) -> None:
    if as_json:
        echo_json(report)
    else:
        click.echo(f"migrated: {', '.join(report.migrated) or 'nothing, all is up to date'}")
        if report.skipped:
            click.echo(f"not tried: {len(report.skipped)} tenants, as the first ones all failed", err=True)
        for slug, reason in report.failed.items():
            click.echo(f"failed: {slug}: {reason}", err=True)
    if report.failed:
        raise SystemExit(1)
