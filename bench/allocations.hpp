// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace leeway_bench {

/// How often this thread has called operator new.
std::uint64_t allocations();

}  // namespace leeway_bench
