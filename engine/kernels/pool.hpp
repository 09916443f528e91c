// How kernels reach the process's one pool of threads; the threads themselves are in threads.hpp.
#pragma once
#include <cstdint>
#include <type_traits>

namespace engine {

using Task = void (*)(void* context, int64_t index);

class Pool {
 public:
  virtual int workers() = 0;
  // Runs task(context, 0 .. tasks - 1) on the caller and the pool's threads; returns when all are done.
  // The first exception of a task is thrown here after the running ones have ended; the rest are not started.
  virtual void run(int64_t tasks, Task task, void* context) = 0;

 protected:
  ~Pool() = default;
};

// There must be one pool in a process, but each extension module is a shared library with its own copy of every
// variable a header defines. So one module, columns/pool, owns the pool and offers its address as a capsule; the
// others fetch that address when they are imported. The virtual calls above are all that crosses the boundary.
inline Pool* process_pool = nullptr;

inline void use_pool(Pool* pool) { process_pool = pool; }

// Calls f(0) .. f(tasks - 1), each once, in any order and on any thread. The GIL must be released.
template <class F>
void parallel_for(int64_t tasks, F&& f) {
  using Function = std::remove_reference_t<F>;
  if (tasks == 1) {
    f(int64_t{0});
    return;
  }
  process_pool->run(tasks, [](void* context, int64_t i) { (*static_cast<Function*>(context))(i); }, &f);
}

inline int64_t cut(int64_t size, int64_t part, int64_t parts) {
  return size / parts * part + size % parts * part / parts;
}

// How many parts to cut `size` elements into: none under `grain`, and a few for each worker so that a slow
// core does not hold up the rest.
inline int64_t parts_of(int64_t size, int64_t grain) {
  const int64_t most = int64_t{4} * process_pool->workers();
  const int64_t parts = size / (grain < 1 ? 1 : grain);
  return process_pool->workers() == 1 || parts < 2 ? 1 : (parts < most ? parts : most);
}

}  // namespace engine
