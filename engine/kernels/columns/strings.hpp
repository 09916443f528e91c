// Texts as a column has them, and how new columns are made of them: in parts on all threads, in the order of rows.
#pragma once
#include <algorithm>
#include <cstdlib>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <vector>

#include "../pool.hpp"
#include "column_bits.hpp"
#include "column_cells.hpp"
#include "letters.hpp"

namespace engine {

struct Text {
  const uint8_t* begin;
  const uint8_t* end;
  int64_t size() const { return end - begin; }
};

inline bool operator==(Text a, Text b) {
  return a.size() == b.size() && (a.size() == 0 || std::memcmp(a.begin, b.begin, static_cast<size_t>(a.size())) == 0);
}

// The order of letters, which is the order of their bytes in UTF-8: negative, 0 or positive.
inline int64_t compared(Text a, Text b) {
  const int64_t both = std::min(a.size(), b.size());
  const int order = both == 0 ? 0 : std::memcmp(a.begin, b.begin, static_cast<size_t>(both));
  return order != 0 ? order : a.size() - b.size();
}

struct Texts {
  const uint8_t* validity;
  const uint8_t* data;
  const uint8_t* offsets;
  int64_t offset;
  int item_size;
  int64_t size;

  bool has(int64_t row) const { return validity == nullptr || bit_at(validity, offset + row); }
  // Where a row's text begins; of the row after the last, where all end.
  const uint8_t* start(int64_t row) const { return data + text_offset(offsets, item_size, offset + row); }
  Text operator[](int64_t row) const { return {start(row), start(row + 1)}; }
  Text between(int64_t from, int64_t to) const { return from == to ? Text{data, data} : Text{start(from), start(to)}; }
};

// Thrown by what reads letters, where there are none.
struct NotUtf8 {
  const uint8_t* at;
};

inline Letter require_letter(const uint8_t* at, const uint8_t* end) {
  const Letter letter = letter_at(at, end);
  if (letter.size == 0) throw NotUtf8{at};
  return letter;
}

inline std::string fault_of(int64_t row, const uint8_t* begin, const uint8_t* at) {
  char byte[8];
  std::snprintf(byte, sizeof byte, "0x%02x", *at);
  return "row " + std::to_string(row) + " must be UTF-8, got the byte " + byte + " at position " +
         std::to_string(at - begin);
}

// Calls f(row) for rows of one part; the first text that is not UTF-8 ends it, and is told in `fault`.
template <class F>
void for_each_row(const Texts& texts, int64_t from, int64_t to, std::string& fault, F&& f) {
  int64_t row = from;
  try {
    for (; row < to; ++row) f(row);
  } catch (const NotUtf8& wrong) {
    fault = fault_of(row, texts.start(row), wrong.at);
  }
}

// Calls f(part, from, to, fault) for parts whose borders are multiples of 64 rows, so that no two write to one word
// of a bitmap. Of several faults the one of the first row is thrown, whatever the threads did.
template <class F>
void for_each_part(int64_t rows, int64_t parts, F&& f) {
  std::vector<std::string> faults(static_cast<size_t>(parts));
  const auto border = [&](int64_t part) { return part == parts ? rows : cut(rows >> 6, part, parts) << 6; };
  parallel_for(parts, [&](int64_t part) { f(part, border(part), border(part + 1), faults[static_cast<size_t>(part)]); });
  for (const std::string& fault : faults)
    if (!fault.empty()) throw std::invalid_argument(fault);
}

struct Free {
  void operator()(uint8_t* start) const { std::free(start); }
};
using Bytes = std::unique_ptr<uint8_t, Free>;

inline Bytes bytes_for(int64_t size) {
  Bytes bytes(static_cast<uint8_t*>(std::malloc(static_cast<size_t>(size) + 64)));
  if (bytes == nullptr) throw std::bad_alloc();
  return bytes;
}

// Bytes that grow. What writes asks for room first, and may write 64 bytes more than it then keeps.
class Growing {
 public:
  explicit Growing(int64_t size) : bytes_(bytes_for(size)), size_(size), end_(bytes_.get()) {}

  uint8_t* room(int64_t most) {
    if (most > size_ - size()) grow(most);
    return end_;
  }
  void keep(uint8_t* end) { end_ = end; }
  const uint8_t* limit() const { return bytes_.get() + size_; }
  int64_t size() const { return end_ - bytes_.get(); }
  const uint8_t* data() const { return bytes_.get(); }
  Bytes take() { return std::move(bytes_); }

