"""Hash join: an index over the right side, the left side looked up in it.

With both sides in memory rows are matched as numbers, and the result is made at its exact size. Otherwise the right
side is read and indexed at the first pull, and the left side streams past it.
"""

from engine.errors import PlanError

cimport cython
from cpython.list cimport PyList_GET_ITEM
from cpython.object cimport PyObject
from engine.kernels.objects.keys cimport CALL, Key, PyIter_Next, as_key, owned, unhashable
from engine.kernels.objects.lazy cimport Lazy
from engine.kernels.objects.part cimport part_of
from engine.kernels.objects.place cimport Place, failed
from engine.kernels.objects.rows cimport Rows, finish, rows_of
from engine.kernels.objects.secured cimport secure, secured
from libc.stdint cimport int32_t
from libcpp.vector cimport vector


cdef extern from "objects/join.hpp" namespace "engine::objects":
    cppclass Pairs:
        vector[int32_t] left
        vector[int32_t] right

    struct Kept:
        bint left
        bint right

    cppclass JoinIndex:
        bint build(PyObject** keys, Py_ssize_t count, bint nulls_match, Py_ssize_t* failed_row) except +*
        bint match(
            PyObject** keys, Py_ssize_t count, vector[int32_t]* numbers, Py_ssize_t* failed_row
        ) except +*
        Py_ssize_t find(PyObject* key) except? -2
        const int32_t* begin(Py_ssize_t number)
        const int32_t* end(Py_ssize_t number)

    void pair_rows(
        const JoinIndex& index, const vector[int32_t]& numbers, Py_ssize_t right_count, Kept kept, Pairs* pairs
    ) except +
    object join_pairs(PyObject** left, PyObject** right, const Pairs& pairs) except +
    object join_alone(PyObject** left, const vector[int32_t]& numbers, bint wanted) except +


cdef enum:
    ABSENT = -1

HOWS = ("inner", "left", "right", "outer", "semi", "anti", "cross")
NULLS = ("skip", "match")


@cython.final
cdef class Manner:
    """How a join is made: its two keys, what it keeps, and where it stands in a chain."""

    cdef Key left_key
    cdef Key right_key
    cdef Kept kept
    cdef bint cross
    cdef bint alone
    cdef bint wanted
    cdef bint nulls_match
    cdef object select
    cdef Place place
    cdef Place right_place

    def __cinit__(self, left_key, right_key, how, nulls, select, Place place):
        if how not in HOWS:
            raise PlanError(f"how must be one of {', '.join(HOWS)}, got {how!r:.200}")
        if nulls not in NULLS:
            raise PlanError(f"nulls must be one of {', '.join(NULLS)}, got {nulls!r:.200}")
        self.alone = how in ("semi", "anti")
        if self.alone and select is not None:
            raise PlanError(f"select must be None where no pairs are made, got {select!r:.200} for {how}")
        self.cross = how == "cross"
        # A cross join asks for no keys: any that can be read without a callback will do.
        self.left_key = as_key(None if self.cross else left_key)
        self.right_key = as_key(None if self.cross else right_key)
        self.kept.left = how in ("left", "outer")
        self.kept.right = how in ("right", "outer")
        self.wanted = how == "semi"
        self.nulls_match = nulls == "match"
        self.select = select
        self.place = place
        self.right_place = part_of(place, "right side")


