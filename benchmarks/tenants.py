"""Many tenants on one PostgreSQL server: how long they take to make, to migrate, and to find up to date.

python -m benchmarks.tenants [--tenants 500] [--parallel 4]
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

from service.adapters import embedded
from service.adapters.postgres import MigrationReport, Migrator, PostgresServer
from service.adapters.postgres.maintenance import Maintenance
from service.adapters.postgres.migrations import Step, read_steps
from service.domain.tenants import Tenant
from service.settings import Settings

T = TypeVar("T")

# Above every version that there is.
FIRST_VERSION = 9000


def main(arguments: list[str] | None = None) -> None:
    """Prints a table of what was measured; a real server is started for it and removed afterwards."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tenants", description=__doc__)
    parser.add_argument("--tenants", type=int, default=500, help="how many are made (500)")
    parser.add_argument("--parallel", type=int, nargs="+", default=[1, 4], help="migrated at once (1 4)")
    options = parser.parse_args(arguments)
    asyncio.run(measure(options.tenants, options.parallel))


async def measure(count: int, parallels: list[int]) -> None:
    async with fresh_server() as server:
        tenants, times_s = await provision(server, count)
        told("made, median each", statistics.median(times_s) * 1000)
        told("made, slowest", max(times_s) * 1000)
        _, took_s = await timed(server.migrator.up())
        told("migrate with nothing to do", took_s * 1000)
        for version, parallel in enumerate(parallels, start=FIRST_VERSION):
            await migrate_with_one_broken(server, tenants, version, parallel)


async def migrate_with_one_broken(
    server: PostgresServer, tenants: list[Tenant], version: int, parallel: int
) -> None:
    column = f"shoe_size_{version}"
    up = f"ALTER TABLE contacts ADD COLUMN {column} int"
    newer = with_step(server, Step(version, column, up, f"ALTER TABLE contacts DROP COLUMN {column}"))
    broken = tenants[len(tenants) // 2]
    await execute(server, broken.database, up)

    report, took_s = await timed(newer.up(parallel=parallel))
    told(f"{len(report.migrated) - 1} migrated, {parallel} at once", took_s * 1000)
    show(report)
    await execute(server, broken.database, f"ALTER TABLE contacts DROP COLUMN {column}")
    report, took_s = await timed(newer.up(parallel=parallel))
    told(f"again: {len(report.migrated)} migrated, {len(report.failed)} failed", took_s * 1000)
    _, took_s = await timed(newer.up(parallel=parallel))
    told("again: nothing to do", took_s * 1000)


@asynccontextmanager
async def fresh_server() -> AsyncIterator[PostgresServer]:
    with tempfile.TemporaryDirectory() as folder:
        async with embedded.start(Settings(data_dir=Path(folder)), is_durable=True) as servers:
            server = PostgresServer.open(servers.database_url)
            try:
                await server.migrator.up()
                yield server
            finally:
                await server.close()


async def provision(server: PostgresServer, count: int) -> tuple[list[Tenant], list[float]]:
    made, times_s = [], []
    for number in range(count):
        tenant, took_s = await timed(server.catalogue.provision(f"tenant-{number}", f"Tenant {number}"))
        made.append(tenant)
        times_s.append(took_s)
        print(f"\r{number + 1} of {count} tenants", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return made, times_s


def with_step(server: PostgresServer, step: Step) -> Migrator:
    """That of a program which knows one step more."""
    maintenance = Maintenance(server.connections, server.health_check.control)
    steps = (*read_steps("tenant"), step)
    return Migrator(maintenance, control_steps=read_steps("control"), tenant_steps=steps)


async def execute(server: PostgresServer, database: str, sql: str) -> None:
    connection = await server.connections.connect(database)
    try:
        await connection.execute(sql)
    finally:
        await connection.close()


async def timed(work: Awaitable[T]) -> tuple[T, float]:
    began_at = time.perf_counter()
    result = await work
    return result, time.perf_counter() - began_at


def told(what: str, milliseconds: float) -> None:
    print(f"{what:40}{milliseconds:12.1f} ms")


def show(report: MigrationReport) -> None:
    for slug, reason in report.failed.items():
        print(f"    failed: {slug}: {reason}")


if __name__ == "__main__":
    main()
