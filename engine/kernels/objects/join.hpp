// A hash join of rows whose keys are at hand. Rows are matched as numbers first; objects are made at the end, when it
// is known how many there are and which memory comes next.
#pragma once
#include <Python.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include "plain.hpp"
#include "references.hpp"
#include "table.hpp"

namespace engine::objects {

using Row = int32_t;
inline constexpr Row no_row = -1;
inline constexpr Py_ssize_t most_rows = 0x7fffffff;

// Row numbers side by side; `no_row` for a missing side.
struct Pairs {
  std::vector<Row> left;
  std::vector<Row> right;

  void add(Row left_row, Row right_row) {
    left.push_back(left_row);
    right.push_back(right_row);
  }
};

// Which rows beside the pairs a join keeps.
struct Kept {
  bool left;
  bool right;
};

namespace joining {

// Memory is asked for this many rows ahead: the key, its slot in the table, and the key in that slot.
inline constexpr Py_ssize_t key_ahead = 32;
inline constexpr Py_ssize_t slot_ahead = 16;
inline constexpr Py_ssize_t match_ahead = 8;
// When pairs are made: the pointer to the right record, then both records, whose reference counts will be written.
inline constexpr size_t pointer_ahead = 32;
inline constexpr size_t record_write_ahead = 16;

inline void require_countable(Py_ssize_t rows) {
  if (rows > most_rows) {
    throw std::overflow_error("a side of a join must have at most 2147483647 rows, got " + std::to_string(rows));
  }
}

// Hashes of keys, a few rows ahead of their use, so that the table can be asked for its slots in time.
class Hashes {
 public:
  Hashes(PyObject* const* keys, Py_ssize_t count, const KeyTable& table, bool nulls_match)
      : keys_(keys), count_(count), table_(table), nulls_match_(nulls_match) {}

  bool meets(Py_ssize_t row) const { return nulls_match_ || keys_[row] != Py_None; }

  // The hash of a row's key. Rows have to be asked for in order, each of them once. -1 with an error set.
  Py_hash_t next(Py_ssize_t row) {
    if (row + key_ahead < count_) __builtin_prefetch(keys_[row + key_ahead]);
    for (; known_ < count_ && known_ <= row + slot_ahead; ++known_) {
      if (known_ > row && !is_quick(keys_[known_])) break;
      const Py_hash_t hash = meets(known_) ? hash_of(keys_[known_]) : 0;
      if (hash == -1) return -1;
      ring_[known_ % ring_size] = hash;
      table_.prefetch_slot(hash);
    }
    if (row + match_ahead < known_) table_.prefetch_key(ring_[(row + match_ahead) % ring_size]);
    return ring_[row % ring_size];
  }

 private:
  static constexpr Py_ssize_t ring_size = 32;
  static_assert(slot_ahead < ring_size);

  // Only these may be hashed out of turn: it can neither fail nor run Python code.
  static bool is_quick(PyObject* key) { return is_plain_scalar(key); }

  PyObject* const* keys_;
  Py_ssize_t count_;
  const KeyTable& table_;
  bool nulls_match_;
  Py_ssize_t known_ = 0;
  Py_hash_t ring_[ring_size];
};

// Numbers of keys that are integers close to each other: their values are places in an array, and nothing is hashed.
class DenseNumbers {
 public:
  // Whether all keys are such; those that meet nothing are left out.
  bool fit(PyObject* const* keys, Py_ssize_t count, bool nulls_match) {
    int64_t least = std::numeric_limits<int64_t>::max();
    int64_t most = std::numeric_limits<int64_t>::min();
    for (Py_ssize_t row = 0; row < count; ++row) {
      if (row + key_ahead < count) __builtin_prefetch(keys[row + key_ahead]);
      if (keys[row] == Py_None && !nulls_match) continue;
      int64_t value;
      if (!read_compact(keys[row], &value)) return false;
      least = std::min(least, value);
      most = std::max(most, value);
    }
    if (least > most || most - least > most_per_key * count) return false;
    least_ = least;
    numbers_.assign(static_cast<size_t>(most - least) + 1, no_row);
    return true;
  }

  bool is_used() const { return !numbers_.empty(); }

  // The number of a key, `no_row`, or a place to put it at; NULL for a value that no key can have.
  Row* at(int64_t value) {
    const uint64_t place = static_cast<uint64_t>(value) - static_cast<uint64_t>(least_);
    return place < numbers_.size() ? &numbers_[place] : nullptr;
  }
  Row find(int64_t value) const {
    const uint64_t place = static_cast<uint64_t>(value) - static_cast<uint64_t>(least_);
    return place < numbers_.size() ? numbers_[place] : no_row;
  }

 private:
  static constexpr int64_t most_per_key = 8;  // the table takes 32 bytes for a key

  int64_t least_ = 0;
  std::vector<Row> numbers_;
};

}  // namespace joining

// The rows of the right side by key: the keys have numbers, and the rows of a number stand together, in order.
class JoinIndex {
 public:
  JoinIndex() : table_(0) {}

