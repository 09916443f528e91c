"""Counting items and sampling time, step by step: what a measured run costs is a clock reading in 64 items."""

cimport cython
from cpython.mem cimport PyMem_Calloc, PyMem_Free
from cpython.object cimport PyObject
from engine.kernels.objects.keys cimport PyIter_Next, owned
from libc.stdint cimport int64_t


cdef int64_t clock_cost() noexcept:
    """The least of some: what the clock itself takes, when nothing comes between."""
    cdef int64_t least = 1_000_000
    cdef int64_t began
    for _ in range(100):
        began = nanoseconds_now()
        least = min(least, nanoseconds_now() - began)
    return least


cdef int64_t CLOCK_NS = clock_cost()


@cython.final
cdef class Gauges:
    """As many gauges as a part of a plan has steps, and one for what leaves it."""

    def __cinit__(self, Py_ssize_t size):
        self.size = size
        self.all = <Gauge*>PyMem_Calloc(size, sizeof(Gauge))
        if self.all is NULL:
            raise MemoryError

    def __dealloc__(self):
        PyMem_Free(self.all)

    def read(self):
        """For each gauge, how many items came and about how many seconds they took."""
        return [(self.all[i].came, seconds(&self.all[i])) for i in range(self.size)]


cdef double seconds(Gauge* gauge) noexcept:
    cdef Py_ssize_t rest = gauge.came - TIMED_FIRST
    if rest <= 0:
        return gauge.first_ns / 1e9
    if gauge.samples:
        return (gauge.first_ns + <double>gauge.sampled_ns / gauge.samples * rest) / 1e9
    return <double>gauge.first_ns / TIMED_FIRST * gauge.came / 1e9


@cython.final
@cython.trashcan(True)
cdef class Meter:
    """An iterator that counts and times what comes through it; `gauges` has one gauge, for all above."""

    cdef object source
    cdef readonly Gauges gauges

    def __cinit__(self, iterable):
        self.source = iter(iterable)
        self.gauges = Gauges(1)

    def __iter__(self):
        return self

    def __next__(self):
        cdef Gauge* gauge = self.gauges.all
        cdef int64_t began = begin(gauge)
        cdef PyObject* pulled = PyIter_Next(self.source)
        end(gauge, began)
        if pulled is NULL:
            gauge.came -= 1
            raise StopIteration
        return owned(pulled)

    def close(self):
        """Close what is above."""
        close = getattr(self.source, "close", None)
        if close is not None:
            close()
