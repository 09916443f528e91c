"""Queries as values: their laws, held against plain Python over the same rows on a real server."""

from __future__ import annotations

from contextlib import asynccontextmanager

import msgspec
import pytest
from contracts.builders import a_contact, a_user
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.adapters.postgres.bound_queries import BoundQuery, statement_of
from service.adapters.postgres.columns import COUNT, average, highest, lowest
from service.adapters.postgres.contacts import PostgresContactStore
from service.adapters.postgres.predicates import EVERYTHING, NOTHING
from service.adapters.postgres.queries import Query
from service.adapters.postgres.tables import (
    CONTACTS,
    CONTACTS_OF_USER,
    OWNER_OF_CONTACT,
    USERS,
    Contacts,
    Users,
)
from service.adapters.postgres.users import PostgresUserStore

ALL = Query.over(CONTACTS)


class Undo(Exception):
    """Leaves the database as each example found it."""


@asynccontextmanager
async def among(postgres, tenant, rows, users=()):
    with pytest.raises(Undo):
        async with postgres.connections.transaction(tenant.database) as statements:
            for user in users:
                await PostgresUserStore(statements).insert(user)
            await PostgresContactStore(statements).insert_many(rows)
            yield statements
            raise Undo


texts = st.text("abAB%_\\'", max_size=3)
phones = st.none() | st.sampled_from(["+1", "+2", "+3"])
some_contacts = st.lists(
    st.builds(
        lambda first, e164, age, version, phone, labels: a_contact(
            "x",
            first_name=first,
            phone_e164=e164,
            metadata={"age": age},
            version=version,
            phone=phone,
            labels=labels,
        ),
        texts,
        phones,
        st.integers(0, 2),
        st.integers(1, 4),
        st.sampled_from(["", "1-2", "+1 (23)"]),
        st.lists(st.sampled_from("xyz"), max_size=2).map(tuple),
    ),
    max_size=8,
)
# Each predicate beside what it means.
leaves = st.one_of(
    texts.map(lambda t: (Contacts.FIRST_NAME.equals(t), lambda row: row.first_name == t)),
    texts.map(lambda t: (Contacts.FIRST_NAME.contains(t), lambda row: t in row.first_name)),
    texts.map(lambda t: (Contacts.FIRST_NAME.starts_with(t), lambda row: row.first_name.startswith(t))),
    st.sampled_from(["+1", "+2"]).map(
        lambda t: (Contacts.PHONE_E164.equals(t), lambda row: row.phone_e164 == t)
    ),
    st.lists(st.sampled_from(["+1", "+2"])).map(
        lambda ts: (Contacts.PHONE_E164.is_in(ts), lambda row: row.phone_e164 in ts)
    ),
    st.just((Contacts.PHONE_E164.is_null(), lambda row: row.phone_e164 is None)),
    st.integers(0, 5).map(lambda n: (Contacts.VERSION.is_below(n), lambda row: row.version < n)),
    st.integers(0, 5).map(lambda n: (Contacts.VERSION.is_at_least(n), lambda row: row.version >= n)),
    st.integers(0, 2).map(
        lambda n: (Contacts.METADATA.holds({"age": n}), lambda row: row.metadata["age"] == n)
    ),
    st.lists(st.sampled_from("xy")).map(
        lambda labels: (Contacts.LABELS.holds(labels), lambda row: set(labels) <= set(row.labels))
    ),
    texts.map(
        lambda t: (
            Contacts.FIRST_NAME.equals_in_any_case(t),
            lambda row: row.first_name.lower() == t.lower(),
        )
    ),
    st.sampled_from(["12", "3", ""]).map(
        lambda t: (
            Contacts.PHONE_DIGITS.contains(t),
            lambda row: t in "".join(filter(str.isdecimal, row.phone)),
        )
    ),
    st.just((EVERYTHING, lambda row: True)),
    st.just((NOTHING, lambda row: False)),
)


