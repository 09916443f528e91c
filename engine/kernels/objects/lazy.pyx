"""What every lazy kernel is: an iterator that guards itself and lets go of its source at once.

- A callback that pulls from the iterator that is calling it gets `ReentrantError`, as does a second thread.
- A StopIteration from a callback becomes a RuntimeError: it must not look like the end.
- After an error or the end the iterator is empty and holds nothing.
"""

from engine.errors import ReentrantError

cimport cython
from engine.kernels.objects.collector cimport PyGC_Disable, resume_collector
from engine.kernels.objects.keys cimport stopped


@cython.trashcan(True)
cdef class Lazy:
    """The guard around a kernel's `advance`."""

    cdef object advance(self):
        self.alive = False

    cdef tuple release(self):
        return ()

    def __class_getitem__(cls, item):
        return cls

    def __iter__(self):
        return self

    def __next__(self):
        if self.running:
            raise ReentrantError("a callback pulled from the step that is calling it")
        if not self.alive:
            raise StopIteration
        self.running = True
        try:
            produced = self.advance()
        except StopIteration as error:
            self.alive = False
            raise stopped(error)
        except BaseException:
            self.alive = False
            raise
        finally:
            if not self.alive:
                self.release()
            self.running = False
        if not self.alive:
            raise StopIteration
        return produced

    def close(self):
        """End the iteration now: upstream iterators that have a `close` are closed, and nothing is held."""
        if self.running:
            raise ReentrantError("a callback closed the step that is calling it")
        if self.alive:
            self.alive = False
            close_all(self.release())

    cdef list gather(self, bint pause):
        """Everything to the end, without the guard's cost: nobody else can see this iterator."""
        cdef list gathered = []
        cdef bint paused = pause and PyGC_Disable() == 1
        try:
            while True:
                produced = self.advance()
                if not self.alive:
                    return gathered
                gathered.append(produced)
        except StopIteration as error:
            raise stopped(error)
        finally:
            resume_collector(paused)


cdef object close_all(object upstream):
    """Close each that can be closed, then raise the first error met."""
    failure = None
    for iterator in upstream:
        try:
            close = getattr(iterator, "close", None)
            if close is not None:
                close()
        except BaseException as error:
            failure = error if failure is None else failure
    if failure is not None:
        raise failure
