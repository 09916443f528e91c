"""Aggregates of runs and of groups, without a list of the items of any."""

from engine.errors import PlanError

cimport cython
from cpython.object cimport PyObject
from engine.kernels.objects.chunk cimport Runs
from engine.kernels.objects.keys cimport NAN, Key, PyIter_Next, as_key, owned, same, unhashable
from engine.kernels.objects.place cimport Place, failed
from engine.kernels.objects.reader cimport Reader, held_count, is_held, make_ready
from libcpp.memory cimport unique_ptr


cdef extern from "objects/aggregation.hpp" namespace "engine::objects":
    cdef enum class How:
        count
        sum
        mean
        minimum
        maximum
        first
        last
        list
        set

    cdef cppclass Aggregation:
        Reader* ask_for(How how) except +
        bint can_read()
        void open_group() except +*
        void clear() except +*
        void add(size_t column, size_t group, PyObject* value) except +*
        PyObject* find(size_t column, PyObject* item)
        PyObject* new_results(size_t group) except +*

    cdef cppclass GroupedAggregation:
        GroupedAggregation(Aggregation& columns) except +
        size_t group_of(PyObject* key) except +*
        bint add_block(
            Held held, Py_ssize_t begin, Py_ssize_t end, Reader& reader, PyObject* nan
        ) except +*
        PyObject* pairs() except +*

    cdef cppclass Held:
        Held(object holder)

    cdef struct RunAggregated:
        Py_ssize_t position
        PyObject* results
        PyObject* item
        PyObject* key
        bint begun
    RunAggregated aggregate_run(
        object holder, Py_ssize_t position, PyObject* first, PyObject* key,
        Reader& reader, PyObject* nan, Aggregation& columns
    ) except +*

cdef extern from *:
    """
    static constexpr Py_ssize_t READER_BLOCK = engine::objects::Reader::block;
    """
    const Py_ssize_t BLOCK "READER_BLOCK"


HOWS = {
    "count": How.count, "sum": How.sum, "mean": How.mean, "min": How.minimum, "max": How.maximum,
    "first": How.first, "last": How.last, "list": How.list, "set": How.set,
}


def agg_runs(iterable, key, aggregates, Place place=None):
    """Pairs `(key, values)` of consecutive items with equal keys, lazily; one item and one value each are held.

    `aggregates` is a tuple of pairs (how, key of the value); `values` has one for each of them:

    - "count": how many items; "first", "last", "list": their values; "set": those that are different keys.
    - "sum": 0 and then `+`, from left to right; floats are added as `+` does, which the built-in `sum` of Python
      3.12 and later does not. "mean": that, divided by the count.
    - "min", "max": by `<` and `>`, of equals the first, as the built-ins: a NaN stays when it came first and is
      passed over when it comes later.
    """
    cdef Aggregates asked = Aggregates(aggregates)
    return AggregatedRuns(iterable, key, place, asked)


def agg_groups(iterable, key, aggregates, Place place=None):
    """A list of pairs `(key, values)` in first-seen order of the keys; see `agg_runs`. Holds no items."""
    cdef AggregatedGroups groups = AggregatedGroups(as_key(key), Aggregates(aggregates), place)
    return groups.of(iterable)


@cython.final
cdef class Aggregates:
    """What was asked for, made ready."""

    cdef Aggregation columns
    cdef list hows
    cdef list keys

    def __cinit__(self, aggregates):
        self.hows = []
        self.keys = []
        for how, spec in aggregates:
            if how not in HOWS:
                raise PlanError(f"an aggregate must be one of {', '.join(HOWS)}, got {how!r:.100}")
            key = as_key(spec)
            make_ready(self.columns.ask_for(<How><int>HOWS[how]), key)
            self.hows.append(how)
            self.keys.append(key)

    cdef int add(self, size_t group, object item) except -1:
        """Add an item to a group, whatever it takes to find its values."""
        cdef size_t column
        for column in range(<size_t>len(self.keys)):
            how = self.hows[column]
            if how == "count":
                self.columns.add(column, group, NULL)
            elif how == "set":
                self.add_to_set(column, group, (<Key>self.keys[column]).get(item))
            else:
                value = self.value(column, item)
                self.columns.add(column, group, <PyObject*>value)
        return 0

    cdef inline object value(self, size_t column, object item):
        cdef PyObject* found = self.columns.find(column, <PyObject*>item)
        return <object>found if found is not NULL else (<Key>self.keys[column]).read(item)

    cdef int add_to_set(self, size_t column, size_t group, object value) except -1:
        try:
            self.columns.add(column, group, <PyObject*>value)
        except TypeError as error:
            raise unhashable(error, value, "a value of set")
        return 0


