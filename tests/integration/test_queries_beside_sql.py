"""The queries of docs/queries.md on a small tenant: plan and answer of SQL by hand; indexes."""

import re

import pytest

from benchmarks.queries.cases import CASES
from benchmarks.queries.contacts import fill
from benchmarks.queries.measure import compare
from benchmarks.queries.plans import plan_of, steps_of
from service.adapters.postgres.bound_queries import statement_of
from service.adapters.postgres.contact_queries import LIVE, asked_contacts
from service.adapters.postgres.tables import Contacts
from service.application.ports import ContactFilter, ContactQuery


@pytest.fixture(scope="module")
async def connection(postgres):
    tenant = await postgres.catalogue.provision("queries", "Queries")
    connection = await postgres.connections.connect(tenant.database)
    await fill(connection, 2000)
    yield connection
    await connection.close()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_plan_and_answer_are_those_of_sql_by_hand(connection, case):
    compared = await compare(connection, case)

    assert compared.is_same_plan, (compared.plan, compared.plan_by_hand)
    assert compared.is_same_answer


@pytest.mark.parametrize(
    ("condition", "indexes"),
    [
        (Contacts.WORDS.begin_with("ada"), {"idx_contacts_words"}),
        (Contacts.WORDS.matches('ada "math engine" -eve'), {"idx_contacts_words"}),
        (Contacts.SEARCH_TEXT.resembles("lovelase"), {"idx_contacts_search"}),
        (Contacts.PHONE_DIGITS.contains("7946"), {"idx_contacts_phone_digits"}),
        (Contacts.LABELS.holds(["work"]), {"idx_contacts_labels"}),
        (Contacts.EMAIL.equals_in_any_case("A@example.org"), {"idx_contacts_email_order"}),
        (
            asked_contacts(ContactQuery(ContactFilter(words="2079460958"))).condition,
            {"idx_contacts_search", "idx_contacts_phone_digits"},
        ),
        (
            asked_contacts(ContactQuery(ContactFilter(words="lovelace"))).condition,
            {"idx_contacts_search", "idx_contacts_words"},
        ),
    ],
)
async def test_an_index_serves_what_is_searched_for(connection, condition, indexes):
    # So few rows may be read faster without one; whether it serves is the question.
    async with connection.transaction():
        await connection.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
        plan = await plan_of(connection, *statement_of(LIVE.where(condition), "rows"))

    assert set(re.findall(r"idx_\w+", steps_of(plan))) == indexes
