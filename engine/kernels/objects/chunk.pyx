"""Consecutive runs of equal keys: one pass, one key call an item, no table."""

cimport cython
from cpython.object cimport PyObject
from engine.kernels.objects.keyed cimport Keyed
from engine.kernels.objects.keys cimport NAN, Key, as_key, owned, same
from engine.kernels.objects.place cimport Place
from engine.kernels.objects.reader cimport Reader, is_held, make_ready


cdef extern from "objects/chunk.hpp" namespace "engine::objects":
    object collect_plain_runs "engine::objects::collect_runs"(object holder, Reader& reader, PyObject* nan) except +
    cdef struct RunRead:
        PyObject* run
        PyObject* item
        PyObject* key
        Py_ssize_t position
    RunRead read_run(
        object holder, Py_ssize_t position, PyObject* first, PyObject* key, Reader& reader, PyObject* nan
    ) except *


@cython.trashcan(True)
cdef class Runs(Keyed):
    """The item that ended a run is the first of the next."""

    def __cinit__(self, iterable, key, Place place, *_):
        self.open(iterable, key, place)

    cdef object produce(self):
        if not self.started:
            self.started = True
            self.start()
        if not self.waiting:
            self.alive = False
            return None
        key = self.first_key
        run = self.run_of(key)
        self.item = None
        return (key, run)

    cdef int start(self) except -1:
        if self.pull():
            self.begin(self.item, self.key_of_item())
        return 0

    cdef int begin(self, object item, object key) except -1:
        self.first = item
        self.first_key = key
        self.waiting = True
        return 0

    cdef object run_of(self, object key):
        """The items of the run that has begun; the first item after it then waits, if there is one."""
        cdef list run
        self.waiting = False
        run = self.read_in_place(key) if self.held else [self.first]
        if not self.waiting:
            self.first = None
            self.go_on(run, key)
        return run

    cdef object read_in_place(self, object key):
        """As much of the run as can be read without running any code."""
        cdef RunRead read = read_run(
            self.source, self.index + 1, <PyObject*>self.first, <PyObject*>key, self.reader, <PyObject*>NAN
        )
        cdef list run = owned(read.run)
        self.index = read.position - 1
        if read.item is not NULL:
            self.begin(owned(read.item), owned(read.key))
        return run

    cdef int go_on(self, list run, object key) except -1:
        while self.pull():
            item_key = self.key_of_item()
            if not same(key, item_key):
                return self.begin(self.item, item_key)
            run.append(self.item)
        return 0

    cdef tuple release(self):
        first, key = self.first, self.first_key
        self.first = self.first_key = None
        return Keyed.release(self)


def iter_runs(iterable, key=None, Place place=None):
    """Pairs `(key, items)` of consecutive items with equal keys, lazily; one item is pulled ahead."""
    return Runs(iterable, key, place)


def collect_runs(iterable, key=None, Place place=None):
    """All pairs of `iter_runs` in a list. Other sources than a list or tuple are read into one first.

    A callable key is asked while the source is being read.
    """
    cdef Key key_of = as_key(key)
    cdef Reader reader
    make_ready(&reader, key_of)
    if not reader.can_read():
        return Runs(iterable, key_of, place).gather(is_held(iterable))
    held = iterable if is_held(iterable) else list(iterable)
    runs = collect_plain_runs(held, reader, <PyObject*>NAN)
    return runs if runs is not None else Runs(held, key_of, place).gather(True)
