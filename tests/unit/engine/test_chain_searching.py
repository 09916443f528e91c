"""Endings that search or compare read no further than they must."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import Chain, Ok
from engine.errors import EmptyChainError, LengthError, PlanError
from tests.reference import steps_endings as reference
from tests.reference.agreement import Reader, stop

numbers = st.lists(st.integers(-3, 3), max_size=12)
NAN, OTHER_NAN = float("nan"), float("nan")


def halved(n):
    return n // 2


@pytest.mark.parametrize(
    ("search", "answer", "read"),
    [
        (lambda chain: chain.nth(3), 3, 4),
        (lambda chain: chain.find(lambda n: n > 1), 2, 3),
        (lambda chain: chain.find_map(lambda n: n * 2 or None), 2, 2),
        (lambda chain: chain.position(lambda n: n == 4), 4, 5),
        (lambda chain: chain.contains(2), True, 3),
        (lambda chain: chain.exactly_one().is_ok(), False, 2),
        (lambda chain: chain.at_most_one().is_ok(), False, 2),
        (lambda chain: chain.all_equal(), False, 2),
        (lambda chain: chain.all_unique(halved), False, 2),
        (lambda chain: chain.is_sorted(reverse=True), False, 2),
        (lambda chain: chain.equals([0, 1, 9]), False, 3),
        (lambda chain: chain.first_difference([0]).ended, "right", 2),
    ],
)
def test_an_answer_ends_the_reading_and_closes(search, answer, read):
    reader = Reader()
    assert search(Chain(reader)) == answer
    assert (reader.read, reader.closed) == (read, True)


@pytest.mark.parametrize(
    "search",
    [
        lambda chain, **default: chain.nth(5, **default),
        lambda chain, **default: chain.find(lambda n: n > 5, **default),
        lambda chain, **default: chain.find_map(lambda _: None, **default),
        lambda chain, **default: chain.position(lambda n: n > 5, **default),
    ],
)
def test_what_is_not_found_is_an_error_or_the_default(search):
    with pytest.raises(EmptyChainError, match="needs at least one item or a default"):
        search(Chain([1]))
    assert search(Chain([1]), default=None) is None


@pytest.mark.parametrize(
    "search",
    [
        lambda chain: chain.find(stop),
        lambda chain: chain.find_map(stop),
        lambda chain: chain.position(stop),
        lambda chain: chain.all_equal(stop),
        lambda chain: chain.all_unique(stop),
        lambda chain: chain.is_sorted(stop),
    ],
)
def test_a_stop_iteration_of_a_callback_is_no_answer(search):
    with pytest.raises(RuntimeError):
        search(Chain([1, 2]))


def test_fields_and_positions_may_be_asked():
    assert Chain([{"ok": 0}, {"ok": 1}]).find("ok") == {"ok": 1}
    assert Chain(["ab", "cd"]).find_map(1) == "b"


def test_exactly_one_tells_none_from_more():
    assert Chain([7]).exactly_one() == Ok(7)
    assert isinstance(Chain([]).exactly_one().error, EmptyChainError)
    assert "got [1, 2] and perhaps more" in str(Chain([1, 2, 3]).exactly_one().error)


def test_at_most_one_is_none_of_nothing():
    assert Chain([]).at_most_one() == Ok(None)
    assert Chain([7]).at_most_one() == Ok(7)
    assert isinstance(Chain([1, 2]).at_most_one().error, LengthError)


@given(numbers)
def test_all_equal_and_all_unique(items):
    keys = {halved(item) for item in items}
    assert Chain(items).all_equal(halved) == (len(keys) <= 1)
    assert Chain(items).all_unique(halved) == (len(keys) == len(items))


@given(numbers, st.booleans(), st.booleans())
def test_order(items, reverse, strict):
    expected = reference.is_sorted(items, halved, reverse=reverse, strict=strict)
    assert Chain(items).is_sorted(halved, reverse=reverse, strict=strict) == expected


@given(numbers, numbers)
def test_differences(items, other):
    position = reference.first_difference(items, other)
    difference = Chain(items).first_difference(other)
    assert (difference and difference.position) == position
    assert Chain(items).equals(other) == (items == other)


def test_a_difference_shows_both_items_or_which_side_ended():
    assert Chain("ab").first_difference("ax") == (1, "b", "x", None)
    assert Chain("a").first_difference("ax") == (1, None, "x", "left")


def test_nan_follows_the_table_of_keys():
    assert Chain([NAN, OTHER_NAN]).all_equal()
    assert not Chain([NAN, OTHER_NAN]).all_unique()
    assert Chain([1.0, NAN, OTHER_NAN]).is_sorted()
    assert not Chain([NAN, 1.0]).is_sorted()


def test_the_other_side_of_a_comparison_is_closed():
    other = Reader()
    assert not Chain([0, 5]).equals(other)
    assert other.closed


def test_an_endless_chain_can_be_searched():
    assert Chain.iterate(1, lambda n: n * 2).find(lambda n: n > 1_000) == 1_024


def test_a_negative_position_is_refused():
    with pytest.raises(PlanError, match="n must be a whole number of at least 0, got -1"):
        Chain([1]).nth(-1)
