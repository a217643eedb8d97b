// SPDX-License-Identifier: Apache-2.0
// Instants as the tables hold them: nanoseconds since 1970 in 64 bits, the years 1678 to 2262.
#pragma once

#include <leeway/base/time.hpp>

#include <cstdint>
#include <limits>

namespace leeway::postgres {

inline constexpr std::int64_t billion = 1'000'000'000;
inline constexpr std::int64_t first_second = std::numeric_limits<std::int64_t>::min() / billion + 1;
inline constexpr std::int64_t last_second = std::numeric_limits<std::int64_t>::max() / billion - 1;

/// Instants outside the range are its ends: good for bounds, not for what is stored.
constexpr std::int64_t nanoseconds_of(instant t) {
  if (t.seconds() < first_second) return std::numeric_limits<std::int64_t>::min();
  if (t.seconds() > last_second) return std::numeric_limits<std::int64_t>::max();
  return t.seconds() * billion + t.nanos();
}

constexpr bool is_storable(instant t) {
  return t.seconds() >= first_second && t.seconds() <= last_second;
}

constexpr instant instant_of(std::int64_t nanoseconds) {
  if (nanoseconds == std::numeric_limits<std::int64_t>::min()) return instant::min();
  if (nanoseconds == std::numeric_limits<std::int64_t>::max()) return instant::max();
  std::int64_t seconds = nanoseconds / billion;
  std::int64_t rest = nanoseconds % billion;
  if (rest < 0) {
    rest += billion;
    --seconds;
  }
  return instant::make(seconds, static_cast<std::int32_t>(rest)).value_or(instant::min());
}

}  // namespace leeway::postgres
