"""Sorted inputs into one."""

from __future__ import annotations

import heapq
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference import objects as reference

from engine.kernels.objects.merge import collect_merged, iter_merged

numbers = st.sampled_from([0, 1, 2, True, 1.0, 2.5, float("nan"), -1, 10**30])
serials = itertools.count()
inputs_of_numbers = st.lists(st.lists(numbers), max_size=9)


def sorted_pairs(inputs, *, reverse):
    return [
        reference.merged([[(number, next(serials)) for number in numbers]], 0, reverse=reverse)
        for numbers in inputs
    ]


@pytest.mark.parametrize("reverse", [False, True])
@given(inputs=inputs_of_numbers)
def test_merging_equals_the_reference(reverse, inputs):
    pairs = sorted_pairs(inputs, reverse=reverse)
    expected = repr(reference.merged(pairs, 0, reverse=reverse))
    assert repr(list(iter_merged([iter(one) for one in pairs], 0, reverse))) == expected
    assert repr(collect_merged(pairs, 0, reverse)) == expected
    assert repr(collect_merged(map(iter, pairs), 0, reverse)) == expected


@pytest.mark.parametrize("reverse", [False, True])
@given(inputs=st.lists(st.lists(st.text("ab", max_size=3))))
def test_items_that_are_their_own_key_merge_as_heapq_does(reverse, inputs):
    inputs = [sorted(one, reverse=reverse) for one in inputs]
    expected = list(heapq.merge(*inputs, reverse=reverse))
    assert list(iter_merged(inputs, None, reverse)) == collect_merged(inputs, None, reverse) == expected


def test_nan_comes_last_and_is_equal_to_nan():
    nan = float("nan")
    assert repr(collect_merged([[1, nan], [2, nan]])) == "[1, 2, nan, nan]"
    assert repr(list(iter_merged([[1, nan], [2, nan]]))) == "[1, 2, nan, nan]"


def test_each_input_is_pulled_one_item_ahead_at_most():
    sources = [itertools.count(start, 3) for start in range(3)]
    assert list(itertools.islice(iter_merged(sources), 4)) == [0, 1, 2, 3]
    assert [next(source) for source in sources] == [6, 7, 8]


def test_an_input_that_raises_passes_its_error_on():
    def breaking():
        yield 1
        raise OSError("gone")

    lazy = iter_merged([breaking(), [2, 3]])
    assert next(lazy) == 1
    with pytest.raises(OSError, match="gone"):
        next(lazy)


class OnlyLess:
    def __init__(self, rank):
        self.rank = rank

    def __lt__(self, other):
        return self.rank < other.rank

    __eq__ = __gt__ = __le__ = __ge__ = None
    __hash__ = None


@pytest.mark.parametrize("merge", [collect_merged, lambda inputs: list(iter_merged(inputs))])
def test_less_than_is_all_that_is_asked_of_keys(merge):
    merged = merge([[OnlyLess(1), OnlyLess(3)], [OnlyLess(2)]])
    assert [item.rank for item in merged] == [1, 2, 3]


@pytest.mark.parametrize("merge", [collect_merged, lambda inputs: list(iter_merged(inputs))])
def test_an_error_of_less_than_reaches_the_caller(merge):
    with pytest.raises(TypeError, match="not supported"):
        merge([[1], ["a"]])


def test_no_inputs_and_empty_inputs_merge_to_nothing():
    assert list(iter_merged([])) == list(iter_merged([[], ()])) == collect_merged([]) == []
