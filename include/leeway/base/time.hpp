// SPDX-License-Identifier: Apache-2.0
#ifndef LEEWAY_BASE_TIME_HPP
#define LEEWAY_BASE_TIME_HPP

#include <leeway/base/result.hpp>

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace leeway {

/// A signed span of elapsed time with nanoseconds, at most 315,576,000,000 s (10,000 years) either
/// way: the duration of CEL and Protocol Buffers. Days and months are not durations, they are a
/// period. Thread-safe.
class duration {
 public:
  static constexpr std::int64_t max_seconds = 315'576'000'000;

  /// Zero.
  constexpr duration() noexcept = default;

  /// seconds + nanos, of any signs and sizes; nothing when the sum is out of range.
  [[nodiscard]] static std::optional<duration> make(std::int64_t seconds,
                                                    std::int64_t nanos = 0) noexcept;

  /// Reads `"1h30m"`, `"-1.5s"`, `"100ms"`:
  ///
  ///     duration = ["-" / "+"] ("0" | 1*(digits ["." digits] unit))
  ///     unit     = "h" | "m" | "s" | "ms" | "us" | "ns"
  ///
  /// Exact: a part finer than a nanosecond is refused. Errors: `duration_syntax`, `duration_range`.
  [[nodiscard]] static result<duration> parse(std::string_view text);

  /// Whole seconds, toward zero.
  [[nodiscard]] constexpr std::int64_t seconds() const noexcept { return seconds_; }
  /// The rest, -999999999..999999999, never of the other sign than seconds().
  [[nodiscard]] constexpr std::int32_t nanos() const noexcept { return nanos_; }

  /// As CEL writes it, seconds with the shortest fraction: `5400s`, `-1.5s`, `0s`. parse() reads it
  /// back.
  [[nodiscard]] std::string to_string() const;

  friend constexpr bool operator==(duration, duration) noexcept = default;
  friend constexpr std::strong_ordering operator<=>(duration, duration) noexcept = default;

 private:
  constexpr duration(std::int64_t seconds, std::int32_t nanos) noexcept
      : seconds_(seconds), nanos_(nanos) {}

  // INVARIANT: both parts have one sign, so that comparing them in order compares the spans.
  std::int64_t seconds_{0};
  std::int32_t nanos_{0};
};

/// Nothing when the result is out of range.
[[nodiscard]] std::optional<duration> checked_add(duration a, duration b) noexcept;
[[nodiscard]] std::optional<duration> checked_sub(duration a, duration b) noexcept;
[[nodiscard]] std::optional<duration> checked_mul(duration a, std::int64_t n) noexcept;
[[nodiscard]] duration negated(duration a) noexcept;

/// A point in time, UTC with nanoseconds, 0001-01-01T00:00:00Z to 9999-12-31T23:59:59.999999999Z,
/// without leap seconds: the timestamp of CEL and Protocol Buffers. Totally ordered. The default is
/// 1970-01-01T00:00:00Z. Thread-safe.
class instant {
 public:
  static constexpr std::int64_t min_seconds = -62'135'596'800;
  static constexpr std::int64_t max_seconds = 253'402'300'799;

  constexpr instant() noexcept = default;

  /// `seconds` since 1970-01-01T00:00:00Z and `nanos` 0..999999999; nothing when out of range.
  [[nodiscard]] static constexpr std::optional<instant> make(std::int64_t seconds,
                                                             std::int32_t nanos = 0) noexcept {
    if (seconds < min_seconds || seconds > max_seconds || nanos < 0 || nanos > 999'999'999) {
      return std::nullopt;
    }
    return instant(seconds, nanos);
  }
  [[nodiscard]] static constexpr instant min() noexcept { return {min_seconds, 0}; }
  [[nodiscard]] static constexpr instant max() noexcept { return {max_seconds, 999'999'999}; }

  /// Reads RFC 3339, strictly: `2026-11-21T15:04:05Z`, `2026-11-21T08:04:05.25-07:00`. `T` and `Z`
  /// in upper case, up to nine decimals, an offset up to 23:59 (`-00:00` is read as UTC). Refused:
  /// a date alone, no offset, second 60 (leap seconds). Errors: `instant_syntax`,
  /// `instant_leap_second`, `instant_range`.
  [[nodiscard]] static result<instant> parse(std::string_view text);

  /// Since 1970-01-01T00:00:00Z, toward the past; negative before.
  [[nodiscard]] constexpr std::int64_t seconds() const noexcept { return seconds_; }
  /// After seconds(): 0..999999999.
  [[nodiscard]] constexpr std::int32_t nanos() const noexcept { return nanos_; }

  /// Canonical: UTC with `Z` and the shortest fraction. parse() reads it back.
  [[nodiscard]] std::string to_string() const;

  friend constexpr bool operator==(instant, instant) noexcept = default;
  friend constexpr std::strong_ordering operator<=>(instant, instant) noexcept = default;

 private:
  constexpr instant(std::int64_t seconds, std::int32_t nanos) noexcept
      : seconds_(seconds), nanos_(nanos) {}

  std::int64_t seconds_{0};
  std::int32_t nanos_{0};
};

/// Nothing when the result is out of the range of an instant.
[[nodiscard]] std::optional<instant> checked_add(instant t, duration d) noexcept;
[[nodiscard]] std::optional<instant> checked_sub(instant t, duration d) noexcept;
/// a - b. Never nothing: the two ends of time are less than 10,000 years apart.
[[nodiscard]] std::optional<duration> checked_sub(instant a, instant b) noexcept;

/// A date of the proleptic Gregorian calendar, 0001-01-01 to 9999-12-31, in no zone. Totally
/// ordered. An aggregate, so it can hold nonsense: make() and parse() give valid dates only,
/// valid() tells, and every function here needs a valid date. Thread-safe.
struct civil_date {
  std::int32_t year{1970};
  std::uint8_t month{1};
  std::uint8_t day{1};

  /// A valid date, or nothing.
  [[nodiscard]] static std::optional<civil_date> make(std::int64_t year, std::int64_t month,
                                                      std::int64_t day) noexcept;
  /// The date `days` days after 1970-01-01; nothing outside years 1 to 9999.
  [[nodiscard]] static std::optional<civil_date> from_days(std::int64_t days) noexcept;
  /// Reads `YYYY-MM-DD`, strictly, valid dates only. Errors: `date_syntax`, `date_range`.
  [[nodiscard]] static result<civil_date> parse(std::string_view text);

  [[nodiscard]] bool valid() const noexcept;
  /// ISO: 1 is Monday, 7 is Sunday.
  [[nodiscard]] int weekday() const noexcept;
  /// 1 to 366.
  [[nodiscard]] int day_of_year() const noexcept;
  /// `YYYY-MM-DD`.
  [[nodiscard]] std::string to_string() const;

  friend constexpr bool operator==(const civil_date&, const civil_date&) noexcept = default;
  friend constexpr std::strong_ordering operator<=>(const civil_date&,
                                                    const civil_date&) noexcept = default;
};

/// Days since 1970-01-01; negative before.
[[nodiscard]] std::int64_t days_from_civil(civil_date date) noexcept;
/// 28 to 31.
[[nodiscard]] int days_in_month(std::int32_t year, int month) noexcept;
/// Nothing outside years 1 to 9999.
[[nodiscard]] std::optional<civil_date> add_days(civil_date date, std::int64_t days) noexcept;
/// The same day of the month, or the month's last when it has no such day. Nothing outside years 1
/// to 9999.
[[nodiscard]] std::optional<civil_date> add_months(civil_date date, std::int64_t months) noexcept;
/// to - from in days.
[[nodiscard]] std::int64_t days_between(civil_date from, civil_date to) noexcept;
/// Complete months from `from` to `to`: the largest n with add_months(from, n) <= to; for to <
/// from, the negative of months_between(to, from).
[[nodiscard]] std::int64_t months_between(civil_date from, civil_date to) noexcept;
/// Complete years, a twelfth of months_between() toward zero. Born on 29 February, a year is
/// complete on 28.
[[nodiscard]] std::int64_t years_between(civil_date from, civil_date to) noexcept;

/// What a clock on the wall shows.
struct local_time {
  civil_date date{};
  int hour{0};
  int minute{0};
  int second{0};
  std::int32_t nanos{0};

  friend bool operator==(const local_time&, const local_time&) = default;
};

/// A stretch of time in which a zone keeps one distance from UTC: from `begins` up to, not
/// including, `ends` (or to the end of time when there is none).
struct zone_offset {
  /// Local time less UTC, in seconds: east of Greenwich is positive.
  std::int32_t seconds{0};
  instant begins{};
  std::optional<instant> ends{};
};

namespace detail {
class zone_data;
}

/// A time zone: the rules of an IANA zone, a fixed offset, or UTC (the default). A pointer to
/// immutable data that lives as long as the process: cheap to copy, thread-safe. The rules are the
/// system's (tzdata), read once per zone; nothing is ever downloaded.
///
/// Local dates are those of the proleptic Gregorian calendar. Instants whose local time falls
/// outside years 1 to 9999 are taken at the nearest end of that range.
class time_zone {
 public:
  /// UTC.
  constexpr time_zone() noexcept = default;

  /// `America/Denver`, `UTC`, or a fixed offset: `+05:30`, `-02:30`, `02:30` (CEL leaves out the
  /// plus).
  /// Errors: `zone_unknown`, `zone_syntax` (a malformed offset), `zone_data` (the rules cannot be
  /// read).
  [[nodiscard]] static result<time_zone> find(std::string_view name);

  /// As asked for in find(), a fixed offset with its sign; lives as long as the process.
  [[nodiscard]] std::string_view name() const noexcept;

  /// The distance from UTC at that instant, and the stretch over which it holds.
  [[nodiscard]] zone_offset offset_at(instant t) const noexcept;

  [[nodiscard]] local_time to_local(instant t) const noexcept;
  /// The local date of an instant.
  [[nodiscard]] civil_date date_of(instant t) const noexcept;

  /// The instant at which clocks show `seconds_of_day` (0..86399) and `nanos` on that date. A time
  /// that the clocks skip gives the first instant after the gap; one that they show twice gives the
  /// earlier. Beyond the range of instants: the nearest end.
  [[nodiscard]] instant to_instant(civil_date date, std::int32_t seconds_of_day = 0,
                                   std::int32_t nanos = 0) const noexcept;
  /// The first instant of that date: to_instant(date), which is not midnight where midnight is
  /// skipped.
  [[nodiscard]] instant start_of_day(civil_date date) const noexcept;

  /// The same name.
  friend bool operator==(time_zone a, time_zone b) noexcept { return a.data_ == b.data_; }

 private:
  explicit constexpr time_zone(const detail::zone_data* data) noexcept : data_(data) {}

  const detail::zone_data* data_{nullptr};
};

/// The release of the zone rules in use, such as `2026f`; `unknown` when the system does not say.
/// Part of what a replay compares. Thread-safe.
[[nodiscard]] std::string time_zone_data_version();

/// A calendar period, ISO 8601: so many years, months, weeks, days, and exact hours, minutes and
/// seconds; never negative. `P1M` is no fixed number of days. Thread-safe.
struct period {
  std::int64_t years{0};
  std::int64_t months{0};
  std::int64_t weeks{0};
  std::int64_t days{0};
  std::int64_t hours{0};
  std::int64_t minutes{0};
  std::int64_t seconds{0};

  /// Reads `P6M`, `P90D`, `P2W`, `P1Y2M3DT4H`, strictly: each unit at most once and in order, whole
  /// numbers without leading zeros, at least one of them, at least one after `T`. No unit may
  /// exceed 10,000 years.
  /// Errors: `period_syntax`, `period_range`.
  [[nodiscard]] static result<period> parse(std::string_view text);

  /// True when no part is negative or beyond 10,000 years.
  [[nodiscard]] bool valid() const noexcept;
  [[nodiscard]] bool is_zero() const noexcept;
  /// True when there are years or months, whose length depends on the calendar.
  [[nodiscard]] bool has_calendar_part() const noexcept;
  /// True when there are hours, minutes or seconds.
  [[nodiscard]] bool has_clock_part() const noexcept;
  /// The parts that are not zero: `P1Y2M3DT4H`; zero is `PT0S`. parse() reads it back.
  [[nodiscard]] std::string to_string() const;

  /// Part by part: `P12M` is not `P1Y`.
  friend bool operator==(const period&, const period&) = default;
};

/// The instant one period later or earlier. Years and months are taken in local time, keeping what
/// the wall clock shows and clamping to the end of the month, as in to_instant(); then weeks and
/// days (of 24 hours), hours, minutes and seconds exactly: `P90D` is 90 times 24 hours whatever the
/// clocks do meanwhile. Beyond the range of instants: the nearest end. The period must be valid(),
/// else it is a programmer error (std::logic_error).
[[nodiscard]] instant add(instant t, const period& p, time_zone zone);
[[nodiscard]] instant subtract(instant t, const period& p, time_zone zone);
/// The calendar part alone: hours and below must be zero, else it is a programmer error. Months
/// first, clamped to the end of the month, then days. Beyond years 1 to 9999: nothing.
[[nodiscard]] std::optional<civil_date> add(civil_date date, const period& p);
[[nodiscard]] std::optional<civil_date> subtract(civil_date date, const period& p);

}  // namespace leeway

#endif
