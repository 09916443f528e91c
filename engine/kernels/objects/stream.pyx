"""Neighbouring streaming steps run as one loop in C: no Python frame and no iterator for each step.

A pass is a small machine. Items enter from the source at step 0. A step that makes many of one (flat_map)
pushes the iterator it got; the innermost iterator is read first, and its items enter at the step after. When
all of these have ended, each step in order may still add what it holds (chunks, concat). So a pass of any
length needs no recursion.

- A StopIteration from a callback becomes a RuntimeError: it must not look like the end.
- A callback that pulls from the pass that is calling it gets `ReentrantError`, as does a second thread.
- After the end, an error or `close` the pass holds nothing and upstream iterators are closed.
"""

from itertools import product as iter_product
from types import GeneratorType

from engine.errors import ReentrantError
from engine.kernels.objects.place import Trail, brief
from engine.result import Err, Ok

cimport cython
from cpython.mem cimport PyMem_Calloc, PyMem_Free
from cpython.object cimport PyObject
from engine.kernels.objects.keys cimport (
    PyDict_CheckExact, PyDict_GetItemWithError, PyIter_Next, PyObject_CallOneArg, PyObject_GetItem,
    PyTuple_GET_SIZE, owned, stopped,
)


cdef extern from "Python.h":
    PyObject* PyTuple_GET_ITEM(object values, Py_ssize_t position)


cdef enum Code:
    MAP
    FILTER
    FILTER_MAP
    TRY_MAP
    FLAT_MAP
    PRODUCT
    INSPECT
    ENUMERATE
    TAKE
    SKIP
    TAKE_WHILE
    SKIP_WHILE
    SCAN
    WINDOWS
    CHUNKS
    ZIP
    CONCAT


cdef enum Access:
    CALL
    FIELD
    POSITION
    STAR
    ITEM


CODES = {
    "map": MAP, "starmap": MAP, "filter": FILTER, "filter_map": FILTER_MAP, "try_map": TRY_MAP,
    "flat_map": FLAT_MAP, "flatten": FLAT_MAP, "product": PRODUCT, "inspect": INSPECT,
    "enumerate": ENUMERATE, "take": TAKE, "skip": SKIP, "take_while": TAKE_WHILE,
    "skip_while": SKIP_WHILE, "scan": SCAN, "windows": WINDOWS, "chunks": CHUNKS, "zip": ZIP,
    "concat": CONCAT,
}

ACCESSES = {"call": CALL, "field": FIELD, "position": POSITION, "star": STAR, "item": ITEM}


cdef struct Op:
    Code code
    Access access
    PyObject* function   # the callable, field name or position; borrowed from Pass.held
    Py_ssize_t count     # of items still to take or skip; the size of windows and chunks


# An iterator that a step pushed, and the step at which its items enter.
cdef struct Entry:
    PyObject* iterator   # borrowed from Pass.inner
    Py_ssize_t enters


