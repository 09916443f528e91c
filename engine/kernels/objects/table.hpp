// From keys to numbers in the order of first sight: one open-addressing table on the hashes that str objects keep.
#pragma once
#include <Python.h>

#include <cstdint>
#include <stdexcept>
#include <vector>

#include "plain.hpp"

namespace engine::objects {

// Holds keys without owning them: they must outlive the table.
class KeyTable {
 public:
  static constexpr Py_ssize_t absent = -1;
  static constexpr Py_ssize_t failed = -2;

  // Room for `expected` keys before the table grows.
  explicit KeyTable(Py_ssize_t expected) { resize(expected); }

  Py_ssize_t size() const { return static_cast<Py_ssize_t>(hashes_.size()); }

  // The number of the key, or `absent`, or `failed` with the error that `==` raised.
  Py_ssize_t find(PyObject* key, Py_hash_t hash) const {
    Py_ssize_t number;
    locate(key, mixed(hash), &number);
    return number;
  }

  // The number of the key, the next free one when it is new, or `failed` with an error.
  Py_ssize_t find_or_add(PyObject* key, Py_hash_t hash) {
    const uint64_t bits = mixed(hash);
    Py_ssize_t number;
    const size_t at = locate(key, bits, &number);
    if (number != absent) return number;
    number = size();
    if (number >= most_keys) throw std::length_error("more than 2**32 - 2 keys");
    slots_[at] = Slot{key, static_cast<uint32_t>(number), tag_of(bits)};
    hashes_.push_back(hash);
    if (hashes_.size() * 2 > slots_.size()) resize(size() * 2);
    return number;
  }

  // Two stages, a few keys apart: the slot, and then the key in it. Always inline: GCC 12 drops their calls otherwise.
  [[gnu::always_inline]] void prefetch_slot(Py_hash_t hash) const { __builtin_prefetch(&slots_[home(mixed(hash))]); }
  [[gnu::always_inline]] void prefetch_key(Py_hash_t hash) const {
    if (PyObject* const key = slots_[home(mixed(hash))].key) __builtin_prefetch(key);
  }

 private:
  static constexpr Py_ssize_t most_keys = 0xfffffffe;

  struct Slot {
    PyObject* key;
    uint32_t number;
    uint32_t tag;  // of the hash: unequal keys are told apart here without being touched
  };

  static uint64_t mixed(Py_hash_t hash) {
    const uint64_t bits = static_cast<uint64_t>(hash) * 0x9e3779b97f4a7c15u;
    return bits ^ (bits >> 32);
  }
  static uint32_t tag_of(uint64_t bits) { return static_cast<uint32_t>(bits >> 32); }
  size_t home(uint64_t bits) const { return bits & (slots_.size() - 1); }

  // Where the key stands or would stand. Safety: `==` may run Python code, which can not reach this table.
  size_t locate(PyObject* key, uint64_t bits, Py_ssize_t* number) const {
    size_t at = home(bits);
    for (; slots_[at].key != nullptr; at = (at + 1) & (slots_.size() - 1)) {
      if (slots_[at].tag != tag_of(bits)) continue;
      const int same = equal(slots_[at].key, key);
      if (same == 0) continue;
      *number = same < 0 ? failed : static_cast<Py_ssize_t>(slots_[at].number);
      return at;
    }
    *number = absent;
    return at;
  }

  // At most half full, so that a search ends after one or two slots.
  void resize(Py_ssize_t expected) {
    size_t room = 16;
    while (room < 2 * static_cast<size_t>(expected)) room *= 2;
    std::vector<Slot> old(room, Slot{nullptr, 0, 0});
    old.swap(slots_);
    for (const Slot& slot : old) {
      if (slot.key == nullptr) continue;
      size_t at = home(mixed(hashes_[slot.number]));
      while (slots_[at].key != nullptr) at = (at + 1) & (slots_.size() - 1);
      slots_[at] = slot;
    }
  }

  std::vector<Slot> slots_;
  std::vector<Py_hash_t> hashes_;  // by number
};

}  // namespace engine::objects
