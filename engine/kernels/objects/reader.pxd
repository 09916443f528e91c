"""What a key specification says of items, read in C++ as far as that runs no Python code."""

from cpython.object cimport PyObject
from engine.kernels.objects.keys cimport FIELD, ITEM, POSITION, Key, PyUnicode_CheckExact


cdef extern from "objects/reader.hpp" namespace "engine::objects":
    cdef cppclass Reader:
        void read_item()
        void read_field(PyObject* name)
        void read_position(Py_ssize_t position)
        bint can_read()
        PyObject* find(PyObject* item)
        PyObject* find_key(PyObject* item, PyObject* nan)
    void prefetch_keys(object holder, Py_ssize_t position, Reader& reader)


cdef extern from "Python.h":
    Py_ssize_t held_count "PySequence_Fast_GET_SIZE"(object holder)
    PyObject* held_item "PySequence_Fast_GET_ITEM"(object holder, Py_ssize_t position)


cdef inline void make_ready(Reader* reader, Key key) noexcept:
    """Let the reader read what the key does; a callable is left to the key. Safety: the key outlives the reader."""
    if key.kind == ITEM:
        reader.read_item()
    elif key.kind == FIELD and PyUnicode_CheckExact(key.spec):
        reader.read_field(<PyObject*>key.spec)
    elif key.kind == POSITION:
        reader.read_position(key.position)


cdef inline bint is_held(object source) noexcept:
    """Whether the items of a source can be read in place: it is a list or tuple and nothing that claims to be one."""
    return type(source) is list or type(source) is tuple
