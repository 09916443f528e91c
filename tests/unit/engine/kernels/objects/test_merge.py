"""Sorted inputs into one."""

from __future__ import annotations

import heapq
import itertools
import sys
from operator import itemgetter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference import objects as reference

from engine.errors import NotSortedError
from engine.kernels.objects.merge import collect_merged, iter_merged
from engine.kernels.objects.place import Place, Trail

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


whole = st.sampled_from([0, 1, -1, True, 2**40, -(2**63), 2**63 - 1, 2**63])
real = st.sampled_from([0.0, -0.0, 1.5, float("nan"), float("inf"), -float("inf"), 5e-324])
text = st.one_of(
    st.text("ab\0\x7f\x80é\ud800\uffff\U00010000", max_size=18),
    st.integers(0, 99).map("number {}".format),
    st.integers(0, 3).map("a text that begins as others do, and differs late: {}".format),
)
pairs = st.tuples(st.integers(0, 2), st.sampled_from([0.5, float("nan")]))
kinds = [whole, real, st.one_of(whole, real, st.just(2**53 + 1)), text, st.binary(max_size=3), pairs]
every_direction = pytest.mark.parametrize("reverse", [False, True])
every_kind = pytest.mark.parametrize("kind", range(len(kinds)))


def first(item):
    return item[0]


@every_direction
@every_kind
@given(data=st.data())
def test_keys_of_every_kind_merge_as_the_reference_does(reverse, kind, data):
    inputs = data.draw(st.lists(st.lists(kinds[kind], max_size=12), max_size=9))
    pairs = sorted_pairs(inputs, reverse=reverse)
    expected = repr(reference.merged(pairs, 0, reverse=reverse))
    mixed = [iter(one) if position % 2 else one for position, one in enumerate(pairs)]
    assert repr(collect_merged(pairs, 0, reverse, check=True)) == expected
    assert repr(collect_merged(mixed, first, reverse)) == expected
    assert repr(list(iter_merged(pairs, itemgetter(0), reverse, check=True))) == expected
    assert repr(list(iter_merged(map(iter, pairs), first, reverse))) == expected


@every_direction
@every_kind
@given(data=st.data())
def test_items_that_are_their_own_key_merge_as_the_reference_does(reverse, kind, data):
    inputs = data.draw(st.lists(st.lists(kinds[kind], max_size=12), max_size=9))
    inputs = [tuple(reference.merged([one], reverse=reverse)) for one in inputs]
    expected = repr(reference.merged(inputs, reverse=reverse))
    assert repr(collect_merged(inputs, None, reverse, check=True)) == expected
    assert repr(list(iter_merged(inputs, None, reverse, check=True))) == expected
    assert repr(list(iter_merged(inputs, None, reverse))) == expected


@every_direction
@given(st.lists(st.lists(st.integers(0, 9), max_size=12), max_size=9))
def test_inputs_that_are_not_sorted_lose_nothing(reverse, inputs):
    everything = sorted(itertools.chain(*inputs))
    assert sorted(collect_merged(inputs, None, reverse)) == everything
    assert sorted(iter_merged(inputs, None, reverse)) == everything
    assert sorted(map(tuple, collect_merged([[[key] for key in one] for one in inputs], 0, reverse))) == [
        (key,) for key in everything
    ]


@every_direction
@pytest.mark.parametrize("make", [int, float, "number {}".format, "a text of more than 16 {:04}".format])
@pytest.mark.parametrize("parts", [1, 2, 7, 100])
def test_many_records_merge_as_sorted_does(reverse, make, parts):
    records = [{"serial": number, "key": make(number * 7919 % 1000)} for number in range(3000)]
    inputs = [sorted(records[part::parts], key=itemgetter("key"), reverse=reverse) for part in range(parts)]
    inputs[1:1] = [[], ()]
    expected = sorted(itertools.chain(*inputs), key=itemgetter("key"), reverse=reverse)
    assert collect_merged(inputs, "key", reverse) == expected
    assert list(iter_merged(inputs, "key", reverse)) == expected


@every_direction
def test_inputs_that_follow_one_another_are_joined(reverse):
    inputs = [list(range(start, start + 10)) for start in (0, 20, 10, 40, 30)]
    inputs = [sorted(one, reverse=reverse) for one in inputs]
    assert collect_merged(inputs, None, reverse) == sorted(range(50), reverse=reverse)


