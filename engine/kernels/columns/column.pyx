# distutils: language = c++
"""The memory of a column: typed values, a bitmap of which are there, and the object that keeps both alive.

Safety: addresses are valid while `owner` lives. It is a held buffer, an imported Arrow array, a lent tensor, a
`Room`, or a list of them; nothing here writes to what it shares. `offset + size` items are behind each address.
"""

from cpython.buffer cimport (
    PyBUF_FORMAT, PyBUF_ND, PyBUF_RECORDS_RO, PyBUF_STRIDES, PyBUF_WRITABLE, PyBuffer_FillInfo,
    PyBuffer_Release, PyObject_CheckBuffer, PyObject_GetBuffer,
)
from libc.stdlib cimport free
from libc.string cimport memcpy, memset

cdef extern from "columns/pages.hpp" namespace "engine" nogil:
    void* new_pages(size_t size)

cdef extern from "columns/column_cells.hpp" namespace "engine" nogil:
    cdef cppclass Stretch:
        const uint8_t* validity
        const uint8_t* data
        const uint8_t* offsets
        int64_t offset
        int item_size
    bint same_cells(const Stretch& a, const Stretch& b, int64_t size, char kind)
    void gather_cells(const uint8_t* source, int64_t stride, int64_t size, int item_size, bint swap, uint8_t* target)
    bint has_no_time(const uint8_t* data, int64_t size)
    int64_t mark_times(const uint8_t* data, int64_t size, uint8_t* validity)

cdef dict _FORMATS = {
    ("i", 1): b"b", ("i", 2): b"h", ("i", 4): b"i", ("i", 8): b"q",
    ("u", 1): b"B", ("u", 2): b"H", ("u", 4): b"I", ("u", 8): b"Q", ("f", 4): b"f", ("f", 8): b"d",
}
# What stands behind a letter of a buffer's format; its width is the buffer's own.
cdef dict _KINDS = dict.fromkeys("bhilqn", "i") | dict.fromkeys("BHILQN", "u") | {"f": "f", "d": "f", "?": "b"}


cdef class Room:
    def __cinit__(self, int64_t size, bint zeroed=True):
        self.start = <uint8_t*> new_pages(<size_t> size + 64)
        if self.start == NULL:
            raise MemoryError
        self.bytes = size
        if zeroed:
            memset(self.start, 0, <size_t> size + 64)

    def __getbuffer__(self, Py_buffer* buffer, int flags):
        PyBuffer_FillInfo(buffer, self, self.start, self.bytes, False, flags)

    def __dealloc__(self):
        free(self.start)


cdef class _Held:
    """A buffer of another object, held until the last column over it is gone."""

    cdef Py_buffer view
    cdef bint held

    def __cinit__(self, exporter):
        PyObject_GetBuffer(exporter, &self.view, PyBUF_RECORDS_RO)
        self.held = True

    def __dealloc__(self):
        if self.held:
            PyBuffer_Release(&self.view)


cdef Room bits_for(int64_t size):
    return Room((size + 7) >> 3)


cdef ColumnMemory new_memory(object owner, str kind, int item_size, str unit, str zone):
    cdef ColumnMemory made = ColumnMemory.__new__(ColumnMemory)
    made.owner = owner
    made.code = <char> ord(kind)
    made.item_size = item_size
    made.unit = unit
    made.zone = zone
    return made


cdef ColumnMemory new_values(str kind, int item_size, int64_t size):
    cdef Room room = Room(size * item_size, False)
    cdef ColumnMemory made = new_memory([room], kind, item_size, "", None)
    made.data = room.start
    made.size = size
    return made


def writable(ColumnMemory memory not None):
    """The memory behind values that a kernel has just made, to be written to as an array."""
    return memory.owner[0]


