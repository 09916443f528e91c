"""Sorted inputs into one: a stable loser tree, or merges two by two when all is in memory.

The order of keys is `<`, and nothing else is asked of them. A NaN key counts as greater than every other,
and all NaN as equal: they come last (first when reversed). Keys that are all integers, floats or texts are
compared as codes that sort like them.
"""

from engine.errors import NotSortedError
from engine.kernels.objects.place import brief

cimport cython
from cpython.list cimport PyList_GET_ITEM
from cpython.object cimport PyObject, Py_LT
from engine.kernels.objects.collector cimport PyGC_Disable, resume_collector
from engine.kernels.objects.keys cimport (
    ITEM,
    NAN,
    Key,
    PyIter_Next,
    PyObject_RichCompareBool,
    as_key,
    canonical,
    owned,
)
from engine.kernels.objects.lazy cimport Lazy
from engine.kernels.objects.part cimport part_of
from engine.kernels.objects.place cimport Place, failed
from engine.kernels.objects.rows cimport Rows, finish, rows_of
from engine.kernels.objects.secured cimport secured
from libc.stdint cimport uint32_t, uint64_t
from libcpp.vector cimport vector


cdef extern from *:
    """
    static inline PyObject** items_of(PyObject* holder) {
      return PyList_CheckExact(holder) ? ((PyListObject*)holder)->ob_item : ((PyTupleObject*)holder)->ob_item;
    }
    """
    PyObject** items_of(object holder)


cdef extern from "objects/merge.hpp" namespace "engine::objects":
    cppclass MergeInputs:
        void add(PyObject** items, PyObject** keys, Py_ssize_t count) except +
        PyObject* merged(
            bint reverse, bint check, bint coded_only, Py_ssize_t* failed_row
        ) except +*


cdef extern from "objects/tree.hpp" namespace "engine::objects":
    struct Contender:
        uint64_t order
        uint32_t rank

    cppclass LoserTree:
        void resize(size_t inputs) except +
        size_t size()
        Contender& winner()
        Contender& loser(size_t node)
        size_t parent_of(size_t input)
        Contender ended(size_t input)
        bint has_ended(const Contender& one)
        void replay(Contender contender)

    cppclass Upcoming:
        void add(PyObject* source) except +
        void prefetch(size_t input, Py_ssize_t position)

    cppclass PullCoder:
        void reverse(bint reversed)
        bint is_text()
        bint encode(PyObject* key, uint64_t* order)


cdef inline bint before(object a, object b) except -1:
    if b is NAN:
        return a is not NAN
    if a is NAN:
        return False
    return PyObject_RichCompareBool(a, b, Py_LT)


