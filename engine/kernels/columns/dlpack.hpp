// The structures of DLPack, unversioned and of version 1, as its public specification lays them out.
#pragma once
#include <Python.h>

#include <cstdint>

#include "columns/arrow.hpp"

namespace engine {

struct DLDevice {
  int32_t device_type;
  int32_t device_id;
};

struct DLDataType {
  uint8_t code;
  uint8_t bits;
  uint16_t lanes;
};

struct DLTensor {
  void* data;
  DLDevice device;
  int32_t ndim;
  DLDataType dtype;
  int64_t* shape;
  int64_t* strides;  // counted in items; null for contiguous
  uint64_t byte_offset;
};

struct DLManagedTensor {
  DLTensor dl_tensor;
  void* manager_ctx;
  void (*deleter)(DLManagedTensor*);
};

struct DLPackVersion {
  uint32_t major;
  uint32_t minor;
};

struct DLManagedTensorVersioned {
  DLPackVersion version;
  void* manager_ctx;
  void (*deleter)(DLManagedTensorVersioned*);
  uint64_t flags;
  DLTensor dl_tensor;
};

inline constexpr uint64_t dlpack_read_only = 1;
inline constexpr uint64_t dlpack_is_copy = 2;

template <class T>
struct Lent {
  T tensor;
  int64_t shape;
  int64_t stride;
  PyObject* keeper;
};

template <class T>
void delete_lent(T* tensor) {
  auto* lent = static_cast<Lent<T>*>(tensor->manager_ctx);
  drop(lent->keeper);
  delete lent;
}

template <class T>
void delete_unused(PyObject* capsule, const char* name) {
  if (!PyCapsule_IsValid(capsule, name)) return;  // renamed, so consumed
  auto* tensor = static_cast<T*>(PyCapsule_GetPointer(capsule, name));
  if (tensor->deleter != nullptr) tensor->deleter(tensor);
}

inline void destroy_tensor(PyObject* capsule) { delete_unused<DLManagedTensor>(capsule, "dltensor"); }

inline void destroy_versioned(PyObject* capsule) {
  delete_unused<DLManagedTensorVersioned>(capsule, "dltensor_versioned");
}

// A tensor on the CPU over one column; takes a new reference to the keeper.
template <class T>
Lent<T>* lend(const void* data, int64_t size, uint8_t code, uint8_t bits, PyObject* keeper) {
  auto* lent = new Lent<T>{{}, size, 1, keeper};
  Py_INCREF(keeper);
  lent->tensor.manager_ctx = lent;
  lent->tensor.deleter = delete_lent<T>;
  lent->tensor.dl_tensor = {const_cast<void*>(data), {1, 0}, 1, {code, bits, 1}, &lent->shape, &lent->stride, 0};
  return lent;
}

template <class T>
PyObject* capsule_of_tensor(Lent<T>* lent, const char* name, PyCapsule_Destructor destroy) {
  PyObject* capsule = PyCapsule_New(&lent->tensor, name, destroy);
  if (capsule == nullptr) delete_lent(&lent->tensor);
  return capsule;
}

inline PyObject* lend_tensor(const void* data, int64_t size, uint8_t code, uint8_t bits, PyObject* keeper) {
  auto* lent = lend<DLManagedTensor>(data, size, code, bits, keeper);
  return capsule_of_tensor(lent, "dltensor", destroy_tensor);
}

inline PyObject* lend_versioned(const void* data, int64_t size, uint8_t code, uint8_t bits, uint64_t flags,
                                PyObject* keeper) {
  auto* lent = lend<DLManagedTensorVersioned>(data, size, code, bits, keeper);
  lent->tensor.version = {1, 0};
  lent->tensor.flags = flags;
  return capsule_of_tensor(lent, "dltensor_versioned", destroy_versioned);
}

}  // namespace engine
