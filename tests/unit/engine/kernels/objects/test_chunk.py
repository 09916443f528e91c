"""Runs of equal keys."""

from __future__ import annotations

import itertools
import operator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference import objects as reference

from engine.kernels.objects.chunk import collect_runs, iter_runs

NAN = float("nan")
scalars = st.sampled_from([0, 1, 2, True, False, 1.0, 2.5, NAN, -NAN, None, "", "a", "b"])
keys = scalars | st.tuples(scalars) | st.tuples(scalars, scalars)


@given(st.lists(keys))
def test_runs_equal_the_reference(values):
    assert repr(list(iter_runs(iter(values)))) == repr(reference.runs(values))
    assert repr(collect_runs(values)) == repr(reference.runs(values))


@pytest.mark.parametrize("spec", ["name", operator.itemgetter("name"), lambda item: item["name"]])
@given(names=st.lists(scalars))
def test_a_field_and_a_callable_give_the_same_runs(spec, names):
    records = [{"serial": serial, "name": name} for serial, name in enumerate(names)]
    assert repr(collect_runs(records, spec)) == repr(reference.runs(records, "name"))


@pytest.mark.parametrize("make", [list, tuple])
@pytest.mark.parametrize("spec", [1, -1, operator.itemgetter(1)])
def test_a_position_finds_the_key_in_sequences(make, spec):
    items = [make((serial, serial // 2)) for serial in range(5)]
    assert collect_runs(items, spec) == [(0, items[:2]), (1, items[2:4]), (2, items[4:])]


def test_no_items_are_no_runs():
    assert collect_runs([]) == list(iter_runs(iter(()))) == []


def test_a_run_ends_one_item_after_it():
    source = itertools.count()
    lazy = iter_runs(source, lambda number: number // 3)
    assert next(lazy) == (0, [0, 1, 2])
    assert next(source) == 4


def test_nothing_is_pulled_before_the_first_run_is_asked_for():
    source = iter([1, 2])
    iter_runs(source)
    assert next(source) == 1


def test_the_key_is_asked_once_an_item():
    asked = []
    collect_runs(range(10), lambda item: asked.append(item))
    assert asked == list(range(10))


def test_runs_before_a_failing_key_are_delivered():
    lazy = iter_runs([1, 1, 2, 2, 0, 3], lambda number: 6 // number)
    assert next(lazy) == (6, [1, 1])
    with pytest.raises(ZeroDivisionError):
        next(lazy)
    assert list(lazy) == []


@pytest.mark.parametrize(
    ("item", "spec", "error"),
    [({}, "name", KeyError), ([], 0, IndexError), ((1,), -2, IndexError), (5, "name", TypeError)],
)
def test_a_missing_key_is_the_error_that_python_gives(item, spec, error):
    with pytest.raises(error):
        collect_runs([item], spec)


@pytest.mark.parametrize("spec", [1.5, True, b"name", [1]])
def test_what_can_not_be_a_key_is_refused_at_once(spec):
    with pytest.raises(TypeError, match="a key must be None, a field name, a position or a callable, got"):
        iter_runs([], spec)
