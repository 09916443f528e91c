"""The column functions: what goes in, what is refused, what comes out."""

import subprocess
import sys

import numpy as np
import pytest

from engine import columns
from engine.errors import PlanError
from engine.kernels.columns.arrays import is_column


def test_importing_the_engine_does_not_import_numpy():
    code = "import sys, engine, engine.columns, engine.threads; sys.exit('numpy' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], check=False)  # noqa: S603 (our own interpreter)
    assert ran.returncode == 0


def test_only_numpy_arrays_are_columns():
    assert is_column(np.arange(3))
    assert [is_column(value) for value in ([1], (1,), "1", 1, np.int64(1), None)] == [False] * 6


@pytest.mark.parametrize("value", [[1, 2], None, memoryview(b"12")])
def test_what_is_no_array_is_refused_by_its_type(value):
    with pytest.raises(TypeError, match=f"array must be a NumPy array, got {type(value).__name__}"):
        columns.chunk_by(value)


def test_a_masked_array_is_refused_because_its_mask_would_be_lost():
    with pytest.raises(TypeError, match="without a mask"):
        columns.chunk_by(np.ma.masked_array([1, 2], [True, False]))


@pytest.mark.parametrize("dtype", ["f2", "c16", "O", "U3", "S3", "V3", "longdouble"])
def test_an_array_of_a_type_without_a_kernel_is_refused_by_its_type(dtype):
    with pytest.raises(TypeError, match=f"keys must be of type bool, .* got {np.dtype(dtype)}"):
        columns.group_by(np.zeros(3, dtype))


@pytest.mark.parametrize("shape", [(), (2, 2), (0, 2)])
def test_an_array_that_is_not_one_dimensional_is_refused(shape):
    with pytest.raises(ValueError, match=f"right keys must have one dimension, got {len(shape)}"):
        columns.join(np.arange(3), np.zeros(shape))


def test_merging_into_an_array_gives_that_array():
    out = np.empty(4)
    assert columns.kmerge(np.array([1.0, 3.0]), np.array([2.0, 4.0]), out=out) is out
    assert out.tolist() == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("out", "error", "message"),
    [
        ([0, 0], TypeError, "out must be a NumPy array, got list"),
        (np.empty(2, "f4"), TypeError, "out must be of type float64, got float32"),
        (np.empty(2, ">f8"), TypeError, "out must be of type float64, got >f8"),
        (np.empty(3), PlanError, r"out must have the shape \(2,\), got \(3,\)"),
        (np.empty((1, 2)), PlanError, "shape"),
        (np.empty(4)[::2], PlanError, "contiguous"),
        (np.broadcast_to(0.0, 2), PlanError, "writeable"),
    ],
)
def test_merging_into_what_can_not_take_the_result_is_refused(out, error, message):
    with pytest.raises(error, match=message):
        columns.kmerge(np.array([1.0]), np.array([2.0]), out=out)


def test_merging_into_an_input_is_refused():
    whole = np.array([1.0, 3.0, 2.0, 4.0])
    with pytest.raises(PlanError, match="got memory of input 1"):
        columns.kmerge(np.array([0.0, 0.0]), whole[2:], out=whole)


def test_merging_nothing_is_refused():
    with pytest.raises(PlanError, match="at least one array"):
        columns.kmerge()


def test_merging_arrays_of_two_types_names_both():
    with pytest.raises(TypeError, match="input 0 is int64, input 2 is int32"):
        columns.kmerge(np.arange(2), np.arange(2), np.arange(2, dtype="i4"))


def test_joining_whole_numbers_with_floats_names_both():
    with pytest.raises(TypeError, match="left is int64, right is float64"):
        columns.join(np.arange(2), np.arange(2.0))


def test_joining_times_of_two_units_names_both():
    with pytest.raises(TypeError, match=r"left is datetime64\[s\], right is datetime64\[ms\]"):
        columns.join(np.zeros(1, "M8[s]"), np.zeros(1, "M8[ms]"))


def test_an_unknown_kind_of_join_is_refused():
    with pytest.raises(PlanError, match=r"how must be one of inner, .* got 'cross'"):
        columns.join(np.arange(2), np.arange(2), how="cross")


def test_an_unknown_aggregate_is_refused():
    with pytest.raises(PlanError, match=r"aggregate must be one of sum, .* got 'median'"):
        columns.group_by(np.arange(2)).agg(x=(np.arange(2), "median"))


def test_values_of_another_length_than_the_keys_are_refused():
    with pytest.raises(PlanError, match="values of 'x' must have 2 elements, got 3"):
        columns.group_by(np.arange(2)).agg(x=(np.arange(3), "sum"))


def test_an_aggregate_can_not_take_the_name_of_the_keys():
    with pytest.raises(PlanError, match='named "key"'):
        columns.group_by(np.arange(2)).agg(key=(np.arange(2), "sum"))


@pytest.mark.parametrize(("dtype", "how"), [("M8[s]", "sum"), ("M8[s]", "mean"), ("m8[s]", "mean")])
def test_aggregates_without_a_meaning_for_times_are_refused(dtype, how):
    with pytest.raises(TypeError, match=f"no {how} of"):
        columns.group_by(np.arange(2)).agg(x=(np.zeros(2, dtype), how))


def test_the_unit_of_times_is_kept():
    days = np.array(["2024-01-01", "2024-01-01", "NaT"], "M8[D]")
    assert columns.chunk_by(days).values.dtype == days.dtype
    assert columns.kmerge(days[:2], days[2:]).dtype == days.dtype
    assert columns.group_by(days).agg(last=(days, "last"))["last"].dtype == days.dtype
