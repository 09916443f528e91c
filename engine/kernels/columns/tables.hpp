// From a 64-bit key to the rows that have it, in order. Tables are built once, by several threads that each fill a
// slice of their own, and then read by many. A row whose key is missing is in no table.
#pragma once
#include <algorithm>
#include <atomic>
#include <utility>

#include "words.hpp"

namespace engine {

// One multiplication spreads a key over the high bits; the shift first lets the key's own high bits take part
// (doubles that hold small whole numbers differ only there).
inline uint64_t hash_of(uint64_t word) { return (word ^ (word >> 32)) * 0x9e3779b97f4a7c15u; }

// Look-ups under way at once, to hide the memory's latency.
inline constexpr int64_t ahead = 24;

// The rows of each key as a list through an array: the table holds the first, next_ the one after each. Where no
// key comes twice, and most tables are so, the array is never read.
template <class RowType>
class Chains {
 public:
  using Row = RowType;
  explicit Chains(int64_t rows) : next_(rows) {}
  bool has_repeats() const { return has_repeats_; }
  Row next(Row row) const { return has_repeats_ ? next_[row] : Row{-1}; }

 protected:
  // Rows must come in falling order, so that lists rise. True where the key was there before.
  bool put_first(Row& first, int64_t row) {
    const bool is_repeat = first >= 0;
    next_[row] = first;
    first = static_cast<Row>(row);
    return is_repeat;
  }

  // Calls put(row) for every row with a key that is_mine says belongs here, in falling order; whether one of them
  // gave true. Rows are picked a block at a time, without a branch, as any of them is as likely as not.
  template <class IsMine, class Prefetch, class Put>
  static bool for_each_row(const Words& words, IsMine&& is_mine, Prefetch&& prefetch, Put&& put) {
    constexpr int64_t block = 256;
    int64_t mine[block + 1];
    bool has_repeats = false;
    for (int64_t end = words.size(); end > 0; end -= block) {
      int64_t count = 0;
      for (int64_t row = end - 1; row >= std::max<int64_t>(0, end - block); --row) {
        mine[count] = row;
        count += is_mine(words[row]) & words.is_there(row);
      }
      for (int64_t i = 0; i < count + ahead; ++i) {
        if (i < count) prefetch(words[mine[i]]);
        if (i >= ahead) has_repeats |= put(mine[i - ahead]);
      }
    }
    return has_repeats;
  }

  // Each thread passes over all rows and takes those of its slice: pays up to a few threads.
  static int64_t slices_for(int64_t rows) {
    return rows < light_grain || process_pool->workers() == 1 ? 1 : 2;
  }

  bool has_repeats_ = false;

 private:
  Scratch<Row> next_;
};

template <class RowType>
class HashTable : public Chains<RowType> {
 public:
  using Row = RowType;

  explicit HashTable(const Words& words)
      : Chains<Row>(words.size()), shift_(shift_for(words.size())), slices_(this->slices_for(words.size())),
        slice_mask_(capacity() / slices_ - 1), slots_(capacity()) {
    std::atomic<bool> has_repeats{false};
    parallel_for(slices_, [&](int64_t slice) {
      if (fill(words, slice)) has_repeats = true;
    });
    this->has_repeats_ = has_repeats;
  }

  Row find(uint64_t word) const { return slots_[locate(word, home(word))].first; }

  void prefetch(uint64_t word) const { __builtin_prefetch(&slots_[home(word)]); }

 private:
  struct Slot {
    uint64_t word;
    Row first;
  };

  // Less than half full: a search ends after one or two slots. In a slice, which is half of the table or all of
  // it, a search always finds an empty slot, even if all keys were to fall into one.
  static int shift_for(int64_t rows) {
    int shift = 60;
    while ((int64_t{1} << (64 - shift)) <= 2 * rows) --shift;
    return shift;
  }

  int64_t capacity() const { return int64_t{1} << (64 - shift_); }
  int64_t home(uint64_t word) const { return static_cast<int64_t>(hash_of(word) >> shift_); }

  int64_t locate(uint64_t word, int64_t at) const {
    // One branch, not two: it does not matter which of them ends the search.
    while ((slots_[at].first >= 0) & (slots_[at].word != word)) at = (at & ~slice_mask_) | ((at + 1) & slice_mask_);
    return at;
  }

  bool fill(const Words& words, int64_t slice) {
    const int64_t begin = slice * (slice_mask_ + 1);
    std::fill_n(slots_.data() + begin, slice_mask_ + 1, Slot{0, -1});
    const auto is_mine = [&](uint64_t word) { return (home(word) & ~slice_mask_) == begin; };
    const auto prefetch_home = [&](uint64_t word) { __builtin_prefetch(&slots_[home(word)], 1); };
    return this->for_each_row(words, is_mine, prefetch_home, [&](int64_t row) {
      const uint64_t word = words[row];
      return put(slots_[locate(word, home(word))], word, row);
    });
  }

  bool put(Slot& slot, uint64_t word, int64_t row) {
    slot.word = word;
    return this->put_first(slot.first, row);
  }

  const int shift_;
  const int64_t slices_, slice_mask_;
  Scratch<Slot> slots_;
};

template <class RowType>
class DirectTable : public Chains<RowType> {
 public:
  using Row = RowType;

  DirectTable(const Words& words, const Span& span)
      : Chains<Row>(words.size()), span_(span), first_(span.size()) {
    const int64_t slices = this->slices_for(words.size());
    std::atomic<bool> has_repeats{false};
    parallel_for(slices, [&](int64_t slice) {
      if (fill(words, cut(span_.size(), slice, slices), cut(span_.size(), slice + 1, slices))) has_repeats = true;
    });
    this->has_repeats_ = has_repeats;
  }

  Row find(uint64_t word) const { return span_.contains(word) ? first_[span_.index_of(word)] : Row{-1}; }

  void prefetch(uint64_t word) const {
    if (span_.contains(word)) __builtin_prefetch(&first_[span_.index_of(word)]);
  }

 private:
  bool fill(const Words& words, int64_t from, int64_t to) {
    std::fill(first_.data() + from, first_.data() + to, Row{-1});
    // A word outside was changed by another thread since the span was taken; its row is in no list.
    const auto is_mine = [&](uint64_t word) {
      return span_.contains(word) & (span_.index_of(word) >= from) & (span_.index_of(word) < to);
    };
    const auto prefetch_first = [&](uint64_t word) { __builtin_prefetch(&first_[span_.index_of(word)], 1); };
    return this->for_each_row(words, is_mine, prefetch_first, [&](int64_t row) {
      return this->put_first(first_[span_.index_of(words[row])], row);
    });
  }

  const Span span_;
  Scratch<Row> first_;
};

}  // namespace engine