@cython.final
@cython.trashcan(True)
cdef class Merged(Lazy):
    """One item of each input, its key, and the key's code in the tree while all keys have one."""

    cdef Key key
    cdef Place place
    cdef bint reverse
    cdef bint check
    cdef bint started
    cdef bint coded
    cdef bint keep_keys
    cdef LoserTree tree
    cdef PullCoder coder
    cdef Upcoming upcoming
    cdef list sources
    cdef list items
    cdef list keys
    cdef vector[Py_ssize_t] pulled
    cdef vector[uint64_t] orders  # of the keys, for the check

    def __cinit__(self, iterables, key, bint reverse, bint check, Place place):
        self.key = as_key(key)
        self.place = place
        self.reverse = reverse
        self.check = check
        self.coded = True
        self.coder.reverse(reverse)
        # A key that is the item needs no second place, unless it is still asked for when the item is gone.
        self.keep_keys = check or self.key.kind != ITEM
        self.sources = []
        for iterable in iterables:
            self.sources.append(iter(iterable))
            self.upcoming.add(<PyObject*>iterable)
        self.tree.resize(len(self.sources))
        self.pulled.resize(len(self.sources))
        self.orders.resize(len(self.sources) if check else 0)
        self.items = [None] * len(self.sources)
        self.keys = [None] * len(self.sources) if self.keep_keys else self.items
        self.alive = True

    cdef object advance(self):
        cdef Contender pulled
        cdef uint32_t rank
        if not self.started:
            self.started = True
            self.start()
        elif self.tree.size():
            pulled = self.pull(self.tree.winner().rank)
            if self.coded and not self.coder.is_text():
                self.tree.replay(pulled)
            else:
                self.replay(pulled)
        if self.tree.size() == 0 or self.tree.has_ended(self.tree.winner()):
            self.alive = False
            return None
        rank = self.tree.winner().rank
        # Safety: the rank of an input that has not ended is its number, below the list's fixed length.
        item = <object>PyList_GET_ITEM(self.items, rank)
        if self.keep_keys:
            self.items[rank] = None
        return item

    cdef int start(self) except -1:
        """Pull the first of each input and play every match once, from the leaves up."""
        cdef vector[Contender] winners
        cdef size_t count = self.tree.size()
        cdef size_t node
        cdef bint left_wins
        cdef Contender left, right
        winners.resize(2 * count)
        for node in range(count):
            winners[count + node] = self.pull(<uint32_t>node)
        node = count
        while node > 1:
            node -= 1
            left, right = winners[2 * node], winners[2 * node + 1]
            try:
                left_wins = self.beats(left, right)
            except BaseException as error:
                node = max(left.rank, right.rank)
                raise self.at_input(error, <uint32_t>node, self.items[node])
            if left_wins:
                winners[node] = left
                self.tree.loser(node).order, self.tree.loser(node).rank = right.order, right.rank
            else:
                winners[node] = right
                self.tree.loser(node).order, self.tree.loser(node).rank = left.order, left.rank
        if count:
            self.tree.winner().order, self.tree.winner().rank = winners[1].order, winners[1].rank
        return 0

    cdef Contender pull(self, uint32_t index) except *:
        """The next of an input, as it takes part in matches."""
        cdef PyObject* pulled
        cdef Contender contender
        self.upcoming.prefetch(index, self.pulled[index])
        pulled = PyIter_Next(<object>PyList_GET_ITEM(self.sources, index))
        if pulled is NULL:
            self.sources[index] = self.items[index] = self.keys[index] = None
            return self.tree.ended(index)
        item = owned(pulled)
        self.pulled[index] += 1
        contender.rank = index
        contender.order = 0
        if self.key.kind == ITEM and not self.keep_keys and self.coded:
            self.items[index] = item
            if not self.coder.encode(<PyObject*>item, &contender.order):
                self.decode()
            return contender
        try:
            key = self.key.get(item)
        except BaseException as error:
            raise self.at_input(error, index, item)
        if self.coded and not self.coder.encode(<PyObject*>key, &contender.order):
            self.decode()
        if self.check:
            self.require_sorted(index, key, contender.order, item)
        self.keys[index] = key
        self.items[index] = item
        return contender

    cdef int decode(self) except -1:
        """From now on keys are compared: one of them is of another kind than the first."""
        self.coded = False
        if not self.keep_keys:
            self.keep_keys = True
            self.keys = [canonical(item) for item in self.items]
        return 0

    cdef int replay(self, Contender contender) except -1:
        """As the tree does it, for keys that are told apart by asking them."""
        cdef size_t node = self.tree.parent_of(self.tree.winner().rank)
        cdef uint32_t pulled = contender.rank
        cdef Contender loser
        try:
            while node >= 1:
                loser = self.tree.loser(node)
                if self.beats(loser, contender):
                    self.tree.loser(node).order, self.tree.loser(node).rank = contender.order, contender.rank
                    contender = loser
                node >>= 1
        except BaseException as error:
            raise self.at_input(error, pulled, self.items[pulled])
        self.tree.winner().order, self.tree.winner().rank = contender.order, contender.rank
        return 0

    cdef bint beats(self, Contender a, Contender b) except -1:
        """Whether input a's item comes before input b's; of equals the earlier input's."""
        if self.tree.has_ended(a) or self.tree.has_ended(b):
            return a.rank < b.rank
        if self.coded and (a.order != b.order or not self.coder.is_text()):
            return a.order < b.order or (a.order == b.order and a.rank < b.rank)
        if a.rank > b.rank:
            return self.strictly(a.rank, b.rank)
        return not self.strictly(b.rank, a.rank)

    cdef inline bint strictly(self, uint32_t a, uint32_t b) except -1:
        # Safety: both are inputs' numbers, below the lists' fixed length; locals hold what is compared.
        key_a = <object>PyList_GET_ITEM(self.keys, a)
        key_b = <object>PyList_GET_ITEM(self.keys, b)
        return before(key_b, key_a) if self.reverse else before(key_a, key_b)

    cdef int require_sorted(self, uint32_t index, object key, uint64_t order, object item) except -1:
        cdef uint64_t last = self.orders[index]
        cdef bint less
        self.orders[index] = order
        if self.pulled[index] == 1:
            return 0
        previous = self.keys[index]
        if self.coded and (order != last or not self.coder.is_text()):
            less = order < last
        else:
            try:
                less = before(previous, key) if self.reverse else before(key, previous)
            except BaseException as error:
                raise self.at_input(error, index, item)
        if less:
            raise self.at_input(unsorted(index, self.pulled[index] - 1, previous, key), index, item)
        return 0

    cdef object at_input(self, error, uint32_t index, item):
        return failed(part_of(self.place, f"input {index}"), error, self.pulled[index] - 1, item)

    cdef tuple release(self):
        sources, items, keys = self.sources, self.items, self.keys
        self.sources = self.items = self.keys = None
        return tuple([source for source in sources if source is not None])


