// First occurrences, later ones and dropped repeats, read directly from a list or tuple.
#pragma once
#include <Python.h>

#include <cstdint>

#include "collector.hpp"
#include "numbering.hpp"
#include "reader.hpp"
#include "references.hpp"

namespace engine::objects {

namespace choosing {

// A list of the items that `choose(keys, size, chosen)` marks in each block.
template <class Choose>
PyObject* chosen_items(PyObject* holder, Reader& reader, PyObject* nan, Choose&& choose) {
  const PausedCollector paused;
  const Held held(holder);
  Reference found = Reference::owning(PyList_New(0));
  bool chosen[Reader::block];
  const auto work = [&](Py_ssize_t begin, Py_ssize_t end, PyObject* const* keys) {
    if (!choose(keys, end - begin, chosen)) return false;
    for (Py_ssize_t i = begin; i < end; ++i) {
      if (chosen[i - begin] && PyList_Append(found.get(), held.items[i]) < 0) return false;
    }
    return true;
  };
  return found && each_block(held, reader, nan, work) ? found.release() : error_or_none();
}

// Marks keys that are new to the numbering, or those that are not.
class ByFirstSight {
 public:
  explicit ByFirstSight(bool wanted) : wanted_(wanted) {}

  bool operator()(PyObject* const* keys, Py_ssize_t size, bool* chosen) {
    uint32_t numbers[Reader::block];
    Py_ssize_t known = numbering_.size();
    if (!numbering_.number(keys, size, numbers)) return false;
    for (Py_ssize_t i = 0; i < size; ++i) {
      const bool first = numbers[i] == known;
      known += first;
      chosen[i] = first == wanted_;
    }
    return true;
  }

 private:
  Numbering numbering_;
  bool wanted_;
};

}  // namespace choosing

// All three: None when some key is not plain.

// The items whose key was not there before.
inline PyObject* collect_unique(PyObject* holder, Reader& reader, PyObject* nan) {
  return choosing::chosen_items(holder, reader, nan, choosing::ByFirstSight(true));
}

// The items whose key was there before.
inline PyObject* collect_duplicates(PyObject* holder, Reader& reader, PyObject* nan) {
  return choosing::chosen_items(holder, reader, nan, choosing::ByFirstSight(false));
}

// The items whose key is not the one of the last item that was taken.
inline PyObject* collect_dedup(PyObject* holder, Reader& reader, PyObject* nan) {
  PyObject* last = nullptr;
  return choosing::chosen_items(holder, reader, nan, [&last](PyObject* const* keys, Py_ssize_t size, bool* chosen) {
    for (Py_ssize_t i = 0; i < size; ++i) {
      const int same = last == nullptr ? 0 : equal(last, keys[i]);
      if (same < 0) return false;
      chosen[i] = same == 0;
      if (same == 0) last = keys[i];
    }
    return true;
  });
}

}  // namespace engine::objects
