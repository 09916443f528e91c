"""Places that are not an item of a step: one of its inputs, or all of it."""

from engine.kernels.objects.place cimport Place


cdef Place part_of(Place place, str name)
cdef object failed_whole(Place place, object error)
