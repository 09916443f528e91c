# distutils: language = c++
"""The owner of the process's one pool of compute threads; other modules reach it through `POOL`."""

from cpython.pycapsule cimport PyCapsule_New
from libc.stdint cimport int64_t
from libcpp.vector cimport vector

from engine.kernels.columns.pool cimport Pool, use_pool

cdef extern from "threads.hpp" namespace "engine":
    Pool* make_process_pool() except +

cdef extern from "columns/rehearsal.hpp" namespace "engine" nogil:
    vector[int64_t] rehearse_tasks "engine::rehearse"(int64_t tasks, int64_t inner, int64_t failing) except +

cdef Pool* process_pool = make_process_pool()
use_pool(process_pool)
POOL = PyCapsule_New(process_pool, "engine.kernels.columns.pool.POOL", NULL)


def workers():
    """The threads that share the work of one kernel, the caller's among them."""
    return process_pool.workers()


def rehearse(int64_t tasks, int64_t inner=1, int64_t failing=-1):
    """How often each task of a job ran, for tests of the pool's promises.

    Each task starts a job of `inner` tasks itself; task number `failing` runs out of memory.
    """
    cdef vector[int64_t] runs
    with nogil:
        runs = rehearse_tasks(tasks, inner, failing)
    return list(runs)
