from cpython.buffer cimport PyBUF_SIMPLE, PyBUF_WRITABLE, PyBuffer_Release, PyObject_GetBuffer
from libc.stdint cimport int64_t

cdef extern from "columns/cells.hpp" namespace "engine":
    cdef cppclass Cells:
        const void* data
        int64_t size
        char kind
        int item_size


cdef inline Cells cells_of(object array) except *:
    """The cells of an array that `arrays.ready_array` has made ready.

    Safety: the address stays valid while the caller holds `array`; NumPy moves an array's memory only in
    `resize`, which refuses while others refer to the array.
    """
    cdef Py_buffer buffer
    cdef Cells cells
    dtype = array.dtype
    cells.kind = <char> ord(dtype.kind)
    cells.item_size = dtype.itemsize
    cells.size = len(array)
    PyObject_GetBuffer(array.view("u1"), &buffer, PyBUF_SIMPLE)
    cells.data = buffer.buf
    PyBuffer_Release(&buffer)
    return cells


cdef inline void* room_of(object array) except? NULL:
    """The address of an array of our own making, to be written to."""
    cdef Py_buffer buffer
    cdef void* address
    PyObject_GetBuffer(array.view("u1"), &buffer, PyBUF_WRITABLE)
    address = buffer.buf
    PyBuffer_Release(&buffer)
    return address
