// SPDX-License-Identifier: Apache-2.0
// Counts what a test program allocates: allocations.cpp replaces the global operator new.
#pragma once

#include <cstddef>

namespace leeway::test {

/// How often the program has asked for memory so far.
std::size_t allocations();

/// The allocation after the next `more` ones fails, and each after it, until `let_allocate`.
void fail_after(std::size_t more);
void let_allocate();

}  // namespace leeway::test
