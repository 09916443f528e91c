// Merging sorted arrays: cut all inputs at common splitters into segments that fit the second-level cache, then
// merge each segment pairwise, neighbours first, which keeps the merge stable. Segments are independent tasks.
// NaN and NaT stand at the end of each input: they are set aside, and no comparison has to think of them.
#pragma once
#include <algorithm>
#include <utility>
#include <vector>

#include "../pool.hpp"
#include "folds.hpp"
#include "merge_pair.hpp"

namespace engine {

// Merges runs into out; spare and other hold the levels between, each with room for all elements.
template <class T>
void merge_runs(std::vector<Run<T>>& runs, T* out, T* spare, T* other) {
  while (runs.size() > 2) {
    T* place = spare;
    size_t merged = 0;
    for (size_t i = 0; i < runs.size(); i += 2) {
      T* const begin = place;
      place = i + 1 < runs.size() ? merge_pair(runs[i], runs[i + 1], place)
                                  : std::copy(runs[i].begin, runs[i].end, place);
      runs[merged++] = {begin, place};
    }
    runs.resize(merged);
    std::swap(spare, other);
  }
  if (runs.size() == 2) merge_pair(runs[0], runs[1], out);
  if (runs.size() == 1) std::copy(runs[0].begin, runs[0].end, out);
}

// Where each input is cut. All elements equal to a splitter fall on the same side of it in every input, so a
// segment needs to know nothing of the others. Long stretches of equal elements make one long segment.
template <class T>
class Segments {
 public:
  Segments(const std::vector<Run<T>>& inputs, int64_t segment_size)
      : inputs_(inputs), stride_(std::max<int64_t>(16, segment_size / std::max<int64_t>(count_of(inputs), 1))),
        splitters_(choose(segment_size)) {
    const int64_t k = count_of(inputs_);
    cuts_.assign((count() + 1) * k, 0);
    parallel_for(k, [&](int64_t input) { cut_input(input); });
    offsets_.assign(count() + 1, 0);
    for (size_t segment = 0; segment <= count(); ++segment)
      for (int64_t input = 0; input < k; ++input) offsets_[segment] += position(segment, input);
  }

  size_t count() const { return splitters_.size() + 1; }
  int64_t offset(size_t segment) const { return offsets_[segment]; }
  int64_t size(size_t segment) const { return offsets_[segment + 1] - offsets_[segment]; }
  int64_t position(size_t segment, int64_t input) const { return cuts_[segment * inputs_.size() + input]; }

  Run<T> run(size_t segment, int64_t input) const {
    const T* begin = inputs_[input].begin;
    return {begin + position(segment, input), begin + position(segment + 1, input)};
  }

  // What each input has in a segment; inputs with nothing are left out.
  std::vector<Run<T>> parts(size_t segment) const {
    std::vector<Run<T>> parts;
    for (int64_t input = 0; input < count_of(inputs_); ++input)
      if (const auto part = run(segment, input); part.size() > 0) parts.push_back(part);
    return parts;
  }

 private:
  static int64_t count_of(const std::vector<Run<T>>& inputs) { return static_cast<int64_t>(inputs.size()); }

  std::vector<T> choose(int64_t segment_size) const {
    std::vector<T> sample;
    for (const Run<T>& input : inputs_)
      for (int64_t i = stride_ - 1; i < input.size(); i += stride_) sample.push_back(input.begin[i]);
    std::sort(sample.begin(), sample.end(), [](const T& a, const T& b) { return less(a, b); });
    std::vector<T> splitters;
    const size_t step = static_cast<size_t>(std::max<int64_t>(1, segment_size / stride_));
    for (size_t i = step; i < sample.size(); i += step)
      if (splitters.empty() || less(splitters.back(), sample[i])) splitters.push_back(sample[i]);
    return splitters;
  }

  // Each search begins where the last one ended: cuts never go back, whatever the data.
  void cut_input(int64_t input) {
    const Run<T>& run = inputs_[input];
    const T* at = run.begin;
    for (size_t segment = 1; segment < count(); ++segment) {
      at = find_cut(at, run.end, splitters_[segment - 1]);
      cuts_[segment * inputs_.size() + input] = at - run.begin;
    }
    cuts_[count() * inputs_.size() + input] = run.size();
  }

  // The first element not less than the splitter: in steps that double, since it is not far.
  const T* find_cut(const T* from, const T* end, const T& splitter) const {
    for (int64_t step = stride_; step < end - from && less(from[step - 1], splitter); step *= 2) from += step;
    const auto is_less = [](const T& a, const T& b) { return less(a, b); };
    return std::lower_bound(from, end, splitter, is_less);
  }

  const std::vector<Run<T>>& inputs_;
  const int64_t stride_;
  const std::vector<T> splitters_;
  std::vector<int64_t> cuts_;     // [segment][input]
  std::vector<int64_t> offsets_;  // elements before each segment
};

// Calls merge(segment, scratch) for every segment; scratch has room for `copies` times the segment.
template <class Item, class T, class F>
void for_each_segment(const Segments<T>& segments, int64_t copies, F&& merge) {
  const int64_t count = static_cast<int64_t>(segments.count());
  const int64_t tasks = parts_of(count, 1);
  parallel_for(tasks, [&](int64_t task) {
    const int64_t from = cut(count, task, tasks), to = cut(count, task + 1, tasks);
    int64_t largest = 0;
    for (int64_t i = from; i < to; ++i) largest = std::max(largest, segments.size(i));
    Scratch<Item> scratch(copies * largest);
    for (int64_t i = from; i < to; ++i) merge(static_cast<size_t>(i), scratch.data());
  });
}

// The inputs without what stands at their ends and has no order; and those ends.
template <class T>
struct Inputs {
  std::vector<Run<T>> runs;
  std::vector<Run<T>> ends;
  int64_t ordered = 0;

