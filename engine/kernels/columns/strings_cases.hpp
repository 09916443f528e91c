// Texts trimmed, and in another case: what Python's str makes of each.
#pragma once
#include <vector>

#include "strings.hpp"

namespace engine {

// What is taken off at the ends: white space, or the letters of a text.
class Trim {
 public:
  Trim() = default;
  Trim(bool left, bool right) : left_(left), right_(right) {}
  Trim(bool left, bool right, Text characters) : left_(left), right_(right), given_(true) {
    for (const uint8_t* at = characters.begin; at < characters.end;) {
      const Letter letter = require_letter(at, characters.end);
      letters_.push_back(letter.code);
      at += letter.size;
    }
    std::sort(letters_.begin(), letters_.end());
  }

  bool is_none() const { return !left_ && !right_; }

  // Whole words may be read from the memory around the text: blanks of ASCII are counted without a branch, as some
  // texts have them and some do not.
  __attribute__((always_inline)) Text of(Text text, Text around) const {
    if (given_ || text.begin + 8 > around.end || text.end - 8 < around.begin) return of(text);
    const uint64_t front = letters_in(load_word(text.begin)), back = letters_in(load_word(text.end - 8));
    if (front == 0 || back == 0) return of(text);
    if (left_) text.begin += std::min<int64_t>(__builtin_ctzll(front) >> 3, text.size());
    if (right_) text.end -= std::min<int64_t>(__builtin_clzll(back) >> 3, text.size());
    return may_begin_or_end_with_space(text) ? of(text) : text;
  }

  __attribute__((noinline)) Text of(Text text) const {
    while (left_ && text.begin < text.end) {
      const Letter letter = letter_at(text.begin, text.end);
      if (letter.size == 0 || !takes(letter.code)) break;
      text.begin += letter.size;
    }
    while (right_ && text.begin < text.end) {
      const Letter letter = letter_before(text.begin, text.end);
      if (letter.size == 0 || !takes(letter.code)) break;
      text.end -= letter.size;
    }
    return text;
  }

 private:
  // The high bits of bytes that are no white space of ASCII: 9 to 13 and 28 to 32.
  static uint64_t letters_in(uint64_t word) {
    const uint64_t low = word & every_byte(0x7f);
    const uint64_t control = (low + every_byte(0x80 - 9)) ^ (low + every_byte(0x80 - 14));
    const uint64_t space = (low + every_byte(0x80 - 28)) ^ (low + every_byte(0x80 - 33));
    return (~(control | space) | word) & every_byte(0x80);
  }

  // By the first bytes of all white space that is not ASCII: U+0085, U+00A0, and some of U+1000 to U+3FFF.
  static bool may_be_space(uint8_t lead) { return lead == 0xc2 || static_cast<uint8_t>(lead - 0xe1) < 3; }

  __attribute__((always_inline)) static bool may_begin_or_end_with_space(Text text) {
    if (text.size() < 2) return false;
    return may_be_space(text.begin[0]) || may_be_space(text.end[-2]) || (text.size() > 2 && may_be_space(text.end[-3]));
  }

  bool takes(uint32_t code) const {
    if (given_) return std::binary_search(letters_.begin(), letters_.end(), code);
    return (class_of(code) & white_space) != 0;
  }

