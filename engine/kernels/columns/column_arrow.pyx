# distutils: language = c++
"""Arrow's C data interface: what capsules hold becomes column memory, and column memory goes into capsules.

A structure is moved out of its capsule, so a second reader finds it released and is refused; whoever owns it
releases it once, also when something fails. The lengths of buffers are not in the interface: they are trusted.
"""

from cpython.pycapsule cimport PyCapsule_GetPointer, PyCapsule_IsValid
from cpython.ref cimport PyObject
from libc.stdint cimport int32_t, int64_t, uint8_t
from libcpp.string cimport string
from libcpp.utility cimport move
from libcpp.vector cimport vector

from engine.kernels.columns.column cimport ColumnMemory, Room, new_memory

from engine.kernels.columns.column import concatenated, memory_of_address

cdef extern from "columns/arrow.hpp" namespace "engine":
    cdef cppclass ArrowSchema:
        const char* format
        const char* name
        int64_t n_children
        ArrowSchema** children
        ArrowSchema* dictionary
        void (*release)(ArrowSchema*)
    cdef cppclass ArrowArray:
        int64_t length
        int64_t null_count
        int64_t offset
        int64_t n_buffers
        int64_t n_children
        const void** buffers
        ArrowArray** children
        void (*release)(ArrowArray*)
    cdef cppclass ArrowArrayStream:
        int (*get_schema)(ArrowArrayStream*, ArrowSchema*) noexcept nogil
        int (*get_next)(ArrowArrayStream*, ArrowArray*) noexcept nogil
        const char* (*get_last_error)(ArrowArrayStream*) noexcept nogil
        void (*release)(ArrowArrayStream*)
    cdef cppclass Field:
        Field()
        string format
        string name
        vector[Field] fields
    void move_to[T](T* target, T* source)
    void release_if_held[T](T* held)
    void fill_schema(const Field& field, ArrowSchema* schema) except +
    void fill_array(ArrowArray* array, int64_t length, int64_t null_count, int64_t offset, const void* validity,
                    const void* second, const void* third, PyObject* keeper) except +
    void fill_struct(ArrowArray* array, int64_t length, vector[ArrowArray]&& children) except +
    void fill_stream(ArrowArrayStream* stream, const Field& field, ArrowArray* array) except +
    object capsule_of[T](T* filled, const char* name)

cdef extern from "columns/column_cells.hpp" namespace "engine" nogil:
    cdef cppclass View:
        pass
    int64_t sum_views(const View* views, const uint8_t* validity, int64_t offset, int64_t size)
    void copy_views(const View* views, const void* const* buffers, const uint8_t* validity, int64_t offset,
                    int64_t size, int64_t* offsets, uint8_t* texts)

# Arrow's letters, and our kind and width for each.
cdef dict _TYPES = {
    "c": ("i", 1), "s": ("i", 2), "i": ("i", 4), "l": ("i", 8), "C": ("u", 1), "S": ("u", 2), "I": ("u", 4),
    "L": ("u", 8), "f": ("f", 4), "g": ("f", 8), "b": ("b", 1), "u": ("s", 4), "U": ("s", 8), "vu": ("v", 16),
}
cdef dict _UNITS = {"tss:": "s", "tsm:": "ms", "tsu:": "us", "tsn:": "ns"}
# Where buffers are left out, as an empty column's may be: its one offset is 0.
cdef Room _EMPTY = Room(64)


cdef class _Schema:
    cdef ArrowSchema held

    def __dealloc__(self):
        release_if_held(&self.held)


cdef class _Array:
    cdef ArrowArray held

    def __dealloc__(self):
        release_if_held(&self.held)


cdef class _Stream:
    cdef ArrowArrayStream held

    def __dealloc__(self):
        release_if_held(&self.held)


cdef void* _pointer(object capsule, const char* name) except NULL:
    if not PyCapsule_IsValid(capsule, name):
        raise TypeError(f"an Arrow capsule must be named {name.decode()!r}, got {capsule!r:.200}")
    return PyCapsule_GetPointer(capsule, name)


cdef _Schema _take_schema(object capsule):
    cdef _Schema taken = _Schema()
    cdef ArrowSchema* held = <ArrowSchema*> _pointer(capsule, b"arrow_schema")
    if held.release == NULL:
        raise ValueError("an Arrow capsule can be read once, and this arrow_schema was read before")
    move_to(&taken.held, held)
    return taken


cdef _Array _take_array(object capsule):
    cdef _Array taken = _Array()
    cdef ArrowArray* held = <ArrowArray*> _pointer(capsule, b"arrow_array")
    if held.release == NULL:
        raise ValueError("an Arrow capsule can be read once, and this arrow_array was read before")
    move_to(&taken.held, held)
    return taken


