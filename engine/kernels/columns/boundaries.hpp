// A bit for each row of an array: whether a run of equal elements begins there.
#pragma once
#include <algorithm>
#include <vector>

#include "../pool.hpp"
#include "cells.hpp"

namespace engine {

// The flags of eight rows, each 0 or 1 in a byte, as eight bits: the product moves each flag into the top byte.
inline uint64_t packed(const uint8_t* flags) {
  uint64_t eight;
  std::memcpy(&eight, flags, sizeof eight);
  return (eight * 0x0102040810204080u) >> 56;
}

// Rows are taken 64 at a time, in loops without branches that a compiler turns into vectors.
inline constexpr int64_t word_rows = 64;

class Boundaries {
 public:
  Boundaries(const Cells& cells, int64_t grain)
      : size_(cells.size), words_((cells.size + word_rows - 1) / word_rows), parts_(parts_of(cells.size, grain)),
        offsets_(parts_ + 1), bits_(words_) {
    with_type(cells.kind, cells.item_size, [&](auto type) { mark<typename decltype(type)::type>(cells); });
    for (int64_t part = 0; part < parts_; ++part) offsets_[part + 1] += offsets_[part];
  }

  int64_t runs() const { return offsets_[parts_]; }

  // Writes where each of the runs() starts, and how long it is.
  void fill(int64_t* starts, int64_t* lengths) const {
    for_each_part([&](int64_t part, int64_t from, int64_t to) {
      write_starts(from, to, starts + offsets_[part]);
      for (int64_t run = offsets_[part]; run + 1 < offsets_[part + 1]; ++run) lengths[run] = starts[run + 1] - starts[run];
    });
    // The last run of a part ends where the next part, if any begins one, has its first.
    for (int64_t part = 0; part < parts_; ++part) {
      const int64_t next = offsets_[part + 1];
      if (next > offsets_[part]) lengths[next - 1] = (next < runs() ? starts[next] : size_) - starts[next - 1];
    }
  }

 private:
  template <class F>
  void for_each_part(F&& f) const {
    parallel_for(parts_, [&](int64_t part) { f(part, cut(words_, part, parts_), cut(words_, part + 1, parts_)); });
  }

  template <class T>
  void mark(const Cells& cells) {
    for_each_part([&](int64_t part, int64_t from, int64_t to) {
      for (int64_t word = from; word < to; ++word) {
        bits_[word] = marked<T>(cells, word * word_rows);
        offsets_[part + 1] += __builtin_popcountll(bits_[word]);
      }
    });
  }

  // The first row of all begins a run, though there is none before it to differ from.
  template <class T>
  static uint64_t marked(const Cells& cells, int64_t row) {
    const int64_t count = std::min(word_rows, cells.size - row);
    uint64_t bits = changes(begin_of<T>(cells) + row, row == 0, count);
    if (cells.validity != nullptr) bits = with_missing(cells, bits, row, count);
    return row == 0 ? bits | 1 : bits;
  }

  template <class T>
  static uint64_t changes(const T* cells, int64_t from, int64_t count) {
    uint8_t flags[word_rows] = {};
    if (from == 0 && count == word_rows) {
      for (int64_t i = 0; i < word_rows; ++i) flags[i] = !equal(cells[i], cells[i - 1]);
    } else {
      for (int64_t i = from; i < count; ++i) flags[i] = !equal(cells[i], cells[i - 1]);
    }
    uint64_t bits = 0;
    for (int64_t i = 0; i < word_rows; i += 8) bits |= packed(flags + i) << i;
    return bits;
  }

  // A missing value equals one that is missing as well, and differs from all others, whatever lies there.
  static uint64_t with_missing(const Cells& cells, uint64_t bits, int64_t row, int64_t count) {
    uint64_t there = 0, before = 0;
    for (int64_t i = 0; i < count; ++i) there |= uint64_t{cells.is_there(row + i)} << i;
    before = there << 1 | uint64_t{row > 0 && cells.is_there(row - 1)};
    if (count < word_rows) before &= (uint64_t{1} << count) - 1;
    return (bits & there & before) | (there ^ before);
  }

  void write_starts(int64_t from, int64_t to, int64_t* out) const {
    for (int64_t word = from; word < to; ++word)
      for (uint64_t bits = bits_[word]; bits != 0; bits &= bits - 1) *out++ = word * word_rows + __builtin_ctzll(bits);
  }

  const int64_t size_, words_, parts_;
  std::vector<int64_t> offsets_;  // runs before each part
  Scratch<uint64_t> bits_;
};

}  // namespace engine
