"""Aggregates of runs and of groups."""

from __future__ import annotations

import itertools
import tracemalloc
import weakref
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference import objects as reference

from engine.errors import PlanError
from engine.kernels.objects.aggregates import agg_groups, agg_runs
from engine.kernels.objects.place import Place
from engine.kernels.objects.stream import Trail


def agg_runs_listed(*given):
    return list(agg_runs(*given))


both = pytest.mark.parametrize(
    ("kernel", "plain"),
    [(agg_runs_listed, reference.aggregated_runs), (agg_groups, reference.aggregated_groups)],
    ids=["runs", "groups"],
)
every_source = pytest.mark.parametrize("source", [list, tuple, iter], ids=["list", "tuple", "iterator"])
every_access = pytest.mark.parametrize(
    "access", [("key", "value"), ("key", lambda item: item["value"])], ids=["field", "callable"]
)


class Whole(int):
    """An int whose sum is Python code."""

    def __add__(self, other):
        return Whole(int(self) + int(other))

    __radd__ = __add__


NAN = float("nan")
whole = st.integers() | st.sampled_from([2**63 - 1, -(2**63), 2**62, 10**30]) | st.booleans()
real = st.floats() | st.sampled_from([NAN, -0.0, 1e308, 0.1, 2.0**53])
text = st.text(max_size=2)
exact = st.fractions() | st.integers(-9, 9) | st.integers(-9, 9).map(Whole)
numbers = st.one_of(
    *(st.lists(st.tuples(st.integers(0, 2), value), max_size=30) for value in (whole, real, exact))
)
mixed_numbers = st.lists(st.tuples(st.integers(0, 2), st.integers(-(2**70), 2**70) | real), max_size=30)
anything = st.lists(
    st.tuples(st.integers(0, 2), st.one_of(whole, real, text, st.none(), st.binary(max_size=1)))
)


sources = st.sampled_from([list, tuple, iter])
times = st.sampled_from([1, 1, 40])


def records_of(drawn):
    return [{"key": key, "value": value} for key, value in drawn]


@both
@every_access
@settings(max_examples=3 * settings.default.max_examples)
@given(source=sources, drawn=numbers | mixed_numbers, repeated=times)
def test_aggregates_of_numbers_equal_the_reference(kernel, plain, access, source, drawn, repeated):
    key, value = access
    items = records_of(drawn * repeated)
    asked = (("count", None), ("sum", value), ("mean", value), ("min", value), ("max", value))
    assert outcome(kernel, source(items), key, asked) == outcome(plain, items, key, asked)


@both
@every_access
@given(source=sources, drawn=anything, repeated=times)
def test_aggregates_of_anything_equal_the_reference(kernel, plain, access, source, drawn, repeated):
    key, value = access
    items = records_of(drawn * repeated)
    asked = (("first", value), ("last", value), ("list", value), ("set", value), ("count", value))
    assert outcome(kernel, source(items), key, asked) == outcome(plain, items, key, asked)


@both
@every_access
@given(source=sources, drawn=st.lists(st.tuples(st.integers(0, 2), text)))
def test_the_least_and_greatest_text_equal_the_reference(kernel, plain, access, source, drawn):
    key, value = access
    items = records_of(drawn)
    asked = (("min", value), ("max", value))
    assert outcome(kernel, source(items), key, asked) == outcome(plain, items, key, asked)


def outcome(function, *given):
    """What a function gives, or the type of what it raises, as text: 1 is not 1.0 there."""
    try:
        return repr([(key, *map(ordered, values)) for key, values in function(*given)])
    except (TypeError, OverflowError) as error:
        return type(error).__name__


def ordered(value):
    return sorted(map(repr, value)) if isinstance(value, set) else value


