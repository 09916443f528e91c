"""First occurrences and later ones (a set of the keys seen); repeats dropped (one key remembered)."""

cimport cython
from cpython.object cimport PyObject
from cpython.set cimport PySet_Add, PySet_GET_SIZE
from engine.kernels.objects.keyed cimport Keyed
from engine.kernels.objects.keys cimport NAN, Key, as_key, same, unhashable
from engine.kernels.objects.place cimport Place
from engine.kernels.objects.reader cimport Reader, is_held, make_ready


cdef extern from "objects/unique.hpp" namespace "engine::objects":
    object plain_unique "engine::objects::collect_unique"(object, Reader&, PyObject*) except +
    object plain_duplicates "engine::objects::collect_duplicates"(object, Reader&, PyObject*) except +
    object plain_dedup "engine::objects::collect_dedup"(object, Reader&, PyObject*) except +

ctypedef object (*Collect)(object holder, Reader& reader, PyObject* nan) except +


@cython.trashcan(True)
cdef class Unique(Keyed):
    cdef set seen

    def __cinit__(self, iterable, key, Place place):
        self.open(iterable, key, place)
        self.seen = set()

    cdef object produce(self):
        while self.pull():
            if self.is_new(self.key_of_item()):
                return self.taken()
        self.alive = False

    cdef inline bint is_new(self, object key) except -1:
        cdef Py_ssize_t known = PySet_GET_SIZE(self.seen)
        try:
            PySet_Add(self.seen, key)
        except TypeError as error:
            raise unhashable(error, key, "a key of unique")
        return PySet_GET_SIZE(self.seen) != known

    cdef tuple release(self):
        seen, self.seen = self.seen, None
        return Keyed.release(self)


@cython.final
@cython.trashcan(True)
cdef class Duplicates(Unique):
    cdef object produce(self):
        while self.pull():
            if not self.is_new(self.key_of_item()):
                return self.taken()
        self.alive = False


@cython.final
@cython.trashcan(True)
cdef class Dedup(Keyed):
    cdef object last_key
    cdef bint started

    def __cinit__(self, iterable, key, Place place):
        self.open(iterable, key, place)

    cdef object produce(self):
        while self.pull():
            key = self.key_of_item()
            if not self.started or not same(self.last_key, key):
                self.started = True
                self.last_key = key
                return self.taken()
        self.alive = False

    cdef tuple release(self):
        key, self.last_key = self.last_key, None
        return Keyed.release(self)


def iter_unique(iterable, key=None, Place place=None):
    """The items whose key has not been seen before, lazily and in order; the keys seen are held."""
    return Unique(iterable, key, place)


def iter_duplicates(iterable, key=None, Place place=None):
    """The items whose key has been seen before, lazily and in order; the keys seen are held."""
    return Duplicates(iterable, key, place)


def iter_dedup(iterable, key=None, Place place=None):
    """The items whose key differs from the one before, lazily."""
    return Dedup(iterable, key, place)


def collect_unique(iterable, key=None, Place place=None):
    """All items of `iter_unique` in a list."""
    return collected(plain_unique, Unique, iterable, as_key(key), place)


def collect_duplicates(iterable, key=None, Place place=None):
    """All items of `iter_duplicates` in a list."""
    return collected(plain_duplicates, Duplicates, iterable, as_key(key), place)


def collect_dedup(iterable, key=None, Place place=None):
    """All items of `iter_dedup` in a list."""
    return collected(plain_dedup, Dedup, iterable, as_key(key), place)


cdef list collected(Collect collect, object kernel, object iterable, Key key, Place place):
    """What the quick way finds in a list or tuple of plain keys; else all that the lazy kernel gives."""
    cdef Reader reader
    make_ready(&reader, key)
    if is_held(iterable) and reader.can_read():
        found = collect(iterable, reader, <PyObject*>NAN)
        if found is not None:
            return found
    return (<Keyed>kernel(iterable, key, place)).gather(is_held(iterable))
