"""A stable sort by key, with every NaN key last (first when reversed).

Keys that are all integers, floats or texts are sorted as codes; others by `list.sort`, which asks them for `<`.
"""

from cpython.object cimport PyObject
from engine.kernels.objects.collector cimport PyGC_Disable, resume_collector
from engine.kernels.objects.keys cimport ITEM, NAN, Key, as_key, canonical, owned
from engine.kernels.objects.part cimport failed_whole
from engine.kernels.objects.place cimport Place
from engine.kernels.objects.rows cimport Rows, finish, rows_of
from engine.kernels.objects.secured cimport secure


cdef extern from *:
    """
    static inline PyObject** items_of(PyObject* holder) {
      return PyList_CheckExact(holder) ? ((PyListObject*)holder)->ob_item : ((PyTupleObject*)holder)->ob_item;
    }
    """
    PyObject** items_of(object holder)


cdef extern from "objects/sort.hpp" namespace "engine::objects":
    PyObject* sort_items(PyObject** items, PyObject** keys, Py_ssize_t count, bint reverse) except +*


def collect_sorted(iterable, key=None, reverse=False, Place place=None):
    """A list of the items in the order of their keys; equal ones keep their order, also when it is reversed."""
    cdef Key key_of = as_key(key)
    cdef Rows rows
    cdef PyObject* made = NULL
    cdef bint paused
    items = iterable if type(iterable) is list or type(iterable) is tuple else list(iterable)
    if key_of.kind == ITEM:
        paused = PyGC_Disable() == 1
        try:
            made = sort_items(items_of(items), items_of(items), len(items), reverse)
        finally:
            resume_collector(paused)
        return owned(made) if made is not NULL else compared(list(items), list(items), reverse, place)
    rows = rows_of(items, key_of, place)
    try:
        made = sort_items(rows.items, rows.keys, rows.count, reverse)
        if made is NULL:
            secure(rows)
    finally:
        finish(rows)
    return owned(made) if made is not NULL else compared(rows.holder, rows.owned_keys, reverse, place)


cdef list compared(list items, list keys, bint reverse, Place place):
    cdef Py_ssize_t position
    return [items[position] for position in order_of(keys, reverse, place)]


cdef list order_of(list keys, bint reverse, Place place):
    """The positions of keys in their order."""
    cdef list missing = []
    cdef list present = []
    cdef Py_ssize_t position
    cdef list simple = [canonical(key) for key in keys]
    for position in range(len(simple)):
        (missing if simple[position] is NAN else present).append(position)
    try:
        present.sort(key=simple.__getitem__, reverse=reverse)
    except BaseException as error:
        raise failed_whole(place, error)
    return missing + present if reverse else present + missing
