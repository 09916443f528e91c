// The keys of items in memory, read a block at a time: a block is small enough to stay in the cache until the
// kernel is done with it, so that each record comes from memory once.
#pragma once
#include <Python.h>

#include <algorithm>
#include <optional>

#include "gather.hpp"
#include "plain.hpp"
#include "records.hpp"

namespace engine::objects {

// The items of a list or tuple, as it is now: they move when Python code changes the list.
struct Held {
  PyObject* const* items;
  Py_ssize_t count;

  explicit Held(PyObject* holder)
      : items(PySequence_Fast_ITEMS(holder)), count(PySequence_Fast_GET_SIZE(holder)) {}
};

// Reads what a key specification says of an item, as far as that runs no Python code.
class Reader {
 public:
  // Records a block. Their headers, fields and keys take some 80 KiB: half or double of it costs 2 per cent.
  static constexpr Py_ssize_t block = 256;

  void read_item() { kind_ = Kind::item; }
  // Safety: the name outlives the reader.
  void read_field(PyObject* name) {
    kind_ = Kind::field;
    field_.emplace(name);
  }
  void read_position(Py_ssize_t position) {
    kind_ = Kind::position;
    position_ = position;
  }

  // Whether it ever finds anything: a callable is for others to call.
  bool can_read() const { return kind_ != Kind::nothing; }

  // What the item has, borrowed; NULL when to find out could run Python code. Sets no error.
  PyObject* find(PyObject* item) {
    if (kind_ == Kind::field) return PyDict_CheckExact(item) ? field_->find(item) : nullptr;
    if (kind_ == Kind::item) return item;
    return kind_ == Kind::position ? gathering::at_position(item, position_) : nullptr;
  }

  // The same, only when it is plain; every NaN is the one given.
  PyObject* find_key(PyObject* item, PyObject* nan) {
    PyObject* key = find(item);
    return key != nullptr && gathering::settle(&key, nan) ? key : nullptr;
  }

  // The plain keys of the items from `begin` to `end`, or false when one is not plain or not there.
  bool read_keys(const Held& held, Py_ssize_t begin, Py_ssize_t end, PyObject* nan, PyObject** keys) {
    const auto gather = [&](auto&& read) {
      return gathering::gather(held.items, begin, end, held.count, nan, keys, read);
    };
    switch (kind_) {
      case Kind::item:
        return gather([](PyObject* item) { return item; });
      case Kind::field:
        return gather([this](PyObject* item) { return PyDict_CheckExact(item) ? field_->find(item) : nullptr; });
      case Kind::position:
        return gather([this](PyObject* item) { return gathering::at_position(item, position_); });
      default:
        return false;
    }
  }

 private:
  enum class Kind { nothing, item, field, position };

  Kind kind_ = Kind::nothing;
  Py_ssize_t position_ = 0;
  std::optional<Field> field_;
};

// Sends for what will be read soon after the item at `position`: records, their fields, and keys last.
inline void prefetch_keys(const Held& held, Py_ssize_t position, Reader& reader) {
  const Py_ssize_t soon = position + gathering::lag;
  prefetch_ahead(held.items, soon, held.count);
  if (soon < held.count) __builtin_prefetch(reader.find(held.items[soon]));
}
inline void prefetch_keys(PyObject* holder, Py_ssize_t position, Reader& reader) {
  prefetch_keys(Held(holder), position, reader);
}

// What a kernel returns when it could not go on: NULL with the error that is set; else None, and the caller goes
// the general way, which runs the code that plain keys would not have run.
inline PyObject* error_or_none() { return PyErr_Occurred() != nullptr ? nullptr : Py_NewRef(Py_None); }

// Calls `work(begin, end, keys)` for each block of the items, until one is false: then there are keys that are not
// plain, or an error is set. Safety: no Python code runs before it is done, so the collector is paused.
template <class Work>
bool each_block(const Held& held, Reader& reader, PyObject* nan, Work&& work) {
  PyObject* keys[Reader::block];
  for (Py_ssize_t begin = 0; begin < held.count; begin += Reader::block) {
    const Py_ssize_t end = std::min(begin + Reader::block, held.count);
    if (!reader.read_keys(held, begin, end, nan, keys) || !work(begin, end, keys)) return false;
  }
  return true;
}

}  // namespace engine::objects
