"""Groups anywhere in the input."""

from __future__ import annotations

import weakref
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference import objects as reference

from engine.kernels.objects.group import collect_groups, count_keys, fold_groups, reduce_groups
from engine.kernels.objects.place import Place
from engine.kernels.objects.stream import Trail

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


@given(st.lists(keys))
def test_reducing_equals_the_reference(values):
    items = [(value, serial) for serial, value in enumerate(values)]
    assert repr(reduce_groups(items, 0, max_serial)) == repr(reference.reduced(items, 0, max_serial))


def max_serial(best, item):
    return max(best, item, key=lambda one: one[1])


def test_a_group_of_one_is_reduced_without_a_step():
    assert reduce_groups([1, 2], None, lambda one, other: 1 / 0) == {1: 1, 2: 2}


def test_counts_equal_what_a_counter_says():
    text = "consecutive items with equal keys"
    assert list(count_keys(iter(text)).items()) == list(Counter(text).items())


@pytest.mark.parametrize(
    "kernel", [count_keys, lambda items: fold_groups(items, None, int, lambda one, _: one)]
)
def test_items_are_let_go_when_they_are_counted(kernel):
    class Item:
        def __eq__(self, other):
            return True

        def __hash__(self):
            return 1

    alive = weakref.WeakSet()
    most = []

    def source():
        for _ in range(10):
            item = Item()
            alive.add(item)
            yield item
            del item
            most.append(len(alive))

    kernel(source())
    assert max(most) <= 2


@pytest.mark.parametrize(
    "kernel",
    [
        lambda items, place: fold_groups(items, None, int, lambda _, item: 1 / (item - 2), place),
        lambda items, place: reduce_groups(items, lambda _: 0, lambda _, item: 1 / (item - 2), place),
    ],
)
def test_an_error_of_a_step_has_its_place(kernel):
    with pytest.raises(ZeroDivisionError) as raised:
        kernel(range(5), Place("step", Trail()))
    assert raised.value.__notes__ == ["in step, item 2: 2"]


def test_an_unhashable_key_in_a_list_of_plain_keys_is_named():
    with pytest.raises(TypeError, match="a key of group_by must be hashable, got list") as raised:
        count_keys([1, 2, []], None, Place("step", Trail()))
    assert raised.value.__notes__ == ["in step, item 2: []"]
