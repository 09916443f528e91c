"""One of several inputs, as errors name it."""

cimport cython
from engine.kernels.objects.place cimport Place


@cython.final
cdef class Part:
    """A part of a step; its name is only put together when an error asks for it."""

    cdef object step
    cdef str name

    def __str__(self):
        return f"{self.step}, {self.name}"


cdef Place part_of(Place place, str name):
    """Where a kernel works when it reads one of its inputs."""
    cdef Part part
    if place is None:
        return None
    part = Part.__new__(Part)
    part.step = place.step
    part.name = name
    return Place(part, place.trail)
