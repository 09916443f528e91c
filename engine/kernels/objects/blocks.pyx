"""Leading steps of a chain over a list or tuple, computed in blocks where all that is left is asked for at once.

A consumer that takes item by item may change records between two of them, so it gets each one computed when it asks
for it. Where a block gives up, its records are computed by the functions of the steps, one by one: the error of an
item is raised at that item, after all before it. Of a list that is changed meanwhile, each block sees what it is then.
"""

from itertools import chain

from engine.errors import ReentrantError

cimport cython
from cpython.object cimport PyObject
from cpython.tuple cimport PyTuple_GET_ITEM
from libc.stdint cimport int64_t
from libcpp.vector cimport vector
from engine.kernels.objects.keys cimport PyObject_CallOneArg, PyObject_GetItem
from engine.kernels.objects.place cimport Place, failed
from engine.kernels.objects.program cimport Column, Form, Program, block_size, read_numbers


cdef extern from *:
    """
    static inline Py_ssize_t size_of(PyObject* holder) {
      return Py_SIZE(holder);
    }
    static inline PyObject** items_of(PyObject* holder) {
      return PyList_CheckExact(holder) ? ((PyListObject*)holder)->ob_item : ((PyTupleObject*)holder)->ob_item;
    }
    """
    Py_ssize_t size_of(PyObject* holder)
    PyObject** items_of(PyObject* holder)


cdef extern from "objects/column_sum.hpp" namespace "engine::objects":
    cdef struct Total:
        int64_t whole
        double real
        bint is_float

    bint add_exactly(int64_t a, int64_t b, int64_t* sum)
    bint add_numbers(const Column& column, int count, Total* total)


cdef extern from "Python.h":
    int PyErr_CheckSignals() except -1


cdef extern from "objects/plain.hpp" namespace "engine::objects":
    bint read_int64(PyObject* number, int64_t* value)
    bint is_plain_scalar(PyObject* value)


# After so many blocks in a row that gave up, the next ones would, too.
cdef int PATIENCE = 4
# Blocks between two looks at whether the user wants to interrupt: a millisecond at most.
cdef int SIGNAL_INTERVAL = 32


# What a step does: whether it drops items, and whether it reads a part of one instead of calling.
cdef enum Kind:
    FILTERS = 1
    READS = 2


cdef class Nothing:
    """What comes of an item that a filter drops."""


cdef object NOTHING = Nothing()