@cython.final
@cython.trashcan(True)
cdef class Joined(Lazy):
    """Left items pulled one by one; between `match` and `last_match` stand the rows that one still meets."""

    cdef Manner manner
    cdef object left
    cdef object right
    cdef JoinIndex index
    cdef vector[int32_t] every  # all rows, in a cross join
    cdef list rows
    cdef list keys              # what the index borrows
    cdef vector[char] met
    cdef object item
    cdef Py_ssize_t number      # of the left item
    cdef Py_ssize_t unmet
    cdef bint left_ended
    cdef const int32_t* match
    cdef const int32_t* last_match

    def __cinit__(self, left, right, Manner manner not None):
        self.manner = manner
        self.left = iter(left)
        self.right = right if type(right) is list or type(right) is tuple else iter(right)
        self.number = -1
        self.match = self.last_match = NULL
        self.alive = True

    cdef object advance(self):
        cdef Py_ssize_t row
        if self.rows is None:
            self.build()
        if self.match == self.last_match:
            if not self.left_ended and self.next_left():
                return self.item if self.manner.alone else self.paired(self.item, None, False)
            if self.left_ended:
                return self.next_unmet()
        row = self.match[0]
        self.match += 1
        # Safety: the index holds rows of this list only, and nothing else can reach it.
        return self.paired(self.item, <object>PyList_GET_ITEM(self.rows, row), False)

    cdef int build(self) except -1:
        cdef Manner manner = self.manner
        cdef list rows
        cdef Rows right
        cdef Py_ssize_t row
        if manner.cross:
            rows = list(self.right)
            for row in range(len(rows)):
                self.every.push_back(<int32_t>row)
        else:
            right = secured(self.right, manner.right_key, manner.right_place)
            build_index(&self.index, right, manner)
            rows, self.keys = right.holder, right.owned_keys
        self.met.resize(len(rows) if manner.kept.right else 0)
        self.rows = rows
        return 0

    cdef bint next_left(self) except -1:
        """Pull left items up to one that meets rows (false), or that is kept alone (true), or to the end."""
        cdef Manner manner = self.manner
        cdef Py_ssize_t found
        cdef PyObject* pulled
        while True:
            pulled = PyIter_Next(self.left)
            if pulled is NULL:
                self.left_ended = True
                self.item = None
                return False
            self.item = owned(pulled)
            self.number += 1
            found = self.find()
            if manner.alone:
                if (found != ABSENT) == manner.wanted:
                    return True
            elif found != ABSENT:
                self.meet(found)
                return False
            elif manner.kept.left:
                return True

    cdef Py_ssize_t find(self) except -2:
        """The number of the left item's key, or ABSENT."""
        cdef Py_ssize_t found
        if self.manner.cross:
            return 0 if self.every.size() else ABSENT
        try:
            key = self.manner.left_key.get(self.item)
        except BaseException as error:
            raise failed(self.manner.place, error, self.number, self.item)
        try:
            found = self.index.find(<PyObject*>key)
        except BaseException as error:
            raise failed(
                self.manner.place, unhashable(error, key, "a key of the left side"), self.number, self.item
            )
        return found

    cdef void meet(self, Py_ssize_t found) noexcept:
        cdef const int32_t* match
        if self.manner.cross:
            self.match = self.every.data()
            self.last_match = self.match + self.every.size()
            return
        self.match = match = self.index.begin(found)
        self.last_match = self.index.end(found)
        while self.manner.kept.right and match != self.last_match:
            self.met[match[0]] = True
            match += 1

    cdef object paired(self, item, match, bint right_only):
        cdef Manner manner = self.manner
        if manner.select is None:
            return (item, match)
        try:
            return manner.select(item, match)
        except BaseException as error:
            if right_only:
                raise failed(manner.right_place, error, self.unmet - 1, match)
            raise failed(manner.place, error, self.number, item)

    cdef object next_unmet(self):
        """The right rows that no left item met, in their order."""
        cdef Py_ssize_t row
        while self.unmet < <Py_ssize_t>self.met.size():
            row = self.unmet
            self.unmet += 1
            if not self.met[row]:
                return self.paired(None, self.rows[row], True)
        self.alive = False
        return None

    cdef tuple release(self):
        left, right, rows, keys, item = self.left, self.right, self.rows, self.keys, self.item
        self.left = self.right = self.rows = self.keys = self.item = None
        return (left, right)


