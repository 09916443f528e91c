"""Groups anywhere in the input."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference import objects as reference

from engine.kernels.objects.group import collect_groups, fold_groups

scalars = st.sampled_from([0, 1, 2, True, False, 1.0, 2.5, float("nan"), -float("nan"), None, "", "a"])
keys = scalars | st.tuples(scalars, scalars)


@given(st.lists(keys))
def test_groups_equal_the_reference(values):
    items = [(value, serial) for serial, value in enumerate(values)]
    assert repr(collect_groups(items, 0)) == repr(reference.groups(items, 0))
    assert repr(collect_groups(iter(values))) == repr(reference.groups(values))


@given(st.lists(keys))
def test_folding_equals_the_reference(values):
    items = [(value, serial) for serial, value in enumerate(values)]

    def step(total, item):
        return total + item[1]

    assert repr(fold_groups(items, 0, int, step)) == repr(reference.folded(items, 0, int, step))


def test_an_unhashable_key_is_named():
    with pytest.raises(TypeError, match="a key of group_by must be hashable, got list"):
        collect_groups([[]])


@pytest.mark.parametrize("position", range(5))
def test_a_step_that_raises_passes_its_error_on(position):
    def step(_, item):
        return 1 / (item - position)

    with pytest.raises(ZeroDivisionError):
        fold_groups(range(5), None, int, step)


def test_an_initial_value_that_raises_passes_its_error_on():
    with pytest.raises(ZeroDivisionError):
        fold_groups([1], None, lambda: 1 / 0, max)