  explicit Inputs(const std::vector<Cells>& inputs) {
    for (const Cells& cells : inputs) {
      const T *const begin = begin_of<T>(cells), *const end = begin + cells.size;
      const T* const middle = std::partition_point(begin, end, [](const T& value) { return !is_missing(value); });
      runs.push_back({begin, middle});
      ends.push_back({middle, end});
      ordered += middle - begin;
    }
  }
};

template <class T>
void merge_values(const std::vector<Cells>& cells, T* out, int64_t segment_size) {
  const Inputs<T> inputs(cells);
  const Segments<T> segments(inputs.runs, segment_size);
  for_each_segment<T>(segments, 2, [&](size_t segment, T* scratch) {
    auto parts = segments.parts(segment);
    merge_runs(parts, out + segments.offset(segment), scratch, scratch + segments.size(segment));
  });
  T* at = out + inputs.ordered;
  for (const Run<T>& end : inputs.ends) at = std::copy(end.begin, end.end, at);
}

// An element with the place it came from: its input in the high bits, its position there in the low ones.
template <class T>
struct Placed {
  T value;
  uint64_t place;
};

inline constexpr int position_bits = 40;
inline constexpr int64_t most_inputs = int64_t{1} << (64 - position_bits);
inline constexpr int64_t longest_input = int64_t{1} << position_bits;

template <class T>
bool less(const Placed<T>& a, const Placed<T>& b) {
  return less(a.value, b.value);
}

template <class T>
bool before(const Placed<T>& a, const Placed<T>& b) {
  return before(a.value, b.value);
}

struct Places {
  int32_t* which;
  int64_t* position;
  void put(int64_t at, uint64_t place) const {
    which[at] = static_cast<int32_t>(place >> position_bits);
    position[at] = static_cast<int64_t>(place & ((uint64_t{1} << position_bits) - 1));
  }
};

template <class T>
void merge_places(const std::vector<Cells>& cells, const Places& out, int64_t segment_size) {
  const Inputs<T> inputs(cells);
  const Segments<T> segments(inputs.runs, segment_size);
  for_each_segment<Placed<T>>(segments, 4, [&](size_t segment, Placed<T>* scratch) {
    const int64_t size = segments.size(segment);
    std::vector<Run<Placed<T>>> parts;
    Placed<T>* item = scratch;
    for (size_t input = 0; input < cells.size(); ++input) {
      const Run<T> part = segments.run(segment, input);
      uint64_t place = static_cast<uint64_t>(input) << position_bits | static_cast<uint64_t>(segments.position(segment, input));
      Placed<T>* const begin = item;
      for (const T* value = part.begin; value < part.end; ++value) *item++ = {*value, place++};
      if (begin < item) parts.push_back({begin, item});
    }
    const Placed<T>* merged = scratch + size;
    merge_runs(parts, scratch + size, scratch + 2 * size, scratch + 3 * size);
    for (int64_t i = 0; i < size; ++i) out.put(segments.offset(segment) + i, merged[i].place);
  });
  int64_t at = inputs.ordered;
  for (size_t input = 0; input < cells.size(); ++input)
    for (int64_t position = inputs.runs[input].size(); position < cells[input].size; ++position)
      out.put(at++, static_cast<uint64_t>(input) << position_bits | static_cast<uint64_t>(position));
}

// The first element less than the one before it: its position, or -1.
template <class T>
int64_t find_descent(const T* cells, int64_t from, int64_t to) {
  constexpr int64_t block = 1024;
  for (int64_t i = std::max<int64_t>(from, 1); i < to;) {
    const int64_t stop = std::min(to, i + block);
    int64_t descents = 0;
    for (int64_t j = i; j < stop; ++j) descents += less(cells[j], cells[j - 1]);
    for (; descents > 0 && i < stop; ++i)
      if (less(cells[i], cells[i - 1])) return i;
    i = stop;
  }
  return -1;
}

// Missing values must all be at the end: the first value after a missing one, or -1.
inline int64_t find_late_value(const Cells& cells, int64_t present) {
  if (count_bits(cells.validity, cells.bit_offset, present) == present) return -1;
  int64_t i = 0;
  while (cells.is_there(i)) ++i;
  while (!cells.is_there(i)) ++i;
  return i;
}

inline int64_t find_unsorted(const Cells& all, int64_t grain) {
  Cells cells = all;
  if (cells.validity != nullptr) {
    cells.size = count_bits(all.validity, all.bit_offset, all.size);
    if (const int64_t late = find_late_value(all, cells.size); late >= 0) return late;
  }
  const int64_t parts = parts_of(cells.size, grain);
  std::vector<int64_t> found(parts, -1);
  with_type(cells.kind, cells.item_size, [&](auto type) {
    const auto* begin = begin_of<typename decltype(type)::type>(cells);
    parallel_for(parts, [&](int64_t part) {
      found[part] = find_descent(begin, cut(cells.size, part, parts), cut(cells.size, part + 1, parts));
    });
  });
  for (const int64_t position : found)
    if (position >= 0) return position;
  return -1;
}

inline void merge_into(const std::vector<Cells>& inputs, void* out, int64_t segment_size) {
  with_type(inputs[0].kind, inputs[0].item_size, [&](auto type) {
    using T = typename decltype(type)::type;
    merge_values(inputs, static_cast<T*>(out), segment_size);
  });
}

inline void merge_index(const std::vector<Cells>& inputs, int32_t* which, int64_t* position, int64_t segment_size) {
  with_type(inputs[0].kind, inputs[0].item_size, [&](auto type) {
    merge_places<typename decltype(type)::type>(inputs, {which, position}, segment_size);
  });
}

}  // namespace engine
