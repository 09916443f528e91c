"""Hash joins with the meaning of SQL."""

from __future__ import annotations

import gc
import itertools
import json
import sys
from decimal import Decimal
from fractions import Fraction
from operator import itemgetter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference import objects as reference

from engine.errors import PlanError
from engine.kernels.objects.join import HOWS, NULLS, collect_joined, iter_joined
from engine.kernels.objects.place import Place, Trail


def here():
    return Place("join(here)", Trail())


keys = st.sampled_from([0, 1, 2, True, 1.0, float("nan"), -float("nan"), None, "a", "b", (1, "a")])
sides = st.lists(keys, max_size=12).map(lambda found: [(key, serial) for serial, key in enumerate(found)])


every_how = pytest.mark.parametrize("how", HOWS)
hows = st.sampled_from(HOWS)
any_nulls = st.sampled_from(NULLS)


@every_how
@given(nulls=any_nulls, left=sides, right=sides)
def test_joining_equals_the_reference(how, nulls, left, right):
    expected = repr(reference.joined(left, right, 0, 0, how, nulls))
    assert repr(list(iter_joined(iter(left), iter(right), 0, 0, how, nulls))) == expected
    assert repr(list(iter_joined(left, right, 0, 0, how, nulls))) == expected
    assert repr(collect_joined(left, right, 0, 0, how, nulls)) == expected
    assert repr(collect_joined(iter(left), tuple(right), 0, 0, how, nulls)) == expected


def first(item):
    return item[0]


@pytest.mark.parametrize(
    ("left_key", "right_key"), [(first, 0), (0, first), (first, first), (0, itemgetter(0))]
)
@given(how=hows, left=sides, right=sides)
def test_a_callable_key_on_either_side_equals_the_reference(how, left_key, right_key, left, right):
    expected = repr(reference.joined(left, right, 0, 0, how))
    assert repr(collect_joined(left, right, left_key, right_key, how)) == expected
    assert repr(list(iter_joined(iter(left), right, left_key, right_key, how))) == expected


@given(
    how=st.sampled_from(["inner", "left", "right", "outer", "cross"]),
    nulls=any_nulls,
    left=sides,
    right=sides,
)
def test_select_combines_the_sides_without_a_pair(how, nulls, left, right):
    expected = repr([[a, b] for a, b in reference.joined(left, right, 0, 0, how, nulls)])

    def both(a, b):
        return [a, b]

    assert repr(collect_joined(left, right, 0, 0, how, nulls, both)) == expected
    assert repr(list(iter_joined(left, iter(right), 0, 0, how, nulls, both))) == expected


@every_how
def test_many_records_join_as_the_reference_does(how):
    left = json.loads(json.dumps([{"a": i, "key": f"key{i * 7 % 60}"} for i in range(150)]))
    right = json.loads(json.dumps([{"key": f"key{i + 30}", "b": i} for i in range(50)]))
    expected = reference.joined(left, right, "key", "key", how)
    assert collect_joined(left, right, "key", "key", how) == expected
    assert list(iter_joined(iter(left), right, "key", "key", how)) == expected


small = st.integers(-3, 8)


@given(
    how=hows,
    nulls=any_nulls,
    left=st.lists(
        st.one_of(keys, small, st.sampled_from([Decimal(1), Fraction(2), 2.5, 2**70, -(2**40)])),
        max_size=12,
    ),
    right=st.lists(st.one_of(small, st.sampled_from([0, 1, None])), max_size=12),
)
def test_integers_on_the_right_meet_whatever_equals_them(how, nulls, left, right):
    expected = repr(reference.joined(left, right, None, None, how, nulls))
    assert repr(collect_joined(left, right, None, None, how, nulls)) == expected
    assert repr(list(iter_joined(left, right, None, None, how, nulls))) == expected


