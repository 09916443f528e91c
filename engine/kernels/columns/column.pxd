from libc.stdint cimport int64_t, uint8_t


cdef extern from "columns/column_bits.hpp" namespace "engine" nogil:
    bint bit_at(const uint8_t* bits, int64_t i)
    void set_bit(uint8_t* bits, int64_t i)
    int64_t count_bits(const uint8_t* bits, int64_t offset, int64_t size)
    void copy_bits(const uint8_t* source, int64_t source_offset, int64_t size, bint flip, uint8_t* target, int64_t target_offset)
    void fill_bits(uint8_t* bits, int64_t offset, int64_t size)
    void pack_bytes(const uint8_t* source, int64_t stride, int64_t size, bint flip, uint8_t* bits)
    void unpack_bits(const uint8_t* bits, int64_t offset, int64_t size, uint8_t* target)

cdef extern from "columns/column_cells.hpp" namespace "engine" nogil:
    int64_t text_offset(const uint8_t* offsets, int item_size, int64_t i)
    void put_offset(uint8_t* offsets, int item_size, int64_t i, int64_t value)


cdef class Room:
    """Memory of our own, of zeros unless told otherwise, aligned to 64 bytes as Arrow recommends.

    Its buffer can be written to, for results that are arrays.
    """

    cdef uint8_t* start
    cdef Py_ssize_t bytes


cdef class ColumnMemory:
    cdef object owner             # keeps all addresses valid; None while there is no content yet
    cdef const uint8_t* validity  # a bitmap, or NULL where no value is missing
    cdef const uint8_t* data      # the values; for bool bits, for text its bytes
    cdef const uint8_t* offsets   # for text where each begins, else NULL
    cdef int64_t offset           # the first item, counted in items from each address
    cdef int64_t size
    cdef int64_t missing          # -1 until they are counted
    cdef char code                # b, i, u, f, M (ticks) or s (text)
    cdef readonly int item_size   # in bytes; of text that of an offset, of bool 1
    cdef readonly str unit
    cdef readonly str zone
    cdef Py_ssize_t shape
    cdef Py_ssize_t stride
    cdef object __weakref__

    cdef ColumnMemory shared(self, object cls)
    cdef ColumnMemory cut(self, int64_t start, int64_t stop)
    cdef int64_t count_missing(self)


cdef ColumnMemory new_memory(object owner, str kind, int item_size, str unit, str zone)
cdef ColumnMemory new_values(str kind, int item_size, int64_t size)
cdef Room bits_for(int64_t size)
