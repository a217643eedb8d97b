// SPDX-License-Identifier: Apache-2.0
#include "desk/faults/scarce_memory.hpp"

#include <sqlite3.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <new>
#include <stdexcept>

namespace {

struct counter {
  std::atomic<std::int64_t> left{-1};  ///< requests until one fails; -1: none does
  std::atomic<bool> for_ever{false};
  std::atomic<bool> failed{false};
};
std::array<counter, 2> counters;
sqlite3_mem_methods real;

counter& of(leeway::test::heap which) { return counters[static_cast<std::size_t>(which)]; }

/// Whether this request is one that fails.
bool lacks(leeway::test::heap which) {
  counter& c = of(which);
  std::int64_t left = c.left.load(std::memory_order_relaxed);
  while (left >= 0) {
    const bool strikes = left <= 1;
    const std::int64_t next = !strikes ? left - 1 : c.for_ever ? 1 : -1;
    if (!c.left.compare_exchange_weak(left, next)) continue;
    if (strikes) c.failed = true;
    return strikes;
  }
  return false;
}

void* sqlite_take(int size) {
  return lacks(leeway::test::heap::sqlite) ? nullptr : real.xMalloc(size);
}
void* sqlite_take_again(void* old, int size) {
  return lacks(leeway::test::heap::sqlite) ? nullptr : real.xRealloc(old, size);
}

}  // namespace

// Not inline, or the compiler sees `free` end what gtest began with `new`.
// NOLINTBEGIN(cppcoreguidelines-no-malloc,cppcoreguidelines-owning-memory): the heap itself.
[[gnu::noinline]] void* operator new(std::size_t size) {
  if (lacks(leeway::test::heap::cpp)) throw std::bad_alloc();
  if (void* const memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return lacks(leeway::test::heap::cpp) ? nullptr : std::malloc(size == 0 ? 1 : size);
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, const std::nothrow_t&) noexcept {
  std::free(memory);
}
// NOLINTEND(cppcoreguidelines-no-malloc,cppcoreguidelines-owning-memory)

namespace leeway::test {

void run_out(heap of, std::uint64_t nth, lack how) {
  counter& c = ::of(of);
  c.failed = false;
  c.for_ever = how == lack::for_ever;
  c.left = static_cast<std::int64_t>(nth);
}

bool plenty(heap of) {
  counter& c = ::of(of);
  c.left = -1;
  return c.failed.exchange(false);
}

void watch_sqlite() {
  if (sqlite3_config(SQLITE_CONFIG_GETMALLOC, &real) != SQLITE_OK) {
    throw std::logic_error("SQLite is in use already");
  }
  sqlite3_mem_methods mine = real;
  mine.xMalloc = sqlite_take;
  mine.xRealloc = sqlite_take_again;
  if (sqlite3_config(SQLITE_CONFIG_MALLOC, &mine) != SQLITE_OK) {
    throw std::logic_error("SQLite is in use already");
  }
}

}  // namespace leeway::test
