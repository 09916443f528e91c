// Counting items and sampling the time they take.
#pragma once
#include <chrono>
#include <cstdint>

namespace engine::objects {

inline int64_t nanoseconds_now() {
  using namespace std::chrono;
  return duration_cast<nanoseconds>(steady_clock::now().time_since_epoch()).count();
}

// What two readings of the clock add to a time, at the least.
inline int64_t clock_cost() {
  int64_t least = 1'000'000;
  for (int i = 0; i < 100; ++i) {
    const int64_t began = nanoseconds_now();
    const int64_t took = nanoseconds_now() - began;
    if (took < least) least = took;
  }
  return least;
}

// Short runs, and what only the first item costs, are told exactly; of the rest one in some is timed, since the clock
// itself costs as much as a small step.
inline constexpr int64_t timed_first = 16;
inline constexpr int64_t sampled = 64;

inline bool is_timed(int64_t number) { return number < timed_first || number % sampled == 0; }

struct Gauge {
  int64_t came;
  int64_t firsts;
  int64_t first_ns;
  int64_t samples;
  int64_t sampled_ns;

  void add(int64_t number, int64_t began) {
    static const int64_t cost = clock_cost();
    const int64_t took = nanoseconds_now() - began - cost;
    if (number < timed_first) {
      ++firsts;
      first_ns += took > 0 ? took : 0;
    } else {
      ++samples;
      sampled_ns += took > 0 ? took : 0;
    }
  }

  double seconds() const {
    const double rest = static_cast<double>(came - firsts);
    if (samples > 0) return (first_ns + sampled_ns * rest / samples) / 1e9;
    return firsts > 0 ? first_ns * (1 + rest / firsts) / 1e9 : 0;
  }
};

}  // namespace engine::objects
