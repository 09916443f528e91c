"""Where in a chain a kernel works, for its errors: they say the step, the item's number and the item.

A kernel that was given a place hands it every error of a callback: `raise failed(place, error, index, item)`.
"""

from reprlib import Repr

cimport cython
from engine.kernels.objects.keys cimport stopped


_brief = Repr()
_brief.maxstring = _brief.maxother = 120
_brief.maxlevel = 3


def brief(item):
    """A repr of bounded size; an item whose own repr raises is named by its type."""
    try:
        text = _brief.repr(item)
    except Exception:
        return f"<{type(item).__name__}: its repr raised>"
    return text if len(text) <= 300 else text[:297] + "..."


class Trail:
    """Which error of a run has been given its place already, so that outer steps leave it alone."""

    __slots__ = ("seen",)

    def __init__(self):
        self.seen = None


@cython.final
cdef class Place:
    """A step, as errors name it (`str(step)`), and the trail of the run it belongs to."""

    def __cinit__(self, step, trail):
        self.step = step
        self.trail = trail


cdef object failed(Place place, object error, Py_ssize_t index, object item):
    """The error to raise for one that arose at an item: its place is noted, and a StopIteration is no end."""
    if isinstance(error, StopIteration):
        error = stopped(error)
    if place is not None and place.trail.seen != id(error):
        error.add_note(f"in {place.step}, item {index}: {brief(item)}")
        place.trail.seen = id(error)
    return error
