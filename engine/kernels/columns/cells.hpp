// What a kernel sees of an array: an address, a length and a type; and what equality and order mean for each type.
#pragma once
#include <cstdint>
#include <cstring>
#include <limits>
#include <stdexcept>

#include "column_bits.hpp"
#include "pages.hpp"

namespace engine {

// kind and item_size are NumPy's dtype.kind and dtype.itemsize. Of a column some values may be missing: bit
// `bit_offset + i` of the bitmap says whether value i is there; without a bitmap all are.
struct Cells {
  const void* data;
  int64_t size;
  char kind;
  int item_size;
  const uint8_t* validity = nullptr;
  int64_t bit_offset = 0;

  bool is_there(int64_t i) const { return validity == nullptr || bit_at(validity, bit_offset + i); }
};

struct Bool {
  uint8_t byte;  // any byte but 0 is true: a view may hold others than 1
};

struct Time {
  int64_t ticks;  // datetime64 or timedelta64; the unit is the caller's concern
};

inline constexpr int64_t not_a_time = std::numeric_limits<int64_t>::min();

template <class T>
struct Type {
  using type = T;
};

// Calls f with the element type of an array, as Type<T>.
template <class F>
auto with_type(char kind, int item_size, F&& f) {
  switch (kind) {
    case 'b': return f(Type<Bool>{});
    case 'i':
      if (item_size == 1) return f(Type<int8_t>{});
      if (item_size == 2) return f(Type<int16_t>{});
      if (item_size == 4) return f(Type<int32_t>{});
      return f(Type<int64_t>{});
    case 'u':
      if (item_size == 1) return f(Type<uint8_t>{});
      if (item_size == 2) return f(Type<uint16_t>{});
      if (item_size == 4) return f(Type<uint32_t>{});
      return f(Type<uint64_t>{});
    case 'f':
      if (item_size == 4) return f(Type<float>{});
      return f(Type<double>{});
    case 'm':
    case 'M': return f(Type<Time>{});
  }
  throw std::invalid_argument("array of a type no kernel knows");
}

template <class T>
const T* begin_of(const Cells& cells) {
  return static_cast<const T*>(cells.data);
}

// Equality: NaN equals NaN, -0.0 equals 0.0, NaT equals NaT.
template <class T>
bool equal(T a, T b) { return a == b; }
// Bitwise operators where logical ones would do: a loop without branches can be vectorised.
inline bool equal(float a, float b) { return (a == b) | ((a != a) & (b != b)); }
inline bool equal(double a, double b) { return (a == b) | ((a != a) & (b != b)); }
inline bool equal(Bool a, Bool b) { return (a.byte != 0) == (b.byte != 0); }
inline bool equal(Time a, Time b) { return a.ticks == b.ticks; }

// Order: NaN and NaT come last, as in NumPy's sort.
template <class T>
bool less(T a, T b) { return a < b; }
inline bool less(float a, float b) { return (a < b) | ((b != b) & (a == a)); }
inline bool less(double a, double b) { return (a < b) | ((b != b) & (a == a)); }
inline bool less(Bool a, Bool b) { return (a.byte != 0) < (b.byte != 0); }
// NaT is the lowest integer; turned by this much it becomes the highest unsigned one, all others keep their order.
inline uint64_t rank_of(Time a) { return static_cast<uint64_t>(a.ticks) + 0x7fffffffffffffffu; }
inline bool less(Time a, Time b) { return rank_of(a) < rank_of(b); }

// 64 bits that are the same for two elements of one type, or of one family, exactly when they are equal.
// Families: whole numbers and bool (but see Join about the sign), floats, times.
template <class T>
uint64_t bits_of(T a) { return static_cast<uint64_t>(static_cast<int64_t>(a)); }
inline uint64_t bits_of(uint64_t a) { return a; }
inline uint64_t bits_of(Bool a) { return a.byte != 0; }
inline uint64_t bits_of(Time a) { return static_cast<uint64_t>(a.ticks); }
inline uint64_t bits_of(double a) {
  if (a != a) return 0x7ff8000000000000u;
  if (a == 0.0) return 0;
  uint64_t bits;
  std::memcpy(&bits, &a, sizeof bits);
  return bits;
}
inline uint64_t bits_of(float a) { return bits_of(static_cast<double>(a)); }

}  // namespace engine
