from cpython.buffer cimport PyBUF_SIMPLE, PyBUF_WRITABLE, PyBuffer_Release, PyObject_GetBuffer
from libc.stdint cimport int64_t, uint8_t

from engine.kernels.columns.column cimport ColumnMemory

cdef extern from "columns/cells.hpp" namespace "engine":
    cdef cppclass Cells:
        const void* data
        int64_t size
        char kind
        int item_size
        const uint8_t* validity
        int64_t bit_offset


cdef inline Cells cells_of(object source) except *:
    """The cells of an array or the memory of a column that `arrays` has made ready: no text, and no bits for bool.

    Safety: the address stays valid while the caller holds `source`; NumPy moves an array's memory only in
    `resize`, which refuses while others refer to the array.
    """
    cdef Py_buffer buffer
    cdef Cells cells
    if isinstance(source, ColumnMemory):
        return cells_of_memory(source)
    dtype = source.dtype
    cells.kind = <char> ord(dtype.kind)
    cells.item_size = dtype.itemsize
    cells.size = len(source)
    PyObject_GetBuffer(source.view("u1"), &buffer, PyBUF_SIMPLE)
    cells.data = buffer.buf
    PyBuffer_Release(&buffer)
    return cells


cdef inline Cells cells_of_memory(ColumnMemory memory) except *:
    cdef Cells cells
    cells.kind = memory.code
    cells.item_size = memory.item_size
    cells.size = memory.size
    cells.data = memory.data + memory.offset * memory.item_size
    if memory.count_missing():
        cells.validity = memory.validity
        cells.bit_offset = memory.offset
    return cells


cdef inline void* room_of(object array) except? NULL:
    """The address of an array of our own making, or of the caller's, to be written to."""
    cdef Py_buffer buffer
    cdef void* address
    PyObject_GetBuffer(array.view("u1"), &buffer, PyBUF_WRITABLE)
    address = buffer.buf
    PyBuffer_Release(&buffer)
    return address
