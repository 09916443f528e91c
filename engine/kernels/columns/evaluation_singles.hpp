// The loops that are compiled once, because a value takes long enough or because they only carry bits about.
#pragma once
#include <algorithm>

#include "column_bits.hpp"
#include "evaluation.hpp"
#include "evaluation_operations.hpp"

namespace engine::evaluation::singles {

template <class T>
const T* input(uint8_t* const* at, const Step& step, int operand) {
  return reinterpret_cast<const T*>(at[step.from[operand]]);
}

template <class T>
T* output(uint8_t* const* at, const Step& step) {
  return reinterpret_cast<T*>(at[step.out]);
}

template <class Op, class T, class R>
bool of_one(uint8_t* const* at, const Step& step, int64_t rows) {
  const T* a = input<T>(at, step, 0);
  for (int64_t i = 0; i < rows; ++i) output<R>(at, step)[i] = Op::of(a[i]);
  return false;
}

template <class Op, class A, class B, class R>
bool of_two(uint8_t* const* at, const Step& step, int64_t rows) {
  const A* a = input<A>(at, step, 0);
  const B* b = input<B>(at, step, 1);
  for (int64_t i = 0; i < rows; ++i) output<R>(at, step)[i] = Op::of(a[i], b[i]);
  return false;
}

template <class Op, class T>
bool fails_one(uint8_t* const* at, const Step& step, int64_t row) {
  return Op::fails(input<T>(at, step, 0)[row]);
}

template <class Op>
bool fails_two(uint8_t* const* at, const Step& step, int64_t row) {
  return Op::fails(input<int64_t>(at, step, 0)[row], input<int64_t>(at, step, 1)[row]);
}

template <class Op, class T>
bool checked_one(uint8_t* const* at, const Step& step, int64_t rows) {
  const T* a = input<T>(at, step, 0);
  bool failed = false;
  for (int64_t i = 0; i < rows; ++i) {
    output<decltype(Op::of(a[i]))>(at, step)[i] = Op::of(a[i]);
    failed |= Op::fails(a[i]);
  }
  return failed;
}

template <class Op>
bool checked_two(uint8_t* const* at, const Step& step, int64_t rows) {
  const int64_t *a = input<int64_t>(at, step, 0), *b = input<int64_t>(at, step, 1);
  bool failed = false;
  for (int64_t i = 0; i < rows; ++i) {
    output<int64_t>(at, step)[i] = Op::of(a[i], b[i]);
    failed |= Op::fails(a[i], b[i]);
  }
  return failed;
}

inline bool is_outside(uint8_t* const* at, const Step& step, int64_t row) {
  const int64_t value = input<int64_t>(at, step, 0)[row];
  return value < input<int64_t>(at, step, 1)[row] || value > input<int64_t>(at, step, 2)[row];
}

// The same values, all of them between the second operand and the third.
inline bool within(uint8_t* const* at, const Step& step, int64_t rows) {
  bool failed = false;
  for (int64_t i = 0; i < rows; ++i) failed |= is_outside(at, step, i);
  std::memcpy(at[step.out], at[step.from[0]], static_cast<size_t>(rows) * 8);
  return failed;
}

template <class T>
bool is_in(uint8_t* const* at, const Step& step, int64_t rows) {
  const T* a = input<T>(at, step, 0);
  const T* pool = reinterpret_cast<const T*>(step.pool);
  for (int64_t i = 0; i < rows; ++i) {
    // NaN is before nothing: it lands at the end or beside another, and equals neither.
    const T* place = std::lower_bound(pool, pool + step.pool_size, a[i]);
    output<uint8_t>(at, step)[i] = place != pool + step.pool_size && *place == a[i];
  }
  return false;
}

inline bool unpack(uint8_t* const* at, const Step& step, int64_t rows) {
  unpack_bits(at[step.from[0]], step.shift[step.from[0]], rows, at[step.out]);
  return false;
}

// A byte for each row to a bit for each; a block fills whole bytes, and the last one its part of one.
inline bool pack(uint8_t* const* at, const Step& step, int64_t rows) {
  const uint8_t* from = at[step.from[0]];
  uint8_t* out = at[step.out];
  int64_t i = 0;
  for (; i + 8 <= rows; i += 8) {
    uint64_t bytes;
    std::memcpy(&bytes, from + i, sizeof bytes);
    // Byte k holds 0 or 1 and is moved to bit 56 + k; no two of the products meet.
    out[i >> 3] = static_cast<uint8_t>((bytes * 0x0102040810204080u) >> 56);
  }
  if (i < rows) out[i >> 3] = 0;
  for (; i < rows; ++i) out[i >> 3] = static_cast<uint8_t>(out[i >> 3] | from[i] << (i & 7));
  return false;
}

// Any byte but 0 is true in an array of bool that is a view of others.
struct Truth {
  static uint8_t of(uint8_t a) { return a != 0; }
};

template <int Size>
bool copy(uint8_t* const* at, const Step& step, int64_t rows) {
  std::memcpy(at[step.out], at[step.from[0]], static_cast<size_t>(rows) * Size);
  return false;
}

}  // namespace engine::evaluation::singles
