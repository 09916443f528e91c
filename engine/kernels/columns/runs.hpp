// Where runs of equal elements begin, in two passes over the array: count, then fill.
#pragma once
#include <algorithm>
#include <atomic>
#include <vector>

#include "../pool.hpp"
#include "cells.hpp"

namespace engine {

class RunStarts {
 public:
  RunStarts(const Cells& cells, int64_t grain)
      : cells_(cells), blocks_((cells.size + block - 1) / block), parts_(parts_of(cells.size, grain)),
        offsets_(parts_ + 1), in_block_(blocks_) {
    with_type(cells.kind, cells.item_size, [&](auto type) { count<typename decltype(type)::type>(); });
  }

  int64_t size() const { return offsets_[parts_]; }

  // Writes size() starts and lengths. False when another thread has changed the array since it was counted:
  // nothing was written out of bounds, but what was written means nothing.
  bool fill(int64_t* starts, int64_t* lengths) const {
    bool as_counted = true;
    with_type(cells_.kind, cells_.item_size,
              [&](auto type) { as_counted = fill_starts<typename decltype(type)::type>(starts); });
    if (as_counted) fill_lengths(starts, lengths);
    return as_counted;
  }

 private:
  // Starts are found a block at a time, in a buffer that stays in the first cache; most blocks of an array with
  // long runs have none, and the count says which need no second look.
  static constexpr int64_t block = 256;

  template <class T>
  static bool starts_run(const T* cells, int64_t i) {
    return !equal(cells[i], cells[i - 1]);
  }

  int64_t end_of(int64_t number) const { return std::min(cells_.size, (number + 1) * block); }

  template <class F>
  void for_each_part(F&& f) const {
    parallel_for(parts_, [&](int64_t part) { f(part, cut(blocks_, part, parts_), cut(blocks_, part + 1, parts_)); });
  }

  template <class T>
  void count() {
    for_each_part([&](int64_t part, int64_t from, int64_t to) {
      for (int64_t number = from; number < to; ++number) {
        in_block_[number] = count_block(begin_of<T>(cells_), number);
        offsets_[part + 1] += in_block_[number];
      }
    });
    for (int64_t part = 0; part < parts_; ++part) offsets_[part + 1] += offsets_[part];
  }

  template <class T>
  int16_t count_block(const T* cells, int64_t number) const {
    int64_t found = number == 0;  // the array's first element has none before it
    for (int64_t i = std::max<int64_t>(number * block, 1), to = end_of(number); i < to; ++i)
      found += starts_run(cells, i);
    return static_cast<int16_t>(found);
  }

  template <class T>
  bool fill_starts(int64_t* starts) const {
    std::atomic<bool> as_counted{true};
    for_each_part([&](int64_t part, int64_t from, int64_t to) {
      int64_t* out = starts + offsets_[part];
      for (int64_t number = from; number < to; ++number) {
        if (in_block_[number] == 0) continue;
        if (fill_block(begin_of<T>(cells_), number, out) != in_block_[number]) as_counted = false;
        out += in_block_[number];
      }
    });
    return as_counted;
  }

  // Writes no more starts than were counted; returns how many there are now.
  template <class T>
  int64_t fill_block(const T* cells, int64_t number, int64_t* out) const {
    int64_t found[block];
    found[0] = 0;
    int64_t count = number == 0;
    for (int64_t i = std::max<int64_t>(number * block, 1), to = end_of(number); i < to; ++i) {
      found[count] = i;  // kept only if the count moves on: no branch to guess wrong
      count += starts_run(cells, i);
    }
    std::copy_n(found, std::min<int64_t>(count, in_block_[number]), out);
    return count;
  }

  void fill_lengths(const int64_t* starts, int64_t* lengths) const {
    const int64_t runs = size();
    for (int64_t i = 0; i + 1 < runs; ++i) lengths[i] = starts[i + 1] - starts[i];
    if (runs > 0) lengths[runs - 1] = cells_.size - starts[runs - 1];
  }

  const Cells cells_;
  const int64_t blocks_, parts_;
  std::vector<int64_t> offsets_;   // runs before each part
  std::vector<int16_t> in_block_;  // runs that start in each block
};

}  // namespace engine