  bool left_ = false, right_ = false, given_ = false;
  std::vector<uint32_t> letters_;
};

// A capital sigma is lowered to another letter at the end of a word: after a cased letter and before none, where
// ignorable ones between do not count (Unicode 3.13, Final_Sigma).
inline bool ends_word(Text text, const uint8_t* sigma) {
  const uint8_t* at = sigma;
  uint8_t kind = ignorable;
  while (at > text.begin && (kind & ignorable)) {
    const Letter letter = letter_before(text.begin, at);
    kind = letter.size == 0 ? 0 : class_of(letter.code);
    at -= letter.size;
  }
  if (!(kind & cased)) return false;
  kind = ignorable;
  for (at = sigma + 2; at < text.end && (kind & ignorable);) {
    const Letter letter = letter_at(at, text.end);
    kind = letter.size == 0 ? 0 : class_of(letter.code);
    at += letter.size;
  }
  return !(kind & cased);
}

inline uint8_t* put_bytes(uint8_t* out, uint64_t bytes, int64_t size) {
  std::memcpy(out, &bytes, sizeof bytes);
  return out + size;
}

// A letter changed, or as it is: chosen without a branch, for capitals come when they like.
template <class To>
uint8_t* put_changed(uint8_t* out, Text text, const uint8_t* at, Letter letter, const uint8_t* readable) {
  if constexpr (std::is_same_v<To, ToLower>) {
    if (letter.code == capital_sigma) return put_bytes(out, ends_word(text, at) ? 0x82cf : 0x83cf, 2);
  }
  uint32_t same = 0;
  if (at + 4 <= readable) {
    std::memcpy(&same, at, 4);
  } else {
    std::memcpy(&same, at, static_cast<size_t>(letter.size));
  }
  const uint64_t entry = To::entry(letter.code);
  return put_bytes(out, entry != 0 ? entry : same, static_cast<int64_t>(entry != 0 ? entry >> 56 : letter.size));
}

// Room for three times the text is needed: no letter becomes longer. Whole words may be read up to `readable`.
template <class To>
__attribute__((noinline)) uint8_t* put_text(uint8_t* out, Text text, const uint8_t* readable) {
  const uint8_t* at = text.begin;
  while (at < text.end) {
    uint64_t word = 0;
    if (at + 8 <= readable) {
      word = load_word(at);
    } else {
      std::memcpy(&word, at, static_cast<size_t>(text.end - at));
    }
    const uint64_t high = word & every_byte(0x80);
    const int64_t left = text.end - at, ascii = high == 0 ? 8 : __builtin_ctzll(high) >> 3;
    put_bytes(out, changed_word<To>(word), 8);
    if (ascii >= left) return out + left;
    at += ascii;
    out += ascii;
    while (at < text.end && *at >= 0x80) {
      const Letter letter = require_letter(at, text.end);
      out = put_changed<To>(out, text, at, letter, readable);
      at += letter.size;
    }
  }
  return out;
}

// Bytes in front of `readable` may be read beyond the text's end, for then most texts are copied by two moves.
inline uint8_t* put_copy(uint8_t* out, Text text, const uint8_t* readable) {
  if (text.size() <= 32 && readable - text.begin >= 32) {
    std::memcpy(out, text.begin, 32);
  } else if (text.size() > 0) {
    std::memcpy(out, text.begin, static_cast<size_t>(text.size()));
  }
  return out + text.size();
}

// Bytes that a thread changes at once, while they are in its cache; more only where one text has more.
inline constexpr int64_t most_together = 32'768;

// Texts that lie beside each other in another case, all at once: wherever a letter of one or two bytes becomes one
// of as many. The places of others, and of what is not UTF-8, are noted: the rows they are in are changed one by one.
template <class To>
class Changed {
 public:
  // Room for texts of this size, and around them for words that may be read.
  uint8_t* place_for(int64_t size) {
    if (size + 3 * around > readable_.size()) {
      bytes_ = Scratch<uint8_t>(size + 3 * around);
      readable_ = {bytes_.data(), bytes_.data() + size + 3 * around};
    }
    return bytes_.data() + around;
  }

  // Writes to `start`, and up to 63 zeros after. Returns those places in order, and at last the size of all.
  const int64_t* change(Text all, uint8_t* start) {
    const int64_t size = all.size(), whole = size & ~int64_t{63}, end = (size + 63) & ~int64_t{63};
    uint64_t high = 0;
    for (int64_t i = 0; i < whole; i += 16) high |= change_ascii(all.begin + i, start + i);
    if (whole < size) std::memcpy(start + whole, all.begin + whole, static_cast<size_t>(size - whole));
    std::memset(start + size, 0, static_cast<size_t>(end - size));
    for (int64_t i = whole; i < end; i += 16) high |= change_ascii(start + i, start + i);
    is_ascii_ = (high & every_byte(0x80)) == 0;
    hard_.clear();
    if (!is_ascii_) change_pairs(start, end);
    hard_.push_back(size);
    return hard_.data();
  }

  bool is_ascii() const { return is_ascii_; }
  Text readable() const { return readable_; }

 private:
  static constexpr int64_t around = 64;
  typedef uint8_t Block __attribute__((vector_size(16)));
  typedef uint64_t Words __attribute__((vector_size(16)));

  // The letters of ASCII among 16 bytes; returns a word with the highest bits that any of these have.
  static uint64_t change_ascii(const uint8_t* from, uint8_t* to) {
    Block block;
    std::memcpy(&block, from, sizeof block);
    const Words words = reinterpret_cast<Words>(block);
    block ^= reinterpret_cast<Block>(block - To::from < 26) & 0x20;
    std::memcpy(to, &block, sizeof block);
    return words[0] | words[1];
  }

  void change_pairs(uint8_t* start, int64_t size) {
    uint64_t carried = 0;  // whether the block before ends with the first byte of a letter
    for (int64_t block = 0; block < size; block += 64) {
      uint64_t firsts = 0, others = 0;
      for (int i = 0; i < 64; i += 8) {
        const uint64_t word = load_word(start + block + i);
        firsts |= gathered(word & (word << 1)) << i;
        others |= gathered(word & ~(word << 1)) << i;
      }
      uint64_t hard = others & ~(firsts << 1 | carried);
      carried = firsts >> 63;
      for (uint64_t left = firsts; left != 0; left &= left - 1) {
        uint8_t* const at = start + block + __builtin_ctzll(left);
        uint16_t pair;
        std::memcpy(&pair, at, sizeof pair);
        const uint16_t changed = changed_pair<To>(pair);
        if (changed == 0) hard |= left & -left;
        if (changed != 0) std::memcpy(at, &changed, sizeof changed);
      }
      for (; hard != 0; hard &= hard - 1) hard_.push_back(block + __builtin_ctzll(hard));
      if (hard_.size() > most_together) return;  // there is but one row, and it is known to have some
    }
  }

