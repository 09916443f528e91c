# distutils: language = c++
"""Consecutive runs of equal elements in an array."""

from libc.stdint cimport int64_t
from libcpp cimport bool as cbool
from libcpp.memory cimport unique_ptr

from engine.kernels.columns.cells cimport Cells, cells_of, room_of
from engine.kernels.columns.pool cimport join_pool

cdef extern from "columns/runs.hpp" namespace "engine" nogil:
    cdef cppclass RunStarts:
        RunStarts(const Cells& cells, int64_t grain) except +
        int64_t size()
        cbool fill(int64_t* starts, int64_t* lengths) except +

join_pool()


def find_runs(array, int64_t grain=65_536):
    """The start and length of each run; `grain` is the least number of elements worth a thread."""
    import numpy

    cdef Cells cells = cells_of(array)
    cdef unique_ptr[RunStarts] runs
    cdef int64_t *start_room
    cdef int64_t *length_room
    cdef cbool as_counted
    with nogil:
        runs.reset(new RunStarts(cells, grain))
    starts = numpy.empty(runs.get().size(), numpy.int64)
    lengths = numpy.empty_like(starts)
    start_room = <int64_t*> room_of(starts)
    length_room = <int64_t*> room_of(lengths)
    with nogil:
        as_counted = runs.get().fill(start_room, length_room)
    if not as_counted:
        raise RuntimeError("the array was changed while its runs were being found")
    return starts, lengths
