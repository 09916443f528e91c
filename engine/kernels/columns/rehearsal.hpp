// Jobs without a purpose, through which tests ask the pool for its promises.
#pragma once
#include <atomic>
#include <chrono>
#include <new>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "../pool.hpp"

namespace engine {

inline std::vector<int64_t> rehearse(int64_t tasks, int64_t inner, int64_t failing) {
  std::vector<std::atomic<int64_t>> runs(tasks);
  parallel_for(tasks, [&](int64_t i) {
    if (i == failing) throw std::bad_alloc();
    parallel_for(inner, [&](int64_t) { runs[i].fetch_add(1); });
  });
  return std::vector<int64_t>(runs.begin(), runs.end());
}

inline void fail_from(int64_t tasks, int64_t first) {
  parallel_for(tasks, [&](int64_t i) {
    if (i >= first) throw std::out_of_range(std::to_string(i));
  });
}

// Tasks of uneven length: each waits for as many microseconds as it has been given. Returns how many ran.
inline int64_t doze(const std::vector<int64_t>& naps_us) {
  std::atomic<int64_t> ran{0};
  parallel_for(static_cast<int64_t>(naps_us.size()), [&](int64_t i) {
    std::this_thread::sleep_for(std::chrono::microseconds(naps_us[i]));
    ran.fetch_add(1);
  });
  return ran;
}

}  // namespace engine
