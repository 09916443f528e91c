# distutils: language = c++
"""Python values to the memory of a column and back, the type being known."""

from cpython.bool cimport PyBool_Check
from cpython.float cimport PyFloat_AsDouble, PyFloat_Check
from cpython.long cimport PyLong_AsLongLong, PyLong_AsUnsignedLongLong, PyLong_Check
from cpython.unicode cimport PyUnicode_DecodeUTF8
from libc.math cimport isfinite, isinf
from libc.stdint cimport int8_t, int16_t, int32_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t
from libc.string cimport memcpy

from engine.kernels.columns.column cimport (
    ColumnMemory, Room, bit_at, bits_for, new_memory, put_offset, set_bit, text_offset,
)

cdef extern from "Python.h":
    const char* PyUnicode_AsUTF8AndSize(object text, Py_ssize_t* size) except NULL

from engine.kernels.objects.place import brief


def memory_of_values(list values not None, str kind, int item_size, str name):
    """The memory of a list that no one else can change; None is missing. Ticks are whole numbers.

    Raises:
        TypeError, ValueError: a value is not of the type or does not fit; names the row.
    """
    cdef int64_t size = len(values)
    cdef Room room = Room(size * item_size) if kind != "b" else bits_for(size)
    cdef ColumnMemory made = new_memory([room], kind, item_size, "", None)
    made.size = size
    made.data = room.start
    _mark_missing(made, values)
    if kind == "s":
        _put_texts(made, values, name)
    elif kind == "b":
        _put_bools(room.start, values, name)
    elif kind == "f":
        _put_floats(room.start, values, item_size, name)
    elif kind == "u":
        _put_unsigned(room.start, values, item_size, name)
    else:
        _put_signed(room.start, values, item_size, name)
    return made


cdef _mark_missing(ColumnMemory made, list values):
    cdef Room room
    cdef int64_t i
    made.missing = sum([value is None for value in values])
    if made.missing == 0:
        return
    room = bits_for(made.size)
    for i in range(made.size):
        if values[i] is not None:
            set_bit(room.start, i)
    made.validity = room.start
    made.owner.append(room)


cdef _refuse(int64_t row, value, str name):
    return TypeError(f"row {row} must be {name} or None, got {brief(value)}")


cdef _misfit(int64_t row, value, str name):
    return ValueError(f"row {row} must fit {name}, got {brief(value)}")


cdef object _whole(int64_t row, value, str name):
    if PyLong_Check(value) and not PyBool_Check(value):
        return value
    if PyBool_Check(value) or not hasattr(type(value), "__index__"):
        raise _refuse(row, value, name)
    return value.__index__()


cdef _put_signed(uint8_t* room, list values, int item_size, str name):
    cdef int64_t i, whole
    for i in range(len(values)):
        if values[i] is None:
            continue
        try:
            whole = PyLong_AsLongLong(_whole(i, values[i], name))
        except OverflowError:
            raise _misfit(i, values[i], name) from None
        if item_size == 8:
            (<int64_t*> room)[i] = whole
        elif item_size == 4 and whole == <int32_t> whole:
            (<int32_t*> room)[i] = <int32_t> whole
        elif item_size == 2 and whole == <int16_t> whole:
            (<int16_t*> room)[i] = <int16_t> whole
        elif item_size == 1 and whole == <int8_t> whole:
            (<int8_t*> room)[i] = <int8_t> whole
        else:
            raise _misfit(i, values[i], name)


cdef _put_unsigned(uint8_t* room, list values, int item_size, str name):
    cdef int64_t i
    cdef uint64_t whole
    for i in range(len(values)):
        if values[i] is None:
            continue
        try:
            whole = PyLong_AsUnsignedLongLong(_whole(i, values[i], name))
        except OverflowError:
            raise _misfit(i, values[i], name) from None
        if item_size == 8:
            (<uint64_t*> room)[i] = whole
        elif item_size == 4 and whole == <uint32_t> whole:
            (<uint32_t*> room)[i] = <uint32_t> whole
        elif item_size == 2 and whole == <uint16_t> whole:
            (<uint16_t*> room)[i] = <uint16_t> whole
        elif item_size == 1 and whole == <uint8_t> whole:
            (<uint8_t*> room)[i] = <uint8_t> whole
        else:
            raise _misfit(i, values[i], name)


