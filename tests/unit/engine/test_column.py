"""A column holds typed values where they already lie, never changes, and knows which are missing."""

import array
import gc
import pickle
import subprocess
import sys
import weakref
from datetime import UTC, datetime

import numpy as np
import pytest

from engine import Chain, Column, chunk_by, group_by, join, kmerge

NUMBERS = ["i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f4", "f8"]


def address_of(values):
    return values.__array_interface__["data"][0]


@pytest.mark.parametrize("dtype", NUMBERS)
def test_numbers_come_from_numpy_and_go_back_without_a_copy(dtype):
    values = np.arange(5, dtype=dtype)
    column = Column(values)
    assert column.address == address_of(values)
    assert address_of(np.asarray(column)) == address_of(column.to_numpy()) == column.address
    assert column.to_numpy().dtype == values.dtype
    assert column.to_list() == values.tolist()


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_timestamps_come_from_numpy_and_go_back_without_a_copy(unit):
    values = np.array(["2026-11-24T15:00", "1969-01-01"], f"M8[{unit}]")
    column = Column(values)
    assert column.dtype == f"timestamp[{unit}]"
    assert address_of(np.asarray(column)) == address_of(values)
    assert column.to_list() == [datetime(2026, 11, 24, 15), datetime(1969, 1, 1)]  # noqa: DTZ001


def test_a_column_keeps_what_it_was_made_of_alive_and_lets_it_go():
    values = np.arange(3)
    dies = weakref.ref(values)
    column = Column(values)
    del values
    part = column[1:]
    del column
    assert part.to_list() == [1, 2]
    assert dies() is not None
    del part
    gc.collect()
    assert dies() is None


def test_what_is_made_of_a_column_keeps_its_memory_alive():
    values = Column(array.array("d", [1.0, 2.0])).to_numpy()
    gc.collect()
    assert values.tolist() == [1.0, 2.0]


@pytest.mark.parametrize("dtype", ["i4", "f8", "M8[us]", "?"])
def test_every_layout_of_an_array_is_read(dtype):
    plain = np.array([0, 1, 0, 1, 1]).astype(dtype)
    room = np.zeros(plain.nbytes + 1, "u1")
    room[1:] = np.frombuffer(plain.tobytes(), "u1")
    layouts = [plain.astype(plain.dtype.newbyteorder(">")), np.repeat(plain, 3)[::3], room[1:].view(dtype)]
    backwards = Column(plain[::-1]).to_list()
    assert [Column(layout).to_list() for layout in layouts] == [Column(plain).to_list()] * 3
    assert backwards == Column(plain).to_list()[::-1]
    assert Column(np.broadcast_to(plain[1], 3)).to_list() == [Column(plain)[1]] * 3


def test_a_read_only_array_is_read_in_place():
    values = np.arange(3)
    values.flags.writeable = False
    assert Column(values).address == address_of(values)


@pytest.mark.parametrize(
    "values", [np.zeros(0, "i4"), b"", array.array("d"), np.zeros(0, "M8[s]"), np.zeros(0, "?")]
)
def test_an_empty_column_has_no_values_and_goes_everywhere(values):
    column = Column(values)
    assert (len(column), column.null_count, column.to_list(), list(column)) == (0, 0, [], [])
    assert column.to_numpy().shape == (0,)
    assert column[0:].equals(column)


@pytest.mark.parametrize("values", [np.array(1), np.zeros((2, 2)), memoryview(b"1234").cast("B", (2, 2))])
def test_only_one_dimension_makes_a_column(values):
    with pytest.raises(ValueError, match="must have one dimension"):
        Column(values)


@pytest.mark.parametrize(
    "values", [np.zeros(2, "f2"), np.zeros(2, "c16"), np.zeros(2, "m8[s]"), np.zeros(2, "M8[D]")]
)
def test_an_array_of_a_type_without_a_column_is_refused(values):
    with pytest.raises(TypeError, match="must"):
        Column(values)


def test_not_a_time_and_masked_values_are_missing_and_nan_is_not():
    assert Column(np.array(["NaT", "1970-01-01"], "M8[s]")).null_count == 1
    assert Column(np.ma.masked_array([1, 2], [True, False])).to_list() == [None, 2]
    assert Column(np.array([np.nan, 1.0])).null_count == 0
    assert Column([None, float("nan")]).is_null().to_list() == [True, False]


def test_a_column_refuses_to_be_written_to():
    column = Column(np.arange(3))
    with pytest.raises(TypeError):
        memoryview(column)[0] = 1
    with pytest.raises(ValueError, match="read-only"):
        column.to_numpy()[0] = 1
    with pytest.raises(TypeError, match="can not be changed"):
        column.__init__([1])


