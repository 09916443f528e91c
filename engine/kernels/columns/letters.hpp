// Letters in UTF-8: read forward and backward, and what Unicode says of them, by the tables of letters.py.
#pragma once
#include <cstdint>
#include <cstring>

#include "letters_table.hpp"

namespace engine {

inline constexpr uint8_t white_space = 1, cased = 2, ignorable = 4, digit = 8;
inline constexpr uint32_t capital_sigma = 0x3a3, full_width_plus = 0xff0b;

struct Letter {
  uint32_t code;
  int size;  // in bytes; 0 where there is no UTF-8
};

inline bool continues(uint8_t byte) { return (byte & 0xc0) == 0x80; }

// The letter at `at`, which is before `end`. Shortest forms only, no surrogates, nothing above U+10FFFF.
inline Letter letter_at(const uint8_t* at, const uint8_t* end) {
  const uint32_t lead = at[0];
  if (lead < 0x80) return {lead, 1};
  if (lead < 0xe0) {
    if (lead < 0xc2 || end - at < 2 || !continues(at[1])) return {0, 0};
    return {(lead & 0x1f) << 6 | (at[1] & 0x3fu), 2};
  }
  if (lead < 0xf0) {
    if (end - at < 3 || !continues(at[1]) || !continues(at[2])) return {0, 0};
    const uint32_t code = (lead & 0xf) << 12 | (at[1] & 0x3fu) << 6 | (at[2] & 0x3fu);
    return {code, code < 0x800 || (code >> 11) == 0x1b ? 0 : 3};
  }
  if (lead > 0xf4 || end - at < 4 || !continues(at[1]) || !continues(at[2]) || !continues(at[3])) return {0, 0};
  const uint32_t code = (lead & 7) << 18 | (at[1] & 0x3fu) << 12 | (at[2] & 0x3fu) << 6 | (at[3] & 0x3fu);
  return {code, code < 0x10000 || code > 0x10ffff ? 0 : 4};
}

// The letter that ends at `at`, which is after `begin`.
inline Letter letter_before(const uint8_t* begin, const uint8_t* at) {
  const uint8_t* start = at - 1;
  while (start > begin && at - start < 4 && continues(*start)) --start;
  const Letter letter = letter_at(start, at);
  return letter.size == at - start ? letter : Letter{0, 0};
}

inline uint8_t class_of(uint32_t code) { return class_entries[class_pages[code >> 6]][code & 63]; }

// 0 to 9, or -1.
inline int decimal_of(uint32_t code) { return (class_of(code) >> 4) - 1; }

inline constexpr uint64_t every_byte(uint8_t byte) { return 0x0101010101010101u * byte; }

inline uint64_t load_word(const uint8_t* at) {
  uint64_t word;
  std::memcpy(&word, at, sizeof word);
  return word;
}

inline bool is_ascii(const uint8_t* begin, const uint8_t* end) {
  uint64_t all = 0;
  for (; end - begin >= 8; begin += 8) all |= load_word(begin);
  for (; begin < end; ++begin) all |= *begin;
  return (all & every_byte(0x80)) == 0;
}

// What letters become. ASCII is changed a word at a time: each byte in the range `from` to `from` + 25 turns bit 5.
struct ToLower {
  static constexpr uint8_t from = 'A';
  static uint64_t entry(uint32_t code) { return lower_entries[lower_pages[code >> 6]][code & 63]; }
  static uint16_t pair(uint32_t code) { return lower_pairs[code]; }
};

struct ToUpper {
  static constexpr uint8_t from = 'a';
  static uint64_t entry(uint32_t code) { return upper_entries[upper_pages[code >> 6]][code & 63]; }
  static uint16_t pair(uint32_t code) { return upper_pairs[code]; }
};

struct ToFold {
  static constexpr uint8_t from = 'A';
  static uint64_t entry(uint32_t code) { return fold_entries[fold_pages[code >> 6]][code & 63]; }
  static uint16_t pair(uint32_t code) { return fold_pairs[code]; }
};

template <class To>
uint64_t changed_word(uint64_t word) {
  const uint64_t low = word & every_byte(0x7f);
  const uint64_t from = low + every_byte(0x80 - To::from), after = low + every_byte(0x80 - To::from - 26);
  return word ^ (((from ^ after) & ~word & every_byte(0x80)) >> 2);
}

// Two bytes of a letter as what they become; 0 where that is not a letter of two bytes, or depends on its neighbours.
template <class To>
uint16_t changed_pair(uint16_t pair) {
  return (pair & 0xc0e0) == 0x80c0 ? To::pair((pair & 0x1fu) << 6 | (pair >> 8 & 0x3fu)) : uint16_t{0};
}

}  // namespace engine
