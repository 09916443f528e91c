// New texts of old ones: trimmed, in another case, replaced, cut, brought together. What each makes is what the
// method of Python's str of that name makes.
#pragma once
#include <vector>

#include "strings_search.hpp"

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

  Text of(Text text) const {
    if (left_) {
      while (text.begin < text.end && !is_plain(*text.begin)) {
        const Letter letter = letter_at(text.begin, text.end);
        if (letter.size == 0 || !takes(letter.code)) break;
        text.begin += letter.size;
      }
    }
    if (right_) {
      while (text.begin < text.end && !is_plain(text.end[-1])) {
        const Letter letter = letter_before(text.begin, text.end);
        if (letter.size == 0 || !takes(letter.code)) break;
        text.end -= letter.size;
      }
    }
    return text;
  }

 private:
  // Seen from one byte: stays. Most texts begin and end with such.
  bool is_plain(uint8_t byte) const { return !given_ && byte > ' ' && byte < 0x80; }

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
uint8_t* put_text(uint8_t* out, Text text, const uint8_t* readable) {
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

// Bytes in front of `readable` may be read beyond the text's end, for then most texts are copied by one or two moves.
inline uint8_t* put_copy(uint8_t* out, Text text, const uint8_t* readable) {
  if (text.size() <= 16 && readable - text.begin >= 16) {
    std::memcpy(out, text.begin, 16);
  } else if (text.size() > 0) {
    std::memcpy(out, text.begin, static_cast<size_t>(text.size()));
  }
  return out + text.size();
}

// All rows of a part at once, which is ASCII and keeps its lengths.
template <class To, class Offset>
void change_ascii(const Texts& texts, int64_t from, int64_t to, Growing& out, Offset* ends) {
  const Text all = texts.between(from, to);
  uint8_t* const start = out.room(all.size());
  for (int64_t i = 0; i < all.size(); ++i)
    start[i] = all.begin[i] ^ static_cast<uint8_t>(static_cast<uint8_t>(all.begin[i] - To::from) < 26 ? 0x20 : 0);
  out.keep(start + all.size());
  for (int64_t row = from; row < to; ++row) ends[row] = static_cast<Offset>(texts.start(row + 1) - all.begin);
}

// What is written may lie anywhere, for all the compiler knows: what the loop needs is kept in variables of its own.
template <class To, class Offset>
void change_rows(const Texts texts, int64_t from, int64_t to, const Trim& trim, Growing& grown, Offset* ends, std::string& fault) {
  constexpr int64_t growth = std::is_same_v<To, AsIs> ? 1 : 3;
  const uint8_t* const readable = texts.between(0, texts.size).end;
  uint8_t *out = grown.room(0), *start = out;
  const uint8_t* limit = grown.limit();
  for_each_row(texts, from, to, fault, [&, texts](int64_t row) {
    if (texts.has(row)) {
      const Text text = trim.of(texts[row]);
      if (limit - out < growth * text.size()) {
        const int64_t kept = out - start;
        grown.keep(out);
        out = grown.room(growth * text.size());
        start = out - kept;
        limit = grown.limit();
      }
      if constexpr (std::is_same_v<To, AsIs>) {
        out = put_copy(out, text, readable);
      } else {
        out = put_text<To>(out, text, readable);
      }
    }
    ends[row] = static_cast<Offset>(out - start);
  });
  grown.keep(out);
}

template <class To>
Made change_texts_to(const Texts& texts, const Run& run, const Trim& trim) {
  return make_texts_by_parts(texts, run, [&](int64_t from, int64_t to, Growing& out, auto* ends, std::string& fault) {
    if constexpr (!std::is_same_v<To, AsIs>) {
      const Text all = texts.between(from, to);
      if (trim.is_none() && is_ascii(all.begin, all.end)) return change_ascii<To>(texts, from, to, out, ends);
    }
    change_rows<To>(texts, from, to, trim, out, ends, fault);
  });
}

// `to` is l, u, f (lower, upper, casefold) or 0.
inline Made change_texts(const Texts& texts, const Run& run, const Trim& trim, char to) {
  switch (to) {
    case 'l': return change_texts_to<ToLower>(texts, run, trim);
    case 'u': return change_texts_to<ToUpper>(texts, run, trim);
    case 'f': return change_texts_to<ToFold>(texts, run, trim);
  }
  return change_texts_to<AsIs>(texts, run, trim);
}

inline void append(Growing& out, Text text) { out.keep(put_copy(out.room(text.size()), text, text.end)); }

// A text that is empty stands before every letter and at the end.
inline void replace_between_letters(Text text, Text to, int64_t most, Growing& out) {
  const uint8_t* at = text.begin;
  for (int64_t done = 0; done < most; ++done) {
    append(out, to);
    if (at == text.end) return;
    const int size = require_letter(at, text.end).size;
    append(out, {at, at + size});
    at += size;
  }
  append(out, {at, text.end});
}

inline void replace_found(Text text, const Needle& from, Text to, int64_t most, Growing& out) {
  const uint8_t* at = text.begin;
  for (int64_t done = 0; done < most; ++done) {
    const uint8_t* found = from.find({at, text.end});
    if (found == nullptr) break;
    append(out, {at, found});
    append(out, to);
    at = found + from.size();
  }
  append(out, {at, text.end});
}

inline Made replace_texts(const Texts& texts, const Run& run, Text from, Text to, int64_t most) {
  const Needle needle(from);
  return make_texts(texts, run, [&](int64_t row, Growing& out) {
    if (from.size() == 0) {
      replace_between_letters(texts[row], to, most, out);
    } else {
      replace_found(texts[row], needle, to, most, out);
    }
  });
}

inline Made remove_affix(const Texts& texts, const Run& run, Text affix, bool at_start) {
  return make_texts(texts, run, [&](int64_t row, Growing& out) {
    Text text = texts[row];
    if (at_start && begins_with(text, affix)) text.begin += affix.size();
    if (!at_start && ends_with(text, affix)) text.end -= affix.size();
    append(out, text);
  });
}

// The letters from `start` to before `stop`, both counted from the end where negative.
inline Made cut_texts(const Texts& texts, const Run& run, int64_t start, int64_t stop) {
  return make_texts(texts, run, [&](int64_t row, Growing& out) {
    const Text text = texts[row];
    const int64_t size = count_letters(text);
    const auto place = [&](int64_t at) { return std::clamp(at < 0 ? at + size : at, int64_t{0}, size); };
    const int64_t from = place(start), to = std::max(from, place(stop));
    const uint8_t* begin = skip_letters(text.begin, from, size == text.size());
    append(out, {begin, skip_letters(begin, to - from, size == text.size())});
  });
}

// The digits, in ASCII whatever their script, and a plus that stands before the first of them.
inline Made keep_digits(const Texts& texts, const Run& run) {
  return make_texts(texts, run, [&](int64_t row, Growing& out) {
    const Text text = texts[row];
    uint8_t* const start = out.room(text.size() + 1);
    uint8_t* end = start;
    bool plus = false;
    for (const uint8_t* at = text.begin; at < text.end;) {
      const Letter letter = require_letter(at, text.end);
      at += letter.size;
      plus |= letter.code == '+' || letter.code == full_width_plus;
      const int value = decimal_of(letter.code);
      if (value < 0) continue;
      if (end == start && plus) *end++ = '+';
      *end++ = static_cast<uint8_t>('0' + value);
    }
    out.keep(end);
  });
}

// One text of several columns' in each row, `between` them. A column of one row serves all rows.
inline Made join_texts(const std::vector<Texts>& columns, const Texts& rows, const Run& run, Text between) {
  return make_texts(rows, run, [&](int64_t row, Growing& out) {
    for (size_t i = 0; i < columns.size(); ++i) {
      if (i > 0) append(out, between);
      append(out, columns[i][columns[i].size == 1 ? 0 : row]);
    }
  });
}

// Parts of texts, one after the other, and the row that each is of.
struct Parted {
  Growing bytes{4096};
  std::vector<int64_t> ends, rows;

  void add(Text part, int64_t row) {
    append(bytes, part);
    ends.push_back(bytes.size());
    rows.push_back(row);
  }
};

// As many separations as `most` allows. Without a separator at white space, of which none is part of a part.
inline void split_at_space(Text text, int64_t row, int64_t most, Parted& out) {
  const Trim left(true, false), both(true, true);
  text = left.of(text);
  for (int64_t done = 0; text.begin < text.end; ++done) {
    if (done == most) return out.add(left.of(text), row);
    const uint8_t* end = text.begin;
    while (end < text.end) {
      const Letter letter = require_letter(end, text.end);
      if (class_of(letter.code) & white_space) break;
      end += letter.size;
    }
    out.add({text.begin, end}, row);
    text = left.of({end, text.end});
  }
}

inline void split_at(const Needle& separator, Text text, int64_t row, int64_t most, Parted& out) {
  for (int64_t done = 0; done < most; ++done) {
    const uint8_t* found = separator.find(text);
    if (found == nullptr) break;
    out.add({text.begin, found}, row);
    text.begin = found + separator.size();
  }
  out.add(text, row);
}

inline std::vector<Parted> split_texts(const Texts& texts, const Run& run, const Text* separator, int64_t most) {
  const Needle needle(separator == nullptr ? Text{nullptr, nullptr} : *separator);
  const int64_t parts = parts_of(texts.size, run.grain);
  std::vector<Parted> parted(static_cast<size_t>(parts));
  for_each_part(texts.size, parts, [&](int64_t part, int64_t from, int64_t to, std::string& fault) {
    Parted& out = parted[static_cast<size_t>(part)];
    for_each_row(texts, from, to, fault, [&](int64_t row) {
      if (!texts.has(row)) return;
      if (separator == nullptr) {
        split_at_space(texts[row], row, most, out);
      } else {
        split_at(needle, texts[row], row, most, out);
      }
    });
  });
  return parted;
}

}  // namespace engine
