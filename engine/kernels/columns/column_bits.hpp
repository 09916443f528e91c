// Bitmaps as Arrow has them: bit i of a byte is item i, lowest first; a slice may begin at any bit.
#pragma once
#include <cstdint>
#include <cstring>

namespace engine {

inline bool bit_at(const uint8_t* bits, int64_t i) { return (bits[i >> 3] >> (i & 7)) & 1; }

inline void set_bit(uint8_t* bits, int64_t i) { bits[i >> 3] |= static_cast<uint8_t>(1u << (i & 7)); }

// The 64 bits from bit `i` on; reads nine bytes at most, and only where `i` is not at the start of a byte.
inline uint64_t word_at(const uint8_t* bits, int64_t i) {
  uint64_t word;
  std::memcpy(&word, bits + (i >> 3), sizeof word);
  int shift = static_cast<int>(i & 7);
  return shift == 0 ? word : (word >> shift) | (static_cast<uint64_t>(bits[(i >> 3) + 8]) << (64 - shift));
}

// Safety of whole words: word_at(i) ends within the byte of bit i + 63, which is inside while 64 bits are left.
inline int64_t count_bits(const uint8_t* bits, int64_t offset, int64_t size) {
  int64_t i = 0, count = 0;
  for (; i + 64 <= size; i += 64) count += __builtin_popcountll(word_at(bits, offset + i));
  for (; i < size; ++i) count += bit_at(bits, offset + i);
  return count;
}

// Copies bits, each turned over where `flip`, to a bitmap whose further bits are 0.
inline void copy_bits(const uint8_t* from, int64_t from_offset, int64_t size, bool flip, uint8_t* to,
                      int64_t to_offset) {
  int64_t i = 0;
  if ((to_offset & 7) == 0) {
    for (; i + 64 <= size; i += 64) {
      uint64_t word = word_at(from, from_offset + i) ^ (flip ? ~uint64_t{0} : 0);
      std::memcpy(to + ((to_offset + i) >> 3), &word, sizeof word);
    }
  }
  for (; i < size; ++i) {
    if (bit_at(from, from_offset + i) != flip) set_bit(to, to_offset + i);
  }
}

inline void fill_bits(uint8_t* bits, int64_t offset, int64_t size) {
  for (int64_t i = 0; i < size; ++i) set_bit(bits, offset + i);
}

// A byte for each item, any but 0 being true, to a bitmap of zeros.
inline void pack_bytes(const uint8_t* bytes, int64_t stride, int64_t size, bool flip, uint8_t* bits) {
  for (int64_t i = 0; i < size; ++i) {
    if ((bytes[i * stride] != 0) != flip) set_bit(bits, i);
  }
}

inline void unpack_bits(const uint8_t* bits, int64_t offset, int64_t size, uint8_t* bytes) {
  for (int64_t i = 0; i < size; ++i) bytes[i] = bit_at(bits, offset + i);
}

}  // namespace engine
