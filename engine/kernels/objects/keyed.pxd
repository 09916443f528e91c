"""Lazy kernels over one source whose items have keys."""

from engine.kernels.objects.keys cimport Key
from engine.kernels.objects.lazy cimport Lazy
from engine.kernels.objects.place cimport Place
from engine.kernels.objects.reader cimport Reader


cdef class Keyed(Lazy):
    cdef Key key
    cdef Reader reader
    cdef Place place
    cdef object source        # an iterator, or the list or tuple itself
    cdef bint held            # the latter: it is read in place, and only the key is asked of an iterator's items
    cdef object item          # the last one pulled; None while another is being pulled
    cdef Py_ssize_t index     # of that item
    cdef bint pulling

    cdef int open(self, object iterable, object key, Place place) except -1
    cdef bint pull(self) except -1
    cdef object key_of_item(self)
    cdef object taken(self)
    cdef object produce(self)
