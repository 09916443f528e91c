// From the 64-bit keys of the left rows of a join to the right rows that have them, in order. A row whose key is missing
// is in no table.
#pragma once
#include <algorithm>
#include <atomic>
#include <utility>

#include "parted.hpp"

namespace engine {

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

  Row* chains() { return next_.data(); }

  bool has_repeats_ = false;

 private:
  Scratch<Row> next_;
};

// The keys of one part, less than half full: a search ends after one or two slots. Where it ends can not be guessed: keys
// are tried side by side, those that go on are listed without a branch, and the list is gone through until it is empty.
template <class Row>
class PartTable {
 public:
  // Room for parts of so many keys. `bits` of the hash are the same for all of a part.
  PartTable(int64_t most, int bits) : bits_(bits), slots_(int64_t{1} << (64 - shift_for(most))) {}

  // Keys in the order of their rows; writes the row after each row of its key. True where a key comes twice.
  bool fill(const Key* keys, int64_t size, Row* next) {
    shift_ = shift_for(size);
    std::fill_n(slots_.data(), mask() + 1, Slot{0, -1});
    Slot nowhere{};
    bool has_repeats = false;
    for (int64_t end = size; end > 0; end -= block) {
      const Key* const last = keys + end - 1;
      const auto put = [&](int64_t i, int64_t at) {
        Slot& slot = slots_[at];
        const Key key = *(last - i);
        const bool is_empty = slot.first < 0, is_same = !is_empty & (slot.word == key.word);
        next[key.row] = slot.first;
        has_repeats |= is_same;
        *(is_empty | is_same ? &slot : &nowhere) = {key.word, static_cast<Row>(key.row)};
        return is_empty | is_same;
      };
      search(std::min(block, end), [&](int64_t i) { return home((last - i)->word); }, put);
    }
    return has_repeats;
  }

  // Writes the first row of each key to first[key.row], or -1.
  void look_up(const Key* keys, int64_t size, Row* first) const {
    for (int64_t begin = 0; begin < size; begin += block) {
      const Key* const some = keys + begin;
      const auto read = [&](int64_t i, int64_t at) {
        const Slot slot = slots_[at];
        first[some[i].row] = slot.first;
        return (slot.first < 0) | (slot.word == some[i].word);
      };
      search(std::min(block, size - begin), [&](int64_t i) { return home(some[i].word); }, read);
    }
  }

 private:
  static constexpr int64_t block = 256;

  struct Slot {
    uint64_t word;
    Row first;
  };

  static int shift_for(int64_t rows) {
    int shift = 60;
    while ((int64_t{1} << (64 - shift)) <= 2 * rows) --shift;
    return shift;
  }

  int64_t mask() const { return (int64_t{1} << (64 - shift_)) - 1; }
  int64_t home(uint64_t word) const { return static_cast<int64_t>(hash_of(word) << bits_ >> shift_); }

  // Calls try_at(i, slot) for each of `count` keys, at most a block, from home_of(i) on until it is true. Keys are
  // tried in turn, so that of equal ones each finds what the one before it did.
  template <class HomeOf, class TryAt>
  void search(int64_t count, HomeOf&& home_of, TryAt&& try_at) const {
    int64_t at[block], open[block + 1];
    int64_t left = 0;
    for (int64_t i = 0; i < count; ++i) {
      at[i] = home_of(i);
      open[left] = i;
      left += !try_at(i, at[i]);
    }
    while (left > 0) {
      const int64_t tried = std::exchange(left, 0);
      for (int64_t j = 0; j < tried; ++j) {
        const int64_t i = open[j];
        at[i] = (at[i] + 1) & mask();
        open[left] = i;
        left += !try_at(i, at[i]);
      }
    }
  }

  const int bits_;
  int shift_ = 60;
  Scratch<Slot> slots_;
};

template <class RowType>
class HashTable : public Chains<RowType> {
 public:
  using Row = RowType;

  explicit HashTable(const Words& words) : Chains<Row>(words.size()), words_(words), bits_(bits_for(words.size())) {}

  // Writes the first right row of each left row, or -1; and finds the chains. Left rows are taken as many at a time as
  // pay for making the tables again: their parts need room.
  void find_all(const Side& left, int64_t grain, Row* first) {
    const Parted right({words_, false}, 0, words_.size(), bits_);
    if (bits_ == 0) return find_unparted(right, left, grain, first);
    const int64_t size = left.words.size(), stretches = size / std::max(least_stretch, 4 * words_.size()) + 1;
    for (int64_t stretch = 0; stretch < stretches; ++stretch)
      find_parted(right, Parted(left, cut(size, stretch, stretches), cut(size, stretch + 1, stretches), bits_), first);
  }

 private:
  static constexpr int64_t rows_of_part = 8'192, least_parted = 32'768, least_stretch = int64_t{1} << 22;

  static int bits_for(int64_t rows) {
    int bits = 0;
    while (rows >= least_parted && bits < Parted::most_bits && (rows_of_part << bits) < rows) ++bits;
    return bits;
  }

  void find_parted(const Parted& right, const Parted& left, Row* first) {
    const int64_t parts = right.parts(), tasks = parts_of(parts, 1);
    std::atomic<bool> has_repeats{false};
    parallel_for(tasks, [&](int64_t task) {
      const int64_t from = cut(parts, task, tasks), to = cut(parts, task + 1, tasks);
      int64_t most = 0;
      for (int64_t part = from; part < to; ++part) most = std::max(most, right.size(part));
      PartTable<Row> table(most, bits_);
      for (int64_t part = from; part < to; ++part) {
        if (table.fill(right.begin(part), right.size(part), this->chains())) has_repeats = true;
        table.look_up(left.begin(part), left.size(part), first);
      }
    });
    for (const Key* key = left.begin(parts); key < left.end(parts); ++key) first[key->row] = -1;
    this->has_repeats_ = has_repeats;
  }

  // One small table, and left rows as they are.
  void find_unparted(const Parted& right, const Side& left, int64_t grain, Row* first) {
    PartTable<Row> table(right.size(0), bits_);
    this->has_repeats_ = table.fill(right.begin(0), right.size(0), this->chains());
    const int64_t size = left.words.size(), parts = parts_of(size, grain);
    parallel_for(parts, [&](int64_t part) {
      constexpr int64_t block = 256;
      Key keys[block + 1];
      for (int64_t row = cut(size, part, parts), to = cut(size, part + 1, parts); row < to;) {
        int64_t count = 0;
        for (const int64_t end = std::min(to, row + block); row < end; ++row) {
          first[row] = -1;
          keys[count] = {left.words[row], row};
          count += left.can_match(row);
        }
        table.look_up(keys, count, first);
      }
    });
  }

  const Words& words_;
  const int bits_;
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

  // Writes the first right row of each left row, or -1.
  void find_all(const Side& left, int64_t grain, Row* first) const {
    const int64_t size = left.words.size(), parts = parts_of(size, grain);
    parallel_for(parts, [&](int64_t part) {
      for (int64_t row = cut(size, part, parts), to = cut(size, part + 1, parts); row < to; ++row) {
        if (row + ahead < to) prefetch(left.words[row + ahead]);
        first[row] = left.can_match(row) ? find(left.words[row]) : Row{-1};
      }
    });
  }

 private:
  Row find(uint64_t word) const { return span_.contains(word) ? first_[span_.index_of(word)] : Row{-1}; }

  void prefetch(uint64_t word) const {
    if (span_.contains(word)) __builtin_prefetch(&first_[span_.index_of(word)]);
  }

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
