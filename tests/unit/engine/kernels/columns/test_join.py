"""Joins of keys, held against a dict of lists."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference import columns as reference
from reference.arrays import FLOAT, WHOLE, array_of, arrays, arrays_of

from engine import Column
from engine.columns import join
from engine.kernels.columns import join as kernel

families = st.sampled_from([WHOLE, FLOAT, ["M8[ns]"], ["m8[D]"]])
keys = families.flatmap(lambda dtypes: st.tuples(arrays(dtypes), arrays(dtypes)))
kinds = st.sampled_from(kernel.KINDS)


def pairs_of(rows):
    return list(zip(memoryview(rows[0]), memoryview(rows[1]), strict=True))


@given(keys, kinds)
def test_pairs_are_those_of_the_reference(keys, how):
    assert pairs_of(join(*keys, how)) == reference.join_rows(*keys, how)


@given(keys, kinds)
def test_rows_numbered_in_64_bits_give_what_those_in_32_give(keys, how):
    left, right = keys
    assert pairs_of(kernel.join_rows(left, right, how, narrow_rows=-1)) == reference.join_rows(
        left, right, how
    )


@given(arrays_of("i8"), arrays_of("u8"), kinds)
def test_negative_numbers_match_no_large_unsigned_number(left, right, how):
    assert pairs_of(join(left, right, how)) == reference.join_rows(left, right, how)
    assert pairs_of(join(right, left, how)) == reference.join_rows(right, left, how)


@pytest.mark.parametrize("how", kernel.KINDS)
def test_a_side_may_be_empty(how):
    none, some = np.empty(0, "i8"), np.array([4, 4])
    for left, right in [(none, none), (none, some), (some, none)]:
        assert pairs_of(join(left, right, how)) == reference.join_rows(left, right, how)


def test_row_numbers_are_int64():
    assert [rows.dtype for rows in join(np.arange(2), np.arange(2))] == [np.int64, np.int64]


@pytest.mark.parametrize("how", kernel.KINDS)
@pytest.mark.parametrize("spread", [1, 2**40])
def test_parallel_gives_what_the_reference_gives(how, spread):
    random = np.random.default_rng(3)
    left, right = (random.integers(-3000, 3000, size) * spread for size in (9000, 4000))
    assert pairs_of(kernel.join_rows(left, right, how, grain=50)) == reference.join_rows(left, right, how)


def test_keys_that_differ_only_in_their_high_bits_are_found():
    numbers = np.arange(20_000.0)
    left, right = join(numbers, numbers[::-1])
    assert np.array_equal(left, np.arange(20_000))
    assert np.array_equal(right, left[::-1])


def test_a_join_of_widths_compares_values():
    assert pairs_of(join(np.array([-1, 1], "i1"), np.array([1, 255, -1], "i8"))) == [(0, 2), (1, 0)]
    assert pairs_of(join(array_of([True, False], "?"), np.array([0, 1, 2], "u2"))) == [(0, 1), (1, 0)]


LARGE = 33_000  # right rows, more than one table holds


def distinct(random):
    return random.permutation(LARGE), random.integers(0, 2 * LARGE, 4 * LARGE)


def repeated(random):
    return random.integers(0, LARGE // 3, LARGE), random.integers(0, LARGE, 2 * LARGE)


def all_but_one_equal(random):
    return np.array([1] + [7] * (LARGE - 1)), np.append(random.integers(8, LARGE, 2 * LARGE), [7, 1])


def two_keys(random):
    return random.integers(3, 5, LARGE), np.append(random.integers(8, LARGE, 2 * LARGE), [4, 3, 4])


@pytest.mark.parametrize("how", ["inner", "outer", "semi"])
@pytest.mark.parametrize("keys", [distinct, repeated, all_but_one_equal, two_keys])
def test_keys_in_parts_give_what_the_reference_gives(how, keys):
    right, left = (side * 2.0**40 for side in keys(np.random.default_rng(5)))
    assert pairs_of(join(left, right, how)) == reference.join_rows(left, right, how)


@pytest.mark.parametrize("how", ["outer", "semi"])
def test_keys_in_parts_may_be_nan_or_missing(how):
    random = np.random.default_rng(6)
    left, right = (random.integers(0, LARGE, size) * 2.0**40 for size in (LARGE, LARGE))
    left[3], right[[5, LARGE - 1]] = np.nan, np.nan
    left_gone, right_gone = (set(random.integers(6, LARGE - 1, 5_000).tolist()) for _ in range(2))
    with_gone = [
        Column([None if row in gone else value for row, value in enumerate(side.tolist())])
        for side, gone in ((left, left_gone), (right, right_gone))
    ]
    # Here what is missing has a key of its own on each side, which is how it matches nothing.
    left[list(left_gone)], right[list(right_gone)] = -1.0, -2.0
    found = [[-1 if row is None else row for row in rows.to_list()] for rows in join(*with_gone, how)]
    assert list(zip(*found, strict=True)) == reference.join_rows(left, right, how)


@pytest.mark.parametrize("how", ["inner", "outer"])
def test_signs_are_told_apart_in_parts(how):
    high = np.arange(LARGE, dtype="u8") * 2**40 + np.uint64(2**63)
    left, right = np.append(high, np.uint64(5)), np.append(high.view("i8"), 5)
    assert pairs_of(join(left, right, how)) == reference.join_rows(left, right, how)
