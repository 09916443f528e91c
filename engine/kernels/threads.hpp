// The threads behind pool.hpp: started at first use, asleep when idle, made anew in a forked child.
//
// A caller halves its job's tasks as rayon does: a budget of as many splits as there are threads is halved at
// each split, and a stretch that another thread had to take gets a new one. So an undisturbed job is cut into few
// pieces, and one whose tasks are uneven is cut where threads are in need.
#pragma once
#include <pthread.h>
#include <sched.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "stretches.hpp"

namespace engine {

inline constexpr int most_threads = 1024;

// ENGINE_NUM_THREADS, or where it is not set or empty, the processors this process may use.
inline int threads_wanted() {
  const char* text = std::getenv("ENGINE_NUM_THREADS");
  if (text && *text) {
    char* end = nullptr;
    const long asked = std::strtol(text, &end, 10);
    if (*end == '\0' && asked >= 1 && asked <= most_threads) return static_cast<int>(asked);
    throw std::invalid_argument("ENGINE_NUM_THREADS must be a whole number from 1 to " +
                                std::to_string(most_threads) + ", got '" + std::string(text).substr(0, 100) + "'");
  }
#ifdef __linux__
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof allowed, &allowed) == 0) return std::max(1, CPU_COUNT(&allowed));
#endif
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

// Thrown to a caller that was asked to stop; the reason is the caller's to know.
struct Interrupted : std::exception {
  const char* what() const noexcept override { return "interrupted"; }
};

// Whether a caller should stop: the owner of the pool knows, and is asked now and then by a thread that waits or
// has finished a task. Asking may be slow (it takes the GIL), so 20 times a second must do.
class Patience {
 public:
  using Clock = std::chrono::system_clock;  // the one whose timed wait ThreadSanitizer of GCC 12 understands
  static constexpr std::chrono::milliseconds interval{50};
  using Question = bool (*)();
  static inline Question asks_to_stop = nullptr;

  Clock::time_point end() const { return asked_at_ + interval; }

  bool is_over() {
    if (!asks_to_stop || Clock::now() < end()) return false;
    const bool over = asks_to_stop();
    asked_at_ = Clock::now();
    return over;
  }

 private:
  Clock::time_point asked_at_ = Clock::now();
};

// Whether it came true within the time that going to sleep and waking up would take: whoever is about to wait
// tries this first, and gives way to any thread that has something to do.
template <class Condition>
bool soon(Condition&& condition) {
  using Clock = std::chrono::steady_clock;
  for (const auto end = Clock::now() + std::chrono::microseconds(60); !condition(); std::this_thread::yield())
    if (Clock::now() > end) return false;
  return true;
}

// True on a thread that is running a task: what it starts runs serially, as all workers may be waiting for it.
inline thread_local bool inside_task = false;

class ThreadPool {
 public:
  explicit ThreadPool(int workers) : workers_(workers), deques_(new Deque[workers]) {}

