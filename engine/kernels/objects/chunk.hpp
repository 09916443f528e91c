// Runs of neighbours with equal keys, read directly from a list or tuple.
#pragma once
#include <Python.h>

#include "collector.hpp"
#include "reader.hpp"
#include "references.hpp"

namespace engine::objects {

namespace chunking {

// How far ahead the records are fetched whose references are counted.
inline constexpr Py_ssize_t counted_ahead = 16;

inline void fill(PyObject* list, Py_ssize_t at, PyObject* const* items, Py_ssize_t count) {
  for (Py_ssize_t i = 0; i < count; ++i) {
    if (i + counted_ahead < count) __builtin_prefetch(items[i + counted_ahead], 1);
    Py_INCREF(items[i]);
    PyList_SET_ITEM(list, at + i, items[i]);
  }
}

// Appends the pair of a key and a list of `count` items; false with an error.
inline bool append_run(PyObject* pairs, PyObject* key, PyObject* const* items, Py_ssize_t count) {
  const Reference run = Reference::owning(PyList_New(count));
  if (!run) return false;
  fill(run.get(), 0, items, count);
  const Reference pair = Reference::owning(PyTuple_Pack(2, key, run.get()));
  return pair && PyList_Append(pairs, pair.get()) == 0;
}

}  // namespace chunking

// All runs as a list of pairs (key of the first item, items). None: some key is not plain.
inline PyObject* collect_runs(PyObject* holder, Reader& reader, PyObject* nan) {
  const PausedCollector paused;
  const Held held(holder);
  Reference pairs = Reference::owning(PyList_New(0));
  PyObject* key = nullptr;
  Py_ssize_t start = 0;
  const auto work = [&](Py_ssize_t begin, Py_ssize_t end, PyObject* const* keys) {
    for (Py_ssize_t i = begin; i < end; ++i) {
      PyObject* const next = keys[i - begin];
      const int same = key == nullptr ? 1 : equal(key, next);
      if (same < 0) return false;
      if (same == 0) {
        if (!chunking::append_run(pairs.get(), key, held.items + start, i - start)) return false;
        start = i;
      }
      if (same == 0 || key == nullptr) key = next;
    }
    return true;
  };
  if (!pairs || !each_block(held, reader, nan, work)) return error_or_none();
  if (key != nullptr && !chunking::append_run(pairs.get(), key, held.items + start, held.count - start)) {
    return error_or_none();
  }
  return pairs.release();
}

// Where the run of `key` ends that goes on at `position`: at the first item with another key, which is then in
// `other`, borrowed; or at `limit` or where finding the key could run Python code, and `other` is NULL. `look_ahead`
// is called at each item. Runs no Python code itself.
template <class LookAhead>
Py_ssize_t run_end(const Held& held, Py_ssize_t position, Py_ssize_t limit, PyObject* key, Reader& reader,
                   PyObject* nan, PyObject** other, LookAhead&& look_ahead) {
  *other = nullptr;
  if (!is_plain_scalar(key) && !is_plain_tuple(key)) return position;
  for (; position < limit; ++position) {
    prefetch_keys(held, position, reader);
    look_ahead(position);
    PyObject* const found = reader.find_key(held.items[position], nan);
    if (found == nullptr) return position;
    const int same = equal(key, found);
    if (same == 0) *other = found;
    if (same < 0) PyErr_Clear();  // too deep a recursion: the general way meets it again, and raises
    if (same != 1) return position;
  }
  return position;
}

// What was read of a run without running any Python code.
struct RunRead {
  PyObject* run;      // a new list, or NULL with an error
  PyObject* item;     // the first item of the next run and its key, new references, or NULL when the run has
  PyObject* key;      // not been seen to end: either the items have ended or the next key could run code
  Py_ssize_t position;  // of the next item to read
};

// The run that `first` began and that goes on at `position`. Between two calls the holder may change.
inline RunRead read_run(PyObject* holder, Py_ssize_t position, PyObject* first, PyObject* key, Reader& reader,
                        PyObject* nan) {
  const PausedCollector paused;
  const Held held(holder);
  PyObject* other;
  const Py_ssize_t end = run_end(held, position, held.count, key, reader, nan, &other, [](Py_ssize_t) {});
  PyObject* const run = PyList_New(1 + end - position);
  if (run == nullptr) return {nullptr, nullptr, nullptr, position};
  Py_INCREF(first);
  PyList_SET_ITEM(run, 0, first);
  chunking::fill(run, 1, held.items + position, end - position);
  if (other == nullptr) return {run, nullptr, nullptr, end};
  Py_INCREF(held.items[end]);
  Py_INCREF(other);
  return {run, held.items[end], other, end + 1};
}

}  // namespace engine::objects
