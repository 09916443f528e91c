// Keys as numbers that sort as the keys do: comparing them touches no object. Integers and floats fit 8 bytes exactly,
// texts fit 8 or 16 when they are short, and otherwise only begin with them.
#pragma once
#include <Python.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <vector>

#include "plain.hpp"
#include "references.hpp"

namespace engine::objects {

// How keys become numbers. `mixed` are floats and such integers as a float holds exactly.
enum class Coding { none, integers, mixed, short_text, long_text };

namespace ordering {

inline constexpr uint64_t sign_bit = uint64_t{1} << 63;
inline constexpr int64_t most_exact = int64_t{1} << 53;
inline constexpr size_t key_ahead = 24;

inline bool read_integer(PyObject* key, int64_t* value) {
  if (read_int64(key, value)) return true;
  *value = key == Py_True;
  return PyBool_Check(key);
}

inline bool encode_integer(PyObject* key, uint64_t* order) {
  int64_t value;
  if (!read_integer(key, &value)) return false;
  *order = static_cast<uint64_t>(value) ^ sign_bit;
  return true;
}

// A positive float grows with its bits, a negative one shrinks. -0.0 becomes 0.0, and every NaN comes last.
inline uint64_t order_of_float(double value) {
  if (value != value) return ~uint64_t{0};
  const double zero_unsigned = value + 0.0;
  uint64_t bits;
  std::memcpy(&bits, &zero_unsigned, sizeof bits);
  return bits & sign_bit ? ~bits : bits | sign_bit;
}

inline bool encode_mixed(PyObject* key, uint64_t* order) {
  if (PyFloat_CheckExact(key)) {
    *order = order_of_float(PyFloat_AS_DOUBLE(key));
    return true;
  }
  int64_t value;
  if (!read_integer(key, &value) || value > most_exact || value < -most_exact) return false;
  *order = order_of_float(static_cast<double>(value));
  return true;
}

// Up to 15 bytes of UTF-8, which sorts as code points do, and in the last byte how many there are: a text that goes on
// has 16 there. So unequal codes tell the order of texts, and equal ones that texts are equal unless they go on.
struct Text {
  static constexpr Py_ssize_t most = 15;
  static constexpr uint8_t goes_on = 16;
  uint8_t bytes[16] = {};

  uint64_t part(int which) const {
    uint64_t word;
    std::memcpy(&word, bytes + 8 * which, sizeof word);
    return __builtin_bswap64(word);
  }
};

inline bool is_ascii(PyObject* text) { return PyUnicode_IS_COMPACT_ASCII(text); }

inline const uint8_t* ascii_of(PyObject* text) {
  return reinterpret_cast<const uint8_t*>(reinterpret_cast<PyASCIIObject*>(text) + 1);
}

inline void begin_ascii(const uint8_t* text, Py_ssize_t length, Text* begun) {
  std::memcpy(begun->bytes, text, static_cast<size_t>(std::min(length, Text::most)));
  begun->bytes[15] = length > Text::most ? Text::goes_on : static_cast<uint8_t>(length);
}

// Lone surrogates become three bytes like other characters, which keeps their place in the order.
inline int encode_character(Py_UCS4 character, uint8_t* bytes) {
  if (character < 0x80) {
    bytes[0] = static_cast<uint8_t>(character);
    return 1;
  }
  const int length = character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
  for (int i = length - 1; i > 0; --i) {
    bytes[i] = static_cast<uint8_t>(0x80 | (character & 0x3f));
    character >>= 6;
  }
  static constexpr uint8_t leads[] = {0, 0, 0xc0, 0xe0, 0xf0};
  bytes[0] = static_cast<uint8_t>(leads[length] | character);
  return length;
}

inline void begin_text(PyObject* text, Text* begun) {
  const Py_ssize_t length = PyUnicode_GET_LENGTH(text);
  Py_ssize_t used = 0;
  for (Py_ssize_t i = 0; i < length; ++i) {
    uint8_t character[4];
    const int size = encode_character(PyUnicode_READ_CHAR(text, i), character);
    const Py_ssize_t room = std::min<Py_ssize_t>(size, Text::most - used);
    std::memcpy(begun->bytes + used, character, static_cast<size_t>(room));
    used += size;
    if (used > Text::most) break;
  }
  begun->bytes[15] = used > Text::most ? Text::goes_on : static_cast<uint8_t>(used);
}

// The longest beginning that all texts share is left away; known for ASCII only.
struct Common {
  const uint8_t* bytes = nullptr;
  Py_ssize_t length = 0;

