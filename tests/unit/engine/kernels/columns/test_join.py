"""Joins of keys, held against a dict of lists."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference import columns as reference
from reference.arrays import FLOAT, WHOLE, array_of, arrays, arrays_of

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
