// The numbers of keys in the order of first sight, a block of keys at a time.
#pragma once
#include <Python.h>

#include <cstdint>

#include "plain.hpp"
#include "reader.hpp"
#include "table.hpp"

namespace engine::objects {

class Numbering {
 public:
  // Room for some keys; most inputs have few, and the table grows.
  Numbering() : table_(512) {}

  Py_ssize_t size() const { return table_.size(); }

  // Gives each of at most `Reader::block` keys its number; a new key's number is the size before. False with the error
  // that a hash or comparison raised. Safety: the keys outlive this.
  bool number(PyObject* const* keys, Py_ssize_t size, uint32_t* numbers) {
    Py_hash_t hashes[Reader::block];
    for (Py_ssize_t i = 0; i < size; ++i) {
      hashes[i] = hash_of(keys[i]);
      if (hashes[i] == -1) return false;
      table_.prefetch_slot(hashes[i]);
    }
    for (Py_ssize_t i = 0; i < size; ++i) {
      if (i + key_ahead < size) table_.prefetch_key(hashes[i + key_ahead]);
      const Py_ssize_t number = table_.find_or_add(keys[i], hashes[i]);
      if (number < 0) return false;
      numbers[i] = static_cast<uint32_t>(number);
    }
    return true;
  }

 private:
  static constexpr Py_ssize_t key_ahead = 8;

  KeyTable table_;
};

}  // namespace engine::objects