@cython.final
@cython.trashcan(True)
cdef class AggregatedRuns(Runs):
    cdef Aggregates asked
    cdef bint begun       # the first item of the run has been added already

    def __cinit__(self, iterable, key, Place place, Aggregates asked not None):
        self.asked = asked

    cdef object run_of(self, object key):
        self.waiting = False
        results = self.read_in_place(key) if self.held else None
        if results is not None:
            return results
        if not self.begun:
            self.item = self.first
            self.asked.columns.open_group()
            self.asked.add(0, self.first)
        self.begun = False
        self.read_on(key)
        results = owned(self.asked.columns.new_results(0))
        self.asked.columns.clear()
        return results

    cdef object read_in_place(self, object key):
        """The results when the run's end was reached without running any code."""
        cdef RunAggregated run = aggregate_run(
            self.source, self.index + 1, <PyObject*>self.first, <PyObject*>key,
            self.reader, <PyObject*>NAN, self.asked.columns
        )
        self.index = run.position - 1
        self.begun = run.begun and run.results is NULL
        if run.results is NULL:
            return None
        self.begin(owned(run.item), owned(run.key))
        return owned(run.results)

    cdef int read_on(self, object key) except -1:
        while self.pull():
            item_key = self.key_of_item()
            if not same(key, item_key):
                return self.begin(self.item, item_key)
            self.asked.add(0, self.item)
        return 0

    cdef tuple release(self):
        self.asked.columns.clear()
        return Runs.release(self)


@cython.final
cdef class AggregatedGroups:
    cdef Key key
    cdef Reader reader
    cdef Aggregates asked
    cdef unique_ptr[GroupedAggregation] groups
    cdef Place place
    cdef object item
    cdef Py_ssize_t index
    cdef bint pulling

    def __cinit__(self, Key key, Aggregates asked, Place place):
        self.key = key
        self.asked = asked
        self.place = place
        self.index = -1
        make_ready(&self.reader, key)
        self.groups.reset(new GroupedAggregation(asked.columns))

    cdef list of(self, iterable):
        try:
            if is_held(iterable) and self.reader.can_read() and self.asked.columns.can_read():
                self.read_blocks(iterable)
            else:
                self.read(iter(iterable))
        except BaseException as error:
            if self.pulling or self.index < 0:
                raise
            raise failed(self.place, error, self.index, self.item)
        return owned(self.groups.get().pairs())

    cdef int read(self, object source) except -1:
        cdef PyObject* pulled
        while True:
            self.pulling = True
            pulled = PyIter_Next(source)
            self.pulling = False
            if pulled is NULL:
                return 0
            self.add(owned(pulled))

    cdef int read_blocks(self, object holder) except -1:
        """Blocks that run no code are added as a whole; others item by item, from a copy that nobody changes."""
        cdef Py_ssize_t end
        while self.index + 1 < held_count(holder):
            end = min(self.index + 1 + BLOCK, held_count(holder))
            if self.groups.get().add_block(
                Held(holder), self.index + 1, end, self.reader, <PyObject*>NAN
            ):
                self.index = end - 1
                continue
            for item in holder[self.index + 1:end]:
                self.add(item)
        return 0

    cdef int add(self, object item) except -1:
        cdef PyObject* found
        self.item = item
        self.index += 1
        found = self.reader.find_key(<PyObject*>item, <PyObject*>NAN)
        key = <object>found if found is not NULL else self.key.get(item)
        self.asked.add(self.group_of(key), item)
        return 0

    cdef inline size_t group_of(self, object key) except? 0xffffffff:
        try:
            return self.groups.get().group_of(<PyObject*>key)
        except TypeError as error:
            raise unhashable(error, key, "a key of group_by")
