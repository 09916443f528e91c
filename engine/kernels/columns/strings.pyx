# distutils: language = c++
"""New texts of the texts of a column, and questions about them; each keeps what is missing.

Safety: a column holds its memory while a kernel reads it, and kernels write only to memory they made. `grain` is the
least number of rows worth a thread; texts of more bytes than `narrow` together get offsets of 64 bits.
"""

from libc.stdint cimport INT32_MAX, INT64_MAX, int64_t, uint8_t
from libc.stdlib cimport free
from libc.string cimport memcpy
from libcpp.vector cimport vector

from engine.kernels.columns.column cimport ColumnMemory, Room, bit_at, bits_for, copy_bits, fill_bits, new_memory
from engine.kernels.columns.pool cimport join_pool

cdef extern from "Python.h":
    const char* PyUnicode_AsUTF8AndSize(object text, Py_ssize_t* size) except NULL

cdef extern from "columns/strings_changes.hpp" namespace "engine" nogil:
    const char* unicode_version
    cdef cppclass Trim:
        Trim()
        Trim(bint left, bint right)
        Trim(bint left, bint right, Text characters) except +
    cdef cppclass Growing:
        int64_t size()
        const uint8_t* data()
    cdef cppclass Parted:
        Growing bytes
        vector[int64_t] ends
        vector[int64_t] rows
    Made change_texts(const Texts& texts, const Run& run, const Trim& trim, char to) except +
    Made replace_texts(const Texts& texts, const Run& run, Text old, Text new, int64_t most) except +
    Made remove_affix(const Texts& texts, const Run& run, Text affix, bint at_start) except +
    Made cut_texts(const Texts& texts, const Run& run, int64_t start, int64_t stop) except +
    Made keep_digits(const Texts& texts, const Run& run) except +
    Made c_join_texts "engine::join_texts"(const vector[Texts]& columns, const Texts& rows, const Run& run, Text between) except +
    vector[Parted] split_texts(const Texts& texts, const Run& run, const Text* separator, int64_t most) except +
    void ask_contains(const Texts& texts, const Run& run, uint8_t* bits, Text text) except +
    void ask_begins(const Texts& texts, const Run& run, uint8_t* bits, Text text) except +
    void ask_ends(const Texts& texts, const Run& run, uint8_t* bits, Text text) except +
    void ask_digits(const Texts& texts, const Run& run, uint8_t* bits) except +
    void ask_compared(const Texts& texts, const Texts& others, const Run& run, uint8_t* bits, int wanted) except +
    void measure_letters(const Texts& texts, const Run& run, int64_t* out) except +
    void measure_bytes(const Texts& texts, const Run& run, int64_t* out) except +
    void measure_places(const Texts& texts, const Run& run, int64_t* out, Text text) except +

join_pool()

UNICODE = unicode_version.decode()
GRAIN = 8192
_WANTED = {"<": 1, "==": 2, "<=": 3, ">": 4, "!=": 5, ">=": 6}


cdef class _Kept:
    """Memory that a kernel has made."""

    cdef uint8_t* data
    cdef uint8_t* offsets

    def __dealloc__(self):
        free(self.data)
        free(self.offsets)


cdef Texts texts_of(ColumnMemory column) except *:
    cdef Texts texts
    if column.code != b"s":
        raise TypeError(f"a column must hold text, got {column.kind_name()}")
    texts.validity, texts.data, texts.offsets = column.validity, column.data, column.offsets
    texts.offset, texts.item_size, texts.size = column.offset, column.item_size, column.size
    return texts


cdef Text _text(str text) except *:
    cdef Text made
    cdef Py_ssize_t size = 0
    made.begin = <const uint8_t*> PyUnicode_AsUTF8AndSize(text, &size)
    made.end = made.begin + size
    return made


cdef Run run_of(int64_t grain, int64_t narrow):
    cdef Run run
    run.grain, run.narrow = grain, narrow
    return run


cdef ColumnMemory texts_made(Made& made, ColumnMemory column):
    """What a kernel has made, of the class of `column`; no row is missing."""
    cdef _Kept kept = _Kept()
    cdef ColumnMemory memory
    kept.data, kept.offsets = made.data.release(), made.offsets.release()
    memory = new_memory([kept], "s", made.item_size, "", None)
    memory.size = made.size
    memory.data, memory.offsets = kept.data, kept.offsets
    return memory.shared(type(column))