  bool begins(PyObject* text) const {
    return is_ascii(text) && PyUnicode_GET_LENGTH(text) >= length &&
           std::memcmp(ascii_of(text), bytes, static_cast<size_t>(length)) == 0;
  }
};

}  // namespace ordering

// Items and their keys side by side.
struct Span {
  PyObject* const* items;
  PyObject* const* keys;
  size_t count;
};

// An item by the code of its key. Equal short codes mean equal keys.
struct ShortCode {
  uint64_t order;
  PyObject* item;
};

struct LongCode {
  uint64_t high;
  uint64_t low;
  PyObject* item;
  PyObject* key;
};

// How the keys of one call are coded. A guess from some of them comes first; when another contradicts, all are read.
class Coder {
 public:
  explicit Coder(bool reverse) : flip_(reverse ? ~uint64_t{0} : 0) {}

  Coding coding() const { return coding_; }

  // Runs no Python code, and sets no error. False when these keys have no code. Safety: the keys outlive the coder.
  bool learn(const std::vector<Span>& spans) {
    const auto begun = std::find_if(spans.begin(), spans.end(), [](const Span& span) { return span.count > 0; });
    if (begun == spans.end()) return false;
    PyObject* const first = begun->keys[0];
    if (PyUnicode_CheckExact(first)) return learn_texts(spans, first, false);
    coding_ = PyFloat_CheckExact(first) ? Coding::mixed : Coding::integers;
    return true;
  }

  // A coding for all of the keys, after `encode` failed at `key`; false when there is none.
  bool relearn(const std::vector<Span>& spans, PyObject* key) {
    if (coding_ == Coding::integers && PyFloat_CheckExact(key)) {
      coding_ = Coding::mixed;
      return true;
    }
    if ((coding_ == Coding::short_text || coding_ == Coding::long_text) && PyUnicode_CheckExact(key)) {
      return learn_texts(spans, key, true);
    }
    coding_ = Coding::none;
    return false;
  }

  bool encode(PyObject* key, ShortCode* code) const {
    uint64_t order = 0;
    if (!encode_short(key, &order)) return false;
    code->order = order ^ flip_;
    return true;
  }

  bool encode(PyObject* key, LongCode* code) const {
    if (!PyUnicode_CheckExact(key)) return false;
    ordering::Text text;
    if (common_.length == 0 && !ordering::is_ascii(key)) {
      ordering::begin_text(key, &text);
    } else if (common_.begins(key)) {
      ordering::begin_ascii(ordering::ascii_of(key) + common_.length, PyUnicode_GET_LENGTH(key) - common_.length, &text);
    } else {
      return false;
    }
    code->high = text.part(0) ^ flip_;
    code->low = text.part(1) ^ flip_;
    return true;
  }

  // Whether equal codes leave it open which key comes first.
  bool is_open(const LongCode& code) const {
    return static_cast<uint8_t>(code.low ^ flip_) == ordering::Text::goes_on;
  }
  bool is_reversed() const { return flip_ != 0; }

 private:
  static constexpr size_t sample = 16;
  static constexpr Py_ssize_t short_most = 7;

  bool encode_short(PyObject* key, uint64_t* order) const {
    if (coding_ == Coding::mixed) return ordering::encode_mixed(key, order);
    if (coding_ == Coding::integers) return ordering::encode_integer(key, order);
    if (!PyUnicode_CheckExact(key) || !common_.begins(key)) return false;
    const Py_ssize_t rest = PyUnicode_GET_LENGTH(key) - common_.length;
    if (rest > short_most) return false;
    ordering::Text text;
    std::memcpy(text.bytes, ordering::ascii_of(key) + common_.length, static_cast<size_t>(rest));
    text.bytes[short_most] = static_cast<uint8_t>(rest);
    *order = text.part(0);
    return true;
  }

  bool learn_texts(const std::vector<Span>& spans, PyObject* first, bool all) {
    bool ascii = true;
    Py_ssize_t longest = 0;
    common_ = ordering::Common{ordering::ascii_of(first), PyUnicode_GET_LENGTH(first)};
    for (const Span& span : spans) {
      // The first and the last key of a sorted input tell what all of its keys begin with.
      const size_t step = all ? 1 : std::max<size_t>(1, (span.count - 1) / sample);
      for (size_t i = 0; i < span.count; i += step) {
        if (all && i + ordering::key_ahead < span.count) __builtin_prefetch(span.keys[i + ordering::key_ahead]);
        if (!PyUnicode_CheckExact(span.keys[i])) return false;
        ascii = ascii && ordering::is_ascii(span.keys[i]);
        if (ascii) shorten(span.keys[i]);
        longest = std::max(longest, PyUnicode_GET_LENGTH(span.keys[i]));
      }
    }
    if (!ascii) common_.length = 0;
    coding_ = ascii && longest - common_.length <= short_most ? Coding::short_text : Coding::long_text;
    return true;
  }

