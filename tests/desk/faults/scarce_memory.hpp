// SPDX-License-Identifier: Apache-2.0
// Memory that runs out when it is told to: for C++ (scarce_memory.cpp replaces operator new of the
// program) and for SQLite.
#ifndef LEEWAY_TESTS_DESK_FAULTS_SCARCE_MEMORY_HPP
#define LEEWAY_TESTS_DESK_FAULTS_SCARCE_MEMORY_HPP

#include <cstdint>

namespace leeway::test {

enum class heap : std::uint8_t { cpp, sqlite };
enum class lack : std::uint8_t {
  once,      ///< one request for memory fails
  for_ever,  ///< it and every one after it, until there is plenty again
};

/// The n-th request from now fails, of whatever thread.
void run_out(heap of, std::uint64_t nth, lack how);
/// No request fails any more. Returns whether one did.
bool plenty(heap of);
/// Makes SQLite ask here; before it is first used.
void watch_sqlite();

}  // namespace leeway::test

#endif
