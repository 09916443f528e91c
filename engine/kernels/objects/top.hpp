// The best of a stream in a buffer: it takes what is better than the worst that would be kept, and when it is full,
// it is sorted and all but the best are dropped.
#pragma once
#include <Python.h>

#include <algorithm>
#include <limits>
#include <vector>

#include "order.hpp"
#include "references.hpp"

namespace engine::objects {

class Best {
 public:
  // Set up before anything is offered.
  void keep(Py_ssize_t count, bool largest) {
    kept_ = static_cast<size_t>(count);
    coder_.reverse(largest);
    room_ = kept_ < std::numeric_limits<size_t>::max() / 4 ? 2 * kept_ + least_room : kept_;
  }

  // False when the key has no code, or not one of the kind of the first: the item is then not taken.
  bool offer(PyObject* item, PyObject* key) {
    uint64_t order = 0;
    if (!coder_.encode(key, &order)) return false;
    if (is_limited_ && !is_better(order, key)) return true;
    found_.push_back(Candidate{order, Reference::sharing(key), Reference::sharing(item)});
    if (found_.size() >= room_) cut();
    return true;
  }

  // Offers in order; gives how many were taken before the first that has no code.
  Py_ssize_t offer_all(PyObject* const* items, PyObject* const* keys, Py_ssize_t count) {
    for (Py_ssize_t i = 0; i < count; ++i) {
      if (i + key_ahead < count) __builtin_prefetch(keys[i + key_ahead]);
      if (!offer(items[i], keys[i])) return i;
    }
    return count;
  }

  // Sorts what was found, the best first and equal ones in the order in which they came, and drops the rest.
  void cut() {
    std::stable_sort(found_.begin(), found_.end(),
                     [this](const Candidate& a, const Candidate& b) { return comes_before(a, b.order, b.key.get()); });
    if (found_.size() < kept_) return;
    found_.erase(found_.begin() + static_cast<std::ptrdiff_t>(kept_), found_.end());
    is_limited_ = true;
  }

  Py_ssize_t size() const { return static_cast<Py_ssize_t>(found_.size()); }
  PyObject* item(Py_ssize_t i) const { return found_[i].item.get(); }
  PyObject* key(Py_ssize_t i) const { return found_[i].key.get(); }

 private:
  // Beside twice what is kept, so that a small number is not sorted for every few items.
  static constexpr size_t least_room = 64;
  static constexpr Py_ssize_t key_ahead = 24;

  struct Candidate {
    uint64_t order;
    Reference key;
    Reference item;
  };

  bool is_better(uint64_t order, PyObject* key) const {
    if (kept_ == 0) return false;
    const Candidate& worst = found_[kept_ - 1];
    if (order != worst.order) return order < worst.order;
    return coder_.is_text() && coder_.compare_texts(key, worst.key.get()) < 0;
  }

  bool comes_before(const Candidate& a, uint64_t order, PyObject* key) const {
    if (a.order != order) return a.order < order;
    return coder_.is_text() && coder_.compare_texts(a.key.get(), key) < 0;
  }

  size_t kept_ = 0;
  size_t room_ = 0;
  bool is_limited_ = false;
  PullCoder coder_;
  std::vector<Candidate> found_;
};

}  // namespace engine::objects
