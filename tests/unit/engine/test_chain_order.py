"""Cuts and orders give what their plain references give, lazily, eagerly and again."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import Chain
from engine.errors import LengthError, PlanError
from tests.reference import steps_order as reference
from tests.reference.agreement import Reader, agree

numbers = st.lists(st.integers(-4, 4), max_size=30)
few = st.lists(st.integers(-4, 4), max_size=6)
small = st.integers(0, 6)


def is_even(n):
    return n % 2 == 0


@given(numbers, small)
def test_cuts_from_the_end(items, n):
    agree(Chain(items).take_last(n), reference.take_last(items, n))
    agree(Chain(items).skip_last(n), reference.skip_last(items, n))


@given(numbers, small, st.none() | small, st.integers(1, 4))
def test_slices_are_those_of_a_list(items, start, stop, step):
    agree(Chain(items).slice(start, stop, step), items[start:stop:step])


@given(numbers, st.integers(1, 5))
def test_every_nth_item(items, n):
    agree(Chain(items).step_by(n), items[::n])


@given(numbers)
def test_cuts_by_a_predicate(items):
    agree(Chain(items).take_while(is_even, inclusive=True), reference.take_while_inclusive(items, is_even))
    agree(Chain(items).positions(is_even), reference.positions(items, is_even))


@given(st.lists(st.none() | st.integers(0, 2), max_size=20))
def test_while_some_ends_before_the_first_none(items):
    agree(Chain(items).while_some(), reference.while_some(items))


@given(numbers, st.integers(0, 40))
def test_padding(items, n):
    agree(Chain(items).pad_to(n, None), reference.pad_to(items, n, None))


@given(numbers, st.integers(1, 3))
def test_rounds(items, n):
    agree(Chain(items).cycle(n), items * n)


@given(numbers)
def test_reverse(items):
    agree(Chain(items).reverse(), items[::-1])


@given(numbers, st.integers())
def test_a_shuffle_is_that_of_its_seed(items, seed):
    expected = list(items)
    random.Random(seed).shuffle(expected)  # noqa: S311 (repeatable, no secret)
    agree(Chain(items).shuffle(seed), expected)


@given(few, st.integers(0, 4))
def test_choices(items, k):
    agree(Chain(items).combinations(k), reference.combinations(items, k))
    agree(
        Chain(items).combinations(k, replacement=True),
        reference.combinations_repeating(items, k),
    )
    agree(Chain(items).permutations(k), reference.permutations(items, k))
    agree(Chain(items).powerset(), reference.powerset(items))


def test_a_slice_reads_nothing_behind_its_last_item():
    reader = Reader()
    assert Chain(reader).slice(1, 10, 4).collect() == [1, 5, 9]
    assert reader.read == 10
    reader = Reader()
    assert Chain(reader).slice(0, 10, 4).collect() == [0, 4, 8]
    assert reader.read == 9


def test_an_empty_slice_reads_nothing():
    reader = Reader()
    assert Chain(reader).slice(3, 3).collect() == []
    assert reader.read == 0


def test_an_inclusive_take_while_closes_the_source_after_its_last_item():
    reader = Reader()
    assert Chain(reader).take_while(lambda n: n < 2, inclusive=True).collect() == [0, 1, 2]
    assert (reader.read, reader.closed) == (3, True)


def test_the_exclusive_take_while_is_fused():
    assert "objects.stream" in Chain([1]).take_while(bool).explain()


def test_cycle_reads_the_source_once():
    reader = Reader(3)
    assert Chain(reader).cycle().take(8).collect() == [0, 1, 2, 0, 1, 2, 0, 1]
    assert reader.read == 3


def test_cycle_of_nothing_ends():
    assert Chain(Reader(0)).cycle().take(3).collect() == []


def test_exact_chunks_name_what_is_left():
    chain = Chain.range(5).chunks(2, exact=True)
    assert chain.take(2).collect() == [[0, 1], [2, 3]]
    with pytest.raises(LengthError, match="2 items, got 1 left"):
        chain.collect()


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda chain: chain.take_last(-1), "n must be a whole number of at least 0, got -1"),
        (lambda chain: chain.slice(-1), "start must be a whole number of at least 0, got -1"),
        (lambda chain: chain.slice(0, 5, 0), "step must be a whole number of at least 1, got 0"),
        (lambda chain: chain.cycle(0), "n must be a whole number of at least 1, got 0"),
        (lambda chain: chain.shuffle(1.5), "seed must be a whole number or a text, got 1.5"),
        (lambda chain: chain.combinations(-1), "k must be a whole number of at least 0, got -1"),
        (lambda chain: chain.positions(None), "predicate must be"),
    ],
)
def test_a_wrong_argument_is_refused_when_built(build, message):
    with pytest.raises(PlanError, match=message):
        build(Chain([1]))
