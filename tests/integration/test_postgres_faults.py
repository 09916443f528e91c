"""What happens when PostgreSQL, or the caller, goes away in the middle."""

from __future__ import annotations

import asyncio
import os
import signal
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest
from contracts.builders import a_contact

from service.adapters import embedded
from service.adapters.postgres import PostgresServer
from service.adapters.postgres.connections import MAX_PER_DATABASE
from service.application.ports import ContactQuery
from service.domain.errors import DatabaseUnavailable
from service.settings import Settings

SLEEPERS = """
SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%pg_sleep(61)%'
AND pid <> pg_backend_pid()
"""


@pytest.fixture
async def opened(postgres, database_url):
    """Opens further servers on the same database, and closes them."""
    servers = []

    def open_server(dsn=database_url, **options):
        servers.append(PostgresServer.open(dsn, **options))
        return servers[-1]

    yield open_server
    for server in servers:
        await server.close()


async def count(server, tenant):
    async with server.databases.begin(tenant) as tx:
        return (await tx.contacts.list_page(ContactQuery())).total


async def backends(server, tenant):
    async with server.connections.transaction(server.health_check.control) as statements:
        return await statements.fetch_value(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = $1", tenant.database
        )


async def until(condition, within_s=10):
    """Waits until an async condition holds; the test's own limit ends one that never does."""
    async with asyncio.timeout(within_s):
        while not await condition():  # noqa: ASYNC110  # the server tells nobody when it has finished
            await asyncio.sleep(0.02)


async def kill_backends(server, tenant):
    async with server.connections.transaction(server.health_check.control) as statements:
        await statements.fetch(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", tenant.database
        )


async def test_a_connection_that_died_between_requests_is_replaced(opened, tenant):
    server = opened()
    assert await count(server, tenant) == 0

    await kill_backends(server, tenant)

    assert await count(server, tenant) == 0


async def test_a_connection_that_dies_inside_a_transaction_is_an_outside_failure(opened, postgres, tenant):
    server = opened()
    with pytest.raises(DatabaseUnavailable) as caught:
        async with server.databases.begin(tenant) as tx:
            await tx.contacts.insert(a_contact())
            await kill_backends(postgres, tenant)
            await tx.contacts.insert(a_contact())

    assert isinstance(caught.value.__cause__, Exception)
    assert await count(server, tenant) == 0


async def test_a_statement_that_takes_too_long_is_ended_by_the_server(opened, tenant):
    server = opened(statement_timeout_s=0.05)
    with pytest.raises(DatabaseUnavailable) as caught:
        async with server.connections.transaction(tenant.database) as statements:
            await statements.execute("SELECT pg_sleep(61)")

    assert isinstance(caught.value.__cause__, asyncpg.QueryCanceledError)
    assert await count(server, tenant) == 0


async def test_a_transaction_ends_by_its_deadline_and_leaves_nothing_running(opened, postgres, tenant):
    server = opened(deadline_s=0.3, statement_timeout_s=30)
    with pytest.raises(DatabaseUnavailable):
        async with server.connections.transaction(tenant.database) as statements:
            await statements.execute("SELECT pg_sleep(61)")

    async def is_quiet():
        async with postgres.connections.transaction(tenant.database) as statements:
            return await statements.fetch_value(SLEEPERS) == 0

    await until(is_quiet)
    assert await count(server, tenant) == 0


async def test_a_cancelled_task_leaves_nothing_running_and_the_connections_usable(opened, tenant):
    server = opened()
    started = asyncio.Event()

    async def sleep():
        async with server.connections.transaction(tenant.database) as statements:
            started.set()
            await statements.execute("SELECT pg_sleep(61)")

    async def is_quiet():
        async with server.connections.transaction(tenant.database) as statements:
            return await statements.fetch_value(SLEEPERS) == 0

    tasks = [asyncio.create_task(sleep()) for _ in range(MAX_PER_DATABASE)]
    await started.wait()
    await asyncio.sleep(0.05)
    for task in tasks:
        task.cancel()
    results = await asyncio.gather(*tasks, return_exceptions=True)

    assert all(isinstance(result, asyncio.CancelledError) for result in results)
    await until(is_quiet)
    assert server.connections.open_count <= MAX_PER_DATABASE


