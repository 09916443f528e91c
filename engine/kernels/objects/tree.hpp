// A loser tree over the codes of one key of each input. What beats what is decided without touching an object, as long
// as all keys are of one kind; the tree keeps its shape when they no longer are, and keys are compared.
#pragma once
#include <Python.h>

#include <cstdint>
#include <vector>

#include "order.hpp"
#include "records.hpp"

namespace engine::objects {

// An input by the code of its key. The rank is the input's number, which decides between equal keys; an input that has
// ended has the number of inputs added to it, and the greatest code, so that it loses to all.
struct Contender {
  uint64_t order;
  uint32_t rank;
};

class LoserTree {
 public:
  void resize(size_t inputs) { losers_.resize(inputs); }
  size_t size() const { return losers_.size(); }
  Contender& winner() { return winner_; }
  Contender& loser(size_t node) { return losers_[node]; }
  size_t parent_of(size_t input) const { return (losers_.size() + input) >> 1; }

  Contender ended(size_t input) const {
    return Contender{~uint64_t{0}, static_cast<uint32_t>(losers_.size() + input)};
  }
  bool has_ended(const Contender& one) const { return one.rank >= losers_.size(); }

  // Plays the winner's next key against the losers on its way to the root. Without branches: who wins is a coin's toss.
  void replay(Contender contender) {
    for (size_t node = parent_of(winner_.rank); node > 0; node >>= 1) {
      const Contender loser = losers_[node];
      const bool beaten =
          static_cast<bool>(static_cast<int>(loser.order < contender.order) |
                            (static_cast<int>(loser.order == contender.order) & static_cast<int>(loser.rank < contender.rank)));
      losers_[node] = beaten ? contender : loser;
      contender = beaten ? loser : contender;
    }
    winner_ = contender;
  }

 private:
  std::vector<Contender> losers_;  // by inner node, from 1
  Contender winner_{0, 0};
};

// The items of a list or tuple that is being iterated are on their way from memory before the iterator gets there:
// writing the reference count of an item that is not in the cache takes longer than all the rest.
class Upcoming {
 public:
  // Safety: an exact list or tuple lives as long as an iterator over it that has not ended.
  void add(PyObject* source) {
    sources_.push_back(PyList_CheckExact(source) || PyTuple_CheckExact(source) ? source : nullptr);
  }

  // Always inline: GCC 12 takes a call of a function that only prefetches for one without effect, and drops it.
  [[gnu::always_inline]] void prefetch(size_t input, Py_ssize_t position) const {
    PyObject* const source = sources_[input];
    if (source == nullptr) return;
    const Py_ssize_t count = Py_SIZE(source);
    PyObject* const* const items = PyList_CheckExact(source) ? reinterpret_cast<PyListObject*>(source)->ob_item
                                                             : reinterpret_cast<PyTupleObject*>(source)->ob_item;
    if (position + item_ahead < count) __builtin_prefetch(items[position + item_ahead], 1);
    if (position + fields_ahead < count) prefetch_fields(items[position + fields_ahead]);
  }

 private:
  // An input is pulled from once in a while, so that few items ahead are enough.
  static constexpr Py_ssize_t item_ahead = 8;
  static constexpr Py_ssize_t fields_ahead = 4;

  std::vector<PyObject*> sources_;
};

}  // namespace engine::objects
