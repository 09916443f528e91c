// Groups of a list or tuple: numbers first, then lists of exact size.
#pragma once
#include <Python.h>

#include <cstdint>
#include <vector>

#include "collector.hpp"
#include "numbering.hpp"
#include "reader.hpp"
#include "references.hpp"

namespace engine::objects {

namespace grouping {

// References to the first items of a list, counted while each item was in the cache anyway. Whoever stores the
// items without counting again keeps them; else they are given back.
class Counted {
 public:
  explicit Counted(PyObject* const* items) : items_(items) {}
  ~Counted() {
    for (Py_ssize_t i = 0; i < count_; ++i) Py_DECREF(items_[i]);
  }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;

  void count_to(Py_ssize_t end) {
    for (; count_ < end; ++count_) Py_INCREF(items_[count_]);
  }
  void keep() { count_ = 0; }

 private:
  PyObject* const* items_;
  Py_ssize_t count_ = 0;
};

struct Groups {
  std::vector<uint32_t> numbers;  // of the group, by item
  std::vector<Py_ssize_t> sizes;  // by group
  std::vector<PyObject*> keys;    // the first of each group, borrowed
};

// How far ahead a list's next free place is looked up, and then fetched.
inline constexpr Py_ssize_t cursor_ahead = 24;
inline constexpr Py_ssize_t place_ahead = 12;

inline bool number(const Held& held, Reader& reader, PyObject* nan, Counted& counted, Groups& groups) {
  Numbering numbering;
  groups.numbers.resize(held.count);
  return each_block(held, reader, nan, [&](Py_ssize_t begin, Py_ssize_t end, PyObject* const* keys) {
    uint32_t* const numbers = groups.numbers.data() + begin;
    counted.count_to(end);
    if (!numbering.number(keys, end - begin, numbers)) return false;
    for (Py_ssize_t i = 0; i < end - begin; ++i) {
      if (numbers[i] == groups.sizes.size()) {
        groups.sizes.push_back(0);
        groups.keys.push_back(keys[i]);
      }
      ++groups.sizes[numbers[i]];
    }
    return true;
  });
}

// Stores each item, without counting it, in the next free place of its group's list.
inline void fill(const Held& held, const Groups& groups, const std::vector<Reference>& lists) {
  std::vector<PyObject**> cursors(lists.size());
  for (size_t i = 0; i < lists.size(); ++i) cursors[i] = PySequence_Fast_ITEMS(lists[i].get());
  const uint32_t* const numbers = groups.numbers.data();
  for (Py_ssize_t i = 0; i < held.count; ++i) {
    if (i + cursor_ahead < held.count) __builtin_prefetch(&cursors[numbers[i + cursor_ahead]], 1);
    if (i + place_ahead < held.count) __builtin_prefetch(cursors[numbers[i + place_ahead]], 1);
    *cursors[numbers[i]]++ = held.items[i];
  }
}

}  // namespace grouping

// A dict from each key to the list of its items. None: some key is not plain.
inline PyObject* collect_groups(PyObject* holder, Reader& reader, PyObject* nan) {
  const PausedCollector paused;
  const Held held(holder);
  grouping::Counted counted(held.items);
  grouping::Groups groups;
  if (!grouping::number(held, reader, nan, counted, groups)) return error_or_none();
  std::vector<Reference> lists;
  lists.reserve(groups.sizes.size());
  for (const Py_ssize_t size : groups.sizes) {
    lists.push_back(Reference::owning(PyList_New(size)));
    if (!lists.back()) return error_or_none();
  }
  grouping::fill(held, groups, lists);
  counted.keep();
  Reference found = Reference::owning(PyDict_New());
  if (!found) return error_or_none();
  for (size_t i = 0; i < lists.size(); ++i) {
    if (PyDict_SetItem(found.get(), groups.keys[i], lists[i].get()) < 0) return error_or_none();
  }
  return found.release();
}

// A dict from each key to the number of its items. None: some key is not plain.
inline PyObject* count_keys(PyObject* holder, Reader& reader, PyObject* nan) {
  const PausedCollector paused;
  Numbering numbering;
  std::vector<PyObject*> firsts;
  std::vector<Py_ssize_t> sizes;
  uint32_t numbers[Reader::block];
  const auto work = [&](Py_ssize_t begin, Py_ssize_t end, PyObject* const* keys) {
    if (!numbering.number(keys, end - begin, numbers)) return false;
    for (Py_ssize_t i = 0; i < end - begin; ++i) {
      if (numbers[i] == sizes.size()) {
        sizes.push_back(0);
        firsts.push_back(keys[i]);
      }
      ++sizes[numbers[i]];
    }
    return true;
  };
  if (!each_block(Held(holder), reader, nan, work)) return error_or_none();
  Reference found = Reference::owning(PyDict_New());
  if (!found) return error_or_none();
  for (size_t i = 0; i < sizes.size(); ++i) {
    const Reference size = Reference::owning(PyLong_FromSsize_t(sizes[i]));
    if (!size || PyDict_SetItem(found.get(), firsts[i], size.get()) < 0) return error_or_none();
  }
  return found.release();
}

}  // namespace engine::objects
