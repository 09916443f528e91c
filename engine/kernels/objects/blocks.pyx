"""Leading steps of a chain over a list or tuple, computed in blocks where all that is left is asked for at once.

A consumer that takes item by item may change records between two of them, so it gets each one computed when it asks
for it. Where a block gives up, its records are computed by the functions of the steps, one by one: the error of an
item is raised at that item, after all before it. Of a list that is changed meanwhile, each block sees what it is then.
"""

from itertools import chain

from engine.errors import ReentrantError

cimport cython
from cpython.object cimport PyObject
from libc.stdint cimport int64_t
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


cdef extern from "Python.h":
    int PyErr_CheckSignals() except -1


cdef extern from "objects/plain.hpp" namespace "engine::objects":
    bint read_int64(PyObject* number, int64_t* value)
    bint add_exactly(int64_t a, int64_t b, int64_t* sum)
    bint is_plain_scalar(PyObject* value)


# After so many blocks in a row that gave up, the next ones would, too.
cdef int PATIENCE = 4
# Blocks between two looks at whether the user wants to interrupt: a millisecond at most.
cdef int SIGNAL_INTERVAL = 32


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
    cdef tuple steps
    cdef object ready
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
        self.steps = tuple([(verb == "filter", key, Place(place, trail)) for verb, _, key, place in steps])
        self.ready = ready
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
        cdef int64_t total = 0
        if type(start) is not int or not read_int64(<PyObject*>start, &total):
            return sum(self, start)
        self.enter("pulled from")
        try:
            rest = self.add_up(&total)
        except BaseException:
            self.end()
            raise
        finally:
            self.running = False
        # The builtin goes on from where whole numbers end: how it adds floats depends on the version of Python.
        return total if rest is None else sum(rest, total)

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
        if self.ready is not None:
            self.steps = tuple([(is_filter, self.ready(key), place) for is_filter, key, place in self.steps])
            self.ready = None
        item = self.items[index]
        self.position += 1
        for is_filter, function, place in self.steps:
            try:
                produced = called(function, item)
                if not is_filter:
                    item = produced
                elif not produced:
                    return NOTHING
            except BaseException as error:
                raise failed(place, error, index, item)
        return item

    cdef object add_up(self, int64_t* total):
        """Adds what comes out while it is whole numbers; gives the values from the first on that is not, or None."""
        while self.alive:
            if self.computed():
                rest = self.add_block(total)
            else:
                rest = self.add_singly(total)
            if rest is not None:
                return rest
        self.end()
        return None

    cdef object add_block(self, int64_t* total):
        cdef int count = self.program.machine.count()
        cdef const Column* column = self.program.machine.result()
        cdef Column numbers
        cdef int64_t added = total[0]
        cdef bint fits = True
        cdef int i
        if column.form == Form.objects and read_numbers(column[0], count, &numbers):
            column = &numbers
        if count and (column.form == Form.integers or column.form == Form.booleans):
            for i in range(count):
                fits &= add_exactly(added, column.integers[i], &added)
        elif count:
            fits = False
        if fits:
            total[0] = added
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

    cdef object add_singly(self, int64_t* total):
        cdef Py_ssize_t end = self.position + self.waiting()
        cdef int64_t number = 0
        cdef int64_t added = 0
        while self.position < end and self.waiting():
            produced = self.single()
            if produced is NOTHING:
                continue
            if (
                type(produced) is int and read_int64(<PyObject*>produced, &number)
                and add_exactly(total[0], number, &added)
            ):
                total[0] = added
            else:
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


cdef inline object called(object function, object item):
    """What a callable, or a field name or position, makes of an item."""
    if type(function) is str or type(function) is int:
        return PyObject_GetItem(item, function)
    return PyObject_CallOneArg(function, item)
