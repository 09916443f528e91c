"""Counting items and sampling time, step by step."""

cimport cython
from libc.stdint cimport int64_t


cdef extern from *:
    """
    #include <chrono>
    #include <cstdint>
    static inline int64_t nanoseconds_now() {
      using namespace std::chrono;
      return duration_cast<nanoseconds>(steady_clock::now().time_since_epoch()).count();
    }
    """
    int64_t nanoseconds_now() noexcept


# What the two readings of the clock add to a time.
cdef int64_t CLOCK_NS


cdef enum:
    TIMED_FIRST = 16   # so that short runs, and what only the first item costs, are told exactly
    SAMPLED = 64       # then one in so many: the clock itself costs as much as a small step


cdef struct Gauge:
    Py_ssize_t came
    int64_t first_ns
    int64_t sampled_ns
    Py_ssize_t samples


@cython.final
cdef class Gauges:
    cdef Gauge* all
    cdef Py_ssize_t size


cdef inline int64_t begin(Gauge* gauge) noexcept:
    """Count an item; the time now if this one is timed, else 0."""
    gauge.came += 1
    if gauge.came <= TIMED_FIRST or gauge.came % SAMPLED == 0:
        return nanoseconds_now()
    return 0


cdef inline void end(Gauge* gauge, int64_t began) noexcept:
    if began == 0:
        return
    cdef int64_t took = max(0, nanoseconds_now() - began - CLOCK_NS)
    if gauge.came <= TIMED_FIRST:
        gauge.first_ns += took
    else:
        gauge.sampled_ns += took
        gauge.samples += 1
