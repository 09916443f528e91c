"""Consecutive runs of equal keys: one pass, one key call an item, no table."""

cimport cython
from cpython.object cimport PyObject
from engine.kernels.objects.keys cimport Key, PyIter_Next, as_key, owned, same
from engine.kernels.objects.lazy cimport Lazy


@cython.final
@cython.trashcan(True)
cdef class Runs(Lazy):
    cdef Key key
    cdef object source
    cdef object next_key
    cdef list next_run
    cdef bint started

    def __cinit__(self, iterable, key):
        self.key = as_key(key)
        self.source = iter(iterable)
        self.alive = True

    cdef object advance(self):
        cdef PyObject* pulled
        cdef list run
        if not self.started:
            self.started = True
            self.start()
        if self.next_run is None:
            self.alive = False
            return None
        key = self.next_key
        run = self.next_run
        self.next_run = None
        while True:
            pulled = PyIter_Next(self.source)
            if pulled is NULL:
                return (key, run)
            item = owned(pulled)
            item_key = self.key.get(item)
            if not same(key, item_key):
                self.next_key = item_key
                self.next_run = [item]
                return (key, run)
            run.append(item)

    cdef int start(self) except -1:
        cdef PyObject* pulled = PyIter_Next(self.source)
        if pulled is not NULL:
            item = owned(pulled)
            self.next_key = self.key.get(item)
            self.next_run = [item]
        return 0

    cdef tuple release(self):
        source, run, key = self.source, self.next_run, self.next_key
        self.source = self.next_run = self.next_key = None
        return (source,)


def iter_runs(iterable, key=None):
    """Pairs `(key, items)` of consecutive items with equal keys, lazily; one item is pulled ahead."""
    return Runs(iterable, key)


def collect_runs(iterable, key=None):
    """All pairs of `iter_runs` in a list."""
    return Runs(iterable, key).gather(type(iterable) is list or type(iterable) is tuple)
