"""The comparison of queries: what it calls the same, and what it says of what is not."""

import pytest

from benchmarks.queries.cases import CASES
from benchmarks.queries.measure import Comparison, Outcome
from benchmarks.queries.plans import normalised, steps_of
from benchmarks.queries.report import render_faults, render_page

SCAN = {"Node Type": "Seq Scan", "Relation Name": "contacts", "Filter": "(phone = '1'::text)"}


def an_outcome(**fields):
    given = {
        "sql": "",
        "plan": "Sort",
        "plan_by_hand": "Limit",
        "is_same_plan": True,
        "is_same_answer": True,
    }
    return Outcome(CASES[0], Comparison(**(given | {"rows": 1} | fields)), 2e-3, 1e-3, 60e-6)


def test_costs_and_types_of_literals_make_no_other_plan():
    costly = SCAN | {"Total Cost": 7.0, "Filter": "(phone = '1'::character varying)"}

    assert normalised({"Node Type": "Limit", "Plans": [costly]}) == {"Node Type": "Limit", "Plans": [SCAN]}


@pytest.mark.parametrize(
    "difference",
    [{"Node Type": "Index Scan"}, {"Filter": "(phone = '2'::text)"}, {"Relation Name": "users"}],
)
def test_another_step_condition_or_table_makes_another_plan(difference):
    assert normalised(SCAN | difference) != normalised(SCAN)


def test_the_steps_of_a_plan_stand_in_a_line():
    assert steps_of({"Node Type": "Limit", "Plans": [SCAN, SCAN]}) == (
        "Limit ← Seq Scan contacts + Seq Scan contacts"
    )


@pytest.mark.parametrize("fault", ["is_same_plan", "is_same_answer"])
def test_what_differs_is_told_and_what_is_the_same_is_not(fault):
    assert render_faults([an_outcome()]) == ""
    assert "one by its id" in render_faults([an_outcome(**{fault: False})])


def test_the_page_has_the_python_and_both_texts_of_sql():
    page = render_page([an_outcome(sql="SELECT ours")], "18.0", "a machine")

    assert "return LIVE.where(Contacts.ID.equals(CONTACT))" in page
    assert "SELECT ours" in page
    assert "SELECT … FROM contacts WHERE deleted_at IS NULL AND id = $1" in page
    assert "| 2.00 | 1.00 | 2.00 | 60.0 (!) |" in page


def test_there_are_at_least_twenty_questions_and_no_two_have_one_name():
    assert len({case.name for case in CASES}) == len(CASES) >= 20
