// Comparisons of columns with Python's results: exact between whole numbers and floats, texts by code point, different
// types as Python has it. Each gives false when code of the user would decide or Python raises.
#pragma once
#include <Python.h>

#include <cstdint>

#include "column.hpp"
#include "column_arithmetic.hpp"

namespace engine::objects {

namespace comparison {

inline int python_operation(Operator operation) {
  switch (operation) {
    case Operator::less:
      return Py_LT;
    case Operator::less_equal:
      return Py_LE;
    case Operator::equal:
      return Py_EQ;
    case Operator::not_equal:
      return Py_NE;
    case Operator::greater:
      return Py_GT;
    default:
      return Py_GE;
  }
}

template <class X, class Y>
void on_numbers(Operator operation, const X* x, bool x_constant, const Y* y, bool y_constant, int count, int64_t* made) {
  const auto each = [&](auto&& apply) {
    arithmetic::pairs(x, x_constant, y, y_constant, count,
                      [made, &apply](X a, Y b, int i) { return made[i] = apply(a, b), true; });
  };
  switch (operation) {
    case Operator::equal:
      return each([](auto a, auto b) { return a == b; });
    case Operator::not_equal:
      return each([](auto a, auto b) { return a != b; });
    case Operator::less:
      return each([](auto a, auto b) { return a < b; });
    case Operator::less_equal:
      return each([](auto a, auto b) { return a <= b; });
    case Operator::greater:
      return each([](auto a, auto b) { return a > b; });
    default:
      return each([](auto a, auto b) { return a >= b; });
  }
}

// Whether every whole number of a column is a float, so that the machine's comparison with floats is exact.
inline bool are_exact_floats(const Column& column, int count) {
  bool exact = true;
  for (int i = 0; i < (column.constant ? 1 : count); ++i) exact &= arithmetic::is_exact_float(column.integers[i]);
  return exact;
}

inline bool compare_numbers(Operator operation, const Column& x, const Column& y, int count, Column* result) {
  if (x.is_integral() && y.is_integral()) {
    result->become(Form::booleans);
    on_numbers(operation, x.integers, x.constant, y.integers, y.constant, count, result->integers);
    return true;
  }
  if ((x.is_integral() && !are_exact_floats(x, count)) || (y.is_integral() && !are_exact_floats(y, count))) return false;
  result->become(Form::booleans);
  int64_t* const made = result->integers;
  if (x.is_integral()) {
    on_numbers(operation, x.integers, x.constant, y.floats, y.constant, count, made);
  } else if (y.is_integral()) {
    on_numbers(operation, x.floats, x.constant, y.integers, y.constant, count, made);
  } else {
    on_numbers(operation, x.floats, x.constant, y.floats, y.constant, count, made);
  }
  return true;
}

// What an order, negative or positive or 0, says about two values.
inline bool is_ordered(int operation, int order) {
  switch (operation) {
    case Py_LT:
      return order < 0;
    case Py_LE:
      return order <= 0;
    case Py_GT:
      return order > 0;
    default:
      return order >= 0;
  }
}

// 1 or 0, or -1 when code of the user would decide or the values have no order.
inline int compare_objects(int operation, PyObject* x, PyObject* y) {
  if (PyUnicode_CheckExact(x) && PyUnicode_CheckExact(y)) {
    if (operation == Py_EQ) return x == y || same_text(x, y);
    if (operation == Py_NE) return x != y && !same_text(x, y);
    return is_ordered(operation, PyUnicode_Compare(x, y));
  }
  if (!is_pure_pair(x, y)) return -1;
  const Reference decided = Reference::owning(PyObject_RichCompare(x, y, operation));
  return decided ? decided.get() == Py_True : -1;
}

// Whether a sequence of plain values has one, as Python's `in` finds it; -1 when code of the user would decide.
inline int has_member(PyObject* const* members, Py_ssize_t count, PyObject* value) {
  for (Py_ssize_t i = 0; i < count; ++i) {
    if (members[i] == value) return 1;
    const int same = compare_objects(Py_EQ, members[i], value);
    if (same != 0) return same;
  }
  return 0;
}

// Whether a dict has a field. A key that is no plain text may compare equal by code of its own.
inline int has_field(PyObject* record, PyObject* name) {
  Py_ssize_t position = 0;
  PyObject* key;
  PyObject* value;
  while (PyDict_Next(record, &position, &key, &value)) {
    if (!PyUnicode_CheckExact(key)) return -1;
    if (key == name || same_text(key, name)) return 1;
  }
  return 0;
}

inline int contains(PyObject* container, PyObject* value) {
  if (PyUnicode_CheckExact(container)) {
    return PyUnicode_CheckExact(value) ? PyUnicode_Contains(container, value) : -1;
  }
  if (PyDict_CheckExact(container) && PyUnicode_CheckExact(value)) return has_field(container, value);
  if (!is_plain_scalar(value)) return -1;
  if (PyTuple_CheckExact(container)) {
    return has_member(reinterpret_cast<PyTupleObject*>(container)->ob_item, PyTuple_GET_SIZE(container), value);
  }
  if (PyList_CheckExact(container)) {
    return has_member(reinterpret_cast<PyListObject*>(container)->ob_item, PyList_GET_SIZE(container), value);
  }
  return -1;
}

}  // namespace comparison

inline bool apply_comparison(Operator operation, const Column& x, const Column& y, int count, Column* scratch,
                             Column* result) {
  const Column* const left = numbers_of(x, count, &scratch[0]);
  const Column* const right = left == nullptr ? nullptr : numbers_of(y, count, &scratch[1]);
  if (right != nullptr && comparison::compare_numbers(operation, *left, *right, count, result)) return true;
  const int python_operation = comparison::python_operation(operation);
  if (x.form == Form::objects && y.form == Form::objects) {
    return fill_booleans(result, count, [&](int i) {
      return comparison::compare_objects(python_operation, x.objects[x.at(i)], y.objects[y.at(i)]);
    });
  }
  return fill_booleans(result, count, [&](int i) {
    const Reference a = Reference::owning(x.box(i));
    const Reference b = Reference::owning(y.box(i));
    return a && b ? comparison::compare_objects(python_operation, a.get(), b.get()) : -1;
  });
}

// `value in container`, where the container is a value of each record, or a text.
inline bool apply_containment(const Column& value, const Column& container, int count, Column* result) {
  if (container.form != Form::objects) return false;
  return fill_booleans(result, count, [&](int i) {
    const Reference part = Reference::owning(value.box(i));
    return part ? comparison::contains(container.objects[container.at(i)], part.get()) : -1;
  });
}

// `value in members`, a frozenset of plain values: what is plain meets only code of the interpreter there.
inline bool apply_membership(const Column& value, PyObject* members, int count, Column* result) {
  return fill_booleans(result, count, [&](int i) {
    const Reference part = Reference::owning(value.box(i));
    if (!part || !is_plain_scalar(part.get()) || PyBytes_CheckExact(part.get())) return -1;
    return PySet_Contains(members, part.get());
  });
}

// `x is None` and its contrary; no other object is asked for.
inline bool apply_identity(Operator operation, const Column& x, const Column& y, int count, Column* result) {
  if (y.form != Form::objects || !y.constant || y.objects[0] != Py_None) return false;
  return fill_booleans(result, count, [&](int i) {
    const bool none = x.form == Form::objects && x.objects[x.at(i)] == Py_None;
    return none == (operation == Operator::same_object);
  });
}

}  // namespace engine::objects
