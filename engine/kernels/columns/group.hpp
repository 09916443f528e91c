// Groups of equal keys, and folds of values by group, in row order. Rows carry the number of their group.
#pragma once
#include <algorithm>
#include <cmath>
#include <vector>

#include "folds.hpp"
#include "numbering.hpp"

namespace engine {

inline std::vector<int64_t> number_groups(const Cells& keys, int64_t* ids) {
  std::vector<int64_t> firsts;
  Numbering().number(Words(keys), ids, firsts);
  return firsts;
}

struct Groups {
  const int64_t* ids;  // the group of each row
  int64_t rows;
  int64_t count;
};

inline void count_groups(const Groups& groups, int64_t* out) {
  std::fill_n(out, groups.count, int64_t{0});
  for (int64_t row = 0; row < groups.rows; ++row) ++out[groups.ids[row]];
}

inline void find_lasts(const Groups& groups, int64_t* out) {
  for (int64_t row = 0; row < groups.rows; ++row) out[groups.ids[row]] = row;
}

inline void fold_groups(const Groups& groups, const Cells& values, How how, const double* means, void* out) {
  with_fold(how, values, means, [&](auto fold, const auto* from) {
    auto* const held = static_cast<typename decltype(fold)::Out*>(out);
    std::fill_n(held, groups.count, fold.start());
    for (int64_t row = 0; row < groups.rows; ++row) {
      const int64_t group = groups.ids[row];
      if (values.is_there(row)) fold.add(held[group], from[row], group);
    }
  });
}

// Totals by count, less so many degrees of freedom.
inline void divide(double* totals, const int64_t* counts, int64_t size, int64_t less, bool root) {
  for (int64_t i = 0; i < size; ++i) {
    const double mean = totals[i] / static_cast<double>(counts[i] - less);
    totals[i] = root ? std::sqrt(mean) : mean;
  }
}

// Sets the bits of the groups of which at least so many values are there, in a bitmap of zeros.
inline void mark_least(const int64_t* counts, int64_t size, int64_t least, uint8_t* bits) {
  for (int64_t i = 0; i < size; ++i)
    if (counts[i] >= least) set_bit(bits, i);
}

// Codes of one key and of another made codes of both; `count` is the number of different second codes. A key that
// is missing on one side of a join has a negative code, and so has the pair.
inline void pair_codes(int64_t* codes, const int64_t* others, int64_t count, int64_t size) {
  for (int64_t i = 0; i < size; ++i)
    codes[i] = codes[i] < 0 || others[i] < 0 ? std::min(codes[i], others[i]) : codes[i] * count + others[i];
}

// Numbers the keys of the right side, and gives those of the left the same numbers. Keys that are missing, and left
// keys that are not on the right, match nothing: -1 on the left, -2 on the right. Returns how many numbers there are.
inline int64_t number_sides(const Cells& left, const Cells& right, int64_t* left_codes, int64_t* right_codes) {
  const bool signs_differ = (left.kind == 'i' && right.kind == 'u') || (left.kind == 'u' && right.kind == 'i');
  const Words left_words(left), right_words(right);
  Numbering numbering;
  std::vector<int64_t> firsts;
  numbering.number(right_words, right_codes, firsts);
  for (int64_t row = 0; row < right.size; ++row)
    if (!right.is_there(row)) right_codes[row] = -2;
  for (int64_t row = 0; row < left.size; ++row) {
    const uint64_t word = left_words[row];
    left_codes[row] = !left.is_there(row) || (signs_differ && word >> 63) ? -1 : numbering.find(word);
  }
  return static_cast<int64_t>(firsts.size());
}

}  // namespace engine
