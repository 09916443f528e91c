# distutils: language = c++
"""Groups of equal keys, numbered in first-seen order, and folds of values by group."""

from libc.stdint cimport int64_t, uint8_t
from libc.string cimport memcpy
from libcpp cimport bool as cbool
from libcpp.vector cimport vector

from engine.kernels.columns.cells cimport Cells, cells_of
from engine.kernels.columns.column cimport ColumnMemory, Room, bits_for, new_values
from engine.kernels.columns.folds cimport How, fold_of, out_of_fold
from engine.kernels.columns.pool cimport join_pool

cdef extern from "columns/group.hpp" namespace "engine" nogil:
    cdef struct Groups:
        const int64_t* ids
        int64_t rows
        int64_t count
    vector[int64_t] c_number_groups "engine::number_groups"(const Cells& keys, int64_t* ids) except +
    void c_count_groups "engine::count_groups"(const Groups& groups, int64_t* out)
    void c_find_lasts "engine::find_lasts"(const Groups& groups, int64_t* out)
    void c_fold_groups "engine::fold_groups"(
        const Groups& groups, const Cells& values, How how, const double* means, void* out) except +
    void divide(double* totals, const int64_t* counts, int64_t size, int64_t less, cbool root)
    void mark_least(const int64_t* counts, int64_t size, int64_t least, uint8_t* bits)
    void c_pair_codes "engine::pair_codes"(int64_t* codes, const int64_t* others, int64_t count, int64_t size)
    int64_t c_number_sides "engine::number_sides"(
        const Cells& left, const Cells& right, int64_t* left_codes, int64_t* right_codes) except +

join_pool()


def number_groups(keys):
    """The number of each row's group, and the first row of each group; missing keys are one group."""
    cdef Cells cells = cells_of(keys)
    cdef ColumnMemory ids = new_values("i", 8, cells.size)
    cdef int64_t* id_room = <int64_t*> ids.data
    cdef vector[int64_t] first_rows
    with nogil:
        first_rows = c_number_groups(cells, id_room)
    cdef ColumnMemory firsts = new_values("i", 8, <int64_t> first_rows.size())
    if firsts.size:
        memcpy(<void*> firsts.data, first_rows.data(), first_rows.size() * 8)
    return ids, firsts


def number_sides(left, right):
    """Numbers for the keys of both sides of a join, equal where keys match, and how many; none below 0 matches."""
    cdef Cells left_cells = cells_of(left)
    cdef Cells right_cells = cells_of(right)
    cdef ColumnMemory left_codes = new_values("i", 8, left_cells.size)
    cdef ColumnMemory right_codes = new_values("i", 8, right_cells.size)
    cdef int64_t* left_room = <int64_t*> left_codes.data
    cdef int64_t* right_room = <int64_t*> right_codes.data
    cdef int64_t count
    with nogil:
        count = c_number_sides(left_cells, right_cells, left_room, right_room)
    return left_codes, right_codes, count


def pair_codes(ColumnMemory codes not None, ColumnMemory others not None, int64_t count):
    """Makes codes of one key those of two, in place; `count` is the number of different codes of the other.

    Safety: only for codes that `number_groups` or `number_sides` has just made, of one size.
    """
    cdef int64_t* room = <int64_t*> codes.data
    cdef const int64_t* other_room = <const int64_t*> others.data
    with nogil:
        c_pair_codes(room, other_room, count, codes.size)


cdef Groups _groups(ColumnMemory ids, int64_t count):
    cdef Groups groups
    groups.ids = <const int64_t*> ids.data
    groups.rows = ids.size
    groups.count = count
    return groups


def count_groups(ColumnMemory ids not None, int64_t count):
    cdef Groups groups = _groups(ids, count)
    cdef ColumnMemory out = new_values("i", 8, count)
    cdef int64_t* room = <int64_t*> out.data
    with nogil:
        c_count_groups(groups, room)
    return out


def find_lasts(ColumnMemory ids not None, int64_t count):
    """The last row of each group."""
    cdef Groups groups = _groups(ids, count)
    cdef ColumnMemory out = new_values("i", 8, count)
    cdef int64_t* room = <int64_t*> out.data
    with nogil:
        c_find_lasts(groups, room)
    return out


def fold_groups(ColumnMemory ids not None, int64_t count, values, str how, means=None):
    """One fold of each group's values.

    Safety: `ids` are as `number_groups` made them, and `values` is as long.
    """
    cdef Groups groups = _groups(ids, count)
    cdef Cells cells = cells_of(values)
    cdef How fold = fold_of(how)
    cdef const double* mean_room = NULL
    if means is not None:
        mean_room = <const double*> cells_of(means).data
    cdef ColumnMemory out = out_of_fold(how, cells, count)
    cdef void* room = <void*> out.data
    with nogil:
        c_fold_groups(groups, cells, fold, mean_room, room)
    return out


def divided(ColumnMemory totals not None, ColumnMemory counts not None, int64_t less=0, bint root=False):
    """The totals, which a kernel has just made, by their counts less `less`; the root of it if asked for."""
    divide(<double*> totals.data, <const int64_t*> counts.data, totals.size, less, root)
    return totals


def with_least(ColumnMemory folds not None, ColumnMemory counts not None, int64_t least):
    """Folds that a kernel has just made, missing where the count is less than `least`."""
    cdef Room room = bits_for(folds.size)
    mark_least(<const int64_t*> counts.data, folds.size, least, room.start)
    folds.validity = room.start
    folds.missing = -1
    folds.owner.append(room)
    return folds
