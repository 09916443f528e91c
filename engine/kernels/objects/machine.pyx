"""How items go through the streaming steps of a pass: one loop in C, no Python frame and no iterator for each step.

Items enter from the source at step 0. A step that makes many of one (flat_map) pushes the iterator it got; the
innermost iterator is read first, and its items enter at the step after. When all of these have ended, each step in
order may still add what it holds (chunks, concat). So a machine of any length needs no recursion.

Measured (`Gauges`), it counts each step's items and times one in 64; otherwise that costs a branch a step.
"""

from itertools import product as iter_product
from types import GeneratorType

from engine.result import Err, Ok

cimport cython
from cpython.mem cimport PyMem_Calloc, PyMem_Free
from cpython.object cimport PyObject
from engine.kernels.objects.access cimport (
    ARRIVED, CALL, CHUNKS, CONCAT, DROPPED, ENDED, ENUMERATE, FIELD, FILTER, FILTER_MAP, FLAT_MAP, INSPECT, ITEM,
    MAP, POSITION, PRODUCT, PROGRESS, SCAN, SKIP, SKIP_WHILE, STAR, TAKE, TAKE_WHILE, TRY_MAP, WINDOWS, ZIP, Belt,
    Op, PyVectorcall_Function, Watch, access, access_truth, add_through, drain_for, drain_through, pass_through,
    pull_through,
)
from engine.kernels.objects.gauges cimport Gauges, is_timed, nanoseconds_now
from engine.kernels.objects.keys cimport PyIter_Next, PyTuple_GET_SIZE, owned
from engine.kernels.objects.lazy cimport close_all
from libc.stdint cimport int64_t


cdef extern from "Python.h":
    PyObject* PyTuple_GET_ITEM(object values, Py_ssize_t position)
    PyObject* Py_NewRef(PyObject* pointer)
    void Py_CLEAR(PyObject* pointer)


cdef extern from *:
    """
    static inline void replace_reference(PyObject** place, PyObject* owned) {
      PyObject* const old = *place;
      *place = owned;
      Py_XDECREF(old);
    }
    """
    void replace_reference(PyObject** place, PyObject* owned)


CODES = {
    "map": MAP, "starmap": MAP, "filter": FILTER, "filter_map": FILTER_MAP, "try_map": TRY_MAP,
    "flat_map": FLAT_MAP, "flatten": FLAT_MAP, "product": PRODUCT, "inspect": INSPECT, "enumerate": ENUMERATE,
    "take": TAKE, "skip": SKIP, "take_while": TAKE_WHILE, "skip_while": SKIP_WHILE, "scan": SCAN,
    "windows": WINDOWS, "chunks": CHUNKS, "zip": ZIP, "concat": CONCAT, "progress": PROGRESS,
}

ACCESSES = {"call": CALL, "field": FIELD, "position": POSITION, "star": STAR, "item": ITEM}


