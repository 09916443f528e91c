# distutils: language = c++
"""Values of a column picked by row number or by a mask, and bool in bytes, as kernels read it."""

from libc.stdint cimport int64_t, uint8_t
from libc.string cimport memcpy
from libcpp cimport bool as cbool

from engine.kernels.columns.cells cimport Cells, cells_of, cells_of_memory
from engine.kernels.columns.column cimport (
    ColumnMemory, Room, bit_at, bits_for, fill_bits, new_values, pack_bytes, unpack_bits,
)
from engine.kernels.columns.pool cimport join_pool

cdef extern from "columns/take.hpp" namespace "engine" nogil:
    cdef struct Rows:
        const int64_t* numbers
        int64_t count
    cdef struct Checked:
        cbool fit
        cbool miss
    cdef cppclass Stretch:
        const uint8_t* validity
        const uint8_t* data
        const uint8_t* offsets
        int64_t offset
        int item_size
    cdef struct Mask:
        const uint8_t* bits
        int64_t offset
        const uint8_t* validity
        int64_t bit_offset
        int64_t size
    Checked check_rows(const Rows& rows, int64_t size) except +
    void take_cells(const Rows& rows, const Cells& values, void* out) except +
    void take_bits(const Rows& rows, const uint8_t* bits, int64_t offset, uint8_t* out) except +
    int64_t measure_texts(const Rows& rows, const Stretch& texts, int64_t* offsets)
    void take_texts(const Rows& rows, const Stretch& texts, const int64_t* offsets, uint8_t* out) except +
    int64_t count_kept(const Mask& mask) except +
    void write_kept(const Mask& mask, int64_t* rows)
    void either_row(const int64_t* left, const int64_t* right, int64_t size, int64_t left_size, int64_t* out)

join_pool()


def take_rows(ColumnMemory values not None, rows):
    """The values of these rows, in this order; a negative row is a missing value.

    Raises:
        IndexError: a row that the values do not have.
    """
    cdef Cells row_cells = cells_of(rows)
    cdef Rows picked
    cdef Checked checked
    picked.numbers = <const int64_t*> row_cells.data
    picked.count = row_cells.size
    with nogil:
        checked = check_rows(picked, values.size)
    if not checked.fit:
        raise IndexError(f"rows must be less than {values.size}, got {max(memoryview(rows))}")
    cdef ColumnMemory made = _taken(values, picked)
    made.unit, made.zone = values.unit, values.zone
    if checked.miss or values.count_missing():
        _take_validity(made, values, picked)
    return made


cdef ColumnMemory _taken(ColumnMemory values, const Rows& rows):
    cdef ColumnMemory made
    cdef Room room
    cdef Cells cells
    cdef void* out
    if values.code == b"s":
        return _taken_texts(values, rows)
    if values.code == b"b":
        room = bits_for(rows.count)
        with nogil:
            take_bits(rows, values.data, values.offset, room.start)
        return _of_bits(room, rows.count)
    made = new_values(values.kind, values.item_size, rows.count)
    cells = cells_of_memory(values)
    out = <void*> made.data
    with nogil:
        take_cells(rows, cells, out)
    return made


cdef ColumnMemory _taken_texts(ColumnMemory values, const Rows& rows):
    cdef Room offsets = Room((rows.count + 1) * 8, False)
    cdef Room texts
    cdef Stretch stretch
    cdef int64_t size
    stretch.validity = values.validity
    stretch.data = values.data
    stretch.offsets = values.offsets
    stretch.offset = values.offset
    stretch.item_size = values.item_size
    with nogil:
        size = measure_texts(rows, stretch, <int64_t*> offsets.start)
    texts = Room(size, False)
    with nogil:
        take_texts(rows, stretch, <const int64_t*> offsets.start, texts.start)
    cdef ColumnMemory made = new_values("s", 0, rows.count)
    made.owner = [offsets, texts]
    made.item_size, made.offsets, made.data = 8, offsets.start, texts.start
    return made


cdef _take_validity(ColumnMemory made, ColumnMemory values, const Rows& rows):
    cdef Room room = bits_for(rows.count)
    with nogil:
        take_bits(rows, values.validity, values.offset, room.start)
    made.validity = room.start
    made.missing = -1
    made.owner.append(room)


cdef ColumnMemory _of_bits(Room room, int64_t size):
    cdef ColumnMemory made = new_values("b", 0, size)
    made.owner = [room]
    made.item_size, made.data = 1, room.start
    return made


def kept_rows(ColumnMemory mask not None):
    """The rows where a column of bool is true; where it is missing it keeps nothing."""
    cdef Mask bits
    cdef int64_t count
    bits.bits, bits.offset, bits.validity, bits.bit_offset, bits.size = (
        mask.data, mask.offset, mask.validity, mask.offset, mask.size)
    with nogil:
        count = count_kept(bits)
    cdef ColumnMemory rows = new_values("i", 8, count)
    cdef int64_t* room = <int64_t*> rows.data
    with nogil:
        write_kept(bits, room)
    return rows


def either_rows(ColumnMemory left not None, ColumnMemory right not None, int64_t left_size):
    """Rows of two columns end to end: those of the left where there is one, else those of the right."""
    cdef ColumnMemory out = new_values("i", 8, left.size)
    either_row(<const int64_t*> left.data, <const int64_t*> right.data, left.size, left_size, <int64_t*> out.data)
    return out


def unpacked(ColumnMemory memory not None):
    """The same bool in bytes, as kernels read it; of another kind the memory itself."""
    if memory.code != b"b":
        return memory
    cdef Room room = Room(memory.size, False)
    cdef ColumnMemory made = new_values("b", 1, 0)
    unpack_bits(memory.data, memory.offset, memory.size, room.start)
    made.owner = [room, memory]
    made.data, made.size = room.start, memory.size
    if memory.count_missing():
        made.validity = _moved_bits(made, memory)
        made.missing = memory.missing
    return made


cdef const uint8_t* _moved_bits(ColumnMemory made, ColumnMemory memory):
    cdef ColumnMemory nulls = memory.nulls()
    cdef Room room = bits_for(memory.size)
    cdef int64_t i
    for i in range((memory.size + 7) >> 3):
        room.start[i] = ~nulls.data[i]
    made.owner.append(room)
    return room.start


def packed(ColumnMemory made not None):
    """What a kernel has just made, of bool in bytes, as the bits of a column; of another kind itself."""
    if made.code != b"b":
        return made
    cdef Room room = bits_for(made.size)
    pack_bytes(made.data, 1, made.size, False, room.start)
    made.owner.append(room)
    made.data = room.start
    return made


def identity_rows(int64_t size):
    """0, 1, 2 and so on."""
    cdef ColumnMemory rows = new_values("i", 8, size)
    cdef int64_t i
    for i in range(size):
        (<int64_t*> rows.data)[i] = i
    return rows


def no_row_where_missing(ColumnMemory rows not None):
    """Row numbers that a kernel has just made, -1 where they are missing, as `take_rows` wants them; in place."""
    cdef int64_t* numbers = <int64_t*> rows.data
    cdef int64_t i
    for i in range(rows.size if rows.count_missing() else 0):
        if not bit_at(rows.validity, i):
            numbers[i] = -1
    return rows


def with_missing_end(ColumnMemory made not None, int64_t present):
    """What a kernel has just made, missing from row `present` on."""
    cdef Room room = bits_for(made.size)
    fill_bits(room.start, 0, present)
    made.validity = room.start
    made.missing = made.size - present
    made.owner.append(room)
    return made
