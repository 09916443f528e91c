"""Counting items and sampling time, step by step: what a measured run costs is a clock reading in 64 items."""

cimport cython
from cpython.mem cimport PyMem_Calloc, PyMem_Free
from cpython.object cimport PyObject
from engine.kernels.objects.keys cimport PyIter_Next, owned
from libc.stdint cimport int64_t


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
        return [(self.all[i].came, self.all[i].seconds()) for i in range(self.size)]


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
        cdef int64_t number = gauge.came
        cdef int64_t began = nanoseconds_now() if is_timed(number) else 0
        cdef PyObject* pulled = PyIter_Next(self.source)
        if began:
            gauge.add(number, began)
        if pulled is NULL:
            raise StopIteration
        gauge.came += 1
        return owned(pulled)

    def close(self):
        """Close what is above."""
        close = getattr(self.source, "close", None)
        if close is not None:
            close()
