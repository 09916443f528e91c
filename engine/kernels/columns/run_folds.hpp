// Folds of values by run: groups whose rows stand beside each other, so that each fold is kept in a register.
#pragma once
#include <algorithm>
#include <type_traits>

#include "../pool.hpp"
#include "column_bits.hpp"
#include "folds.hpp"

namespace engine {

struct Runs {
  const int64_t* starts;  // rising, the first 0, all less than rows
  int64_t count;
  int64_t rows;

  int64_t start(int64_t run) const { return run < count ? starts[run] : rows; }
  int64_t first_from(int64_t row) const { return std::lower_bound(starts, starts + count, row) - starts; }
};

// Whether starts are what they must be, whoever made them.
inline bool are_starts(const Runs& runs) {
  if (runs.count == 0) return runs.rows == 0;
  bool rise = runs.starts[0] == 0 && runs.starts[runs.count - 1] < runs.rows;
  for (int64_t run = 1; run < runs.count; ++run) rise &= runs.starts[run - 1] < runs.starts[run];
  return rise;
}

template <class Fold, class T>
void fold_each(const Runs& runs, const Cells& values, const T* from, const Fold& fold, typename Fold::Out* out,
               int64_t first, int64_t last) {
  for (int64_t run = first; run < last; ++run) {
    auto held = fold.start();
    for (int64_t row = runs.starts[run], to = runs.start(run + 1); row < to; ++row)
      if (values.is_there(row)) fold.add(held, from[row], run);
    out[run] = held;
  }
}

// All ones where a row goes on with the run before it, zeros where it begins one.
inline uint64_t kept(uint64_t sum, uint64_t mask) { return sum & mask; }
inline double kept(double sum, uint64_t mask) {
  uint64_t bits;
  std::memcpy(&bits, &sum, sizeof bits);
  bits &= mask;
  std::memcpy(&sum, &bits, sizeof bits);
  return sum;
}

// Sums of short runs without a branch to guess wrong: after each value the sum so far is written, to a place that
// moves on where a run begins. One such chain waits for its own last sum; four of them keep the adders busy.
template <class T>
class ShortRunSums {
 public:
  ShortRunSums(const Runs& runs, const T* values, SumOf<T>* out, int64_t first, int64_t last)
      : base_(runs.start(first)), bits_(((runs.start(last) - base_) >> 3) + 9) {
    std::fill_n(bits_.data(), ((runs.start(last) - base_) >> 3) + 9, uint8_t{0});
    for (int64_t run = first; run < last; ++run) set_bit(bits_.data(), runs.starts[run] - base_);
    int64_t shortest = runs.rows;
    for (int64_t i = 0; i < chains; ++i) {
      const int64_t from = first + cut(last - first, i, chains), to = first + cut(last - first, i + 1, chains);
      at_[i] = {values + runs.start(from), out + from - 1, runs.start(from) - base_, runs.start(to) - base_, {}};
      shortest = std::min(shortest, at_[i].last - at_[i].row);
    }
    for (int64_t word = 0; word < shortest / 64; ++word) add_words();
    for (Chain& chain : at_) finish(chain);
  }

 private:
  static constexpr int64_t chains = 4;

  struct Chain {
    const T* value;
    SumOf<T>* out;
    int64_t row, last;
    SumOf<T> sum;
  };

  static void add(Chain& chain, uint64_t begins) {
    chain.out += begins;
    chain.sum = kept(chain.sum, begins - 1) + widened(*chain.value++);
    *chain.out = chain.sum;
  }

  void add_words() {
    Chain a = at_[0], b = at_[1], c = at_[2], d = at_[3];
    uint64_t in_a = word_at(bits_.data(), a.row), in_b = word_at(bits_.data(), b.row);
    uint64_t in_c = word_at(bits_.data(), c.row), in_d = word_at(bits_.data(), d.row);
    for (int64_t bit = 0; bit < 64; ++bit) {
      add(a, in_a >> bit & 1);
      add(b, in_b >> bit & 1);
      add(c, in_c >> bit & 1);
      add(d, in_d >> bit & 1);
    }
    at_[0] = a, at_[1] = b, at_[2] = c, at_[3] = d;
    for (Chain& chain : at_) chain.row += 64;
  }

  void finish(Chain& chain) {
    for (; chain.row < chain.last; ++chain.row) add(chain, bit_at(bits_.data(), chain.row));
  }

  const int64_t base_;
  Scratch<uint8_t> bits_;
  Chain at_[chains];
};

// The sum of many values, eight at a time.
template <class T>
SumOf<T> sum_of(const T* values, int64_t size) {
  SumOf<T> lanes[8] = {};
  int64_t i = 0;
  for (; i + 8 <= size; i += 8)
    for (int64_t lane = 0; lane < 8; ++lane) lanes[lane] += widened(values[i + lane]);
  SumOf<T> rest{};
  for (; i < size; ++i) rest += widened(values[i]);
  return ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) + ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7])) + rest;
}

// Runs of fewer rows than this are short, on average.
inline constexpr int64_t short_run = 24;

template <class T>
void sum_runs(const Runs& runs, const T* values, SumOf<T>* out, int64_t first, int64_t last) {
  const int64_t rows = runs.start(last) - runs.start(first);
  if (rows < short_run * (last - first)) {
    ShortRunSums<T>(runs, values, out, first, last);
    return;
  }
  for (int64_t run = first; run < last; ++run)
    out[run] = sum_of(values + runs.starts[run], runs.start(run + 1) - runs.starts[run]);
}

// Parts are cut by size, not by the number of threads: sums of floats are the same on any number of them.
inline void fold_runs(const Runs& runs, const Cells& values, How how, const double* means, void* out, int64_t grain) {
  const int64_t parts = std::max<int64_t>(1, std::min(runs.count, runs.rows / grain));
  with_fold(how, values, means, [&](auto fold, const auto* from) {
    using T = std::remove_const_t<std::remove_pointer_t<decltype(from)>>;
    auto* const held = static_cast<typename decltype(fold)::Out*>(out);
    parallel_for(parts, [&](int64_t part) {
      const int64_t first = runs.first_from(cut(runs.rows, part, parts));
      const int64_t last = runs.first_from(cut(runs.rows, part + 1, parts));
      if constexpr (std::is_same_v<decltype(fold), Sum<T>> && !std::is_same_v<T, Time>) {
        if (values.validity == nullptr) return sum_runs(runs, from, held, first, last);
      }
      fold_each(runs, values, from, fold, held, first, last);
    });
  });
}

}  // namespace engine
