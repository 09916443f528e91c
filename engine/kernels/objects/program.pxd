"""Steps of a chain as one program over blocks of records."""

cimport cython
from cpython.object cimport PyObject
from libc.stdint cimport int64_t


cdef extern from "objects/program.hpp" namespace "engine::objects":
    const int block_size

    cdef enum class Form(unsigned char):
        integers
        booleans
        floats
        objects

    cdef enum class Code(unsigned char):
        item
        position
        part
        arithmetic
        comparison
        containment
        identity
        membership
        unary
        length
        magnitude
        call
        method
        filter

    cdef enum class Operator(unsigned char):
        add
        subtract
        multiply
        divide
        floor_divide
        remainder
        power
        bit_and
        bit_or
        bit_xor
        shift_left
        shift_right
        equal
        not_equal
        less
        less_equal
        greater
        greater_equal
        same_object
        other_object
        negative
        positive
        invert
        negation

    cdef cppclass Column:
        Form form
        int64_t* integers
        PyObject** objects
        object box(int i) const

    cdef cppclass Operations:
        void add(Code code) except +
        void add_constant(PyObject* value) except +
        void add_field(PyObject* name) except +
        void add_map() except +
        void add_element(Code code, PyObject* key, Py_ssize_t position) except +
        void add_attribute(PyObject* name, PyObject* tuple_getter) except +
        void add_operator(Code code, Operator operation) except +
        void add_function(Code code, PyObject* function, int operands, int direction) except +
        void add_branch(bint when) except +
        void add_join() except +

    cdef cppclass Machine "engine::objects::Program":
        Machine() except +
        Operations code
        bint run(PyObject** items, int count, Py_ssize_t left) except +
        const Column* result()
        int count()
        void release()

    bint read_numbers(const Column& from_, int count, Column* into)


@cython.final
cdef class Program:
    cdef Machine machine
