// The keys of a join in parts by their hash, so that a part's table and look-ups stay within a core's own cache.
#pragma once
#include <algorithm>
#include <utility>
#include <vector>

#include "words.hpp"

namespace engine {

// One multiplication spreads a key over the high bits; the shift first lets the key's own high bits take part
// (doubles that hold small whole numbers differ only there).
inline uint64_t hash_of(uint64_t word) { return (word ^ (word >> 32)) * 0x9e3779b97f4a7c15u; }

struct Key {
  uint64_t word;
  int64_t row;
};

// The keys of one side. Of whole numbers, one side signed and one unsigned, words with the top bit set stand for
// different numbers: like missing keys, they match nothing.
struct Side {
  const Words& words;
  bool drops_high;

  bool can_match(int64_t row) const { return words.is_there(row) & !(drops_high && words[row] >> 63); }
};

class Parted {
 public:
  static constexpr int most_bits = 7;  // a part's number, and that of none, fit a byte

  // Rows `from` to `to`, in 2 to the `bits` parts, in each of them in order; after all others those that match nothing.
  Parted(const Side& side, int64_t from, int64_t to, int bits)
      : size_(to - from), parts_(int64_t{1} << bits), chunks_(parts_of(size_, light_grain)),
        places_(static_cast<size_t>((parts_ + 1) * chunks_)), keys_(size_) {
    // A part is noted, not found twice: another thread may change the keys meanwhile.
    Scratch<uint8_t> noted(size_);
    for_each_chunk([&](int64_t chunk, int64_t first, int64_t last) {
      int64_t counts[(1 << most_bits) + 1] = {};
      for (int64_t i = first; i < last; ++i) {
        noted[i] = static_cast<uint8_t>(side.can_match(from + i) ? part_of(side.words[from + i], bits) : parts_);
        ++counts[noted[i]];
      }
      for (int64_t part = 0; part <= parts_; ++part) place(part, chunk) = counts[part];
    });
    int64_t before = 0;
    for (int64_t& count : places_) before += std::exchange(count, before);
    for_each_chunk([&](int64_t chunk, int64_t first, int64_t last) {
      int64_t at[(1 << most_bits) + 1];
      for (int64_t part = 0; part <= parts_; ++part) at[part] = place(part, chunk);
      for (int64_t i = first; i < last; ++i) keys_[at[noted[i]]++] = {side.words[from + i], from + i};
    });
  }

  int64_t parts() const { return parts_; }
  const Key* begin(int64_t part) const { return keys_.data() + (part > parts_ ? size_ : places_[part * chunks_]); }
  const Key* end(int64_t part) const { return begin(part + 1); }
  int64_t size(int64_t part) const { return end(part) - begin(part); }

 private:
  static int64_t part_of(uint64_t word, int bits) { return bits == 0 ? 0 : static_cast<int64_t>(hash_of(word) >> (64 - bits)); }

  template <class F>
  void for_each_chunk(F&& f) const {
    parallel_for(chunks_, [&](int64_t chunk) { f(chunk, cut(size_, chunk, chunks_), cut(size_, chunk + 1, chunks_)); });
  }

  int64_t& place(int64_t part, int64_t chunk) { return places_[part * chunks_ + chunk]; }

  const int64_t size_, parts_, chunks_;
  std::vector<int64_t> places_;  // where each chunk's keys of a part begin, by part
  Scratch<Key> keys_;
};

}  // namespace engine
