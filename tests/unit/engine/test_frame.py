"""A frame is columns of one length under names, whatever table it came from."""

import pickle

import numpy as np
import polars as pl
import pyarrow as pa
import pytest

from engine import Chain, Column, Frame

ROWS = [{"name": "Ada", "age": 36}, {"name": None, "age": 17}]


@pytest.mark.parametrize(
    "table",
    [
        {"name": ["Ada", None], "age": [36, 17]},
        ROWS,
        iter(ROWS),
        pa.table({"name": ["Ada", None], "age": [36, 17]}),
        pa.RecordBatch.from_pylist(ROWS),
        pl.DataFrame(ROWS),
        Frame(ROWS),
    ],
)
def test_every_table_makes_the_same_frame(table):
    frame = Frame(table)
    assert (frame.columns, len(frame), frame.dtypes) == (
        ("name", "age"),
        2,
        {"name": "string", "age": "i64"},
    )
    assert list(frame.to_dicts()) == list(frame) == ROWS
    assert frame.equals(Frame(ROWS))


def test_arrow_tables_and_frames_share_memory_both_ways():
    theirs = pa.table({"x": [1.0, 2.0], "y": ["a", "b"]})
    frame = Frame(theirs)
    back = pa.table(frame)
    assert frame["x"].address == theirs["x"].chunk(0).buffers()[1].address
    assert back["x"].chunk(0).buffers()[1].address == frame["x"].address
    assert back.equals(theirs)
    assert pa.record_batch(frame[1:]).to_pylist() == [{"x": 2.0, "y": "b"}]
    assert pl.DataFrame(frame).rows() == [(1.0, "a"), (2.0, "b")]


def test_columns_outlive_the_frame_and_the_table():
    x = Frame(pa.table({"x": [1, None, 3]}))[1:]["x"]
    assert x.to_list() == [None, 3]


def test_batches_and_slices_of_batches_are_put_end_to_end():
    batch = pa.record_batch({"x": [1, None, 3], "s": ["a", "", None], "b": [True, None, False]})
    table = pa.Table.from_batches([batch[1:], batch[:0], batch, batch[2:]])
    assert list(Frame(table)) == table.to_pylist()
    struct = batch.to_struct_array()[1:]
    assert list(Frame(struct)) == struct.to_pylist()


def test_a_structured_array_is_a_frame():
    rows = np.array([(1, 2.5), (3, 4.5)], [("n", "i4"), ("v", ">f8")])
    assert list(Frame(rows)) == [{"n": 1, "v": 2.5}, {"n": 3, "v": 4.5}]


def test_a_field_that_a_dict_lacks_is_missing():
    assert list(Frame([{"a": 1}, {"b": "x"}])) == [{"a": 1, "b": None}, {"a": None, "b": "x"}]


def test_parts_of_a_frame_are_views():
    frame = Frame({"a": np.arange(4), "b": [1, 2, 3, 4]})
    assert frame[1:]["a"].address == frame["a"].address + 8
    assert frame.select("b").columns == ("b",)
    assert frame.select("a")["a"] is frame["a"]


@pytest.mark.parametrize(
    ("table", "error", "message"),
    [
        ({"a": [1], "b": []}, TypeError, "column 'b': dtype must be given"),
        ({"a": [1], "b": [1, 2]}, ValueError, "equally long"),
        ([{"a": 1}, {"a": "x"}], TypeError, "column 'a': row 1 must be a whole number like row 0, got 'x'"),
        ([{"a": 1}, 7], TypeError, "row 1 must be a dict, got 7"),
        ({1: [1]}, TypeError, "columns must have texts as names, got 1"),
        ("text", TypeError, "a frame must be made of"),
        (np.arange(3), TypeError, "a frame must be made of"),
        (pa.array([1]), TypeError, "got a single column of i64"),
        (pa.array([{"a": 1}, None]), ValueError, "null as a whole"),
    ],
)
def test_what_is_no_table_is_refused(table, error, message):
    with pytest.raises(error, match=message):
        Frame(table)


def test_types_may_be_given_and_names_must_be_known():
    assert Frame({"a": []}, {"a": "i32"}).dtypes == {"a": "i32"}
    with pytest.raises(ValueError, match="dtypes must name columns, got 'b'"):
        Frame({"a": [1]}, {"b": int})
    with pytest.raises(KeyError, match="column must be one of a"):
        Frame({"a": [1]})["b"]


@pytest.mark.parametrize("frame", [Frame({}), Frame([]), Frame({"a": Column([], int)})])
def test_an_empty_frame_has_no_rows(frame):
    assert (len(frame), list(frame)) == (0, [])
    assert pa.table(frame).num_rows == 0


def test_a_chain_of_a_frame_is_of_dicts():
    assert Chain(Frame(ROWS)).map("age").collect() == [36, 17]
    records = Chain.records(Frame(ROWS))
    assert (records.collect(), records.size_hint()) == (ROWS, (2, 2))


def test_a_frame_survives_a_pickle_and_shows_itself():
    frame = pickle.loads(pickle.dumps(Frame(ROWS)))  # noqa: S301 (our own)
    assert frame.equals(Frame(ROWS))
    assert repr(frame) == "Frame(2 rows; name: string, age: i64)"
