// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

namespace leeway::postgres {

/// Until when somebody waits. Elapsed time, which never steps.
using deadline = std::chrono::steady_clock::time_point;

inline deadline in(std::chrono::milliseconds from_now) {
  return std::chrono::steady_clock::now() + from_now;
}

}  // namespace leeway::postgres
