// The loops that pay to be compiled for wider registers: included once for each level of the processor, with
// ENGINE_LEVEL the namespace, ENGINE_TARGET the attribute and ENGINE_WIDTH the bytes of a vector register.
//
// Loops are plain and without branches, for the compiler to vectorise. A register that is written is never one that
// is read, and choices are made by bits: 0 * infinity can not arise, and a loop needs no if-conversion (which GCC 12
// gets wrong, see CMakeLists.txt).

namespace engine::evaluation::ENGINE_LEVEL {

template <class T>
const T* input(uint8_t* const* at, const Step& step, int operand) {
  return reinterpret_cast<const T*>(at[step.from[operand]]);
}

template <class T>
T* output(uint8_t* const* at, const Step& step) {
  return reinterpret_cast<T*>(at[step.out]);
}

template <class To, class From>
To bits_as(From from) {
  static_assert(sizeof(To) == sizeof(From));
  To to;
  std::memcpy(&to, &from, sizeof to);
  return to;
}

template <size_t Size>
using BitsOf = std::conditional_t<Size == 8, uint64_t, std::conditional_t<Size == 4, uint32_t, uint8_t>>;

// a where `first`, else b.
template <class T>
T chosen(bool first, T a, T b) {
  using Bits = BitsOf<sizeof(T)>;
  const Bits mask = static_cast<Bits>(-static_cast<Bits>(first));
  return bits_as<T>(static_cast<Bits>((bits_as<Bits>(a) & mask) | (bits_as<Bits>(b) & static_cast<Bits>(~mask))));
}

template <class Op, class T, class R = T>
ENGINE_TARGET bool of_one(uint8_t* const* at, const Step& step, int64_t rows) {
  const T* a = input<T>(at, step, 0);
  R* out = output<R>(at, step);
  ENGINE_INDEPENDENT
  for (int64_t i = 0; i < rows; ++i) out[i] = Op::of(a[i]);
  return false;
}

template <class Op, class T, class R = T>
ENGINE_TARGET bool of_two(uint8_t* const* at, const Step& step, int64_t rows) {
  const T *a = input<T>(at, step, 0), *b = input<T>(at, step, 1);
  R* out = output<R>(at, step);
  ENGINE_INDEPENDENT
  for (int64_t i = 0; i < rows; ++i) out[i] = Op::of(a[i], b[i]);
  return false;
}

// (a op b) op c in one pass, of a or of its root.
template <class First, class Inner, class Outer, class T>
ENGINE_TARGET bool of_three(uint8_t* const* at, const Step& step, int64_t rows) {
  const T *a = input<T>(at, step, 0), *b = input<T>(at, step, 1), *c = input<T>(at, step, 2);
  T* out = output<T>(at, step);
  ENGINE_INDEPENDENT
  for (int64_t i = 0; i < rows; ++i) out[i] = Outer::of(Inner::of(First::of(a[i]), b[i]), c[i]);
  return false;
}

// The root of a, and an operation on it, in one pass.
template <class Op, class T>
ENGINE_TARGET bool of_root(uint8_t* const* at, const Step& step, int64_t rows) {
  const T *a = input<T>(at, step, 0), *b = input<T>(at, step, 1);
  T* out = output<T>(at, step);
  ENGINE_INDEPENDENT
  for (int64_t i = 0; i < rows; ++i) out[i] = Op::of(std::sqrt(a[i]), b[i]);
  return false;
}

// a * b op c * d in one pass, or the root of it.
template <class Op, class Last, class T>
ENGINE_TARGET bool of_products(uint8_t* const* at, const Step& step, int64_t rows) {
  const T *a = input<T>(at, step, 0), *b = input<T>(at, step, 1);
  const T *c = input<T>(at, step, 2), *d = input<T>(at, step, 3);
  T* out = output<T>(at, step);
  ENGINE_INDEPENDENT
  for (int64_t i = 0; i < rows; ++i) out[i] = Last::of(Op::of(a[i] * b[i], c[i] * d[i]));
  return false;
}

// The root of a * b op c * d, scaled by e, and then an operation with f: while a root is computed, the rest and
// its memory come for nothing.
template <class Op, class Scale, class Outer, class T>
ENGINE_TARGET bool of_scaled_root(uint8_t* const* at, const Step& step, int64_t rows) {
  const T *a = input<T>(at, step, 0), *b = input<T>(at, step, 1);
  const T *c = input<T>(at, step, 2), *d = input<T>(at, step, 3);
  const T *e = input<T>(at, step, 4), *f = input<T>(at, step, 5);
  T* out = output<T>(at, step);
  ENGINE_INDEPENDENT
  for (int64_t i = 0; i < rows; ++i) out[i] = Outer::of(Scale::of(std::sqrt(Op::of(a[i] * b[i], c[i] * d[i])), e[i]), f[i]);
  return false;
}

template <class Op>
ENGINE_TARGET bool of_two_whole(uint8_t* const* at, const Step& step, int64_t rows) {
  const int64_t *a = input<int64_t>(at, step, 0), *b = input<int64_t>(at, step, 1);
  int64_t* out = output<int64_t>(at, step);
  int64_t marks = 0;
  ENGINE_INDEPENDENT
  for (int64_t i = 0; i < rows; ++i) {
    const int64_t result = Op::of(a[i], b[i]);
    marks |= Op::mark(a[i], b[i], result);
    out[i] = result;
  }
  return marks < 0;
}

template <class From, class To>
ENGINE_TARGET bool convert(uint8_t* const* at, const Step& step, int64_t rows) {
  const From* from = input<From>(at, step, 0);
  To* out = output<To>(at, step);
  ENGINE_INDEPENDENT
  for (int64_t i = 0; i < rows; ++i) out[i] = static_cast<To>(from[i]);
  return false;
}

template <class T>
ENGINE_TARGET bool choose(uint8_t* const* at, const Step& step, int64_t rows) {
  const uint8_t* first = input<uint8_t>(at, step, 0);
  const T *a = input<T>(at, step, 1), *b = input<T>(at, step, 2);
  T* out = output<T>(at, step);
  ENGINE_INDEPENDENT
  for (int64_t i = 0; i < rows; ++i) out[i] = chosen(first[i] != 0, a[i], b[i]);
  return false;
}

template <class Op, class T>
ENGINE_TARGET bool extreme_of_two(uint8_t* const* at, const Step& step, int64_t rows) {
  const T *a = input<T>(at, step, 0), *b = input<T>(at, step, 1);
  T* out = output<T>(at, step);
  ENGINE_INDEPENDENT
  for (int64_t i = 0; i < rows; ++i) out[i] = chosen(Op::takes(a[i], b[i]), a[i], b[i]);
  return false;
}

ENGINE_TARGET inline bool count_true(uint8_t* const* at, const Step& step, int64_t rows) {
  const uint8_t* kept = input<uint8_t>(at, step, 0);
  int32_t count = 0;
  for (int64_t i = 0; i < rows; ++i) count += kept[i];
  output<Partial>(at, step)->count = count;
  return false;
}

// Low and high halves are added apart, so that no sum of a block overflows; the caller brings them together.
template <class T, bool Filtered>
ENGINE_TARGET bool sum_whole(uint8_t* const* at, const Step& step, int64_t rows) {
  const T* a = input<T>(at, step, 0);
  const uint8_t* kept = input<uint8_t>(at, step, Filtered ? 1 : 0);
  uint64_t low = 0;
  T high = 0;
  for (int64_t i = 0; i < rows; ++i) {
    const T value = Filtered ? a[i] & static_cast<T>(-static_cast<T>(kept[i])) : a[i];
    low += static_cast<uint64_t>(value) & 0xffffffffu;
    high += value >> 32;
  }
  output<Partial>(at, step)->low = static_cast<int64_t>(low);
  output<Partial>(at, step)->high = static_cast<int64_t>(high);
  return false;
}

// Reductions have sixteen lanes on every machine, row i in lane i % 16: the same result on each of them.
inline constexpr int lanes = 16;

// A vector register of elements of 8 bytes.
template <class T>
struct Wide {
  static_assert(sizeof(T) == 8);
  static constexpr int size = ENGINE_WIDTH / 8;
  typedef T Values __attribute__((vector_size(ENGINE_WIDTH)));
  typedef int64_t Bits __attribute__((vector_size(ENGINE_WIDTH)));
  typedef int8_t Bytes __attribute__((vector_size(size)));

