// Memory for the length of one call, in huge pages where the system has them: a kernel that writes it once would
// otherwise spend as long on page faults as on its work.
#pragma once
#include <cstddef>
#include <cstdlib>
#include <limits>
#include <new>
#include <type_traits>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace engine::objects {

template <class T>
class Workspace {
  static_assert(std::is_trivial_v<T>, "nothing is constructed here");

 public:
  explicit Workspace(size_t count) : items_(static_cast<T*>(allocate(count))) {}
  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;
  ~Workspace() { std::free(items_); }

  T* data() { return items_; }

 private:
  static constexpr size_t huge_page = size_t{1} << 21;

  static void* allocate(size_t count) {
    if (count > (std::numeric_limits<size_t>::max() - huge_page) / sizeof(T)) throw std::bad_alloc();
    const size_t size = count * sizeof(T);
    void* const made = size < huge_page ? std::malloc(size + 1) : allocate_huge(size);
    if (made == nullptr) throw std::bad_alloc();
    return made;
  }

  static void* allocate_huge(size_t size) {
    const size_t whole = (size + huge_page - 1) / huge_page * huge_page;
    void* const made = std::aligned_alloc(huge_page, whole);
#if defined(MADV_HUGEPAGE)
    // Advice: where it is not taken, pages are small, and all is slower and right.
    if (made != nullptr) madvise(made, whole, MADV_HUGEPAGE);
#endif
    return made;
  }

  T* items_;
};

}  // namespace engine::objects
