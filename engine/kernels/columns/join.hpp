// A relational join of two arrays of keys: the rows of the right side go into a table, each row of the left side
// looks its key up there, and the pairs are written in the order of the left. A missing key matches nothing.
#pragma once
#include <algorithm>
#include <memory>
#include <vector>

#include "../pool.hpp"
#include "tables.hpp"

namespace engine {

// What a kind of join keeps.
struct Keep {
  int64_t matches;       // of each left row at most so many: 0 anti, 1 semi, otherwise all
  bool left_unmatched;   // with -1 for the right
  bool right_unmatched;  // with -1 for the left, after all others
};

class Join {
 public:
  virtual ~Join() = default;
  virtual int64_t size() const = 0;
  virtual void fill(int64_t* left, int64_t* right) const = 0;
};

template <class Table>
class TableJoin final : public Join {
  using Row = typename Table::Row;

 public:
  TableJoin(const Side& left, int64_t right_size, Table& table, Keep keep, int64_t grain)
      : table_(table), keep_(keep), left_size_(left.words.size()), right_size_(right_size),
        parts_(parts_of(left_size_, grain)), first_(left_size_), offsets_(parts_ + 1) {
    table.find_all(left, grain, first_.data());
    parallel_for(parts_, [&](int64_t part) {
      offsets_[part + 1] = count(cut(left_size_, part, parts_), cut(left_size_, part + 1, parts_));
    });
    for (int64_t part = 0; part < parts_; ++part) offsets_[part + 1] += offsets_[part];
    if (keep_.right_unmatched) find_unmatched();
  }

  int64_t size() const override { return offsets_[parts_] + static_cast<int64_t>(unmatched_.size()); }

  void fill(int64_t* left, int64_t* right) const override {
    parallel_for(parts_, [&](int64_t part) {
      const int64_t from = cut(left_size_, part, parts_), to = cut(left_size_, part + 1, parts_);
      if (is_plain()) {
        write_found(from, to, left + offsets_[part], right + offsets_[part], offsets_[part + 1] - offsets_[part]);
      } else {
        write_all(from, to, left + offsets_[part], right + offsets_[part]);
      }
    });
    std::fill_n(left + offsets_[parts_], unmatched_.size(), int64_t{-1});
    std::copy(unmatched_.begin(), unmatched_.end(), right + offsets_[parts_]);
  }

 private:
  // Each left row has one pair or none: the first match is all there is to know.
  bool is_plain() const { return keep_.matches >= 1 && !keep_.left_unmatched && (keep_.matches == 1 || !table_.has_repeats()); }

  int64_t count(int64_t from, int64_t to) const {
    if (is_plain()) return std::count_if(first_.data() + from, first_.data() + to, [](Row row) { return row >= 0; });
    int64_t pairs = 0;
    for (int64_t i = from; i < to; ++i) {
      int64_t kept = first_[i] < 0 && keep_.left_unmatched;
      for (Row row = first_[i]; row >= 0 && kept < keep_.matches; row = table_.next(row)) ++kept;
      pairs += kept;
    }
    return pairs;
  }

  // Each pair is written where the last one found ended: no branch to guess wrong.
  void write_found(int64_t from, int64_t to, int64_t* left, int64_t* right, int64_t size) const {
    for (int64_t i = from, at = 0; i < to && at < size; ++i) {
      left[at] = i;
      right[at] = first_[i];
      at += first_[i] >= 0;
    }
  }

  void write_all(int64_t from, int64_t to, int64_t* left, int64_t* right) const {
    const auto write = [&](int64_t left_row, int64_t right_row) {
      *left++ = left_row;
      *right++ = right_row;
    };
    for (int64_t i = from; i < to; ++i) {
      if (first_[i] < 0 && keep_.left_unmatched) write(i, -1);
      int64_t kept = 0;
      for (Row row = first_[i]; row >= 0 && kept < keep_.matches; row = table_.next(row), ++kept) write(i, row);
    }
  }

  // Rows of one key are chained, and a look-up marks the first: a row is matched when its chain was found.
  void find_unmatched() {
    std::vector<char> matched(right_size_, 0);
    for (int64_t i = 0; i < left_size_; ++i) {
      if (first_[i] < 0 || matched[first_[i]]) continue;
      for (Row row = first_[i]; row >= 0; row = table_.next(row)) matched[row] = 1;
    }
    for (int64_t row = 0; row < right_size_; ++row)
      if (!matched[row]) unmatched_.push_back(row);
  }

  const Table& table_;
  const Keep keep_;
  const int64_t left_size_, right_size_, parts_;
  Scratch<Row> first_;  // for each left row its first match, or -1
  std::vector<int64_t> offsets_;
  std::vector<int64_t> unmatched_;
};

// A join together with the table that it reads.
template <class Table>
class OwningJoin final : public Join {
 public:
  template <class... Made>
  OwningJoin(const Side& left, const Words& right, Keep keep, int64_t grain, const Made&... made)
      : table_(right, made...), join_(left, right.size(), table_, keep, grain) {}
  int64_t size() const override { return join_.size(); }
  void fill(int64_t* left, int64_t* right) const override { join_.fill(left, right); }

 private:
  Table table_;
  const TableJoin<Table> join_;
};

template <class Row>
std::unique_ptr<Join> make_table_join(const Side& left, const Words& right, Keep keep, int64_t grain) {
  if (const Span span(right); span.is_dense())
    return std::make_unique<OwningJoin<DirectTable<Row>>>(left, right, keep, grain, span);
  return std::make_unique<OwningJoin<HashTable<Row>>>(left, right, keep, grain);
}

// Rows are numbered in 32 bits, half the memory, as long as the right side has no more than narrow_rows.
inline Join* make_join(const Cells& left, const Cells& right, Keep keep, int64_t narrow_rows, int64_t grain) {
  const bool signs_differ = (left.kind == 'i' && right.kind == 'u') || (left.kind == 'u' && right.kind == 'i');
  const Words left_words(left), right_words(right);
  const auto make = right.size <= narrow_rows ? make_table_join<int32_t> : make_table_join<int64_t>;
  return make({left_words, signs_differ}, right_words, keep, grain).release();
}

}  // namespace engine
