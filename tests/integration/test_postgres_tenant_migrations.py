"""Every tenant's database taken up and down: who goes first, who fails, who waits, and starting again."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from contracts.builders import a_contact
from databases import connected, with_tenants

from service.adapters.postgres import Migrator, PostgresServer, tenant_migrations
from service.adapters.postgres.maintenance import Maintenance
from service.adapters.postgres.migrations import Step, read_steps
from service.application.ports import ContactQuery
from service.domain.errors import InvalidInput

NOTES = Step(99, "notes", "CREATE TABLE notes ()", "DROP TABLE notes")


def open_with(url, step):
    """A version of the service that knows one tenant step more."""
    server = PostgresServer.open(url)
    maintenance = Maintenance(server.connections, server.health_check.control)
    steps = (*read_steps("tenant"), step)
    return replace(
        server, migrator=Migrator(maintenance, control_steps=read_steps("control"), tenant_steps=steps)
    )


@pytest.fixture
async def newer(fresh_url):
    server = open_with(fresh_url, NOTES)
    yield server
    await server.close()


async def get_in_the_way(server, *tenants):
    """The next step fails on these tenants."""
    for tenant in tenants:
        async with connected(server, tenant.database) as connection:
            await connection.execute("CREATE TABLE notes ()")


async def clear_the_way(server, *tenants):
    for tenant in tenants:
        async with connected(server, tenant.database) as connection:
            await connection.execute("DROP TABLE notes")


async def has_notes(server, tenant):
    async with connected(server, tenant.database) as connection:
        return await connection.fetchval("SELECT to_regclass('notes') IS NOT NULL")


async def test_old_code_runs_on_the_new_schema(fresh, newer):
    [tenant] = await with_tenants(fresh, "one")
    assert tenant.database in (await newer.migrator.up()).migrated

    assert (await fresh.migrator.up()).migrated == ()
    async with fresh.databases.begin(tenant) as tx:
        await tx.contacts.insert(a_contact())
        assert (await tx.contacts.list_page(ContactQuery())).total == 1


async def test_a_tenant_that_fails_is_reported_and_the_others_are_migrated(fresh, newer):
    first, second = await with_tenants(fresh, "first", "second")
    await get_in_the_way(fresh, first)

    report = await newer.migrator.up()

    assert list(report.failed) == ["first"]
    assert "already exists" in report.failed["first"]
    assert second.database in report.migrated


async def test_the_next_run_takes_up_only_what_failed(fresh, newer):
    first, _ = await with_tenants(fresh, "first", "second")
    await get_in_the_way(fresh, first)
    await newer.migrator.up()
    await clear_the_way(fresh, first)

    report = await newer.migrator.up()

    assert (report.migrated, report.failed) == ((first.database,), {})
    assert (await newer.migrator.status()).failed == {}


async def test_a_step_that_fails_everywhere_is_tried_on_three_tenants(fresh, newer):
    tenants = await with_tenants(fresh, "a", "b", "c", "d", "e")
    await get_in_the_way(fresh, *tenants)

    report = await newer.migrator.up()

    assert list(report.failed) == ["a", "b", "c"]
    assert report.skipped == ("d", "e")


async def test_after_one_success_failures_stop_nobody(fresh, newer):
    tenants = await with_tenants(fresh, *"abcdef")
    await get_in_the_way(fresh, *tenants[1:5])

    report = await newer.migrator.up(parallel=2)

    assert sorted(report.failed) == ["b", "c", "d", "e"]
    assert report.migrated[-2:] == (tenants[0].database, tenants[5].database)
    assert report.skipped == ()


async def test_progress_counts_every_tenant_that_was_tried(fresh, newer):
    await with_tenants(fresh, *"abc")
    told = []

    await newer.migrator.up(on_progress=lambda done, total: told.append((done, total)))

    assert [total for _, total in told] == [3, 3, 3]
    assert told[-1] == (3, 3)


async def test_a_migration_waits_for_a_lock_and_gives_way_in_between(fresh, fresh_url):
    [tenant] = await with_tenants(fresh, "one")
    step = Step(99, "wider", "ALTER TABLE contacts ADD COLUMN shoe_size int", "SELECT 1")
    newer = open_with(fresh_url, step)
    async with connected(fresh, tenant.database) as reader, reader.transaction():
        await reader.execute("LOCK TABLE contacts IN ACCESS SHARE MODE")
        migration = asyncio.create_task(newer.migrator.up())
        async with connected(fresh, tenant.database) as other:
            await other.fetch("SELECT FROM contacts")
    report = await migration
    await newer.close()

    assert tenant.database in report.migrated


async def test_a_table_that_stays_locked_is_that_tenants_failure(fresh, fresh_url, monkeypatch):
    monkeypatch.setattr(tenant_migrations, "LOCK_TIMEOUT_S", 0.01)
    monkeypatch.setattr(tenant_migrations, "PAUSES_S", (0.01,))
    locked, free = await with_tenants(fresh, "locked", "free")
    step = Step(99, "wider", "ALTER TABLE contacts ADD COLUMN shoe_size int", "SELECT 1")
    newer = open_with(fresh_url, step)
    async with connected(fresh, locked.database) as reader, reader.transaction():
        await reader.execute("LOCK TABLE contacts IN ACCESS SHARE MODE")
        report = await newer.migrator.up()
    await newer.close()

    assert report.failed == {"locked": "canceling statement due to lock timeout"}
    assert free.database in report.migrated


async def test_status_counts_tenants_by_version_and_names_who_failed(fresh, newer):
    first, _ = await with_tenants(fresh, "first", "second")
    await get_in_the_way(fresh, first)
    await newer.migrator.up()

    status = await newer.migrator.status()

    assert status.tenants == {read_steps("tenant")[-1].version: 1, 99: 1}
    assert status.behind == ("first",)
    assert "already exists" in status.failed["first"]
    assert (status.template, status.tenant_version) == (99, 99)


async def test_all_tenants_and_the_template_go_down_and_up_again(fresh, newer):
    first, second = await with_tenants(newer, "first", "second")
    before = read_steps("tenant")[-1].version

    down = await newer.migrator.down(before)

    assert down.migrated == (f"{fresh.health_check.control}_template", first.database, second.database)
    assert not await has_notes(fresh, first)
    assert (await newer.migrator.status()).tenants == {before: 2}
    assert (await newer.migrator.up()).migrated == down.migrated
    assert await has_notes(fresh, second)


async def test_one_tenant_goes_down_by_itself(newer):
    first, second = await with_tenants(newer, "first", "second")

    report = await newer.migrator.down(read_steps("tenant")[-1].version, "first")

    assert report.migrated == (first.database,)
    assert await has_notes(newer, second)


@pytest.mark.parametrize("version", [-1, 100])
async def test_down_to_a_version_that_there_is_not_is_refused(newer, version):
    await newer.migrator.up()

    with pytest.raises(InvalidInput) as refused:
        await newer.migrator.down(version)
    assert refused.value.problems == {"to_version": (f"must be 0 to 99, got {version}",)}


async def test_one_tenant_can_be_migrated_by_itself(fresh, newer):
    first, second = await with_tenants(fresh, "first", "second")

    only, rest = await newer.migrator.up("FIRST"), await newer.migrator.up()

    assert first.database in only.migrated
    assert second.database not in only.migrated
    assert rest.migrated == (second.database,)


async def test_a_run_that_was_stopped_goes_on_where_it_stopped(fresh, newer):
    tenants = await with_tenants(fresh, *"abcd")

    run = asyncio.create_task(
        newer.migrator.up(parallel=1, on_progress=lambda done, _: done == 2 and run.cancel())
    )
    with pytest.raises(asyncio.CancelledError):
        await run
    report = await newer.migrator.up()

    assert report.migrated == tuple(tenant.database for tenant in tenants[2:])
