// The promises of the pool, without Python: each task once, the lowest failure, callers side by side, an early end.
#include <stdexcept>

#include "columns/rehearsal.hpp"
#include "expect.hpp"

using namespace engine;

void every_task_runs_once() {
  for (int64_t tasks : {0, 1, 2, 7, 1000})
    EXPECT(rehearse(tasks, 3, -1) == std::vector<int64_t>(tasks, 3));
}

void stretches_that_sleep_are_taken_by_others() {
  std::vector<int64_t> naps(400, 0);
  for (int64_t i = 0; i < 40; ++i) naps[i] = 500;
  EXPECT(doze(naps) == 400);
}

void the_lowest_failure_wins() {
  for (int64_t first : {0, 1, 57, 499}) {
    try {
      fail_from(500, first);
      EXPECT(false);
    } catch (const std::out_of_range& error) {
      EXPECT(error.what() == std::to_string(first));
    }
  }
  EXPECT(rehearse(100, 1, -1) == std::vector<int64_t>(100, 1));
}

void callers_share_a_pool() {
  std::vector<std::thread> callers;
  for (int caller = 0; caller < 3; ++caller)
    callers.emplace_back([] {
      for (int round = 0; round < 50; ++round) {
        EXPECT(rehearse(40, 2, -1) == std::vector<int64_t>(40, 2));
        try {
          fail_from(30, 11);
          EXPECT(false);
        } catch (const std::out_of_range& error) {
          EXPECT(error.what() == std::string("11"));
        }
      }
    });
  for (std::thread& caller : callers) caller.join();
}

void a_caller_who_is_asked_to_stop_stops() {
  Patience::asks_to_stop = [] { return true; };
  try {
    doze(std::vector<int64_t>(100'000, 1000));
    EXPECT(false);
  } catch (const Interrupted&) {
  }
  Patience::asks_to_stop = nullptr;
  EXPECT(rehearse(100, 1, -1) == std::vector<int64_t>(100, 1));
}

void pools_come_and_go() {
  for (int round = 0; round < 50; ++round)
    with_workers(3, [] { EXPECT(rehearse(9, 1, -1) == std::vector<int64_t>(9, 1)); return 0; });
}

int main() {
  for (int workers : {1, 2, 4})
    with_workers(workers, [] {
      every_task_runs_once();
      stretches_that_sleep_are_taken_by_others();
      the_lowest_failure_wins();
      callers_share_a_pool();
      a_caller_who_is_asked_to_stop_stops();
      return 0;
    });
  pools_come_and_go();
}