  // False with an error set, which arose at `*failed_row`. Safety: the keys outlive the index.
  bool build(PyObject* const* keys, Py_ssize_t count, bool nulls_match, Py_ssize_t* failed_row) {
    joining::require_countable(count);
    nulls_match_ = nulls_match;
    std::vector<Row> numbers(static_cast<size_t>(count), no_row);
    if (dense_.fit(keys, count, nulls_match)) {
      number_densely(keys, &numbers);
    } else if (!number_by_table(keys, &numbers, failed_row)) {
      return false;
    }
    arrange(numbers);
    return true;
  }

  // The number of the key of each left row, or `no_row`. False with an error set, which arose at `*failed_row`.
  bool match(PyObject* const* keys, Py_ssize_t count, std::vector<Row>* numbers, Py_ssize_t* failed_row) {
    joining::require_countable(count);
    numbers->resize(static_cast<size_t>(count));
    if (dense_.is_used()) return match_densely(keys, numbers, failed_row);
    joining::Hashes hashes(keys, count, table_, nulls_match_);
    for (Py_ssize_t row = 0; row < count; ++row) {
      *failed_row = row;
      const Py_hash_t hash = hashes.next(row);
      if (hash == -1) return false;
      const Py_ssize_t number = hashes.meets(row) ? table_.find(keys[row], hash) : KeyTable::absent;
      if (number == KeyTable::failed) return false;
      (*numbers)[row] = static_cast<Row>(number);
    }
    return true;
  }

  // The number of one key, `KeyTable::absent`, or `KeyTable::failed` with an error set.
  Py_ssize_t find(PyObject* key) {
    if (key == Py_None && !nulls_match_) return KeyTable::absent;
    int64_t value;
    if (dense_.is_used()) {
      if (read_compact(key, &value)) return dense_.find(value);
      complete_table();
    }
    const Py_hash_t hash = hash_of(key);
    return hash == -1 ? KeyTable::failed : table_.find(key, hash);
  }

  Py_ssize_t size() const { return size_; }
  bool is_unique() const { return starts_.empty(); }
  const Row* begin(Py_ssize_t number) const { return &rows_[is_unique() ? number : starts_[number]]; }
  const Row* end(Py_ssize_t number) const { return is_unique() ? begin(number) + 1 : &rows_[0] + starts_[number + 1]; }

  // Where a number's rows are found, for a reader that knows which numbers come next.
  [[gnu::always_inline]] void prefetch(Py_ssize_t number) const {
    if (is_unique()) {
      __builtin_prefetch(&rows_[number]);
    } else {
      __builtin_prefetch(&starts_[number]);
    }
  }

 private:
  void number_densely(PyObject* const* keys, std::vector<Row>* numbers) {
    for (size_t row = 0; row < numbers->size(); ++row) {
      int64_t value;
      if (!read_compact(keys[row], &value)) continue;
      Row* const number = dense_.at(value);
      if (*number == no_row) {
        *number = static_cast<Row>(size_++);
        distinct_.push_back(keys[row]);
      }
      (*numbers)[row] = *number;
    }
  }

  bool number_by_table(PyObject* const* keys, std::vector<Row>* numbers, Py_ssize_t* failed_row) {
    const Py_ssize_t count = static_cast<Py_ssize_t>(numbers->size());
    table_ = KeyTable(count);
    joining::Hashes hashes(keys, count, table_, nulls_match_);
    for (Py_ssize_t row = 0; row < count; ++row) {
      *failed_row = row;
      const Py_hash_t hash = hashes.next(row);
      if (hash == -1) return false;
      if (!hashes.meets(row)) continue;
      const Py_ssize_t number = table_.find_or_add(keys[row], hash);
      if (number == KeyTable::failed) return false;
      (*numbers)[row] = static_cast<Row>(number);
    }
    size_ = table_.size();
    return true;
  }

  bool match_densely(PyObject* const* keys, std::vector<Row>* numbers, Py_ssize_t* failed_row) {
    const size_t count = numbers->size();
    for (size_t row = 0; row < count; ++row) {
      if (row + joining::key_ahead < count) __builtin_prefetch(keys[row + joining::key_ahead]);
      int64_t value;
      if (read_compact(keys[row], &value)) {
        (*numbers)[row] = dense_.find(value);
        continue;
      }
      *failed_row = static_cast<Py_ssize_t>(row);
      const Py_ssize_t number = find(keys[row]);
      if (number == KeyTable::failed) return false;
      (*numbers)[row] = static_cast<Row>(number);
    }
    return true;
  }

  // For a key of another type, which may equal an integer all the same; integers neither fail nor run Python code.
  void complete_table() {
    if (table_.size() == size_) return;
    table_ = KeyTable(size_);
    for (PyObject* const key : distinct_) table_.find_or_add(key, hash_of(key));
  }

