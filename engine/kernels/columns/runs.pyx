# distutils: language = c++
"""Consecutive runs of equal values, and folds of other values by run."""

from libc.stdint cimport int64_t
from libcpp cimport bool as cbool
from libcpp.memory cimport unique_ptr

from engine.kernels.columns.cells cimport Cells, cells_of
from engine.kernels.columns.column cimport ColumnMemory, new_values
from engine.kernels.columns.folds cimport How, fold_of, out_of_fold
from engine.kernels.columns.pool cimport join_pool

from engine.errors import PlanError

cdef extern from "columns/boundaries.hpp" namespace "engine" nogil:
    cdef cppclass Boundaries:
        Boundaries(const Cells& cells, int64_t grain) except +
        int64_t runs()
        void fill(int64_t* starts, int64_t* lengths) except +

cdef extern from "columns/run_folds.hpp" namespace "engine" nogil:
    cdef struct Runs:
        const int64_t* starts
        int64_t count
        int64_t rows
    cbool are_starts(const Runs& runs)
    void c_fold_runs "engine::fold_runs"(
        const Runs& runs, const Cells& values, How how, const double* means, void* out, int64_t grain) except +

join_pool()


def find_runs(source, int64_t grain=65_536):
    """The start and length of each run; `grain` is the least number of elements worth a thread."""
    cdef Cells cells = cells_of(source)
    cdef unique_ptr[Boundaries] boundaries
    cdef int64_t *start_room
    cdef int64_t *length_room
    with nogil:
        boundaries.reset(new Boundaries(cells, grain))
    cdef ColumnMemory starts = new_values("i", 8, boundaries.get().runs())
    cdef ColumnMemory lengths = new_values("i", 8, starts.size)
    start_room = <int64_t*> starts.data
    length_room = <int64_t*> lengths.data
    with nogil:
        boundaries.get().fill(start_room, length_room)
    return starts, lengths


def fold_runs(starts, values, str how, means=None, int64_t grain=32_768):
    """One fold of the values of each run; `means` are those of the runs, for "squares".

    Raises:
        PlanError: the starts are not those of runs of as many rows as there are values.
    """
    cdef Cells start_cells = cells_of(starts)
    cdef Cells value_cells = cells_of(values)
    cdef const double* mean_room = NULL
    cdef Runs runs
    cdef How fold = fold_of(how)
    runs.starts = <const int64_t*> start_cells.data
    runs.count = start_cells.size
    runs.rows = value_cells.size
    if not are_starts(runs):
        raise PlanError(f"values must be as many as the rows of the runs, got {value_cells.size}")
    if means is not None:
        mean_room = <const double*> cells_of(means).data
    cdef ColumnMemory out = out_of_fold(how, value_cells, runs.count)
    cdef void* room = <void*> out.data
    with nogil:
        c_fold_runs(runs, value_cells, fold, mean_room, room, grain)
    return out


def last_rows(ColumnMemory starts not None, int64_t size):
    """The last row of each run."""
    cdef const int64_t* start = <const int64_t*> starts.data + starts.offset
    cdef ColumnMemory lasts = new_values("i", 8, starts.size)
    cdef int64_t run
    for run in range(starts.size):
        (<int64_t*> lasts.data)[run] = (start[run + 1] if run + 1 < starts.size else size) - 1
    return lasts
