"""The promises of the ports, kept by PostgreSQL; and the list held against the fake under random data."""

from __future__ import annotations

import secrets
import tracemalloc

import pytest
from contracts.account_links import AccountLinkStoreContract
from contracts.audit_log import AuditLogContract
from contracts.builders import a_contact
from contracts.contact_store import ContactListContract, ContactStoreContract
from contracts.tenants import TenantCatalogueContract, TenantDatabasesContract
from contracts.user_and_session_stores import (
    RefreshTokenStoreContract,
    SessionStoreContract,
    UserStoreContract,
)
from fakes import FakeContactStore
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.adapters.postgres.bound_queries import statement_of
from service.adapters.postgres.contact_queries import asked_contacts
from service.application.ports import ContactFilter, ContactQuery, SortKey
from service.domain.errors import InvalidInput


@pytest.fixture
def databases(postgres):
    return postgres.databases


@pytest.fixture
def catalogue(postgres):
    return postgres.catalogue


class TestPostgresContactStore(ContactStoreContract): ...


class TestPostgresContactList(ContactListContract): ...


class TestPostgresUserStore(UserStoreContract): ...


class TestPostgresSessionStore(SessionStoreContract): ...


class TestPostgresRefreshTokenStore(RefreshTokenStoreContract): ...


class TestPostgresAccountLinkStore(AccountLinkStoreContract): ...


class TestPostgresAuditLog(AuditLogContract): ...


class TestPostgresTenantCatalogue(TenantCatalogueContract): ...


class TestPostgresTenantDatabases(TenantDatabasesContract): ...


class Undo(Exception):
    """Leaves the database as each example found it."""


texts = st.text("abAB éÉß%_\\.", max_size=4)
some_contacts = st.lists(
    st.builds(
        lambda first, last, phone, age, gender: a_contact(
            last, first_name=first, phone=phone, metadata={"age": age, "gender": gender}
        ),
        texts,
        texts,
        texts,
        st.integers(0, 2),
        st.booleans(),
    ),
    max_size=12,
)
filters = st.builds(
    ContactFilter,
    search=st.none() | texts,
    name_contains=st.none() | texts,
    phone_contains=st.none() | texts,
    gender=st.none() | st.booleans(),
    age=st.none() | st.integers(0, 2),
)
sorts = st.lists(
    st.builds(SortKey, st.sampled_from(["number", "last_name", "first_name", "phone"]), st.booleans()),
    max_size=3,
).map(tuple)
queries = st.builds(ContactQuery, filters, sorts, st.integers(0, 5), st.none() | st.integers(0, 5))
per_example = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@per_example
@given(some_contacts, queries)
async def test_a_page_is_the_page_of_the_fake(postgres, tenant, rows, query):
    fake = FakeContactStore()
    await fake.insert_many(rows)

    with pytest.raises(Undo):
        async with postgres.databases.begin(tenant) as tx:
            await tx.contacts.insert_many(rows)
            real, expected = await tx.contacts.list_page(query), await fake.list_page(query)
            assert [row.id for row in real.items] == [row.id for row in expected.items]
            assert real.total == expected.total
            raise Undo


@per_example
@given(some_contacts, sorts, st.integers(1, 4))
async def test_pages_cover_everything_once_and_in_order(postgres, tenant, rows, sort, size):
    with pytest.raises(Undo):
        async with postgres.databases.begin(tenant) as tx:
            await tx.contacts.insert_many(rows)
            pages = [
                await tx.contacts.list_page(ContactQuery(sort=sort, offset=offset, limit=size))
                for offset in range(0, len(rows) + size, size)
            ]
            paged = [row.id for page in pages for row in page.items]
            assert paged == [row.id async for row in tx.contacts.iter_all(ContactQuery(sort=sort))]
            assert sorted(paged) == sorted(row.id for row in rows)
            raise Undo


async def test_a_stream_of_many_contacts_holds_few_in_memory(postgres, tenant):
    rows = [a_contact(f"name {number}", address="x" * 500) for number in range(10_000)]
    async with postgres.databases.begin(tenant) as tx:
        assert len(await tx.contacts.insert_many(rows)) == 10_000

        tracemalloc.start()
        try:
            count = 0
            async for _ in tx.contacts.iter_all(ContactQuery()):
                count += 1
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()

    # All of them take about 20 MB; one chunk of 500 about one.
    assert count == 10_000
    assert peak < 6_000_000


@pytest.mark.parametrize(
    ("query", "index"),
    [
        (ContactQuery(ContactFilter(search="NAME 2917")), "idx_contacts_search"),
        (ContactQuery(ContactFilter(age=17)), "idx_contacts_metadata_gin"),
        (ContactQuery(ContactFilter(after_number=2900)), "contacts_number_key"),
        (ContactQuery(limit=20), "contacts_number_key"),
        (ContactQuery(sort=(SortKey("last_name"),), limit=20), "idx_contacts_last_name"),
        (ContactQuery(sort=(SortKey("first_name"),), limit=20), "idx_contacts_first_name"),
        (ContactQuery(sort=(SortKey("created_at"),), limit=20), "idx_contacts_created_at"),
    ],
)
async def test_a_list_over_many_contacts_uses_the_index_made_for_it(many_contacts, query, index):
    server, tenant = many_contacts
    sql, arguments = statement_of(asked_contacts(query), "rows")

    async with server.connections.transaction(tenant.database) as statements:
        plan = await statements.fetch(f"EXPLAIN {sql}", *arguments)

    assert index in "".join(row[0] for row in plan)


@pytest.fixture(scope="module")
async def many_contacts(postgres):
    tenant = await postgres.catalogue.provision("many-contacts", "Many")
    async with postgres.databases.begin(tenant) as tx:
        await tx.contacts.insert_many(
            [
                a_contact(f"name {number}", first_name=str(number), metadata={"age": number})
                for number in range(3000)
            ]
        )
    connection = await postgres.connections.connect(tenant.database)
    # As the server does by itself after a while.
    await connection.execute("VACUUM ANALYZE contacts")
    await connection.close()
    return postgres, tenant


async def test_a_name_too_long_for_its_index_is_the_callers_mistake(postgres, tenant):
    # Random, because the server compresses what repeats.
    with pytest.raises(InvalidInput):
        async with postgres.databases.begin(tenant) as tx:
            await tx.contacts.insert(a_contact(secrets.token_urlsafe(20_000)))