def read_array(schema_capsule, array_capsule):
    """The memory of an Arrow array; of a struct array a memory for each of its fields.

    Raises:
        TypeError: a capsule of another name, or a type that no column has.
        ValueError: a capsule that was read before, or rows of a struct that are null as a whole.
    """
    cdef _Array array = _take_array(array_capsule)
    cdef _Schema schema = _take_schema(schema_capsule)
    return _read(array, _types_of(&schema.held))


def read_stream(capsule):
    """As `read_array`, of a stream; several batches are copied to one memory."""
    cdef _Stream stream = _Stream()
    cdef ArrowArrayStream* held = <ArrowArrayStream*> _pointer(capsule, b"arrow_array_stream")
    if held.release == NULL:
        raise ValueError("an Arrow capsule can be read once, and this arrow_array_stream was read before")
    move_to(&stream.held, held)
    types = _stream_types(stream)
    batches = []
    while (batch := _next_batch(stream)) is not None:
        batches.append(_read(batch, types))
    if not isinstance(types, dict):
        return _whole(batches, types)
    return {name: _whole([batch[name] for batch in batches], kind) for name, kind in types.items()}


cdef object _whole(list parts, tuple kind):
    filled = [part for part in parts if len(part)]
    if not filled:
        return _empty(kind)
    return filled[0] if len(filled) == 1 else concatenated(filled)


cdef ColumnMemory _empty(tuple kind):
    cdef ColumnMemory made = new_memory(_EMPTY, "s" if kind[0] == "v" else kind[0],
                                        8 if kind[0] == "v" else kind[1], kind[2], kind[3])
    made.data = _EMPTY.start
    made.offsets = _EMPTY.start if made.code == b"s" else NULL
    return made


cdef object _stream_types(_Stream stream):
    cdef _Schema schema = _Schema()
    cdef int code
    with nogil:
        code = stream.held.get_schema(&stream.held, &schema.held)
    _require_done(stream, code)
    return _types_of(&schema.held)


cdef _Array _next_batch(_Stream stream):
    cdef _Array batch = _Array()
    cdef int code
    with nogil:
        code = stream.held.get_next(&stream.held, &batch.held)
    _require_done(stream, code)
    return None if batch.held.release == NULL else batch


cdef _require_done(_Stream stream, int code):
    cdef const char* why
    if code == 0:
        return
    why = stream.held.get_last_error(&stream.held)
    reason = "no reason given" if why == NULL else why.decode("utf-8", "replace")
    raise RuntimeError(f"the Arrow stream failed with code {code}: {reason}")


cdef object _types_of(ArrowSchema* schema):
    """(kind, width, unit, zone); for a struct a dict of them by field."""
    cdef int64_t i
    cdef dict types = {}
    if schema.format.decode() != "+s":
        return _type_of(schema)
    for i in range(schema.n_children):
        name = schema.children[i].name.decode() if schema.children[i].name != NULL else ""
        if name in types:
            raise ValueError(f"fields must have names of their own, got {name!r} twice")
        types[name] = _type_of(schema.children[i])
    return types


cdef tuple _type_of(ArrowSchema* schema):
    form = schema.format.decode()
    if schema.dictionary != NULL:
        raise TypeError(f"an Arrow type must be one a column has, got a dictionary of indices {form!r}")
    if form in _TYPES:
        return (*_TYPES[form], "", None)
    if form[:4] in _UNITS:
        return ("M", 8, _UNITS[form[:4]], form[4:] or None)
    raise TypeError(f"an Arrow type must be one a column has, got the format {form!r}")


cdef object _read(_Array array, types):
    cdef ArrowArray* held = &array.held
    if not isinstance(types, dict):
        return _read_one(array, held, 0, held.length, types)
    if held.n_children != len(types):
        raise ValueError(f"a struct must have {len(types)} fields, got {held.n_children}")
    if held.null_count != 0 and held.n_buffers > 0 and held.buffers[0] != NULL:
        if new_validity(array, held).count_missing():
            raise ValueError("rows of a table must not be null as a whole")
    return {
        name: _read_one(array, held.children[i], held.offset, held.length, kind)
        for i, (name, kind) in enumerate(types.items())
    }


cdef ColumnMemory new_validity(_Array array, ArrowArray* held):
    cdef ColumnMemory made = new_memory(array, "b", 1, "", None)
    made.validity = <const uint8_t*> held.buffers[0]
    made.offset, made.size, made.missing = held.offset, held.length, held.null_count
    return made


