// Merging sorted arrays: cut all inputs at common splitters into segments that fit the second-level cache, then
// merge each segment pairwise, neighbours first, which keeps the merge stable. Segments are independent tasks.
#pragma once
#include <algorithm>
#include <utility>
#include <vector>

#include "../pool.hpp"
#include "cells.hpp"

namespace engine {

template <class T>
struct Run {
  const T* begin;
  const T* end;
  int64_t size() const { return end - begin; }
};

// An element with the place it came from.
template <class T>
struct Placed {
  T value;
  int32_t input;
  int64_t position;
};

template <class T>
bool less(const Placed<T>& a, const Placed<T>& b) {
  return less(a.value, b.value);
}

template <class T>
T* merge_pair(Run<T> a, Run<T> b, T* out) {
  while (a.begin < a.end && b.begin < b.end) {
    const bool from_b = less(*b.begin, *a.begin);
    *out++ = from_b ? *b.begin : *a.begin;
    b.begin += from_b;
    a.begin += !from_b;
  }
  return std::copy(b.begin, b.end, std::copy(a.begin, a.end, out));
}

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
  Segments(const std::vector<Run<T>>& inputs, int64_t segment_size) : inputs_(inputs), splitters_(choose(segment_size)) {
    const size_t k = inputs_.size();
    cuts_.assign((count() + 1) * k, 0);
    for (size_t input = 0; input < k; ++input) cut_input(input);
    offsets_.assign(count() + 1, 0);
    for (size_t segment = 0; segment <= count(); ++segment)
      for (size_t input = 0; input < k; ++input) offsets_[segment] += cuts_[segment * k + input];
  }

  size_t count() const { return splitters_.size() + 1; }
  int64_t offset(size_t segment) const { return offsets_[segment]; }
  int64_t size(size_t segment) const { return offsets_[segment + 1] - offsets_[segment]; }
  int64_t position(size_t segment, size_t input) const { return cuts_[segment * inputs_.size() + input]; }

  Run<T> run(size_t segment, size_t input) const {
    const T* begin = inputs_[input].begin;
    return {begin + position(segment, input), begin + position(segment + 1, input)};
  }

 private:
  std::vector<T> choose(int64_t segment_size) const {
    const int64_t k = static_cast<int64_t>(inputs_.size());
    const int64_t stride = std::max<int64_t>(16, segment_size / std::max<int64_t>(k, 1));
    std::vector<T> sample;
    for (const Run<T>& input : inputs_)
      for (int64_t i = stride - 1; i < input.size(); i += stride) sample.push_back(input.begin[i]);
    std::sort(sample.begin(), sample.end(), [](const T& a, const T& b) { return less(a, b); });
    std::vector<T> splitters;
    const size_t step = static_cast<size_t>(std::max<int64_t>(1, segment_size / stride));
    for (size_t i = step; i < sample.size(); i += step)
      if (splitters.empty() || less(splitters.back(), sample[i])) splitters.push_back(sample[i]);
    return splitters;
  }

  // Each search begins where the last one ended: cuts never go back, whatever the data.
  void cut_input(size_t input) {
    const size_t k = inputs_.size();
    const Run<T>& run = inputs_[input];
    const T* at = run.begin;
    for (size_t segment = 1; segment < count(); ++segment) {
      at = std::lower_bound(at, run.end, splitters_[segment - 1], [](const T& a, const T& b) { return less(a, b); });
      cuts_[segment * k + input] = at - run.begin;
    }
    cuts_[count() * k + input] = run.size();
  }

  const std::vector<Run<T>>& inputs_;
  const std::vector<T> splitters_;
  std::vector<int64_t> cuts_;     // [segment][input]
  std::vector<int64_t> offsets_;  // elements before each segment
};

template <class T>
std::vector<Run<T>> runs_of(const std::vector<Cells>& inputs) {
  std::vector<Run<T>> runs;
  for (const Cells& cells : inputs) runs.push_back({begin_of<T>(cells), begin_of<T>(cells) + cells.size});
  return runs;
}

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

template <class T>
void merge_values(const std::vector<Cells>& inputs, T* out, int64_t segment_size) {
  const auto runs = runs_of<T>(inputs);
  const Segments<T> segments(runs, segment_size);
  for_each_segment<T>(segments, 2, [&](size_t segment, T* scratch) {
    std::vector<Run<T>> parts;
    for (size_t input = 0; input < runs.size(); ++input)
      if (const auto part = segments.run(segment, input); part.size() > 0) parts.push_back(part);
    merge_runs(parts, out + segments.offset(segment), scratch, scratch + segments.size(segment));
  });
}

template <class T>
void merge_places(const std::vector<Cells>& inputs, int32_t* which, int64_t* position, int64_t segment_size) {
  const auto runs = runs_of<T>(inputs);
  const Segments<T> segments(runs, segment_size);
  for_each_segment<Placed<T>>(segments, 4, [&](size_t segment, Placed<T>* scratch) {
    const int64_t size = segments.size(segment);
    std::vector<Run<Placed<T>>> parts;
    Placed<T>* item = scratch;
    for (size_t input = 0; input < runs.size(); ++input) {
      Placed<T>* const begin = item;
      int64_t at = segments.position(segment, input);
      const Run<T> part = segments.run(segment, input);
      for (const T* value = part.begin; value < part.end; ++value)
        *item++ = {*value, static_cast<int32_t>(input), at++};
      if (begin < item) parts.push_back({begin, item});
    }
    const Placed<T>* merged = scratch + size;
    merge_runs(parts, scratch + size, scratch + 2 * size, scratch + 3 * size);
    for (int64_t i = 0, to = segments.offset(segment); i < size; ++i, ++to) {
      which[to] = merged[i].input;
      position[to] = merged[i].position;
    }
  });
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

inline int64_t find_unsorted(const Cells& cells, int64_t grain) {
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
    merge_places<typename decltype(type)::type>(inputs, which, position, segment_size);
  });
}

}  // namespace engine
