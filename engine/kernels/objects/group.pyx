"""Groups by key anywhere in the input: keys in the order they were first seen."""

from cpython.dict cimport PyDict_SetItem
from cpython.object cimport PyObject
from engine.kernels.objects.collector cimport pause_collector, resume_collector
from engine.kernels.objects.keys cimport (
    NAN,
    Key,
    PyDict_GetItemWithError,
    PyIter_Next,
    as_key,
    owned,
    unhashable,
)
from engine.kernels.objects.place cimport Place, failed
from engine.kernels.objects.reader cimport Reader, is_held, make_ready


cdef extern from "objects/group.hpp" namespace "engine::objects":
    object collect_plain_groups "engine::objects::collect_groups"(
        object holder, Reader& reader, PyObject* nan
    ) except +
    object count_plain_keys "engine::objects::count_keys"(object holder, Reader& reader, PyObject* nan) except +


def collect_groups(iterable, key=None, Place place=None):
    """A dict from each key to the list of its items; keys in first-seen order, items in input order.

    Other sources than a list or tuple are read into one first. A callable key is asked while the source is read.
    """
    cdef Key key_of = as_key(key)
    cdef Reader reader
    make_ready(&reader, key_of)
    if reader.can_read():
        iterable = iterable if is_held(iterable) else list(iterable)
        groups = collect_plain_groups(iterable, reader, <PyObject*>NAN)
        if groups is not None:
            return groups
    cdef bint paused = pause_collector(iterable)
    try:
        return Groups(key_of, place).read(iterable)
    finally:
        resume_collector(paused)


def count_keys(iterable, key=None, Place place=None):
    """A dict from each key to the number of its items; keys in first-seen order. Holds one number a key."""
    cdef Key key_of = as_key(key)
    cdef Reader reader
    make_ready(&reader, key_of)
    if is_held(iterable) and reader.can_read():
        counts = count_plain_keys(iterable, reader, <PyObject*>NAN)
        if counts is not None:
            return counts
    return Counts(key_of, place).read(iterable)


def fold_groups(iterable, key, initial, step, Place place=None):
    """A dict from each key to `step(... step(initial(), first item) ..., last item)`; one value held a key."""
    cdef Folded folded = Folded(as_key(key), place)
    folded.initial = initial
    folded.step = step
    return folded.read(iterable)


def reduce_groups(iterable, key, step, Place place=None):
    """A dict from each key to `step(... step(first item, second item) ..., last item)`; one value held a key."""
    cdef Reduced reduced = Reduced(as_key(key), place)
    reduced.step = step
    return reduced.read(iterable)


cdef class Grouped:
    """A dict that is filled item by item, whatever the source and the keys are; `add` says with what."""

    cdef Key key
    cdef Place place
    cdef dict found

    def __cinit__(self, Key key, Place place):
        self.key = key
        self.place = place
        self.found = {}

    cdef dict read(self, object iterable):
        cdef object source = iter(iterable)
        cdef object item = None
        cdef PyObject* pulled
        cdef Py_ssize_t index = -1
        cdef bint pulling = True
        try:
            while True:
                pulling = True
                pulled = PyIter_Next(source)
                pulling = False
                if pulled is NULL:
                    return self.found
                item = owned(pulled)
                index += 1
                self.add(self.key.get(item), item)
        except BaseException as error:
            if pulling:
                raise
            raise failed(self.place, error, index, item)

    cdef int add(self, object key, object item) except -1:
        return 0

    cdef PyObject* find(self, object key) except? NULL:
        """What stands under the key, borrowed, or NULL."""
        try:
            return PyDict_GetItemWithError(self.found, key)
        except TypeError as error:
            raise unhashable(error, key, "a key of group_by")


cdef class Groups(Grouped):
    cdef int add(self, object key, object item) except -1:
        cdef PyObject* group = self.find(key)
        if group is NULL:
            PyDict_SetItem(self.found, key, [item])
        else:
            (<list>group).append(item)
        return 0


cdef class Counts(Grouped):
    cdef int add(self, object key, object item) except -1:
        cdef PyObject* count = self.find(key)
        PyDict_SetItem(self.found, key, 1 if count is NULL else <object>count + 1)
        return 0


cdef class Folded(Grouped):
    cdef object initial
    cdef object step

    cdef int add(self, object key, object item) except -1:
        cdef PyObject* found = self.find(key)
        value = self.initial() if found is NULL else <object>found
        PyDict_SetItem(self.found, key, self.step(value, item))
        return 0


cdef class Reduced(Grouped):
    cdef object step

    cdef int add(self, object key, object item) except -1:
        cdef PyObject* found = self.find(key)
        PyDict_SetItem(self.found, key, item if found is NULL else self.step(<object>found, item))
        return 0
