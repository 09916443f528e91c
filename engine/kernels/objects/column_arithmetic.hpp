// Arithmetic on columns with Python's results: whole numbers that grow out of 64 bits become Python's, floor division
// and remainder follow the divisor's sign. A function gives false when a result needs a look at each record.
#pragma once
#include <Python.h>

#include <cmath>
#include <cstdint>
#include <limits>

#include "column.hpp"

namespace engine::objects {

enum class Operator : uint8_t {
  add, subtract, multiply, divide, floor_divide, remainder, power, bit_and, bit_or, bit_xor, shift_left, shift_right,
  equal, not_equal, less, less_equal, greater, greater_equal, same_object, other_object,
  negative, positive, invert, negation,
};

namespace arithmetic {

// Above this, not every whole number is a float.
inline constexpr int64_t exact_float = int64_t{1} << 53;

inline bool is_exact_float(int64_t value) { return value >= -exact_float && value <= exact_float; }

// Calls `apply(x, y, i)` for each pair until one gives false; a constant side is read once.
template <class X, class Y, class Apply>
bool pairs(const X* x, bool x_constant, const Y* y, bool y_constant, int count, Apply&& apply) {
  bool fine = true;
  if (y_constant) {
    const Y right = *y;
    for (int i = 0; i < count; ++i) fine &= apply(x[x_constant ? 0 : i], right, i);
  } else if (x_constant) {
    const X left = *x;
    for (int i = 0; i < count; ++i) fine &= apply(left, y[i], i);
  } else {
    for (int i = 0; i < count; ++i) fine &= apply(x[i], y[i], i);
  }
  return fine;
}

// Safety of both: the divisor is not 0, and not -1 where the dividend is the least of all numbers.
inline int64_t floor_quotient(int64_t x, int64_t y) {
  const int64_t quotient = x / y;
  return quotient - (((x ^ y) < 0) & (quotient * y != x));
}

inline int64_t floor_remainder(int64_t x, int64_t y) {
  // Half the bits divide in a fraction of the time, and most numbers have no more.
  if (x == static_cast<int32_t>(x) && y == static_cast<int32_t>(y)) {
    const int64_t rest = static_cast<int32_t>(x) % static_cast<int32_t>(y);
    return rest != 0 && (rest ^ y) < 0 ? rest + y : rest;
  }
  const int64_t rest = x % y;
  return rest != 0 && (rest ^ y) < 0 ? rest + y : rest;
}

inline bool can_divide(int64_t x, int64_t y) { return y != 0 && !(y == -1 && x == INT64_MIN) && !(y == -1 && x == INT32_MIN); }

inline double floor_remainder(double x, double y) {
  const double rest = std::fmod(x, y);
  if (rest == 0.0) return std::copysign(0.0, y);
  return (y < 0) != (rest < 0) ? rest + y : rest;
}

inline double floor_quotient(double x, double y) {
  double rest = std::fmod(x, y);
  double quotient = (x - rest) / y;
  if (rest != 0.0 && (y < 0) != (rest < 0)) quotient -= 1.0;
  if (quotient == 0.0) return std::copysign(0.0, x / y);
  const double whole = std::floor(quotient);
  return quotient - whole > 0.5 ? whole + 1.0 : whole;
}

inline bool on_integers(Operator operation, const Column& x, const Column& y, int count, Column* result) {
  const bool bits = x.form == Form::booleans && y.form == Form::booleans && operation >= Operator::bit_and &&
                    operation <= Operator::bit_xor;
  result->become(bits ? Form::booleans : Form::integers);
  int64_t* const made = result->integers;
  const auto each = [&](auto&& apply) {
    return pairs(x.integers, x.constant, y.integers, y.constant, count, apply);
  };
  switch (operation) {
    case Operator::add:
      return each([made](int64_t a, int64_t b, int i) { return !__builtin_add_overflow(a, b, &made[i]); });
    case Operator::subtract:
      return each([made](int64_t a, int64_t b, int i) { return !__builtin_sub_overflow(a, b, &made[i]); });
    case Operator::multiply:
      return each([made](int64_t a, int64_t b, int i) { return !__builtin_mul_overflow(a, b, &made[i]); });
    case Operator::floor_divide:
      return each([made](int64_t a, int64_t b, int i) {
        return can_divide(a, b) && (made[i] = floor_quotient(a, b), true);
      });
    case Operator::remainder:
      return each([made](int64_t a, int64_t b, int i) {
        return can_divide(a, b) && (made[i] = floor_remainder(a, b), true);
      });
    case Operator::bit_and:
      return each([made](int64_t a, int64_t b, int i) { return made[i] = a & b, true; });
    case Operator::bit_or:
      return each([made](int64_t a, int64_t b, int i) { return made[i] = a | b, true; });
    case Operator::bit_xor:
      return each([made](int64_t a, int64_t b, int i) { return made[i] = a ^ b, true; });
    case Operator::divide: {
      result->become(Form::floats);
      double* const quotients = result->floats;
      return each([quotients](int64_t a, int64_t b, int i) {
        quotients[i] = static_cast<double>(a) / static_cast<double>(b == 0 ? 1 : b);
        return b != 0 && is_exact_float(a) && is_exact_float(b);
      });
    }
    case Operator::power:
      return y.constant && y.integers[0] == 2 && on_integers(Operator::multiply, x, x, count, result);
    default:
      return false;
  }
}

template <class X, class Y>
bool on_floats(Operator operation, const X* x, bool x_constant, const Y* y, bool y_constant, int count, double* made) {
  const auto each = [&](auto&& apply) {
    return pairs(x, x_constant, y, y_constant, count, [&apply](X a, Y b, int i) {
      return apply(static_cast<double>(a), static_cast<double>(b), i);
    });
  };
  switch (operation) {
    case Operator::add:
      return each([made](double a, double b, int i) { return made[i] = a + b, true; });
    case Operator::subtract:
      return each([made](double a, double b, int i) { return made[i] = a - b, true; });
    case Operator::multiply:
      return each([made](double a, double b, int i) { return made[i] = a * b, true; });
    case Operator::divide:
      return each([made](double a, double b, int i) { return b != 0.0 && (made[i] = a / b, true); });
    case Operator::floor_divide:
      return each([made](double a, double b, int i) { return b != 0.0 && (made[i] = floor_quotient(a, b), true); });
    case Operator::remainder:
      return each([made](double a, double b, int i) { return b != 0.0 && (made[i] = floor_remainder(a, b), true); });
    default:
      return false;
  }
}

inline bool on_numbers(Operator operation, const Column& x, const Column& y, int count, Column* result) {
  if (x.is_integral() && y.is_integral()) return on_integers(operation, x, y, count, result);
  result->become(Form::floats);
  double* const made = result->floats;
  if (x.is_integral()) return on_floats(operation, x.integers, x.constant, y.floats, y.constant, count, made);
  if (y.is_integral()) return on_floats(operation, x.floats, x.constant, y.integers, y.constant, count, made);
  return on_floats(operation, x.floats, x.constant, y.floats, y.constant, count, made);
}

inline PyObject* on_objects(Operator operation, PyObject* x, PyObject* y) {
  switch (operation) {
    case Operator::add:
      return PyNumber_Add(x, y);
    case Operator::subtract:
      return PyNumber_Subtract(x, y);
    case Operator::multiply:
      return PyNumber_Multiply(x, y);
    case Operator::divide:
      return PyNumber_TrueDivide(x, y);
    case Operator::floor_divide:
      return PyNumber_FloorDivide(x, y);
    case Operator::remainder:
      return PyNumber_Remainder(x, y);
    case Operator::power:
      return PyNumber_Power(x, y, Py_None);
    case Operator::bit_and:
      return PyNumber_And(x, y);
    case Operator::bit_or:
      return PyNumber_Or(x, y);
    case Operator::bit_xor:
      return PyNumber_Xor(x, y);
    case Operator::shift_left:
      return PyNumber_Lshift(x, y);
    case Operator::shift_right:
      return PyNumber_Rshift(x, y);
    default:
      return nullptr;
  }
}

inline PyObject* on_object(Operator operation, PyObject* x) {
  if (!is_plain_scalar(x)) return nullptr;
  switch (operation) {
    case Operator::negative:
      return PyNumber_Negative(x);
    case Operator::positive:
      return PyNumber_Positive(x);
    case Operator::invert:
      // Inverting a bool is deprecated, and a warning may run code of the user.
      return PyBool_Check(x) ? nullptr : PyNumber_Invert(x);
    default:
      return nullptr;
  }
}

inline bool negate(const Column& x, int count, Column* result) {
  if (x.form == Form::floats) {
    result->become(Form::floats);
    for (int i = 0; i < count; ++i) result->floats[i] = -x.floats[x.at(i)];
    return true;
  }
  result->become(Form::integers);
  bool fine = true;
  for (int i = 0; i < count; ++i) {
    fine &= !__builtin_sub_overflow(int64_t{0}, x.integers[x.at(i)], &result->integers[i]);
  }
  return fine;
}

}  // namespace arithmetic

// The operators below give false with or without an error set when a value is not of a plain type or Python raises.

inline bool apply_arithmetic(Operator operation, const Column& x, const Column& y, int count, Column* scratch,
                             Column* result) {
  const Column* const left = numbers_of(x, count, &scratch[0]);
  const Column* const right = left == nullptr ? nullptr : numbers_of(y, count, &scratch[1]);
  if (right != nullptr && arithmetic::on_numbers(operation, *left, *right, count, result)) return true;
  return fill_objects(result, count, [&](int i) -> PyObject* {
    const Reference a = Reference::owning(x.box(i));
    const Reference b = Reference::owning(y.box(i));
    if (!a || !b || !is_pure_pair(a.get(), b.get())) return nullptr;
    return arithmetic::on_objects(operation, a.get(), b.get());
  });
}

inline bool apply_unary(Operator operation, const Column& x, int count, Column* scratch, Column* result) {
  if (operation == Operator::negation) {
    bool truths[block_size];
    if (!read_truths(x, count, truths)) return false;
    return fill_booleans(result, count, [&truths](int i) { return !truths[i]; });
  }
  const Column* const numbers = numbers_of(x, count, scratch);
  if (numbers != nullptr && operation == Operator::negative && arithmetic::negate(*numbers, count, result)) return true;
  return fill_objects(result, count, [&](int i) -> PyObject* {
    const Reference value = Reference::owning(x.box(i));
    return value ? arithmetic::on_object(operation, value.get()) : nullptr;
  });
}

inline bool apply_magnitude(const Column& x, int count, Column* scratch, Column* result) {
  const Column* const numbers = numbers_of(x, count, scratch);
  if (numbers != nullptr && numbers->form == Form::floats) {
    result->become(Form::floats);
    for (int i = 0; i < count; ++i) result->floats[i] = std::fabs(numbers->floats[numbers->at(i)]);
    return true;
  }
  return fill_objects(result, count, [&](int i) -> PyObject* {
    const Reference value = Reference::owning(x.box(i));
    return value && is_plain_scalar(value.get()) ? PyNumber_Absolute(value.get()) : nullptr;
  });
}

}  // namespace engine::objects