def test_missing_values_are_refused_masked_or_made_nan():
    column = Column([1.5, None])
    with pytest.raises(ValueError, match="the column has 1"):
        np.asarray(column)
    with pytest.raises(BufferError, match="nulls"):
        memoryview(column)
    assert column.to_numpy(missing="mask").tolist() == [1.5, None]
    assert np.isnan(column.to_numpy(missing="nan")).tolist() == [False, True]


def test_a_copy_is_made_or_refused_as_asked():
    column = Column([1, 2])
    assert address_of(column.to_numpy(copy=True)) != column.address
    assert address_of(column.to_numpy(copy=False)) == column.address
    with pytest.raises(ValueError, match="copy must not be False"):
        Column([True]).to_numpy(copy=False)
    assert np.asarray(Column(["a", "b"])).tolist() == ["a", "b"]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([1, "a"], "row 1 must be a whole number like row 0, got 'a'"),
        ([None, True, 1], "row 2 must be bool like row 1, got 1"),
        ([1, object], "row 1 must be"),
        ([None], "dtype must be given"),
        ([], "dtype must be given"),
        ("text", "iterable of values"),
        ({"a": 1}, "iterable of values"),
    ],
)
def test_values_that_make_no_column_are_refused_by_row_and_value(values, message):
    with pytest.raises(TypeError, match=message):
        Column(values)


@pytest.mark.parametrize(
    ("values", "dtype"),
    [
        ([0, 128], "i8"),
        ([0, -1], "u64"),
        ([0, 2**53 + 1], "f64"),
        ([0, 1e300], "f32"),
        (["", "\ud800"], str),
    ],
)
def test_a_value_that_does_not_fit_is_refused_by_row(values, dtype):
    with pytest.raises(ValueError, match="row 1 must"):
        Column(values, dtype)


def test_types_are_told_from_all_values():
    assert Column([1, 2.5, None]).dtype == "f64"
    assert Column([True, None]).dtype == "bool"
    assert Column(["é", None]).dtype == "string"
    assert Column([datetime(2026, 1, 1, tzinfo=UTC)]).dtype == "timestamp[us, UTC]"


def test_slices_are_views_and_items_are_values():
    column = Column(np.arange(10))
    assert column[2:5].address == column.address + 16
    assert (column[-1], column[2:5][1], column[5:2].to_list()) == (9, 3, [])
    with pytest.raises(IndexError):
        column[10]
    with pytest.raises(ValueError, match="step"):
        column[::2]


def test_equality_sees_types_values_and_nulls():
    assert Column([1.0, None, float("nan"), 0.0]).equals(Column([1.0, None, float("nan"), -0.0]))
    assert not Column([1, None]).equals(Column([1, 0]))
    assert not Column([1]).equals(Column([1], "i32"))
    assert Column(["x", "a", None])[1:].equals(Column(["a", None]))


@pytest.mark.parametrize(
    "values", [[1, None], [True, False, None], ["a", None, "é"], [datetime(2026, 1, 1, tzinfo=UTC)]]
)
def test_a_column_survives_a_pickle(values):
    assert pickle.loads(pickle.dumps(Column(values))).equals(Column(values))  # noqa: S301 (our own)


def test_a_repr_tells_no_value():
    column = Column(["<b>secret", None])
    assert repr(column) == "Column(string, 2 values, 1 null)"


def test_the_column_functions_take_columns():
    column = Column(np.array([1, 1, 2]))
    assert chunk_by(column).lengths.to_list() == [2, 1]
    assert len(group_by(column)) == 2
    assert kmerge(column, Column([0])).to_list() == [0, 1, 1, 2]
    assert join(column, Column([2]))[0].to_list() == [2]
    assert group_by(Column(["a", None, "a"])).keys.to_list() == ["a", None]
    with pytest.raises(ValueError, match="must have no nulls, got 1"):
        kmerge(np.arange(2), Column([1, None]))
    assert kmerge(Column(["b"]), Column(["a"])).to_list() == ["a", "b"]


def test_a_chain_of_a_column_is_of_python_values_and_runs_again():
    chain = Chain(Column([1, None, 3]))
    assert chain.collect() == chain.collect() == [1, None, 3]
    assert chain.size_hint() == (3, 3)


def test_importing_the_engine_loads_no_column():
    code = "import sys, engine; engine.Chain([1]).collect(); sys.exit('engine.columns' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0  # noqa: S603 (our own interpreter)


def test_a_column_needs_no_numpy():
    code = "import sys, engine; engine.Column([1, None]).to_list(); sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0  # noqa: S603 (our own interpreter)