def both(left, right):
    return left[0] & right[0], lambda row: left[1](row) and right[1](row)


def either(left, right):
    return left[0] | right[0], lambda row: left[1](row) or right[1](row)


def neither(one):
    return ~one[0], lambda row: not one[1](row)


conditions = st.recursive(
    leaves,
    lambda inner: st.builds(both, inner, inner) | st.builds(either, inner, inner) | inner.map(neither),
    max_leaves=6,
)
predicates = conditions.map(lambda condition: condition[0])
terms = st.lists(
    st.builds(
        lambda column, descending, nulls: (
            column.descending(nulls_first=nulls) if descending else column.ascending(nulls_first=nulls)
        ),
        st.sampled_from(
            [
                Contacts.FIRST_NAME,
                Contacts.LAST_NAME,
                Contacts.PHONE_E164,
                Contacts.VERSION,
                Contacts.NUMBER,
            ]
        ),
        st.booleans(),
        st.booleans(),
    ),
    max_size=3,
)
per_example = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@per_example
@given(some_contacts, conditions)
async def test_a_predicate_holds_where_its_meaning_does(postgres, tenant, rows, condition):
    predicate, meaning = condition
    async with among(postgres, tenant, rows) as statements:
        found = await statements.query(ALL.where(predicate)).fetch()
        assert {row.id for row in found} == {row.id for row in rows if meaning(row)}
        assert await statements.query(ALL.where(predicate)).count() == len(found)
        assert await statements.query(ALL.where(predicate)).exists() == bool(found)


@per_example
@given(some_contacts, terms, st.integers(1, 3))
async def test_pages_by_place_are_the_pages_by_offset_in_both_directions(
    postgres, tenant, rows, order, size
):
    ordered = ALL.order_by(*order)
    async with among(postgres, tenant, rows) as statements:
        expected = await statements.query(order_complete(ordered)).fetch()
        forward, pages = [], []
        query = ordered.take(size)
        while query is not None:
            page = await statements.query(query).fetch_page()
            assert page.total == len(rows)
            forward += page.rows
            pages.append(page)
            query = page.last and ordered.after(page.last).take(size)
        assert forward == expected
        backward = list(pages[-1].rows)
        query = pages[-1].first and ordered.before(pages[-1].first).take(size)
        while query is not None:
            page = await statements.query(query).fetch_page()
            backward = [*page.rows, *backward]
            query = page.first and ordered.before(page.first).take(size)
        assert backward == expected


def order_complete(query):
    return query.take(10**30)


@given(predicates, predicates, predicates)
def test_combining_predicates_is_associative_and_has_units(a, b, c):
    assert (a & b) & c == a & (b & c)
    assert (a | b) | c == a | (b | c)
    assert EVERYTHING & a == a == a & EVERYTHING
    assert NOTHING | a == a == a | NOTHING
    assert ~~a == a


@given(predicates, predicates, terms, terms)
def test_conditions_and_terms_of_a_query_add_up(a, b, first, then):
    assert ALL.where(a).where(b) == ALL.where(a & b)
    assert ALL.order_by(*first).order_by(*then) == ALL.order_by(*first, *then)


@given(st.lists(st.integers(0, 9), max_size=8), st.data())
def test_taking_and_skipping_mean_what_they_mean_in_a_list(rows, data):
    query, expected = ALL, rows
    for name in data.draw(st.lists(st.sampled_from(["take", "skip"]), max_size=4)):
        count = data.draw(st.integers(0, 5))
        query = getattr(query, name)(count)
        expected = expected[:count] if name == "take" else expected[count:]
    end = None if query.limit is None else query.offset + query.limit
    assert rows[query.offset : end] == expected


INJECTIONS = [
    "'; DROP TABLE contacts; --",
    "' OR '1'='1",
    "$1",
    "%",
    "_",
    "\\",
    '") OR true --',
    "\\'; --",
    "{}",
    "*/ /*",
]


