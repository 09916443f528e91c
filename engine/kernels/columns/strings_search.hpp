// Where a text is in another; letters counted and skipped.
#pragma once
#include "strings.hpp"

namespace engine {

inline bool begins_with(Text text, Text prefix) {
  return text.size() >= prefix.size() && Text{text.begin, text.begin + prefix.size()} == prefix;
}

inline bool ends_with(Text text, Text suffix) {
  return text.size() >= suffix.size() && Text{text.end - suffix.size(), text.end} == suffix;
}

inline int64_t count_letters(Text text) {
  if (is_ascii(text.begin, text.end)) return text.size();
  int64_t count = 0;
  for (const uint8_t* at = text.begin; at < text.end; ++count) at += require_letter(at, text.end).size;
  return count;
}

// Past so many letters of a text that has them, and is known to be UTF-8.
inline const uint8_t* skip_letters(const uint8_t* at, int64_t letters, bool ascii) {
  if (ascii) return at + letters;
  for (; letters > 0; --letters) at += *at < 0x80 ? 1 : *at < 0xe0 ? 2 : *at < 0xf0 ? 3 : 4;
  return at;
}

// A text that is looked for: places where both its first and its last byte are right, 16 at a time, are looked at.
class Needle {
 public:
  explicit Needle(Text text) : text_(text) {
    if (text.size() == 0) return;
    std::memset(&first_, text.begin[0], sizeof first_);
    std::memset(&last_, text.end[-1], sizeof last_);
  }

  int64_t size() const { return text_.size(); }

  // The first place, or null.
  const uint8_t* find(Text in) const {
    if (size() == 0) return in.begin;
    const uint8_t* at = in.begin;
    const uint8_t* const stop = in.end - size() + 1;  // beyond the last place
    if (in.size() < size()) return nullptr;
    for (; stop - at >= 16; at += 16)
      if (const uint8_t* found = find_in_block(at)) return found;
    for (; at < stop; ++at)
      if (is_at(at)) return at;
    return nullptr;
  }

 private:
  typedef uint8_t Block __attribute__((vector_size(16)));

  bool is_at(const uint8_t* at) const { return at[0] == text_.begin[0] && Text{at, at + size()} == text_; }

  const uint8_t* find_in_block(const uint8_t* at) const {
    Block front, back;
    std::memcpy(&front, at, sizeof front);
    std::memcpy(&back, at + size() - 1, sizeof back);
    const auto hits = (front == first_) & (back == last_);
    uint64_t words[2];
    std::memcpy(words, &hits, sizeof words);
    for (int half = 0; half < 2; ++half) {
      for (uint64_t word = words[half] & every_byte(0x80); word != 0; word &= word - 1) {
        const uint8_t* place = at + 8 * half + (__builtin_ctzll(word) >> 3);
        if (is_at(place)) return place;
      }
    }
    return nullptr;
  }

  Text text_;
  Block first_{}, last_{};
};

// Texts that hold the needle: looked for in all the texts of a part at once, for most of them are short.
inline void ask_contains(const Texts& texts, const Run& run, uint8_t* bits, Text text) {
  const Needle needle(text);
  for_each_part(texts.size, parts_of(texts.size, run.grain), [&](int64_t, int64_t from, int64_t to, std::string&) {
    const Text all = texts.between(from, to);
    const uint8_t* at = all.begin;
    int64_t row = from;
    while (row < to) {
      at = needle.find({at, all.end});
      if (at == nullptr) return;
      while (row < to && texts.start(row + 1) < at + needle.size()) ++row;
      if (row == to) return;
      if (texts.start(row) <= at) {
        if (texts.has(row)) set_bit(bits, row);
        at = texts.start(++row);
      } else {
        ++at;  // across the border of two texts
      }
    }
  });
}

inline void ask_begins(const Texts& texts, const Run& run, uint8_t* bits, Text prefix) {
  ask_texts(texts, run, bits, [&](Text text) { return begins_with(text, prefix); });
}

inline void ask_ends(const Texts& texts, const Run& run, uint8_t* bits, Text suffix) {
  ask_texts(texts, run, bits, [&](Text text) { return ends_with(text, suffix); });
}

// As str.isdigit: not empty, and all digits, of which some are no decimals.
inline void ask_digits(const Texts& texts, const Run& run, uint8_t* bits) {
  ask_texts(texts, run, bits, [](Text text) {
    bool all = text.size() > 0;
    for (const uint8_t* at = text.begin; at < text.end;) {
      const Letter letter = require_letter(at, text.end);
      all &= (class_of(letter.code) & digit) != 0;
      at += letter.size;
    }
    return all;
  });
}

// How two orders are told apart by the sign of `compared`: a bit each for negative, 0 and positive.
inline bool is_asked(int64_t order, int wanted) { return (wanted >> (order < 0 ? 0 : order == 0 ? 1 : 2)) & 1; }

// Each text beside the other column's in the same row, or its only one.
inline void ask_compared(const Texts& texts, const Texts& others, const Run& run, uint8_t* bits, int wanted) {
  for_each_part(texts.size, parts_of(texts.size, run.grain), [&](int64_t, int64_t from, int64_t to, std::string&) {
    for (int64_t row = from; row < to; ++row) {
      const int64_t other = others.size == 1 ? 0 : row;
      if (!texts.has(row) || !others.has(other)) continue;
      const bool equal_only = wanted == 2 || wanted == 5;
      const int64_t order = equal_only ? !(texts[row] == others[other]) : compared(texts[row], others[other]);
      if (is_asked(order, wanted)) set_bit(bits, row);
    }
  });
}

inline void measure_letters(const Texts& texts, const Run& run, int64_t* out) {
  measure_texts(texts, run, out, [](Text text) { return count_letters(text); });
}

inline void measure_bytes(const Texts& texts, const Run& run, int64_t* out) {
  measure_texts(texts, run, out, [](Text text) { return text.size(); });
}

// Letters before the first place of a text, or -1.
inline void measure_places(const Texts& texts, const Run& run, int64_t* out, Text text) {
  const Needle needle(text);
  measure_texts(texts, run, out, [&](Text in) {
    const uint8_t* found = needle.find(in);
    return found == nullptr ? int64_t{-1} : count_letters({in.begin, found});
  });
}

}  // namespace engine
