// What the aggregates of all blocks come to, in the order of the blocks: the same for any number of threads.
#pragma once
#include <cmath>
#include <cstring>
#include <stdexcept>
#include <string>
#include <vector>

#include "evaluation.hpp"
#include "evaluation_operations.hpp"

namespace engine::evaluation {

// `real` and `low` hold an extreme, by its type; high * 2**32 + low is a sum of whole numbers.
struct Total {
  double real = 0;
  int64_t low = 0;
  int64_t high = 0;
};

// Neumaier's sum: what rounding takes from one addition is kept beside, and added at the end.
inline double sum_of(const std::vector<Partial>& blocks) {
  double sum = 0, lost = 0;
  for (const Partial& block : blocks) {
    const double next = sum + block.real;
    lost += std::fabs(sum) >= std::fabs(block.real) ? (sum - next) + block.real : (block.real - next) + sum;
    sum = next;
  }
  return std::isfinite(lost) ? sum + lost : sum;
}

template <class Op, class T>
T extreme_of(const std::vector<Partial>& blocks) {
  T best;
  std::memcpy(&best, &blocks[0].real, sizeof best);
  for (const Partial& block : blocks) {
    T value;
    std::memcpy(&value, &block.real, sizeof value);
    if (Op::takes(value, best)) best = value;
  }
  return best;
}

template <class Op>
Total extreme_total(const std::vector<Partial>& blocks, char type) {
  Total total;
  if (type == 'f') total.real = extreme_of<Op, double>(blocks);
  if (type == 'i') total.low = extreme_of<Op, int64_t>(blocks);
  if (type == 'u') total.low = static_cast<int64_t>(extreme_of<Op, uint64_t>(blocks));
  return total;
}

// `how` is sum, count, min or max, `type` that of the values: f, i or u. There is at least one block.
inline Total total_of(const std::vector<Partial>& blocks, const std::string& how, char type) {
  if (how == "min") return extreme_total<Least>(blocks, type);
  if (how == "max") return extreme_total<Greatest>(blocks, type);
  Total total;
  if (how == "sum" && type == 'f') {
    total.real = sum_of(blocks);
    return total;
  }
  for (const Partial& block : blocks) {
    const uint64_t low = static_cast<uint64_t>(total.low) + static_cast<uint64_t>(how == "count" ? block.count : block.low);
    total.low = static_cast<int64_t>(low & 0xffffffffu);
    total.high += block.high + static_cast<int64_t>(low >> 32);
  }
  return total;
}

}  // namespace engine::evaluation
