// New texts of old ones: replaced, cut, brought together, split. What each makes is what the method of Python's str
// of that name makes.
#pragma once
#include <vector>

#include "strings_cases.hpp"
#include "strings_search.hpp"

namespace engine {

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
