// What is done with the values of a column as they lie in memory: bringing together, comparing, joining up.
#pragma once
#include <cstdint>
#include <cstring>

#include "columns/cells.hpp"
#include "columns/column_bits.hpp"

namespace engine {

// Copies values that stand `stride` bytes apart, may be misaligned, and may be in the other byte order.
inline void gather_cells(const uint8_t* from, int64_t stride, int64_t size, int item_size, bool swap,
                         uint8_t* to) {
  for (int64_t i = 0; i < size; ++i, from += stride, to += item_size) {
    if (!swap) {
      std::memcpy(to, from, static_cast<size_t>(item_size));
    } else {
      for (int byte = 0; byte < item_size; ++byte) to[byte] = from[item_size - 1 - byte];
    }
  }
}

inline int64_t text_offset(const uint8_t* offsets, int item_size, int64_t i) {
  if (item_size == 8) return reinterpret_cast<const int64_t*>(offsets)[i];
  return reinterpret_cast<const int32_t*>(offsets)[i];
}

inline void put_offset(uint8_t* offsets, int item_size, int64_t i, int64_t value) {
  if (item_size == 8) {
    reinterpret_cast<int64_t*>(offsets)[i] = value;
  } else {
    reinterpret_cast<int32_t*>(offsets)[i] = static_cast<int32_t>(value);
  }
}

// A column for the comparison: its first value is at `offset`, counted in values.
struct Stretch {
  const uint8_t* validity;
  const uint8_t* data;
  const uint8_t* offsets;
  int64_t offset;
  int item_size;
};

inline bool is_valid(const Stretch& a, int64_t i) {
  return a.validity == nullptr || bit_at(a.validity, a.offset + i);
}

inline bool same_text(const Stretch& a, const Stretch& b, int64_t i) {
  int64_t start = text_offset(a.offsets, a.item_size, a.offset + i);
  int64_t other = text_offset(b.offsets, b.item_size, b.offset + i);
  int64_t size = text_offset(a.offsets, a.item_size, a.offset + i + 1) - start;
  if (size != text_offset(b.offsets, b.item_size, b.offset + i + 1) - other) return false;
  return size == 0 || std::memcmp(a.data + start, b.data + other, static_cast<size_t>(size)) == 0;
}

// Calls same(i) where both have a value; false where only one of them has.
template <class F>
bool all_same(const Stretch& a, const Stretch& b, int64_t size, F&& same) {
  for (int64_t i = 0; i < size; ++i) {
    bool valid = is_valid(a, i);
    if (valid != is_valid(b, i)) return false;
    if (valid && !same(i)) return false;
  }
  return true;
}

// Nulls equal nulls, NaN equals NaN, -0.0 equals 0.0. The kinds are those of ColumnMemory, and are the same.
inline bool same_cells(const Stretch& a, const Stretch& b, int64_t size, char kind) {
  if (kind == 's') return all_same(a, b, size, [&](int64_t i) { return same_text(a, b, i); });
  if (kind == 'b') {
    return all_same(a, b, size,
                    [&](int64_t i) { return bit_at(a.data, a.offset + i) == bit_at(b.data, b.offset + i); });
  }
  return with_type(kind, a.item_size, [&](auto type) {
    using T = typename decltype(type)::type;
    const T* left = reinterpret_cast<const T*>(a.data) + a.offset;
    const T* right = reinterpret_cast<const T*>(b.data) + b.offset;
    return all_same(a, b, size, [&](int64_t i) { return equal(left[i], right[i]); });
  });
}

// Marks every tick that is NaT as missing, in a bitmap of zeros; how many there are.
inline int64_t mark_times(const uint8_t* data, int64_t size, uint8_t* validity) {
  const int64_t* ticks = reinterpret_cast<const int64_t*>(data);
  int64_t missing = 0;
  for (int64_t i = 0; i < size; ++i) {
    if (ticks[i] == not_a_time) {
      ++missing;
    } else {
      set_bit(validity, i);
    }
  }
  return missing;
}

inline bool has_no_time(const uint8_t* data, int64_t size) {
  const int64_t* ticks = reinterpret_cast<const int64_t*>(data);
  bool found = false;
  for (int64_t i = 0; i < size; ++i) found |= ticks[i] == not_a_time;
  return found;
}

// One item of Arrow's string view: texts of up to 12 bytes stand inside, others in one of the further buffers.
struct View {
  int32_t size;
  int32_t prefix;
  int32_t buffer;
  int32_t start;
};

inline const uint8_t* text_of(const View* view, const void* const* buffers) {
  if (view->size <= 12) return reinterpret_cast<const uint8_t*>(view) + 4;
  return static_cast<const uint8_t*>(buffers[view->buffer]) + view->start;
}

// The bytes of all texts that are there.
inline int64_t sum_views(const View* views, const uint8_t* validity, int64_t offset, int64_t size) {
  int64_t sum = 0;
  for (int64_t i = offset; i < offset + size; ++i) {
    if (validity == nullptr || bit_at(validity, i)) sum += views[i].size;
  }
  return sum;
}

inline void copy_views(const View* views, const void* const* buffers, const uint8_t* validity, int64_t offset,
                       int64_t size, int64_t* offsets, uint8_t* texts) {
  int64_t end = 0;
  offsets[0] = 0;
  for (int64_t i = 0; i < size; ++i) {
    const View* view = views + offset + i;
    if (view->size > 0 && (validity == nullptr || bit_at(validity, offset + i))) {
      std::memcpy(texts + end, text_of(view, buffers), static_cast<size_t>(view->size));
      end += view->size;
    }
    offsets[i + 1] = end;
  }
}

}  // namespace engine
