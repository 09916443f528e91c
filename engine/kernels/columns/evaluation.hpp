// A program over columns: loops, each over a block of every column, and the registers between them.
#pragma once
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <mutex>
#include <stdexcept>
#include <vector>

#include "../pool.hpp"
#include "cells.hpp"

namespace engine::evaluation {

// Rows of a block. A power of two, so that blocks begin at whole bytes of bitmaps; few enough that the registers
// of a usual expression stay in the first cache (measured: 256 to 1024 differ by less than 3 %).
inline constexpr int64_t block_rows = 512;
inline constexpr int most_operands = 6;
// Scratch registers stand this far apart: not at multiples of a page, which would share cache sets.
inline constexpr int64_t register_bytes = block_rows * 8 + 128;

struct Step;

// Computes one block. True when some row may be at fault: `is_fault` then says which.
using Loop = bool (*)(uint8_t* const* at, const Step& step, int64_t rows);
using IsFault = bool (*)(uint8_t* const* at, const Step& step, int64_t row);

struct Step {
  Loop loop = nullptr;
  IsFault is_fault = nullptr;
  int out = 0;
  int from[most_operands] = {0, 0, 0, 0, 0, 0};
  int guard = -1;              // a register of bool: where a fault counts; -1 when everywhere
  const uint8_t* pool = nullptr;  // the sorted values that is_in looks among
  int64_t pool_size = 0;
  const int* shift = nullptr;  // of this run: the first bit of each register
};

// What a register is bound to in one run: `advance` bytes further on with each block; 0 for scratch and constants.
struct Binding {
  uint8_t* start = nullptr;
  int64_t advance = 0;
  int shift = 0;
};

// A value that stands in the program, repeated over a block.
struct Repeated {
  int target;
  int item_size;
  uint64_t bits;
};

struct Fault {
  int64_t row = -1;
  int64_t step = -1;
  uint64_t operands[2] = {0, 0};  // the bits of the first two operands
};

// What an aggregate keeps of one block; combined in the order of the blocks, whoever computed them.
struct Partial {
  double real;
  int64_t low;
  int64_t high;
  int64_t count;
};

class Program {
 public:
  std::vector<Step> steps;
  std::vector<Repeated> constants;
  std::vector<int> widths;  // of each register, bytes of an item, for the operands of a fault
  int64_t grain = 32'768;   // rows worth a thread

  Fault run(int64_t rows, const std::vector<Binding>& bindings) const {
    const int64_t blocks = (rows + block_rows - 1) / block_rows;
    const int64_t parts = std::min(parts_of(rows, grain), std::max<int64_t>(blocks, 1));
    std::vector<Step> bound = steps;
    std::vector<int> shifts;
    for (const Binding& binding : bindings) shifts.push_back(binding.shift);
    for (Step& step : bound) step.shift = shifts.data();
    Fault first;
    std::mutex mutex;
    parallel_for(parts, [&](int64_t part) {
      Fault fault = run_part(bound, bindings, rows, cut(blocks, part, parts), cut(blocks, part + 1, parts));
      std::lock_guard<std::mutex> lock(mutex);
      if (fault.row >= 0 && (first.row < 0 || fault.row < first.row)) first = fault;
    });
    return first;
  }

 private:
  Fault run_part(const std::vector<Step>& bound, const std::vector<Binding>& bindings, int64_t rows, int64_t from,
                 int64_t to) const {
    const auto scratch_count = std::count_if(bindings.begin(), bindings.end(), is_scratch);
    Scratch<uint8_t> scratch(static_cast<int64_t>(scratch_count) * register_bytes + 64);
    std::vector<uint8_t*> at = placed(bindings, scratch.data(), from);
    fill_constants(at.data());
    for (int64_t block = from; block < to; ++block) {
      const int64_t start = block * block_rows;
      const Fault fault = run_block(bound, at.data(), std::min(block_rows, rows - start));
      if (fault.row >= 0) return {start + fault.row, fault.step, {fault.operands[0], fault.operands[1]}};
      for (size_t i = 0; i < at.size(); ++i) at[i] += bindings[i].advance;
    }
    return {};
  }

  static bool is_scratch(const Binding& binding) { return binding.start == nullptr; }

  static std::vector<uint8_t*> placed(const std::vector<Binding>& bindings, uint8_t* scratch, int64_t block) {
    auto* next = reinterpret_cast<uint8_t*>((reinterpret_cast<uintptr_t>(scratch) + 63) & ~uintptr_t{63});
    std::vector<uint8_t*> at;
    for (const Binding& binding : bindings) {
      at.push_back(is_scratch(binding) ? next : binding.start + block * binding.advance);
      if (is_scratch(binding)) next += register_bytes;
    }
    return at;
  }

  void fill_constants(uint8_t* const* at) const {
    for (const Repeated& constant : constants) {
      for (int64_t i = 0; i < block_rows; ++i) {
        std::memcpy(at[constant.target] + i * constant.item_size, &constant.bits,
                    static_cast<size_t>(constant.item_size));
      }
    }
  }

  Fault run_block(const std::vector<Step>& bound, uint8_t* const* at, int64_t rows) const {
    Fault first;
    for (size_t i = 0; i < bound.size(); ++i) {
      if (!bound[i].loop(at, bound[i], rows)) continue;
      const int64_t row = find_fault(bound[i], at, first.row < 0 ? rows : first.row);
      if (row >= 0) first = {row, static_cast<int64_t>(i), {read(bound[i].from[0], at, row), read(bound[i].from[1], at, row)}};
    }
    return first;
  }

  // The first row before `end` that is at fault and counts; -1 if there is none.
  static int64_t find_fault(const Step& step, uint8_t* const* at, int64_t end) {
    for (int64_t row = 0; row < end; ++row) {
      if (step.guard >= 0 && at[step.guard][row] == 0) continue;
      if (step.is_fault(at, step, row)) return row;
    }
    return -1;
  }

  uint64_t read(int source, uint8_t* const* at, int64_t row) const {
    const int width = widths[static_cast<size_t>(source)];
    uint64_t bits = 0;
    std::memcpy(&bits, at[source] + row * width, static_cast<size_t>(width));
    return bits;
  }
};

}  // namespace engine::evaluation
