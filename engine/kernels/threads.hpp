// The threads behind pool.hpp: started at first use, asleep when idle, made anew in a forked child.
#pragma once
#include <pthread.h>
#include <sched.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

#include "pool.hpp"

namespace engine {

// ENGINE_NUM_THREADS when it is a whole number from 1 to 1024, otherwise the processors this process may use.
inline int threads_wanted() {
  if (const char* text = std::getenv("ENGINE_NUM_THREADS")) {
    char* end = nullptr;
    const long asked = std::strtol(text, &end, 10);
    if (end != text && *end == '\0' && asked >= 1 && asked <= 1024) return static_cast<int>(asked);
  }
#ifdef __linux__
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof allowed, &allowed) == 0) return std::max(1, CPU_COUNT(&allowed));
#endif
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

// True on a thread that is running a task: what it starts runs serially, as all workers may be waiting for it.
inline thread_local bool inside_task = false;

class ThreadPool {
 public:
  ThreadPool() : workers_(threads_wanted()) {}

  int workers() const { return workers_; }

  void run(int64_t tasks, Task task, void* context) {
    if (inside_task || workers_ == 1) {
      for (int64_t i = 0; i < tasks; ++i) task(context, i);
      return;
    }
    Job job{tasks, task, context};
    open(job);
    inside_task = true;
    drain(job);
    inside_task = false;
    close(job);
    if (job.error) std::rethrow_exception(job.error);
  }

 private:
  // Lives on its caller's stack: it is listed in jobs_ and counts its helpers under the mutex, so that no
  // thread touches it after close() has returned.
  struct Job {
    const int64_t tasks;
    const Task task;
    void* const context;
    std::atomic<int64_t> next{0};
    int helpers{0};
    std::exception_ptr error{};
  };

  void open(Job& job) {
    std::lock_guard<std::mutex> lock(mutex_);
    start_threads();
    jobs_.push_back(&job);
    wake_.notify_all();
  }

  void close(Job& job) {
    std::unique_lock<std::mutex> lock(mutex_);
    jobs_.erase(std::find(jobs_.begin(), jobs_.end(), &job));
    done_.wait(lock, [&] { return job.helpers == 0; });
  }

  void drain(Job& job) {
    try {
      for (int64_t i; (i = job.next.fetch_add(1)) < job.tasks;) job.task(job.context, i);
    } catch (...) {
      job.next.store(job.tasks);
      std::lock_guard<std::mutex> lock(mutex_);
      if (!job.error) job.error = std::current_exception();
    }
  }

  void work() {
    inside_task = true;
    std::unique_lock<std::mutex> lock(mutex_);
    for (;;) {
      Job* job = nullptr;
      wake_.wait(lock, [&] { return (job = find_open_job()) != nullptr; });
      ++job->helpers;
      lock.unlock();
      drain(*job);
      lock.lock();
      if (--job->helpers == 0) done_.notify_all();
    }
  }

  Job* find_open_job() {
    for (Job* job : jobs_)
      if (job->next.load() < job->tasks) return job;
    return nullptr;
  }

  // Signals stay with the interpreter's threads. Where the system refuses a thread, those that started suffice:
  // the caller takes part in its own job.
  void start_threads() {
    if (started_) return;
    started_ = true;
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    try {
      for (int i = 1; i < workers_; ++i) std::thread([this] { work(); }).detach();
    } catch (const std::system_error&) {
    }
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }

  const int workers_;
  bool started_ = false;
  std::mutex mutex_;
  std::condition_variable wake_, done_;
  std::vector<Job*> jobs_;
};

// What the capsule points to. The pool behind it is never destroyed: at exit its sleeping threads end with the
// process, and a thread that still computes finds its pool alive.
class ProcessPool final : public Pool {
 public:
  int workers() override { return current().workers(); }
  void run(int64_t tasks, Task task, void* context) override { current().run(tasks, task, context); }

  // The child of a fork has no threads and perhaps a locked mutex: it forgets the parent's pool.
  static void forget() { pool_.store(nullptr); }

 private:
  static ThreadPool& current() {
    ThreadPool* pool = pool_.load();
    if (pool) return *pool;
    ThreadPool* fresh = new ThreadPool();  // has no threads until it runs
    if (pool_.compare_exchange_strong(pool, fresh)) return *fresh;
    delete fresh;
    return *pool;
  }

  static inline std::atomic<ThreadPool*> pool_{nullptr};
};

inline Pool* make_process_pool() {
  static ProcessPool* const pool = [] {
    pthread_atfork(nullptr, nullptr, ProcessPool::forget);
    return new ProcessPool();
  }();
  return pool;
}

}  // namespace engine
