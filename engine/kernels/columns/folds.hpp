// What is made of the values of a group, one value at a time: where each fold starts, and how it goes on. A value
// that is missing is passed over.
#pragma once
#include <limits>
#include <type_traits>

#include "cells.hpp"

namespace engine {

enum class How : int { sum, least, greatest, total, squares, present };

// Whole numbers wrap around as NumPy's do: they are added as unsigned, where that is defined.
inline uint64_t added(uint64_t sum, uint64_t value) { return sum + value; }
inline double added(double sum, double value) { return sum + value; }
inline Time added(Time sum, Time value) {
  if (sum.ticks == not_a_time || value.ticks == not_a_time) return {not_a_time};
  return {static_cast<int64_t>(static_cast<uint64_t>(sum.ticks) + static_cast<uint64_t>(value.ticks))};
}

// The type in which a sum of T is kept; it is 8 bytes wide, as is the sum's array.
template <class T>
using SumOf = std::conditional_t<std::is_floating_point_v<T>, double, std::conditional_t<std::is_same_v<T, Time>, Time, uint64_t>>;

template <class T>
SumOf<T> widened(T value) {
  if constexpr (std::is_floating_point_v<T>) return value;
  else if constexpr (std::is_same_v<T, Time>) return value;
  else return bits_of(value);
}

template <class T>
double as_double(T value) { return static_cast<double>(value); }
inline double as_double(Bool value) { return value.byte != 0; }
inline double as_double(Time value) { return static_cast<double>(value.ticks); }

// NaN and NaT win over everything, as in NumPy's minimum and maximum.
template <class T>
bool is_missing(T value) { return value != value; }
inline bool is_missing(Bool) { return false; }
inline bool is_missing(Time value) { return value.ticks == not_a_time; }

// The ends of the order of a type, NaN and NaT apart.
template <class T>
struct Ends {
  static constexpr bool is_float = std::is_floating_point_v<T>;
  static T lowest() { return is_float ? -std::numeric_limits<T>::infinity() : std::numeric_limits<T>::lowest(); }
  static T highest() { return is_float ? std::numeric_limits<T>::infinity() : std::numeric_limits<T>::max(); }
};
template <>
struct Ends<Bool> {
  static Bool lowest() { return {0}; }
  static Bool highest() { return {1}; }
};
template <>
struct Ends<Time> {
  static Time lowest() { return {not_a_time + 1}; }
  static Time highest() { return {std::numeric_limits<int64_t>::max()}; }
};

template <class T>
struct Sum {
  using Out = SumOf<T>;
  Out start() const { return {}; }
  void add(Out& sum, T value, int64_t) const { sum = added(sum, widened(value)); }
};

template <class T>
struct Least {
  using Out = T;
  Out start() const { return Ends<T>::highest(); }
  void add(Out& held, T value, int64_t) const {
    if (!is_missing(held) && (is_missing(value) || less(value, held))) held = value;
  }
};

template <class T>
struct Greatest {
  using Out = T;
  Out start() const { return Ends<T>::lowest(); }
  void add(Out& held, T value, int64_t) const {
    if (!is_missing(held) && (is_missing(value) || less(held, value))) held = value;
  }
};

template <class T>
struct Total {
  using Out = double;
  Out start() const { return 0; }
  void add(Out& total, T value, int64_t) const { total += as_double(value); }
};

// The squares of what lies between each value and the mean of its group.
template <class T>
struct Squares {
  using Out = double;
  const double* means;
  Out start() const { return 0; }
  void add(Out& squares, T value, int64_t group) const {
    const double apart = as_double(value) - means[group];
    squares += apart * apart;
  }
};

template <class T>
struct Present {
  using Out = int64_t;
  Out start() const { return 0; }
  void add(Out& count, T, int64_t) const { ++count; }
};

// Calls f(fold, first value) for the type of the values.
template <class F>
void with_fold(How how, const Cells& values, const double* means, F&& f) {
  with_type(values.kind, values.item_size, [&](auto type) {
    using T = typename decltype(type)::type;
    const T* from = begin_of<T>(values);
    switch (how) {
      case How::sum: return f(Sum<T>{}, from);
      case How::least: return f(Least<T>{}, from);
      case How::greatest: return f(Greatest<T>{}, from);
      case How::total: return f(Total<T>{}, from);
      case How::squares: return f(Squares<T>{means}, from);
      case How::present: return f(Present<T>{}, from);
    }
  });
}

}  // namespace engine
