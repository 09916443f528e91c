"""Consecutive runs of equal keys, for kernels that make something else of a run than a list."""

from engine.kernels.objects.keyed cimport Keyed


cdef class Runs(Keyed):
    cdef object first
    cdef object first_key
    cdef bint waiting     # there is such a first item
    cdef bint started

    cdef int start(self) except -1
    cdef int begin(self, object item, object key) except -1
    cdef object run_of(self, object key)
    cdef object read_in_place(self, object key)
    cdef int go_on(self, list run, object key) except -1