@cython.trashcan(True)
cdef class Machine:
    """The source, the steps, and what is on its way; `stream` makes an iterator of it."""

    def __cinit__(self, open_source, tuple steps, origin, trail, bint owned=True, Gauges gauges=None):
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
            self.ops[i].how = ACCESSES[access]
            self.ops[i].function = PyTuple_GET_ITEM(steps[i], 2)
            self.ops[i].count = count
            if self.ops[i].how == CALL and function is not None:
                self.ops[i].call = PyVectorcall_Function(self.ops[i].function)
            self.state.append([] if verb == "chunks" else () if verb == "windows" else extra)
        if gauges is not None and gauges.size <= self.length:
            raise ValueError(f"gauges must be {self.length + 1}, got {gauges.size}")
        self.gauges = gauges
        if gauges is not None:
            self.belt.gauges = gauges.all
        self.open_source = open_source
        self.owned = owned
        self.alive = self.flowing = True
        self.simple = all(verb in ("map", "starmap", "filter") for verb, *_ in steps)
        self.belt.ops = self.ops
        self.belt.length = self.length
        self.belt.index = -1

    def __dealloc__(self):
        PyMem_Free(self.ops)
        PyMem_Free(self.entries)
        Py_CLEAR(self.belt.item)

    cdef object advance(self):
        """The next item that comes out at the end; at the end of all, `alive` is false."""
        if not self.started:
            self.start()
        while self.enters():
            if self.goes_on():
                if self.gauges is not None:
                    self.gauges.all[self.length].came += 1
                return self.taken()
            Py_CLEAR(self.belt.item)
        self.alive = False
        self.release()
        return None

    cdef object drain_source(self, list gathered):
        """All of the source at once, when no step holds anything back."""
        if self.is_whole():
            drain_through(self.belt, gathered)
            self.flowing = False
            self.close_source()

    cdef bint drain_watched(self, list gathered, Watch& watch) except -1:
        """The same until the watch is over: whether all came."""
        if self.is_whole():
            if drain_for(self.belt, gathered, watch) == ARRIVED:
                return False
            self.flowing = False
            self.close_source()
        return True

    cdef bint add_source(self, int64_t* total) except -1:
        """The same, added up: whether all of it was; else the item that was not is on its way."""
        if self.is_whole():
            if add_through(self.belt, total) == ARRIVED:
                return False
            self.flowing = False
            self.close_source()
        return True

    cdef bint is_whole(self) except -1:
        """Whether all there is comes from the source, through maps and filters alone."""
        if not self.simple or not self.alive:
            return False
        if not self.started:
            self.start()
        return self.flowing and self.depth == 0

    cdef bint enters(self) except -1:
        """Put the next item on its way, if there is one."""
        cdef PyObject* raw
        while True:
            if self.depth:
                self.belt.at = self.entries[self.depth - 1].enters - 1
                raw = PyIter_Next(<object>self.entries[self.depth - 1].iterator)
                if raw is NULL:
                    self.pop()
                    continue
                self.belt.item = raw
                self.belt.at += 1
                return True
            if self.flowing:
                if pull_through(self.belt) == ARRIVED:
                    return True
                self.flowing = False
                self.close_source()
            elif self.flushed < self.length:
                self.belt.at = self.flushed
                if self.flush():
                    self.belt.at += 1
                    return True
            else:
                return False

    cdef bint goes_on(self) except -1:
        """Whether the item on its way comes out at the end."""
        while pass_through(self.belt) == ARRIVED:
            if self.belt.at == self.length:
                return True
            if not self.stepped(self.belt.at):
                break
            self.belt.at += 1
        return False

    cdef bint stepped(self, Py_ssize_t i) except -1:
        """Whether the item gets through a step of another kind."""
        cdef int64_t began
        cdef bint passes
        if self.gauges is None:
            return self.special(&self.ops[i], i)
        began = nanoseconds_now() if is_timed(self.belt.index) else 0
        passes = self.special(&self.ops[i], i)
        self.gauges.all[i].came += 1
        if began:
            self.gauges.all[i].add(self.belt.index, began)
        return passes

    cdef object taken(self):
        """The item, which is on its way no more."""
        item = owned(self.belt.item)
        self.belt.item = NULL
        return item

    cdef int put(self, object item) except -1:
        replace_reference(&self.belt.item, Py_NewRef(<PyObject*>item))
        return 0

    cdef bint special(self, Op* op, Py_ssize_t i) except -1:
        """A step that is neither map nor filter: whether it lets something through, which is `item` then."""
        if op.code == TAKE:
            op.count -= 1
            if op.count == 0:
                self.end_before(i)
            return True
        if op.code == SKIP:
            if op.count:
                op.count -= 1
                return False
            return True
        if op.code == ENUMERATE:
            number = self.state[i]
            self.state[i] = number + 1
            self.put((number, <object>self.belt.item))
            return True
        if op.code == INSPECT:
            access(op.how, op.function, self.belt.item)
            return True
        if op.code == PROGRESS:
            op.count -= 1
            if op.count == 0:
                op.count = self.state[i].reached()
            return True
        if op.code == TAKE_WHILE:
            if access_truth(op.how, op.function, self.belt.item):
                return True
            self.end_before(i)
            return False
        if op.code == SKIP_WHILE:
            if op.count:
                if access_truth(op.how, op.function, self.belt.item):
                    return False
                op.count = 0
            return True
        if op.code == FILTER_MAP:
            made = access(op.how, op.function, self.belt.item)
            self.put(made)
            return made is not None
        if op.code == FLAT_MAP:
            self.push(iter(access(op.how, op.function, self.belt.item)), i + 1)
            return False
        return self.keeping(op, i)

    cdef bint keeping(self, Op* op, Py_ssize_t i) except -1:
        """The steps that keep something from item to item."""
        if op.code == TRY_MAP:
            self.put(attempted(op, self.belt.item, self.state[i]))
            return True
        if op.code == SCAN:
            made = (<object>op.function)(self.state[i], <object>self.belt.item)
            self.state[i] = made
            self.put(made)
            return True
        if op.code == WINDOWS:
            window = self.state[i] + (<object>self.belt.item,)
            if PyTuple_GET_SIZE(window) > op.count:
                window = window[1:]
            self.state[i] = window
            self.put(window)
            return PyTuple_GET_SIZE(window) == op.count
        if op.code == CHUNKS:
            chunk = <list>self.state[i]
            chunk.append(<object>self.belt.item)
            if len(chunk) < op.count:
                return False
            self.put(chunk)
            self.state[i] = []
            return True
        if op.code == ZIP:
            return self.zipped(i)
        if op.code == PRODUCT:
            if not isinstance(self.state[i], Pools):
                self.state[i] = Pools([list(other) for other in self.state[i]])
            self.push(iter_product((<object>self.belt.item,), *self.state[i]), i + 1)
            return False
        return True

    cdef bint zipped(self, Py_ssize_t i) except -1:
        cdef list row = [<object>self.belt.item]
        cdef PyObject* raw
        for other in self.state[i]:
            raw = PyIter_Next(other)
            if raw is NULL:
                self.end_before(i)
                return False
            row.append(owned(raw))
        self.put(tuple(row))
        return True

    cdef object start(self):
        """Open the source; a `take(0)` means that nothing above it is read."""
        cdef Py_ssize_t i
        self.started = True
        self.belt.at = -1
        for i in range(self.length - 1, -1, -1):
            if self.ops[i].code == TAKE and self.ops[i].count == 0:
                self.end_before(i)
                break
        if self.flowing:
            self.source = self.open_source()
            if type(self.source) is list:
                self.belt.listed = <PyObject*>self.source
            else:
                self.belt.iterator = <PyObject*>self.source
        self.open_source = None
        for i in range(self.flushed, self.length):
            if self.ops[i].code == ZIP:
                self.belt.at = i
                self.state[i] = [iter(other) for other in self.state[i]]
            elif self.ops[i].code == PROGRESS:
                self.ops[i].count = self.state[i].begin()

    cdef bint flush(self) except -1:
        """Whether the next step still holds something, now that all before it have ended; it is `item` then."""
        cdef Py_ssize_t i = self.flushed
        cdef Op* op = &self.ops[i]
        if op.code == CONCAT and op.count < len(self.state[i]):
            op.count += 1
            self.push(iter(self.state[i][op.count - 1]), i + 1)
            return False
        self.flushed += 1
        rest, self.state[i] = self.state[i], None
        if op.code == ZIP:
            close_all(rest)
        elif op.code == PROGRESS:
            rest.end(op.count)
        self.put(rest)
        return op.code == CHUNKS and len(rest) > 0

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
            elif self.ops[i].code == PROGRESS and self.state[i] is not None:
                self.state[i].end(self.ops[i].count)
            self.state[i] = None
        self.flushed = max(self.flushed, min(step + 1, self.length))
        try:
            close_all(open_iterators)
        finally:
            self.close_source()

    cdef object close_source(self):
        source, self.source = self.source, None
        self.belt.listed = self.belt.iterator = NULL
        if self.owned or isinstance(source, (GeneratorType, Machine)):
            close_all((source,))

    cdef object release(self):
        self.inner = []
        self.depth = 0
        self.state = []
        self.source = self.open_source = None
        Py_CLEAR(self.belt.item)


class Pools(list):
    """The other sides of a product, read into memory."""


# The slots of Ok and Err are filled directly: their __init__ goes round a frozen __setattr__ at 2 µs each.
cdef object SET_VALUE = Ok.__dict__["value"].__set__
cdef object SET_ERROR = Err.__dict__["error"].__set__


cdef object attempted(Op* op, PyObject* item, object exceptions):
    """Ok of what the step makes of an item, or Err of the exception when it is one of these."""
    try:
        produced = access(op.how, op.function, item)
    except exceptions as error:
        return outcome(Err, SET_ERROR, error)
    return outcome(Ok, SET_VALUE, produced)


cdef inline object outcome(object kind, object fill, object content):
    fill(made := kind.__new__(kind), content)
    return made
