"""Groups by key anywhere in the input: one dict, keys in the order they were first seen."""

from cpython.dict cimport PyDict_SetItem
from cpython.object cimport PyObject
from engine.kernels.objects.collector cimport pause_collector, resume_collector
from engine.kernels.objects.keys cimport (
    Key,
    PyDict_GetItemWithError,
    PyIter_Next,
    as_key,
    owned,
    stopped,
    unhashable,
)


def collect_groups(iterable, key=None):
    """A dict from each key to the list of its items; keys in first-seen order, items in input order."""
    cdef Key key_of = as_key(key)
    cdef bint paused = pause_collector(iterable)
    try:
        return groups_of(iter(iterable), key_of)
    except StopIteration as error:
        raise stopped(error)
    finally:
        resume_collector(paused)


def fold_groups(iterable, key, initial, step):
    """A dict from each key to `step(... step(initial(), first item) ..., last item)`; one value held a key."""
    try:
        return folded(iter(iterable), as_key(key), initial, step)
    except StopIteration as error:
        raise stopped(error)


cdef dict groups_of(object source, Key key_of):
    cdef dict groups = {}
    cdef PyObject* pulled
    cdef PyObject* found
    while True:
        pulled = PyIter_Next(source)
        if pulled is NULL:
            return groups
        item = owned(pulled)
        key = key_of.get(item)
        found = find(groups, key)
        if found is NULL:
            PyDict_SetItem(groups, key, [item])
        else:
            (<list>found).append(item)


cdef dict folded(object source, Key key_of, object initial, object step):
    cdef dict groups = {}
    cdef PyObject* pulled
    cdef PyObject* found
    while True:
        pulled = PyIter_Next(source)
        if pulled is NULL:
            return groups
        item = owned(pulled)
        key = key_of.get(item)
        found = find(groups, key)
        value = initial() if found is NULL else <object>found
        PyDict_SetItem(groups, key, step(value, item))


cdef PyObject* find(dict groups, object key) except? NULL:
    """What stands under the key, borrowed, or NULL."""
    try:
        return PyDict_GetItemWithError(groups, key)
    except TypeError as error:
        raise unhashable(error, key, "a key of group_by")