cdef double _real(int64_t row, value, str name) except? -1.0:
    """A float, or a whole number that a float can hold exactly."""
    cdef double real
    if PyFloat_Check(value):
        return PyFloat_AsDouble(value)
    if PyBool_Check(value) or isinstance(value, str) or not hasattr(type(value), "__float__"):
        raise _refuse(row, value, name)
    try:
        real = value.__float__()
    except OverflowError:
        raise _misfit(row, value, name) from None
    if PyLong_Check(value) and value != real:
        raise _misfit(row, value, name)
    return real


cdef _put_floats(uint8_t* room, list values, int item_size, str name):
    cdef int64_t i
    cdef double real
    for i in range(len(values)):
        if values[i] is None:
            continue
        real = _real(i, values[i], name)
        if item_size == 8:
            (<double*> room)[i] = real
            continue
        (<float*> room)[i] = <float> real
        if isinf((<float*> room)[i]) and isfinite(real):
            raise _misfit(i, values[i], name)


cdef _put_bools(uint8_t* room, list values, str name):
    cdef int64_t i
    for i in range(len(values)):
        if values[i] is True:
            set_bit(room, i)
        elif values[i] is not False and values[i] is not None:
            raise _refuse(i, values[i], name)


cdef _put_texts(ColumnMemory made, list values, str name):
    """Texts end to end; their offsets are of 32 bits while they all fit.

    Safety: a str keeps its UTF-8 form as long as it lives, and `values` keeps the str alive.
    """
    cdef int64_t i, end = 0
    cdef Py_ssize_t size
    cdef const char* text
    cdef Room texts, offsets
    for i in range(made.size):
        if values[i] is not None:
            end += _measure(i, values[i], name)
    made.item_size = 4 if end < 0x7fffffff else 8
    texts, offsets = Room(end), Room((made.size + 1) * made.item_size)
    end = 0
    for i in range(made.size):
        if values[i] is not None:
            text = PyUnicode_AsUTF8AndSize(values[i], &size)
            memcpy(texts.start + end, text, size)
            end += size
        put_offset(offsets.start, made.item_size, i + 1, end)
    made.data, made.offsets = texts.start, offsets.start
    made.owner += [texts, offsets]


cdef int64_t _measure(int64_t row, value, str name) except -1:
    cdef Py_ssize_t size
    if not isinstance(value, str):
        raise _refuse(row, value, name)
    try:
        PyUnicode_AsUTF8AndSize(value, &size)
    except UnicodeEncodeError:
        raise ValueError(f"row {row} must be text that UTF-8 can hold, got {brief(value)}") from None
    return size


def values_of(ColumnMemory memory not None, int64_t start, int64_t stop):
    """A list of the values from `start` to before `stop`, None where one is missing; ticks as whole numbers.

    Raises:
        ValueError: a text is not UTF-8; names the row.
    """
    cdef int64_t i
    if not 0 <= start <= stop <= memory.size:
        raise IndexError(f"a part must lie within 0 to {memory.size}, got {start} to {stop}")
    return [_value(memory, i) for i in range(start, stop)]


cdef object _value(ColumnMemory memory, int64_t i):
    cdef int64_t at = memory.offset + i
    cdef const uint8_t* data = memory.data
    if memory.validity != NULL and not bit_at(memory.validity, at):
        return None
    if memory.code == b"f":
        return (<double*> data)[at] if memory.item_size == 8 else <double> (<float*> data)[at]
    if memory.code == b"b":
        return bool(bit_at(data, at))
    if memory.code == b"s":
        return _text(memory, i)
    if memory.code == b"u":
        return _unsigned(data, at, memory.item_size)
    return _signed(data, at, memory.item_size)


cdef object _signed(const uint8_t* data, int64_t at, int item_size):
    if item_size == 8:
        return (<int64_t*> data)[at]
    if item_size == 4:
        return (<int32_t*> data)[at]
    return (<int16_t*> data)[at] if item_size == 2 else (<int8_t*> data)[at]


cdef object _unsigned(const uint8_t* data, int64_t at, int item_size):
    if item_size == 8:
        return (<uint64_t*> data)[at]
    if item_size == 4:
        return (<uint32_t*> data)[at]
    return (<uint16_t*> data)[at] if item_size == 2 else data[at]


cdef object _text(ColumnMemory memory, int64_t i):
    cdef int64_t start = text_offset(memory.offsets, memory.item_size, memory.offset + i)
    cdef int64_t end = text_offset(memory.offsets, memory.item_size, memory.offset + i + 1)
    try:
        return PyUnicode_DecodeUTF8(<const char*> memory.data + start, end - start, NULL)
    except UnicodeDecodeError as error:
        raise ValueError(f"row {i} must be UTF-8: {error}") from error