def iter_merged(iterables, key=None, reverse=False, check=False, Place place=None):
    """The items of sorted inputs in order, lazily; equal ones by input. One item of each input is held.

    The order of what comes out is only promised for inputs that are sorted by the key (descending for reverse);
    with `check` an item out of order raises NotSortedError when it is pulled.
    """
    return Merged(iterables, key, reverse, check, place)


def collect_merged(iterables, key=None, reverse=False, check=False, Place place=None):
    """All items of `iter_merged` in a list, read to their ends before the first comparison."""
    cdef list inputs = [in_memory(one) for one in iterables]
    cdef Key key_of = as_key(key)
    cdef list read = []
    cdef Rows rows
    cdef bint paused = PyGC_Disable() == 1
    try:
        if key_of.kind == ITEM:
            made = merged_items(inputs, reverse, check, place)
            if made is not None:
                return made
        resume_collector(paused)
        paused = False
        read_all(inputs, key_of, place, read)
        paused = PyGC_Disable() == 1
        return merged_rows(read, reverse, check, place)
    finally:
        resume_collector(paused)
        for rows in read:
            finish(rows)


cdef object in_memory(object iterable):
    return iterable if type(iterable) is list or type(iterable) is tuple else list(iterable)


cdef int read_all(list inputs, Key key, Place place, list read) except -1:
    """Add the rows of each input. When reading one runs Python code, all of them own what they hold."""
    cdef Rows rows
    cdef Py_ssize_t number
    cdef bint borrowed = False
    cdef bint owned = False
    for number in range(len(inputs)):
        rows = rows_of(inputs[number], key, part_of(place, f"input {number}"))
        read.append(rows)
        if rows.borrowed:
            borrowed = True
        else:
            owned = True
            finish(rows)
    for number in range(len(inputs) if borrowed and owned else 0):
        rows = read[number]
        if rows.borrowed:
            finish(rows)
            read[number] = secured(inputs[number], key, part_of(place, f"input {number}"))
    return 0


cdef list merged_items(list inputs, bint reverse, bint check, Place place):
    """Inputs whose items are their own keys and all have codes: there is nothing to gather. None for others."""
    cdef MergeInputs all_inputs
    cdef PyObject* made
    cdef Py_ssize_t row = -1
    for one in inputs:
        all_inputs.add(items_of(one), items_of(one), len(one))
    made = all_inputs.merged(reverse, check, True, &row)
    if made is not NULL:
        return owned(made)
    return None


cdef list merged_rows(list read, bint reverse, bint check, Place place):
    cdef MergeInputs inputs
    cdef Rows rows
    cdef PyObject* made
    cdef Py_ssize_t row = -1
    for rows in read:
        inputs.add(rows.items, rows.keys, rows.count)
    try:
        made = inputs.merged(reverse, check, False, &row)
    except BaseException as error:
        raise at_row(read, row, error, place)
    if made is NULL:
        raise at_row(read, row, None, place)
    return owned(made)


cdef object at_row(list read, Py_ssize_t row, object error, Place place):
    """The error to raise for a row of all that were read; without one, for the order that it breaks."""
    cdef Rows rows
    cdef Py_ssize_t number
    for number in range(len(read)):
        rows = read[number]
        if row < rows.count:
            break
        row -= rows.count
    if row < 0:
        return error
    if error is None:
        error = unsorted(number, row, <object>rows.keys[row - 1], <object>rows.keys[row])
    return failed(part_of(place, f"input {number}"), error, row, <object>rows.items[row])


cdef object unsorted(Py_ssize_t number, Py_ssize_t position, previous, key):
    return NotSortedError(
        f"input {number} must be sorted, got {brief(key)} at position {position} after {brief(previous)}"
    )
