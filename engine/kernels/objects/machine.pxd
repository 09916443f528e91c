"""How items go through the streaming steps of a pass."""

from cpython.object cimport PyObject
from libc.stdint cimport int64_t
from engine.kernels.objects.access cimport Belt, Op, Watch
from engine.kernels.objects.gauges cimport Gauges


# An iterator that a step pushed, and the step at which its items enter.
cdef struct Entry:
    PyObject* iterator   # borrowed from Machine.inner
    Py_ssize_t enters


cdef class Machine:
    cdef Op* ops
    cdef Py_ssize_t length
    cdef Entry* entries
    cdef Py_ssize_t depth
    cdef list inner      # the iterators that `entries` points to
    cdef list state      # for each step, what it keeps from item to item
    cdef tuple held      # the steps as given: owns what `ops` points to
    cdef object open_source
    cdef object source   # owns what `belt` reads
    cdef Belt belt
    cdef bint simple     # all steps are maps and filters
    cdef Gauges gauges
    cdef bint owned
    cdef bint flowing    # the source may have more
    cdef bint started
    cdef bint alive
    cdef Py_ssize_t flushed   # the steps before this one have ended

    # The next item that comes out at the end; at the end of all, `alive` is false.
    cdef object advance(self)

    # All of the source at once, when no step holds anything back.
    cdef object drain_source(self, list gathered)

    # The same until the watch is over: whether all came.
    cdef bint drain_watched(self, list gathered, Watch& watch) except -1

    # The same, added up: whether all of it was; else the item that was not is on its way.
    cdef bint add_source(self, int64_t* total) except -1

    cdef bint is_whole(self) except -1

    # Close all that feeds a step: it needs no more. The step itself and later ones may go on.
    cdef object end_before(self, Py_ssize_t step)

    # Let go of everything held.
    cdef object release(self)

    cdef bint enters(self) except -1
    cdef bint goes_on(self) except -1
    cdef bint stepped(self, Py_ssize_t i) except -1
    cdef object taken(self)
    cdef int put(self, object item) except -1
    cdef bint special(self, Op* op, Py_ssize_t i) except -1
    cdef bint keeping(self, Op* op, Py_ssize_t i) except -1
    cdef bint zipped(self, Py_ssize_t i) except -1
    cdef object start(self)
    cdef bint flush(self) except -1
    cdef object push(self, object iterator, Py_ssize_t enters)
    cdef object pop(self)
    cdef object close_source(self)
