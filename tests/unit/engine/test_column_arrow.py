"""Arrow capsules and DLPack tensors: nothing is copied, nothing is lost, and each is released once."""

import ctypes
import gc
import math
import weakref
from datetime import UTC, datetime

import numpy as np
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Column

TICKS = st.datetimes(datetime(1700, 1, 1), datetime(2200, 1, 1))  # noqa: DTZ001
WIDTHS = {f"i{bits}": (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) for bits in (8, 16, 32, 64)} | {
    f"u{bits}": (0, 2**bits - 1) for bits in (8, 16, 32, 64)
}
VALUES = {
    **{name: st.integers(*bounds) for name, bounds in WIDTHS.items()},
    "f32": st.floats(width=32),
    "f64": st.floats(),
    "bool": st.booleans(),
    "string": st.text(st.characters(codec="utf-8")),
    "timestamp[s]": TICKS.map(lambda at: at.replace(microsecond=0)),
    "timestamp[ms, UTC]": TICKS.map(lambda at: at.replace(microsecond=1000, tzinfo=UTC)),
    "timestamp[us, Europe/Paris]": TICKS.map(lambda at: at.replace(tzinfo=UTC)),
    "timestamp[ns]": TICKS,
}


def is_same(one, other):
    return one == other or (isinstance(one, float) and math.isnan(one) and math.isnan(other))


every_type = pytest.mark.parametrize("dtype", VALUES)


@every_type
@settings(max_examples=30)
@given(data=st.data())
def test_values_come_back_from_arrow_as_they_went(dtype, data):
    values = data.draw(st.lists(st.none() | VALUES[dtype], max_size=80))
    start = data.draw(st.integers(0, len(values)))
    column = Column(values, dtype)
    part = column[start:]
    back = Column(pa.array(part))
    assert part.equals(Column(values[start:], dtype))
    assert back.equals(part)
    assert Column(pa.chunked_array([pa.array(part), pa.array(column)])).equals(
        Column(values[start:] + values, dtype)
    )
    assert (
        back.null_count
        == part.null_count
        == values[start:].count(None)
        == part.is_null().to_list().count(True)
    )
    assert all(map(is_same, back.to_list(), values[start:]))


@every_type
@settings(max_examples=30)
@given(data=st.data())
def test_polars_reads_and_gives_back_what_a_column_holds(dtype, data):
    values = data.draw(st.lists(st.none() | VALUES[dtype], min_size=1, max_size=20))
    column = Column([*values], {"timestamp[s]": "timestamp[ms]"}.get(dtype, dtype))
    assert Column(pl.Series(column)).equals(column)


def test_pyarrow_and_a_column_share_one_address_both_ways():
    theirs = pa.array([1, None, 3, 4])[1:]
    ours = Column(theirs)
    assert ours.address == theirs.buffers()[1].address + 8
    assert ours.to_list() == [None, 3, 4]
    assert pa.array(ours[1:]).buffers()[1].address + 8 * pa.array(ours[1:]).offset == ours[1:].address
    assert pa.chunked_array(ours).chunk(0).buffers()[1].address == theirs.buffers()[1].address


def address_of(values):
    return values.__array_interface__["data"][0]


def test_polars_and_a_column_share_one_address_both_ways():
    theirs = pl.Series([1.0, 2.0, 3.0])
    ours = Column(theirs)
    assert ours.address == address_of(theirs.to_numpy())
    assert address_of(pl.Series(ours).to_numpy()) == ours.address


def test_text_is_shared_with_pyarrow_and_views_are_copied():
    theirs = pa.array(["a", None, "bc"], pa.large_string())
    assert Column(theirs).address == theirs.buffers()[2].address
    long = ["short", None, "longer than twelve bytes", ""] * 3
    assert Column(pa.array(long, pa.string_view())[1:]).to_list() == long[1:]


def test_memory_lives_as_long_as_anyone_reads_it():
    theirs = pa.array(Column(list(range(1000))))
    ours = Column(theirs[10:20])
    del theirs
    gc.collect()
    assert ours.to_list() == list(range(10, 20))


@pytest.mark.parametrize(
    "theirs",
    [
        pa.array([[1]]),
        pa.array([1]).dictionary_encode(),
        pa.array([None]),
        pa.array([b"a"]),
        pa.table({"a": [1]}),
    ],
)
def test_an_arrow_type_without_a_column_is_refused(theirs):
    with pytest.raises(TypeError, match="must be"):
        Column(theirs)


def test_text_that_is_not_utf_8_is_carried_and_refused_when_read():
    raw = pa.py_buffer(b"a\xff")
    offsets = pa.py_buffer(np.array([0, 1, 2], "i4"))
    ours = Column(pa.StringArray.from_buffers(2, offsets, raw))
    assert ours[0] == "a"
    with pytest.raises(ValueError, match="row 1 must be UTF-8"):
        ours.to_list()


class Schema(ctypes.Structure):
    pass


class Array(ctypes.Structure):
    pass


RELEASE_SCHEMA = ctypes.CFUNCTYPE(None, ctypes.POINTER(Schema))
RELEASE_ARRAY = ctypes.CFUNCTYPE(None, ctypes.POINTER(Array))
ADDRESS, TEXT, WHOLE = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int64
Schema._fields_ = [
    ("format", TEXT), ("name", TEXT), ("metadata", TEXT), ("flags", WHOLE), ("n_children", WHOLE),
    ("children", ADDRESS), ("dictionary", ADDRESS), ("release", RELEASE_SCHEMA), ("private_data", ADDRESS),
]  # fmt: skip
Array._fields_ = [
    ("length", WHOLE), ("null_count", WHOLE), ("offset", WHOLE), ("n_buffers", WHOLE),
    ("n_children", WHOLE), ("buffers", ctypes.POINTER(ADDRESS)), ("children", ADDRESS),
    ("dictionary", ADDRESS), ("release", RELEASE_ARRAY), ("private_data", ADDRESS),
]  # fmt: skip
capsule_of = ctypes.pythonapi.PyCapsule_New
capsule_of.restype, capsule_of.argtypes = ctypes.py_object, [ADDRESS, TEXT, ADDRESS]


