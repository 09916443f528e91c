"""Making and migrating databases, from nothing, twice at once, and after a death in the middle."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import asyncpg
import msgspec
import pytest
from contracts.builders import a_contact

from service.adapters.postgres import Migrator, PostgresServer, tenant_migrations
from service.adapters.postgres.maintenance import Maintenance
from service.adapters.postgres.migrations import Step, migrate_down, migrate_up, read_steps
from service.application.ports import ContactQuery
from service.domain.errors import DatabaseUnavailable, InvalidInput, TenantExists

SCHEMA = """
SELECT 'column', table_name || '.' || column_name,
    concat_ws(' ', data_type, collation_name, column_default, is_nullable, generation_expression)
FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL SELECT 'index', indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT 'constraint', conrelid::regclass || '.' || conname, pg_get_constraintdef(oid)
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conrelid <> 0
UNION ALL SELECT 'collation', collname, collprovider::text FROM pg_collation
    WHERE collnamespace = 'public'::regnamespace
UNION ALL SELECT 'extension', extname, extversion FROM pg_extension
ORDER BY 1, 2, 3
"""


@pytest.fixture
def fresh_url(database_url):
    """A control database that is not there yet."""
    return urlunsplit(urlsplit(database_url)._replace(path=f"/m{uuid4().hex[:10]}"))


@pytest.fixture
async def fresh(fresh_url):
    server = PostgresServer.open(fresh_url)
    yield server
    await server.close()


@asynccontextmanager
async def connected(server, database):
    connection = await server.connections.connect(database)
    try:
        yield connection
    finally:
        await connection.close()


async def schema(connection):
    return [tuple(row) for row in await connection.fetch(SCHEMA)]


async def control_value(server, sql, *arguments):
    async with connected(server, server.health_check.control) as connection:
        return await connection.fetchval(sql, *arguments)


async def test_everything_is_made_from_nothing_and_a_second_time_there_is_nothing_to_do(fresh):
    control = fresh.health_check.control

    first, second = await fresh.migrator.up(), await fresh.migrator.up()

    assert first.migrated == (control, f"{control}_template")
    assert (second.migrated, second.failed, second.removed) == ((), {}, ())
    assert second.tenant_version == read_steps("tenant")[-1].version


async def test_starts_at_once_do_not_collide(fresh_url):
    servers = [PostgresServer.open(fresh_url) for _ in range(3)]
    try:
        reports = await asyncio.gather(*(server.migrator.up() for server in servers))
        tenants = await asyncio.gather(
            *(server.catalogue.provision(f"t{number}", "T") for number, server in enumerate(servers))
        )
    finally:
        for server in servers:
            await server.close()

    assert sorted(len(report.migrated) for report in reports) == [0, 0, 2]
    assert len({tenant.database for tenant in tenants}) == 3


async def test_one_slug_at_once_is_provisioned_once(postgres, new_slug):
    slug = new_slug()

    results = await asyncio.gather(
        *(postgres.catalogue.provision(slug, "T") for _ in range(3)), return_exceptions=True
    )

    assert sorted(type(result).__name__ for result in results) == ["Tenant", "TenantExists", "TenantExists"]


@pytest.mark.parametrize("kind", ["control", "tenant"])
async def test_the_schema_from_nothing_is_the_schema_by_up_down_and_up(fresh, kind):
    await fresh.migrator.up()
    steps = read_steps(kind)
    database = fresh.health_check.control + ("_template" if kind == "tenant" else "")
    async with connected(fresh, database) as connection:
        from_nothing = await schema(connection)

        await migrate_down(connection, steps, to_version=0)
        emptied = await schema(connection)
        assert await migrate_up(connection, steps)

        assert await schema(connection) == from_nothing
        assert {name for what, name, _ in emptied if what == "column"} == {
            "schema_versions.version",
            "schema_versions.name",
            "schema_versions.applied_at",
        }


async def test_steps_are_numbered_without_gaps_and_each_has_its_way_down():
    for kind in ("control", "tenant"):
        steps = read_steps(kind)
        assert [step.version for step in steps] == list(range(1, len(steps) + 1))
        assert all(step.up.strip() and step.down.strip() for step in steps)


async def test_a_step_that_fails_changes_nothing(fresh):
    await fresh.migrator.up()
    broken = Step(99, "broken", "CREATE TABLE half (); SELECT 1 / 0", "")
    async with connected(fresh, f"{fresh.health_check.control}_template") as connection:
        before = await schema(connection)

        with pytest.raises(asyncpg.DivisionByZeroError):
            await migrate_up(connection, [broken])

        assert await schema(connection) == before


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


async def with_tenants(server, *slugs):
    await server.migrator.up()
    return [await server.catalogue.provision(slug, slug) for slug in slugs]


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


async def left_behind(server, slug):
    """As a process leaves it that dies after CREATE DATABASE and before the tenant is active."""
    tenant = await server.catalogue.provision(slug, "Half")
    await control_value(server, "UPDATE tenants SET status = 'provisioning' WHERE id = $1", tenant.id)
    return tenant


async def test_what_a_death_in_the_middle_left_is_cleared_by_migrate(fresh):
    await fresh.migrator.up()
    tenant = await left_behind(fresh, "half")

    assert await fresh.catalogue.find("half") is None
    assert (await fresh.migrator.up()).removed == (tenant.database,)
    assert await fresh.catalogue.list_all() == ()
    count = "SELECT count(*) FROM pg_database WHERE datname = $1"
    assert await control_value(fresh, count, tenant.database) == 0


async def test_what_a_death_in_the_middle_left_does_not_hold_its_slug(fresh):
    await fresh.migrator.up()
    left = await left_behind(fresh, "half")

    tenant = await fresh.catalogue.provision("half", "Whole")

    assert tenant.id != left.id
    assert await fresh.catalogue.find("half") == tenant


async def test_a_cancelled_provision_leaves_no_tenant(fresh):
    await fresh.migrator.up()
    task = asyncio.create_task(fresh.catalogue.provision("one", "One"))
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    tenant = await fresh.catalogue.provision("one", "One")

    assert [found.id for found in await fresh.catalogue.list_all()] == [tenant.id]


async def test_a_suspended_tenant_is_not_found(fresh):
    [tenant] = await with_tenants(fresh, "one")
    await control_value(fresh, "UPDATE tenants SET status = 'suspended'")

    assert await fresh.catalogue.find("one") is None
    assert await fresh.catalogue.list_all() == (msgspec.structs.replace(tenant, status="suspended"),)


async def test_before_the_first_migration_the_database_is_unavailable(fresh):
    with pytest.raises(DatabaseUnavailable):
        await fresh.catalogue.find("one")


async def test_a_slug_is_taken_whatever_the_state_of_its_tenant(fresh):
    await with_tenants(fresh, "one")
    await control_value(fresh, "UPDATE tenants SET status = 'suspended'")

    with pytest.raises(TenantExists):
        await fresh.catalogue.provision("one", "Again")


@pytest.mark.parametrize("dsn", ["postgresql://user@host", "postgresql:///?host=/tmp"])
def test_an_address_without_a_database_is_refused(dsn):
    with pytest.raises(ValueError, match="must name a database"):
        PostgresServer.open(dsn)
