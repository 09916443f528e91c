// Memory of results: a fresh page costs more than what is written to it, so there are to be few of them.
#pragma once
#include <cstddef>
#include <cstdint>

#ifdef __linux__
#include <sys/mman.h>
#endif

namespace engine::evaluation {

inline void advise_huge_pages([[maybe_unused]] void* start, [[maybe_unused]] size_t size) {
#ifdef __linux__
  constexpr uintptr_t page = 4096;
  constexpr size_t huge = size_t{2} << 20;
  if (size < 2 * huge) return;
  const uintptr_t first = (reinterpret_cast<uintptr_t>(start) + page - 1) & ~(page - 1);
  const uintptr_t last = (reinterpret_cast<uintptr_t>(start) + size) & ~(page - 1);
  // A system that refuses gives small pages, which are right as well.
  madvise(reinterpret_cast<void*>(first), last - first, MADV_HUGEPAGE);
#endif
}

}  // namespace engine::evaluation
