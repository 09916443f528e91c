"""Where in a chain a kernel works, for its errors."""

cimport cython


@cython.final
cdef class Place:
    cdef object step
    cdef object trail


cdef object failed(Place place, object error, Py_ssize_t index, object item)
