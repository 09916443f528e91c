"""First occurrences (a set of the keys seen) and consecutive repeats dropped (one key remembered)."""

cimport cython
from cpython.object cimport PyObject
from cpython.set cimport PySet_Add, PySet_GET_SIZE
from engine.kernels.objects.keys cimport Key, PyIter_Next, as_key, owned, same, unhashable
from engine.kernels.objects.lazy cimport Lazy


@cython.final
@cython.trashcan(True)
cdef class Unique(Lazy):
    cdef Key key
    cdef object source
    cdef set seen

    def __cinit__(self, iterable, key):
        self.key = as_key(key)
        self.source = iter(iterable)
        self.seen = set()
        self.alive = True

    cdef object advance(self):
        cdef PyObject* pulled
        cdef Py_ssize_t known = PySet_GET_SIZE(self.seen)
        while True:
            pulled = PyIter_Next(self.source)
            if pulled is NULL:
                self.alive = False
                return None
            item = owned(pulled)
            key = self.key.get(item)
            try:
                PySet_Add(self.seen, key)
            except TypeError as error:
                raise unhashable(error, key, "a key of unique")
            if PySet_GET_SIZE(self.seen) != known:
                return item

    cdef tuple release(self):
        source, seen = self.source, self.seen
        self.source = self.seen = None
        return (source,)


@cython.final
@cython.trashcan(True)
cdef class Dedup(Lazy):
    cdef Key key
    cdef object source
    cdef object last_key
    cdef bint started

    def __cinit__(self, iterable, key):
        self.key = as_key(key)
        self.source = iter(iterable)
        self.alive = True

    cdef object advance(self):
        cdef PyObject* pulled
        last_key = self.last_key
        while True:
            pulled = PyIter_Next(self.source)
            if pulled is NULL:
                self.alive = False
                return None
            item = owned(pulled)
            key = self.key.get(item)
            if not self.started or not same(last_key, key):
                self.started = True
                self.last_key = key
                return item

    cdef tuple release(self):
        source, key = self.source, self.last_key
        self.source = self.last_key = None
        return (source,)


def iter_unique(iterable, key=None):
    """The items whose key has not been seen before, lazily and in order; the keys seen are held."""
    return Unique(iterable, key)


def iter_dedup(iterable, key=None):
    """The items whose key differs from the one before, lazily."""
    return Dedup(iterable, key)


def collect_unique(iterable, key=None):
    """All items of `iter_unique` in a list."""
    return Unique(iterable, key).gather(type(iterable) is list or type(iterable) is tuple)
