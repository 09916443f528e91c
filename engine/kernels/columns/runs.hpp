// Where runs of equal elements begin, in two passes over the array: count, then fill.
#pragma once
#include <algorithm>
#include <vector>

#include "../pool.hpp"
#include "cells.hpp"

namespace engine {

class RunStarts {
 public:
  RunStarts(const Cells& cells, int64_t grain) : cells_(cells), parts_(parts_of(cells.size, grain)), offsets_(parts_ + 1) {
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
  static constexpr int64_t block = 1024;  // starts found at a time, in a buffer that stays in the first cache

  template <class T>
  static bool starts_run(const T* cells, int64_t i) {
    return !equal(cells[i], cells[i - 1]);
  }

  template <class T>
  void count() {
    const T* cells = begin_of<T>(cells_);
    parallel_for(parts_, [&](int64_t part) {
      const int64_t from = cut(cells_.size, part, parts_), to = cut(cells_.size, part + 1, parts_);
      int64_t found = from == 0 && to > 0;
      for (int64_t i = std::max<int64_t>(from, 1); i < to; ++i) found += starts_run(cells, i);
      offsets_[part + 1] = found;
    });
    for (int64_t part = 0; part < parts_; ++part) offsets_[part + 1] += offsets_[part];
  }

  template <class T>
  bool fill_starts(int64_t* starts) const {
    std::vector<char> as_counted(parts_, 0);
    parallel_for(parts_, [&](int64_t part) { as_counted[part] = fill_part<T>(part, starts); });
    return std::find(as_counted.begin(), as_counted.end(), 0) == as_counted.end();
  }

  template <class T>
  bool fill_part(int64_t part, int64_t* starts) const {
    const T* cells = begin_of<T>(cells_);
    const int64_t from = cut(cells_.size, part, parts_), to = cut(cells_.size, part + 1, parts_);
    int64_t* out = starts + offsets_[part];
    int64_t* const end = starts + offsets_[part + 1];
    if (from == 0 && to > 0 && out < end) *out++ = 0;
    int64_t found[block];
    for (int64_t i = std::max<int64_t>(from, 1); i < to;) {
      const int64_t stop = std::min(to, i + block);
      int64_t count = 0;
      for (; i < stop; ++i) {
        found[count] = i;  // kept only if the count moves on: no branch to guess wrong
        count += starts_run(cells, i);
      }
      if (count > end - out) return false;
      out = std::copy(found, found + count, out);
    }
    return out == end;
  }

  void fill_lengths(const int64_t* starts, int64_t* lengths) const {
    const int64_t runs = size();
    for (int64_t i = 0; i + 1 < runs; ++i) lengths[i] = starts[i + 1] - starts[i];
    if (runs > 0) lengths[runs - 1] = cells_.size - starts[runs - 1];
  }

  const Cells cells_;
  const int64_t parts_;
  std::vector<int64_t> offsets_;  // runs before each part
};

}  // namespace engine
