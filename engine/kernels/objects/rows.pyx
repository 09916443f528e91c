"""Items and their keys side by side in memory, for kernels that have all of their input.

A kernel asks for rows, works, and finishes them in a `finally`. In between the cycle collector is paused: many
objects are made at once, and none of them is garbage. Keys of plain types are borrowed from the items, which is what
makes reading them fast, and which holds as long as no Python code runs; so a kernel that calls back before it is done
with the keys has to ask for `borrowed` first and own what it still needs.
"""

cimport cython
from engine.kernels.objects.collector cimport PyGC_Disable, resume_collector
from engine.kernels.objects.keys cimport FIELD, ITEM, POSITION, NAN, Key, PyUnicode_CheckExact, as_key
from engine.kernels.objects.place cimport Place, failed


cdef extern from *:
    """
    static inline PyObject** items_of(PyObject* holder) {
      return PyList_CheckExact(holder) ? ((PyListObject*)holder)->ob_item : ((PyTupleObject*)holder)->ob_item;
    }
    """
    PyObject** items_of(object holder)


cdef extern from "objects/gather.hpp" namespace "engine::objects":
    bint gather_items(PyObject** items, Py_ssize_t count, PyObject* nan, PyObject** keys)
    bint gather_fields(PyObject** items, Py_ssize_t count, PyObject* name, PyObject* nan, PyObject** keys)
    bint gather_positions(
        PyObject** items, Py_ssize_t count, Py_ssize_t position, PyObject* nan, PyObject** keys
    )


@cython.final
cdef class Rows:
    """What `rows_of` gives; `items[i]` has the canonical key `keys[i]`."""


cdef Rows rows_of(object iterable, Key key, Place place):
    """The rows of an iterable. A list or tuple is not copied when its keys are plain; everything else is.

    Raises whatever the iterable or the key raise; the key is asked once for each item, in order.
    """
    cdef Rows rows = Rows.__new__(Rows)
    rows.holder = iterable if type(iterable) is list or type(iterable) is tuple else list(iterable)
    rows.paused = PyGC_Disable() == 1
    try:
        rows.borrowed = gathered(rows, key)
        if not rows.borrowed:
            finish(rows)
            own(rows, key, place)
            rows.paused = PyGC_Disable() == 1
    except BaseException:
        finish(rows)
        raise
    return rows


cdef void finish(Rows rows) noexcept:
    """Resume the collector if these rows paused it."""
    resume_collector(rows.paused)
    rows.paused = False


cdef bint gathered(Rows rows, Key key) except -1:
    """Whether all keys are plain; `keys` borrows them then. Runs no Python code."""
    rows.count = len(<list>rows.holder) if type(rows.holder) is list else len(<tuple>rows.holder)
    rows.items = items_of(rows.holder)
    rows.gathered.resize(rows.count)
    rows.keys = rows.gathered.data()
    if key.kind == ITEM:
        return gather_items(rows.items, rows.count, <PyObject*>NAN, rows.keys)
    if key.kind == FIELD and PyUnicode_CheckExact(key.spec):
        return gather_fields(rows.items, rows.count, <PyObject*>key.spec, <PyObject*>NAN, rows.keys)
    if key.kind == POSITION:
        return gather_positions(rows.items, rows.count, key.position, <PyObject*>NAN, rows.keys)
    return False


cdef int own(Rows rows, Key key, Place place) except -1:
    """A copy of the items that nobody else can change, and a list of their keys."""
    cdef list keys = []
    rows.gathered.clear()
    rows.holder = list(rows.holder)
    try:
        for item in <list>rows.holder:
            keys.append(key.get(item))
    except BaseException as error:
        raise failed(place, error, len(keys), rows.holder[len(keys)])
    rows.owned_keys = keys
    rows.count = len(keys)
    rows.items = items_of(rows.holder)
    rows.keys = items_of(keys)
    return 0


def are_plain(list items, key=None):
    """Whether each item has a key whose hash and order run no Python code, so that equal keys sort side by side."""
    cdef Rows rows = Rows.__new__(Rows)
    rows.holder = items
    return gathered(rows, as_key(key))
