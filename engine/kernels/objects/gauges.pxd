"""Counting items and sampling the time they take, step by step."""

cimport cython
from libc.stdint cimport int64_t


cdef extern from "objects/gauges.hpp" namespace "engine::objects":
    int64_t nanoseconds_now() noexcept
    bint is_timed(int64_t number) noexcept

    cdef cppclass Gauge:
        int64_t came
        void add(int64_t number, int64_t began) noexcept
        double seconds() noexcept


@cython.final
cdef class Gauges:
    cdef Gauge* all
    cdef Py_ssize_t size