  ENGINE_TARGET static Values load(const T* from) {
    Values values;
    std::memcpy(&values, from, sizeof values);
    return values;
  }
  // All bits set where a byte is 1. What compilers make of one way they spoil in the other (measured: 4 times).
  ENGINE_TARGET static Bits mask(const uint8_t* from) {
    Bits bits;
    if constexpr (size == 8) {
      int64_t words[size];
      for (int j = 0; j < size; ++j) words[j] = -static_cast<int64_t>(from[j]);
      std::memcpy(&bits, words, sizeof bits);
    } else {
      Bytes bytes;
      std::memcpy(&bytes, from, sizeof bytes);
      bits = -__builtin_convertvector(bytes, Bits);
    }
    return bits;
  }
  ENGINE_TARGET static Values choose(Bits first, Values a, Values b) {
    return reinterpret_cast<Values>((reinterpret_cast<Bits>(a) & first) | (reinterpret_cast<Bits>(b) & ~first));
  }
  ENGINE_TARGET static Values better(Least, Values a, Values b) { return a < b ? a : b; }
  ENGINE_TARGET static Values better(Greatest, Values a, Values b) { return a > b ? a : b; }
  ENGINE_TARGET static Values or_nan(Values a, Values b) { return a != a ? a : b; }
};

using Reals = Wide<double>;

// What is summed, of up to three operands: of a vector of rows, and of the one rows at the end of a block.
struct Value {
  static constexpr int operands = 1;
  ENGINE_TARGET static Reals::Values wide(const double* const* p, int64_t i) { return Reals::load(p[0] + i); }
  static double one(const double* const* p, int64_t i) { return p[0][i]; }
};
struct Product {
  static constexpr int operands = 2;
  ENGINE_TARGET static Reals::Values wide(const double* const* p, int64_t i) {
    return Reals::load(p[0] + i) * Reals::load(p[1] + i);
  }
  static double one(const double* const* p, int64_t i) { return p[0][i] * p[1][i]; }
};
struct ProductAndMore {
  static constexpr int operands = 3;
  ENGINE_TARGET static Reals::Values wide(const double* const* p, int64_t i) {
    return Reals::load(p[0] + i) * Reals::load(p[1] + i) + Reals::load(p[2] + i);
  }
  static double one(const double* const* p, int64_t i) { return p[0][i] * p[1][i] + p[2][i]; }
};

// Which rows are kept: all, those marked in a register of bool, those where one operand is less than another.
struct All {
  ENGINE_TARGET static Reals::Bits wide(const double* const*, const uint8_t*, int64_t) { return ~Reals::Bits{}; }
  static bool one(const double* const*, const uint8_t*, int64_t) { return true; }
};
struct Marked {
  ENGINE_TARGET static Reals::Bits wide(const double* const*, const uint8_t* kept, int64_t i) {
    return Reals::mask(kept + i);
  }
  static bool one(const double* const*, const uint8_t* kept, int64_t i) { return kept[i] != 0; }
};
struct WhereLess {
  ENGINE_TARGET static Reals::Bits wide(const double* const* p, const uint8_t*, int64_t i) {
    return reinterpret_cast<Reals::Bits>(Reals::load(p[0] + i) < Reals::load(p[1] + i));
  }
  static bool one(const double* const* p, const uint8_t*, int64_t i) { return p[0][i] < p[1][i]; }
};
struct WhereLessEqual {
  ENGINE_TARGET static Reals::Bits wide(const double* const* p, const uint8_t*, int64_t i) {
    return reinterpret_cast<Reals::Bits>(Reals::load(p[0] + i) <= Reals::load(p[1] + i));
  }
  static bool one(const double* const* p, const uint8_t*, int64_t i) { return p[0][i] <= p[1][i]; }
};

// The sum of a value over the rows that a filter keeps, whose operands follow those of the value.
template <class Of, class Kept>
ENGINE_TARGET bool sum_real(uint8_t* const* at, const Step& step, int64_t rows) {
  constexpr int size = Reals::size;
  const double* p[most_operands];
  for (int k = 0; k < most_operands; ++k) p[k] = input<double>(at, step, k);
  const uint8_t* kept = input<uint8_t>(at, step, Of::operands);
  Reals::Values sums[lanes / size] = {};
  int64_t i = 0;
  for (; i + lanes <= rows; i += lanes) {
    for (int k = 0; k < lanes / size; ++k) {
      const Reals::Bits keep = Kept::wide(p + Of::operands, kept, i + k * size);
      sums[k] += Reals::choose(keep, Of::wide(p, i + k * size), Reals::Values{});
    }
  }
  double lane[lanes];
  std::memcpy(lane, sums, sizeof lane);
  for (int j = 0; j < lanes && i < rows; ++i, ++j) {
    lane[j] += chosen(Kept::one(p + Of::operands, kept, i), Of::one(p, i), 0.0);
  }
  for (int half = lanes / 2; half > 0; half /= 2)
    for (int j = 0; j < half; ++j) lane[j] += lane[j + half];
  output<Partial>(at, step)->real = lane[0];
  return false;
}

// The least or greatest of the rows that are marked; `start` where there is none, which stands before all others.
template <class Op, class T, bool Filtered>
ENGINE_TARGET bool extreme(uint8_t* const* at, const Step& step, int64_t rows) {
  using Wides = Wide<T>;
  constexpr int size = Wides::size;
  const T* a = input<T>(at, step, 0);
  const T start = *input<T>(at, step, 1);
  const uint8_t* kept = input<uint8_t>(at, step, Filtered ? 2 : 0);
  typename Wides::Values best[lanes / size];
  for (auto& values : best) values = start - typename Wides::Values{};
  int64_t i = 0;
  for (; i + lanes <= rows; i += lanes) {
    for (int k = 0; k < lanes / size; ++k) {
      auto values = Wides::load(a + i + k * size);
      if constexpr (Filtered) values = Wides::choose(Wides::mask(kept + i + k * size), values, start - typename Wides::Values{});
      best[k] = Wides::or_nan(values, Wides::better(Op{}, values, best[k]));
    }
  }
  T lane[lanes];
  std::memcpy(lane, best, sizeof lane);
  for (int j = 0; j < lanes && i < rows; ++i, ++j) {
    const T value = Filtered ? chosen(kept[i] != 0, a[i], start) : a[i];
    lane[j] = chosen<T>(Op::takes(value, lane[j]), value, lane[j]);
  }
  for (int j = 1; j < lanes; ++j) lane[0] = chosen<T>(Op::takes(lane[j], lane[0]), lane[j], lane[0]);
  std::memcpy(&output<Partial>(at, step)->real, &lane[0], sizeof(T));
  return false;
}

#define ENGINE_OUTER(PREFIX, FIRST, INNER, NAME, OUTER)                       \
  {PREFIX NAME " " #OUTER " f64", of_three<FIRST, INNER, OUTER, double>},     \
  {PREFIX NAME " " #OUTER " f32", of_three<FIRST, INNER, OUTER, float>}
#define ENGINE_INNER(PREFIX, FIRST, INNER)                                    \
  ENGINE_OUTER(PREFIX, FIRST, INNER, #INNER, Add), ENGINE_OUTER(PREFIX, FIRST, INNER, #INNER, Subtract),           \
  ENGINE_OUTER(PREFIX, FIRST, INNER, #INNER, SubtractFrom), ENGINE_OUTER(PREFIX, FIRST, INNER, #INNER, Multiply),  \
  ENGINE_OUTER(PREFIX, FIRST, INNER, #INNER, Divide), ENGINE_OUTER(PREFIX, FIRST, INNER, #INNER, DivideInto)
#define ENGINE_THREE(PREFIX, FIRST)                                           \
  ENGINE_INNER(PREFIX, FIRST, Add), ENGINE_INNER(PREFIX, FIRST, Subtract),    \
  ENGINE_INNER(PREFIX, FIRST, Multiply), ENGINE_INNER(PREFIX, FIRST, Divide)
#define ENGINE_ROOT(OP) {"Root " #OP " f64", of_root<OP, double>}, {"Root " #OP " f32", of_root<OP, float>}
#define ENGINE_MOVED(OP, SCALE, OUTER)                                        \
  {"Root Products " #OP " " #SCALE " " #OUTER " f64", of_scaled_root<OP, SCALE, OUTER, double>},                   \
  {"Root Products " #OP " " #SCALE " " #OUTER " f32", of_scaled_root<OP, SCALE, OUTER, float>}
#define ENGINE_SCALED(OP, SCALE)                                              \
  ENGINE_MOVED(OP, SCALE, Add), ENGINE_MOVED(OP, SCALE, Subtract), ENGINE_MOVED(OP, SCALE, SubtractFrom)
#define ENGINE_REAL(NAME, T)                                                  \
  {"Add " NAME, of_two<Add, T>}, {"Subtract " NAME, of_two<Subtract, T>}, {"Multiply " NAME, of_two<Multiply, T>}, \
  {"Divide " NAME, of_two<Divide, T>}, {"Negate " NAME, of_one<Negate, T>}, {"Magnitude " NAME, of_one<Magnitude, T>}, \
  {"Root " NAME, of_one<Root, T>},                                            \
  {"Products Add " NAME, of_products<Add, Itself, T>}, {"Products Subtract " NAME, of_products<Subtract, Itself, T>}, \
  {"Root Products Add " NAME, of_products<Add, Root, T>}, {"Root Products Subtract " NAME, of_products<Subtract, Root, T>}
#define ENGINE_ORDERED(NAME, T)                                               \
  {"Less " NAME, of_two<Less, T, uint8_t>}, {"LessEqual " NAME, of_two<LessEqual, T, uint8_t>}, \
  {"Equal " NAME, of_two<Equal, T, uint8_t>}, {"NotEqual " NAME, of_two<NotEqual, T, uint8_t>}, \
  {"Least " NAME, extreme_of_two<Least, T>}, {"Greatest " NAME, extreme_of_two<Greatest, T>}
#define ENGINE_EXTREMES(NAME, T)                                              \
  {"min " NAME, extreme<Least, T, false>}, {"min " NAME " marked", extreme<Least, T, true>}, \
  {"max " NAME, extreme<Greatest, T, false>}, {"max " NAME " marked", extreme<Greatest, T, true>}
#define ENGINE_SUM(NAME, OF)                                                  \
  {"sum " NAME, sum_real<OF, All>}, {"sum " NAME " marked", sum_real<OF, Marked>}, \
  {"sum " NAME " Less", sum_real<OF, WhereLess>}, {"sum " NAME " LessEqual", sum_real<OF, WhereLessEqual>}

inline const Entry entries[] = {
    ENGINE_REAL("f64", double), ENGINE_REAL("f32", float),
    ENGINE_THREE("", Itself), ENGINE_THREE("Root ", Root),
    ENGINE_ROOT(Add), ENGINE_ROOT(Subtract), ENGINE_ROOT(SubtractFrom), ENGINE_ROOT(Multiply), ENGINE_ROOT(Divide),
    ENGINE_ROOT(DivideInto),
    ENGINE_SCALED(Add, Multiply), ENGINE_SCALED(Add, Divide),
    ENGINE_SCALED(Subtract, Multiply), ENGINE_SCALED(Subtract, Divide),
    {"Add i64", of_two_whole<AddWhole>, singles::fails_two<AddWhole>},
    {"Subtract i64", of_two_whole<SubtractWhole>, singles::fails_two<SubtractWhole>},
    {"Multiply i64", of_two_whole<MultiplyWhole>, singles::fails_two<MultiplyWhole>},
    {"And i64", of_two<And, int64_t>}, {"Or i64", of_two<Or, int64_t>}, {"Xor i64", of_two<Xor, int64_t>},
    {"Invert i64", of_one<Invert, int64_t>},
    {"And bool", of_two<And, uint8_t>}, {"Or bool", of_two<Or, uint8_t>}, {"Xor bool", of_two<Xor, uint8_t>},
    {"AndNot bool", of_two<AndNot, uint8_t>}, {"Not bool", of_one<Not, uint8_t>},
    ENGINE_ORDERED("f64", double), ENGINE_ORDERED("f32", float), ENGINE_ORDERED("i64", int64_t),
    ENGINE_ORDERED("u64", uint64_t),
    {"choose f64", choose<double>}, {"choose i64", choose<int64_t>}, {"choose u64", choose<uint64_t>},
    {"choose f32", choose<float>}, {"choose bool", choose<uint8_t>},
    {"i8 to i64", convert<int8_t, int64_t>}, {"i16 to i64", convert<int16_t, int64_t>},
    {"i32 to i64", convert<int32_t, int64_t>}, {"u8 to i64", convert<uint8_t, int64_t>},
    {"u16 to i64", convert<uint16_t, int64_t>}, {"u32 to i64", convert<uint32_t, int64_t>},
    {"bool to i64", convert<uint8_t, int64_t>}, {"i64 to u64", convert<int64_t, uint64_t>},
    {"i64 to i8", convert<int64_t, int8_t>}, {"i64 to i16", convert<int64_t, int16_t>},
    {"i64 to i32", convert<int64_t, int32_t>}, {"i64 to u8", convert<int64_t, uint8_t>},
    {"i64 to u16", convert<int64_t, uint16_t>}, {"i64 to u32", convert<int64_t, uint32_t>},
    {"i64 to f64", convert<int64_t, double>}, {"u64 to f64", convert<uint64_t, double>},
    {"f32 to f64", convert<float, double>}, {"f64 to f32", convert<double, float>},
    ENGINE_EXTREMES("f64", double), ENGINE_EXTREMES("i64", int64_t), ENGINE_EXTREMES("u64", uint64_t),
    ENGINE_SUM("f64", Value), ENGINE_SUM("Multiply f64", Product), ENGINE_SUM("Multiply Add f64", ProductAndMore),
    {"sum i64", sum_whole<int64_t, false>}, {"sum i64 marked", sum_whole<int64_t, true>},
    {"sum u64", sum_whole<uint64_t, false>}, {"sum u64 marked", sum_whole<uint64_t, true>},
    {"count", count_true},
};

#undef ENGINE_OUTER
#undef ENGINE_INNER
#undef ENGINE_THREE
#undef ENGINE_ROOT
#undef ENGINE_MOVED
#undef ENGINE_SCALED
#undef ENGINE_REAL
#undef ENGINE_ORDERED
#undef ENGINE_EXTREMES
#undef ENGINE_SUM

}  // namespace engine::evaluation::ENGINE_LEVEL