cdef class ColumnMemory:
    @property
    def kind(self):
        return chr(self.code)

    @property
    def address(self):
        """Of the first value; of the bytes of the first text. Of bool the byte that its bit is in."""
        cdef const uint8_t* start = self.data
        if self.code == b"s":
            start += text_offset(self.offsets, self.item_size, self.offset) if self.size else 0
        elif self.code == b"b":
            start += self.offset >> 3
        else:
            start += self.offset * self.item_size
        return <size_t> start

    @property
    def null_count(self):
        return self.count_missing()

    def __len__(self):
        return self.size

    cdef int64_t count_missing(self):
        if self.validity == NULL:
            return 0
        if self.missing < 0:
            self.missing = self.size - count_bits(self.validity, self.offset, self.size)
        return self.missing

    cdef ColumnMemory shared(self, object cls):
        cdef ColumnMemory made = ColumnMemory.__new__(cls)
        made.adopt(self)
        return made

    cdef ColumnMemory cut(self, int64_t start, int64_t stop):
        cdef ColumnMemory made = self.shared(type(self))
        made.offset += start
        made.size = stop - start
        made.missing = 0 if self.missing == 0 or self.validity == NULL else -1
        return made

    def adopt(self, ColumnMemory other not None):
        """Takes over what another has; once, while this one has nothing."""
        if self.owner is not None:
            raise TypeError("a column can not be changed")
        self.owner = other.owner
        self.validity, self.data, self.offsets = other.validity, other.data, other.offsets
        self.offset, self.size, self.missing = other.offset, other.size, other.missing
        self.code, self.item_size, self.unit, self.zone = other.code, other.item_size, other.unit, other.zone

    def between(self, int64_t start, int64_t stop):
        """The items from `start` to before `stop`, in place, of the same class."""
        if not 0 <= start <= stop <= self.size:
            raise IndexError(f"a part must lie within 0 to {self.size}, got {start} to {stop}")
        return self.cut(start, stop)

    def bare(self):
        """The same values as whole numbers if they are ticks, missing ones as whatever lies there."""
        cdef ColumnMemory made = self.shared(ColumnMemory)
        made.validity = NULL
        made.missing = 0
        if self.code == b"M":
            made.code = b"i"
        elif self.code == b"b":
            room = Room(self.size)
            unpack_bits(self.data, self.offset, self.size, room.start)
            made.owner, made.data, made.offset, made.code = room, room.start, 0, b"u"
        return made

    def nulls(self):
        """A bool for each item: whether it is missing."""
        cdef Room room = bits_for(self.size)
        cdef ColumnMemory made = new_memory(room, "b", 1, "", None)
        if self.validity != NULL:
            copy_bits(self.validity, self.offset, self.size, True, room.start, 0)
        made.data = room.start
        made.size = self.size
        return made

    def as_times(self, str unit, str zone):
        """Whole numbers of 64 bits as ticks since 1970; NaT is missing."""
        cdef ColumnMemory made = self.shared(ColumnMemory)
        cdef Room room
        made.code = b"M"
        made.unit = unit
        made.zone = zone
        if has_no_time(self.data + self.offset * 8, self.size):
            room = bits_for(self.offset + self.size)
            made.data += self.offset * 8
            made.offset = 0
            made.missing = mark_times(made.data, self.size, room.start)
            made.validity = room.start
            made.owner = (self.owner, room)
        return made

    def without(self, missing):
        """The same values, those missing where a buffer of bool is true."""
        cdef ColumnMemory made = self.shared(ColumnMemory)
        cdef Room room = bits_for(self.offset + self.size)
        cdef _Held held = _Held(missing)
        cdef int64_t i
        if held.view.len != self.size or held.view.itemsize != 1:
            raise ValueError(f"a mask must have a bool for each of {self.size} items, got {held.view.len}")
        stride = held.view.strides[0] if held.view.strides != NULL else 1
        for i in range(self.size):
            if (<const uint8_t*> held.view.buf)[i * stride] == 0 and (
                self.validity == NULL or bit_at(self.validity, self.offset + i)
            ):
                set_bit(room.start, self.offset + i)
        made.validity = room.start
        made.missing = -1
        made.owner = (self.owner, room)
        return made

    def same(self, ColumnMemory other not None):
        """Whether two of one type hold the same: nulls equal nulls, and NaN equals NaN."""
        cdef Stretch a, b
        cdef bint answer
        if self.size != other.size:
            return False
        a.validity, a.data, a.offsets, a.offset, a.item_size = (
            self.validity, self.data, self.offsets, self.offset, self.item_size)
        b.validity, b.data, b.offsets, b.offset, b.item_size = (
            other.validity, other.data, other.offsets, other.offset, other.item_size)
        with nogil:
            answer = same_cells(a, b, self.size, self.code)
        return answer

    def __getbuffer__(self, Py_buffer* buffer, int flags):
        form = _FORMATS.get((self.kind, self.item_size))
        if form is None:
            raise BufferError(f"a buffer can not hold {self.kind_name()}; use to_numpy()")
        if self.count_missing():
            raise BufferError(f"a buffer can not hold nulls, and the column has {self.count_missing()}")
        if flags & PyBUF_WRITABLE == PyBUF_WRITABLE:
            raise BufferError("a column is read-only")
        self.shape = self.size
        self.stride = self.item_size
        buffer.buf = <void*> (self.data + self.offset * self.item_size)
        buffer.obj = self
        buffer.len = self.size * self.item_size
        buffer.itemsize = self.item_size
        buffer.readonly = 1
        buffer.ndim = 1
        buffer.format = <char*> <bytes> form if flags & PyBUF_FORMAT == PyBUF_FORMAT else NULL
        buffer.shape = &self.shape if flags & PyBUF_ND == PyBUF_ND else NULL
        buffer.strides = &self.stride if flags & PyBUF_STRIDES == PyBUF_STRIDES else NULL
        buffer.suboffsets = NULL
        buffer.internal = NULL

    def kind_name(self):
        return {"b": "bool", "M": "timestamps", "s": "text"}.get(self.kind, f"{self.kind}{8 * self.item_size}")


