// The keys of a join or a grouping as 64-bit words, and which of them are there.
#pragma once
#include <algorithm>
#include <vector>

#include "../pool.hpp"
#include "cells.hpp"

namespace engine {

// Elements worth a thread where each costs a few instructions.
inline constexpr int64_t light_grain = 65'536;

// 64-bit types other than float are read in place, all others are widened.
class Words {
 public:
  explicit Words(const Cells& cells) : cells_(cells) {
    if (cells.item_size == 8 && cells.kind != 'f') {
      words_ = static_cast<const uint64_t*>(cells.data);
      return;
    }
    copy_ = Scratch<uint64_t>(cells.size);
    words_ = copy_.data();
    with_type(cells.kind, cells.item_size, [&](auto type) { widen(begin_of<typename decltype(type)::type>(cells)); });
  }

  int64_t size() const { return cells_.size; }
  bool has_nulls() const { return cells_.validity != nullptr; }
  bool is_there(int64_t i) const { return cells_.is_there(i); }
  uint64_t operator[](int64_t i) const { return words_[i]; }

 private:
  template <class T>
  void widen(const T* from) {
    const int64_t parts = parts_of(size(), light_grain);
    parallel_for(parts, [&](int64_t part) {
      for (int64_t i = cut(size(), part, parts), to = cut(size(), part + 1, parts); i < to; ++i)
        copy_[i] = bits_of(from[i]);
    });
  }

  const Cells cells_;
  Scratch<uint64_t> copy_;
  const uint64_t* words_;
};

// The range of keys, to see whether an array indexed by key is no larger than a hash table would be. What lies
// where a value is missing counts as well: it can only make the range larger.
class Span {
 public:
  explicit Span(const Words& words) : rows_(words.size()) {
    if (rows_ == 0) return;
    const int64_t parts = parts_of(rows_, light_grain);
    std::vector<Range> ranges(parts);
    parallel_for(parts, [&](int64_t part) {
      ranges[part] = range_of(words, cut(rows_, part, parts), cut(rows_, part + 1, parts));
    });
    Range all = ranges[0];
    for (const Range& range : ranges) all = {std::min(all.low, range.low), std::max(all.high, range.high)};
    low_ = static_cast<uint64_t>(all.low);
    last_ = static_cast<uint64_t>(all.high) - low_;
  }

  bool is_dense() const { return last_ < 4 * static_cast<uint64_t>(rows_); }
  int64_t size() const { return rows_ == 0 ? 0 : static_cast<int64_t>(last_) + 1; }
  bool contains(uint64_t word) const { return rows_ > 0 && word - low_ <= last_; }
  int64_t index_of(uint64_t word) const { return static_cast<int64_t>(word - low_); }

 private:
  struct Range {
    int64_t low, high;
  };

  static Range range_of(const Words& words, int64_t from, int64_t to) {
    Range range{std::numeric_limits<int64_t>::max(), std::numeric_limits<int64_t>::min()};
    for (int64_t i = from; i < to; ++i) {
      const int64_t value = static_cast<int64_t>(words[i]);
      range = {std::min(range.low, value), std::max(range.high, value)};
    }
    return range;
  }

  int64_t rows_;
  uint64_t low_ = 0;
  uint64_t last_ = 0;
};

}  // namespace engine
