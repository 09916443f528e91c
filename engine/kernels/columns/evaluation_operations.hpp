// What each operation of an expression means for a value or two; the loops over them are in evaluation_loops.hpp.
//
// Whole numbers are exact: an operation whose result does not fit says so in `fails`, and what `of` then gives is
// never used. Floats are IEEE 754's, so nothing of theirs fails.
#pragma once
#include <cmath>
#include <cstdint>
#include <limits>

namespace engine::evaluation {

struct Add {
  template <class T>
  static T of(T a, T b) { return a + b; }
};
struct Subtract {
  template <class T>
  static T of(T a, T b) { return a - b; }
};
struct SubtractFrom {
  template <class T>
  static T of(T a, T b) { return b - a; }
};
struct Multiply {
  template <class T>
  static T of(T a, T b) { return a * b; }
};
struct Divide {
  template <class T>
  static T of(T a, T b) { return a / b; }
};
struct DivideInto {
  template <class T>
  static T of(T a, T b) { return b / a; }
};

// Python's: the remainder has the sign of the divisor, and a quotient that rounding brought next to a whole number
// becomes that number. Of zero NaN, and the quotient is that of a plain division, as in NumPy.
struct Remainder {
  template <class T>
  static T of(T a, T b) {
    if (b == 0) return std::numeric_limits<T>::quiet_NaN();
    const T rest = std::fmod(a, b);
    if (rest == 0) return std::copysign(T{0}, b);
    return (rest < 0) != (b < 0) ? rest + b : rest;
  }
};
struct FloorDivide {
  template <class T>
  static T of(T a, T b) {
    if (b == 0) return a / b;
    T rest = std::fmod(a, b);
    T quotient = (a - rest) / b;
    if (rest != 0 && (rest < 0) != (b < 0)) quotient -= 1;
    if (quotient == 0) return std::copysign(T{0}, a / b);
    const T floor = std::floor(quotient);
    return quotient - floor > T{0.5} ? floor + 1 : floor;
  }
};
struct Power {
  template <class T>
  static T of(T a, T b) { return std::pow(a, b); }
};

struct Itself {
  template <class T>
  static T of(T a) { return a; }
};

struct Negate {
  template <class T>
  static T of(T a) { return -a; }
};
struct Magnitude {
  template <class T>
  static T of(T a) { return std::fabs(a); }
};
struct Root {
  template <class T>
  static T of(T a) { return std::sqrt(a); }
};
struct Exponential {
  template <class T>
  static T of(T a) { return std::exp(a); }
};
struct Logarithm {
  template <class T>
  static T of(T a) { return std::log(a); }
};
// Of two whole numbers equally near the even one, as Python rounds.
struct Round {
  template <class T>
  static T of(T a) { return std::nearbyint(a); }
};

inline int64_t wrapped(uint64_t a) { return static_cast<int64_t>(a); }
inline uint64_t bits_of_whole(int64_t a) { return static_cast<uint64_t>(a); }

// `mark` is negative where the sum does not fit: one sign bit for a whole block, without a branch.
struct AddWhole {
  static int64_t of(int64_t a, int64_t b) { return wrapped(bits_of_whole(a) + bits_of_whole(b)); }
  static int64_t mark(int64_t a, int64_t b, int64_t sum) { return (a ^ sum) & (b ^ sum); }
  static bool fails(int64_t a, int64_t b) { return mark(a, b, of(a, b)) < 0; }
};
struct SubtractWhole {
  static int64_t of(int64_t a, int64_t b) { return wrapped(bits_of_whole(a) - bits_of_whole(b)); }
  static int64_t mark(int64_t a, int64_t b, int64_t difference) { return (a ^ b) & (a ^ difference); }
  static bool fails(int64_t a, int64_t b) { return mark(a, b, of(a, b)) < 0; }
};
struct MultiplyWhole {
  static int64_t of(int64_t a, int64_t b) { return wrapped(bits_of_whole(a) * bits_of_whole(b)); }
  // Where both fit 32 bits their product fits 64: negative only where that is not sure.
  static int64_t mark(int64_t a, int64_t b, int64_t) {
    return wrapped(((bits_of_whole(a) + 0x80000000u) | (bits_of_whole(b) + 0x80000000u)) >> 32 == 0 ? 0 : ~uint64_t{0});
  }
  static bool fails(int64_t a, int64_t b) {
    int64_t product;
    return __builtin_mul_overflow(a, b, &product);
  }
};

struct MagnitudeWhole {
  static int64_t of(int64_t a) { return a < 0 ? wrapped(-bits_of_whole(a)) : a; }
  static bool fails(int64_t a) { return a == std::numeric_limits<int64_t>::min(); }
};
struct RemainderWhole {
  static int64_t of(int64_t a, int64_t b) {
    if (b == 0 || b == -1) return 0;
    const int64_t rest = a % b;
    return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
  }
  static bool fails(int64_t, int64_t b) { return b == 0; }
};
struct FloorDivideWhole {
  static int64_t of(int64_t a, int64_t b) {
    if (b == 0) return 0;
    if (b == -1) return wrapped(-bits_of_whole(a));
    const int64_t quotient = a / b;
    return a % b != 0 && (a < 0) != (b < 0) ? quotient - 1 : quotient;
  }
  static bool fails(int64_t a, int64_t b) { return b == 0 || (b == -1 && a == std::numeric_limits<int64_t>::min()); }
};
struct PowerWhole {
  static bool find(int64_t a, int64_t b, int64_t& power) {
    power = 1;
    if (b < 0) return false;
    for (;;) {
      if ((b & 1) != 0 && __builtin_mul_overflow(power, a, &power)) return false;
      b >>= 1;
      if (b == 0) return true;
      if (__builtin_mul_overflow(a, a, &a)) return false;
    }
  }
  static int64_t of(int64_t a, int64_t b) {
    int64_t power;
    return find(a, b, power) ? power : 0;
  }
  static bool fails(int64_t a, int64_t b) {
    int64_t power;
    return !find(a, b, power);
  }
};
struct ShiftLeft {
  static int64_t of(int64_t a, int64_t b) { return b < 0 || b > 63 ? 0 : wrapped(bits_of_whole(a) << b); }
  static bool fails(int64_t a, int64_t b) { return b < 0 || (a != 0 && (b > 63 || of(a, b) >> b != a)); }
};
struct ShiftRight {
  static int64_t of(int64_t a, int64_t b) { return a >> (b < 0 || b > 63 ? 63 : b); }
  static bool fails(int64_t, int64_t b) { return b < 0; }
};

struct And {
  template <class T>
  static T of(T a, T b) { return static_cast<T>(a & b); }
};
struct Or {
  template <class T>
  static T of(T a, T b) { return static_cast<T>(a | b); }
};
struct Xor {
  template <class T>
  static T of(T a, T b) { return static_cast<T>(a ^ b); }
};
struct AndNot {
  template <class T>
  static T of(T a, T b) { return static_cast<T>(a & (b ^ 1)); }
};
struct Not {
  static uint8_t of(uint8_t a) { return a ^ 1; }
};
struct Invert {
  static int64_t of(int64_t a) { return ~a; }
};

struct Less {
  template <class T>
  static uint8_t of(T a, T b) { return a < b; }
};
struct LessEqual {
  template <class T>
  static uint8_t of(T a, T b) { return a <= b; }
};
struct Equal {
  template <class T>
  static uint8_t of(T a, T b) { return a == b; }
};
struct NotEqual {
  template <class T>
  static uint8_t of(T a, T b) { return a != b; }
};

// -1, 0 or 1 as a whole number and a float compare exactly, without rounding either; 2 where one is NaN.
template <class T>
int compare(T whole, double real) {
  if (real != real) return 2;
  if (real < static_cast<double>(std::numeric_limits<T>::min())) return 1;
  if (real >= 18446744073709551616.0 || (std::numeric_limits<T>::is_signed && real >= 9223372036854775808.0)) return -1;
  const T part = static_cast<T>(real);
  if (whole != part) return whole < part ? -1 : 1;
  const double rest = real - static_cast<double>(part);
  return rest > 0 ? -1 : (rest < 0 ? 1 : 0);
}
inline int compare(int64_t a, uint64_t b) {
  if (a < 0 || static_cast<uint64_t>(a) < b) return -1;
  return static_cast<uint64_t>(a) == b ? 0 : 1;
}
// Of comparisons between types: bit 0 answers to less, bit 1 to equal, bit 2 to greater.
template <int Answers>
struct Compared {
  template <class A, class B>
  static uint8_t of(A a, B b) {
    const int order = compare(a, b);
    return order == 2 ? Answers == 5 : (Answers >> (order + 1)) & 1;
  }
};

// Whether the first of two is to be taken: NaN always is, as in NumPy's minimum and maximum.
struct Least {
  template <class T>
  static bool takes(T a, T b) { return (a < b) | (a != a); }
};
struct Greatest {
  template <class T>
  static bool takes(T a, T b) { return (a > b) | (a != a); }
};

// A float as a whole number, cut off towards zero as int() does.
struct Truncate {
  static int64_t of(double a) { return fails(a) ? 0 : static_cast<int64_t>(a); }
  static bool fails(double a) { return !(a >= -9223372036854775808.0 && a < 9223372036854775808.0); }
};
struct TruncateUnsigned {
  static uint64_t of(double a) { return fails(a) ? 0 : static_cast<uint64_t>(a); }
  static bool fails(double a) { return !(a > -1.0 && a < 18446744073709551616.0); }
};
struct FitSigned {
  static int64_t of(uint64_t a) { return wrapped(a); }
  static bool fails(uint64_t a) { return wrapped(a) < 0; }
};

}  // namespace engine::evaluation