cdef ColumnMemory _read_one(_Array array, ArrowArray* held, int64_t start, int64_t size, tuple kind):
    """`start` and `size`: of the struct it stands in."""
    cdef ColumnMemory made
    cdef str letter = kind[0]
    if size == 0:
        return _empty(kind)
    if held.n_buffers < (3 if letter == "s" else 2) or held.length < start + size or held.offset < 0:
        raise ValueError(f"an Arrow array must have buffers for {start + size} items, got {held.length}")
    made = new_memory(array, "s" if letter == "v" else letter, kind[1], kind[2], kind[3])
    made.offset = held.offset + start
    made.size = size
    if held.null_count != 0 and held.buffers[0] != NULL:
        made.validity = <const uint8_t*> held.buffers[0]
        made.missing = held.null_count if start == 0 and size == held.length else -1
    if letter == "s":
        made.offsets = <const uint8_t*> held.buffers[1]
        made.data = <const uint8_t*> held.buffers[2] if held.buffers[2] != NULL else _EMPTY.start
    elif letter == "v":
        _copy_texts(made, held)
    else:
        made.data = <const uint8_t*> held.buffers[1]
    _require_buffers(made)
    return made


cdef _require_buffers(ColumnMemory made):
    if made.data == NULL or (made.code == b"s" and made.offsets == NULL):
        raise ValueError("an Arrow array that has items must have buffers, got a null pointer")
    if made.code == b"s" and <size_t> made.offsets % made.item_size:
        raise ValueError("the offsets of an Arrow array must be aligned")
    if made.code not in b"sb" and <size_t> made.data % made.item_size:
        _align(made)


cdef _align(ColumnMemory made):
    cdef ColumnMemory copy = memory_of_address(
        made.owner, made.kind, made.item_size, <size_t> made.data, made.item_size, made.offset + made.size)
    made.data = copy.data
    made.owner = (made.owner, copy.owner)


cdef _copy_texts(ColumnMemory made, ArrowArray* held):
    cdef const View* views = <const View*> held.buffers[1]
    cdef const void** further = held.buffers + 2
    cdef Room offsets = Room((made.offset + made.size + 1) * 8)
    cdef Room texts
    if views == NULL:
        raise ValueError("an Arrow array that has items must have buffers, got a null pointer")
    texts = Room(sum_views(views, made.validity, made.offset, made.size))
    # The offsets of what is before the first item stay 0; so validity and texts are counted alike.
    copy_views(views, further, made.validity, made.offset, made.size, (<int64_t*> offsets.start) + made.offset,
               texts.start)
    made.item_size = 8
    made.offsets, made.data = offsets.start, texts.start
    made.owner = (made.owner, offsets, texts)


cdef Field _field_of(list formats, bint table) except *:
    """Of (name, format) pairs: a struct of them for a table, else the only one."""
    cdef Field whole, part
    for name, form in formats:
        part = Field()
        part.format = (<str> form).encode()
        part.name = (<str> name).encode()
        whole.fields.push_back(part)
    if not table:
        return whole.fields[0]
    whole.format = b"+s"
    return whole


def schema_capsule(list formats not None, *, bint table):
    cdef ArrowSchema schema
    fill_schema(_field_of(formats, table), &schema)
    return capsule_of(&schema, b"arrow_schema")


cdef _fill_one(ArrowArray* array, ColumnMemory memory):
    cdef const void* second = memory.offsets if memory.code == b"s" else memory.data
    cdef const void* third = memory.data if memory.code == b"s" else NULL
    fill_array(array, memory.size, memory.count_missing(), memory.offset, memory.validity, second, third,
               <PyObject*> memory)


cdef _fill(ArrowArray* array, list memories, int64_t size, bint table):
    cdef vector[ArrowArray] children
    cdef ColumnMemory memory
    if not table:
        _fill_one(array, memories[0])
        return
    children.resize(len(memories))
    for i, memory in enumerate(memories):
        _fill_one(&children[<size_t> i], memory)
    fill_struct(array, size, move(children))


def array_capsule(list memories not None, int64_t size, *, bint table):
    """In place; the memories live on until the consumer releases the array."""
    cdef ArrowArray array
    _fill(&array, memories, size, table)
    return capsule_of(&array, b"arrow_array")


def stream_capsule(list formats not None, list memories not None, int64_t size, *, bint table):
    """A stream of one batch."""
    cdef ArrowArrayStream stream
    cdef ArrowArray array
    cdef Field field = _field_of(formats, table)
    _fill(&array, memories, size, table)
    fill_stream(&stream, field, &array)
    return capsule_of(&stream, b"arrow_array_stream")
