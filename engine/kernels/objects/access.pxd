"""What a step does with one item, and the loop over the steps that do no more than that."""

from cpython.object cimport PyObject
from libc.stdint cimport int64_t
from engine.kernels.objects.gauges cimport Gauge


cdef extern from "Python.h":
    ctypedef void* vectorcallfunc
    vectorcallfunc PyVectorcall_Function(PyObject* function)


cdef extern from "objects/access.hpp" namespace "engine::objects":
    enum Access:
        CALL
        FIELD
        POSITION
        STAR
        ITEM

    enum Code:
        MAP
        FILTER
        FILTER_MAP
        TRY_MAP
        FLAT_MAP
        PRODUCT
        INSPECT
        ENUMERATE
        TAKE
        SKIP
        TAKE_WHILE
        SKIP_WHILE
        SCAN
        WINDOWS
        CHUNKS
        ZIP
        CONCAT
        PROGRESS

    struct Op:
        Code code
        Access how
        PyObject* function
        Py_ssize_t count
        vectorcallfunc call

    struct Belt:
        const Op* ops
        Py_ssize_t length
        PyObject* listed
        PyObject* iterator
        Py_ssize_t index
        Py_ssize_t at
        Gauge* gauges
        PyObject* item

    enum Passage:
        ARRIVED
        DROPPED
        ENDED
        FAILED

    object access(Access how, PyObject* function, PyObject* item)
    bint access_truth(Access how, PyObject* function, PyObject* item) except -1
    Passage pass_through(Belt& belt) except? FAILED
    Passage pull_through(Belt& belt) except? FAILED
    Passage drain_through(Belt& belt, object gathered) except? FAILED
    cppclass Watch:
        Watch()
        Watch(double seconds, Py_ssize_t read)
        bint is_over(Py_ssize_t read)

    Passage drain_for "engine::objects::drain_through"(
        Belt& belt, object gathered, Watch& watch
    ) except? FAILED
    Passage add_through(Belt& belt, int64_t* total) except? FAILED
