// SPDX-License-Identifier: Apache-2.0
// What both forms of evaluation compute alike.
#pragma once

#include <leeway/base/checked.hpp>
#include <leeway/base/time.hpp>

#include <cstdint>
#include <limits>
#include <optional>

namespace leeway::condition {

/// Nothing: a division by zero, or out of range.
inline std::optional<std::int64_t> quotient(std::int64_t a, std::int64_t b) {
  if (b == 0) return std::nullopt;
  if (b == -1) return checked_neg(a);
  return a / b;
}

/// Nothing: a division by zero. -1 apart: the smallest integer divided by it traps, though the
/// remainder is plainly zero.
inline std::optional<std::int64_t> remainder(std::int64_t a, std::int64_t b) {
  if (b == 0) return std::nullopt;
  return b == -1 ? 0 : a % b;
}

/// Nothing: out of range. The standard keeps a difference in 64 bits of nanoseconds: 292 years.
inline std::optional<duration> difference(instant a, instant b) {
  const auto out = checked_sub(a, b);
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max() / 1'000'000'000;
  if (!out || out->seconds() >= most || out->seconds() <= -most) return std::nullopt;
  return out;
}

}  // namespace leeway::condition