def iter_joined(
    left, right, left_key, right_key, how="inner", nulls="skip", select=None, Place place=None
):
    """Pairs `(left item, right item)` of equal keys, None for a missing side, lazily on the left.

    The right side is read to its end at the first pull, and held. Left order is kept, then right order; right
    items that met nothing come last. "semi" and "anti" give left items alone; "cross" pairs all and asks for no
    keys. A None key meets nothing, or other None keys with nulls="match". `select(left item, right item)` is
    called in place of making a pair.
    """
    return Joined(left, right, Manner(left_key, right_key, how, nulls, select, place))


def collect_joined(
    left, right, left_key, right_key, how="inner", nulls="skip", select=None, Place place=None
):
    """All of `iter_joined` in a list; both sides are read before anything is made when the left is a list or tuple."""
    cdef Manner manner = Manner(left_key, right_key, how, nulls, select, place)
    if is_sequence(left) and not manner.cross:
        return joined_at_once(left, right, manner)
    return Joined(left, right, manner).gather(is_sequence(left) and is_sequence(right) and select is None)


cdef bint is_sequence(object side):
    return type(side) is list or type(side) is tuple


cdef list joined_at_once(object left, object right, Manner manner):
    cdef Rows left_rows = None
    cdef Rows right_rows = rows_of(right, manner.right_key, manner.right_place)
    try:
        if manner.left_key.kind == CALL or not right_rows.borrowed:
            secure(right_rows)
            finish(right_rows)
        left_rows = rows_of(left, manner.left_key, manner.place)
        if right_rows.borrowed and not left_rows.borrowed:
            # Reading the left keys ran Python code, which may have changed what was borrowed on the right.
            finish(right_rows)
            right_rows = secured(right_rows.holder, manner.right_key, manner.right_place)
        if manner.select is not None or not right_rows.borrowed:
            secure(left_rows)
            secure(right_rows)
        return matched(left_rows, right_rows, manner)
    finally:
        finish(right_rows)
        if left_rows is not None:
            finish(left_rows)


cdef list matched(Rows left, Rows right, Manner manner):
    cdef JoinIndex index
    cdef vector[int32_t] numbers
    cdef Pairs pairs
    cdef Py_ssize_t row = 0
    build_index(&index, right, manner)
    try:
        index.match(left.keys, left.count, &numbers, &row)
    except BaseException as error:
        raise at_row(manner.place, error, left, row, "a key of the left side")
    if manner.alone:
        return join_alone(left.items, numbers, manner.wanted)
    pair_rows(index, numbers, right.count, manner.kept, &pairs)
    if manner.select is None:
        return join_pairs(left.items, right.items, pairs)
    return selected(left, right, pairs, manner)


cdef int build_index(JoinIndex* index, Rows right, Manner manner) except -1:
    cdef Py_ssize_t row = 0
    try:
        index.build(right.keys, right.count, manner.nulls_match, &row)
    except BaseException as error:
        raise at_row(manner.right_place, error, right, row, "a key of the right side")
    return 0


cdef object at_row(Place place, error, Rows rows, Py_ssize_t row, str role):
    """The error to raise for a key that could not be looked up."""
    if row >= rows.count:
        return error
    return failed(place, unhashable(error, <object>rows.keys[row], role), row, <object>rows.items[row])


cdef list selected(Rows left, Rows right, const Pairs& pairs, Manner manner):
    """What `select` makes of the pairs, which both sides own; the collector runs while it is called."""
    cdef list made = []
    cdef size_t i
    cdef int32_t row, match
    finish(left)
    finish(right)
    for i in range(pairs.left.size()):
        row, match = pairs.left[i], pairs.right[i]
        item = None if row == ABSENT else <object>left.items[row]
        other = None if match == ABSENT else <object>right.items[match]
        try:
            made.append(manner.select(item, other))
        except BaseException as error:
            if row == ABSENT:
                raise failed(manner.right_place, error, match, other)
            raise failed(manner.place, error, row, item)
    return made