class Producer:
    """An Arrow array of three i64 that counts its releases; misaligned by `shift` bytes."""

    def __init__(self, form=b"l", n_buffers=2, shift=0, names=(b"arrow_schema", b"arrow_array")):
        self.released = []
        room = bytearray(shift) + np.arange(3).tobytes()
        self.data = np.frombuffer(room, "u1")
        self.buffers = (ADDRESS * 2)(None, self.data.ctypes.data + shift)
        self.release_schema, self.release_array = RELEASE_SCHEMA(self.drop), RELEASE_ARRAY(self.drop)
        self.schema = Schema(form, b"", None, 2, 0, None, None, self.release_schema, None)
        self.array = Array(3, 0, 0, n_buffers, 0, self.buffers, None, None, self.release_array, None)
        self.capsules = tuple(
            capsule_of(ctypes.addressof(part), name, None)
            for part, name in zip((self.schema, self.array), names, strict=True)
        )

    def drop(self, part):
        self.released.append(type(part.contents).__name__)
        ADDRESS.from_buffer(part.contents, type(part.contents).release.offset).value = None

    def __arrow_c_array__(self, requested_schema=None):
        return self.capsules


def test_an_array_is_released_once_when_the_last_column_is_gone():
    producer = Producer()
    column = Column(producer)
    part = column[1:]
    assert (column.address, producer.released) == (producer.data.ctypes.data, ["Schema"])
    del column
    assert (part.to_list(), producer.released) == ([1, 2], ["Schema"])
    del part
    gc.collect()
    assert producer.released == ["Schema", "Array"]


def test_a_capsule_that_was_read_is_refused():
    producer = Producer()
    first = Column(producer)
    with pytest.raises(ValueError, match="can be read once"):
        Column(producer)
    assert first.to_list() == [0, 1, 2]


@pytest.mark.parametrize("wrong", [{"form": b"+l"}, {"n_buffers": 1}])
def test_a_refused_array_is_released_once(wrong):
    producer = Producer(**wrong)
    with pytest.raises((TypeError, ValueError), match="must"):
        Column(producer)
    gc.collect()
    assert sorted(producer.released) == ["Array", "Schema"]


def test_a_misaligned_array_is_copied():
    producer = Producer(shift=3)
    column = Column(producer)
    assert column.address % 8 == 0
    assert column.to_list() == [0, 1, 2]


def test_a_capsule_of_another_name_is_refused():
    with pytest.raises(TypeError, match="must be named 'arrow_array'"):
        Column(Producer(names=(b"arrow_schema", b"other")))


def test_capsules_that_no_one_reads_let_the_column_go():
    column = Column(np.arange(3))
    dies = weakref.ref(column)
    unread = [
        column.__arrow_c_array__(),
        column.__arrow_c_stream__(),
        column.__dlpack__(max_version=(1, 0)),
    ]
    del column
    gc.collect()
    assert dies() is not None
    unread.clear()
    gc.collect()
    assert dies() is None


def test_a_zone_may_be_an_offset():
    values = pa.array([0], pa.timestamp("s", "+05:30"))
    assert Column(values)[0].isoformat() == "1970-01-01T05:30:00+05:30"


def test_a_stream_that_fails_says_why():
    def batches():
        yield pa.record_batch({"a": [1]})
        raise KeyError("lost")

    reader = pa.RecordBatchReader.from_batches(pa.schema({"a": pa.int64()}), batches())
    with pytest.raises(RuntimeError, match=r"failed with code .*lost"):
        Column(reader)


def test_a_tensor_is_shared_both_ways_and_read_only():
    theirs = np.arange(4.0)
    tensor = type(
        "Tensor", (), {"__dlpack__": theirs.__dlpack__, "__dlpack_device__": theirs.__dlpack_device__}
    )()
    ours = Column(tensor)
    back = np.from_dlpack(ours)
    assert ours.address == theirs.__array_interface__["data"][0] == back.__array_interface__["data"][0]
    assert back.flags.writeable is False
    del theirs, tensor, ours
    gc.collect()
    assert back.tolist() == [0, 1, 2, 3]


def test_an_unversioned_tensor_is_read_with_strides_and_its_capsule_once():
    capsule = np.arange(6)[::2].__dlpack__()
    old = type("Old", (), {"__dlpack__": lambda self: capsule})()
    assert Column(old).to_list() == [0, 2, 4]
    with pytest.raises(TypeError, match="unused"):
        Column(old)


@pytest.mark.parametrize("values", [[1, None], ["a"], [True]])
def test_what_a_tensor_can_not_hold_is_refused(values):
    with pytest.raises(BufferError, match="a tensor"):
        np.from_dlpack(Column(values))


def test_a_consumer_that_knows_no_read_only_gets_a_copy_or_nothing():
    column = Column([1, 2])
    with pytest.raises(BufferError, match="read-only"):
        column.__dlpack__()
    copied = Column(type("Old", (), {"__dlpack__": lambda self: column.__dlpack__(copy=True)})())
    assert copied.to_list() == [1, 2]
    assert copied.address != column.address
