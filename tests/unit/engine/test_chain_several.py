"""Steps over several inputs give what their plain references give, lazily, eagerly and again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import Chain
from engine.errors import LengthError, NotSortedError, PlanError
from tests.reference import steps_several as reference
from tests.reference.agreement import Reader, agree

numbers = st.lists(st.integers(-4, 4), max_size=20)
ordered = numbers.map(sorted)
offsets = st.tuples(st.integers(0, 4), st.integers(0, 4))
HOWS = ["inner", "left", "right", "outer", "semi", "anti"]


def halved(n):
    return n // 2


@given(numbers, numbers, offsets)
def test_inputs_side_by_side(items, other, starts):
    agree(Chain(items).zip_longest(other, fill="-"), reference.zip_longest(items, other, "-"))
    agree(Chain(items).zip_offset(other, offsets=starts), reference.zip_offset(items, other, starts))
    agree(Chain(items).zip_eq(items[::-1]), [(items[i], items[-1 - i]) for i in range(len(items))])


@given(numbers, numbers, numbers)
def test_inputs_in_turn(items, other, another):
    inputs = [items, other, another]
    agree(Chain(items).interleave(other, another), reference.interleave_longest(inputs))
    agree(
        Chain(items).interleave(other, another, stop="shortest"),
        reference.interleave_shortest(inputs),
    )


@given(ordered, ordered)
def test_sorted_inputs_aligned(items, other):
    agree(Chain(items).merge_align(other), reference.merge_align(items, other, lambda n: n))
    agree(Chain(items).merge_align(other, halved), reference.merge_align(items, other, halved))


@given(ordered, ordered, st.sampled_from(HOWS))
def test_sorted_inputs_joined(items, other, how):
    agree(
        Chain(items).merge_join(other, on=halved, how=how),
        reference.merge_join(items, other, halved, how),
    )


@given(ordered, ordered, st.sampled_from(HOWS))
def test_a_merge_join_has_the_rows_of_a_join(items, other, how):
    left, right = list(enumerate(items)), list(enumerate(other))
    merged = Chain(left).merge_join(right, on=1, how=how).collect()
    hashed = Chain(left).join(right, on=1, how=how).collect()
    assert sorted(merged, key=repr) == sorted(hashed, key=repr)


@pytest.mark.parametrize(("how", "rows"), [("inner", 0), ("left", 1), ("outer", 2), ("anti", 1)])
def test_a_key_that_is_none_meets_nothing_in_a_merge_join(how, rows):
    assert Chain([None]).merge_join([None], on=None, how=how).count() == rows


def test_nan_comes_last_and_meets_itself():
    nan, other = float("nan"), float("nan")
    assert Chain([1.0, nan]).merge_join([other], on=None).collect() == [(nan, other)]


def test_two_keys_of_a_merge_join():
    rows = Chain([{"id": 1}]).merge_join([(1, "x")], on="id", other_on=0).collect()
    assert rows == [({"id": 1}, (1, "x"))]


@pytest.mark.parametrize(("left", "right", "side"), [([2, 1], [3], "left"), ([3], [2, 1], "right")])
def test_input_out_of_order_is_an_error(left, right, side):
    with pytest.raises(NotSortedError, match=f"the {side} side must be sorted by its key, got 1 after 2"):
        Chain(left).merge_align(right).collect()
    with pytest.raises(NotSortedError, match=side):
        Chain(left).merge_join(right, on=None, how="outer").collect()


def test_a_merge_join_reads_one_run_of_each_side_and_the_item_after_it():
    left, right = Reader(), Reader(make=lambda n: n // 10)
    rows = iter(Chain(left).merge_join(right, on=None))
    assert next(rows) == (0, 0)
    assert (left.read, right.read) == (2, 11)


def test_an_inner_merge_join_ends_with_the_right_side():
    left, right = Reader(), Reader(2)
    assert Chain(left).merge_join(right, on=None).collect() == [(0, 0), (1, 1)]
    assert (left.read, left.closed, right.closed) == (4, True, True)


@pytest.mark.parametrize(("items", "short"), [([1], 1), ([1, 2, 3], 2)])
def test_zip_eq_says_which_input_was_short_and_after_how_many(items, short):
    with pytest.raises(LengthError, match=rf"got {min(len(items), 2)} items from input {short} of 2"):
        Chain(items).zip_eq(["a", "b"]).collect()


@pytest.mark.parametrize(
    "build",
    [
        lambda chain, other: chain.zip_eq(other),
        lambda chain, other: chain.zip_longest(other),
        lambda chain, other: chain.zip_offset(other, offsets=(0, 0)),
        lambda chain, other: chain.interleave(other).skip(1),
        lambda chain, other: chain.merge_align(other),
        lambda chain, other: chain.merge_join(other, on=None),
    ],
)
def test_all_inputs_are_closed_at_an_early_end(build):
    items, other = Reader(), Reader()
    build(Chain(items), other).first()
    assert (items.closed, other.closed) == (True, True)


def test_an_open_file_beside_stays_open(tmp_path):
    path = tmp_path / "lines"
    path.write_text("a\nb\n")
    with path.open() as lines:
        assert Chain.range(2).zip_longest(lines).first() == (0, "a\n")
        assert not lines.closed


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda chain: chain.interleave([], stop="never"), "stop must be longest or shortest, got 'never'"),
        (lambda chain: chain.zip_offset([], offsets=(1,)), "offsets must be 2, one for each input, got 1"),
        (lambda chain: chain.zip_offset([], offsets=(0, -1)), "each offset must be a whole number"),
        (lambda chain: chain.merge_join([], on=0, how="cross"), "how must be one of .*, got 'cross'"),
        (lambda chain: chain.zip_eq(5), "source must be iterable, got 5"),
    ],
)
def test_a_wrong_argument_is_refused_when_built(build, message):
    with pytest.raises(PlanError, match=message):
        build(Chain([1]))