  ~ThreadPool() {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      stopping_ = true;
      wake_.notify_all();
    }
    for (std::thread& thread : threads_) thread.join();
  }

  void run(int64_t tasks, Task task, void* context) {
    if (inside_task || workers_ == 1) {
      run_alone(tasks, task, context);
      return;
    }
    if (tasks < 1) return;
    Job job(tasks, task, context);
    Deque own;
    Patience patience;
    enter(own);
    inside_task = true;
    finish({&job, 0, tasks, workers_}, own, &patience);
    help(job, own, patience);
    inside_task = false;
    if (job.error) std::rethrow_exception(job.error);
  }

 private:
  static void run_alone(int64_t tasks, Task task, void* context) {
    Patience patience;
    for (int64_t i = 0; i < tasks; ++i) {
      task(context, i);
      if (!inside_task && patience.is_over()) throw Interrupted();
    }
  }

  void enter(Deque& own) {
    const std::lock_guard<std::mutex> lock(mutex_);
    start_threads();
    callers_.push_back(&own);
  }

  // The caller's deque is empty by now: it takes part in what others still have of its job, then waits for them.
  void help(Job& job, Deque& own, Patience& patience) {
    while (job.unfinished.load() > 0) {
      const int64_t seen = offers_.load();
      if (Stretch taken; take(taken, &job))
        finish(taken, own, &patience);
      else if (!soon([&] { return job.unfinished.load() == 0 || offers_.load() != seen; }))
        wait_for(job, patience);
    }
    const std::lock_guard<std::mutex> lock(mutex_);
    callers_.erase(std::find(callers_.begin(), callers_.end(), &own));
  }

  void wait_for(Job& job, Patience& patience) {
    std::unique_lock<std::mutex> lock(mutex_);
    if (job.unfinished.load() > 0) done_.wait_until(lock, patience.end());
    lock.unlock();
    stop_if_asked(job, patience);
  }

  void work(Deque& own) {
    inside_task = true;
    for (Stretch taken; wait_for_work(taken);) finish(taken, own, nullptr);
  }

  bool wait_for_work(Stretch& taken) {
    const int64_t seen = offers_.load();
    if (take(taken, nullptr)) return true;
    soon([&] { return offers_.load() != seen; });
    std::unique_lock<std::mutex> lock(mutex_);
    ++waiting_;
    while (!stopping_ && !steal(taken, nullptr)) wake_.wait(lock);
    --waiting_;
    return !stopping_;
  }

  bool take(Stretch& taken, const Job* only) {
    const std::lock_guard<std::mutex> lock(mutex_);
    return steal(taken, only);
  }

  // Under the mutex, so that no deque goes meanwhile, and a thread that found nothing sleeps before more comes.
  bool steal(Stretch& taken, const Job* only) {
    for (Deque* deque : callers_)
      if (deque->steal(taken, only)) return renew(taken);
    for (size_t i = 0; i < threads_.size(); ++i)
      if (deques_[i].steal(taken, only)) return renew(taken);
    return false;
  }

  bool renew(Stretch& taken) const {
    taken.splits = std::max(workers_, taken.splits);
    return true;
  }

  // A stretch, and whatever of its halves nobody else took.
  void finish(Stretch stretch, Deque& own, Patience* patience) {
    do {
      while (stretch.splits > 0 && stretch.size() > 1) offer(stretch.halve(), own);
      perform(stretch, patience);
    } while (own.pop(stretch));
  }

  // Whoever waits counted itself before it looked into this deque, or looks after this push: none is overlooked.
  // The mutex is passed through so that it sleeps, or has found something, before the signal is given.
  void offer(const Stretch& half, Deque& own) {
    own.push(half);
    offers_.fetch_add(1);
    if (waiting_.load() == 0) return;
    { const std::lock_guard<std::mutex> lock(mutex_); }
    wake_.notify_one();
  }

  void perform(const Stretch& stretch, Patience* patience) {
    Job& job = *stretch.job;
    int64_t i = stretch.from;
    try {
      for (; i < stretch.to && i < job.end.load(std::memory_order_relaxed); ++i) {
        job.task(job.context, i);
        if (patience) stop_if_asked(job, *patience);
      }
    } catch (...) {
      fail(job, i, std::current_exception());
    }
    if (job.unfinished.fetch_sub(stretch.size()) > stretch.size()) return;
    { const std::lock_guard<std::mutex> lock(mutex_); }
    done_.notify_all();
  }

  void stop_if_asked(Job& job, Patience& patience) {
    if (patience.is_over()) fail(job, -1, std::make_exception_ptr(Interrupted()));
  }

  void fail(Job& job, int64_t task, std::exception_ptr error) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (task >= job.end.load()) return;
    job.end.store(task);
    job.error = std::move(error);
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
      threads_.reserve(workers_);
      for (int i = 1; i < workers_; ++i) threads_.emplace_back([this, i] { work(deques_[i - 1]); });
    } catch (const std::system_error&) {
    }
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }

  const int workers_;
  bool started_ = false, stopping_ = false;
  std::vector<std::thread> threads_;
  const std::unique_ptr<Deque[]> deques_;  // of the threads
  std::vector<Deque*> callers_;            // the deques of those who are in run() now
  std::atomic<int> waiting_{0};            // the threads that sleep, or are about to
  std::atomic<int64_t> offers_{0};         // how often there was something to take
  std::mutex mutex_;
  std::condition_variable wake_, done_;
};

// A pool as its users hold it. The child of a fork has no threads and perhaps a locked mutex: it leaves the
// parent's as they are and makes new ones.
class LivingPool final : public Pool {
 public:
  explicit LivingPool(int workers) : workers_(workers) {}

  ~LivingPool() {
    Made* made = made_.load();
    if (made && made->is_of_this_process()) delete made;
  }

  int workers() override { return workers_; }
  void run(int64_t tasks, Task task, void* context) override { threads().run(tasks, task, context); }

  static void count_forks() {
    [[maybe_unused]] static const int registered = pthread_atfork(nullptr, nullptr, [] { ++forks; });
  }

 private:
  struct Made {
    explicit Made(int workers) : pool(workers) {}
    bool is_of_this_process() const { return made_after == forks; }

    const int made_after = forks;
    ThreadPool pool;
  };

  ThreadPool& threads() {
    Made* made = made_.load();
    if (made && made->is_of_this_process()) return made->pool;
    Made* fresh = new Made(workers_);  // has no threads until it runs
    if (made_.compare_exchange_strong(made, fresh)) return fresh->pool;
    delete fresh;
    return made->pool;
  }

  static inline std::atomic<int> forks{0};
  const int workers_;
  std::atomic<Made*> made_{nullptr};
};

// What kernels reach: the pool that this thread has chosen, otherwise that of the process, which is never
// destroyed. At exit its sleeping threads end with the process, and one that still computes finds its pool alive.
class ChosenPool final : public Pool {
 public:
  int workers() override { return current().workers(); }
  void run(int64_t tasks, Task task, void* context) override { current().run(tasks, task, context); }

  static void choose(LivingPool* pool) { chosen = pool; }

 private:
  LivingPool& current() { return chosen ? *chosen : *of_process_; }

  // Known from the start, as a number without a meaning must be refused where an error can be told.
  LivingPool* const of_process_ = new LivingPool(threads_wanted());

  static inline thread_local LivingPool* chosen = nullptr;
};

inline Pool* make_chosen_pool() {
  LivingPool::count_forks();
  return new ChosenPool();
}

}  // namespace engine
