"""Sorted inputs into one: a stable loser tree, or one sort of everything when all is in memory.

The order of keys is `<`, and nothing else is asked of them. A NaN key counts as greater than every other,
and all NaN as equal: they come last (first when reversed).
"""

cimport cython
from cpython.list cimport PyList_GET_ITEM
from cpython.object cimport PyObject, Py_LT
from engine.kernels.objects.keys cimport (
    ITEM,
    NAN,
    Key,
    PyIter_Next,
    PyObject_RichCompareBool,
    as_key,
    canonical,
    owned,
    stopped,
)
from engine.kernels.objects.lazy cimport Lazy
from libcpp.vector cimport vector


cdef inline bint before(object a, object b) except -1:
    if b is NAN:
        return a is not NAN
    if a is NAN:
        return False
    return PyObject_RichCompareBool(a, b, Py_LT)


@cython.final
@cython.trashcan(True)
cdef class Merged(Lazy):
    """A loser tree: `losers[1:]` hold the inputs that lost the match at each inner node, input `i` plays
    from the leaf `count + i`, and `winner` has beaten all."""

    cdef Key key
    cdef bint reverse
    cdef bint started
    cdef Py_ssize_t count
    cdef Py_ssize_t winner
    cdef list sources
    cdef list items
    cdef list keys
    cdef vector[char] ended
    cdef vector[Py_ssize_t] losers

    def __cinit__(self, iterables, key, bint reverse):
        self.key = as_key(key)
        self.reverse = reverse
        self.sources = [iter(iterable) for iterable in iterables]
        self.count = len(self.sources)
        self.items = [None] * self.count
        self.keys = [None] * self.count
        self.ended.resize(self.count)
        self.losers.resize(self.count)
        self.alive = True

    cdef object advance(self):
        if not self.started:
            self.started = True
            self.start()
        elif self.count:
            self.pull(self.winner)
            self.replay()
        if self.count == 0 or self.ended[self.winner]:
            self.alive = False
            return None
        item = self.items[self.winner]
        self.items[self.winner] = None
        return item

    cdef int start(self) except -1:
        """Pull the first of each input and play every match once, from the leaves up."""
        cdef vector[Py_ssize_t] winners
        cdef Py_ssize_t node, left, right
        winners.resize(2 * self.count)
        for node in range(self.count):
            self.pull(node)
            winners[self.count + node] = node
        for node in range(self.count - 1, 0, -1):
            left, right = winners[2 * node], winners[2 * node + 1]
            if self.beats(left, right):
                winners[node], self.losers[node] = left, right
            else:
                winners[node], self.losers[node] = right, left
        if self.count:
            self.winner = winners[1]
        return 0

    cdef int pull(self, Py_ssize_t index) except -1:
        cdef PyObject* pulled = PyIter_Next(self.sources[index])
        if pulled is NULL:
            self.ended[index] = True
            self.sources[index] = self.items[index] = self.keys[index] = None
        else:
            item = owned(pulled)
            self.items[index] = item
            self.keys[index] = self.key.get(item)
        return 0

    cdef int replay(self) except -1:
        """Play the winner's next item against the losers on its way to the root."""
        cdef Py_ssize_t contender = self.winner
        cdef Py_ssize_t node = (self.count + contender) >> 1
        cdef Py_ssize_t loser
        while node >= 1:
            loser = self.losers[node]
            if self.beats(loser, contender):
                self.losers[node] = contender
                contender = loser
            node >>= 1
        self.winner = contender
        return 0

    cdef bint beats(self, Py_ssize_t a, Py_ssize_t b) except -1:
        """Whether input a's item comes before input b's; of equals the earlier input's."""
        if self.ended[a] or self.ended[b]:
            return not self.ended[a]
        if a > b:
            return self.strictly(a, b)
        return not self.strictly(b, a)

    cdef inline bint strictly(self, Py_ssize_t a, Py_ssize_t b) except -1:
        # Safety: both are inputs' numbers, below the lists' fixed length; locals hold what is compared.
        key_a = <object>PyList_GET_ITEM(self.keys, a)
        key_b = <object>PyList_GET_ITEM(self.keys, b)
        return before(key_b, key_a) if self.reverse else before(key_a, key_b)

    cdef tuple release(self):
        sources, items, keys = self.sources, self.items, self.keys
        self.sources = self.items = self.keys = None
        return tuple([source for source in sources if source is not None])


def iter_merged(iterables, key=None, reverse=False):
    """The items of sorted inputs in order, lazily; equal ones by input. One item of each input is held.

    The order of what comes out is only promised for inputs that are sorted by the key (descending for reverse).
    """
    return Merged(iterables, key, reverse)


def collect_merged(iterables, key=None, reverse=False):
    """All items of `iter_merged` in a list.

    Lists of items that are their own keys are joined and sorted: the sort finds the runs that the inputs are,
    and is stable. With a key the tree is faster, since it need not keep a second list of keys.
    """
    inputs = list(iterables)
    cdef Key key_of = as_key(key)
    cdef bint in_memory = all([type(one) is list or type(one) is tuple for one in inputs])
    if in_memory and key_of.kind == ITEM:
        together = [item for one in inputs for item in one]
        if is_plain(together):
            return ordered(together, reverse)
    return Merged(inputs, key_of, reverse).gather(in_memory)


cdef bint is_plain(list items) except -1:
    """Whether every item is its own canonical key and has an order: no NaN is among them."""
    for item in items:
        if item is NAN or canonical(item) is not item:
            return False
    return True


cdef list ordered(list items, bint reverse):
    try:
        items.sort(reverse=reverse)
    except StopIteration as error:
        raise stopped(error)
    return items
