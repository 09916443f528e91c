// The loops of evaluation_loops.hpp for every level of processor that this one program may meet.
#pragma once
#include <cstring>
#include <string>
#include <type_traits>
#include <unordered_map>

#include "evaluation.hpp"
#include "evaluation_operations.hpp"
#include "evaluation_singles.hpp"

namespace engine::evaluation {

struct Entry {
  const char* name;
  Loop loop;
  IsFault is_fault = nullptr;
};

}  // namespace engine::evaluation

#ifdef __clang__
#define ENGINE_INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#else
#define ENGINE_INDEPENDENT _Pragma("GCC ivdep")
#endif

#define ENGINE_LEVEL plain
#define ENGINE_TARGET
#define ENGINE_WIDTH 16
#include "evaluation_loops.hpp"
#undef ENGINE_LEVEL
#undef ENGINE_TARGET
#undef ENGINE_WIDTH

#ifdef __x86_64__
#define ENGINE_LEVEL avx2
#define ENGINE_TARGET __attribute__((target("avx2")))
#define ENGINE_WIDTH 32
#include "evaluation_loops.hpp"
#undef ENGINE_LEVEL
#undef ENGINE_TARGET
#undef ENGINE_WIDTH

#define ENGINE_LEVEL avx512
#define ENGINE_TARGET __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,prefer-vector-width=512")))
#define ENGINE_WIDTH 64
#include "evaluation_loops.hpp"
#undef ENGINE_LEVEL
#undef ENGINE_TARGET
#undef ENGINE_WIDTH
#endif

#undef ENGINE_INDEPENDENT

namespace engine::evaluation {

#define ENGINE_MIXED(NAME, A, B)                                                                              \
  {"Less " NAME, singles::of_two<Compared<1>, A, B, uint8_t>}, {"Equal " NAME, singles::of_two<Compared<2>, A, B, uint8_t>},  \
  {"LessEqual " NAME, singles::of_two<Compared<3>, A, B, uint8_t>},                                           \
  {"Greater " NAME, singles::of_two<Compared<4>, A, B, uint8_t>},                                             \
  {"NotEqual " NAME, singles::of_two<Compared<5>, A, B, uint8_t>},                                            \
  {"GreaterEqual " NAME, singles::of_two<Compared<6>, A, B, uint8_t>}
#define ENGINE_SLOW(NAME, T)                                                                                  \
  {"FloorDivide " NAME, singles::of_two<FloorDivide, T, T, T>}, {"Remainder " NAME, singles::of_two<Remainder, T, T, T>}, \
  {"Power " NAME, singles::of_two<Power, T, T, T>}, {"Exponential " NAME, singles::of_one<Exponential, T, T>}, \
  {"Logarithm " NAME, singles::of_one<Logarithm, T, T>}, {"Round " NAME, singles::of_one<Round, T, T>}
#define ENGINE_CHECKED(OP) {#OP " i64", singles::checked_two<OP##Whole>, singles::fails_two<OP##Whole>}

inline const Entry single_entries[] = {
    ENGINE_SLOW("f64", double), ENGINE_SLOW("f32", float),
    ENGINE_CHECKED(FloorDivide), ENGINE_CHECKED(Remainder), ENGINE_CHECKED(Power),
    {"ShiftLeft i64", singles::checked_two<ShiftLeft>, singles::fails_two<ShiftLeft>},
    {"ShiftRight i64", singles::checked_two<ShiftRight>, singles::fails_two<ShiftRight>},
    {"Magnitude i64", singles::checked_one<MagnitudeWhole, int64_t>, singles::fails_one<MagnitudeWhole, int64_t>},
    {"f64 to i64", singles::checked_one<Truncate, double>, singles::fails_one<Truncate, double>},
    {"f64 to u64", singles::checked_one<TruncateUnsigned, double>, singles::fails_one<TruncateUnsigned, double>},
    {"u64 to i64", singles::checked_one<FitSigned, uint64_t>, singles::fails_one<FitSigned, uint64_t>},
    {"within i64", singles::within, singles::is_outside},
    ENGINE_MIXED("i64 f64", int64_t, double), ENGINE_MIXED("u64 f64", uint64_t, double),
    ENGINE_MIXED("i64 u64", int64_t, uint64_t),
    {"is_in i64", singles::is_in<int64_t>}, {"is_in u64", singles::is_in<uint64_t>},
    {"is_in f64", singles::is_in<double>},
    {"unpack", singles::unpack}, {"pack", singles::pack}, {"truth", singles::of_one<singles::Truth, uint8_t, uint8_t>},
    {"copy 1", singles::copy<1>}, {"copy 2", singles::copy<2>}, {"copy 4", singles::copy<4>}, {"copy 8", singles::copy<8>},
};

#undef ENGINE_MIXED
#undef ENGINE_SLOW
#undef ENGINE_CHECKED

using Entries = std::unordered_map<std::string, Entry>;

template <size_t Count>
void add_entries(Entries& all, const Entry (&some)[Count]) {
  for (const Entry& entry : some) all[entry.name] = entry;
}

// 0: what every machine has; 1: AVX2; 2: AVX-512. As far as this processor goes.
inline int level_of_processor() {
#ifdef __x86_64__
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512vl")) {
    return 2;
  }
  return __builtin_cpu_supports("avx2") ? 1 : 0;
#else
  return 0;
#endif
}

inline Entries make_entries(int level) {
  Entries all;
  add_entries(all, single_entries);
  add_entries(all, plain::entries);
#ifdef __x86_64__
  if (level >= 1) add_entries(all, avx2::entries);
  if (level >= 2) add_entries(all, avx512::entries);
#endif
  return all;
}

// The loop of a name for a level of processor, which must not be above level_of_processor().
inline Entry find_entry(const std::string& name, int level) {
  static const Entries levels[] = {make_entries(0), make_entries(std::min(1, level_of_processor())),
                                   make_entries(level_of_processor())};
  const auto found = levels[level].find(name);
  if (found == levels[level].end()) throw std::invalid_argument("no loop is named " + name);
  return found->second;
}

}  // namespace engine::evaluation
