"""Rows that stay valid while Python code runs: what they borrowed, they own."""

from cpython.object cimport PyObject
from engine.kernels.objects.keys cimport Key
from engine.kernels.objects.place cimport Place
from engine.kernels.objects.rows cimport Rows, finish, rows_of


cdef extern from *:
    """
    static inline PyObject** storage_of(PyObject* list) { return ((PyListObject*)list)->ob_item; }
    """
    PyObject** storage_of(list values)


cdef inline int secure(Rows rows) except -1:
    """Own items and keys. Runs no Python code: the collector is still paused."""
    cdef list keys = []
    cdef Py_ssize_t i
    if not rows.borrowed:
        return 0
    for i in range(rows.count):
        keys.append(<object>rows.keys[i])
    rows.holder = list(rows.holder)
    rows.owned_keys = keys
    rows.items = storage_of(rows.holder)
    rows.keys = storage_of(keys)
    rows.borrowed = False
    return 0


cdef inline Rows secured(object iterable, Key key, Place place):
    """The rows of an iterable, for a kernel that runs Python code while it needs them."""
    cdef Rows rows = rows_of(iterable, key, place)
    try:
        secure(rows)
    finally:
        finish(rows)
    return rows
