"""Lazy kernels over one source whose items have keys: they count the items, so that errors can say where."""

cimport cython
from cpython.object cimport PyObject
from engine.kernels.objects.keys cimport NAN, PyIter_Next, as_key, owned
from engine.kernels.objects.lazy cimport Lazy
from engine.kernels.objects.place cimport Place, failed
from engine.kernels.objects.reader cimport held_count, held_item, is_held, make_ready, prefetch_keys


@cython.trashcan(True)
cdef class Keyed(Lazy):
    """What kernels share that pull items and ask for their keys; `produce` is their `advance`.

    A list or tuple is read in place, as its own iterator reads it: what changes it between two items is seen.
    """

    cdef int open(self, object iterable, object key, Place place) except -1:
        self.key = as_key(key)
        self.place = place
        self.held = is_held(iterable)
        self.source = iterable if self.held else iter(iterable)
        make_ready(&self.reader, self.key)
        self.index = -1
        self.alive = True
        return 0

    cdef bint pull(self) except -1:
        """Whether there was another item: it is in `item` then."""
        cdef PyObject* pulled
        if self.held:
            if self.index + 1 >= held_count(self.source):
                return False
            self.index += 1
            self.item = <object>held_item(self.source, self.index)
            prefetch_keys(self.source, self.index, self.reader)
            return True
        self.pulling = True
        pulled = PyIter_Next(self.source)
        self.pulling = False
        if pulled is NULL:
            return False
        self.item = owned(pulled)
        self.index += 1
        return True

    cdef object key_of_item(self):
        """The canonical key of the item: without running code where that suffices."""
        cdef PyObject* found = self.reader.find_key(<PyObject*>self.item, <PyObject*>NAN)
        return <object>found if found is not NULL else self.key.get(self.item)

    cdef object taken(self):
        """The item, which is no longer held here."""
        item, self.item = self.item, None
        return item

    cdef object produce(self):
        self.alive = False

    cdef object advance(self):
        try:
            return self.produce()
        except BaseException as error:
            if self.pulling:
                raise
            raise failed(self.place, error, self.index, self.item)

    cdef tuple release(self):
        source, item = self.source, self.item
        self.source = self.item = None
        return (source,)
