"""Kernels on columns, in which values are missing, held against lists with None."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference import tables as reference

from engine import Column
from engine.columns import chunk_by, group_by, join, kmerge, kmerge_index
from engine.errors import NotSortedError
from engine.kernels.columns import merge, take

quick = settings(max_examples=20)
kinds = st.sampled_from(["inner", "left", "right", "outer", "semi", "anti"])
hows = st.sampled_from(["sum", "count", "non_null", "min", "max", "mean", "first", "last"])


def same(found, expected):
    return [reference.key_of(value) for value in found] == [reference.key_of(value) for value in expected]


def wrapped(total, kind):
    """A whole sum in 64 bits, as the kernels keep it."""
    low = total % 2**64
    return low - 2**64 if kind != "u" and low >= 2**63 else low


def expected(values, rows, how):
    listed = values.to_list()
    made = [reference.aggregate([listed[row] for row in part], how) for part in rows]
    return (
        [wrapped(total, values.kind) for total in made] if how == "sum" and values.kind in "biu" else made
    )


@quick
@given(reference.columns())
def test_runs_are_those_of_the_reference(column):
    starts, lengths, values = chunk_by(column)
    assert (starts.to_list(), lengths.to_list()) == reference.runs_of(column.to_list())
    assert same(values, [column[start] for start in starts])


def keyed(draw):
    keys = draw(reference.columns())
    return keys, draw(reference.columns(reference.NUMBERS, len(keys)))


tables = st.composite(keyed)()


@quick
@given(tables, hows)
def test_aggregates_of_groups_are_those_of_the_reference(table, how):
    keys, values = table
    made = group_by(keys).agg(x=(values, how))
    rows = reference.groups_of(keys.to_list())
    assert same(made["key"], [keys[part[0]] for part in rows])
    assert made["x"].to_list() == pytest.approx(expected(values, rows, how), nan_ok=True)


@quick
@given(tables, hows)
def test_aggregates_of_runs_are_those_of_the_reference(table, how):
    keys, values = table
    starts, lengths = reference.runs_of(keys.to_list())
    rows = [range(start, start + length) for start, length in zip(starts, lengths, strict=True)]
    made = chunk_by(keys).agg(x=(values, how))["x"]
    assert made.to_list() == pytest.approx(expected(values, rows, how), nan_ok=True)


@pytest.mark.parametrize("dtype", ["i4", "f4", "u8", "f8", "?"])
@pytest.mark.parametrize("longest", [1, 4, 30, 3000])
def test_sums_of_runs_of_every_length_are_those_of_numpy(dtype, longest):
    random = np.random.default_rng(longest)
    lengths = random.integers(1, longest + 1, 1 + 150_000 // longest)
    keys = np.repeat(np.arange(len(lengths)), lengths)
    values = random.integers(0, 100, len(keys)).astype(dtype)
    runs = chunk_by(keys)
    found = runs.agg(x=(values, "sum"))["x"]
    assert np.array_equal(found, np.add.reduceat(values, runs.starts, dtype=found.dtype))
    gaps = Column(np.ma.MaskedArray(values, keys % 3 == 0))
    there = np.where(keys % 3 == 0, 0, values)
    assert (
        runs.agg(x=(gaps, "sum"))["x"].to_list()
        == np.add.reduceat(there, runs.starts, dtype=found.dtype).tolist()
    )


def test_infinite_and_missing_numbers_stay_in_their_run():
    runs = chunk_by(np.array([1, 1, 2, 2, 3]))
    sums = runs.agg(x=(np.array([math.inf, 1, 2, 3, math.nan]), "sum"))["x"]
    np.testing.assert_array_equal(sums, [math.inf, 5, math.nan])


def test_starts_that_are_none_are_refused():
    runs = chunk_by(np.array([1, 1, 2]))
    for starts in ([0, 0], [1, 2], [0, 7]):
        with pytest.raises(ValueError, match="values"):
            runs._replace(starts=np.array(starts)).agg(x=(np.zeros(3), "sum"))


@quick
@given(tables)
def test_variances_are_those_of_numpy(table):
    keys, values = table
    made = group_by(keys).agg(var=(values, "var"), std=(values, "std"))
    listed = values.to_list()
    parts = [
        np.array([listed[row] for row in rows if listed[row] is not None], "f8")
        for rows in reference.groups_of(keys.to_list())
    ]
    with np.errstate(all="ignore"):
        wanted = [part.var(ddof=1) if len(part) > 1 else math.nan for part in parts]
    assert made["var"].null_count == made["std"].null_count == sum(len(part) < 2 for part in parts)
    np.testing.assert_allclose(made["var"].to_numpy(missing="nan"), wanted, rtol=1e-6)
    np.testing.assert_allclose(made["std"].to_numpy(missing="nan"), np.sqrt(wanted), rtol=1e-6)


@quick
@given(
    reference.columns().flatmap(lambda left: st.tuples(st.just(left), reference.columns([left.dtype]))),
    kinds,
)
def test_joins_are_those_of_the_reference(sides, how):
    left, right = sides
    rows = list(zip(*(part.to_list() for part in join(left, right, how)), strict=True))
    keys = ([(value,) for value in side.to_list()] for side in sides)
    assert rows == reference.pairs_of(*keys, how)


def in_order(column):
    values = sorted((value for value in column if value is not None), key=reference.rank_of)
    return Column(values + [None] * column.null_count, column.dtype)


@quick
@given(
    st.sampled_from(reference.NUMBERS).flatmap(
        lambda dtype: st.lists(reference.columns_of(dtype), min_size=1, max_size=4)
    )
)
def test_merges_are_those_of_the_reference(columns):
    inputs = [in_order(column) for column in columns]
    merged = kmerge(*inputs)
    whole = [value for column in inputs for value in column]
    rows = reference.order_of([whole], descending=[False], nulls="last")
    assert merged.dtype == columns[0].dtype
    assert same(merged, [whole[row] for row in rows])


@quick
@given(
    st.sampled_from(reference.NUMBERS).flatmap(
        lambda dtype: st.lists(reference.columns_of(dtype), min_size=1, max_size=4)
    )
)
def test_places_in_the_merged_order_are_those_of_the_reference(columns):
    inputs = [in_order(column) for column in columns]
    places = [(which, position) for which, column in enumerate(inputs) for position in range(len(column))]
    rows = reference.order_of(
        [[value for column in inputs for value in column]], descending=[False], nulls="last"
    )
    which, position = kmerge_index(*inputs)
    assert list(zip(which, position, strict=True)) == [places[row] for row in rows]


def test_merged_timestamps_keep_their_zone_and_missing_ones_come_last():
    times = reference.column_of([1, 5, None], "timestamp[us]")
    merged = kmerge(times, times)
    assert (merged.dtype, merged.null_count, merged[:2].equals(times[:1]), merged[0]) == (
        times.dtype,
        2,
        False,
        times[0],
    )
    assert merged.to_list()[-2:] == [None, None]


def test_a_value_after_a_missing_one_is_refused_by_its_place():
    with pytest.raises(NotSortedError, match="input 1 must be sorted, got 3 after None at position 2"):
        kmerge(Column([1]), Column([2, None, 3]))


def test_places_have_room_for_so_many_inputs():
    with pytest.raises(OverflowError, match="inputs must be at most 2, got 3"):
        merge.merge_index([Column([1])] * 3, most=2)
    which, position = kmerge_index(Column([1, 4]), Column([2]))
    assert (which.to_list(), position.to_list()) == ([0, 1, 0], [0, 0, 1])


def test_places_have_room_for_inputs_of_so_many_elements():
    assert merge.LONGEST_INPUT * merge.MOST_INPUTS == 2**64
    with pytest.raises(OverflowError, match="inputs must have at most 2 elements, got 3"):
        merge.merge_index([Column([1]), Column([1, 2, 3])], longest=2)
    which, _ = merge.merge_index([Column([1]), Column([1, 2, 3])], longest=3)
    assert len(which) == 4


@quick
@given(reference.columns(), st.data())
def test_taken_values_are_those_of_the_rows(column, data):
    rows = data.draw(st.lists(st.integers(-1, len(column) - 1), max_size=70))
    made = Column(take.take_rows(column, Column(rows, int)))
    assert made.dtype == column.dtype
    assert same(made, [None if row < 0 else column[row] for row in rows])


def test_a_row_that_there_is_not_is_refused():
    with pytest.raises(IndexError, match="rows must be less than 2, got 2"):
        take.take_rows(Column([1, 2]), Column([0, 2]))


def test_negative_zero_is_the_key_zero_and_limits_are_kept():
    keys = Column([0.0, -0.0, None, math.nan, None, math.nan])
    assert group_by(keys).agg(n=(keys, "count"))["n"].to_list() == [2, 2, 2]
    limits = Column([-(2**63), None, 2**63 - 1])
    made = group_by(Column([1, 1, 1])).agg(low=(limits, "min"), high=(limits, "max"), total=(limits, "sum"))
    assert [made[name][0] for name in ("low", "high", "total")] == [-(2**63), 2**63 - 1, -1]
