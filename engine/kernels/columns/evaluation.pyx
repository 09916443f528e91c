# distutils: language = c++
"""Programs over columns: what the compiler of expressions made, bound to memory and run without the GIL.

Safety: the memory of all inputs is held by its owner for the time of a run: arrays by a buffer, columns by the list
of inputs. Registers are numbered by the compiler; `Program` refuses numbers that it does not know.
"""

from cpython.buffer cimport PyBUF_STRIDES, PyBUF_WRITABLE, PyBuffer_Release, PyObject_GetBuffer
from libc.stdint cimport int64_t, uint8_t, uint64_t
from libc.stdlib cimport free
from libcpp.string cimport string
from libcpp.vector cimport vector

from engine.kernels.columns.column cimport ColumnMemory, new_memory
from engine.kernels.columns.pool cimport join_pool

cdef extern from "columns/pages.hpp" namespace "engine" nogil:
    void* new_pages(size_t size)

cdef extern from "columns/evaluation.hpp" namespace "engine::evaluation" nogil:
    cdef cppclass Loop:
        pass
    cdef cppclass IsFault:
        pass
    cdef cppclass Step:
        Step()
        Loop loop
        IsFault is_fault
        int out
        int* from_ "from"
        int guard
        const uint8_t* pool
        int64_t pool_size
    cdef cppclass Binding:
        Binding()
        uint8_t* start
        int64_t advance
        int shift
    cdef struct Repeated:
        int target
        int item_size
        uint64_t bits
    cdef struct Fault:
        int64_t row
        int64_t step
        uint64_t* operands
    cdef cppclass Partial:
        Partial()
    cdef cppclass CProgram "engine::evaluation::Program":
        vector[Step] steps
        vector[Repeated] constants
        vector[int] widths
        int64_t grain
        Fault run(int64_t rows, const vector[Binding]& bindings) except +
    const int64_t BLOCK_ROWS "engine::evaluation::block_rows"

cdef extern from "columns/evaluation_levels.hpp" namespace "engine::evaluation":
    cdef cppclass Entry:
        Loop loop
        IsFault is_fault
    Entry find_entry(const string& name, int level) except +
    int level_of_processor() nogil

cdef extern from "columns/evaluation_totals.hpp" namespace "engine::evaluation" nogil:
    cdef struct Total:
        double real
        int64_t low
        int64_t high
    Total total_of(const vector[Partial]& blocks, const string& how, char type) except +

join_pool()

BLOCK = BLOCK_ROWS
LEVEL = level_of_processor()

cdef enum Role:
    SCRATCH = 0
    VALUES = 1
    BITS = 2
    VALIDITY = 3
    OUTPUT = 4
    OUTPUT_BITS = 5
    OUTPUT_VALIDITY = 6
    PARTIAL = 7

ROLES = {
    "scratch": SCRATCH, "values": VALUES, "bits": BITS, "validity": VALIDITY,
    "output": OUTPUT, "output bits": OUTPUT_BITS, "output validity": OUTPUT_VALIDITY, "partial": PARTIAL,
}

cdef struct Slot:
    Role role
    int width
    int index


cdef class Space:
    """Memory of our own whose first values do not matter, for results."""

    cdef void* start

    def __cinit__(self, int64_t size):
        self.start = new_pages(<size_t> size + 64)
        if self.start == NULL:
            raise MemoryError

    def __dealloc__(self):
        free(self.start)

    @property
    def address(self):
        return <size_t> self.start


cdef class Held:
    """A buffer of an array, held for one run."""

    cdef Py_buffer view
    cdef bint held

    def __cinit__(self, array, int flags):
        PyObject_GetBuffer(array, &self.view, flags)
        self.held = True

    def __dealloc__(self):
        if self.held:
            PyBuffer_Release(&self.view)


