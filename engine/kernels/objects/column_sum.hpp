// Adding up columns as the builtin `sum` does.
#pragma once
#include <Python.h>

#include <cstdint>

#include "column.hpp"
#include "plain.hpp"

namespace engine::objects {

// A whole number, or, from the first float on, a float.
struct Total {
  int64_t whole;
  double real;
  bool is_float;
};

namespace summing {

inline bool add_integers(const Column& column, int count, int64_t* total) {
  int64_t added = *total;
  bool fits = true;
  for (int i = 0; i < count; ++i) fits &= !__builtin_add_overflow(added, column.integers[column.at(i)], &added);
  if (fits) *total = added;
  return fits;
}

// In order, as floats are not added up the same in another one.
inline void add_reals(const Column& column, int count, double* total) {
  for (int i = 0; i < count; ++i) {
    *total += column.form == Form::floats ? column.floats[column.at(i)]
                                          : static_cast<double>(column.integers[column.at(i)]);
  }
}

}  // namespace summing

// False when the builtin has to go on: for objects, for whole numbers that grow out of 64 bits, and for floats since
// Python 3.12, which keeps what each addition loses until its end.
inline bool add_numbers(const Column& column, int count, Total* total) {
  if (column.form == Form::objects) return false;
  if (column.form != Form::floats && !total->is_float) return summing::add_integers(column, count, &total->whole);
#if PY_VERSION_HEX < 0x030C0000
  if (!total->is_float) {
    total->real = static_cast<double>(total->whole);
    total->is_float = true;
  }
  summing::add_reals(column, count, &total->real);
  return true;
#else
  return false;
#endif
}

}  // namespace engine::objects
