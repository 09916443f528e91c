"""Groups and their aggregates, held against a dict of rows and NumPy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference import columns as reference
from reference.arrays import EVERY, FLOAT, WHOLE, arrays, arrays_of, same

from engine.columns import group_by


def table(dtypes):
    return arrays().flatmap(lambda keys: st.tuples(st.just(keys), edged(keys, dtypes)))


def edged(keys, dtypes):
    long = st.sampled_from(dtypes).flatmap(lambda dtype: arrays_of(dtype, 2 * len(keys) + 2))
    return long.map(
        lambda values: np.resize(values, len(keys)) if len(values) else np.zeros(len(keys), values.dtype)
    )


def expected(keys, values, how, dtype):
    return np.array([reference.aggregate(values, rows, how) for rows in reference.group_rows(keys)], dtype)


@given(arrays())
def test_keys_come_in_the_order_they_are_first_seen(keys):
    firsts = [rows[0] for rows in reference.group_rows(keys)]
    assert group_by(keys).keys.tobytes() == keys[firsts].tobytes()


@given(table(EVERY), st.sampled_from(["min", "max", "first", "last"]))
def test_picked_values_are_those_of_the_reference(columns, how):
    keys, values = columns
    assert same(group_by(keys).agg(x=(values, how))["x"], expected(keys, values, how, values.dtype))


@given(table(EVERY))
def test_counts_are_those_of_the_reference(columns):
    assert same(group_by(columns[0]).agg(x=(columns[1], "count"))["x"], expected(*columns, "count", "i8"))


@given(table([*WHOLE, "m8[D]"]))
def test_whole_sums_wrap_around_as_those_of_numpy(columns):
    keys, values = columns
    dtype = {"u": "u8", "m": values.dtype}.get(values.dtype.kind, "i8")
    assert same(group_by(keys).agg(x=(values, "sum"))["x"], expected(keys, values, "sum", dtype))


@given(table(FLOAT))
@pytest.mark.filterwarnings("ignore:(overflow|invalid value) encountered:RuntimeWarning")
def test_float_sums_are_those_of_numpy_in_float64(columns):
    keys, values = columns
    with np.errstate(all="ignore"):
        sums = expected(keys, values, "sum", "f8")
    np.testing.assert_allclose(group_by(keys).agg(x=(values, "sum"))["x"], sums, rtol=1e-12)


@given(table([*WHOLE, *FLOAT]))
def test_means_are_sums_in_float64_over_counts(columns):
    keys, values = columns
    with np.errstate(all="ignore"):
        means = expected(keys, values.astype("f8"), "mean", "f8")
    np.testing.assert_allclose(group_by(keys).agg(x=(values, "mean"))["x"], means, rtol=1e-9)


@pytest.mark.parametrize("dtype", EVERY)
def test_no_rows_are_no_groups(dtype):
    result = group_by(np.empty(0, dtype)).agg(x=(np.empty(0), "sum"), n=(np.empty(0, "?"), "min"))
    assert [(name, column.dtype, len(column)) for name, column in result.items()] == [
        ("key", np.dtype(dtype), 0),
        ("x", np.dtype("f8"), 0),
        ("n", np.dtype("?"), 0),
    ]


def test_more_groups_than_the_first_table_holds():
    keys = np.random.default_rng(2).permutation(np.repeat(np.arange(30_000) * 2**33, 2))
    grouped = group_by(keys)
    counts = grouped.agg(n=(keys, "count"))["n"]
    assert np.array_equal(np.sort(grouped.keys), np.arange(30_000) * 2**33)
    assert counts.tolist() == [2] * 30_000


@pytest.mark.parametrize("dtype", ["f8", "f4", "i8", "i4", "u1"])
@pytest.mark.parametrize("how", ["sum", "mean", "min", "max"])
def test_conditional_sums_of_the_released_build_are_those_of_numpy(dtype, how):
    """GCC 12 turned such loops into wrong code at -O3 (see CMakeLists.txt); sanitizers do not notice."""
    random = np.random.default_rng(7)
    values = random.integers(0, 100, 100_003).astype(dtype)
    for groups in (1, 2, 3, 16):
        keys = random.integers(0, groups, len(values))
        result = group_by(keys).agg(x=(values, how))
        wide = values.astype("f8")
        assert result["x"].tolist() == pytest.approx(
            [getattr(np, how)(wide[keys == key]) for key in result["key"]], rel=1e-12
        )
