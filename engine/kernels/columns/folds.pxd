from libc.stdint cimport int64_t

from engine.kernels.columns.cells cimport Cells
from engine.kernels.columns.column cimport ColumnMemory, new_values

cdef extern from "columns/folds.hpp" namespace "engine":
    ctypedef enum How "engine::How":
        pass


cdef inline How fold_of(str how) except *:
    cdef int number = ("sum", "least", "greatest", "total", "squares", "present").index(how)
    return <How> number


cdef inline ColumnMemory out_of_fold(str how, const Cells& values, int64_t size):
    """Room for a fold of values: sums are 8 bytes wide, what is picked is as the values are."""
    cdef str kind = chr(values.kind)
    if how == "present":
        return new_values("i", 8, size)
    if how in ("total", "squares"):
        return new_values("f", 8, size)
    if how == "sum":
        return new_values(kind if kind in "fum" else "i", 8, size)
    return new_values(kind, values.item_size, size)
