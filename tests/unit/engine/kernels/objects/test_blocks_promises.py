"""What blocks promise whatever they compute: order, memory, and records that others change meanwhile."""

from __future__ import annotations

import gc
import sys
import tracemalloc
import weakref
from decimal import Decimal

import pytest

from engine.errors import ReentrantError
from engine.expr import Expr, as_callable, block_code_of, it
from engine.kernels.objects.blocks import Blocks
from engine.kernels.objects.place import Trail


def blocks(items, *steps):
    ready = [
        (verb, block_code_of(key), as_callable(key) if isinstance(key, Expr) else key, f"step {number}")
        for number, (verb, key) in enumerate(steps)
    ]
    return Blocks(items, tuple(ready), Trail())


class Acting:
    """A record whose property does something."""

    def __init__(self, act):
        self.act = act

    @property
    def x(self):
        return self.act()


class Plain:
    def __init__(self, x):
        self.x = x


def test_each_item_is_computed_when_it_is_asked_for():
    items = [{"a": 1}, {"a": 2}, {"a": 3}]
    running = blocks(items, ("map", it["a"] * 10))
    assert next(running) == 10
    items[1]["a"] = 5
    items.append({"a": 6})
    del items[2]
    assert list(running) == [50, 60]


def test_the_end_stays_the_end():
    items = [{"a": 1}]
    running = blocks(items, ("map", "a"))
    assert list(running) == [1]
    items.append({"a": 2})
    assert list(running) == []
    assert running.drain() == []
    assert (running.count(), running.sum()) == (0, 0)
    running.close()


def test_a_closed_run_gives_nothing_and_holds_nothing():
    items = [{"a": 1}, {"a": 2}]
    before = sys.getrefcount(items)
    running = blocks(items, ("map", "a"))
    next(running)
    running.close()
    assert list(running) == []
    assert sys.getrefcount(items) == before


def test_what_is_left_can_be_taken_at_once():
    items = [{"a": number} for number in range(1000)]
    running = blocks(items, ("filter", it["a"] > 2), ("map", "a"))
    assert next(running) == 3
    assert running.drain() == list(range(4, 1000))


@pytest.mark.parametrize("take", [Blocks.drain, Blocks.count, Blocks.sum, list])
def test_a_list_emptied_by_a_property_ends(take):
    items = [Plain(1) for _ in range(600)]
    items[300] = Acting(lambda: items.clear() or 7)
    taken = take(blocks(items, ("map", it.x)))
    assert taken in ([1] * 300 + [7], 301, 307)


@pytest.mark.parametrize("take", [Blocks.drain, Blocks.count, Blocks.sum, list])
def test_a_property_that_pulls_from_its_own_run_is_refused(take):
    running = []
    items = [Acting(lambda: next(running[0])), Plain(1)]
    running.append(blocks(items, ("map", it.x)))
    with pytest.raises(ReentrantError):
        take(running[0])


def test_a_property_that_closes_its_own_run_is_refused():
    running = []
    running.append(blocks([Acting(lambda: running[0].close())], ("map", it.x)))
    with pytest.raises(ReentrantError):
        running[0].drain()


def test_stop_iteration_from_a_property_does_not_look_like_the_end():
    def stop():
        raise StopIteration("early")

    with pytest.raises(RuntimeError, match="a callback raised StopIteration"):
        list(blocks([Plain(1), Acting(stop)], ("map", it.x)))


def test_a_class_that_gets_a_property_meanwhile_is_asked_for_it():
    class Changing:
        def __init__(self):
            self.y = 1

    def change():
        Changing.y = property(lambda self: 2, lambda self, value: None)
        return 0

    items = [*(Changing() for _ in range(256)), Acting(change), *(Changing() for _ in range(600))]
    items[256].y = 0
    running = blocks(items, ("filter", it.y.not_().and_(it.x).or_(True)), ("map", it.y))
    assert running.drain() == [1] * 256 + [0] + [2] * 600


def test_a_dict_whose_keys_run_code_can_not_crash():
    items = []

    class Evil:
        def __hash__(self):
            return hash("x")

        def __eq__(self, other):
            items.clear()
            return False

    class Open:
        pass

    for number in range(300):
        record = Open()
        record.__dict__[Evil()] = 1
        record.__dict__["x"] = [number]
        items.append(record)
    blocks(items, ("map", it.x)).drain()
    fields = [{Evil(): 1, "x": number} for number in range(3)]
    assert blocks(fields, ("map", it["x"] + 1)).drain() == [1, 2, 3]


def test_a_sum_grows_out_of_64_bits():
    items = [{"a": 2**62, "b": -(2**62)} for _ in range(1000)]
    assert blocks(items, ("map", it["a"])).sum() == 1000 * 2**62
    assert blocks(items, ("map", it["b"])).sum(5) == 5 - 1000 * 2**62
    assert blocks(items, ("map", it["a"] * 8)).sum() == 1000 * 2**65


@pytest.mark.parametrize("start", [0, 5, 2**70, True])
@pytest.mark.parametrize("cast", [int, Decimal, float, bool])
def test_a_sum_is_the_one_of_the_builtin_at_any_start(start, cast):
    values = [cast(number) for number in range(1000)]
    added, expected = blocks(values, ("map", it)).sum(start), sum(values, start)
    assert (type(added), added) == (type(expected), expected)


