// SPDX-License-Identifier: Apache-2.0
// Counts what the whole program allocates, by replacing the global operator new. A counter of each
// thread's own, so that counting does not tie threads together.
#include "bench/allocations.hpp"

#include <cstddef>
#include <cstdlib>
#include <new>

namespace {

thread_local std::uint64_t calls = 0;

void* take(std::size_t size) {
  ++calls;
  void* p = std::malloc(size == 0 ? 1 : size);
  if (p == nullptr) throw std::bad_alloc();
  return p;
}
void* take(std::size_t size, std::align_val_t align) {
  ++calls;
  const auto to = static_cast<std::size_t>(align);
  void* p = std::aligned_alloc(to, (size + to - 1) / to * to);
  if (p == nullptr) throw std::bad_alloc();
  return p;
}

}  // namespace

// NOLINTBEGIN(misc-new-delete-overloads): the array and nothrow forms call these
void* operator new(std::size_t size) { return take(size); }
void* operator new(std::size_t size, std::align_val_t align) { return take(size, align); }
void operator delete(void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }
void operator delete(void* p, std::align_val_t) noexcept { std::free(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }
// NOLINTEND(misc-new-delete-overloads)

namespace leeway_bench {

std::uint64_t allocations() { return calls; }

}  // namespace leeway_bench