 private:
  void grow(int64_t most) {
    const int64_t kept = size();
    size_ = std::max(2 * size_, kept + most);
    uint8_t* moved = static_cast<uint8_t*>(std::realloc(bytes_.get(), static_cast<size_t>(size_) + 64));
    if (moved == nullptr) throw std::bad_alloc();
    bytes_.release();
    bytes_.reset(moved);
    end_ = moved + kept;
  }

  Bytes bytes_;
  int64_t size_;
  uint8_t* end_;
};

// New texts: their bytes, and offsets of 4 bytes while these suffice.
struct Made {
  Bytes data, offsets;
  int item_size = 4;
  int64_t size = 0;
};

// Calls write(from, to, growing, ends, fault) for each part of the rows: it appends what becomes of them, and notes in
// ends[row] how much there is then.
template <class Offset, class Write>
bool make_texts_in(const Texts& texts, int64_t parts, int64_t limit, Write&& write, Made& made) {
  made.offsets = bytes_for((texts.size + 1) * static_cast<int64_t>(sizeof(Offset)));
  made.item_size = sizeof(Offset);
  made.size = texts.size;
  Offset* offsets = reinterpret_cast<Offset*>(made.offsets.get());
  offsets[0] = 0;
  std::vector<Growing> grown;
  grown.reserve(static_cast<size_t>(parts));
  std::vector<int64_t> before(static_cast<size_t>(parts) + 1);
  std::vector<int64_t> borders(static_cast<size_t>(parts) + 1);
  for (int64_t part = 0; part < parts; ++part) grown.emplace_back(0);
  for_each_part(texts.size, parts, [&](int64_t part, int64_t from, int64_t to, std::string& fault) {
    const int64_t bytes = texts.between(from, to).size();
    Growing out(bytes + bytes / 16 + 4096);
    if (from < to) write(from, to, out, offsets + 1, fault);
    borders[static_cast<size_t>(part) + 1] = to;
    before[static_cast<size_t>(part) + 1] = out.size();
    grown[static_cast<size_t>(part)] = std::move(out);
  });
  for (size_t part = 0; part < static_cast<size_t>(parts); ++part) before[part + 1] += before[part];
  if (before.back() > limit) return false;
  if (parts == 1) {
    made.data = grown[0].take();
    return true;
  }
  made.data = bytes_for(before.back());
  parallel_for(parts, [&](int64_t number) {
    const size_t part = static_cast<size_t>(number);
    std::memcpy(made.data.get() + before[part], grown[part].data(), static_cast<size_t>(before[part + 1] - before[part]));
    const Offset more = static_cast<Offset>(before[part]);
    for (int64_t row = borders[part]; row < borders[part + 1]; ++row) offsets[row + 1] += more;
  });
  return true;
}

// How a kernel is run: the least rows worth a thread, and the most bytes that offsets of 4 bytes may count.
struct Run {
  int64_t grain;
  int64_t narrow;
};

template <class Write>
Made make_texts_by_parts(const Texts& texts, const Run& run, Write&& write) {
  const int64_t parts = parts_of(texts.size, run.grain);
  Made made;
  if (texts.between(0, texts.size).size() <= run.narrow && make_texts_in<int32_t>(texts, parts, run.narrow, write, made))
    return made;
  make_texts_in<int64_t>(texts, parts, std::numeric_limits<int64_t>::max(), write, made);
  return made;
}

// Calls write(row, growing) for each row that has a text.
template <class Write>
Made make_texts(const Texts& texts, const Run& run, Write&& write) {
  return make_texts_by_parts(texts, run, [&](int64_t from, int64_t to, Growing& out, auto* ends, std::string& fault) {
    for_each_row(texts, from, to, fault, [&](int64_t row) {
      if (texts.has(row)) write(row, out);
      ends[row] = static_cast<std::decay_t<decltype(*ends)>>(out.size());
    });
  });
}

// A bit for each row, 0 where there is no text, to a bitmap of zeros that has whole words.
template <class Ask>
void ask_texts(const Texts& texts, const Run& run, uint8_t* bits, Ask&& ask) {
  for_each_part(texts.size, parts_of(texts.size, run.grain), [&](int64_t, int64_t from, int64_t to, std::string& fault) {
    for_each_row(texts, from, to, fault, [&](int64_t row) {
      if (texts.has(row) && ask(texts[row])) set_bit(bits, row);
    });
  });
}

// A whole number for each row, 0 where there is no text.
template <class Measure>
void measure_texts(const Texts& texts, const Run& run, int64_t* out, Measure&& measure) {
  for_each_part(texts.size, parts_of(texts.size, run.grain), [&](int64_t, int64_t from, int64_t to, std::string& fault) {
    for_each_row(texts, from, to, fault, [&](int64_t row) { out[row] = texts.has(row) ? measure(texts[row]) : 0; });
  });
}

}  // namespace engine
