// Numbers for keys, in the order in which they are first seen.
#pragma once
#include <algorithm>
#include <utility>
#include <vector>

#include "tables.hpp"

namespace engine {

class Numbering {
 public:
  Numbering() : slots_(capacity()) { clear(); }

  // Writes each row's number to ids, and for each number the row that was first to firsts. All missing keys are one.
  void number(const Words& words, int64_t* ids, std::vector<int64_t>& firsts) {
    for (int64_t row = 0; row < words.size(); ++row) {
      if (row + ahead < words.size()) prefetch(words[row + ahead]);
      int64_t& number = words.is_there(row) ? number_of(words[row]) : of_missing_;
      if (number < 0) {
        number = static_cast<int64_t>(firsts.size());
        firsts.push_back(row);
      }
      ids[row] = number;
    }
  }

  // The number of a key, or -1.
  int64_t find(uint64_t word) const { return slots_[locate(word)].number; }

  void prefetch(uint64_t word) const { __builtin_prefetch(&slots_[home(word)]); }

 private:
  struct Slot {
    uint64_t word;
    int64_t number;
  };

  int64_t capacity() const { return int64_t{1} << (64 - shift_); }
  int64_t home(uint64_t word) const { return static_cast<int64_t>(hash_of(word) >> shift_); }

  void clear() { std::fill_n(slots_.data(), capacity(), Slot{0, -1}); }

  int64_t locate(uint64_t word) const {
    int64_t at = home(word);
    while (slots_[at].number >= 0 && slots_[at].word != word) at = (at + 1) & (capacity() - 1);
    return at;
  }

  // Where the number of a key stands, or -1 with the key beside it.
  int64_t& number_of(uint64_t word) {
    int64_t at = locate(word);
    if (slots_[at].number < 0) {
      if (2 * ++used_ > capacity()) at = grow(word);
      slots_[at].word = word;
    }
    return slots_[at].number;
  }

  // Doubles the table, and says where in it `word` is to be.
  int64_t grow(uint64_t word) {
    const int64_t before = capacity();
    Scratch<Slot> old(2 * before);
    std::swap(old, slots_);
    --shift_;
    clear();
    for (int64_t i = 0; i < before; ++i)
      if (old[i].number >= 0) slots_[locate(old[i].word)] = old[i];
    return locate(word);
  }

  int shift_ = 64 - 10;
  int64_t used_ = 0;
  int64_t of_missing_ = -1;
  Scratch<Slot> slots_;
};

}  // namespace engine
