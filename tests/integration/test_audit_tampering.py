"""Whoever can write everything leaves a trace: the first entry that is not as it was written is named."""

from __future__ import annotations

import asyncio

import asyncpg
import pytest
from contracts.audit_log import an_entry, listed, recorded, verified
from databases import connected

from service.domain.audit_chain import Break


@pytest.fixture
def databases(postgres):
    return postgres.databases


@pytest.fixture
async def written(databases, tenant):
    for _ in range(5):
        await recorded(databases, tenant, an_entry())
    await listed(databases, tenant)
    return tenant


async def tampered(postgres, tenant, *statements):
    """As a superuser who has taken the trigger away."""
    async with connected(postgres, tenant.database) as connection:
        await connection.execute("ALTER TABLE audit_entries DISABLE TRIGGER USER")
        for statement in statements:
            await connection.execute(statement)
    return (await verified(postgres.databases, tenant)).broken


CHANGE = "UPDATE audit_entries SET content = replace(content, 'created', 'deleted') WHERE seq = 3"
FIT = "UPDATE audit_entries SET digest = sha256(convert_to(content, 'UTF8')) WHERE seq = 3"
COPY = "SELECT 6, at, kind, content, digest, hash FROM audit_entries WHERE seq = 3"
BACKWARDS = "UPDATE audit_entries SET seq = -seq WHERE seq BETWEEN 2 AND 3"


@pytest.mark.parametrize(
    ("statements", "broken"),
    [
        ((CHANGE,), Break(3, "changed")),
        ((CHANGE, FIT), Break(3, "out_of_chain")),
        (("UPDATE audit_entries SET at = at - interval '1 hour' WHERE seq = 2",), Break(2, "out_of_chain")),
        (("UPDATE audit_entries SET kind = 'system' WHERE seq = 4",), Break(4, "out_of_chain")),
        (("DELETE FROM audit_entries WHERE seq = 3",), Break(3, "missing")),
        (("DELETE FROM audit_entries WHERE seq < 3",), Break(1, "missing")),
        (("DELETE FROM audit_entries WHERE seq > 3",), Break(4, "missing")),
        (("DELETE FROM audit_entries",), Break(1, "missing")),
        (
            (f"INSERT INTO audit_entries (seq, at, kind, content, digest, hash) {COPY}",),
            Break(6, "out_of_chain"),
        ),
        ((BACKWARDS, "UPDATE audit_entries SET seq = 5 + seq WHERE seq < 0"), Break(2, "out_of_chain")),
        (("UPDATE audit_entries SET content = NULL WHERE seq = 2",), Break(2, "pruned_unasked")),
        (
            ("DELETE FROM audit_entries WHERE seq = 5", "UPDATE audit_head SET seq = 4"),
            Break(4, "out_of_chain"),
        ),
    ],
)
async def test_the_first_broken_entry_is_named(postgres, written, statements, broken):
    assert await tampered(postgres, written, *statements) == broken


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entries SET content = NULL",
        "DELETE FROM audit_entries",
        "TRUNCATE audit_entries",
        "INSERT INTO audit_pending VALUES (DEFAULT, now(), 'data', '{}'); DELETE FROM audit_pending",
        "SET chainbook.pruning = 'on'; DELETE FROM audit_entries",
        "SET chainbook.pruning = 'on'; UPDATE audit_entries SET content = NULL, at = now()",
    ],
)
async def test_entries_are_only_ever_added(postgres, written, statement):
    async with connected(postgres, written.database) as connection:
        with pytest.raises(asyncpg.RaiseError, match="only ever added"):
            await connection.execute(statement)


async def test_entries_become_links_by_themselves(postgres, databases, tenant):
    await recorded(databases, tenant, an_entry())
    async with connected(postgres, tenant.database) as connection:
        while await connection.fetchval("SELECT seq FROM audit_head") == 0:  # noqa: ASYNC110  another process
            await asyncio.sleep(0.02)
        assert await connection.fetchval("SELECT count(*) FROM audit_pending") == 0


async def test_many_writers_make_one_chain_without_gaps(databases, tenant):
    await asyncio.gather(*(recorded(databases, tenant, an_entry(), an_entry()) for _ in range(12)))

    assert [sealed.seq for sealed in await listed(databases, tenant)] == list(range(24, 0, -1))
    assert (await verified(databases, tenant)).broken is None


async def test_a_transaction_does_not_keep_others_waiting_before_its_end(databases, tenant):
    async with databases.begin(tenant) as tx:
        tx.audit.record(an_entry())
        await recorded(databases, tenant, an_entry("logout"))
        assert len(await listed(databases, tenant)) == 1