@cython.final
@cython.trashcan(True)
cdef class Pass:
    """One run of a sequence of streaming steps over an iterator.

    `open_source()` gives the iterator when the first item is asked for. `steps` are tuples (verb, access,
    function, count, extra, place). `origin` says in errors where the items come from. The source is closed as
    soon as no more is needed of it when it was made for this run (`owned`) or is a generator; a file or cursor
    is its owner's to close.
    """

    cdef Op* ops
    cdef Py_ssize_t length
    cdef Entry* entries
    cdef Py_ssize_t depth
    cdef list inner      # the iterators that `entries` points to
    cdef list state      # for each step, what it keeps from item to item
    cdef tuple held      # the steps as given: owns what `ops` points to
    cdef object open_source
    cdef object source
    cdef bint owned
    cdef bint flowing    # the source may have more
    cdef bint started
    cdef bint alive
    cdef bint running
    cdef Py_ssize_t index     # of the item last read from the source
    cdef Py_ssize_t at        # the step that is working; -1: the source
    cdef Py_ssize_t flushed   # the steps before this one have ended
    cdef object origin
    cdef object trail

    def __cinit__(self, open_source, tuple steps, origin, trail, bint owned=True):
        self.length = len(steps)
        self.ops = <Op*>PyMem_Calloc(self.length + 1, sizeof(Op))
        self.entries = <Entry*>PyMem_Calloc(self.length + 1, sizeof(Entry))
        if self.ops is NULL or self.entries is NULL:
            raise MemoryError
        self.held = steps
        self.state = []
        self.inner = []
        for i, (verb, access, function, count, extra, _) in enumerate(steps):
            self.ops[i].code = CODES[verb]
            self.ops[i].access = ACCESSES[access]
            self.ops[i].function = PyTuple_GET_ITEM(steps[i], 2)
            self.ops[i].count = count
            self.state.append([] if verb == "chunks" else () if verb == "windows" else extra)
        self.open_source = open_source
        self.owned = owned
        self.origin = origin
        self.trail = trail
        self.alive = self.flowing = True
        self.index = -1

    def __dealloc__(self):
        PyMem_Free(self.ops)
        PyMem_Free(self.entries)

    def __iter__(self):
        return self

    def __next__(self):
        if self.running:
            raise ReentrantError("a callback pulled from the chain that is calling it")
        if not self.alive:
            raise StopIteration
        self.running = True
        try:
            produced = self.advance()
        finally:
            self.running = False
        if not self.alive:
            raise StopIteration
        return produced

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
        if self.running:
            raise ReentrantError("a callback pulled from the chain that is calling it")
        self.running = True
        try:
            while self.alive:
                produced = self.advance()
                if self.alive:
                    gathered.append(produced)
        finally:
            self.running = False
        return gathered

    cdef object advance(self):
        """The next item that comes out at the end; at the end of all, `alive` is false."""
        cdef PyObject* raw
        cdef Py_ssize_t i
        cdef Op* op
        item = None
        try:
            if not self.started:
                self.start()
            while True:
                if self.depth:
                    i = self.entries[self.depth - 1].enters
                    self.at = i - 1
                    raw = PyIter_Next(<object>self.entries[self.depth - 1].iterator)
                    if raw is NULL:
                        self.pop()
                        continue
                    item = owned(raw)
                elif self.flowing:
                    i = 0
                    self.at = -1
                    raw = PyIter_Next(self.source)
                    if raw is NULL:
                        self.flowing = False
                        self.close_source()
                        continue
                    self.index += 1
                    item = owned(raw)
                elif self.flushed < self.length:
                    self.at = self.flushed
                    i = self.flushed + 1
                    item = self.flush()
                    if item is None:
                        continue
                else:
                    self.alive = False
                    self.release()
                    return None
                while i < self.length:
                    self.at = i
                    op = &self.ops[i]
                    if op.code == MAP:
                        item = access(op, item)
                    elif op.code == FILTER:
                        if not access(op, item):
                            break
                    else:
                        produced = self.special(op, i, item)
                        if produced is NOTHING:
                            break
                        item = produced
                    i += 1
                else:
                    return item
        except BaseException as error:
            raise self.failed(error, item)

    cdef object special(self, Op* op, Py_ssize_t i, object item):
        """What a step that is neither map nor filter lets through for an item, or NOTHING."""
        if op.code == TAKE:
            op.count -= 1
            if op.count == 0:
                self.end_before(i)
            return item
        if op.code == SKIP:
            if op.count:
                op.count -= 1
                return NOTHING
            return item
        if op.code == ENUMERATE:
            number = self.state[i]
            self.state[i] = number + 1
            return (number, item)
        if op.code == INSPECT:
            access(op, item)
            return item
        if op.code == TAKE_WHILE:
            if access(op, item):
                return item
            self.end_before(i)
            return NOTHING
        if op.code == SKIP_WHILE:
            if op.count:
                if access(op, item):
                    return NOTHING
                op.count = 0
            return item
        if op.code == FILTER_MAP:
            produced = access(op, item)
            return NOTHING if produced is None else produced
        if op.code == FLAT_MAP:
            self.push(iter(access(op, item)), i + 1)
            return NOTHING
        return self.keeping(op, i, item)

    cdef object keeping(self, Op* op, Py_ssize_t i, object item):
        """The steps that keep something from item to item."""
        if op.code == TRY_MAP:
            try:
                produced = access(op, item)
            except self.state[i] as error:
                return outcome(Err, SET_ERROR, error)
            return outcome(Ok, SET_VALUE, produced)
        if op.code == SCAN:
            produced = (<object>op.function)(self.state[i], item)
            self.state[i] = produced
            return produced
        if op.code == WINDOWS:
            window = self.state[i] + (item,)
            if PyTuple_GET_SIZE(window) > op.count:
                window = window[1:]
            self.state[i] = window
            return window if PyTuple_GET_SIZE(window) == op.count else NOTHING
        if op.code == CHUNKS:
            chunk = <list>self.state[i]
            chunk.append(item)
            if len(chunk) < op.count:
                return NOTHING
            self.state[i] = []
            return chunk
        if op.code == ZIP:
            return self.zipped(i, item)
        if op.code == PRODUCT:
            if not isinstance(self.state[i], Pools):
                self.state[i] = Pools([list(other) for other in self.state[i]])
            self.push(iter_product((item,), *self.state[i]), i + 1)
            return NOTHING
        return item

    cdef object zipped(self, Py_ssize_t i, object item):
        cdef list row = [item]
        cdef PyObject* raw
        for other in self.state[i]:
            raw = PyIter_Next(other)
            if raw is NULL:
                self.end_before(i)
                return NOTHING
            row.append(owned(raw))
        return tuple(row)

    cdef object start(self):
        """Open the source; a `take(0)` means that nothing above it is read."""
        cdef Py_ssize_t i
        self.started = True
        self.at = -1
        for i in range(self.length - 1, -1, -1):
            if self.ops[i].code == TAKE and self.ops[i].count == 0:
                self.end_before(i)
                break
        if self.flowing:
            self.source = self.open_source()
        self.open_source = None
        for i in range(self.flushed, self.length):
            if self.ops[i].code == ZIP:
                self.at = i
                self.state[i] = [iter(other) for other in self.state[i]]

    cdef object flush(self):
        """What the next step still holds now that all before it have ended; None when it holds nothing."""
        cdef Py_ssize_t i = self.flushed
        cdef Op* op = &self.ops[i]
        if op.code == CONCAT and op.count < len(self.state[i]):
            op.count += 1
            self.push(iter(self.state[i][op.count - 1]), i + 1)
            return None
        self.flushed += 1
        rest, self.state[i] = self.state[i], None
        if op.code == ZIP:
            close_all(rest)
        return rest if op.code == CHUNKS and rest else None

    cdef object push(self, object iterator, Py_ssize_t enters):
        self.inner.append(iterator)
        self.entries[self.depth].iterator = <PyObject*>iterator
        self.entries[self.depth].enters = enters
        self.depth += 1

    cdef object pop(self):
        self.depth -= 1
        self.inner.pop()

    cdef object end_before(self, Py_ssize_t step):
        """Close all that feeds `step`: it needs no more. The step itself and later ones may go on."""
        cdef Py_ssize_t i
        cdef list open_iterators = self.inner[::-1]
        self.inner = []
        self.depth = 0
        self.flowing = False
        for i in range(self.flushed, min(step + 1, self.length)):
            if self.ops[i].code == ZIP and type(self.state[i]) is list:
                open_iterators.extend(self.state[i])
            self.state[i] = None
        self.flushed = max(self.flushed, min(step + 1, self.length))
        try:
            close_all(open_iterators)
        finally:
            self.close_source()

    cdef object close_source(self):
        source, self.source = self.source, None
        if self.owned or isinstance(source, (GeneratorType, Pass)):
            close_all((source,))

    cdef object release(self):
        self.inner = []
        self.depth = 0
        self.state = []
        self.source = self.open_source = None

    cdef object failed(self, object error, object item):
        """The error with its place noted, after everything upstream was closed."""
        cdef Py_ssize_t at = self.at
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
        if not self.started or (at < 0 and self.index < 0):
            error.add_note(f"in {place}")
        elif at < 0:
            error.add_note(f"in {place}, after item {self.index}")
        else:
            error.add_note(f"in {place}, item {self.index}: {brief(item)}")
        return error