  void shorten(PyObject* text) {
    const Py_ssize_t length = std::min(common_.length, PyUnicode_GET_LENGTH(text));
    const uint8_t* const bytes = ordering::ascii_of(text);
    common_.length = std::mismatch(bytes, bytes + length, common_.bytes).first - bytes;
  }

  uint64_t flip_;
  Coding coding_ = Coding::none;
  ordering::Common common_;
};

// How keys that are pulled one by one become codes: the first key decides.
class PullCoder {
 public:
  void reverse(bool reversed) { flip_ = reversed ? ~uint64_t{0} : 0; }

  // Whether equal codes leave it open which key comes first.
  bool is_text() const { return coding_ == Coding::long_text; }

  // Below zero when the text `a` comes first, above when `b` does.
  int compare_texts(PyObject* a, PyObject* b) const {
    const int order = PyUnicode_Compare(a, b);
    return flip_ != 0 ? -order : order;
  }

  // False when the key is not of the kind of the first.
  bool encode(PyObject* key, uint64_t* order) {
    if (coding_ == Coding::none) coding_ = coding_of(key);
    if (!encode_as(key, order)) return false;
    *order ^= flip_;
    return true;
  }

 private:
  static Coding coding_of(PyObject* key) {
    if (PyUnicode_CheckExact(key)) return Coding::long_text;
    return PyFloat_CheckExact(key) ? Coding::mixed : Coding::integers;
  }

  bool encode_as(PyObject* key, uint64_t* order) const {
    if (coding_ == Coding::mixed) return ordering::encode_mixed(key, order);
    if (coding_ == Coding::integers) return ordering::encode_integer(key, order);
    if (!PyUnicode_CheckExact(key)) return false;
    ordering::Text text;
    if (ordering::is_ascii(key)) {
      ordering::begin_ascii(ordering::ascii_of(key), PyUnicode_GET_LENGTH(key), &text);
    } else {
      ordering::begin_text(key, &text);
    }
    *order = text.part(0);
    return true;
  }

  uint64_t flip_ = 0;
  Coding coding_ = Coding::none;
};

// Which of two items comes first, by code and only then by key.
struct CodeOrder {
  const Coder& coder;

  bool operator()(const ShortCode& a, const ShortCode& b) const { return a.order < b.order; }

  bool operator()(const LongCode& a, const LongCode& b) const {
    if (a.high != b.high) return a.high < b.high;
    if (a.low != b.low) return a.low < b.low;
    if (!coder.is_open(a)) return false;
    const int order = PyUnicode_Compare(a.key, b.key);
    return coder.is_reversed() ? order > 0 : order < 0;
  }
};

inline void keep_key(ShortCode*, PyObject*) {}
inline void keep_key(LongCode* code, PyObject* key) { code->key = key; }

// The codes of a span in its order. The key that contradicts the coding, or NULL when none does.
template <class Code>
PyObject* encode_span(const Coder& coder, const Span& span, Code* codes) {
  for (size_t i = 0; i < span.count; ++i) {
    if (i + ordering::key_ahead < span.count) __builtin_prefetch(span.keys[i + ordering::key_ahead]);
    if (!coder.encode(span.keys[i], &codes[i])) return span.keys[i];
    codes[i].item = span.items[i];
    keep_key(&codes[i], span.keys[i]);
  }
  return nullptr;
}

// How far ahead an item is asked for whose reference count will be written.
inline constexpr size_t item_ahead = 24;

// A list of the codes' items. Runs no Python code. NULL with a MemoryError.
template <class Code>
PyObject* list_items(const Code* codes, size_t count) {
  Reference made = Reference::owning(PyList_New(static_cast<Py_ssize_t>(count)));
  if (!made) return nullptr;
  for (size_t i = 0; i < count; ++i) {
    if (i + item_ahead < count) __builtin_prefetch(codes[i + item_ahead].item, 1);
    PyList_SET_ITEM(made.get(), static_cast<Py_ssize_t>(i), Py_NewRef(codes[i].item));
  }
  return made.release();
}

}  // namespace engine::objects
