// What these programs share: a check that ends the program, and a pool of so many threads.
#pragma once
#include <cstdio>
#include <cstdlib>
#include <functional>

#include "threads.hpp"

#define EXPECT(condition)                                                       \
  do {                                                                          \
    if (!(condition)) {                                                         \
      std::fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, __LINE__, #condition); \
      std::exit(1);                                                             \
    }                                                                           \
  } while (false)

// What f gives when kernels have a pool of so many workers.
template <class F>
auto with_workers(int workers, F&& f) {
  engine::LivingPool pool(workers);
  engine::use_pool(&pool);
  return f();
}