def is_buffer(value):
    return PyObject_CheckBuffer(value)


def memory_of_buffer(exporter, str name):
    """The values of a one-dimensional buffer: in place if they are contiguous, aligned and in our byte order."""
    cdef _Held held = _Held(exporter)
    cdef str form = "B" if held.view.format == NULL else held.view.format.decode()
    cdef str kind = _KINDS.get(form[-1:])
    cdef int64_t stride
    if held.view.ndim != 1:
        raise ValueError(f"{name} must have one dimension, got {held.view.ndim}")
    if kind is None or len(form) > 2 or (len(form) == 2 and form[0] not in "@=<>!^"):
        raise TypeError(f"{name} must hold whole numbers, floats or bool, got the buffer format {form!r}")
    stride = held.view.strides[0] if held.view.strides != NULL else held.view.itemsize
    return _read_cells(
        held, kind, <int> held.view.itemsize, <const uint8_t*> held.view.buf, stride, held.view.shape[0],
        form[0] in ">!",
    )


cdef ColumnMemory _read_cells(
    object owner, str kind, int item_size, const uint8_t* start, int64_t stride, int64_t size, bint swap
):
    cdef ColumnMemory made = new_memory(owner, kind, item_size, "", None)
    cdef Room room
    made.data = start
    made.size = size
    if kind == "b":
        room = bits_for(size)
        pack_bytes(start, stride, size, False, room.start)
    elif size and ((swap and item_size > 1) or stride != item_size or <size_t> start % item_size):
        room = Room(size * item_size)
        gather_cells(start, stride, size, item_size, swap, room.start)
    elif not size:
        room = Room(0)
    else:
        return made
    made.owner = room
    made.data = room.start
    return made


def memory_of_address(owner, str kind, int item_size, size_t address, int64_t stride, int64_t size):
    """As `memory_of_buffer`, of memory that `owner` keeps alive; the stride is in bytes."""
    return _read_cells(owner, kind, item_size, <const uint8_t*> address, stride, size, False)


def concatenated(list parts not None):
    """One memory of several of one type; a copy, of which texts have offsets of 64 bits."""
    cdef ColumnMemory part, made
    cdef ColumnMemory first = parts[0]
    cdef int64_t size = 0
    cdef bint has_nulls = False
    for part in parts:
        size += part.size
        has_nulls |= part.count_missing() != 0
    made = first.shared(ColumnMemory)
    made.offset, made.size, made.missing = 0, size, -1 if has_nulls else 0
    made.validity = NULL
    made.owner = [_join_texts(made, parts) if first.code == b"s" else _join_cells(made, parts)]
    if has_nulls:
        made.owner.append(_join_validity(made, parts))
    return made


cdef Room _join_cells(ColumnMemory made, list parts):
    cdef ColumnMemory part
    cdef int64_t at = 0
    cdef Room room = bits_for(made.size) if made.code == b"b" else Room(made.size * made.item_size)
    for part in parts:
        if made.code == b"b":
            copy_bits(part.data, part.offset, part.size, False, room.start, at)
        elif part.size:
            memcpy(room.start + at * made.item_size, part.data + part.offset * made.item_size,
                   <size_t> (part.size * made.item_size))
        at += part.size
    made.data = room.start
    return room


cdef object _join_texts(ColumnMemory made, list parts):
    cdef ColumnMemory part
    cdef int64_t i, start, at = 0, end = 0
    cdef Room offsets = Room((made.size + 1) * 8)
    cdef Room texts = Room(sum([text_bytes(part) for part in parts]))
    for part in parts:
        start = text_offset(part.offsets, part.item_size, part.offset) if part.size else 0
        for i in range(part.size):
            put_offset(offsets.start, 8, at + i + 1,
                       end + text_offset(part.offsets, part.item_size, part.offset + i + 1) - start)
        memcpy(texts.start + end, part.data + start, <size_t> text_bytes(part))
        at += part.size
        end += text_bytes(part)
    made.item_size = 8
    made.offsets = offsets.start
    made.data = texts.start
    return offsets, texts


cpdef int64_t text_bytes(ColumnMemory part):
    """The bytes of all its texts."""
    if part.size == 0:
        return 0
    return text_offset(part.offsets, part.item_size, part.offset + part.size) - text_offset(
        part.offsets, part.item_size, part.offset)


cdef Room _join_validity(ColumnMemory made, list parts):
    cdef ColumnMemory part
    cdef int64_t at = 0
    cdef Room room = bits_for(made.size)
    for part in parts:
        if part.validity == NULL:
            fill_bits(room.start, at, part.size)
        else:
            copy_bits(part.validity, part.offset, part.size, False, room.start, at)
        at += part.size
    made.validity = room.start
    return room
