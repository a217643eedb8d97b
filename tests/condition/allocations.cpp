// SPDX-License-Identifier: Apache-2.0
#include "condition/allocations.hpp"

#include <cstdint>
#include <cstdlib>
#include <new>

namespace {
std::size_t count = 0;
std::size_t most = SIZE_MAX;

void* take(std::size_t size) noexcept {
  if (count >= most) return nullptr;
  ++count;
  return std::malloc(size == 0 ? 1 : size);
}
}  // namespace

// Not inline, or the compiler sees `free` end what gtest began with `new`.
// NOLINTBEGIN(cppcoreguidelines-no-malloc,cppcoreguidelines-owning-memory): the heap itself.
[[gnu::noinline]] void* operator new(std::size_t size) {
  if (void* const memory = take(size)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return take(size);
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, const std::nothrow_t&) noexcept {
  std::free(memory);
}
// NOLINTEND(cppcoreguidelines-no-malloc,cppcoreguidelines-owning-memory)

namespace leeway::test {

std::size_t allocations() { return count; }

void fail_after(std::size_t more) { most = count + more; }
void let_allocate() { most = SIZE_MAX; }

}  // namespace leeway::test
