// SPDX-License-Identifier: Apache-2.0
#ifndef LEEWAY_SRC_BASE_TZIF_HPP
#define LEEWAY_SRC_BASE_TZIF_HPP

#include <leeway/base/result.hpp>

#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <vector>

namespace leeway::detail {

/// A stretch with one offset from UTC: [begins, ends) in seconds since 1970, the ends of the 64-bit
/// range where there is none.
struct offset_span {
  std::int64_t begins{std::numeric_limits<std::int64_t>::min()};
  std::int64_t ends{std::numeric_limits<std::int64_t>::max()};
  std::int32_t offset{0};
};

/// When in a year the clocks change: a day, by one of the three forms of POSIX, and a local time.
struct change_rule {
  enum class form : std::uint8_t { month_week_day, julian_no_leap, zero_based };
  form how{form::zero_based};
  int month{0};             // 1..12
  int week{0};              // 1..5, 5 is the last
  int weekday{0};           // 0 is Sunday
  int day{0};               // julian_no_leap: 1..365; zero_based: 0..365
  std::int32_t time{7200};  // seconds after local midnight, may be negative or beyond a day
};

/// The rules that hold after the last listed change, from a POSIX TZ string.
struct posix_rules {
  std::int32_t standard{0};
  /// Absent when the zone keeps standard time for ever.
  std::optional<std::int32_t> daylight{};
  change_rule begins{};
  change_rule ends{};
};

/// The rules of one zone: RFC 9636, version 2 and later. Immutable once parsed; thread-safe.
///
/// Our own reader, because the date library (3.0.1, over the system's files) ignores the rules
/// behind the last listed change: from 2038 on, or on systems with "slim" files from 2007 on, it
/// has no daylight saving time.
class tz_rules {
 public:
  /// A constant offset.
  explicit tz_rules(std::int32_t offset) : first_(offset) {}

  /// Reads the bytes of a TZif file. Error: `zone_data`.
  [[nodiscard]] static result<tz_rules> parse(std::string_view bytes);

  /// The stretch that holds t.
  [[nodiscard]] offset_span at(std::int64_t t) const noexcept;

 private:
  [[nodiscard]] offset_span after_last(std::int64_t t) const noexcept;

  struct change {
    std::int64_t at{0};
    std::int32_t offset{0};
  };

  std::int32_t first_{0};
  // INVARIANT: strictly ascending, and each changes the offset.
  std::vector<change> changes_{};
  std::optional<posix_rules> tail_{};
};

/// Reads a POSIX TZ string, with the extensions of RFC 9636. Nothing when it is malformed.
[[nodiscard]] std::optional<posix_rules> parse_posix_tz(std::string_view text);

}  // namespace leeway::detail

#endif