@every_how
@pytest.mark.parametrize("step", [1, 7, 1000, 2**31, 2**62])
def test_integers_near_and_far_join_as_the_reference_does(how, step):
    left = [number * 7 % 40 * step for number in range(60)]
    right = [(number * 3 % 30 - 5) * step for number in range(45)]
    expected = reference.joined(left, right, None, None, how)
    assert collect_joined(left, right, None, None, how) == expected
    assert list(iter_joined(left, right, None, None, how)) == expected


def test_an_error_of_equality_with_an_integer_reaches_the_caller():
    with pytest.raises(OSError, match="boom"):
        collect_joined([1, AlwaysBoom()], [3, 2, 1], None, None)


class Text(str):
    """A key that is a str, but whose equality may be anything."""

    __slots__ = ()


class ByName(dict):
    """A record that is a dict, but not exactly."""


@every_how
def test_records_that_are_not_quite_dicts_join_as_the_reference_does(how):
    left = [
        {"key": 1},
        ByName(key=2),
        {Text("key"): Text("x")},
        {"other": 0, "key": "x"},
        {"key": (2, float("nan"))},
    ]
    right = [ByName(key="x"), {"key": 1.0}, {"key": True}, {"key": (2, float("nan"))}]
    expected = repr(reference.joined(left, right, "key", "key", how))
    assert repr(collect_joined(left, right, "key", "key", how)) == expected
    assert repr(list(iter_joined(left, right, "key", "key", how))) == expected


def test_a_key_of_the_left_side_may_change_the_right_side():
    right = [{"key": f"text {number}"} for number in range(100)]

    def key(item):
        for record in right:
            record.clear()
        right.clear()
        return item

    assert collect_joined(["text 5", "text 7"], right, key, "key") == [("text 5", {}), ("text 7", {})]


def test_a_record_that_reads_its_field_by_code_may_change_the_right_side():
    class Emptying(dict):
        def __getitem__(self, name):
            right.clear()
            return 1

    right = [{"key": number} for number in range(100)]
    assert collect_joined([{"key": 1}, Emptying()], right, "key", "key") == []


def test_select_may_change_both_sides():
    left, right = [{"key": 1}] * 50, [{"key": 1}]

    def select(one, other):
        left.clear()
        right.clear()
        return one["key"] + other["key"]

    assert collect_joined(left, right, "key", "key", "inner", "skip", select) == [2] * 50


def test_a_record_changed_while_the_left_side_streams_keeps_its_key():
    right = [{"key": f"text {number}"} for number in range(3)]
    lazy = iter_joined(["text 0", "text 1", "text 2"], right, None, "key")
    assert next(lazy) == ("text 0", {"key": "text 0"})
    for record in right:
        record["key"] = None
    right.clear()
    assert [match for _, match in lazy] == [{"key": None}, {"key": None}]


def notes_of(act):
    with pytest.raises(OSError, match="boom") as raised:
        act()
    return raised.value.__notes__


def boom(*_):
    raise OSError("boom")


def boom_at_five(item):
    return boom() if item == 5 else item


joins = pytest.mark.parametrize(
    "join", [collect_joined, lambda *given: list(iter_joined(*given))], ids=["eager", "lazy"]
)


@joins
def test_an_error_of_a_key_says_its_side_and_item(join):
    assert notes_of(lambda: join([4, 5], [1], boom_at_five, None, "inner", "skip", None, here())) == [
        "in join(here), item 1: 5"
    ]
    assert notes_of(lambda: join([4, 5], [3, 4, 5], None, boom_at_five, "inner", "skip", None, here())) == [
        "in join(here), right side, item 2: 5"
    ]


@joins
def test_an_error_of_equality_says_its_item(join):
    assert notes_of(lambda: join([0, AlwaysBoom()], [1], None, None, "inner", "skip", None, here())) == [
        "in join(here), item 1: AlwaysBoom"
    ]
    right = [0, 1, AlwaysBoom()]
    assert notes_of(lambda: join([5], right, None, None, "inner", "skip", None, here())) == [
        "in join(here), right side, item 2: AlwaysBoom"
    ]


