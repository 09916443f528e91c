// Plain keys: exact built-in values whose hash and comparison run no Python code, so that borrowed pointers
// stay valid while a kernel works with them. What is not plain may still be a key; a kernel then owns what it holds.
// Bytes are not plain: under `python -b` comparing them with a text warns, and warnings run code.
#pragma once
#include <Python.h>

#include <cstdint>
#include <cstring>

namespace engine::objects {

inline bool same_text(PyObject* a, PyObject* b) {
  const Py_ssize_t length = PyUnicode_GET_LENGTH(a);
  const auto kind = PyUnicode_KIND(a);
  return length == PyUnicode_GET_LENGTH(b) && kind == PyUnicode_KIND(b) &&
         std::memcmp(PyUnicode_DATA(a), PyUnicode_DATA(b), static_cast<size_t>(length) * kind) == 0;
}

// The value of an exact int of one digit: most there are. False for others, which PyLong_* calls can read.
inline bool read_compact(PyObject* number, int64_t* value) {
  if (!PyLong_CheckExact(number)) return false;
#if PY_VERSION_HEX >= 0x030C0000
  if (!PyUnstable_Long_IsCompact(reinterpret_cast<PyLongObject*>(number))) return false;
  *value = PyUnstable_Long_CompactValue(reinterpret_cast<PyLongObject*>(number));
#else
  const Py_ssize_t size = Py_SIZE(number);
  if (size < -1 || size > 1) return false;
  *value = size == 0 ? 0 : size * static_cast<int64_t>(reinterpret_cast<PyLongObject*>(number)->ob_digit[0]);
#endif
  return true;
}

// The value of any exact int that 64 bits hold.
inline bool read_int64(PyObject* number, int64_t* value) {
  if (read_compact(number, value)) return true;
  if (!PyLong_CheckExact(number)) return false;
  int overflow = 0;
  *value = PyLong_AsLongLongAndOverflow(number, &overflow);
  return overflow == 0;
}

// Whether 64 bits hold the sum of two; else it stays as it was.
inline bool add_exactly(int64_t a, int64_t b, int64_t* sum) {
  int64_t added;
  if (__builtin_add_overflow(a, b, &added)) return false;
  *sum = added;
  return true;
}

inline bool is_nan(PyObject* value) {
  return PyFloat_CheckExact(value) && PyFloat_AS_DOUBLE(value) != PyFloat_AS_DOUBLE(value);
}

inline bool is_plain_scalar(PyObject* value) {
  return PyUnicode_CheckExact(value) || PyLong_CheckExact(value) || PyFloat_CheckExact(value) ||
         value == Py_None || PyBool_Check(value);
}

// A tuple is plain when its parts are plain scalars and none is NaN: a NaN inside has to be made canonical first.
inline bool is_plain_tuple(PyObject* value) {
  if (!PyTuple_CheckExact(value)) return false;
  for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(value); ++i) {
    PyObject* const part = PyTuple_GET_ITEM(value, i);
    if (!is_plain_scalar(part) || is_nan(part)) return false;
  }
  return true;
}

// -1 with an error set when the key can not be hashed; only a key that is not plain can.
inline Py_hash_t hash_of(PyObject* key) {
  if (PyUnicode_CheckExact(key)) {
    const Py_hash_t known = reinterpret_cast<PyASCIIObject*>(key)->hash;
    if (known != -1) return known;
  }
  int64_t number;
  if (read_compact(key, &number)) return number == -1 ? -2 : static_cast<Py_hash_t>(number);
  return PyObject_Hash(key);
}

// Whether two keys are one: 1 or 0, or -1 with the error that `==` raised. The same object is always one key.
inline int equal(PyObject* a, PyObject* b) {
  if (a == b) return 1;
  if (PyUnicode_CheckExact(a) && PyUnicode_CheckExact(b)) return same_text(a, b);
  int64_t x, y;
  if (read_compact(a, &x) && read_compact(b, &y)) return x == y;
  return PyObject_RichCompareBool(a, b, Py_EQ);
}

}  // namespace engine::objects
