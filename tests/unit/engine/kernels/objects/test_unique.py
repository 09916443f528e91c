"""First occurrences and consecutive repeats."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference import objects as reference

from engine.kernels.objects.unique import collect_unique, iter_dedup, iter_unique

scalars = st.sampled_from([0, 1, 2, True, False, 1.0, 2.5, float("nan"), -float("nan"), None, "", "a"])
keys = scalars | st.tuples(scalars, scalars)


@given(st.lists(keys))
def test_first_occurrences_equal_the_reference(values):
    items = [(value, serial) for serial, value in enumerate(values)]
    assert repr(collect_unique(items, 0)) == repr(reference.unique(items, 0))
    assert repr(list(iter_unique(iter(values)))) == repr(reference.unique(values))


@given(st.lists(keys))
def test_dropped_repeats_equal_the_reference(values):
    items = [(value, serial) for serial, value in enumerate(values)]
    assert repr(list(iter_dedup(items, 0))) == repr(reference.dedup(items, 0))
    assert repr(list(iter_dedup(iter(values)))) == repr(reference.dedup(values))


@pytest.mark.parametrize("kernel", [iter_unique, iter_dedup])
def test_an_item_is_given_as_soon_as_it_is_pulled(kernel):
    source = itertools.count()
    assert list(itertools.islice(kernel(source), 3)) == [0, 1, 2]
    assert next(source) == 3


def test_an_unhashable_key_is_named():
    with pytest.raises(TypeError, match="a key of unique must be hashable, got dict"):
        collect_unique([{}])


def test_repeats_need_no_hash():
    assert list(iter_dedup([[1], [1], [2]])) == [[1], [2]]