def test_a_late_key_of_another_kind_is_merged_among_the_rest():
    for late in (0.5, 2**70, True, 2**53 + 1, -(2**70)):
        inputs = [sorted([*range(100), late]), list(range(50)), sorted([late, 3])]
        expected = sorted(itertools.chain(*inputs))
        assert collect_merged(inputs) == list(iter_merged(inputs)) == expected


merges = pytest.mark.parametrize(
    "merge",
    [collect_merged, lambda *given, **named: list(iter_merged(*given, **named))],
    ids=["eager", "lazy"],
)


@merges
@every_direction
@pytest.mark.parametrize("key", [None, first])
@pytest.mark.parametrize(
    "keys",
    [[1, 3, 2], [1.0, 3.0, 2.0], ["a", "c", "b"], ["a" * 20, "a" * 22, "a" * 21], [(1,), (3,), (2,)]],
)
def test_an_input_out_of_order_is_named_when_it_is_asked_for(merge, reverse, key, keys):
    if reverse:
        keys = [keys[1], keys[0], keys[2]]
    inputs = [[], keys] if key is None else [[], [(one,) for one in keys]]
    with pytest.raises(NotSortedError) as raised:
        merge(inputs, key, reverse, check=True, place=here())
    assert str(raised.value) == f"input 1 must be sorted, got {keys[2]!r} at position 2 after {keys[1]!r}"
    assert raised.value.__notes__ == [f"in merge(here), input 1, item 2: {inputs[1][2]!r}"]
    assert len(merge(inputs, key, reverse)) == 3


def test_an_item_out_of_order_raises_when_it_is_pulled():
    lazy = iter_merged([iter([1, 2, 0]), [5]], check=True)
    assert next(lazy) == 1
    assert next(lazy) == 2
    with pytest.raises(NotSortedError, match="input 0 must be sorted, got 0 at position 2 after 2"):
        next(lazy)


def here():
    return Place("merge(here)", Trail())


@merges
def test_an_error_of_a_key_says_its_input_and_item(merge):
    with pytest.raises(ZeroDivisionError) as raised:
        merge([[1], [1, 0]], lambda item: 1 // item, place=here())
    assert raised.value.__notes__ == ["in merge(here), input 1, item 1: 0"]


@merges
def test_an_error_of_less_than_says_its_input_and_item(merge):
    with pytest.raises(TypeError, match="not supported") as raised:
        merge([[(1,)], [("a",)]], 0, place=here())
    assert raised.value.__notes__ == ["in merge(here), input 1, item 0: ('a',)"]


@merges
def test_stop_iteration_from_less_than_does_not_look_like_the_end(merge):
    class Stopping:
        def __lt__(self, other):
            raise StopIteration("early")

    with pytest.raises(RuntimeError, match="a callback raised StopIteration"):
        merge([[Stopping()], [Stopping()]])


@merges
def test_a_key_may_empty_the_inputs(merge):
    inputs = [[{"key": f"text {number}"} for number in range(100)], [{"key": "text"}]]

    class Emptying(dict):
        def __getitem__(self, name):
            inputs[0].clear()
            return "text"

    merged = merge([inputs[0], [Emptying()], inputs[1]], "key")
    assert merged[-1] != {}
    assert {"key": "text"} in merged


@merges
def test_less_than_may_empty_the_inputs(merge):
    class Emptying:
        def __lt__(self, other):
            left.clear()
            return False

    left, right = [Emptying() for _ in range(50)], [Emptying() for _ in range(50)]
    assert len(merge([left, right])) >= 51


@merges
def test_no_reference_is_left_behind(merge):
    items = [{"key": key} for key in ("a", "b", "b" * 20, "é")]
    before = [sys.getrefcount(item) for item in items]
    for key in ("key", itemgetter("key"), lambda item: (item["key"],)):
        for reverse in (False, True):
            merge([items[:2], items[2:]], key, reverse)
            merge([items, items, ()], key, reverse)
    half_read = iter_merged([items, items], "key")
    next(half_read)
    del half_read
    assert [sys.getrefcount(item) for item in items] == before
