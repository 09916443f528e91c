"""One of several inputs, as errors name it."""

from engine.kernels.objects.place cimport Place


cdef Place part_of(Place place, str name)
