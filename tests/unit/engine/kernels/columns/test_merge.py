"""Merges of sorted arrays, held against a sort by value and place."""

from contextlib import nullcontext

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference import columns as reference
from reference.arrays import EVERY, array_of, arrays_of

from engine.columns import kmerge, kmerge_index
from engine.errors import NotSortedError
from engine.kernels.columns import merge


def sorted_arrays(dtype):
    return st.lists(arrays_of(dtype, 30).map(np.sort), min_size=1, max_size=6)


inputs = st.sampled_from(EVERY).flatmap(sorted_arrays)


@given(inputs)
def test_merged_places_are_those_of_the_reference(arrays):
    which, position = kmerge_index(*arrays)
    assert list(zip(which.tolist(), position.tolist(), strict=True)) == reference.merge_places(arrays)
    assert (which.dtype, position.dtype) == (np.int32, np.int64)


@given(inputs)
def test_merged_values_are_bit_for_bit_those_at_the_merged_places(arrays):
    expected = [arrays[which][position] for which, position in reference.merge_places(arrays)]
    assert kmerge(*arrays).tobytes() == np.array(expected, arrays[0].dtype).tobytes()


@given(inputs, st.integers(1, 40))
def test_small_segments_give_what_one_segment_gives(arrays, segment_size):
    whole, cut = (np.empty(sum(map(len, arrays)), arrays[0].dtype) for _ in range(2))
    merge.merge(arrays, whole)
    merge.merge(arrays, cut, segment_size=segment_size)
    assert whole.tobytes() == cut.tobytes()
    for one, many in zip(merge.merge_index(arrays), merge.merge_index(arrays, segment_size), strict=True):
        assert list(memoryview(one)) == list(memoryview(many))


@pytest.mark.parametrize("dtype", EVERY)
@pytest.mark.parametrize("k", [1, 2, 7, 64])
def test_large_arrays_merge_as_numpy_sorts(dtype, k):
    numbers = np.random.default_rng(k).integers(0, 2**16, 200_000)
    whole = array_of(
        numbers % 2 if dtype == "?" else numbers.astype("u1" if dtype.endswith("1") else "u2"), dtype
    )
    merged = kmerge(*[np.sort(part) for part in np.array_split(whole, k)])
    assert merged.tobytes() == np.sort(whole).tobytes()


def test_many_equal_elements_stay_in_the_order_of_their_inputs():
    which, position = kmerge_index(*[np.zeros(50_000) for _ in range(3)])
    assert np.array_equal(which, np.repeat([0, 1, 2], 50_000))
    assert np.array_equal(position, np.tile(np.arange(50_000), 3))


@given(st.sampled_from(EVERY).flatmap(lambda dtype: arrays_of(dtype, 8)))
def test_input_is_refused_exactly_when_a_sort_would_change_it(array):
    ranks = [reference.rank_of(value) for value in reference.ticks(array)]
    descents = [i for i in range(1, len(ranks)) if ranks[i] < ranks[i - 1]]
    found = (
        pytest.raises(NotSortedError, match=f"input 0 .* at position {descents[0]}$")
        if descents
        else nullcontext()
    )
    with found:
        kmerge(array)


@pytest.mark.parametrize("position", [1, 1023, 1024, 1025, 150_000, 299_999])
def test_the_first_descent_of_a_long_input_is_found(position):
    late = np.arange(300_000)
    late[position:] -= 2
    late[-1:] -= 1
    with pytest.raises(NotSortedError, match=rf"input 1 must be sorted, .* at position {position}$"):
        kmerge(np.arange(3), late)


@pytest.mark.parametrize("dtype", EVERY)
def test_unsorted_input_that_is_not_checked_keeps_its_elements(dtype):
    halves = np.random.default_rng(1).integers(0, 2, (2, 100_000)).astype("u1")
    arrays = [array_of(half, dtype) for half in halves]
    assert np.sort(kmerge(*arrays, check=False)).tobytes() == np.sort(np.concatenate(arrays)).tobytes()