@joins
def test_an_error_of_select_says_its_item(join):
    assert notes_of(lambda: join([4, 5], [5], None, None, "inner", "skip", boom, here())) == [
        "in join(here), item 1: 5"
    ]
    assert notes_of(lambda: join([], [7], None, None, "right", "skip", boom, here())) == [
        "in join(here), right side, item 0: 7"
    ]


@joins
def test_a_cross_join_asks_for_no_keys(join):
    assert join([[1]], [{}, 2], boom, boom, "cross") == [([1], {}), ([1], 2)]


def test_stop_iteration_from_select_does_not_look_like_the_end():
    def select(one, other):
        raise StopIteration("early")

    for join in (collect_joined, lambda *given: list(iter_joined(*given))):
        with pytest.raises(RuntimeError, match="a callback raised StopIteration"):
            join([1], [1], None, None, "inner", "skip", select)


def test_no_reference_is_left_behind():
    left, right = [(key, object()) for key in "aab"], [(key, object()) for key in "abc"]
    before = [sys.getrefcount(item) for item in (*left, *right)]
    for how in HOWS:
        collect_joined(left, right, 0, 0, how)
        collect_joined(left, right, first, 0, how)
        half_read = iter_joined(left, right, 0, 0, how)
        next(half_read, None)
        half_read.close()
        list(iter_joined(left, right, 0, 0, how))
    with pytest.raises(OSError, match="boom"):
        collect_joined(left, right, 0, 0, "inner", "skip", boom)
    del half_read
    gc.collect()
    assert [sys.getrefcount(item) for item in (*left, *right)] == before


def test_the_left_side_streams():
    left = itertools.count()
    lazy = iter_joined(left, [1, 3], None, None, "inner")
    assert list(itertools.islice(lazy, 2)) == [(1, 1), (3, 3)]
    assert next(left) == 4


def test_the_right_side_is_read_at_the_first_pull():
    right = iter([1])
    lazy = iter_joined([1], right, None, None, "inner")
    assert next(right) == 1
    assert list(lazy) == []


@pytest.mark.parametrize(
    ("left", "right", "message"),
    [
        ([[1]], [1], "a key of the left side must be hashable, got list"),
        ([1], [{}], "a key of the right side must be hashable, got dict"),
        ([(1, [])], [1], "a key of the left side must be hashable, got tuple"),
    ],
)
def test_an_unhashable_key_is_named_with_its_side(left, right, message):
    with pytest.raises(TypeError, match=message):
        collect_joined(left, right, None, None, "inner")


class AlwaysBoom:
    def __hash__(self):
        return 1

    def __eq__(self, other):
        raise OSError("boom")

    def __repr__(self):
        return "AlwaysBoom"


class Broken:
    def __hash__(self):
        return 1

    def __eq__(self, other):
        raise OSError("no equality")


@pytest.mark.parametrize(("left", "right"), [([Broken()], [1]), ([1], [Broken(), Broken()])])
def test_an_error_of_equality_reaches_the_caller(left, right):
    with pytest.raises(OSError, match="no equality"):
        collect_joined(left, right, None, None, "inner")


class NoHash:
    def __hash__(self):
        raise TypeError("my own error")


@pytest.mark.parametrize(("left", "right"), [([NoHash()], [1]), ([1], [NoHash()])])
def test_an_error_of_hash_reaches_the_caller(left, right):
    with pytest.raises(TypeError, match="my own error"):
        collect_joined(left, right, None, None, "inner")


def test_an_unknown_way_to_join_is_refused_at_once():
    with pytest.raises(PlanError, match=r"how must be one of inner, left, .*, got 'full'"):
        iter_joined([], [], None, None, "full")


def test_an_unknown_way_to_treat_nulls_is_refused_at_once():
    with pytest.raises(PlanError, match="nulls must be one of skip, match, got 'keep'"):
        iter_joined([], [], None, None, "inner", "keep")


@pytest.mark.parametrize("how", ["semi", "anti"])
def test_select_without_pairs_is_refused_at_once(how):
    with pytest.raises(PlanError, match="select must be None where no pairs are made"):
        iter_joined([], [], None, None, how, "skip", first)