  void arrange(const std::vector<Row>& numbers) {
    const Py_ssize_t met = static_cast<Py_ssize_t>(numbers.size()) - std::count(numbers.begin(), numbers.end(), no_row);
    rows_.resize(static_cast<size_t>(met));
    if (met == size()) {
      // Every key stands in one row: its number counts the rows before it that have a key.
      Row number = 0;
      for (size_t row = 0; row < numbers.size(); ++row) {
        if (numbers[row] != no_row) rows_[number++] = static_cast<Row>(row);
      }
      return;
    }
    starts_.assign(static_cast<size_t>(size()) + 2, 0);
    for (const Row number : numbers) {
      if (number != no_row) ++starts_[number + 2];
    }
    for (size_t number = 2; number < starts_.size(); ++number) starts_[number] += starts_[number - 1];
    for (size_t row = 0; row < numbers.size(); ++row) {
      if (numbers[row] != no_row) rows_[starts_[numbers[row] + 1]++] = static_cast<Row>(row);
    }
  }

  joining::DenseNumbers dense_;
  std::vector<PyObject*> distinct_;  // by number, for a table that is needed late
  KeyTable table_;
  Py_ssize_t size_ = 0;
  bool nulls_match_ = false;
  std::vector<Row> starts_;  // by number, where its rows begin; empty when each has one
  std::vector<Row> rows_;
};

// The pairs in the order of the left side; right rows that met nothing come last.
inline void pair_rows(const JoinIndex& index, const std::vector<Row>& numbers, Py_ssize_t right_count, Kept kept,
                      Pairs* pairs) {
  pairs->left.reserve(numbers.size());
  pairs->right.reserve(numbers.size());
  std::vector<bool> met(kept.right ? static_cast<size_t>(right_count) : 0);
  for (size_t row = 0; row < numbers.size(); ++row) {
    if (row + joining::slot_ahead < numbers.size() && numbers[row + joining::slot_ahead] != no_row) {
      index.prefetch(numbers[row + joining::slot_ahead]);
    }
    const Row number = numbers[row];
    if (number == no_row) {
      if (kept.left) pairs->add(static_cast<Row>(row), no_row);
      continue;
    }
    for (const Row* match = index.begin(number); match != index.end(number); ++match) {
      pairs->add(static_cast<Row>(row), *match);
      if (kept.right) met[*match] = true;
    }
  }
  if (!kept.right) return;
  for (Py_ssize_t row = 0; row < right_count; ++row) {
    if (!met[row]) pairs->add(no_row, static_cast<Row>(row));
  }
}

inline PyObject* side_of(PyObject* const* items, Row row) { return row == no_row ? Py_None : items[row]; }

// A list of (left item, right item). Runs no Python code. NULL with a MemoryError.
inline PyObject* join_pairs(PyObject* const* left, PyObject* const* right, const Pairs& pairs) {
  const size_t count = pairs.left.size();
  Reference joined = Reference::owning(PyList_New(static_cast<Py_ssize_t>(count)));
  if (!joined) return nullptr;
  for (size_t i = 0; i < count; ++i) {
    if (i + joining::pointer_ahead < count && pairs.right[i + joining::pointer_ahead] != no_row) {
      __builtin_prefetch(&right[pairs.right[i + joining::pointer_ahead]]);
    }
    if (i + joining::record_write_ahead < count) {
      __builtin_prefetch(side_of(right, pairs.right[i + joining::record_write_ahead]), 1);
      __builtin_prefetch(side_of(left, pairs.left[i + joining::record_write_ahead]), 1);
    }
    PyObject* const pair = PyTuple_New(2);
    if (pair == nullptr) return nullptr;
    PyTuple_SET_ITEM(pair, 0, Py_NewRef(side_of(left, pairs.left[i])));
    PyTuple_SET_ITEM(pair, 1, Py_NewRef(side_of(right, pairs.right[i])));
    PyList_SET_ITEM(joined.get(), static_cast<Py_ssize_t>(i), pair);
  }
  return joined.release();
}

// A list of the left items that met a row, or that met none. Runs no Python code. NULL with a MemoryError.
inline PyObject* join_alone(PyObject* const* left, const std::vector<Row>& numbers, bool wanted) {
  std::vector<Row> rows;
  for (size_t row = 0; row < numbers.size(); ++row) {
    if ((numbers[row] != no_row) == wanted) rows.push_back(static_cast<Row>(row));
  }
  Reference joined = Reference::owning(PyList_New(static_cast<Py_ssize_t>(rows.size())));
  if (!joined) return nullptr;
  for (size_t i = 0; i < rows.size(); ++i) {
    if (i + joining::record_write_ahead < rows.size()) {
      __builtin_prefetch(left[rows[i + joining::record_write_ahead]], 1);
    }
    PyList_SET_ITEM(joined.get(), static_cast<Py_ssize_t>(i), Py_NewRef(left[rows[i]]));
  }
  return joined.release();
}

}  // namespace engine::objects
