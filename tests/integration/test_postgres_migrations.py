"""Making and migrating databases, from nothing, twice at once, and after a death in the middle."""

from __future__ import annotations

import asyncio

import asyncpg
import msgspec
import pytest
from contracts.builders import a_user, new_id
from databases import connected, with_tenants

from service.adapters.postgres import PostgresServer
from service.adapters.postgres.migrations import Step, migrate_down, migrate_up, read_steps
from service.domain.errors import DatabaseUnavailable, TenantExists

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


# As the version before the step sent them.
EARLIER_STATEMENTS = (
    "INSERT INTO sessions (id, user_id, created_at, expires_at) VALUES ($1, $2, now(), 'infinity')",
    "UPDATE sessions SET ended_at = now() WHERE id = $1 AND user_id = $2 AND ended_at IS NULL RETURNING id",
    "DELETE FROM sessions WHERE id = $1 AND user_id = $2",
)


async def test_a_service_that_knows_nothing_of_refresh_tokens_writes_sessions_on(fresh):
    await fresh.migrator.up()
    tenant = await fresh.catalogue.provision("red", "Red")
    async with fresh.databases.begin(tenant) as tx:
        await tx.users.insert(user := a_user())
    async with connected(fresh, tenant.database) as connection:
        for statement in EARLIER_STATEMENTS:
            assert (await connection.execute(statement, new_id(), user.id)).split()[0] in statement


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
