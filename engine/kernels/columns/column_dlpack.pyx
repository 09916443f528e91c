# distutils: language = c++
"""DLPack: one-dimensional tensors on the CPU become column memory, and columns without nulls become tensors."""

from cpython.pycapsule cimport PyCapsule_GetPointer, PyCapsule_IsValid, PyCapsule_SetName
from cpython.ref cimport PyObject
from libc.stdint cimport int32_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t

from engine.kernels.columns.column cimport ColumnMemory

from engine.kernels.columns.column import memory_of_address

cdef extern from "columns/dlpack.hpp" namespace "engine":
    cdef cppclass DLDevice:
        int32_t device_type
    cdef cppclass DLDataType:
        uint8_t code
        uint8_t bits
        uint16_t lanes
    cdef cppclass DLTensor:
        void* data
        DLDevice device
        int32_t ndim
        DLDataType dtype
        int64_t* shape
        int64_t* strides
        uint64_t byte_offset
    cdef cppclass DLPackVersion:
        uint32_t major
    cdef cppclass DLManagedTensor:
        DLTensor dl_tensor
        void (*deleter)(DLManagedTensor*)
    cdef cppclass DLManagedTensorVersioned:
        DLPackVersion version
        DLTensor dl_tensor
        void (*deleter)(DLManagedTensorVersioned*)
    const uint64_t dlpack_read_only
    const uint64_t dlpack_is_copy
    object lend_tensor(const void* data, int64_t size, uint8_t code, uint8_t bits, PyObject* keeper) except +
    object lend_versioned(const void* data, int64_t size, uint8_t code, uint8_t bits, uint64_t flags,
                          PyObject* keeper) except +

cdef dict _KINDS = {0: "i", 1: "u", 2: "f", 6: "b"}
cdef dict _CODES = {"i": 0, "u": 1, "f": 2}


cdef class _Tensor:
    """A tensor that is ours to delete."""

    cdef DLManagedTensor* plain
    cdef DLManagedTensorVersioned* versioned

    def __dealloc__(self):
        if self.plain != NULL and self.plain.deleter != NULL:
            self.plain.deleter(self.plain)
        if self.versioned != NULL and self.versioned.deleter != NULL:
            self.versioned.deleter(self.versioned)


cdef _Tensor _take(object capsule):
    cdef _Tensor taken = _Tensor()
    if PyCapsule_IsValid(capsule, b"dltensor_versioned"):
        taken.versioned = <DLManagedTensorVersioned*> PyCapsule_GetPointer(capsule, b"dltensor_versioned")
        PyCapsule_SetName(capsule, b"used_dltensor_versioned")
        if taken.versioned.version.major != 1:
            raise BufferError(f"DLPack must be of version 1, got {taken.versioned.version.major}")
    elif PyCapsule_IsValid(capsule, b"dltensor"):
        taken.plain = <DLManagedTensor*> PyCapsule_GetPointer(capsule, b"dltensor")
        PyCapsule_SetName(capsule, b"used_dltensor")
    else:
        raise TypeError(f"a DLPack capsule must be unused and named 'dltensor', got {capsule!r:.200}")
    return taken


def read_tensor(capsule):
    """The memory of a tensor; a copy if it has strides.

    Raises:
        TypeError: a capsule that was read before, or elements that no column has.
        BufferError: a tensor that is not on the CPU, or of another version of DLPack.
        ValueError: not one dimension.
    """
    cdef _Tensor taken = _take(capsule)
    cdef DLTensor* tensor = &taken.versioned.dl_tensor if taken.versioned != NULL else &taken.plain.dl_tensor
    cdef int item_size = tensor.dtype.bits // 8
    _require_readable(tensor)
    stride = item_size if tensor.strides == NULL else tensor.strides[0] * item_size
    address = <size_t> tensor.data + tensor.byte_offset
    return memory_of_address(taken, _KINDS[tensor.dtype.code], item_size, address, stride, tensor.shape[0])


cdef _require_readable(DLTensor* tensor):
    if tensor.device.device_type != 1:
        raise BufferError(f"a tensor must be on the CPU, got device type {tensor.device.device_type}")
    if tensor.ndim != 1:
        raise ValueError(f"a tensor must have one dimension, got {tensor.ndim}")
    if (tensor.dtype.lanes != 1 or tensor.dtype.bits not in (8, 16, 32, 64)
            or tensor.dtype.code not in _KINDS
            or (tensor.dtype.code == 2 and tensor.dtype.bits < 32)
            or (tensor.dtype.code == 6 and tensor.dtype.bits != 8)):
        raise TypeError(f"a tensor must hold whole numbers, float32, float64 or bool, got DLPack type code "
                        f"{tensor.dtype.code} of {tensor.dtype.bits} bits in {tensor.dtype.lanes} lanes")


def tensor_capsule(ColumnMemory memory not None, *, bint versioned, bint copied):
    """In place; the memory lives on until the consumer deletes the tensor."""
    cdef const void* data = memory.data + memory.offset * memory.item_size
    cdef uint8_t code = _CODES[memory.kind]
    cdef uint8_t bits = 8 * memory.item_size
    if not versioned:
        return lend_tensor(data, memory.size, code, bits, <PyObject*> memory)
    return lend_versioned(data, memory.size, code, bits, dlpack_is_copy if copied else dlpack_read_only,
                          <PyObject*> memory)
