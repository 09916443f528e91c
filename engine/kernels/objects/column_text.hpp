// Calls of the interpreter's own functions on columns: the methods of exact texts, and round.
#pragma once
#include <Python.h>

#include "column.hpp"

namespace engine::objects {

// The most operands a call in a program has: replace(old, new, count).
inline constexpr int most_operands = 4;

namespace text {

// Plain values, or a tuple of texts, which the methods for prefixes take.
inline bool is_argument(PyObject* value) {
  if (is_plain_scalar(value)) return true;
  if (!PyTuple_CheckExact(value)) return false;
  for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(value); ++i) {
    if (!PyUnicode_CheckExact(PyTuple_GET_ITEM(value, i))) return false;
  }
  return true;
}

// What a function makes of one record's operands: a new reference or NULL.
inline PyObject* called(PyObject* function, const Column* const* operands, int arguments, int i, bool of_text) {
  Reference held[most_operands];
  PyObject* raw[most_operands];
  for (int k = 0; k < arguments; ++k) {
    held[k] = Reference::owning(operands[k]->box(i));
    raw[k] = held[k].get();
    if (raw[k] == nullptr || !is_argument(raw[k])) return nullptr;
  }
  if (of_text && !PyUnicode_CheckExact(raw[0])) return nullptr;
  return PyObject_Vectorcall(function, raw, static_cast<size_t>(arguments), nullptr);
}

// Whether a text begins (-1) or ends (1) with another.
inline bool apply_tail(const Column& of, PyObject* part, int direction, int count, Column* result) {
  return fill_booleans(result, count, [&](int i) -> int {
    PyObject* const text = of.objects[of.at(i)];
    if (!PyUnicode_CheckExact(text)) return -1;
    return static_cast<int>(PyUnicode_Tailmatch(text, part, 0, PY_SSIZE_T_MAX, direction));
  });
}

inline bool apply_without_arguments(const Column& of, PyObject* method, int count, Column* result) {
  return fill_objects(result, count, [&](int i) -> PyObject* {
    PyObject* text = of.objects[of.at(i)];
    return PyUnicode_CheckExact(text) ? PyObject_Vectorcall(method, &text, 1, nullptr) : nullptr;
  });
}

}  // namespace text

// A method of `str`, unbound. `direction` is -1 for startswith, 1 for endswith, 0 for others.
inline bool apply_method(PyObject* method, int direction, const Column* const* operands, int arguments, int count,
                         Column* result) {
  const Column& of = *operands[0];
  if (of.form != Form::objects) return false;
  if (arguments == 1) return text::apply_without_arguments(of, method, count, result);
  const Column& first = *operands[1];
  if (direction != 0 && arguments == 2 && first.constant && first.form == Form::objects &&
      PyUnicode_CheckExact(first.objects[0])) {
    return text::apply_tail(of, first.objects[0], direction, count, result);
  }
  return fill_objects(result, count, [&](int i) { return text::called(method, operands, arguments, i, true); });
}

inline bool apply_call(PyObject* function, const Column* const* operands, int arguments, int count, Column* result) {
  return fill_objects(result, count, [&](int i) { return text::called(function, operands, arguments, i, false); });
}

}  // namespace engine::objects
