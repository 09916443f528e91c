// The order that would sort rows by a key: rows and their keys as pairs, sorted by part and then merged, neighbours
// first, so that equal keys keep their order.
#pragma once
#include <algorithm>
#include <array>
#include <vector>

#include "merge.hpp"

namespace engine {

// Numbers that are in order where the values are: NaN and NaT above all others, both zeros one.
template <class T>
uint64_t rank_of_value(T value) {
  if constexpr (std::is_same_v<T, uint64_t>) return value;
  else return bits_of(value) ^ (uint64_t{1} << 63);
}
inline uint64_t rank_of_value(Time value) { return rank_of(value); }
inline uint64_t rank_of_value(double value) {
  if (value != value) return ~uint64_t{0};
  const uint64_t bits = bits_of(value);
  return bits >> 63 ? ~bits : bits | (uint64_t{1} << 63);
}
inline uint64_t rank_of_value(float value) { return rank_of_value(static_cast<double>(value)); }

struct Ranked {
  uint64_t rank;
  int64_t row;
};
inline bool less(const Ranked& a, const Ranked& b) { return a.rank < b.rank; }
inline bool before(const Ranked& a, const Ranked& b) { return a.rank < b.rank; }

struct Direction {
  bool descending;
  bool nulls_first;
};

// A stable sort by one byte after the other, the last first; a byte that is the same everywhere is passed over.
// Returns which of the two holds the result.
inline Ranked* sort_ranked(Ranked* pairs, Ranked* spare, int64_t size) {
  if (size < 64) {
    std::stable_sort(pairs, pairs + size, [](const Ranked& a, const Ranked& b) { return less(a, b); });
    return pairs;
  }
  std::vector<std::array<int64_t, 256>> counts(8, std::array<int64_t, 256>{});
  for (int64_t i = 0; i < size; ++i)
    for (int byte = 0; byte < 8; ++byte) ++counts[byte][pairs[i].rank >> (8 * byte) & 255];
  for (int byte = 0; byte < 8; ++byte) {
    auto& places = counts[byte];
    if (places[pairs[0].rank >> (8 * byte) & 255] == size) continue;
    int64_t before = 0;
    for (int64_t& place : places) before += std::exchange(place, before);
    for (int64_t i = 0; i < size; ++i) spare[places[pairs[i].rank >> (8 * byte) & 255]++] = pairs[i];
    std::swap(pairs, spare);
  }
  return pairs;
}

class Order {
 public:
  // Sorts `rows`, which hold every row number once, by one key; rows of equal keys keep the order they have.
  Order(const Cells& keys, Direction direction, int64_t* rows) : size_(keys.size), pairs_(size_), spare_(size_) {
    const int64_t there = part_missing(keys, direction, rows);
    int64_t* const present = rows + (direction.nulls_first ? size_ - there : 0);
    with_type(keys.kind, keys.item_size, [&](auto type) {
      rank(begin_of<typename decltype(type)::type>(keys), direction.descending, present, there);
    });
    sort(present, there);
  }

 private:
  // Moves the rows without a key to one end; returns how many have one.
  int64_t part_missing(const Cells& keys, Direction direction, int64_t* rows) {
    if (keys.validity == nullptr) return size_;
    const auto is_there = [&](int64_t row) { return keys.is_there(row); };
    const auto is_missing = [&](int64_t row) { return !keys.is_there(row); };
    if (direction.nulls_first) return rows + size_ - std::stable_partition(rows, rows + size_, is_missing);
    return std::stable_partition(rows, rows + size_, is_there) - rows;
  }

  template <class T>
  void rank(const T* keys, bool descending, const int64_t* rows, int64_t size) {
    const uint64_t turned = descending ? ~uint64_t{0} : 0;
    const int64_t parts = parts_of(size, order_grain);
    parallel_for(parts, [&](int64_t part) {
      for (int64_t i = cut(size, part, parts), to = cut(size, part + 1, parts); i < to; ++i)
        pairs_[i] = {rank_of_value(keys[rows[i]]) ^ turned, rows[i]};
    });
  }

  void sort(int64_t* rows, int64_t size) {
    const int64_t parts = parts_of(size, order_grain);
    std::vector<Run<Ranked>> runs(parts);
    parallel_for(parts, [&](int64_t part) {
      const int64_t from = cut(size, part, parts), to = cut(size, part + 1, parts);
      const Ranked* sorted = sort_ranked(pairs_.data() + from, spare_.data() + from, to - from);
      runs[part] = {sorted, sorted + (to - from)};
    });
    if (parts == 1) {
      for (int64_t i = 0; i < size; ++i) rows[i] = runs[0].begin[i].row;
    } else {
      merge_ranked(runs, rows);
    }
  }

  static void merge_ranked(const std::vector<Run<Ranked>>& runs, int64_t* rows) {
    const Segments<Ranked> segments(runs, order_segment);
    for_each_segment<Ranked>(segments, 3, [&](size_t segment, Ranked* scratch) {
      const int64_t size = segments.size(segment);
      auto parts = segments.parts(segment);
      merge_runs(parts, scratch, scratch + size, scratch + 2 * size);
      for (int64_t i = 0, to = segments.offset(segment); i < size; ++i, ++to) rows[to] = scratch[i].row;
    });
  }

  static constexpr int64_t order_grain = 32'768;
  static constexpr int64_t order_segment = 16'384;  // three buffers of pairs in a second-level cache

  const int64_t size_;
  Scratch<Ranked> pairs_, spare_;
};

inline void order_rows(const Cells& keys, Direction direction, int64_t* rows) { Order(keys, direction, rows); }

}  // namespace engine
