"""How a kernel finds and compares keys; inline, so that each kernel compiles it into its own loop."""

cimport cython
from cpython.object cimport PyObject, Py_EQ
from cpython.ref cimport Py_DECREF


cdef extern from "Python.h":
    PyObject* PyIter_Next(object iterator) except? NULL
    PyObject* PyDict_GetItemWithError(object mapping, object key) except? NULL
    object PyObject_CallOneArg(object function, object argument)
    object PyObject_GetItem(object container, object key)
    int PyObject_RichCompareBool(object a, object b, int operation) except -1
    bint PyDict_CheckExact(object value)
    bint PyList_CheckExact(object value)
    bint PyTuple_CheckExact(object value)
    bint PyUnicode_CheckExact(object value)
    bint PyLong_CheckExact(object value)
    Py_ssize_t PyList_GET_SIZE(object values)
    Py_ssize_t PyTuple_GET_SIZE(object values)


cdef enum KeyKind:
    ITEM
    FIELD
    POSITION
    CALL


# The one NaN that stands for every NaN key.
cdef object NAN

cdef object unusual_key(object key)
cdef object unhashable(object error, object key, str role)
cdef object stopped(object error)


cdef inline object owned(PyObject* pointer):
    """The object, taking over the reference that a C call handed out."""
    value = <object>pointer
    Py_DECREF(value)
    return value


cdef inline object canonical(object key):
    """The key under which equal things meet: every NaN is one key."""
    if PyUnicode_CheckExact(key) or PyLong_CheckExact(key):
        return key
    return unusual_key(key)


cdef inline bint same(object a, object b) except -1:
    """Whether two canonical keys are one key: the same object, or equal."""
    return PyObject_RichCompareBool(a, b, Py_EQ)


@cython.final
cdef class Key:
    cdef KeyKind kind
    cdef object spec
    cdef Py_ssize_t position

    cdef object by_position(self, object item)

    cdef inline object get(self, object item):
        """The canonical key of an item."""
        return canonical(self.read(item))

    cdef inline object read(self, object item):
        """What the specification says of an item, as it is."""
        cdef PyObject* found
        if self.kind == FIELD:
            if PyDict_CheckExact(item):
                found = PyDict_GetItemWithError(item, self.spec)
                if found is NULL:
                    raise KeyError(self.spec)
                return <object>found
            return PyObject_GetItem(item, self.spec)
        if self.kind == ITEM:
            return item
        if self.kind == CALL:
            return PyObject_CallOneArg(self.spec, item)
        return self.by_position(item)


cdef Key as_key(object spec)
