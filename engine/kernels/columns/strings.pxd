from libc.stdint cimport int64_t, uint8_t
from libcpp.memory cimport unique_ptr

from engine.kernels.columns.column cimport ColumnMemory

cdef extern from "columns/strings.hpp" namespace "engine" nogil:
    cdef cppclass Text:
        const uint8_t* begin
        const uint8_t* end
    cdef cppclass Texts:
        const uint8_t* validity
        const uint8_t* data
        const uint8_t* offsets
        int64_t offset
        int item_size
        int64_t size
    cdef cppclass Bytes:
        uint8_t* get()
        uint8_t* release()
    cdef cppclass Made:
        Bytes data
        Bytes offsets
        int item_size
        int64_t size
    cdef cppclass Run:
        int64_t grain
        int64_t narrow


cdef Texts texts_of(ColumnMemory column) except *
cdef Run run_of(int64_t grain, int64_t narrow)
cdef ColumnMemory texts_made(Made& made, ColumnMemory column)
cdef ColumnMemory numbers_for(ColumnMemory column)
cdef ColumnMemory with_nulls_of(ColumnMemory made, ColumnMemory column)
