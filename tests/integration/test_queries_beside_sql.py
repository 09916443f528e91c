"""The queries of docs/queries.md on a small tenant: the plan and the answer of SQL by hand."""

import pytest

from benchmarks.queries.cases import CASES
from benchmarks.queries.contacts import fill
from benchmarks.queries.measure import compare


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
