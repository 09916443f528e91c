"""Neighbouring streaming steps as one iterator, which guards itself and lets go of its source at once.

- A StopIteration from a callback becomes a RuntimeError: it must not look like the end.
- A callback that pulls from the pass that is calling it gets `ReentrantError`, as does a second thread.
- After the end, an error or `close` the pass holds nothing and upstream iterators are closed.
"""

from itertools import chain

from engine.errors import ReentrantError
from engine.kernels.objects.machine import ACCESSES, CODES
from engine.kernels.objects.place import Trail, brief

cimport cython
from cpython.object cimport PyObject
from engine.kernels.objects.access cimport Watch
from engine.kernels.objects.keys cimport stopped
from engine.kernels.objects.machine cimport Machine
from libc.stdint cimport int64_t


cdef extern from "objects/plain.hpp" namespace "engine::objects":
    bint read_int64(PyObject* number, int64_t* value)
    bint add_exactly(int64_t a, int64_t b, int64_t* sum)


@cython.final
@cython.trashcan(True)
cdef class Pass(Machine):
    """One run of a sequence of streaming steps over an iterator.

    `open_source()` gives the iterator when the first item is asked for; a list it gives is read in place. `steps`
    are tuples (verb, access, function, count, extra, place). `origin` says in errors where the items come from.
    The source is closed as soon as no more is needed of it when it was made for this run (`owned`) or is a
    generator; a file or cursor is its owner's to close. `gauges`, one for each step and one for what leaves the
    last, are kept when given.
    """

    cdef bint running
    cdef object origin
    cdef object trail

    def __cinit__(self, open_source, tuple steps, origin, trail, bint owned=True, gauges=None):
        self.origin = origin
        self.trail = trail

    def __iter__(self):
        return self

    def __next__(self):
        if not self.alive and not self.running:
            raise StopIteration
        self.enter()
        try:
            produced = self.advance()
        except BaseException as error:
            raise self.failed(error)
        finally:
            self.running = False
        if not self.alive:
            raise StopIteration
        return produced

    def number(self):
        """That of the item read last, counted from 0 where the passes above begin; -1 before the first."""
        return self.number_of_item()

    def close(self):
        """End the run now: upstream iterators are closed and nothing is held."""
        if self.running:
            raise ReentrantError("a callback closed the chain that is calling it")
        if self.alive:
            self.alive = False
            self.end_before(self.length)
            self.release()

    def drain(self):
        """All that is left, as a list."""
        cdef list gathered = []
        self.enter()
        try:
            self.drain_source(gathered)
            while self.alive:
                produced = self.advance()
                if self.alive:
                    gathered.append(produced)
        except BaseException as error:
            raise self.failed(error)
        finally:
            self.running = False
        return gathered

    def drain_for(self, double seconds):
        """As many of those left as take about so many seconds; and whether that was all of them."""
        cdef list gathered = []
        cdef Watch watch = Watch(seconds, self.belt.index + 1)
        self.enter()
        try:
            if not self.drain_watched(gathered, watch):
                return gathered, False
            while self.alive:
                produced = self.advance()
                if self.alive:
                    gathered.append(produced)
                    if watch.is_over(self.belt.index + 1):
                        return gathered, False
        except BaseException as error:
            raise self.failed(error)
        finally:
            self.running = False
        return gathered, True

    def count(self):
        """How many are left; they are read and dropped."""
        cdef Py_ssize_t counted = 0
        self.enter()
        try:
            while self.alive:
                self.advance()
                counted += self.alive
        except BaseException as error:
            raise self.failed(error)
        finally:
            self.running = False
        return counted

    def sum(self, start=0):
        """What the built-in sum gives for all that are left; whole numbers are added in C."""
        cdef int64_t total = 0
        if type(start) is not int or not read_int64(<PyObject*>start, &total):
            return sum(self, start)
        self.enter()
        try:
            rest = self.add_up(&total)
        except BaseException as error:
            raise self.failed(error)
        finally:
            self.running = False
        # How floats are added depends on the version of Python.
        return total if rest is None else sum(chain(rest, self), total)

    cdef tuple add_up(self, int64_t* total):
        """Adds whole numbers; gives the first item that is none, or does not fit, or None."""
        cdef int64_t number = 0
        if not self.add_source(total):
            return (self.taken(),)
        while self.alive:
            produced = self.advance()
            if not self.alive:
                break
            if (
                type(produced) is not int or not read_int64(<PyObject*>produced, &number)
                or not add_exactly(total[0], number, total)
            ):
                return (produced,)
        return None

    cdef Py_ssize_t number_of_item(self) noexcept:
        if type(self.source) is Pass:
            return (<Pass>self.source).number_of_item()
        return self.belt.index

    cdef int enter(self) except -1:
        if self.running:
            raise ReentrantError("a callback pulled from the chain that is calling it")
        self.running = True
        return 0

    cdef object failed(self, object error):
        """The error with its place noted, after everything upstream was closed."""
        cdef Py_ssize_t at = self.belt.at
        cdef Py_ssize_t index = self.number_of_item()
        item = None if self.belt.item is NULL else <object>self.belt.item
        self.alive = False
        try:
            self.end_before(self.length)
        except BaseException as failure:
            error.add_note(f"closing what came before failed too: {brief(failure)}")
        self.release()
        if isinstance(error, StopIteration):
            error = stopped(error)
            self.trail.seen = None
        if at >= 0:
            place = self.held[at][5]
        elif self.trail.seen == id(error) or self.origin is None:
            return error
        else:
            place = self.origin
        self.trail.seen = id(error)
        if not self.started or (at < 0 and index < 0):
            error.add_note(f"in {place}")
        elif at < 0:
            error.add_note(f"in {place}, after item {index}")
        else:
            error.add_note(f"in {place}, item {index}: {brief(item)}")
        return error