@pytest.mark.parametrize("text", INJECTIONS)
async def test_a_value_never_becomes_sql(postgres, tenant, text):
    column, search = Contacts.FIRST_NAME, Contacts.SEARCH_TEXT
    asked = (
        column.equals(text),
        column.is_in([text]),
        column.starts_with(text),
        column.contains(text),
        search.contains(text),
        Contacts.METADATA.holds({"k": text}),
    )
    harmless = a_contact("Nobody", first_name="Ada")
    named = a_contact("x", first_name=text, metadata={"k": text})
    async with among(postgres, tenant, [harmless, named]) as statements:
        for predicate in asked:
            query = ALL.where(predicate)
            assert [row.id for row in await statements.query(query).fetch()] == [named.id]
            assert query.shape == ALL.where(msgspec.structs.replace(predicate, values=("other",))).shape
        assert await statements.query(ALL.where(Contacts.WORDS.matches(text))).count() <= 2


@pytest.mark.parametrize("count", [0, 1, 1000])
def test_the_sql_does_not_depend_on_how_many_values_there_are(count):
    sql, _ = statement_of(ALL.where(Contacts.EMAIL.is_in(["x"] * count)), "rows")
    assert sql == statement_of(ALL.where(Contacts.EMAIL.is_in(["y"])), "rows")[0]


async def test_a_query_runs_in_a_transaction_and_no_longer(postgres, tenant):
    async with postgres.connections.transaction(tenant.database) as statements:
        bound = statements.query(ALL)
        assert await bound.fetch() == []

    with pytest.raises(RuntimeError, match="has ended"):
        await bound.fetch()
    with pytest.raises(RuntimeError, match="has ended"):
        statements.query(ALL)


async def test_there_is_no_way_around_the_transaction(postgres, tenant):
    with pytest.raises(AttributeError):
        BoundQuery(None, ALL)
    assert not {"fetch", "iter_rows", "compile", "__clause_element__", "__await__"} & set(dir(ALL))
    async with postgres.connections.transaction(tenant.database) as statements:
        with pytest.raises(TypeError):
            await statements.fetch(ALL)


async def test_another_tenant_is_not_reached(postgres, tenant, other_tenant):
    async with among(postgres, tenant, [a_contact()]) as statements:
        assert await statements.query(ALL).count() == 1
        async with postgres.connections.transaction(other_tenant.database) as others:
            assert await others.query(ALL).count() == 0


async def test_a_left_join_keeps_rows_without_partner_and_negation_sees_them(postgres, tenant):
    async with among(postgres, tenant, [a_contact()]) as statements:
        owned = ALL.select(Contacts.LAST_NAME, Users.USERNAME)
        left = owned.left_join(OWNER_OF_CONTACT).where(~Users.USERNAME.equals("ada"))
        assert await statements.query(left).fetch() == [("Lovelace", None)]
        assert await statements.query(owned.join(OWNER_OF_CONTACT)).fetch() == []
        assert not await statements.query(Query.over(USERS).where(CONTACTS_OF_USER.exists())).exists()


async def test_groups_are_counted_and_filtered_by_their_aggregates(postgres, tenant):
    rows = [a_contact(name, version=version) for name, version in (("a", 1), ("a", 3), ("b", 2))]
    counted = (
        ALL.group_by(Contacts.LAST_NAME)
        .select(Contacts.LAST_NAME, COUNT, highest(Contacts.VERSION))
        .order_by(Contacts.LAST_NAME.ascending())
    )
    async with among(postgres, tenant, rows) as statements:
        assert await statements.query(counted).fetch() == [("a", 2, 3), ("b", 1, 2)]
        assert await statements.query(counted.having(COUNT.is_above(1))).fetch() == [("a", 2, 3)]
        assert await statements.query(counted).count() == 2


