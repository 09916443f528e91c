// A job without a purpose, through which tests ask the pool for its promises.
#pragma once
#include <atomic>
#include <memory>
#include <new>
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

}  // namespace engine
