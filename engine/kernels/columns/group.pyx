# distutils: language = c++
"""Groups of equal keys, numbered in first-seen order, and aggregates of values by group."""

from libc.stdint cimport int64_t
from libcpp.vector cimport vector

from engine.kernels.columns.cells cimport Cells, cells_of, room_of

cdef extern from "columns/group.hpp" namespace "engine" nogil:
    cdef struct Groups:
        const int64_t* ids
        const int64_t* firsts
        int64_t rows
        int64_t count
    vector[int64_t] c_number_groups "engine::number_groups"(const Cells& keys, int64_t* ids) except +
    void count_groups(const Groups& groups, int64_t* out) except +
    void sum_groups(const Groups& groups, const Cells& values, void* out) except +
    void mean_groups(const Groups& groups, const Cells& values, double* out) except +
    void pick_least(const Groups& groups, const Cells& values, void* out) except +
    void pick_greatest(const Groups& groups, const Cells& values, void* out) except +
    void pick_first(const Groups& groups, const Cells& values, void* out) except +
    void pick_last(const Groups& groups, const Cells& values, void* out) except +


def number_groups(keys):
    """The number of each row's group, and the first row of each group."""
    import numpy

    cdef Cells cells = cells_of(keys)
    ids = numpy.empty(len(keys), numpy.int64)
    cdef int64_t* id_room = <int64_t*> room_of(ids)
    cdef vector[int64_t] first_rows
    with nogil:
        first_rows = c_number_groups(cells, id_room)
    firsts = numpy.empty(first_rows.size(), numpy.int64)
    cdef int64_t* first_room = <int64_t*> room_of(firsts)
    cdef size_t i
    for i in range(first_rows.size()):
        first_room[i] = first_rows[i]
    return ids, firsts


def aggregate(ids, firsts, values, str how, out):
    """Writes one aggregate of each group's values to `out`.

    Safety: `ids` and `firsts` are as `number_groups` made them, `values` is as long as `ids`, and `out` has
    an element for each group of the type `how` needs.
    """
    cdef Cells id_cells = cells_of(ids)
    cdef Cells first_cells = cells_of(firsts)
    cdef Cells value_cells = cells_of(values)
    cdef void* room = room_of(out)
    cdef Groups groups
    groups.ids = <const int64_t*> id_cells.data
    groups.firsts = <const int64_t*> first_cells.data
    groups.rows = id_cells.size
    groups.count = first_cells.size
    if how == "count":
        with nogil:
            count_groups(groups, <int64_t*> room)
    elif how == "sum":
        with nogil:
            sum_groups(groups, value_cells, room)
    elif how == "mean":
        with nogil:
            mean_groups(groups, value_cells, <double*> room)
    elif how == "min":
        with nogil:
            pick_least(groups, value_cells, room)
    elif how == "max":
        with nogil:
            pick_greatest(groups, value_cells, room)
    elif how == "first":
        with nogil:
            pick_first(groups, value_cells, room)
    else:
        with nogil:
            pick_last(groups, value_cells, room)
