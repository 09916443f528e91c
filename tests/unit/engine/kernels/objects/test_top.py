"""The k largest or smallest of a stream."""

from __future__ import annotations

import heapq
import sys
import tracemalloc
from operator import itemgetter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference import objects as reference

from engine.errors import PlanError
from engine.kernels.objects.place import Place, Trail
from engine.kernels.objects.top import collect_top

nan = float("nan")
whole = st.sampled_from([0, 1, 2, -1, True, 2**63, -(2**63)])
real = st.sampled_from([0.0, -0.0, 1.5, nan, -nan, float("inf"), 2**53])
numbers = st.one_of(whole, real)
text = st.one_of(
    st.text("ab\0é", max_size=10), st.integers(0, 3).map("a text, equal until late: {}".format)
)
pairs = st.tuples(st.integers(0, 2), st.sampled_from([0.5, nan]))
kinds = st.one_of(*(st.lists(kind, max_size=40) for kind in (whole, real, numbers, text, pairs)))
both_ends = pytest.mark.parametrize("largest", [True, False])


def first(item):
    return item[0]


@both_ends
@given(keys=kinds, k=st.integers(0, 45))
def test_the_top_equals_the_reference(largest, keys, k):
    items = [(key, serial) for serial, key in enumerate(keys)]
    expected = repr(reference.top(items, k, 0, largest=largest))
    for key in (0, first, itemgetter(0)):
        assert repr(collect_top(items, k, key, largest)) == expected
        assert repr(collect_top(iter(items), k, key, largest)) == expected


@both_ends
@given(keys=kinds, k=st.integers(0, 45))
def test_items_that_are_their_own_key_have_the_top_of_the_reference(largest, keys, k):
    expected = repr(reference.top(keys, k, largest=largest))
    assert repr(collect_top(tuple(keys), k, None, largest)) == expected
    assert repr(collect_top(iter(keys), k, None, largest)) == expected


@both_ends
@pytest.mark.parametrize("k", [1, 7, 500, 5000])
@pytest.mark.parametrize(
    "make",
    [
        lambda number: number // 3,
        lambda number: number // 3 / 8,
        lambda number: f"name {number // 3}",
        lambda number: (number // 3,),
    ],
)
def test_many_records_have_the_top_that_heapq_finds(largest, k, make):
    records = [{"serial": n, "key": make(n * 7919 % 3001)} for n in range(3001)]
    found = (heapq.nlargest if largest else heapq.nsmallest)(k, records, key=itemgetter("key"))
    assert collect_top(records, k, "key", largest) == found
    assert collect_top(iter(records), k, "key", largest) == found


@both_ends
@pytest.mark.parametrize("late", [2**70, 0.5, True])
def test_a_late_key_of_another_kind_is_compared_with_the_rest(largest, late):
    keys = [*range(3000), late, *range(3000)]
    for k in (3, 2999):
        assert collect_top(keys, k, None, largest) == sorted(keys, reverse=largest)[:k]
        assert collect_top(iter(keys), k, None, largest) == sorted(keys, reverse=largest)[:k]


def test_a_stream_is_not_held():
    tracemalloc.start()
    try:
        assert collect_top((float(number) for number in range(100_000)), 3) == [99999.0, 99998.0, 99997.0]
        assert tracemalloc.get_traced_memory()[1] < 100_000
    finally:
        tracemalloc.stop()


def test_less_than_none_is_refused():
    with pytest.raises(PlanError, match="k must be at least 0, got -1"):
        collect_top([1], -1)


@pytest.mark.parametrize("made", [list, iter])
def test_errors_say_their_item(made):
    with pytest.raises(ZeroDivisionError) as raised:
        collect_top(made([1, 0]), 1, lambda item: 1 // item, True, Place("top(here)", Trail()))
    assert raised.value.__notes__ == ["in top(here), item 1: 0"]
    with pytest.raises(KeyError) as missing:
        collect_top(made([{"key": 1}, {}]), 1, "key", True, Place("top(here)", Trail()))
    assert missing.value.__notes__ == ["in top(here), item 1: {}"]


def test_keys_without_an_order_raise_and_say_where():
    keys = [*range(100), "text"]
    with pytest.raises(TypeError, match="'<' not supported") as raised:
        collect_top(keys, 2, None, True, Place("top(here)", Trail()))
    assert raised.value.__notes__ == ["in top(here), item 100: 'text'"]


def test_items_dropped_may_run_code():
    class Dropped:
        def __init__(self, rank):
            self.rank = rank

        def __del__(self):
            seen.append(collect_top([self.rank, 5], 1))

    seen = []
    kept = collect_top((Dropped(rank) for rank in range(500)), 2, lambda item: item.rank)
    assert [item.rank for item in kept] == [499, 498]
    assert len(seen) == 498


@both_ends
def test_no_reference_is_left_behind(largest):
    items = [{"key": number % 50} for number in range(400)]
    before = [sys.getrefcount(item) for item in items]
    collect_top(items, 5, "key", largest)
    collect_top(iter(items), 5, "key", largest)
    collect_top([*items, {"key": 0.5}, {"key": 2**90}], 300, "key", largest)
    assert [sys.getrefcount(item) for item in items] == before