async def test_a_task_cancelled_while_it_waits_takes_no_connection_with_it(opened, tenant):
    server = opened(budget=1)
    async with server.connections.transaction(tenant.database):
        waiting = asyncio.create_task(count(server, tenant))
        await asyncio.sleep(0.02)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting

    assert await count(server, tenant) == 0


async def test_a_failed_statement_that_was_ignored_is_not_reported_as_committed(postgres, tenant):
    with pytest.raises(RuntimeError, match="rolled back"):
        async with postgres.connections.transaction(tenant.database) as statements:
            with pytest.raises(asyncpg.DivisionByZeroError):
                await statements._connection.execute("SELECT 1 / 0")


async def test_a_schema_changed_under_prepared_statements_fails_once_at_most(opened, postgres, tenant):
    server = opened()
    assert await count(server, tenant) == 0
    async with server.databases.begin(tenant) as tx:
        await tx.contacts.insert(a_contact())
        await tx.contacts.find_by_number(1)

    async with postgres.connections.transaction(tenant.database) as statements:
        await statements.execute("ALTER TABLE contacts ALTER COLUMN version TYPE bigint")
    with pytest.raises(DatabaseUnavailable):
        await count(server, tenant)

    assert await count(server, tenant) == 1


async def test_a_wrong_password_is_an_outside_failure(opened, database_url, tenant):
    parts = urlsplit(database_url)
    server = opened(urlunsplit(parts._replace(netloc=f"{parts.username}:wrong@")))

    with pytest.raises(DatabaseUnavailable):
        await server.catalogue.find("somebody")


async def test_a_server_that_is_not_there_is_an_outside_failure(opened, tmp_path):
    server = opened(f"postgresql://user:secret@/database?host={tmp_path}")

    for question in (server.catalogue.find("somebody"), server.health_check.check(), server.migrator.up()):
        with pytest.raises(DatabaseUnavailable):
            await question


async def test_a_server_that_accepts_and_stays_silent_is_given_up_at_the_deadline(opened, tmp_path):
    async def stay_silent(reader, writer):
        await reader.read()
        writer.close()

    silent = await asyncio.start_unix_server(stay_silent, tmp_path / ".s.PGSQL.5432")
    async with silent:
        server = opened(f"postgresql://user:secret@/database?host={tmp_path}", deadline_s=0.2)
        with pytest.raises(DatabaseUnavailable):
            await server.health_check.check()


async def test_the_budget_over_all_tenants_is_kept(opened, tenant, other_tenant):
    server = opened(budget=2)

    async def ask(asked):
        for _ in range(5):
            assert await count(server, asked) == 0
            assert server.connections.open_count <= 2

    await asyncio.gather(*(ask(asked) for asked in (tenant, other_tenant) * 6))

    assert await backends(server, tenant) + await backends(server, other_tenant) <= 2


async def test_no_tenant_takes_more_than_its_share(opened, postgres, tenant):
    server = opened()
    peak = 0

    async def ask():
        nonlocal peak
        await count(server, tenant)
        peak = max(peak, server.connections.open_count)

    await asyncio.gather(*(ask() for _ in range(40)))

    assert peak <= MAX_PER_DATABASE
    assert await backends(postgres, tenant) <= MAX_PER_DATABASE


async def test_closing_cuts_off_what_is_still_running(opened, postgres, tenant):
    server = opened()
    running = asyncio.create_task(_hold(server, tenant))
    await asyncio.sleep(0.05)

    await server.close()

    with pytest.raises(DatabaseUnavailable):
        await running

    async def is_quiet():
        return await backends(postgres, tenant) == 0

    await until(is_quiet)


async def _hold(server, tenant):
    async with server.connections.transaction(tenant.database) as statements:
        await statements.execute("SELECT pg_sleep(61)")


async def test_a_server_that_was_killed_is_reached_again_when_it_is_back(tmp_path):
    async with embedded.start(Settings(data_dir=tmp_path)) as own:
        server = PostgresServer.open(own.database_url)
        await server.migrator.up()
        tenant = await server.catalogue.provision("one", "One")
        async with server.databases.begin(tenant) as tx:
            await tx.contacts.insert(a_contact())

        os.kill(own.running[0].pid, signal.SIGKILL)

        async def is_back():
            # Nothing but the foreseen error comes out while the server recovers.
            try:
                return await count(server, tenant) == 1
            except DatabaseUnavailable:
                return False

        await until(is_back, within_s=20)
        await server.close()