cdef class Nothing:
    """What a step lets through when it lets nothing through."""


cdef object NOTHING = Nothing()


class Pools(list):
    """The other sides of a product, read into memory."""


# The slots of Ok and Err are filled directly: their __init__ goes round the frozen __setattr__ at 2 µs a piece.
cdef object SET_VALUE = Ok.__dict__["value"].__set__
cdef object SET_ERROR = Err.__dict__["error"].__set__


cdef inline object outcome(object kind, object fill, object content):
    made = kind.__new__(kind)
    fill(made, content)
    return made


cdef object close_all(iterators):
    """Close each that can be closed, then raise the first error met."""
    failure = None
    for iterator in iterators:
        try:
            close = getattr(iterator, "close", None)
            if close is not None:
                close()
        except BaseException as error:
            failure = error if failure is None else failure
    if failure is not None:
        raise failure


cdef inline object access(Op* op, object item):
    """What a step's function, field name or position makes of an item."""
    cdef PyObject* found
    if op.access == CALL:
        return PyObject_CallOneArg(<object>op.function, item)
    if op.access == FIELD and PyDict_CheckExact(item):
        found = PyDict_GetItemWithError(item, <object>op.function)
        if found is NULL:
            raise KeyError(<object>op.function)
        return <object>found
    if op.access == ITEM:
        return item
    if op.access == STAR:
        return (<object>op.function)(*item)
    return PyObject_GetItem(item, <object>op.function)
