# distutils: language = c++
"""Sorted arrays of one type merged into one, or into the order that would merge them."""

from libc.stdint cimport int32_t, int64_t
from libcpp.vector cimport vector

from engine.kernels.columns.cells cimport Cells, cells_of, room_of
from engine.kernels.columns.pool cimport join_pool

from engine.errors import NotSortedError

cdef extern from "columns/merge.hpp" namespace "engine" nogil:
    int64_t find_unsorted(const Cells& cells, int64_t grain) except +
    void merge_into(const vector[Cells]& inputs, void* out, int64_t segment_size) except +
    void merge_index_into "engine::merge_index"(
        const vector[Cells]& inputs, int32_t* which, int64_t* position, int64_t segment_size) except +

join_pool()

# Three buffers of this many 8-byte elements fit a second-level cache of 1 MB.
SEGMENT_SIZE = 32_768


def require_sorted(list arrays, int64_t grain=65_536):
    """Raises NotSortedError with the first input, and in it the first position, that is out of order."""
    cdef Cells cells
    cdef int64_t position
    for number, array in enumerate(arrays):
        cells = cells_of(array)
        with nogil:
            position = find_unsorted(cells, grain)
        if position >= 0:
            raise NotSortedError(
                f"input {number} must be sorted, got {array[position]!s} after {array[position - 1]!s}"
                f" at position {position}"
            )


def merge(list arrays, out, int64_t segment_size=SEGMENT_SIZE):
    """Writes the elements of all arrays, at least one, to `out` in order."""
    cdef vector[Cells] inputs
    cdef void* room = room_of(out)
    for array in arrays:
        inputs.push_back(cells_of(array))
    with nogil:
        merge_into(inputs, room, segment_size)


def merge_index(list arrays, int64_t segment_size=SEGMENT_SIZE):
    """For each element in order: the number of its array, and its position there."""
    import numpy

    cdef vector[Cells] inputs
    for array in arrays:
        inputs.push_back(cells_of(array))
    size = sum(len(array) for array in arrays)
    which = numpy.empty(size, numpy.int32)
    position = numpy.empty(size, numpy.int64)
    cdef int32_t* which_room = <int32_t*> room_of(which)
    cdef int64_t* position_room = <int64_t*> room_of(position)
    with nogil:
        merge_index_into(inputs, which_room, position_room, segment_size)
    return which, position
