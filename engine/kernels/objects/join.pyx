"""Hash join: a table over the right side, the left side streamed past it.

The table maps a key to the number of its first row; further rows of the key are chained by row numbers, so
that no object is made for a key beyond its number.
"""

from engine.errors import PlanError

cimport cython
from cpython.list cimport PyList_GET_ITEM
from cpython.object cimport PyObject
from engine.kernels.objects.keys cimport Key, PyDict_GetItemWithError, PyIter_Next, as_key, owned, unhashable
from engine.kernels.objects.lazy cimport Lazy
from libcpp.vector cimport vector


cdef extern from "Python.h":
    PyObject* PyDict_SetDefault(object mapping, object key, object default) except NULL
    Py_ssize_t PyLong_AsSsize_t(object number) except? -1


cdef enum:
    NONE = -1

HOWS = ("inner", "left", "right", "outer", "semi", "anti", "cross")


@cython.final
cdef class Table:
    """The right side by key: rows in order, equal keys chained from the first row to the last."""

    cdef list rows
    cdef dict heads
    cdef vector[Py_ssize_t] following
    cdef vector[Py_ssize_t] last
    cdef vector[char] met

    def __cinit__(self):
        self.rows = []
        self.heads = {}

    cdef int add(self, object item, object key) except -1:
        cdef Py_ssize_t row = len(self.rows)
        cdef Py_ssize_t head = row
        if key is not None:
            try:
                head = PyLong_AsSsize_t(<object>PyDict_SetDefault(self.heads, key, row))
            except TypeError as error:
                raise unhashable(error, key, "a key of the right side")
        self.rows.append(item)
        self.following.push_back(NONE)
        self.last.push_back(row)
        self.met.push_back(False)
        if head != row:
            self.following[self.last[head]] = row
            self.last[head] = row
            self.last[row] = head
        return 0

    cdef Py_ssize_t find(self, object key) except -2:
        """The first row of the key, or NONE."""
        cdef PyObject* found
        if key is None:
            return NONE
        try:
            found = PyDict_GetItemWithError(self.heads, key)
        except TypeError as error:
            raise unhashable(error, key, "a key of the left side")
        return NONE if found is NULL else PyLong_AsSsize_t(<object>found)


@cython.final
@cython.trashcan(True)
cdef class Joined(Lazy):
    cdef object left
    cdef object right
    cdef Key left_key
    cdef Key right_key
    cdef Table table
    cdef object item
    cdef Py_ssize_t row
    cdef bint pairs_missing
    cdef bint rows_missing
    cdef bint cross
    cdef bint alone
    cdef bint wanted
    cdef bint left_ended

    def __cinit__(self, left, right, left_key, right_key, how):
        if how not in HOWS:
            raise PlanError(f"how must be one of {', '.join(HOWS)}, got {how!r:.200}")
        self.left_key = as_key(left_key)
        self.right_key = as_key(right_key)
        self.cross = how == "cross"
        self.pairs_missing = how in ("left", "outer")
        self.rows_missing = how in ("right", "outer")
        self.alone = how in ("semi", "anti")
        self.wanted = how == "semi"
        self.left = iter(left)
        self.right = iter(right)
        self.row = NONE
        self.alive = True

    cdef object advance(self):
        if self.table is None:
            self.build()
        if self.alone:
            return self.next_alone()
        if self.row == NONE and not self.left_ended:
            if self.next_left():
                return (self.item, None)
        if self.left_ended:
            return self.next_unmet()
        item = <object>PyList_GET_ITEM(self.table.rows, self.row)
        pair = (self.item, item)
        self.step()
        return pair

    cdef int build(self) except -1:
        cdef Table table = Table()
        cdef PyObject* pulled
        while True:
            pulled = PyIter_Next(self.right)
            if pulled is NULL:
                break
            item = owned(pulled)
            table.add(item, None if self.cross else self.right_key.get(item))
        self.table = table
        return 0

    cdef bint next_left(self) except -1:
        """Pull left items up to one that meets a row (false), or that is to be kept alone (true), or the end."""
        cdef PyObject* pulled
        while True:
            pulled = PyIter_Next(self.left)
            if pulled is NULL:
                self.left_ended = True
                self.row = 0
                return False
            item = owned(pulled)
            self.row = self.first_row(item)
            if self.row != NONE:
                self.table.met[self.row] = True
                self.item = item
                return False
            if self.pairs_missing:
                self.item = item
                return True

    cdef Py_ssize_t first_row(self, object item) except -2:
        if self.cross:
            return 0 if len(self.table.rows) else NONE
        return self.table.find(self.left_key.get(item))

    cdef void step(self) noexcept:
        """On to the next row for the same left item."""
        if not self.cross:
            self.row = self.table.following[self.row]
        elif self.row + 1 < <Py_ssize_t>self.table.met.size():
            self.row += 1
        else:
            self.row = NONE

    cdef object next_unmet(self):
        """The right rows that no left item met, in their order."""
        cdef Table table = self.table
        cdef Py_ssize_t row
        while self.rows_missing and self.row < <Py_ssize_t>table.met.size():
            row = self.row
            self.row += 1
            if not table.met[self.head(row)]:
                return (None, table.rows[row])
        self.alive = False
        return None

    cdef inline Py_ssize_t head(self, Py_ssize_t row) noexcept:
        """The first row of the row's key: a later row's `last` points back to it."""
        cdef Py_ssize_t other = self.table.last[row]
        return other if other < row else row

    cdef object next_alone(self):
        cdef PyObject* pulled
        while True:
            pulled = PyIter_Next(self.left)
            if pulled is NULL:
                self.alive = False
                return None
            item = owned(pulled)
            if (self.first_row(item) != NONE) == self.wanted:
                return item

    cdef tuple release(self):
        left, right, table, item = self.left, self.right, self.table, self.item
        self.left = self.right = self.table = self.item = None
        return (left, right)


def iter_joined(left, right, left_key, right_key, how="inner"):
    """Pairs `(left item, right item)` of equal keys, None for a missing side, lazily on the left.

    The right side is read to its end at the first pull, and held. Left order is kept, then right order; right
    items that met nothing come last. "semi" and "anti" give left items alone. A None key meets nothing.
    """
    return Joined(left, right, left_key, right_key, how)


def collect_joined(left, right, left_key, right_key, how="inner"):
    """All of `iter_joined` in a list."""
    in_memory = type(left) in (list, tuple) and type(right) in (list, tuple)
    return Joined(left, right, left_key, right_key, how).gather(in_memory)
