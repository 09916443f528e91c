"""Texts in expressions over columns give what each row gives by itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference import texts

from engine import Column, Frame, evaluate, it
from engine.errors import PlanError
from engine.expr import as_callable

name, other, age = it["name"], it["other"], it["age"]

OF_ONE = [
    name,
    name.lower(),
    name.upper().casefold(),
    name.strip().lower().len(),
    name.lstrip("aB ") + name.rstrip(None),
    name.isdigit(),
    name.startswith("a"),
    name.endswith("Σ").not_(),
    name.removeprefix("a").removesuffix("b"),
    name.replace("a", "éé"),
    name.replace("a", "", 1),
    name.contains("B"),
    name.len() * 2 - 1,
    name == "a",
    "aB" <= name,  # noqa: SIM300 (the side that it tests)
    name.lower() != "ab",
    name.is_in(["a", "b", None, 3]),
    name.is_in(set()),
    (name.lower() == "a") | (name.lower() == "b"),
    "<" + name + ">",
    name[1:3],
    name[-2:],
    (name.len() > 3).if_else(name.len(), name.len() * 0),
]
OF_TWO = [
    name == other,
    name.lower() < other,
    name + " " + other,
    (name.len() - other.len()).abs(),
    (name > "b") ^ other.contains("a"),
]


def text_columns():
    return st.lists(st.none() | st.sampled_from(["", "a", "aB", "b"]) | texts.texts, max_size=20)


@pytest.mark.parametrize("expression", OF_ONE, ids=repr)
@given(text_columns())
def test_a_column_of_texts_gives_what_its_rows_give(expression, values):
    computed = as_callable(expression)
    expected = [None if value is None else computed({"name": value}) for value in values]
    assert evaluate(expression, {"name": Column(values, str)}).to_list() == expected


@pytest.mark.parametrize("expression", OF_TWO, ids=repr)
@given(st.data())
def test_two_columns_of_texts_give_what_their_rows_give(expression, data):
    values = data.draw(text_columns())
    others = data.draw(st.lists(st.none() | texts.texts, min_size=len(values), max_size=len(values)))
    computed = as_callable(expression)
    expected = [
        None if None in row else computed({"name": row[0], "other": row[1]})
        for row in zip(values, others, strict=True)
    ]
    assert (
        evaluate(expression, {"name": Column(values, str), "other": Column(others, str)}).to_list()
        == expected
    )


PEOPLE = Frame(
    {"name": ["Ada", None, "kim", "Éva"], "other": ["Ada", "b", None, "x"], "age": [36, 20, None, 5]}
)


def test_a_frame_is_filtered_by_what_its_texts_are():
    found = PEOPLE.filter((name.lower() == "ada") | (age < 10))
    assert found["name"].to_list() == ["Ada", "Éva"]


def test_a_frame_is_widened_by_texts():
    wider = PEOPLE.with_columns(loud=name.upper() + "!", same=name == other)
    assert wider["loud"].to_list() == ["ADA!", None, "KIM!", "ÉVA!"]
    assert wider["same"].to_list() == [True, None, None, False]


def test_an_aggregate_takes_rows_by_their_texts():
    assert evaluate(age.sum(), PEOPLE, where=name.contains("a")) == 41
    assert evaluate(name.len().max(), PEOPLE) == 3
    assert evaluate(name.count(), PEOPLE, where=name.is_not_none()) == 3


def test_missing_texts_are_seen():
    assert evaluate(name.lower().is_none(), PEOPLE).to_list() == [False, True, False, False]
    assert evaluate((name == other).fill_none(value=False), PEOPLE).to_list() == [True, False, False, False]


def test_a_side_that_has_no_text_leaves_the_other_to_decide():
    assert evaluate((name == "Ada") & (age > 99), PEOPLE).to_list() == [False, False, False, False]


def test_a_column_named_as_a_step_is_another():
    assert evaluate(
        it.x.len() + it["len(it.x)"], {"x": Column(["abc"]), "len(it.x)": Column([10])}
    ).to_list() == [13]


def test_a_fault_of_numbers_made_of_texts_names_its_row():
    with pytest.raises(ZeroDivisionError, match="row 1"):
        evaluate(10 // name.len(), {"name": Column(["a", ""])})


@pytest.mark.parametrize(
    ("expression", "problem"),
    [
        (name == 3, TypeError),
        (name == None, PlanError),  # noqa: E711 (part of an expression)
        (name.title(), PlanError),
        (name.startswith(("a", "b")), PlanError),
        (name.startswith(other), PlanError),
        (name[0], PlanError),
        (name * 2, TypeError),
        (name + age, TypeError),
        (name.least("b"), TypeError),
        (name.not_(), TypeError),
        (age.lower(), PlanError),
    ],
    ids=lambda each: str(each)[:40],
)
def test_what_can_not_be_done_with_texts_is_refused(expression, problem):
    with pytest.raises(problem):
        evaluate(expression, PEOPLE)


def test_texts_have_no_place_in_an_array():
    import numpy as np

    with pytest.raises(PlanError, match="out must be None"):
        evaluate(name.lower(), PEOPLE, out=np.zeros(4))
