from cpython.pycapsule cimport PyCapsule_GetPointer

cdef extern from "pool.hpp" namespace "engine":
    cdef cppclass Pool:
        int workers() nogil
    void use_pool(Pool* pool)


cdef inline int join_pool() except -1:
    """Every module that computes in parallel calls this once, when it is imported."""
    from engine.kernels.columns.pool import POOL

    use_pool(<Pool*> PyCapsule_GetPointer(POOL, "engine.kernels.columns.pool.POOL"))
    return 0
