// Aggregates of groups and of runs, over items in memory a block at a time or over any items one by one.
#pragma once
#include <Python.h>

#include <algorithm>
#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "aggregates.hpp"
#include "chunk.hpp"
#include "collector.hpp"
#include "numbering.hpp"
#include "reader.hpp"
#include "references.hpp"

namespace engine::objects {

// The columns asked for, and how the value for each is read.
class Aggregation {
 public:
  // The reader is the caller's to make ready; it stays where it is.
  Reader* ask_for(How how) {
    asked_.push_back(Asked{column_of(how), Reader(), {}});
    return &asked_.back().reader;
  }

  // Whether no column needs a callable.
  bool can_read() const {
    return std::all_of(asked_.begin(), asked_.end(), [](const Asked& one) {
      return !one.column->reads() || one.reader.can_read();
    });
  }

  void open_group() {
    for (const Asked& one : asked_) one.column->open_group();
  }

  void clear() {
    for (const Asked& one : asked_) one.column->clear();
  }

  void add(size_t column, size_t group, PyObject* value) { asked_[column].column->add(group, value); }

  // The value of an item for a column, borrowed, as far as it can be had without running Python code.
  PyObject* find(size_t column, PyObject* item) { return asked_[column].reader.find(item); }

  void prefetch(const Held& held, Py_ssize_t position) {
    if (position >= held.count) return;
    for (Asked& one : asked_) {
      if (one.column->reads()) __builtin_prefetch(one.reader.find(held.items[position]));
    }
  }

  // Reads the values of at most a block of items; false when they can not be added quietly.
  bool read_values(PyObject* const* items, Py_ssize_t count) {
    return std::all_of(asked_.begin(), asked_.end(), [&](Asked& one) {
      if (!one.column->reads()) return true;
      one.values.resize(Reader::block);
      for (Py_ssize_t i = 0; i < count; ++i) {
        one.values[i] = one.reader.find(items[i]);
        if (one.values[i] == nullptr) return false;
        __builtin_prefetch(one.values[i]);
      }
      return one.column->is_quiet(one.values.data(), count);
    });
  }

  // Adds the values that were read.
  void add_values(const uint32_t* groups, Py_ssize_t count) {
    for (const Asked& one : asked_) one.column->add_quietly(groups, one.values.data(), count);
  }

  Reference results(size_t group) const {
    Reference found = checked(PyTuple_New(static_cast<Py_ssize_t>(asked_.size())));
    for (size_t i = 0; i < asked_.size(); ++i) {
      PyTuple_SET_ITEM(found.get(), static_cast<Py_ssize_t>(i), asked_[i].column->result(group).release());
    }
    return found;
  }
  // The same for Cython.
  PyObject* new_results(size_t group) const { return results(group).release(); }

 private:
  struct Asked {
    std::unique_ptr<Column> column;
    Reader reader;
    std::vector<PyObject*> values;
  };
  std::deque<Asked> asked_;
};

// Aggregates by key anywhere in the input. Owns one key for each group.
class GroupedAggregation {
 public:
  explicit GroupedAggregation(Aggregation& columns) : columns_(columns) {}

  // The number of a key's group, which is opened when the key is new. May run Python code and throw.
  size_t group_of(PyObject* key) {
    uint32_t number;
    if (!numbering_.number(&key, 1, &number)) throw Raised();
    open(number, key);
    return number;
  }

  // Adds the items from `begin` to `end`, at most a block; or nothing, and gives false, when that could run code.
  bool add_block(const Held& held, Py_ssize_t begin, Py_ssize_t end, Reader& reader, PyObject* nan) {
    const PausedCollector paused;
    PyObject* keys[Reader::block];
    uint32_t groups[Reader::block];
    if (!reader.read_keys(held, begin, end, nan, keys)) return false;
    if (!columns_.read_values(held.items + begin, end - begin)) return false;
    if (!numbering_.number(keys, end - begin, groups)) throw Raised();
    for (Py_ssize_t i = 0; i < end - begin; ++i) open(groups[i], keys[i]);
    columns_.add_values(groups, end - begin);
    return true;
  }

  // A list of pairs (key, results) in the order of first sight.
  PyObject* pairs() const {
    const PausedCollector paused;
    Reference found = checked(PyList_New(0));
    for (size_t i = 0; i < keys_.size(); ++i) {
      const Reference results = columns_.results(i);
      const Reference pair = checked(PyTuple_Pack(2, keys_[i].get(), results.get()));
      check(PyList_Append(found.get(), pair.get()));
    }
    return found.release();
  }

 private:
  void open(size_t number, PyObject* key) {
    if (number < keys_.size()) return;
    keys_.push_back(Reference::sharing(key));
    columns_.open_group();
  }

  Aggregation& columns_;
  Numbering numbering_;
  std::vector<Reference> keys_;
};

// What came of a run without running any Python code.
struct RunAggregated {
  Py_ssize_t position;  // of the next item to read
  PyObject* results;    // a new reference, or NULL when the run has not been seen to end: it goes on item by item
  PyObject* item;       // the first item of the next run and its key, new references; NULL with the results
  PyObject* key;
  bool begun;           // whether the first item has been added
};

// Aggregates the run that `first` began and that goes on at `position`, a block at a time.
inline RunAggregated aggregate_run(PyObject* holder, Py_ssize_t position, PyObject* first, PyObject* key,
                                   Reader& reader, PyObject* nan, Aggregation& columns) {
  static constexpr uint32_t only_group[Reader::block] = {};
  const PausedCollector paused;
  const Held held(holder);
  columns.clear();
  columns.open_group();
  if (!columns.read_values(&first, 1)) {
    columns.clear();
    return {position, nullptr, nullptr, nullptr, false};
  }
  columns.add_values(only_group, 1);
  PyObject* other = nullptr;
  while (position < held.count) {
    const Py_ssize_t limit = std::min(held.count, position + Reader::block);
    const Py_ssize_t end = run_end(held, position, limit, key, reader, nan, &other, [&](Py_ssize_t i) {
      columns.prefetch(held, i + gathering::lag);
    });
    if (end > position && !columns.read_values(held.items + position, end - position)) {
      other = nullptr;
      break;
    }
    columns.add_values(only_group, end - position);
    position = end;
    if (end != limit) break;
  }
  if (other == nullptr) return {position, nullptr, nullptr, nullptr, true};
  Reference results = columns.results(0);
  columns.clear();
  PyObject* const item = held.items[position];
  Py_INCREF(item);
  Py_INCREF(other);
  return {position + 1, results.release(), item, other, true};
}

}  // namespace engine::objects
