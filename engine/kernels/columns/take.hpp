// Values picked by row number: of any type, since they are only moved. A negative number gives a missing value.
#pragma once
#include <algorithm>
#include <atomic>
#include <cstring>

#include "../pool.hpp"
#include "column_cells.hpp"

namespace engine {

inline constexpr int64_t take_grain = 32'768;

struct Rows {
  const int64_t* numbers;
  int64_t count;
};

// Calls f(first, last) for parts that begin at a multiple of 64, so that no two write to one word of a bitmap.
template <class F>
void for_each_stretch(int64_t size, F&& f) {
  const int64_t words = (size + 63) / 64, parts = parts_of(size, take_grain);
  parallel_for(parts, [&](int64_t part) {
    f(cut(words, part, parts) * 64, std::min(size, cut(words, part + 1, parts) * 64));
  });
}

// Whether every number is less than `size`; and whether one is negative.
struct Checked {
  bool fit;
  bool miss;
};

inline Checked check_rows(const Rows& rows, int64_t size) {
  std::atomic<bool> fit{true}, miss{false};
  for_each_stretch(rows.count, [&](int64_t first, int64_t last) {
    bool high = false, low = false;
    for (int64_t i = first; i < last; ++i) {
      high |= rows.numbers[i] >= size;
      low |= rows.numbers[i] < 0;
    }
    if (high) fit = false;
    if (low) miss = true;
  });
  return {fit, miss};
}

template <class T>
void take_as(const Rows& rows, const void* values, void* out) {
  constexpr int64_t ahead = 32;
  const T* const from = static_cast<const T*>(values);
  T* const to = static_cast<T*>(out);
  for_each_stretch(rows.count, [&](int64_t first, int64_t last) {
    for (int64_t i = first; i < last; ++i) {
      if (i + ahead < last) __builtin_prefetch(from + rows.numbers[i + ahead]);
      to[i] = rows.numbers[i] < 0 ? T{} : from[rows.numbers[i]];
    }
  });
}

inline void take_cells(const Rows& rows, const Cells& values, void* out) {
  switch (values.item_size) {
    case 1: return take_as<uint8_t>(rows, values.data, out);
    case 2: return take_as<uint16_t>(rows, values.data, out);
    case 4: return take_as<uint32_t>(rows, values.data, out);
    default: return take_as<uint64_t>(rows, values.data, out);
  }
}

// Bits are picked into a bitmap of zeros; without a bitmap to pick from all bits are set that are picked at all.
inline void take_bits(const Rows& rows, const uint8_t* bits, int64_t offset, uint8_t* out) {
  for_each_stretch(rows.count, [&](int64_t first, int64_t last) {
    for (int64_t i = first; i < last; ++i) {
      const int64_t row = rows.numbers[i];
      out[i >> 3] |= static_cast<uint8_t>((row >= 0 && (bits == nullptr || bit_at(bits, offset + row))) << (i & 7));
    }
  });
}

// Where each picked text ends, in 64 bits; returns the bytes of all.
inline int64_t measure_texts(const Rows& rows, const Stretch& texts, int64_t* offsets) {
  offsets[0] = 0;
  for (int64_t i = 0; i < rows.count; ++i) {
    const int64_t row = texts.offset + rows.numbers[i];
    const bool is_there = rows.numbers[i] >= 0 && (texts.validity == nullptr || bit_at(texts.validity, row));
    const int64_t size = !is_there ? 0 : text_offset(texts.offsets, texts.item_size, row + 1) - text_offset(texts.offsets, texts.item_size, row);
    offsets[i + 1] = offsets[i] + size;
  }
  return offsets[rows.count];
}

inline void take_texts(const Rows& rows, const Stretch& texts, const int64_t* offsets, uint8_t* out) {
  for_each_stretch(rows.count, [&](int64_t first, int64_t last) {
    for (int64_t i = first; i < last; ++i) {
      const int64_t size = offsets[i + 1] - offsets[i];
      if (size == 0) continue;
      std::memcpy(out + offsets[i], texts.data + text_offset(texts.offsets, texts.item_size, texts.offset + rows.numbers[i]), static_cast<size_t>(size));
    }
  });
}

// The row numbers of two columns put end to end: of the first where it has one, else of the second.
inline void either_row(const int64_t* left, const int64_t* right, int64_t size, int64_t left_size, int64_t* out) {
  for (int64_t i = 0; i < size; ++i) out[i] = left[i] >= 0 ? left[i] : left_size + right[i];
}

// A mask for the rows to keep: the bits of a column of bool, of which missing ones keep nothing.
struct Mask {
  const uint8_t* bits;
  int64_t offset;
  const uint8_t* validity;
  int64_t bit_offset;
  int64_t size;

  // The 64 bits from row i on, which is a multiple of 64.
  uint64_t word(int64_t i) const {
    if (i + 64 <= size) return word_at(bits, offset + i) & (validity == nullptr ? ~uint64_t{0} : word_at(validity, bit_offset + i));
    uint64_t last = 0;
    for (int64_t row = i; row < size; ++row)
      last |= uint64_t{bit_at(bits, offset + row) && (validity == nullptr || bit_at(validity, bit_offset + row))} << (row - i);
    return last;
  }
};

inline int64_t count_kept(const Mask& mask) {
  std::atomic<int64_t> kept{0};
  for_each_stretch(mask.size, [&](int64_t first, int64_t last) {
    int64_t count = 0;
    for (int64_t i = first; i < last; i += 64) count += __builtin_popcountll(mask.word(i));
    kept += count;
  });
  return kept;
}

inline void write_kept(const Mask& mask, int64_t* rows) {
  for (int64_t i = 0; i < mask.size; i += 64)
    for (uint64_t word = mask.word(i); word != 0; word &= word - 1) *rows++ = i + __builtin_ctzll(word);
}

}  // namespace engine