cdef class Program:
    """Steps over numbered registers, ready to run on any columns of the types it was compiled for.

    `registers` are pairs (role, width in bytes, number of the input or aggregate); `constants` triples (register,
    width, bits); `steps` are (name of the loop, register written, registers read, guard or -1, bytes of the values of
    is_in); `totals` pairs (how, type) of the aggregates.
    """

    cdef CProgram program
    cdef vector[Slot] slots
    cdef list totals
    cdef list pools

    def __init__(self, list registers, list constants, list steps, list totals, int level=LEVEL):
        self.totals = totals
        self.pools = []
        self.program.grain = 32_768
        for role, width, index in registers:
            self.slots.push_back(Slot(<Role> <int> ROLES[role], width, index))
            self.program.widths.push_back(width)
        for target, width, bits in constants:
            self.program.constants.push_back(Repeated(self._number(target), width, bits))
        for step in steps:
            self._add_step(*step, level)

    cdef int _number(self, int register) except -1:
        if not 0 <= register < <int> self.slots.size():
            raise ValueError(f"a register must be within 0 to {self.slots.size() - 1}, got {register}")
        return register

    def _add_step(self, str name, int out, tuple read, int guard, bytes pool, int level):
        cdef Step step
        cdef Entry entry = find_entry(name.encode(), level)
        cdef int i
        step.loop, step.is_fault = entry.loop, entry.is_fault
        step.out = self._number(out)
        step.guard = guard if guard < 0 else self._number(guard)
        for i in range(len(read)):
            step.from_[i] = self._number(read[i])
        if pool is not None:
            self.pools.append(pool)
            step.pool = <const uint8_t*> <const char*> pool
            step.pool_size = len(pool) // 8
        self.program.steps.push_back(step)

    @property
    def grain(self):
        """The least number of rows worth a thread."""
        return self.program.grain

    @grain.setter
    def grain(self, int64_t rows):
        self.program.grain = rows

    def run(self, list inputs, int64_t rows, size_t values=0, size_t validity=0):
        """What went wrong, if anything: (row, step, bits, bits); and the totals: (real, low, high) for each."""
        cdef vector[Binding] bindings
        cdef vector[vector[Partial]] partials
        cdef list held = []
        cdef Fault fault
        cdef Slot slot
        partials.resize(<size_t> len(self.totals))
        for slot in self.slots:
            bindings.push_back(self._bound(slot, inputs, rows, held, partials, values, validity))
        with nogil:
            fault = self.program.run(rows, bindings)
        if fault.row >= 0:
            return (fault.row, fault.step, fault.operands[0], fault.operands[1]), None
        return None, [self._total(i, partials) for i in range(len(self.totals))]

    cdef Binding _bound(
        self, Slot slot, list inputs, int64_t rows, list held, vector[vector[Partial]]& partials,
        size_t values, size_t validity,
    ) except *:
        cdef Binding made
        if slot.role == VALUES or slot.role == BITS or slot.role == VALIDITY:
            return self._input(slot, inputs[slot.index], held)
        if slot.role == OUTPUT:
            made.start, made.advance = <uint8_t*> values, BLOCK_ROWS * slot.width
        elif slot.role == OUTPUT_BITS:
            made.start, made.advance = <uint8_t*> values, BLOCK_ROWS // 8
        elif slot.role == OUTPUT_VALIDITY:
            made.start, made.advance = <uint8_t*> validity, BLOCK_ROWS // 8
        elif slot.role == PARTIAL:
            partials[slot.index].resize(<size_t> max(1, (rows + BLOCK_ROWS - 1) // BLOCK_ROWS))
            made.start, made.advance = <uint8_t*> partials[slot.index].data(), sizeof(Partial)
        return made

    cdef Binding _input(self, Slot slot, object value, list held) except *:
        cdef Binding made
        cdef ColumnMemory column
        if not isinstance(value, ColumnMemory):
            array = Held(value, PyBUF_STRIDES)
            held.append(array)
            made.start, made.advance = <uint8_t*> array.view.buf, BLOCK_ROWS * slot.width
            return made
        column = value
        if slot.role == VALUES:
            made.start = <uint8_t*> column.data + column.offset * slot.width
            made.advance = BLOCK_ROWS * slot.width
            return made
        made.start = <uint8_t*> (column.data if slot.role == BITS else column.validity) + (column.offset >> 3)
        made.advance = BLOCK_ROWS // 8
        made.shift = <int> (column.offset & 7)
        return made

    cdef object _total(self, size_t index, vector[vector[Partial]]& partials):
        how, kind = self.totals[index]
        cdef Total total = total_of(partials[index], <bytes> how.encode(), <char> ord(kind))
        return total.real, total.low, total.high


def address_of(array):
    """The address of a contiguous array that may be written to, valid while the caller holds it."""
    cdef Held held = Held(array, PyBUF_WRITABLE)
    return <size_t> held.view.buf


def result_memory(Space values not None, Space validity, int64_t size, str kind, int item_size, str unit, str zone):
    """The column whose values and bitmap a program has written."""
    cdef ColumnMemory made = new_memory((values, validity), kind, item_size, unit, zone)
    made.data = <const uint8_t*> values.start
    made.size = size
    if validity is not None:
        made.validity = <const uint8_t*> validity.start
        made.missing = -1
    return made


def is_nullable(ColumnMemory column not None):
    """Whether some value of a column is missing."""
    return column.count_missing() != 0
