"""Programs of expressions: found again, told apart, and not kept for ever."""

import pytest

from engine import Column, evaluate, it
from engine.columns import evaluation


def forget_programs():
    evaluation._met.clear()
    evaluation._kept.clear()


def test_an_expression_that_is_written_anew_finds_its_program():
    columns = {"a": Column([1, 2])}
    forget_programs()
    assert [evaluate(it.a + 1, columns).to_list() for _ in range(5)] == [[2, 3]] * 5
    assert len(evaluation._kept) == 1
    assert len(next(iter(evaluation._kept.values())).programs) == 1


@pytest.mark.parametrize(
    ("one", "other", "results"),
    [
        (it.a + 1, it.a + 1.0, (int, float)),
        (it.a + 1, it["a"] + 1, (int, int)),
        (it.a / 0.0, it.a / -0.0, (float, float)),
        (it.a == 1, it.a == True, (bool, bool)),  # noqa: E712 (part of an expression)
        (it.a.is_in([1]), it.a.is_in([1.0]), (bool, bool)),
        (it.a.sum(), it.a.max(), (int, int)),
    ],
)
def test_expressions_that_are_equal_in_python_alone_are_two(one, other, results):
    columns = {"a": Column([1, 2])}
    forget_programs()
    values = [evaluate(each, columns) for each in (one, other)]
    assert len(evaluation._kept) == 2
    assert (
        tuple(type(next(iter(value)) if isinstance(value, Column) else value) for value in values)
        == results
    )


def test_programs_of_many_expressions_are_not_kept_for_ever():
    columns = {"a": Column([1])}
    for number in range(600):
        evaluate(it.a + number, columns)
    assert (len(evaluation._kept), len(evaluation._met)) == (256, 256)
