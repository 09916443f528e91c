"""The k largest or smallest items of any stream, as a stable sort would put them first; k are held, and as many more.

Keys that are all integers, floats or texts are told apart by codes; others are asked for `<`.
"""

from engine.errors import PlanError

cimport cython
from cpython.object cimport PyObject, Py_LT
from engine.kernels.objects.keys cimport (
    FIELD,
    ITEM,
    NAN,
    POSITION,
    Key,
    PyIter_Next,
    PyObject_RichCompareBool,
    PyUnicode_CheckExact,
    as_key,
    canonical,
    owned,
)
from engine.kernels.objects.place cimport Place, failed
from engine.kernels.objects.sort cimport order_of


cdef extern from *:
    """
    static inline PyObject** items_of(PyObject* holder) {
      return PyList_CheckExact(holder) ? ((PyListObject*)holder)->ob_item : ((PyTupleObject*)holder)->ob_item;
    }
    """
    PyObject** items_of(object holder)


cdef extern from "objects/gather.hpp" namespace "engine::objects":
    bint gather_fields(PyObject** items, Py_ssize_t count, PyObject* name, PyObject* nan, PyObject** keys)
    bint gather_positions(
        PyObject** items, Py_ssize_t count, Py_ssize_t position, PyObject* nan, PyObject** keys
    )


cdef extern from "objects/top.hpp" namespace "engine::objects":
    cppclass Best:
        void keep(Py_ssize_t count, bint largest)
        bint offer(PyObject* item, PyObject* key) except +
        Py_ssize_t offer_all(PyObject** items, PyObject** keys, Py_ssize_t count) except +
        void cut() except +
        Py_ssize_t size()
        PyObject* item(Py_ssize_t i)
        PyObject* key(Py_ssize_t i)


cdef enum:
    BLOCK = 1024        # items whose keys are gathered at once
    LEAST_ROOM = 64     # beside twice what is kept


def collect_top(iterable, k, key=None, largest=True, Place place=None):
    """A list of the k largest items, or smallest, the first of them first; equal ones in their order.

    It is `sorted(iterable, key=key, reverse=largest)[:k]`, with every NaN key greater than all others.
    """
    cdef Key key_of = as_key(key)
    cdef Py_ssize_t count = k
    cdef Py_ssize_t start = 0
    cdef Best best
    if count < 0:
        raise PlanError(f"k must be at least 0, got {k}")
    best.keep(count, largest)
    iterator = iter(iterable)
    if type(iterable) is list or type(iterable) is tuple:
        start = offer_blocks(&best, iterable, key_of)
        iterator.__setstate__(start)
    return best_of(&best, iterator, start, key_of, count, largest, place)


cdef Py_ssize_t offer_blocks(Best* best, object holder, Key key) except -1:
    """Offer items while their keys are plain and have codes; how many there were. Runs no Python code."""
    cdef PyObject* keys[BLOCK]
    cdef PyObject** items = items_of(holder)
    cdef Py_ssize_t count = len(holder)
    cdef Py_ssize_t start = 0
    cdef Py_ssize_t size, taken
    if key.kind == ITEM:
        return best.offer_all(items, items, count)
    while start < count:
        size = min(count - start, <Py_ssize_t>BLOCK)
        if not gather_block(items + start, size, key, keys):
            break
        taken = best.offer_all(items + start, keys, size)
        start += taken
        if taken < size:
            break
    return start


cdef bint gather_block(PyObject** items, Py_ssize_t size, Key key, PyObject** keys) except -1:
    if key.kind == FIELD and PyUnicode_CheckExact(key.spec):
        return gather_fields(items, size, <PyObject*>key.spec, <PyObject*>NAN, keys)
    if key.kind == POSITION:
        return gather_positions(items, size, key.position, <PyObject*>NAN, keys)
    return False


cdef list best_of(
    Best* best, object iterator, Py_ssize_t number, Key key_of, Py_ssize_t count, bint largest, Place place
):
    """The best of what was offered and of what the iterator, at item `number`, still has."""
    cdef PyObject* pulled
    cdef Compared compared = None
    while True:
        pulled = PyIter_Next(iterator)
        if pulled is NULL:
            break
        item = owned(pulled)
        try:
            key = key_of.get(item)
            if compared is None and not best.offer(<PyObject*>item, <PyObject*>key):
                compared = compared_from(best, count, largest, place)
            if compared is not None:
                compared.offer(item, key)
        except BaseException as error:
            raise failed(place, error, number, item)
        number += 1
    if compared is not None:
        compared.cut()
        return compared.items
    best.cut()
    return [<object>best.item(i) for i in range(best.size())]


cdef Compared compared_from(Best* best, Py_ssize_t count, bint largest, Place place):
    """Go on with keys that are compared: one of them has no code, or another kind of code."""
    cdef Compared compared = Compared.__new__(Compared)
    cdef Py_ssize_t i
    best.cut()
    compared.items = [<object>best.item(i) for i in range(best.size())]
    compared.keys = [canonical(<object>best.key(i)) for i in range(best.size())]
    compared.count = count
    compared.largest = largest
    compared.limited = best.size() == count
    compared.place = place
    return compared


@cython.final
cdef class Compared:
    """As the buffer of codes, for keys that are asked for `<`."""

    cdef list items
    cdef list keys
    cdef Py_ssize_t count
    cdef bint largest
    cdef bint limited
    cdef Place place

    cdef int offer(self, object item, object key) except -1:
        if self.limited and not self.is_better(key):
            return 0
        self.items.append(item)
        self.keys.append(key)
        if len(self.items) - self.count >= self.count + LEAST_ROOM:
            self.cut()
        return 0

    cdef bint is_better(self, object key) except -1:
        if self.count == 0:
            return False
        worst = self.keys[self.count - 1]
        return before(worst, key) if self.largest else before(key, worst)

    cdef int cut(self) except -1:
        cdef Py_ssize_t position
        cdef list order = order_of(self.keys, self.largest, self.place)[:self.count]
        self.items = [self.items[position] for position in order]
        self.keys = [self.keys[position] for position in order]
        self.limited = len(order) == self.count
        return 0


cdef bint before(object a, object b) except -1:
    if b is NAN:
        return a is not NAN
    return a is not NAN and PyObject_RichCompareBool(a, b, Py_LT)
