// Two sorted runs made one, without a branch that depends on the values.
#pragma once
#include <algorithm>

#include "cells.hpp"

namespace engine {

// The order of a merge, in which there is no NaN and no NaT.
template <class T>
bool before(const T& a, const T& b) { return less(a, b); }
inline bool before(const float& a, const float& b) { return a < b; }
inline bool before(const double& a, const double& b) { return a < b; }
inline bool before(const Time& a, const Time& b) { return a.ticks < b.ticks; }

template <class T>
struct Run {
  const T* begin;
  const T* end;
  int64_t size() const { return end - begin; }
};

// One end of a merge: the least of two runs goes to the front, of equal ones that of `a`.
template <class T>
struct Front {
  const T* a;
  const T* b;
  T* out;
  void step() {
    const bool from_b = before(*b, *a);
    *out++ = *(from_b ? b : a);
    b += from_b;
    a += !from_b;
  }
};

// The other end: the greatest goes to the back, of equal ones that of `b`.
template <class T>
struct Back {
  const T* a;
  const T* b;
  T* out;
  void step() {
    const bool from_a = before(*b, *a);
    *out-- = *(from_a ? a : b);
    a -= from_a;
    b -= !from_a;
  }
};

// A merge that goes on from both ends: two chains of loads and compares that do not wait for each other.
template <class T>
class TwoEnds {
 public:
  TwoEnds(Run<T> a, Run<T> b, T* out)
      : front_{a.begin, b.begin, out}, back_{a.end - 1, b.end - 1, out + a.size() + b.size() - 1} {}

  // So many steps read no element beyond a run, and leave the two ends apart.
  int64_t safe_steps() const { return std::min({left_a(), left_b(), (left_a() + left_b()) / 2}); }

  void step() {
    front_.step();
    back_.step();
  }

  void finish() {
    for (int64_t steps; (steps = safe_steps()) > 4;)
      for (; steps > 0; --steps) step();
    const T *const a_end = back_.a + 1, *const b_end = back_.b + 1;
    while (front_.a < a_end && front_.b < b_end) front_.step();
    std::copy(front_.b, b_end, std::copy(front_.a, a_end, front_.out));
  }

 private:
  int64_t left_a() const { return back_.a + 1 - front_.a; }
  int64_t left_b() const { return back_.b + 1 - front_.b; }

  Front<T> front_;
  Back<T> back_;
};

// How many of the first `count` elements of a merge come from `a`.
template <class T>
int64_t share_of_first(Run<T> a, Run<T> b, int64_t count) {
  int64_t low = std::max<int64_t>(0, count - b.size()), high = std::min(count, a.size());
  while (low < high) {
    const int64_t middle = (low + high) / 2;
    if (before(b.begin[count - middle - 1], a.begin[middle])) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

// Cut in the middle of the result, each half from both ends: four chains keep a core busy. Returns the end.
template <class T>
T* merge_pair(Run<T> a, Run<T> b, T* out) {
  const int64_t size = a.size() + b.size(), half = size / 2;
  const int64_t of_a = share_of_first(a, b, half), of_b = half - of_a;
  TwoEnds<T> low({a.begin, a.begin + of_a}, {b.begin, b.begin + of_b}, out);
  TwoEnds<T> high({a.begin + of_a, a.end}, {b.begin + of_b, b.end}, out + half);
  for (int64_t steps = std::min(low.safe_steps(), high.safe_steps()); steps > 0; --steps) {
    low.step();
    high.step();
  }
  low.finish();
  high.finish();
  return out + size;
}

}  // namespace engine
