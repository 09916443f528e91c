// Room for many elements: not filled with zeros, and in huge pages where it is large.
#pragma once
#include <cstdint>
#include <cstdlib>
#include <new>
#include <utility>
#ifdef __linux__
#include <sys/mman.h>
#endif

namespace engine {

// Of memory that is reached in no order, each 4 KB page costs a walk through the page table; and a fresh page of
// 2 MB costs one fault, where small ones cost 512.
inline constexpr size_t huge_page = size_t{1} << 21;

// Memory for free(); null where there is none.
inline void* new_pages(size_t size) {
  if (size < huge_page) return std::aligned_alloc(64, (size + 64) & ~size_t{63});
  const size_t rounded = (size + huge_page - 1) & ~(huge_page - 1);
  void* const pages = std::aligned_alloc(huge_page, rounded);
#ifdef __linux__
  if (pages != nullptr) madvise(pages, rounded, MADV_HUGEPAGE);
#endif
  return pages;
}

// Room for n elements whose first values do not matter; throws std::bad_alloc.
template <class T>
class Scratch {
 public:
  explicit Scratch(int64_t size = 0) : items_(size == 0 ? nullptr : allocate(size)) {}
  Scratch(Scratch&& other) noexcept : items_(std::exchange(other.items_, nullptr)) {}
  Scratch& operator=(Scratch&& other) noexcept {
    std::swap(items_, other.items_);
    return *this;
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() { std::free(items_); }

  T* data() { return items_; }
  const T* data() const { return items_; }
  T& operator[](int64_t i) { return items_[i]; }
  const T& operator[](int64_t i) const { return items_[i]; }

 private:
  static T* allocate(int64_t size) {
    void* const pages = new_pages(static_cast<size_t>(size) * sizeof(T));
    if (pages == nullptr) throw std::bad_alloc();
    return static_cast<T*>(pages);
  }

  T* items_;
};

}  // namespace engine
