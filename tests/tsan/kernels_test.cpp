// The kernels that use threads give on four workers what they give on one.
#include <random>
#include <vector>

#include "columns/boundaries.hpp"
#include "columns/join.hpp"
#include "columns/merge.hpp"
#include "expect.hpp"

using namespace engine;

using Numbers = std::vector<int64_t>;

Cells cells_of(const Numbers& numbers) { return {numbers.data(), static_cast<int64_t>(numbers.size()), 'i', 8}; }

Numbers random_numbers(size_t size, int64_t most) {
  static std::mt19937_64 random(7);
  Numbers numbers(size);
  for (int64_t& number : numbers) number = static_cast<int64_t>(random() % static_cast<uint64_t>(most));
  return numbers;
}

Numbers sorted(Numbers numbers) {
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

template <class F>
void expect_the_same(F&& kernel) {
  EXPECT(with_workers(4, kernel) == with_workers(1, kernel));
}

void runs_are_found() {
  const Numbers numbers = sorted(random_numbers(100'000, 9'000));
  expect_the_same([&] {
    const Boundaries runs(cells_of(numbers), 1'000);
    Numbers found(2 * runs.runs());
    runs.fill(found.data(), found.data() + runs.runs());
    return found;
  });
}

void arrays_are_merged() {
  std::vector<Numbers> parts;
  for (size_t size : {20'000, 0, 1, 35'000, 9'999}) parts.push_back(sorted(random_numbers(size, 5'000)));
  std::vector<Cells> inputs;
  for (const Numbers& part : parts) inputs.push_back(cells_of(part));
  expect_the_same([&] {
    Numbers out(65'000);
    merge_into(inputs, out.data(), 2'000);
    return out;
  });
  expect_the_same([&] {
    Numbers position(65'000);
    std::vector<int32_t> which(65'000);
    merge_index(inputs, which.data(), position.data(), 2'000);
    return std::make_pair(which, position);
  });
  expect_the_same([&] { return find_unsorted(inputs[0], 1'000); });
}

void rows_are_joined() {
  // One table; an array of dense keys; a table for each part of the keys.
  for (const auto& [spread, size] : {std::pair{int64_t{1} << 33, 12'000}, {int64_t{1}, 12'000}, {int64_t{1} << 33, 140'000}}) {
    Numbers left = random_numbers(3 * size, 9'000), right = random_numbers(size, size);
    for (int64_t& number : left) number *= spread;
    for (int64_t& number : right) number *= spread;
    for (const Keep keep : {Keep{INT64_MAX, false, false}, Keep{INT64_MAX, true, true}, Keep{1, false, false}, Keep{0, true, false}})
      expect_the_same([&] {
        const std::unique_ptr<Join> join(make_join(cells_of(left), cells_of(right), keep, INT32_MAX, 1'000));
        Numbers rows(2 * join->size());
        join->fill(rows.data(), rows.data() + join->size());
        return rows;
      });
  }
}

int main() {
  runs_are_found();
  arrays_are_merged();
  rows_are_joined();
}
