"""The order of keys that have to be compared."""

from engine.kernels.objects.place cimport Place


cdef list order_of(list keys, bint reverse, Place place)