  // The highest bits of eight bytes beside each other.
  static uint64_t gathered(uint64_t word) {
    return ((word & every_byte(0x80)) >> 7) * 0x0102040810204080u >> 56;
  }

  Scratch<uint8_t> bytes_;
  Text readable_{};
  bool is_ascii_ = true;
  std::vector<int64_t> hard_;
};

// A letter that another row ends, as its bytes lie beside each other.
inline bool is_torn(Text text) { return text.size() > 0 && (continues(text.begin[0]) || text.end[-1] >= 0xc0); }

// The row after those that are changed at once.
inline int64_t rows_together(const Texts& texts, int64_t from, int64_t to) {
  const uint8_t* const begin = texts.start(from);
  int64_t row = from + 1;
  while (row < to) {
    const int64_t middle = to - (to - row) / 2;
    const bool fits = texts.start(middle) - begin <= most_together;
    if (fits) row = middle;
    if (!fits) to = middle - 1;
  }
  return row;
}

// Whether rows become their own bytes, none more or less: where each has a text, and no letter is torn.
inline bool keep_bytes(const Texts& texts, int64_t from, int64_t to, bool is_ascii) {
  bool keep = true;
  if (is_ascii && texts.validity == nullptr) return keep;
  for (int64_t row = from; row < to; ++row) {
    const Text text = texts[row];
    keep &= text.size() == 0 || (texts.has(row) && !is_torn(text));
  }
  return keep;
}

// What is written may lie anywhere, for all the compiler knows: what the loops need is kept in variables of their own.
template <class To, class Offset>
void change_rows(const Texts texts, int64_t from, int64_t to, const Trim trim, Growing& grown, Offset* ends, std::string& fault) {
  const Text whole = texts.between(0, texts.size);
  Changed<To> changed;
  int64_t row = from;
  try {
    while (row < to) {
      const int64_t next = rows_together(texts, row, to);
      const Text all = texts.between(row, next);
      uint8_t* const begin = changed.place_for(all.size());
      uint8_t* out = grown.room(all.size());
      const int64_t* hard = changed.change(all, trim.is_none() ? out : begin);
      if (trim.is_none() && *hard == all.size() && keep_bytes(texts, row, next, changed.is_ascii())) {
        for (const uint8_t* const before = all.begin - grown.size(); row < next; ++row)
          ends[row] = static_cast<Offset>(texts.start(row + 1) - before);
        grown.keep(out + all.size());
        continue;
      }
      if (trim.is_none() && all.size() > 0) std::memcpy(begin, out, static_cast<size_t>(all.size()));
      out = grown.room((*hard < all.size() ? 3 : 1) * all.size());
      uint8_t* const start = out - grown.size();
      const Text around = changed.readable();
      const uint8_t* end = all.begin;
      for (; row < next; ++row) {
        const Text text{end, texts.start(row + 1)};
        end = text.end;
        const bool is_easy = end - all.begin <= *hard && !is_torn(text);
        if (texts.has(row) && is_easy) {
          out = put_copy(out, trim.of({begin + (text.begin - all.begin), begin + (end - all.begin)}, around), around.end);
        } else if (texts.has(row)) {
          out = put_text<To>(out, trim.of(text, whole), whole.end);
        }
        while (*hard < end - all.begin) ++hard;
        ends[row] = static_cast<Offset>(out - start);
      }
      grown.keep(out);
    }
  } catch (const NotUtf8& wrong) {
    fault = fault_of(row, texts.start(row), wrong.at);
  }
}

template <class Offset>
void trim_rows(const Texts texts, int64_t from, int64_t to, const Trim trim, Growing& grown, Offset* ends) {
  const Text whole = texts.between(0, texts.size);
  uint8_t* out = grown.room(texts.between(from, to).size());
  uint8_t* const start = out;
  for (int64_t row = from; row < to; ++row) {
    if (texts.has(row)) out = put_copy(out, trim.of(texts[row], whole), whole.end);
    ends[row] = static_cast<Offset>(out - start);
  }
  grown.keep(out);
}

// `to` is l, u, f (lower, upper, casefold) or 0.
inline Made change_texts(const Texts& texts, const Run& run, const Trim& trim, char to) {
  return make_texts_by_parts(texts, run, [&](int64_t from, int64_t until, Growing& out, auto* ends, std::string& fault) {
    switch (to) {
      case 'l': return change_rows<ToLower>(texts, from, until, trim, out, ends, fault);
      case 'u': return change_rows<ToUpper>(texts, from, until, trim, out, ends, fault);
      case 'f': return change_rows<ToFold>(texts, from, until, trim, out, ends, fault);
    }
    trim_rows(texts, from, until, trim, out, ends);
  });
}

}  // namespace engine
