"""Keys of items: what a key specification means, and which keys are one key.

A specification is None (the item itself), a str (`item[name]`), an int (`item[position]`) or a callable.

Two keys are one when they are equal in Python, so 1, 1.0 and True are one. Every NaN is one key, also
inside a tuple. None is a key like any other, except in joins, where it meets nothing.
"""

from collections.abc import Callable
from operator import itemgetter

cimport cython
from cpython.float cimport PyFloat_AS_DOUBLE, PyFloat_Check
from cpython.list cimport PyList_GET_ITEM
from cpython.tuple cimport PyTuple_GET_ITEM


cdef extern from "Python.h":
    int Py_EnterRecursiveCall(const char* where) except -1
    void Py_LeaveRecursiveCall()


NAN = float("nan")

# For annotations: what may be given as a key.
KeySpec = Callable | str | int | None


@cython.final
cdef class Key:
    """A key specification made ready; `get` finds the canonical key of an item."""

    def __cinit__(self, spec):
        self.spec = recognised(spec)
        if self.spec is None:
            self.kind = ITEM
        elif isinstance(self.spec, str):
            self.kind = FIELD
        elif type(self.spec) is int:
            self.kind = POSITION
            self.position = self.spec
        elif callable(self.spec):
            self.kind = CALL
        else:
            raise TypeError(f"a key must be None, a field name, a position or a callable, got {spec!r:.200}")

    cdef object by_position(self, object item):
        cdef Py_ssize_t position = self.position
        if PyList_CheckExact(item):
            if position < 0:
                position += PyList_GET_SIZE(item)
            # Safety: the bounds are read again from the very list, and nothing runs in between.
            if 0 <= position < PyList_GET_SIZE(item):
                return <object>PyList_GET_ITEM(item, position)
        elif PyTuple_CheckExact(item):
            if position < 0:
                position += PyTuple_GET_SIZE(item)
            if 0 <= position < PyTuple_GET_SIZE(item):
                return <object>PyTuple_GET_ITEM(item, position)
        return PyObject_GetItem(item, self.spec)


cdef Key as_key(object spec):
    return spec if type(spec) is Key else Key(spec)


cdef object recognised(object spec):
    """The field or position an itemgetter asks for, else the specification as it is."""
    if type(spec) is itemgetter:
        arguments = spec.__reduce__()[1]
        if len(arguments) == 1 and type(arguments[0]) in (str, int):
            return arguments[0]
    return spec


cdef object unusual_key(object key):
    """The canonical form of a key that is neither a str nor an int."""
    cdef double number
    if PyFloat_Check(key):
        number = PyFloat_AS_DOUBLE(key)
        return NAN if number != number else key
    if PyTuple_CheckExact(key):
        return canonical_tuple(key)
    return key


cdef object canonical_tuple(tuple key):
    """The tuple itself when all of its parts are canonical, else a copy of canonical parts."""
    cdef list parts = None
    cdef Py_ssize_t position
    Py_EnterRecursiveCall(" while reading a nested key")
    try:
        for position in range(PyTuple_GET_SIZE(key)):
            part = key[position]
            simple = canonical(part)
            if simple is not part:
                if parts is None:
                    parts = list(key)
                parts[position] = simple
    finally:
        Py_LeaveRecursiveCall()
    return key if parts is None else tuple(parts)


cdef object unhashable(object error, object key, str role):
    """The error to raise for a key that a table refused: it names the key's type and its role.

    Errors that `__hash__` or `__eq__` raised on their own account are given back untouched.
    """
    if type(error) is not TypeError or "unhashable type" not in str(error):
        return error
    named = TypeError(f"{role} must be hashable, got {type(key).__name__}")
    named.__cause__ = error
    return named


cdef object stopped(object error):
    """What to raise when a callback raised StopIteration, which would end the iteration unseen."""
    converted = RuntimeError(f"a callback raised StopIteration({error.value!r:.100})")
    converted.__cause__ = error
    return converted
