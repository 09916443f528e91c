// From a 64-bit key to the rows that have it, in order. Tables are built once and then read by many threads.
#pragma once
#include <algorithm>
#include <utility>
#include <vector>

#include "cells.hpp"

namespace engine {

// One multiplication spreads a key over the high bits; the shift first lets the key's own high bits take part
// (doubles that hold small whole numbers differ only there).
inline uint64_t hash_of(uint64_t word) { return (word ^ (word >> 32)) * 0x9e3779b97f4a7c15u; }

// The rows of each key as a list through an array: the table holds the first, next_ the one after each.
template <class RowType>
class Chains {
 public:
  using Row = RowType;
  explicit Chains(int64_t rows) : next_(rows) {}
  Row next(Row row) const { return next_[row]; }

 protected:
  // Rows must come in falling order, so that lists rise.
  void put_first(Row& first, int64_t row) {
    next_[row] = first;
    first = static_cast<Row>(row);
  }

 private:
  Scratch<Row> next_;
};

template <class RowType>
class HashTable : public Chains<RowType> {
 public:
  using Row = RowType;

  explicit HashTable(const Words& words) : Chains<Row>(words.size()), shift_(shift_for(words.size())), slots_(int64_t{1} << (64 - shift_)) {
    std::fill_n(slots_.data(), int64_t{1} << (64 - shift_), Slot{0, -1});
    for (int64_t row = words.size() - 1; row >= 0; --row) {
      if (row >= ahead) prefetch(words[row - ahead]);
      const uint64_t word = words[row];
      Slot& slot = slots_[locate(word)];
      slot.word = word;
      this->put_first(slot.first, row);
    }
  }

  Row find(uint64_t word) const { return slots_[locate(word)].first; }

  void prefetch(uint64_t word) const { __builtin_prefetch(&slots_[home(word)]); }

 private:
  static constexpr int64_t ahead = 16;

  struct Slot {
    uint64_t word;
    Row first;
  };

  // At most half full: a search ends after one or two slots, and always finds an empty one.
  static int shift_for(int64_t rows) {
    int shift = 60;
    while ((int64_t{1} << (64 - shift)) < 2 * rows) --shift;
    return shift;
  }

  int64_t home(uint64_t word) const { return static_cast<int64_t>(hash_of(word) >> shift_); }

  int64_t locate(uint64_t word) const {
    const int64_t mask = (int64_t{1} << (64 - shift_)) - 1;
    int64_t at = home(word);
    while (slots_[at].first >= 0 && slots_[at].word != word) at = (at + 1) & mask;
    return at;
  }

  int shift_;
  Scratch<Slot> slots_;
};

// The range of keys, to see whether an array indexed by key is no larger than a hash table would be.
class Span {
 public:
  explicit Span(const Words& words) : rows_(words.size()) {
    if (rows_ == 0) return;
    int64_t low = std::numeric_limits<int64_t>::max(), high = std::numeric_limits<int64_t>::min();
    for (int64_t i = 0; i < rows_; ++i) {
      const int64_t value = static_cast<int64_t>(words[i]);
      low = std::min(low, value);
      high = std::max(high, value);
    }
    low_ = static_cast<uint64_t>(low);
    last_ = static_cast<uint64_t>(high) - low_;
  }

  bool is_dense() const { return last_ < 4 * static_cast<uint64_t>(rows_); }
  int64_t size() const { return rows_ == 0 ? 0 : static_cast<int64_t>(last_) + 1; }
  bool contains(uint64_t word) const { return rows_ > 0 && word - low_ <= last_; }
  int64_t index_of(uint64_t word) const { return static_cast<int64_t>(word - low_); }

 private:
  int64_t rows_;
  uint64_t low_ = 0;
  uint64_t last_ = 0;
};

template <class RowType>
class DirectTable : public Chains<RowType> {
 public:
  using Row = RowType;

  DirectTable(const Words& words, const Span& span) : Chains<Row>(words.size()), span_(span), first_(span.size()) {
    std::fill_n(first_.data(), span.size(), Row{-1});
    for (int64_t row = words.size() - 1; row >= 0; --row) {
      const uint64_t word = words[row];
      // A word outside was changed by another thread since the span was taken; its row is in no list.
      if (span_.contains(word)) this->put_first(first_[span_.index_of(word)], row);
    }
  }

  Row find(uint64_t word) const { return span_.contains(word) ? first_[span_.index_of(word)] : Row{-1}; }

  void prefetch(uint64_t word) const {
    if (span_.contains(word)) __builtin_prefetch(&first_[span_.index_of(word)]);
  }

 private:
  Span span_;
  Scratch<Row> first_;
};

// Numbers keys in the order in which they are first seen.
class Numbering {
 public:
  Numbering() : slots_(int64_t{1} << (64 - shift_)) { clear(); }

  // Writes each row's number to ids, and for each number the row that was first to firsts.
  void number(const Words& words, int64_t* ids, std::vector<int64_t>& firsts) {
    for (int64_t row = 0; row < words.size(); ++row) {
      const uint64_t word = words[row];
      int64_t at = locate(word);
      if (slots_[at].number < 0) {
        slots_[at] = {word, static_cast<int64_t>(firsts.size())};
        firsts.push_back(row);
        if (2 * static_cast<int64_t>(firsts.size()) > capacity()) at = grow(word);
      }
      ids[row] = slots_[at].number;
    }
  }

 private:
  struct Slot {
    uint64_t word;
    int64_t number;
  };

  int64_t capacity() const { return int64_t{1} << (64 - shift_); }

  void clear() { std::fill_n(slots_.data(), capacity(), Slot{0, -1}); }

  int64_t locate(uint64_t word) const {
    int64_t at = static_cast<int64_t>(hash_of(word) >> shift_);
    while (slots_[at].number >= 0 && slots_[at].word != word) at = (at + 1) & (capacity() - 1);
    return at;
  }

  // Doubles the table, and says where in it `word` is now.
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
  Scratch<Slot> slots_;
};

}  // namespace engine