@both
@pytest.mark.parametrize("how", sorted(reference.AGGREGATES))
@pytest.mark.parametrize("spec", [1, -1, None, lambda item: item[1]])
def test_values_are_found_by_position_and_call(kernel, plain, how, spec):
    items = [(serial // 3, serial) for serial in range(9)]
    asked = ((how, 1 if spec is None else spec),)
    assert kernel(items, 0, asked) == plain(items, 0, asked)


@both
@pytest.mark.parametrize("size", [1, 255, 256, 257, 258, 513, 1000])
@pytest.mark.parametrize("odd", [None, 0, 254, 255, 256, 511, 999])
def test_blocks_do_not_show(kernel, plain, size, odd):
    values = [Fraction(serial, 3) if serial == odd else serial for serial in range(size)]
    items = [{"key": serial // 300, "value": value} for serial, value in enumerate(values)]
    asked = (("sum", "value"), ("max", "value"), ("count", None), ("list", "value"))
    assert kernel(items, "key", asked) == plain(items, "key", asked)


@both
def test_no_aggregates_are_empty_tuples(kernel, plain):
    assert kernel([1, 1, 2], None, ()) == [(1, ()), (2, ())]
    assert kernel([], None, (("sum", None),)) == []


@both
def test_a_sum_of_many_bits_is_exact(kernel, plain):
    items = [2**63 - 1] * 1000 + [-(2**63)] * 3
    assert kernel(items, lambda _: 0, (("sum", None),)) == [(0, (sum(items),))]
    assert kernel([(0, item) for item in items], 0, (("sum", 1),)) == [(0, (sum(items),))]


@both
def test_equal_values_give_the_first_of_them(kernel, plain):
    items = [(0, value) for value in (1, True, 1.0, Decimal(1))]
    assert repr(kernel(items, 0, (("min", 1), ("max", 1), ("first", 1)))) == "[(0, (1, 1, 1))]"


@both
def test_a_nan_that_comes_first_stays_the_least(kernel, plain):
    items = [(0, NAN), (0, 1.0), (1, 1.0), (1, NAN)]
    assert repr(kernel(items, 0, (("min", 1), ("max", 1)))) == "[(0, (nan, nan)), (1, (1.0, 1.0))]"


@both
def test_every_nan_is_one_value_of_a_set(kernel, plain):
    items = [(0, float("nan")) for _ in range(3)]
    assert repr(kernel(items, 0, (("set", 1),))) == "[(0, ({nan},))]"


@both
@every_source
@pytest.mark.parametrize(
    ("bad", "error"),
    [
        ({"key": 0, "value": "text"}, TypeError),
        ({"key": 0}, KeyError),
        ({"value": 0}, KeyError),
        ({"key": [], "value": 1}, TypeError),
    ],
)
@pytest.mark.parametrize("position", [0, 1, 299])
def test_an_error_says_step_and_item(kernel, plain, source, bad, error, position):
    items = [{"key": 0, "value": 1} for _ in range(300)]
    items[position] = bad
    asked = (("count", None), ("sum", "value"), ("set", "key"))
    with pytest.raises(error) as raised:
        kernel(source(items), "key", asked, Place("step", Trail()))
    assert raised.value.__notes__ == [f"in step, item {position}: {bad!r}"]


@both
def test_an_unhashable_value_of_a_set_is_named(kernel, plain):
    with pytest.raises(TypeError, match="a value of set must be hashable, got list"):
        kernel([(0, [])], 0, (("set", 1),))


def test_an_unhashable_key_of_a_group_is_named():
    with pytest.raises(TypeError, match="a key of group_by must be hashable, got list"):
        agg_groups([[]], None, ())


@pytest.mark.parametrize("kernel", [agg_runs, agg_groups])
def test_an_unknown_aggregate_is_refused_at_once(kernel):
    with pytest.raises(PlanError, match=r"an aggregate must be one of count, .*, got 'median'"):
        kernel([], None, (("median", None),))


def test_a_run_is_given_one_item_after_it():
    source = itertools.count()
    runs = agg_runs(source, lambda number: number // 3, (("sum", None),))
    assert next(runs) == (0, (3,))
    assert next(source) == 4


@both
def test_items_are_not_held(kernel, plain):
    class Item:
        key = 0

    alive = weakref.WeakSet()
    most = []

    def source():
        for _ in range(10):
            item = Item()
            alive.add(item)
            yield item
            del item
            most.append(len(alive))

    kernel(source(), lambda item: item.key, (("count", None), ("sum", lambda item: item.key)))
    assert max(most) <= 2


@pytest.mark.parametrize("kernel", [agg_runs_listed, agg_groups])
def test_memory_does_not_grow_with_the_items(kernel):
    asked = (("count", None), ("sum", 1), ("mean", 1), ("min", 1), ("max", 1), ("first", 1), ("last", 1))
    tracemalloc.start()
    try:
        kernel(((0, serial) for serial in range(50_000)), 0, asked)
        assert tracemalloc.get_traced_memory()[1] < 200_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "change", [list.clear, list.reverse, lambda items: items.extend(items[:3]), list.pop]
)
def test_a_list_changed_between_two_runs_is_read_as_its_iterator_reads_it(change):
    def seen(view):
        items = [{"key": serial // 3 % 4, "value": serial} for serial in range(30)]
        found = []
        for run in agg_runs(view(items), "key", (("list", "value"), ("sum", "value"))):
            found.append(run)
            if len(found) in {2, 4}:
                change(items)
        return found

    assert seen(lambda items: items) == seen(iter)


@both
def test_a_value_that_empties_the_list_can_not_crash(kernel, plain):
    class Emptying(int):
        def __radd__(self, other):
            items.clear()
            return other

    items = [{"key": 0, "value": Emptying(serial) if serial == 5 else serial} for serial in range(600)]
    assert kernel(items, "key", (("sum", "value"), ("list", "value")))
