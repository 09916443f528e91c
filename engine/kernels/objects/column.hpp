// One value for each record of a block, side by side in memory: as machine numbers where all of them fit, else as
// Python objects.
#pragma once
#include <Python.h>

#include <cstdint>
#include <cstring>

#include "plain.hpp"
#include "references.hpp"

namespace engine::objects {

// Records in a block: few enough that its columns stay in the nearest cache, enough that choosing what to do costs
// little for each. Measured: 128 and 512 are no faster.
inline constexpr int block_size = 256;

enum class Form : uint8_t { integers, booleans, floats, objects };

class Column {
 public:
  Form form = Form::integers;
  bool constant = false;  // all records have the value at 0
  union {
    int64_t integers[block_size];  // booleans, too: 0 or 1
    double floats[block_size];
    PyObject* objects[block_size];
  };

  Column() {}
  Column(const Column&) = delete;
  Column& operator=(const Column&) = delete;
  ~Column() { clear(); }

  // Empties the column to be filled anew.
  void become(Form next) {
    clear();
    form = next;
    constant = false;
  }

  // Says that the first `count` objects are references of this column's own.
  void own(int count) { owned_ = count; }
  int owned() const { return owned_; }

  // The references are forgotten before any is given up: what that may run finds no half-empty column.
  void clear() {
    const int count = owned_;
    owned_ = 0;
    for (int i = 0; i < count; ++i) Py_DECREF(objects[i]);
  }

  int at(int i) const { return constant ? 0 : i; }
  bool is_integral() const { return form == Form::integers || form == Form::booleans; }

  // A new reference to the Python object for one value; NULL with an error set when there is no memory.
  PyObject* box(int i) const {
    const int place = at(i);
    switch (form) {
      case Form::integers:
        return PyLong_FromLongLong(integers[place]);
      case Form::booleans:
        return PyBool_FromLong(static_cast<long>(integers[place]));
      case Form::floats:
        return PyFloat_FromDouble(floats[place]);
      default:
        Py_INCREF(objects[place]);
        return objects[place];
    }
  }

  // Moves what `keep` marks to the front; gives how many that are.
  int compact(const bool* keep, int count) {
    int kept = 0;
    if (owned_ == 0) {
      for (int i = 0; i < count; ++i) {
        integers[kept] = integers[i];
        kept += keep[i];
      }
      return kept;
    }
    PyObject* dropped[block_size];
    int drops = 0;
    for (int i = 0; i < count; ++i) {
      if (keep[i]) {
        objects[kept++] = objects[i];
      } else {
        dropped[drops++] = objects[i];
      }
    }
    owned_ = kept;
    for (int i = 0; i < drops; ++i) Py_DECREF(dropped[i]);
    return kept;
  }

 private:
  int owned_ = 0;
};

// Reads objects as machine numbers when all of them have one exact type and fit; the first one decides which.
inline bool read_numbers(const Column& from, int count, Column* into) {
  PyObject* const* objects = from.objects;
  if (count == 0 || from.constant) return false;
  if (PyLong_CheckExact(objects[0])) {
    into->become(Form::integers);
    for (int i = 0; i < count; ++i) {
      if (!read_int64(objects[i], &into->integers[i])) return false;
    }
    return true;
  }
  if (PyFloat_CheckExact(objects[0])) {
    into->become(Form::floats);
    for (int i = 0; i < count; ++i) {
      if (!PyFloat_CheckExact(objects[i])) return false;
      into->floats[i] = PyFloat_AS_DOUBLE(objects[i]);
    }
    return true;
  }
  if (!PyBool_Check(objects[0])) return false;
  into->become(Form::booleans);
  for (int i = 0; i < count; ++i) {
    if (!PyBool_Check(objects[i])) return false;
    into->integers[i] = objects[i] == Py_True;
  }
  return true;
}

// The column itself when it holds numbers, or `scratch` with those it holds as objects, or NULL.
inline const Column* numbers_of(const Column& column, int count, Column* scratch) {
  if (column.form != Form::objects) return &column;
  return read_numbers(column, count, scratch) ? scratch : nullptr;
}

// Whether an operator on both runs no code but the interpreter's own. bytes beside str may issue a warning, and a
// warning runs whatever filters say.
inline bool is_pure_pair(PyObject* a, PyObject* b) {
  if (!is_plain_scalar(a) || !is_plain_scalar(b)) return false;
  return PyBytes_CheckExact(a) ? !PyUnicode_CheckExact(b) : !(PyBytes_CheckExact(b) && PyUnicode_CheckExact(a));
}

// Python's truth of an object: 1 or 0, or -1 when code of the user decides.
inline int truth_of(PyObject* object) {
  if (PyBool_Check(object)) return object == Py_True;
  if (object == Py_None) return 0;
  if (PyUnicode_CheckExact(object)) return PyUnicode_GET_LENGTH(object) != 0;
  if (is_plain_scalar(object)) return PyObject_IsTrue(object);
  if (PyDict_CheckExact(object)) return PyDict_GET_SIZE(object) != 0;
  if (PyList_CheckExact(object)) return PyList_GET_SIZE(object) != 0;
  if (PyTuple_CheckExact(object)) return PyTuple_GET_SIZE(object) != 0;
  if (PyAnySet_CheckExact(object)) return PySet_GET_SIZE(object) != 0;
  return -1;
}

// Fills `truths`; false when code of the user decides.
inline bool read_truths(const Column& column, int count, bool* truths) {
  if (column.form == Form::floats) {
    for (int i = 0; i < count; ++i) truths[i] = column.floats[column.at(i)] != 0.0;
  } else if (column.form != Form::objects) {
    for (int i = 0; i < count; ++i) truths[i] = column.integers[column.at(i)] != 0;
  } else {
    for (int i = 0; i < count; ++i) {
      const int truth = truth_of(column.objects[column.at(i)]);
      if (truth < 0) return false;
      truths[i] = truth == 1;
    }
  }
  return true;
}

// Fills `result` with what `make(i)` gives, a new reference or NULL, for each record; false at the first NULL.
template <class Make>
bool fill_objects(Column* result, int count, Make&& make) {
  result->become(Form::objects);
  for (int i = 0; i < count; ++i) {
    PyObject* const made = make(i);
    if (made == nullptr) return false;
    result->objects[i] = made;
    result->own(i + 1);
  }
  return true;
}

// Fills `result` with what `decide(i)` gives, 1 or 0 or -1, for each record; false at the first -1.
template <class Decide>
bool fill_booleans(Column* result, int count, Decide&& decide) {
  result->become(Form::booleans);
  for (int i = 0; i < count; ++i) {
    const int decided = decide(i);
    if (decided < 0) return false;
    result->integers[i] = decided;
  }
  return true;
}

}  // namespace engine::objects
