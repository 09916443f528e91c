"""`chainbook serve`: one process, or several that share the port, until it is told to stop."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import click
import structlog

from service import bootstrap
from service.adapters import embedded
from service.adapters.postgres import MigrationReport
from service.cli.demo import seed, show_banner
from service.cli.run import STOPPED, run, warn_of_settings_without_effect
from service.cli.shares import run_shares, wait_for_first
from service.environment import VARIABLES
from service.settings import Settings
from service.web.server import listening

log = structlog.get_logger("chainbook")

SETTINGS_HELP = "\b\nSettings (environment, or a TOML file named by CHAINBOOK_CONFIG):\n" + "\n".join(
    f"  {variable.name:30}{variable.help}" for variable in VARIABLES
)


@click.command(epilog=SETTINGS_HELP)
@click.option("--demo", is_flag=True, help="Make two tenants with users, and show their passwords.")
def serve(*, demo: bool) -> None:
    """Serve the HTTP interface until Ctrl-C or SIGTERM.

    Without DATABASE_URL and REDIS_URL a PostgreSQL and a Valkey are started beside it, with their data in
    DATA_DIR.
    """
    try:
        run(lambda settings: _serve(settings, with_demo=demo))
    except SystemExit as stop:
        # Being told to stop is how it is meant to end.
        raise SystemExit(0 if stop.code == STOPPED else stop.code) from None


@click.command(hidden=True)
def serve_share() -> None:
    """One of several processes; everything is in its environment."""
    run(_serve_share)


async def _serve(settings: Settings, *, with_demo: bool) -> None:
    warn_of_settings_without_effect(settings)
    async with embedded.start(settings) as servers:
        settings = bootstrap.complete_settings(settings, servers)
        _tell_failures(await bootstrap.migrate_databases(settings))
        tenants = await seed(settings) if with_demo else ()
        async with _serving(settings) as (port, failed):
            url = f"http://{_host_in_url(settings.app_host)}:{port}"
            log.info("listening", url=url, processes=settings.workers)
            if with_demo:
                show_banner(url, tenants, settings)
            await wait_for_first(failed, *(server.failed for server in servers.running))
    raise click.ClickException("a server or a process can not be kept running: see the log")


@asynccontextmanager
async def _serving(settings: Settings) -> AsyncIterator[tuple[int, asyncio.Event]]:
    if settings.workers > 1:
        async with run_shares(settings) as shares:
            yield shares
        return
    async with (
        bootstrap.open_world(settings) as world,
        listening(
            bootstrap.make_application(world, settings),
            settings.app_host,
            settings.app_port,
            is_shared=False,
        ) as port,
    ):
        yield port, asyncio.Event()


async def _serve_share(settings: Settings) -> None:
    settings = bootstrap.complete_settings(
        settings, embedded.Servers(settings.database_url or "", settings.redis_url or "")
    )
    async with (
        bootstrap.open_world(settings) as world,
        listening(
            bootstrap.make_application(world, settings),
            settings.app_host,
            settings.app_port,
            is_shared=True,
        ),
    ):
        log.debug("sharing the port", pid=os.getpid())
        await asyncio.Event().wait()


def _tell_failures(report: MigrationReport) -> None:
    if report.skipped:
        log.error("tenants not migrated, the first ones all failed", tenants=len(report.skipped))
    for tenant, reason in report.failed.items():
        log.error("tenant not migrated, it is served as it is", tenant=tenant, reason=reason)


def _host_in_url(host: str) -> str:
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  compared, not bound
    return f"[{reachable}]" if ":" in reachable else reachable
