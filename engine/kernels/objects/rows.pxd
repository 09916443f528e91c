"""Items and their keys side by side in memory, for kernels that have all of their input."""

cimport cython
from cpython.object cimport PyObject
from libcpp.vector cimport vector
from engine.kernels.objects.keys cimport Key
from engine.kernels.objects.place cimport Place


@cython.final
cdef class Rows:
    cdef object holder                 # the list or tuple that owns the items
    cdef list owned_keys               # owns the keys, unless they are borrowed
    cdef vector[PyObject*] gathered    # keys borrowed from the items
    cdef PyObject** items
    cdef PyObject** keys
    cdef Py_ssize_t count
    cdef bint borrowed
    cdef bint paused


cdef Rows rows_of(object iterable, Key key, Place place)
cdef void finish(Rows rows) noexcept
