"""Places that are not an item of a step: one of its inputs, or all of it."""

cimport cython
from engine.kernels.objects.keys cimport stopped
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


cdef object failed_whole(Place place, object error):
    """The error to raise when it is not known at which item it arose."""
    if isinstance(error, StopIteration):
        error = stopped(error)
    if place is not None and place.trail.seen != id(error):
        error.add_note(f"in {place.step}")
        place.trail.seen = id(error)
    return error
