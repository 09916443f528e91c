"""Hash joins with the meaning of SQL."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference import objects as reference

from engine.errors import PlanError
from engine.kernels.objects.join import HOWS, collect_joined, iter_joined

keys = st.sampled_from([0, 1, 2, True, 1.0, float("nan"), -float("nan"), None, "a", "b", (1, "a")])
sides = st.lists(keys, max_size=12).map(lambda found: [(key, serial) for serial, key in enumerate(found)])


@pytest.mark.parametrize("how", HOWS)
@given(left=sides, right=sides)
def test_joining_equals_the_reference(how, left, right):
    expected = repr(reference.joined(left, right, 0, 0, how))
    assert repr(list(iter_joined(iter(left), iter(right), 0, 0, how))) == expected
    assert repr(collect_joined(left, right, 0, 0, how)) == expected


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
