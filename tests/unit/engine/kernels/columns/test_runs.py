"""Runs of equal elements, held against a loop."""

import numpy as np
import pytest
from hypothesis import given
from reference import columns as reference
from reference.arrays import EVERY, array_of, arrays

from engine.columns import chunk_by
from engine.kernels.columns import runs


@given(arrays())
def test_runs_are_those_of_the_reference(array):
    starts, lengths, values = chunk_by(array)
    assert (starts.tolist(), lengths.tolist()) == reference.find_runs(array)
    assert values.tobytes() == array[starts].tobytes()


@pytest.mark.parametrize("dtype", EVERY)
def test_an_empty_array_has_no_runs(dtype):
    starts, lengths, values = chunk_by(np.empty(0, dtype))
    assert (starts.dtype, lengths.dtype, values.dtype) == (np.int64, np.int64, np.dtype(dtype))
    assert len(starts) == len(lengths) == len(values) == 0


@pytest.mark.parametrize("dtype", EVERY)
def test_one_element_is_one_run(dtype):
    assert [part.tolist() for part in chunk_by(array_of([1], dtype))[:2]] == [[0], [1]]


def test_all_nans_are_one_run_and_both_zeros_are_one():
    nans = np.array([0x7FF8000000000000, 0xFFF8000000000001, 0], "u8").view("f8")
    assert chunk_by(nans).starts.tolist() == [0, 2]
    assert chunk_by(np.array([0.0, -0.0, 1.0])).starts.tolist() == [0, 2]


def test_any_true_byte_is_true():
    assert chunk_by(np.array([1, 2, 255, 0], "u1").view("?")).starts.tolist() == [0, 3]


@pytest.mark.parametrize("dtype", EVERY)
@pytest.mark.parametrize("longest", [1, 3, 5000])
def test_parallel_gives_what_serial_gives(dtype, longest):
    lengths = np.random.default_rng(5).integers(1, longest + 1, 3000)[: 200_000 // longest]
    array = array_of(np.repeat(np.arange(len(lengths)) % 2, lengths), dtype)
    serial = runs.find_runs(array, grain=len(array) + 1)
    parallel = runs.find_runs(array, grain=100)
    assert np.array_equal(serial[1], lengths)
    assert [list(memoryview(part)) for part in serial] == [list(memoryview(part)) for part in parallel]