@cython.final
@cython.trashcan(True)
cdef class Blocks:
    """What steps make of the items of a list or tuple.

    `steps` are tuples (verb, code, key, place): "map" or "filter", the code from `block_code_of`, the key it is of,
    and what errors call the step. `ready(key)` gives the callable, field name or position that computes the same
    for one item, when that is not the key itself; it is asked when a first item has to be computed alone.
    """

    cdef object items
    cdef tuple functions       # of each step, once `ready` is None
    cdef object ready
    cdef tuple places          # of each step
    cdef vector[char] kinds    # of each step
    cdef Program program
    cdef Py_ssize_t position   # of the next item
    cdef int taken             # items in the block that was computed last
    cdef int misses            # blocks in a row that gave up
    cdef int quiet             # blocks since the last look for signals
    cdef bint alive
    cdef bint running

    def __cinit__(self, items, tuple steps, trail, ready=None):
        if type(items) is not list and type(items) is not tuple:
            raise TypeError(f"blocks are made of a list or tuple, got {type(items).__name__}")
        self.items = items
        self.functions = tuple([key for _, _, key, _ in steps])
        self.ready = ready
        self.places = tuple([Place(place, trail) for _, _, _, place in steps])
        for verb, _, key, _ in steps:
            self.kinds.push_back((FILTERS if verb == "filter" else 0) | (READS if type(key) in (str, int) else 0))
        self.program = Program(tuple([(verb, code) for verb, code, _, _ in steps]))
        self.alive = True

    def __iter__(self):
        return self

    def __next__(self):
        self.enter("pulled from")
        try:
            produced = self.advance()
        except BaseException:
            self.end()
            raise
        finally:
            self.running = False
        if produced is NOTHING:
            self.end()
            raise StopIteration
        return produced

    def close(self):
        """End the run now: nothing is held."""
        self.enter("closed")
        self.running = False
        self.end()

    def drain(self):
        """All that is left, as a list."""
        cdef list gathered = []
        self.enter("pulled from")
        try:
            while self.alive:
                if self.computed():
                    self.gather(gathered)
                else:
                    self.gather_singly(gathered)
        finally:
            self.leave()
        return gathered

    def count(self):
        """How many are left; they are computed, as that may fail, but not made into objects."""
        cdef Py_ssize_t counted = 0
        self.enter("pulled from")
        try:
            while self.alive:
                if self.computed():
                    counted += self.program.machine.count()
                    self.program.machine.release()
                else:
                    counted += self.gather_singly([])
        finally:
            self.leave()
        return counted

    def sum(self, start=0):
        """What the builtin `sum` gives for all that is left."""
        cdef Total total
        cdef object added
        total.whole = 0
        total.is_float = False
        if type(start) is not int or not read_int64(<PyObject*>start, &total.whole):
            return sum(self, start)
        self.enter("pulled from")
        try:
            rest = self.add_up(&total)
        except BaseException:
            self.end()
            raise
        finally:
            self.running = False
        added = <object>total.real if total.is_float else <object>total.whole
        return added if rest is None else sum(rest, added)

    cdef object enter(self, str doing):
        if self.running:
            raise ReentrantError(f"a callback {doing} the chain that is calling it")
        self.running = True

    cdef object leave(self):
        self.running = False
        self.end()

    cdef object end(self):
        self.alive = False
        self.program.machine.release()
        self.items = ()

    cdef int waiting(self) except -1:
        """How many items the next block has; none means that this was the end."""
        cdef Py_ssize_t left = size_of(<PyObject*>self.items) - self.position
        if left <= 0:
            self.alive = False
            return 0
        return <int>min(left, <Py_ssize_t>block_size)

    cdef bint computed(self) except -1:
        """Whether the next block is computed; what came out is in the program, to be used and released."""
        cdef int count = self.waiting()
        if self.misses == PATIENCE or count == 0:
            return False
        self.quiet += 1
        if self.quiet == SIGNAL_INTERVAL:
            self.quiet = 0
            PyErr_CheckSignals()
            count = self.waiting()
        # Safety: the list is read here and not again, and until the program is done no code runs that could change it.
        if self.program.machine.run(
            items_of(<PyObject*>self.items) + self.position, count,
            size_of(<PyObject*>self.items) - self.position,
        ):
            self.misses = 0
            self.taken = count
            self.position += count
            return True
        self.misses += 1
        return False

    cdef object gather(self, list gathered):
        cdef int i
        for i in range(self.program.machine.count()):
            gathered.append(self.program.machine.result().box(i))
        self.program.machine.release()

    cdef Py_ssize_t gather_singly(self, list gathered) except -1:
        """The next block, item by item; gives how many came out."""
        cdef Py_ssize_t end = self.position + self.waiting()
        cdef Py_ssize_t before = len(gathered)
        while self.position < end and self.waiting():
            produced = self.single()
            if produced is not NOTHING:
                gathered.append(produced)
        return len(gathered) - before

    cdef object advance(self):
        """The next that comes out, or NOTHING at the end."""
        while self.waiting():
            produced = self.single()
            if produced is not NOTHING:
                return produced
        return NOTHING

    cdef object single(self):
        """What the functions of the steps make of the next item, or NOTHING."""
        cdef Py_ssize_t index = self.position
        cdef size_t at = 0
        if self.ready is not None:
            self.functions = tuple(map(self.ready, self.functions))
            self.ready = None
        item = self.items[index]
        self.position += 1
        try:
            for at in range(self.kinds.size()):
                produced = self.made(at, item)
                if not self.kinds[at] & FILTERS:
                    item = produced
                elif not produced:
                    return NOTHING
        except BaseException as error:
            raise failed(<Place>self.places[at], error, index, item)
        return item

    cdef inline object made(self, size_t at, object item):
        """What a step's callable, or its field name or position, makes of an item."""
        # Safety: there is a function for each kind.
        function = <object>PyTuple_GET_ITEM(self.functions, at)
        if self.kinds[at] & READS:
            return PyObject_GetItem(item, function)
        return PyObject_CallOneArg(function, item)

    cdef object add_up(self, Total* total):
        """Adds what comes out while machine numbers do; gives the values from the first on that is none, or None."""
        while self.alive:
            if self.computed():
                rest = self.add_block(total)
            else:
                rest = self.add_singly(total)
            if rest is not None:
                return rest
        self.end()
        return None

    cdef object add_block(self, Total* total):
        cdef int count = self.program.machine.count()
        cdef const Column* column = self.program.machine.result()
        cdef Column numbers
        if column.form == Form.objects and read_numbers(column[0], count, &numbers):
            column = &numbers
        if count == 0 or add_numbers(column[0], count, total):
            self.program.machine.release()
            return None
        return self.values_from_here()

    cdef object values_from_here(self):
        """All values from this block on, for the builtin to add."""
        cdef list values = []
        if not self.settled():
            return self
        self.gather(values)
        return chain(values, chain.from_iterable(Parts(self)))

    cdef bint settled(self):
        """Whether values of the block may be used before later ones are computed.

        Adding those that are not plain may run code that changes records: the block is taken back, to come singly.
        """
        cdef const Column* column = self.program.machine.result()
        cdef int i
        if column.form == Form.objects:
            for i in range(self.program.machine.count()):
                if not is_plain_scalar(column.objects[i]):
                    self.position -= self.taken
                    self.program.machine.release()
                    return False
        return True

    cdef object add_singly(self, Total* total):
        cdef Py_ssize_t end = self.position + self.waiting()
        cdef int64_t number = 0
        while self.position < end and self.waiting():
            produced = self.single()
            if produced is NOTHING:
                continue
            if total.is_float or type(produced) is not int or not read_int64(<PyObject*>produced, &number):
                return chain((produced,), self)
            if not add_exactly(total.whole, number, &total.whole):
                return chain((produced,), self)
        return None


@cython.final
cdef class Parts:
    """What is left of blocks, as lists of some of the values at a time."""

    cdef Blocks blocks

    def __cinit__(self, Blocks blocks):
        self.blocks = blocks

    def __iter__(self):
        return self

    def __next__(self):
        cdef list part = []
        cdef Blocks blocks = self.blocks
        blocks.enter("pulled from")
        try:
            if blocks.computed() and blocks.settled():
                blocks.gather(part)
                return part
        finally:
            blocks.running = False
        return (next(blocks),)
