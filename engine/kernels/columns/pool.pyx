# distutils: language = c++
"""The owner of the process's one pool of compute threads; other modules reach it through `POOL`."""

import os
import threading

cimport cython
from cpython.pycapsule cimport PyCapsule_New
from libc.stdint cimport int64_t
from libcpp cimport bool as cbool
from libcpp.atomic cimport atomic
from libcpp.vector cimport vector

from engine.kernels.columns.pool cimport Pool, use_pool

cdef extern from "Python.h":
    # Not as cpython.exc declares it: the error must stay set, and not be raised here.
    int PyErr_CheckSignals() noexcept

cdef extern from "pythread.h":
    unsigned long PyThread_get_thread_ident() nogil

cdef extern from "threads.hpp" namespace "engine":
    Pool* make_chosen_pool() except +
    const int most_threads
    cdef cppclass LivingPool:
        LivingPool(int workers) except +
        int workers() nogil

cdef extern from "threads.hpp" namespace "engine::Patience":
    cbool (*asks_to_stop)() noexcept nogil

cdef extern from "threads.hpp" namespace "engine::ChosenPool":
    void choose_pool "engine::ChosenPool::choose"(LivingPool* pool) noexcept nogil

cdef extern from "columns/rehearsal.hpp" namespace "engine" nogil:
    vector[int64_t] rehearse_tasks "engine::rehearse"(int64_t tasks, int64_t inner, int64_t failing) except +
    void rehearse_failures "engine::fail_from"(int64_t tasks, int64_t first) except +
    int64_t rehearse_naps "engine::doze"(const vector[int64_t]& naps_us) except +

cdef Pool* chosen_pool = make_chosen_pool()
use_pool(chosen_pool)
POOL = PyCapsule_New(chosen_pool, "engine.kernels.columns.pool.POOL", NULL)
MOST_THREADS = most_threads

# Signals are the main thread's; that of a forked child is the one that forked.
cdef atomic[unsigned long] main_thread
main_thread.store(threading.main_thread().ident)


def note_main_thread():
    main_thread.store(PyThread_get_thread_ident())


os.register_at_fork(after_in_child=note_main_thread)


# Safety: takes the GIL only on the main thread, which lives as long as the interpreter; the error that a handler
# raised stays set in this thread, and Cython lets it pass in place of the C++ exception that follows.
cdef cbool has_signal() noexcept nogil:
    if PyThread_get_thread_ident() != main_thread.load():
        return False
    with gil:
        return PyErr_CheckSignals() != 0


asks_to_stop = has_signal


@cython.final
cdef class Threads:
    """A pool of its own, for the threads that choose it. Its threads end with it."""

    cdef LivingPool* pool

    def __cinit__(self, int workers):
        self.pool = new LivingPool(workers)

    def __dealloc__(self):
        # Safety: tasks never take the GIL, so a thread can be waited for while it is held.
        del self.pool

    @property
    def workers(self):
        return self.pool.workers()


def choose(Threads threads):
    """Lets the kernels that this thread starts run on other threads than the process's; None undoes it.

    The caller keeps a reference for as long.
    """
    cdef LivingPool* pool = NULL
    if threads is not None:
        pool = threads.pool
    choose_pool(pool)


def workers():
    """The threads that share the work of one kernel, the caller's among them."""
    return chosen_pool.workers()


def rehearse(int64_t tasks, int64_t inner=1, int64_t failing=-1):
    """How often each task of a job ran, for tests of the pool's promises.

    Each task starts a job of `inner` tasks itself; task number `failing` runs out of memory.
    """
    cdef vector[int64_t] runs
    with nogil:
        runs = rehearse_tasks(tasks, inner, failing)
    return list(runs)


def fail_from(int64_t tasks, int64_t first):
    """A job whose tasks from number `first` on fail, each with an IndexError that has its number."""
    with nogil:
        rehearse_failures(tasks, first)


def doze(vector[int64_t] naps_us):
    """How many tasks ran, each of which sleeps for its microseconds."""
    cdef int64_t ran
    with nogil:
        ran = rehearse_naps(naps_us)
    return ran
