// Aggregates of values by group, in one pass in row order. Rows carry the number of their group.
#pragma once
#include <algorithm>
#include <type_traits>
#include <vector>

#include "tables.hpp"

namespace engine {

inline std::vector<int64_t> number_groups(const Cells& keys, int64_t* ids) {
  std::vector<int64_t> firsts;
  Numbering().number(Words(keys), ids, firsts);
  return firsts;
}

struct Groups {
  const int64_t* ids;     // the group of each row
  const int64_t* firsts;  // the first row of each group
  int64_t rows;
  int64_t count;
};

inline void count_groups(const Groups& groups, int64_t* out) {
  std::fill_n(out, groups.count, int64_t{0});
  for (int64_t row = 0; row < groups.rows; ++row) ++out[groups.ids[row]];
}

// Whole numbers wrap around as NumPy's do: they are added as unsigned, where that is defined.
inline uint64_t added(uint64_t sum, uint64_t value) { return sum + value; }
inline double added(double sum, double value) { return sum + value; }
inline Time added(Time sum, Time value) {
  if (sum.ticks == not_a_time || value.ticks == not_a_time) return {not_a_time};
  return {static_cast<int64_t>(static_cast<uint64_t>(sum.ticks) + static_cast<uint64_t>(value.ticks))};
}

// The type in which a sum of T is kept; it is 8 bytes wide, as is the sum's array.
template <class T>
using Sum = std::conditional_t<std::is_floating_point_v<T>, double, std::conditional_t<std::is_same_v<T, Time>, Time, uint64_t>>;

template <class T>
Sum<T> widened(T value) {
  if constexpr (std::is_floating_point_v<T>) return value;
  else if constexpr (std::is_same_v<T, Time>) return value;
  else return bits_of(value);
}

inline void sum_groups(const Groups& groups, const Cells& values, void* out) {
  with_type(values.kind, values.item_size, [&](auto type) {
    using T = typename decltype(type)::type;
    const T* from = begin_of<T>(values);
    Sum<T>* sums = static_cast<Sum<T>*>(out);
    std::fill_n(sums, groups.count, Sum<T>{});
    for (int64_t row = 0; row < groups.rows; ++row) {
      Sum<T>& sum = sums[groups.ids[row]];
      sum = added(sum, widened(from[row]));
    }
  });
}

template <class T>
double as_double(T value) { return static_cast<double>(value); }
inline double as_double(Bool value) { return value.byte != 0; }
inline double as_double(Time value) { return static_cast<double>(value.ticks); }

inline void mean_groups(const Groups& groups, const Cells& values, double* out) {
  Scratch<int64_t> counts(groups.count);
  count_groups(groups, counts.data());
  std::fill_n(out, groups.count, 0.0);
  with_type(values.kind, values.item_size, [&](auto type) {
    const auto* from = begin_of<typename decltype(type)::type>(values);
    for (int64_t row = 0; row < groups.rows; ++row) out[groups.ids[row]] += as_double(from[row]);
  });
  for (int64_t group = 0; group < groups.count; ++group) out[group] /= static_cast<double>(counts[group]);
}

// NaN and NaT win over everything, as in NumPy's minimum and maximum.
template <class T>
bool is_missing(T value) { return value != value; }
inline bool is_missing(Bool) { return false; }
inline bool is_missing(Time value) { return value.ticks == not_a_time; }

inline void pick_first(const Groups& groups, const Cells& values, void* out) {
  with_type(values.kind, values.item_size, [&](auto type) {
    using T = typename decltype(type)::type;
    for (int64_t group = 0; group < groups.count; ++group)
      static_cast<T*>(out)[group] = begin_of<T>(values)[groups.firsts[group]];
  });
}

inline void pick_last(const Groups& groups, const Cells& values, void* out) {
  with_type(values.kind, values.item_size, [&](auto type) {
    using T = typename decltype(type)::type;
    for (int64_t row = 0; row < groups.rows; ++row) static_cast<T*>(out)[groups.ids[row]] = begin_of<T>(values)[row];
  });
}

template <class Better>
void pick_best(const Groups& groups, const Cells& values, void* out, Better better) {
  pick_first(groups, values, out);
  with_type(values.kind, values.item_size, [&](auto type) {
    using T = typename decltype(type)::type;
    const T* from = begin_of<T>(values);
    T* best = static_cast<T*>(out);
    for (int64_t row = 0; row < groups.rows; ++row) {
      T& held = best[groups.ids[row]];
      if (!is_missing(held) && (is_missing(from[row]) || better(from[row], held))) held = from[row];
    }
  });
}

inline void pick_least(const Groups& groups, const Cells& values, void* out) {
  pick_best(groups, values, out, [](auto a, auto b) { return less(a, b); });
}

inline void pick_greatest(const Groups& groups, const Cells& values, void* out) {
  pick_best(groups, values, out, [](auto a, auto b) { return less(b, a); });
}

}  // namespace engine
