# distutils: language = c++
"""Texts as keys: numbers for them, their order, their runs, and rows of them taken."""

from libc.stdint cimport INT32_MAX, int64_t, uint8_t, uint64_t
from libcpp.vector cimport vector

from engine.kernels.columns.column cimport ColumnMemory, Room, bits_for, new_memory, set_bit
from engine.kernels.columns.pool cimport join_pool
from engine.kernels.columns.strings cimport Made, Run, Texts, numbers_for, run_of, texts_made, texts_of, with_nulls_of

cdef extern from "columns/strings_keys.hpp" namespace "engine" nogil:
    vector[int64_t] number_texts(const Texts& texts, const Run& run, uint64_t seed, int64_t* numbers) except +
    void find_numbers(const Texts& texts, const Texts& dictionary, const Run& run, uint64_t seed, int64_t* out) except +
    void sort_texts(const Texts& texts, const Run& run, int64_t* rows) except +
    vector[int64_t] find_text_runs(const Texts& texts, const Run& run) except +
    Made take_texts(const Texts& texts, const int64_t* rows, int64_t size, int64_t narrow) except +

join_pool()

GRAIN = 8192
# Keys may come from outside: numbers can not be guessed that fall on one slot. Results do not depend on it.
cdef uint64_t _SEED = <uint64_t> (hash("engine.kernels.columns.strings_keys") & 0xffffffffffffffff)


cdef ColumnMemory _rows_made(const vector[int64_t]& rows, ColumnMemory column):
    cdef Room room = Room(<int64_t> rows.size() * 8)
    cdef ColumnMemory made = new_memory([room], "i", 8, "", None)
    cdef size_t i
    for i in range(rows.size()):
        (<int64_t*> room.start)[i] = rows[i]
    made.data = room.start
    made.size = <int64_t> rows.size()
    return made.shared(type(column))


def number(ColumnMemory column not None, int64_t grain=GRAIN):
    """The number of each text in the order they are first seen, missing where the text is; the first row of each."""
    cdef Texts texts = texts_of(column)
    cdef Run run = run_of(grain, 0)
    cdef ColumnMemory numbers = numbers_for(column)
    cdef int64_t* out = <int64_t*> numbers.data
    cdef vector[int64_t] firsts
    with nogil:
        firsts = number_texts(texts, run, _SEED, out)
    return with_nulls_of(numbers, column), _rows_made(firsts, column)


def look_up(ColumnMemory column not None, ColumnMemory dictionary not None, int64_t grain=GRAIN):
    """The number of each text in a dictionary of distinct ones; missing where it is in none."""
    cdef Texts texts = texts_of(column)
    cdef Texts known = texts_of(dictionary)
    cdef Run run = run_of(grain, 0)
    cdef ColumnMemory numbers = numbers_for(column)
    cdef Room room = bits_for(column.size)
    cdef int64_t* out = <int64_t*> numbers.data
    cdef int64_t row
    with nogil:
        find_numbers(texts, known, run, _SEED, out)
        for row in range(texts.size):
            if out[row] >= 0:
                set_bit(room.start, row)
    numbers.owner = (numbers.owner, room)
    numbers.validity = room.start
    numbers.missing = -1
    return numbers


def sort_rows(ColumnMemory column not None, int64_t grain=GRAIN):
    """The row numbers in the order of the texts, equal ones in theirs, missing ones last."""
    cdef Texts texts = texts_of(column)
    cdef Run run = run_of(grain, 0)
    cdef ColumnMemory rows = numbers_for(column)
    cdef int64_t* out = <int64_t*> rows.data
    with nogil:
        sort_texts(texts, run, out)
    return rows


def is_known(ColumnMemory column not None, ColumnMemory dictionary not None, int64_t grain=GRAIN):
    """A bit for each text: whether it is in a dictionary of distinct ones."""
    cdef ColumnMemory known = look_up(column, dictionary, grain)
    cdef ColumnMemory made = new_memory(known.owner, "b", 1, "", None)
    made.data = known.validity
    made.size = column.size
    return with_nulls_of(made.shared(type(column)), column)


def renumbered(ColumnMemory codes not None, ColumnMemory order not None):
    """Codes as `number` makes them, each as its place in `order`, a permutation of them."""
    cdef ColumnMemory places = numbers_for(order)
    cdef ColumnMemory made = numbers_for(codes)
    cdef const int64_t* old = <const int64_t*> codes.data
    cdef const int64_t* sorted_codes = <const int64_t*> order.data
    cdef int64_t* place = <int64_t*> places.data
    cdef int64_t* new = <int64_t*> made.data
    cdef int64_t i
    with nogil:
        for i in range(order.size):
            place[sorted_codes[i]] = i
        for i in range(codes.size if order.size else 0):
            new[i] = place[old[i]]
    return with_nulls_of(made, codes)


def find_runs(ColumnMemory column not None, int64_t grain=GRAIN):
    """The row at which each run of equal texts begins, and how many rows it has."""
    cdef Texts texts = texts_of(column)
    cdef Run run = run_of(grain, 0)
    cdef vector[int64_t] starts
    with nogil:
        starts = find_text_runs(texts, run)
    cdef ColumnMemory rows = _rows_made(starts, column)
    cdef ColumnMemory lengths = numbers_for(rows)
    cdef int64_t* out = <int64_t*> lengths.data
    cdef int64_t i
    for i in range(rows.size):
        out[i] = (starts[i + 1] if i + 1 < rows.size else texts.size) - starts[i]
    return rows, lengths


def take(ColumnMemory column not None, ColumnMemory rows not None, int64_t narrow=INT32_MAX):
    """The texts of some rows, in their order; missing for a row of -1. Rows are whole numbers of 64 bits, all there."""
    cdef Texts texts = texts_of(column)
    cdef const int64_t* numbers = <const int64_t*> rows.data + rows.offset
    cdef int64_t i, size = rows.size
    cdef bint whole = True
    cdef Room room
    cdef Made made
    cdef ColumnMemory taken
    if rows.code != b"i" or rows.item_size != 8 or rows.count_missing():
        raise TypeError(f"rows must be i64 without nulls, got {rows.kind_name()}")
    for i in range(size):
        if not -1 <= numbers[i] < texts.size:
            raise IndexError(f"row must be within -1 to {texts.size - 1}, got {numbers[i]}")
        whole = whole and numbers[i] >= 0
    with nogil:
        made = take_texts(texts, numbers, size, narrow)
    taken = texts_made(made, column)
    if whole and column.count_missing() == 0:
        return taken
    room = bits_for(size)
    for i in range(size):
        if numbers[i] >= 0 and (column.validity == NULL or column.validity[(column.offset + numbers[i]) >> 3] >> ((column.offset + numbers[i]) & 7) & 1):
            set_bit(room.start, i)
    taken.owner = (taken.owner, room)
    taken.validity = room.start
    taken.missing = -1
    return taken
