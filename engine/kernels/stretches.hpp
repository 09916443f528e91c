// What the threads of a pool take from each other: stretches of a job's tasks, in a deque for each thread.
#pragma once
#include <array>
#include <atomic>
#include <cstdint>
#include <exception>
#include <limits>
#include <mutex>

#include "pool.hpp"

namespace engine {

// One call of parallel_for. It lives on its caller's stack, who waits until no task is unfinished; whoever
// finishes the last one does not touch the job again.
struct Job {
  const Task task;
  void* const context;
  std::atomic<int64_t> unfinished;
  // Tasks from here on are not started. A failing task sets it to itself, so that those before it still run:
  // the error is that of the lowest failing task, whatever the threads did.
  std::atomic<int64_t> end{std::numeric_limits<int64_t>::max()};
  std::exception_ptr error{};  // of task `end`; written under the pool's mutex

  Job(int64_t tasks, Task task, void* context) : task(task), context(context), unfinished(tasks) {}
};

// Tasks [from, to) of a job, which may be halved `splits` times more unless a thread in need takes them.
struct Stretch {
  Job* job;
  int64_t from, to;
  int splits;

  int64_t size() const { return to - from; }

  // Keeps the lower half and gives the upper one.
  Stretch halve() {
    splits /= 2;
    const int64_t middle = from + size() / 2;
    const Stretch upper{job, middle, to, splits};
    to = middle;
    return upper;
  }
};

// Its owner puts and takes at one end, newest and smallest first; others take at the other, oldest and largest
// first. Each stretch is less than the one before it by half, so 64 have room, whatever the job.
class Deque {
 public:
  void push(const Stretch& stretch) {
    const std::lock_guard<std::mutex> lock(mutex_);
    room_[end_++ % room_.size()] = stretch;
  }

  bool pop(Stretch& taken) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (begin_ == end_) return false;
    taken = room_[--end_ % room_.size()];
    return true;
  }

  // Of any job, or of one only.
  bool steal(Stretch& taken, const Job* only) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (begin_ == end_) return false;
    const Stretch& oldest = room_[begin_ % room_.size()];
    if (only && oldest.job != only) return false;
    taken = oldest;
    ++begin_;
    return true;
  }

 private:
  std::mutex mutex_;
  std::array<Stretch, 64> room_;
  uint64_t begin_ = 0, end_ = 0;
};

}  // namespace engine