cdef ColumnMemory numbers_for(ColumnMemory column):
    cdef Room room = Room(column.size * 8)
    cdef ColumnMemory memory = new_memory([room], "i", 8, "", None)
    memory.data = room.start
    memory.size = column.size
    return memory.shared(type(column))


cdef ColumnMemory _bits_for(ColumnMemory column):
    cdef Room room = bits_for(column.size)
    cdef ColumnMemory memory = new_memory([room], "b", 1, "", None)
    memory.data = room.start
    memory.size = column.size
    return memory.shared(type(column))


cdef ColumnMemory with_nulls_of(ColumnMemory made, ColumnMemory column):
    """The same values, those missing too that `column` lacks; a column of one row stands for all rows."""
    cdef Room room
    cdef int64_t row
    if column.count_missing() == 0:
        return made
    room = bits_for(made.size)
    if made.validity == NULL and column.size == made.size:
        copy_bits(column.validity, column.offset, column.size, False, room.start, 0)
    else:
        for row in range(made.size):
            if (made.validity == NULL or bit_at(made.validity, row)) and bit_at(
                column.validity, column.offset + (0 if column.size == 1 else row)
            ):
                room.start[row >> 3] |= <uint8_t> (1 << (row & 7))
    made.owner = (made.owner, room)
    made.validity = room.start
    made.missing = -1
    return made


def change(ColumnMemory column not None, str sides, str characters, str to, int64_t grain=GRAIN, int64_t narrow=INT32_MAX):
    """Trimmed at the `sides` (of "lr") of white space or `characters`, then in case `to`: lower, upper, fold or ""."""
    cdef Texts texts = texts_of(column)
    cdef Run run = run_of(grain, narrow)
    cdef Trim trim = Trim("l" in sides, "r" in sides)
    cdef char case = <char> ord(to[0]) if to else 0
    cdef Made made
    if characters is not None:
        trim = Trim("l" in sides, "r" in sides, _text(characters))
    with nogil:
        made = change_texts(texts, run, trim, case)
    return with_nulls_of(texts_made(made, column), column)


def replace(ColumnMemory column not None, str old not None, str new not None, int64_t most, int64_t grain=GRAIN, int64_t narrow=INT32_MAX):
    cdef Texts texts = texts_of(column)
    cdef Run run = run_of(grain, narrow)
    cdef Text before = _text(old)
    cdef Text after = _text(new)
    cdef Made made
    with nogil:
        made = replace_texts(texts, run, before, after, most if most >= 0 else INT64_MAX)
    return with_nulls_of(texts_made(made, column), column)


def remove(ColumnMemory column not None, str affix not None, bint at_start, int64_t grain=GRAIN, int64_t narrow=INT32_MAX):
    cdef Texts texts = texts_of(column)
    cdef Run run = run_of(grain, narrow)
    cdef Text text = _text(affix)
    cdef Made made
    with nogil:
        made = remove_affix(texts, run, text, at_start)
    return with_nulls_of(texts_made(made, column), column)


def cut(ColumnMemory column not None, int64_t start, int64_t stop, int64_t grain=GRAIN, int64_t narrow=INT32_MAX):
    cdef Texts texts = texts_of(column)
    cdef Run run = run_of(grain, narrow)
    cdef Made made
    with nogil:
        made = cut_texts(texts, run, start, stop)
    return with_nulls_of(texts_made(made, column), column)


def digits(ColumnMemory column not None, int64_t grain=GRAIN, int64_t narrow=INT32_MAX):
    cdef Texts texts = texts_of(column)
    cdef Run run = run_of(grain, narrow)
    cdef Made made
    with nogil:
        made = keep_digits(texts, run)
    return with_nulls_of(texts_made(made, column), column)


def join(list columns not None, ColumnMemory rows not None, str between not None, int64_t grain=GRAIN, int64_t narrow=INT32_MAX):
    """One text of all columns' in each of the rows that `rows` has; a column of one row serves all."""
    cdef ColumnMemory column
    cdef vector[Texts] texts
    cdef Run run = run_of(grain, narrow)
    cdef Text separator = _text(between)
    cdef ColumnMemory made_column
    cdef Texts all_rows
    cdef Made made
    for column in columns:
        texts.push_back(texts_of(column))
    all_rows = texts_of(rows)
    with nogil:
        made = c_join_texts(texts, all_rows, run, separator)
    made_column = texts_made(made, rows)
    for column in columns:
        made_column = with_nulls_of(made_column, column)
    return made_column


