# distutils: language = c++
"""Sorted arrays of one type merged into one, or into the order that would merge them."""

from libc.stdint cimport int32_t, int64_t
from libcpp.vector cimport vector

from engine.kernels.columns.cells cimport Cells, cells_of, room_of
from engine.kernels.columns.column cimport ColumnMemory, new_values
from engine.kernels.columns.pool cimport join_pool

from engine.errors import NotSortedError
from engine.kernels.columns.column_values import values_of

cdef extern from "columns/merge.hpp" namespace "engine" nogil:
    int64_t find_unsorted(const Cells& cells, int64_t grain) except +
    const int64_t most_inputs
    const int64_t longest_input
    void merge_into(const vector[Cells]& inputs, void* out, int64_t segment_size) except +
    void merge_index_into "engine::merge_index"(
        const vector[Cells]& inputs, int32_t* which, int64_t* position, int64_t segment_size) except +

join_pool()

# Three buffers of this many 8-byte elements fit a second-level cache of 1 MB.
SEGMENT_SIZE = 32_768
MOST_INPUTS = most_inputs
LONGEST_INPUT = longest_input


def require_sorted(list arrays, shown=None, int64_t grain=65_536):
    """Raises NotSortedError with the first input, and in it the first position, that is out of order.

    The message has the values of `shown`, if numbers stand for them in `arrays`.
    """
    cdef Cells cells
    cdef int64_t position
    for number, array in enumerate(arrays):
        cells = cells_of(array)
        with nogil:
            position = find_unsorted(cells, grain)
        if position >= 0:
            array = array if shown is None else shown[number]
            raise NotSortedError(
                f"input {number} must be sorted, got {_shown(array, position)} after {_shown(array, position - 1)}"
                f" at position {position}"
            )


def _shown(array, int64_t position):
    return str(values_of(array, position, position + 1)[0] if isinstance(array, ColumnMemory) else array[position])


def merge(list arrays, out, int64_t segment_size=SEGMENT_SIZE):
    """Writes the elements of all arrays, at least one, to `out` in order."""
    cdef vector[Cells] inputs
    cdef void* room = <void*> cells_of(out).data if isinstance(out, ColumnMemory) else room_of(out)
    for array in arrays:
        inputs.push_back(cells_of(array))
    with nogil:
        merge_into(inputs, room, segment_size)


def new_output(ColumnMemory like not None, int64_t size):
    """Room for so many values of the kind of others."""
    return new_values(like.kind, like.item_size, size)


def merge_index(
    list arrays, int64_t segment_size=SEGMENT_SIZE, int64_t most=MOST_INPUTS, int64_t longest=LONGEST_INPUT
):
    """For each element in order: the number of its array, and its position there; missing ones after all others.

    Raises:
        OverflowError: more than `most` inputs, or one with more than `longest` elements: an element's place has
            room for no more.
    """
    cdef vector[Cells] inputs
    cdef vector[int64_t] sizes
    cdef Cells cells
    cdef int64_t number, at, size = 0, end = 0
    if len(arrays) > most:
        raise OverflowError(f"inputs must be at most {most}, got {len(arrays)}")
    for array in arrays:
        cells = cells_of(array)
        if cells.size > longest:
            raise OverflowError(f"inputs must have at most {longest} elements, got {cells.size}")
        sizes.push_back(cells.size)
        size += cells.size
        cells.size -= array.null_count if isinstance(array, ColumnMemory) else 0
        end += cells.size
        inputs.push_back(cells)
    cdef ColumnMemory which = new_values("i", 4, size)
    cdef ColumnMemory position = new_values("i", 8, size)
    cdef int32_t* which_room = <int32_t*> which.data
    cdef int64_t* position_room = <int64_t*> position.data
    with nogil:
        merge_index_into(inputs, which_room, position_room, segment_size)
        for number in range(<int64_t> inputs.size()):
            for at in range(inputs[number].size, sizes[number]):
                which_room[end], position_room[end] = <int32_t> number, at
                end += 1
    return which, position
