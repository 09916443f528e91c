# distutils: language = c++
"""A relational join of two arrays of keys, as pairs of row numbers."""

from libc.stdint cimport INT32_MAX, INT64_MAX, int64_t
from libcpp cimport bool as cbool
from libcpp.memory cimport unique_ptr

from engine.kernels.columns.cells cimport Cells, cells_of
from engine.kernels.columns.column cimport ColumnMemory, new_values
from engine.kernels.columns.pool cimport join_pool

cdef extern from "columns/join.hpp" namespace "engine" nogil:
    cdef struct Keep:
        int64_t matches
        cbool left_unmatched
        cbool right_unmatched
    cdef cppclass Join:
        int64_t size()
        void fill(int64_t* left, int64_t* right) except +
    Join* make_join(const Cells& left, const Cells& right, Keep keep, int64_t narrow_rows, int64_t grain) except +

join_pool()

KINDS = ("inner", "left", "right", "outer", "semi", "anti")


def join_rows(left, right, str how, int64_t grain=32_768, int64_t narrow_rows=INT32_MAX):
    """The left and right row numbers of a join of the given kind; -1 where a side is missing.

    `grain` is the least number of left rows worth a thread; above `narrow_rows` right rows, they are
    numbered in 64 bits.
    """
    cdef Cells left_cells = cells_of(left)
    cdef Cells right_cells = cells_of(right)
    cdef unique_ptr[Join] pairs
    cdef int64_t *left_room
    cdef int64_t *right_room
    cdef Keep keep
    keep.matches = {"semi": 1, "anti": 0}.get(how, INT64_MAX)
    keep.left_unmatched = how in ("left", "outer", "anti")
    keep.right_unmatched = how in ("right", "outer")
    with nogil:
        pairs.reset(make_join(left_cells, right_cells, keep, narrow_rows, grain))
    cdef ColumnMemory left_rows = new_values("i", 8, pairs.get().size())
    cdef ColumnMemory right_rows = new_values("i", 8, left_rows.size)
    left_room = <int64_t*> left_rows.data
    right_room = <int64_t*> right_rows.data
    with nogil:
        pairs.get().fill(left_room, right_room)
    return left_rows, right_rows
