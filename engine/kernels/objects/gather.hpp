// The keys of many records, gathered in one pass before a kernel begins with them.
#pragma once
#include <Python.h>

#include "plain.hpp"
#include "records.hpp"

namespace engine::objects {

namespace gathering {

// Between reading a key and looking at what it is: the time it takes to come from memory.
inline constexpr Py_ssize_t lag = 8;

// Whether a kernel may hold the key without owning it. Every NaN becomes the one that stands for all.
inline bool settle(PyObject** key, PyObject* nan) {
  PyObject* const found = *key;
  if (PyUnicode_CheckExact(found) || PyLong_CheckExact(found)) return true;
  if (is_nan(found)) *key = nan;
  return is_plain_scalar(found) || is_plain_tuple(found);
}

// The keys of the items from `begin` to `end`, out of `count` items: what comes after the end is sent for, too.
template <class Read>
bool gather(PyObject* const* items, Py_ssize_t begin, Py_ssize_t end, Py_ssize_t count, PyObject* nan,
            PyObject** keys, Read&& read) {
  const Py_ssize_t size = end - begin;
  for (Py_ssize_t i = 0; i < size + lag; ++i) {
    if (i < size) {
      prefetch_ahead(items, begin + i, count);
      keys[i] = read(items[begin + i]);
      if (keys[i] == nullptr) return false;
      __builtin_prefetch(keys[i]);
    }
    if (i >= lag && !settle(&keys[i - lag], nan)) return false;
  }
  return true;
}

inline PyObject* at_position(PyObject* record, Py_ssize_t position) {
  if (PyTuple_CheckExact(record)) {
    const Py_ssize_t size = PyTuple_GET_SIZE(record);
    const Py_ssize_t i = position < 0 ? position + size : position;
    return i >= 0 && i < size ? PyTuple_GET_ITEM(record, i) : nullptr;
  }
  if (PyList_CheckExact(record)) {
    const Py_ssize_t size = PyList_GET_SIZE(record);
    const Py_ssize_t i = position < 0 ? position + size : position;
    return i >= 0 && i < size ? PyList_GET_ITEM(record, i) : nullptr;
  }
  return nullptr;
}

}  // namespace gathering

// The three below fill `keys` with borrowed plain keys, or give false when one is not plain or not there: the caller
// then asks for keys one by one, the general way, which runs code and raises. None of them runs Python code or sets an
// error. Safety: no Python code may run until the caller is done with the keys, so the collector is paused, too.

inline bool gather_items(PyObject* const* items, Py_ssize_t count, PyObject* nan, PyObject** keys) {
  return gathering::gather(items, 0, count, count, nan, keys, [](PyObject* item) { return item; });
}

inline bool gather_fields(PyObject* const* items, Py_ssize_t count, PyObject* name, PyObject* nan, PyObject** keys) {
  Field field(name);
  return gathering::gather(items, 0, count, count, nan, keys, [&field](PyObject* item) -> PyObject* {
    return PyDict_CheckExact(item) ? field.find(item) : nullptr;
  });
}

inline bool gather_positions(PyObject* const* items, Py_ssize_t count, Py_ssize_t position, PyObject* nan,
                             PyObject** keys) {
  return gathering::gather(items, 0, count, count, nan, keys,
                           [position](PyObject* item) { return gathering::at_position(item, position); });
}

}  // namespace engine::objects
