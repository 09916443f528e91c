"""Blocks give what the plain twin of their steps gives, errors included."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from reference import strategies
from reference.expressions import Failure, passed

from engine.expr import Expr, as_callable, block_code_of, it, node_of
from engine.kernels.objects.blocks import Blocks
from engine.kernels.objects.place import Trail


def blocks(items, *steps):
    ready = [
        (verb, block_code_of(key), as_callable(key) if isinstance(key, Expr) else key, f"step {number}")
        for number, (verb, key) in enumerate(steps)
    ]
    return Blocks(items, tuple(ready), Trail())


def seen(value):
    """The value with its types: 1, 1.0 and True differ, NaN does not from itself, -0.0 does from 0.0."""
    if isinstance(value, list | tuple):
        return (type(value), [seen(part) for part in value])
    return (type(value), repr(value))


def failure_of(error):
    found = re.match(r"in step (\d+), item (\d+): ", error.__notes__[0])
    return Failure(type(error), str(error), int(found[2]), int(found[1]))


def run(take, items, steps):
    """What a way to take all items gives, and the failure that ended it."""
    try:
        return take(blocks(items, *steps)), None
    except Exception as error:
        return None, failure_of(error)


def outcome(compute):
    """What a call gives, with its types, or the text of its TypeError."""
    try:
        return seen(compute())
    except TypeError as error:
        return str(error)


def assert_as_reference(items, steps):
    values, failure = passed(items, [(verb, node_of(key)) for verb, key in steps])
    expected = None if failure else values
    for take in (Blocks.drain, list):
        taken, failed = run(take, items, steps)
        assert failed == failure
        assert seen(taken) == seen(expected)
    counted, failed = run(Blocks.count, items, steps)
    assert failed == failure
    assert counted == (None if failure else len(values))


@pytest.mark.filterwarnings("ignore:Bitwise inversion:DeprecationWarning")
@settings(max_examples=5 * settings.default.max_examples)
@given(st.lists(strategies.records, max_size=6), strategies.steps)
def test_blocks_give_what_the_plain_twin_gives(items, steps):
    assume(all(block_code_of(key) for _, key in steps))
    assert_as_reference(items, steps)


@pytest.mark.filterwarnings("ignore:Bitwise inversion:DeprecationWarning")
@settings(max_examples=6 * settings.default.max_examples)
@given(strategies.tidy_records, strategies.tidy_steps)
def test_blocks_of_like_records_give_what_the_plain_twin_gives(items, steps):
    assume(all(block_code_of(key) for _, key in steps))
    assert_as_reference(items, steps)


@settings(max_examples=2 * settings.default.max_examples)
@given(strategies.objects_alike, strategies.attribute_steps)
def test_blocks_of_objects_give_what_the_plain_twin_gives(items, steps):
    assert_as_reference(items, steps)


@settings(max_examples=3 * settings.default.max_examples)
@given(strategies.tidy_records, st.one_of(strategies.tidy_numbers, strategies.text_expressions))
def test_a_sum_is_the_one_of_the_builtin(items, expression):
    values, failure = passed(items, [("map", node_of(expression))])
    assume(block_code_of(expression) and failure is None)
    assert outcome(blocks(items, ("map", expression)).sum) == outcome(lambda: sum(values))


def not_called(item):
    raise AssertionError(f"the block gave up at {item!r}")


RECORD = {"i": 7, "f": 2.5, "s": " Ab ", "t": "x", "n": None, "d": {"k": [1, 2]}, "p": (3, "q"), "b": True}
COMPUTED = [
    it["i"] * 2 + 1,
    it["i"] % 3 != 0,
    it["i"] // 2 - it["f"],
    it["i"] / 2,
    it["i"] ** 2,
    it["i"] ** 70,
    it["i"] * 2**62 * 2**62,
    it["f"] % 2,
    it["f"] > it["i"],
    -it["i"],
    ~it["i"],
    it["i"].abs(),
    it["f"].round(),
    it["f"].round(1),
    it["b"] & (it["i"] > 3),
    it["i"] << 3,
    it["s"].strip().lower(),
    it["s"] + it["t"],
    it["s"] * 2,
    it["s"].startswith(" A"),
    it["s"].startswith(("x", " ")),
    it["s"].endswith(it["t"]),
    it["s"].replace("A", "b", 1),
    it["s"].len(),
    it["s"][1],
    it["s"][1:3],
    it["s"] < it["t"],
    it["s"] == it["i"],
    it["t"].is_in(["x", "y"]),
    it["i"].is_in({1, 7}),
    it["s"].contains("A"),
    it.contains("s"),
    it["d"].contains("z"),
    it["p"].contains("q"),
    it["d"]["k"][-1] + 1,
    it["d"].len(),
    it["n"].is_none(),
    it["n"].is_not_none().and_(it["n"] > 3),
    it["n"].or_(it["s"]),
    it["n"].or_(it["d"]).len(),
    it["d"].not_(),
    it,
]


@pytest.mark.parametrize("expression", COMPUTED, ids=str)
def test_what_is_meant_for_blocks_is_computed_there(expression):
    step = ("map", block_code_of(expression), not_called, "step")
    items = [dict(RECORD) for _ in range(300)]
    assert Blocks(items, (step,), Trail()).drain() == [as_callable(expression)(item) for item in items]


@pytest.mark.parametrize(
    "make", [strategies.Open, strategies.Closed, strategies.Pair, strategies.Defaulted]
)
def test_attributes_without_code_are_read_in_blocks(make):
    step = ("map", block_code_of(it.x + it.a), not_called, "step")
    items = [make(a=1, x=number) for number in range(300)]
    assert Blocks(items, (step,), Trail()).drain() == list(range(1, 301))


@pytest.mark.parametrize("size", [0, 1, 2, 255, 256, 257, 512, 1000])
def test_any_number_of_records_is_computed(size):
    items = [{"a": number, "s": "x" * (number % 5)} for number in range(size)]
    steps = (("filter", it["a"] % 7 != 3), ("filter", it["s"].len() > 1), ("map", it["a"] * 3))
    expected = [3 * number for number in range(size) if number % 7 != 3 and number % 5 > 1]
    assert blocks(items, *steps).drain() == expected
    assert list(blocks(tuple(items), *steps)) == expected
    assert blocks(items, *steps).count() == len(expected)
    assert blocks(items, *steps).sum() == sum(expected)


@pytest.mark.parametrize("bad", [0, 255, 256, 999])
def test_an_error_arises_at_its_item_after_all_before_it(bad):
    items = [{"a": 1} for _ in range(1000)]
    items[bad] = {"b": 1}
    running = blocks(items, ("map", it["a"] + 1))
    assert [next(running) for _ in range(bad)] == [2] * bad
    with pytest.raises(KeyError, match="'a'") as caught:
        next(running)
    assert caught.value.__notes__ == [f"in step 0, item {bad}: {{'b': 1}}"]
    assert list(running) == []
    with pytest.raises(KeyError) as again:
        blocks(items, ("map", it["a"] + 1)).drain()
    assert again.value.__notes__ == caught.value.__notes__


def test_an_error_after_a_map_shows_what_the_step_was_given():
    with pytest.raises(TypeError) as caught:
        blocks([{"a": None}], ("map", "a"), ("map", it + 1)).drain()
    assert caught.value.__notes__ == ["in step 1, item 0: None"]


def test_records_that_are_no_plain_ones_are_computed_one_by_one():
    items = [{"a": strategies.Number(number)} for number in range(3000)]
    assert blocks(items, ("map", it["a"] + 1)).drain() == [1000] * 3000


def test_fields_beyond_the_first_are_found_when_records_change_their_shape():
    items = [{f"k{number % 9}": 0, "a": number} if number % 3 else {"a": number} for number in range(600)]
    assert blocks(items, ("map", it["a"] + 0)).drain() == list(range(600))


def test_short_circuits_inside_each_other():
    items = [{"a": number % 4, "b": number % 3, "c": number} for number in range(500)]
    expression = it["a"].and_(it["b"].or_(it["c"].and_(it["a"] + it["c"]))).or_("none")
    assert_as_reference(items, [("map", expression)])


@settings(max_examples=2 * settings.default.max_examples)
@given(
    st.lists(st.permutations(["a", "b", "c"]), max_size=3),
    st.lists(st.tuples(*[st.integers(0, 9)] * 3), max_size=20),
)
def test_fields_read_again_are_those_of_the_items_that_are_left(orders, numbers):
    items = [dict(zip("abc", row, strict=True)) for row in numbers]
    steps = [("filter", it[x] + it[y] * it[z] > it[y]) for x, y, z in orders]
    assert_as_reference(items, [*steps, ("map", it["a"] - it["c"] * it["a"]), ("filter", it != 3)])
    assert_as_reference(items, [*steps, ("map", it["b"]), ("map", it + it)])


def test_a_field_read_again_after_a_map_is_that_of_the_new_item():
    items = [{"a": {"a": number, "b": 1}, "b": 2} for number in range(300)]
    steps = [("filter", it["b"] == 2), ("filter", it["b"] != 1), ("map", it["a"]), ("filter", it["b"] == 1)]
    assert_as_reference(items, [*steps, ("filter", it["a"] % 2 == it["b"]), ("map", it["a"])])