def split(ColumnMemory column not None, str separator, int64_t most, int64_t grain=GRAIN):
    """The parts of all texts one after the other, and the row of each part."""
    cdef Texts texts = texts_of(column)
    cdef Run run = run_of(grain, 0)
    cdef Text text
    cdef const Text* given = NULL
    cdef vector[Parted] parted
    cdef int64_t limit = most if most >= 0 else INT64_MAX
    if separator is not None:
        text = _text(separator)
        given = &text
    with nogil:
        parted = split_texts(texts, run, given, limit)
    return _gathered(parted, column)


cdef tuple _gathered(vector[Parted]& parted, ColumnMemory column):
    cdef int64_t size = 0, bytes = 0, row = 0, at = 0
    cdef size_t part, i
    for part in range(parted.size()):
        size += <int64_t> parted[part].rows.size()
        bytes += parted[part].bytes.size()
    cdef Room data = Room(bytes)
    cdef Room offsets = Room((size + 1) * 8)
    cdef Room rows = Room(size * 8)
    cdef ColumnMemory texts = new_memory([data, offsets], "s", 8, "", None)
    cdef ColumnMemory numbers = new_memory([rows], "i", 8, "", None)
    with nogil:
        for part in range(parted.size()):
            memcpy(data.start + at, parted[part].bytes.data(), <size_t> parted[part].bytes.size())
            for i in range(parted[part].rows.size()):
                (<int64_t*> offsets.start)[row + 1] = at + parted[part].ends[i]
                (<int64_t*> rows.start)[row] = parted[part].rows[i]
                row += 1
            at += parted[part].bytes.size()
    texts.size = numbers.size = size
    texts.data, texts.offsets, numbers.data = data.start, offsets.start, rows.start
    return texts.shared(type(column)), numbers.shared(type(column))


def ask(ColumnMemory column not None, str question not None, str text="", int64_t grain=GRAIN):
    """A bool for each text: contains, begins (with), ends (with) `text`, or is all digits."""
    cdef Texts texts = texts_of(column)
    cdef Run run = run_of(grain, 0)
    cdef Text part = _text(text)
    cdef ColumnMemory made = _bits_for(column)
    cdef uint8_t* bits = <uint8_t*> made.data
    cdef char first = <char> ord(question[0])
    with nogil:
        if first == b"c":
            ask_contains(texts, run, bits, part)
        elif first == b"b":
            ask_begins(texts, run, bits, part)
        elif first == b"e":
            ask_ends(texts, run, bits, part)
        else:
            ask_digits(texts, run, bits)
    return with_nulls_of(made, column)


def compare(ColumnMemory column not None, str how not None, ColumnMemory other not None, bint single=False, int64_t grain=GRAIN):
    """A bool for each text: how it stands to the one of the same row, or to the only one, of `other`."""
    cdef Texts texts = texts_of(column)
    cdef Texts others = texts_of(other)
    cdef Run run = run_of(grain, 0)
    cdef ColumnMemory made = _bits_for(column)
    cdef uint8_t* bits = <uint8_t*> made.data
    cdef int wanted = _WANTED[how]
    if not single and other.size != column.size:
        raise ValueError(f"columns must be equally long, got {column.size} and {other.size} rows")
    with nogil:
        ask_compared(texts, others, run, bits, wanted)
    return with_nulls_of(with_nulls_of(made, column), other)


def measure(ColumnMemory column not None, str what not None, str text="", int64_t grain=GRAIN):
    """A whole number for each text: its letters, its bytes, or the place of `text` in it, -1 where it is not."""
    cdef Texts texts = texts_of(column)
    cdef Run run = run_of(grain, 0)
    cdef Text part = _text(text)
    cdef ColumnMemory made = numbers_for(column)
    cdef int64_t* out = <int64_t*> made.data
    cdef char first = <char> ord(what[0])
    with nogil:
        if first == b"l":
            measure_letters(texts, run, out)
        elif first == b"b":
            measure_bytes(texts, run, out)
        else:
            measure_places(texts, run, out, part)
    return with_nulls_of(made, column)