def test_floats_are_added_as_the_builtin_adds_them():
    values = [1e100, *([0.1, 3, True, -1e100] * 200), 2.5, 10**30]
    assert blocks(values, ("map", it)).sum() == sum(values)


def test_adding_texts_is_refused_as_the_builtin_refuses_it():
    with pytest.raises(TypeError) as expected:
        sum(["a"])
    with pytest.raises(TypeError) as caught:
        blocks([{"s": "a"}], ("map", it["s"] + "b")).sum()
    assert str(caught.value) == str(expected.value)


def test_values_that_change_records_when_added_change_the_sum():
    items = [{"a": 1} for _ in range(3)]

    class Money:
        def __radd__(self, other):
            items[2]["a"] = 100
            return other

    items[1]["a"] = Money()
    assert blocks(items, ("map", it["a"])).sum() == 101


def test_the_same_objects_come_out():
    items = [{"a": 10**20 + number} for number in range(300)]
    values = blocks(items, ("filter", it["a"] > 3), ("map", "a"), ("filter", it > 5)).drain()
    assert all(value is item["a"] for value, item in zip(values, items, strict=True))
    kept = blocks(items, ("filter", it["a"] % 2 == 0)).drain()
    assert all(left is right for left, right in zip(kept, items[::2], strict=True))


def take_every_way(items, steps):
    blocks(items, *steps).drain()
    list(blocks(items, *steps))
    blocks(items, *steps).count()
    next(blocks(items, *steps), None)


STEPS = [
    [("filter", it["a"] > 1.5), ("map", it["a"])],
    [("map", it["b"].or_(it["a"])), ("filter", it)],
    [("filter", it["a"].is_not_none().and_(it["b"].contains("z"))), ("map", it["b"])],
    [("map", it["b"] + "é"), ("filter", it > "x"), ("map", it.upper())],
    [("map", it["a"] * 10**30), ("filter", it % 2 == 0), ("map", -it)],
    [("map", it["a"].is_in([1.0, 2.0])), ("map", it.or_("x"))],
]


FAILING = [[("map", it["none"])], [("map", it["a"] + it["b"])], [("map", it["b"].upper()), ("map", it / 0)]]


def counted(held):
    gc.collect()  # errors and the frames they passed through are cycles
    return [sys.getrefcount(thing) for thing in held]


def many_records():
    items = [{"a": float(number), "b": f"text {number}"} for number in range(600)]
    return items, [*items, *(item["a"] for item in items), *(item["b"] for item in items)]


@pytest.mark.parametrize("steps", STEPS, ids=str)
def test_no_reference_is_left_behind(steps):
    items, held = many_records()
    before = counted(held)
    for _ in range(3):
        take_every_way(items, steps)
    assert counted(held) == before


@pytest.mark.parametrize("steps", FAILING, ids=str)
@pytest.mark.parametrize("take", [Blocks.drain, Blocks.count, Blocks.sum, list])
def test_no_reference_is_left_behind_by_an_error(take, steps):
    items, held = many_records()
    before = counted(held)
    for _ in range(3):
        with pytest.raises((KeyError, TypeError)):
            take(blocks(items, *steps))
    assert counted(held) == before


def test_no_reference_to_what_has_attributes_is_left_behind():
    items = [Plain(object()) for _ in range(600)]
    before = [sys.getrefcount(item) + sys.getrefcount(item.x) for item in items]
    for _ in range(3):
        take_every_way(items, [("filter", it.x.is_not_none()), ("map", it.x)])
        with pytest.raises(AttributeError):
            take_every_way(items, [("map", it.y)])
    gc.collect()
    assert [sys.getrefcount(item) + sys.getrefcount(item.x) for item in items] == before


def test_memory_does_not_grow_with_use():
    items = [{"a": 2.0, "b": "some text"} for _ in range(600)]
    tracemalloc.start()
    try:
        for _ in range(3):
            take_every_way(items, STEPS[1])
        gc.collect()
        before = tracemalloc.get_traced_memory()[0]
        for _ in range(20):
            take_every_way(items, STEPS[1])
        gc.collect()
        assert tracemalloc.get_traced_memory()[0] - before < 20_000
    finally:
        tracemalloc.stop()


def test_a_cycle_through_a_run_is_collected():
    class Held(dict):
        pass

    item = Held()
    gone = weakref.ref(item)
    item["run"] = blocks([item], ("map", "a"))
    del item
    gc.collect()
    assert gone() is None


def test_the_collector_is_left_as_it_was_found():
    blocks([{"a": 1}, {}], ("filter", it["a"].or_(1) == 1)).close()
    with pytest.raises(KeyError):
        blocks([{"a": 1}, {}], ("filter", it["a"] == 1)).drain()
    assert gc.isenabled()
    gc.disable()
    try:
        blocks([{"a": 1}], ("filter", it["a"] == 1)).drain()
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_blocks_are_made_of_lists_and_tuples_only():
    with pytest.raises(TypeError, match="a list or tuple, got generator"):
        blocks((item for item in ()), ("map", "a"))