@pytest.fixture
async def owned(postgres, tenant):
    """Two users, the first with two contacts, and one contact that is nobody's."""
    ada, eve = a_user("ada"), a_user("eve", active=False)
    rows = [
        a_contact("a", user_id=ada.id, version=1),
        a_contact("b", user_id=ada.id, version=2),
        a_contact("c", version=4),
    ]
    async with among(postgres, tenant, rows, [ada, eve]) as statements:
        yield statements


async def test_an_inner_join_gives_a_row_for_each_pair_and_conditions_on_both(owned):
    pairs = ALL.join(OWNER_OF_CONTACT).select(Contacts.LAST_NAME, Users.USERNAME)
    ordered = pairs.order_by(Users.USERNAME.ascending(), Contacts.LAST_NAME.descending())

    assert await owned.query(ordered).fetch() == [("b", "ada"), ("a", "ada")]
    assert await owned.query(pairs.where(Contacts.VERSION.is_above(1))).fetch() == [("b", "ada")]
    assert await owned.query(pairs.where(Users.ACTIVE.equals(False))).fetch() == []
    assert await owned.query(pairs).count() == 2


async def test_joined_from_the_other_side_a_row_comes_once_for_each_of_its_rows(owned):
    pairs = Query.over(USERS).join(CONTACTS_OF_USER).select(Users.USERNAME, Contacts.LAST_NAME)
    by_name = pairs.order_by(Users.USERNAME.ascending()).take(1)

    first = await owned.query(by_name).fetch_page()
    second = await owned.query(by_name.after(first.last)).fetch_page()

    assert {*first.rows, *second.rows} == {("ada", "a"), ("ada", "b")}
    assert (first.total, second.last) == (2, None)


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        (CONTACTS_OF_USER.exists(), ["ada"]),
        (~CONTACTS_OF_USER.exists(), ["eve"]),
        (CONTACTS_OF_USER.exists(Contacts.VERSION.is_above(1)), ["ada"]),
        (CONTACTS_OF_USER.exists(Contacts.VERSION.is_above(2)), []),
        (~CONTACTS_OF_USER.exists(NOTHING), ["ada", "eve"]),
        (CONTACTS_OF_USER.exists() | Users.USERNAME.equals("eve"), ["ada", "eve"]),
        (Users.ACTIVE.equals(False) & ~CONTACTS_OF_USER.exists(), ["eve"]),
    ],
)
async def test_rows_for_which_others_exist(owned, condition, names):
    named = Query.over(USERS).select(Users.USERNAME).order_by(Users.USERNAME.ascending())

    assert await owned.query(named.where(condition)).fetch() == [(name,) for name in names]


async def test_values_inside_and_outside_of_exists_keep_their_places(owned):
    inside = OWNER_OF_CONTACT.exists(Users.USERNAME.equals("ada") & Users.ACTIVE.equals(True))
    asked = ALL.where(Contacts.LAST_NAME.equals("b") & inside & Contacts.VERSION.equals(2)).take(3)

    assert [row.last_name for row in await owned.query(asked).fetch()] == ["b"]


async def test_the_average_of_a_group_is_a_fraction_and_of_no_rows_null(owned):
    means = ALL.group_by(Contacts.USER_ID).select(average(Contacts.VERSION), lowest(Contacts.VERSION))
    over_all = ALL.select(average(Contacts.VERSION))

    assert sorted(await owned.query(means).fetch()) == [(1.5, 1), (4.0, 4)]
    assert await owned.query(means.having(average(Contacts.VERSION).is_below(2.0))).fetch() == [(1.5, 1)]
    assert await owned.query(over_all.where(NOTHING)).find() == (None,)


async def test_groups_over_a_join_are_those_of_the_pairs(owned):
    counted = (
        Query.over(USERS)
        .left_join(CONTACTS_OF_USER)
        .group_by(Users.USERNAME)
        .select(Users.USERNAME, COUNT, highest(Contacts.VERSION))
        .order_by(Users.USERNAME.ascending())
    )

    assert await owned.query(counted).fetch() == [("ada", 2, 2), ("eve", 1, None)]
