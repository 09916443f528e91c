// Reading one field of many records. Where it stood in the last record it probably stands in this one, and while
// one record is read the next ones are on their way from memory.
#pragma once
#include <Python.h>

#include "plain.hpp"
#include "references.hpp"

namespace engine::objects {

// How far ahead memory is asked for: first the record itself, then what it points to. Measured on records that do
// not fit the cache: half or double these distances costs a few per cent, one stage less costs half of the gain.
inline constexpr Py_ssize_t record_ahead = 24;
inline constexpr Py_ssize_t fields_ahead = 12;

// Always inline: GCC 12 takes a call of a function that only prefetches for one without effect, and drops it.
[[gnu::always_inline]] inline void prefetch_record(PyObject* record) { __builtin_prefetch(record); }

[[gnu::always_inline]] inline void prefetch_fields(PyObject* record) {
  if (!PyDict_CheckExact(record)) return;
  const auto* keys = reinterpret_cast<const char*>(reinterpret_cast<PyDictObject*>(record)->ma_keys);
  __builtin_prefetch(keys);
  __builtin_prefetch(keys + 64);
  __builtin_prefetch(keys + 128);
}

// Both stages for the record at `i` of `count`; the caller prefetches the value it gets, as the third.
[[gnu::always_inline]] inline void prefetch_ahead(PyObject* const* items, Py_ssize_t i, Py_ssize_t count) {
  if (i + record_ahead < count) prefetch_record(items[i + record_ahead]);
  if (i + fields_ahead < count) prefetch_fields(items[i + fields_ahead]);
}

// A field of exact dicts, by its name: an exact str that outlives this.
class Field {
 public:
  explicit Field(PyObject* name) : name_(name) {}

  // Where the field stood last: so many fields before it.
  Py_ssize_t slot() const { return slot_; }

  // The value, borrowed. NULL when the record has no such field, or when to find out could run Python code: a
  // general look-up then decides. Runs no Python code and sets no error. Safety: the record is an exact dict.
  PyObject* find(PyObject* record) {
    Py_ssize_t position = slot_;
    PyObject* key;
    PyObject* value;
    if (PyDict_Next(record, &position, &key, &value) && (key == seen_.get() || key == name_)) return value;
    return search(record);
  }

 private:
  // Records with more fields than this are looked up in their own table.
  static constexpr int most_fields = 256;

  PyObject* search(PyObject* record) {
    Py_ssize_t next = slot_;
    PyObject* key;
    PyObject* value;
    if (PyDict_Next(record, &next, &key, &value) && is_name(key)) return learned(slot_, key, value);
    next = 0;
    for (int i = 0; i < most_fields; ++i) {
      const Py_ssize_t position = next;
      if (!PyDict_Next(record, &next, &key, &value)) return nullptr;
      if (is_name(key)) return learned(position, key, value);
      if (!is_plain_scalar(key)) return nullptr;  // its == may say that it is the name
    }
    return nullptr;
  }

  bool is_name(PyObject* key) const {
    return key == name_ || (PyUnicode_CheckExact(key) && same_text(key, name_));
  }

  // A decoder makes one key object for all records of a text, but not the one that the caller wrote.
  PyObject* learned(Py_ssize_t position, PyObject* key, PyObject* value) {
    slot_ = position;
    seen_ = Reference::sharing(key);
    return value;
  }

  PyObject* name_;
  Py_ssize_t slot_ = 0;
  Reference seen_;
};

}  // namespace engine::objects
