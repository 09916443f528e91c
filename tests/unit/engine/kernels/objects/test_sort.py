"""A stable sort, also of keys that no code stands for."""

from __future__ import annotations

import itertools
import sys
from operator import itemgetter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference import objects as reference

from engine.kernels.objects.place import Place, Trail
from engine.kernels.objects.sort import collect_sorted

nan = float("nan")
whole = st.sampled_from([0, 1, 2, -1, True, False, 2**40, -(2**63), 2**63 - 1, 2**63])
real = st.sampled_from([0.0, -0.0, 1.5, -1.5, nan, -nan, float("inf"), -float("inf"), 5e-324, 1e300])
numbers = st.one_of(whole, real, st.sampled_from([2**53, 2**53 + 1, -(2**53) - 1]))
text = st.one_of(
    st.text("ab", max_size=18),
    st.text(st.sampled_from("a\0\x7fé\u07ff\u0800\ud800\uffff\U00010000\U0010ffff"), max_size=8),
    st.integers(0, 99).map("number {}".format),
    st.integers(0, 3).map("a text that begins as others do, and differs late: {}".format),
)
byte_strings = st.binary(max_size=3)
pairs = st.tuples(st.integers(0, 2), st.sampled_from([0.5, nan]))
kinds = st.one_of(
    *(st.lists(kind, max_size=40) for kind in (whole, real, numbers, text, byte_strings, pairs))
)
every_direction = pytest.mark.parametrize("reverse", [False, True])


def numbered(keys):
    return [(key, serial) for serial, key in enumerate(keys)]


def first(item):
    return item[0]


@every_direction
@given(keys=kinds)
def test_sorting_equals_the_reference(reverse, keys):
    items = numbered(keys)
    expected = repr(reference.ordered(items, 0, reverse=reverse))
    for key in (0, first, itemgetter(0), -2):
        assert repr(collect_sorted(items, key, reverse)) == expected
        assert repr(collect_sorted(iter(items), key, reverse)) == expected


@every_direction
@given(keys=kinds)
def test_items_that_are_their_own_key_sort_as_the_reference_does(reverse, keys):
    expected = repr(reference.ordered(keys, reverse=reverse))
    assert repr(collect_sorted(tuple(keys), None, reverse)) == expected
    assert repr(collect_sorted(iter(keys), None, reverse)) == expected


def shuffled(count):
    return [number * 7919 % count for number in range(count)]


@every_direction
@pytest.mark.parametrize(
    "make",
    [
        lambda number: number // 3,
        lambda number: number // 3 * 1.25 - 500,
        lambda number: f"name {number // 3}",
        lambda number: f"{number // 3} and more that makes it long {number % 2}",
        lambda number: f"always the same sixteen {number // 3:9}",
        lambda number: f"é{number // 3}",
        lambda number: (number // 3, 0),
    ],
)
@pytest.mark.parametrize(
    "rows", [shuffled(2003), list(range(2003)), [*range(0, 2003, 2), *range(1, 2003, 2)]]
)
def test_many_records_sort_as_sorted_does(reverse, make, rows):
    records = [{"key": make(number), "serial": serial} for serial, number in enumerate(rows)]
    assert collect_sorted(records, "key", reverse) == sorted(
        records, key=itemgetter("key"), reverse=reverse
    )


def test_a_late_key_of_another_kind_is_sorted_among_the_rest():
    for late in (0.5, 2**70, True, 2**53 + 1):
        keys = [*range(600), late, *range(600)]
        assert collect_sorted(keys) == sorted(keys)
    texts = [*(f"same {number}" for number in range(600)), "other", "sam", "é", "same 5 and much more"]
    assert collect_sorted(texts) == sorted(texts)


def test_keys_without_an_order_raise_and_say_the_step():
    with pytest.raises(TypeError, match="'<' not supported") as raised:
        collect_sorted([1, "a"], None, False, Place("sort(here)", Trail()))
    assert raised.value.__notes__ == ["in sort(here)"]


def test_an_error_of_a_key_says_its_item():
    with pytest.raises(ZeroDivisionError) as raised:
        collect_sorted([1, 0], lambda item: 1 // item, False, Place("sort(here)", Trail()))
    assert raised.value.__notes__ == ["in sort(here), item 1: 0"]


class Stopping:
    def __lt__(self, other):
        raise StopIteration("early")


def test_stop_iteration_from_less_than_does_not_look_like_the_end():
    with pytest.raises(RuntimeError, match="a callback raised StopIteration"):
        collect_sorted([Stopping(), Stopping()])


def test_a_source_emptied_by_less_than_can_not_crash():
    class Emptying:
        def __lt__(self, other):
            items.clear()
            return False

    items = [Emptying() for _ in range(50)]
    assert len(collect_sorted(items)) == 50


def test_no_reference_is_left_behind():
    items = [{"key": key} for key in itertools.islice(itertools.cycle(["a", "b" * 20, "é"]), 700)]
    before = [sys.getrefcount(item) for item in items]
    for reverse in (False, True):
        collect_sorted(items, "key", reverse)
        collect_sorted(items, itemgetter("key"), reverse)
        collect_sorted([*items, {"key": "x"}], lambda item: (item["key"],), reverse)
    assert [sys.getrefcount(item) for item in items] == before
