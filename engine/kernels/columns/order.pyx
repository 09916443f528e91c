# distutils: language = c++
"""The order that would sort rows by a key."""

from libc.stdint cimport int64_t
from libcpp cimport bool as cbool

from engine.kernels.columns.cells cimport Cells, cells_of
from engine.kernels.columns.column cimport ColumnMemory
from engine.kernels.columns.pool cimport join_pool

cdef extern from "columns/order.hpp" namespace "engine" nogil:
    cdef struct Direction:
        cbool descending
        cbool nulls_first
    void order_rows(const Cells& keys, Direction direction, int64_t* rows) except +

join_pool()


def sort_rows(keys, ColumnMemory rows not None, *, bint descending=False, bint nulls_first=False):
    """Brings row numbers into the order of their keys, in place; rows of equal keys keep the order they have.

    Safety: `rows` is of our own making and holds each row number once.
    """
    cdef Cells cells = cells_of(keys)
    cdef int64_t* room = <int64_t*> rows.data
    cdef Direction direction
    direction.descending = descending
    direction.nulls_first = nulls_first
    with nogil:
        order_rows(cells, direction, room)
