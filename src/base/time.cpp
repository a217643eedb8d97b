// SPDX-License-Identifier: Apache-2.0
#include "base/int128.hpp"
#include "base/text.hpp"

#include <leeway/base/checked.hpp>
#include <leeway/base/time.hpp>

#include <algorithm>
#include <array>
#include <cstddef>

namespace leeway {
namespace {

using detail::int128;
using detail::quoted;

constexpr std::int64_t billion = 1'000'000'000;
constexpr std::int64_t seconds_per_day = 86'400;
constexpr std::int64_t first_day = -719'162;  // 0001-01-01
constexpr std::int64_t last_day = 2'932'896;  // 9999-12-31

int128 total_nanos(duration d) noexcept { return int128{d.seconds()} * billion + d.nanos(); }

std::optional<duration> from_nanos(int128 nanos) noexcept {
  const int128 seconds = nanos / billion;
  if (!detail::fits_64(seconds)) return std::nullopt;
  return duration::make(static_cast<std::int64_t>(seconds),
                        static_cast<std::int64_t>(nanos % billion));
}

int128 total_nanos(instant t) noexcept { return int128{t.seconds()} * billion + t.nanos(); }

std::optional<instant> instant_of(int128 nanos) noexcept {
  int128 seconds = nanos / billion;
  int128 rest = nanos % billion;
  if (rest < 0) {
    rest += billion;
    --seconds;
  }
  if (!detail::fits_64(seconds)) return std::nullopt;
  return instant::make(static_cast<std::int64_t>(seconds), static_cast<std::int32_t>(rest));
}

// ---- durations as text

struct unit {
  std::string_view name;
  std::int64_t nanos;
};

constexpr std::array<unit, 6> units = {{{"h", 3600 * billion},
                                        {"m", 60 * billion},
                                        {"s", billion},
                                        {"ms", 1'000'000},
                                        {"us", 1'000},
                                        {"ns", 1}}};

failure<error> bad_duration(std::string_view text) {
  return fail("duration_syntax",
              quoted(text) + " is not a duration; write it like `1h30m`, `90s` or `250ms`");
}

failure<error> duration_range(std::string_view text) {
  return fail("duration_range",
              quoted(text) + " is out of range; durations go up to `315576000000s`");
}

/// Takes a run of characters off the front.
template <class Pred>
std::string_view take(std::string_view& text, Pred wanted) {
  const auto end = std::find_if_not(text.begin(), text.end(), wanted);
  const std::string_view taken = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  text.remove_prefix(taken.size());
  return taken;
}

/// `whole.decimals` units in nanoseconds. `decimals` must end on a whole nanosecond.
result<int128> part_nanos(std::string_view text, std::string_view whole, std::string_view decimals,
                          std::int64_t unit_nanos) {
  const auto count = detail::to_int64(whole);
  if (!count) return duration_range(text);
  int128 nanos = int128{*count} * unit_nanos;
  int128 scale = unit_nanos;
  for (const char c : decimals.substr(0, decimals.find_last_not_of('0') + 1)) {
    if (scale % 10 != 0) {
      return fail("duration_syntax",
                  quoted(text) + " is finer than a nanosecond; leave the last decimals out");
    }
    scale /= 10;
    nanos += scale * (c - '0');
  }
  return nanos;
}

/// Takes one part, `1.5h`, off the front of `rest`.
result<int128> take_part(std::string_view text, std::string_view& rest) {
  const std::string_view whole = take(rest, detail::is_digit);
  std::string_view decimals;
  if (rest.starts_with('.')) {
    rest.remove_prefix(1);
    decimals = take(rest, detail::is_digit);
    if (decimals.empty()) return bad_duration(text);
  }
  const std::string_view name = take(rest, detail::is_lower);
  const auto* found =
      std::find_if(units.begin(), units.end(), [name](const unit& u) { return u.name == name; });
  if (whole.empty() || found == units.end()) return bad_duration(text);
  return part_nanos(text, whole, decimals, found->nanos);
}

}  // namespace

std::optional<duration> duration::make(std::int64_t seconds, std::int64_t nanos) noexcept {
  const int128 total = int128{seconds} * billion + nanos;
  if (detail::abs_128(total) > int128{max_seconds} * billion) return std::nullopt;
  return duration(static_cast<std::int64_t>(total / billion),
                  static_cast<std::int32_t>(total % billion));
}

result<duration> duration::parse(std::string_view text) {
  std::string_view rest = text;
  const bool negative = rest.starts_with('-');
  if (negative || rest.starts_with('+')) rest.remove_prefix(1);
  if (rest.empty()) return bad_duration(text);
  if (rest == "0") return duration();
  int128 total = 0;
  while (!rest.empty()) {
    const auto part = take_part(text, rest);
    if (!part) return fail(part.error());
    total += *part;
    if (total > int128{max_seconds} * billion) return duration_range(text);
  }
  return *from_nanos(negative ? -total : total);
}

std::string duration::to_string() const {
  std::string out = seconds_ < 0 || nanos_ < 0 ? "-" : "";
  out += std::to_string(seconds_ < 0 ? -seconds_ : seconds_);
  detail::append_fraction(out, nanos_ < 0 ? -nanos_ : nanos_);
  out += 's';
  return out;
}

std::optional<duration> checked_add(duration a, duration b) noexcept {
  return from_nanos(total_nanos(a) + total_nanos(b));
}

std::optional<duration> checked_sub(duration a, duration b) noexcept {
  return from_nanos(total_nanos(a) - total_nanos(b));
}

std::optional<duration> checked_mul(duration a, std::int64_t n) noexcept {
  int128 product = 0;
  if (__builtin_mul_overflow(total_nanos(a), int128{n}, &product)) return std::nullopt;
  return from_nanos(product);
}

duration negated(duration a) noexcept {
  // The range is symmetric, so this is never nothing.
  return *duration::make(-a.seconds(), -std::int64_t{a.nanos()});
}

// ---- instants

namespace {

failure<error> bad_instant(std::string_view text) {
  return fail(
      "instant_syntax",
      quoted(text) + " is not an instant; write date, time and zone, like `2026-11-21T15:04:05Z`");
}

/// Checks a text against a pattern in which `0` stands for a digit and all else for itself.
bool matches(std::string_view text, std::string_view pattern) noexcept {
  return text.size() == pattern.size() &&
         std::equal(text.begin(), text.end(), pattern.begin(),
                    [](char c, char p) { return p == '0' ? detail::is_digit(c) : c == p; });
}

/// A few digits that have been checked.
std::int64_t number(std::string_view text, std::size_t at, std::size_t count) noexcept {
  return *detail::to_int64(text.substr(at, count));
}

/// The part after the seconds: a fraction and an offset.
struct tail {
  std::int32_t nanos{0};
  std::int64_t offset{0};
};

std::optional<tail> parse_tail(std::string_view rest) {
  tail out;
  if (rest.starts_with('.')) {
    rest.remove_prefix(1);
    const std::string_view digits = take(rest, detail::is_digit);
    if (digits.empty() || digits.size() > 9) return std::nullopt;
    std::string nine(digits);
    nine.append(9 - digits.size(), '0');
    out.nanos = static_cast<std::int32_t>(*detail::to_int64(nine));
  }
  if (rest == "Z") return out;
  if (!matches(rest, "+00:00") && !matches(rest, "-00:00")) return std::nullopt;
  const std::int64_t hours = number(rest, 1, 2);
  const std::int64_t minutes = number(rest, 4, 2);
  if (hours > 23 || minutes > 59) return std::nullopt;
  out.offset = (hours * 60 + minutes) * 60 * (rest.front() == '-' ? -1 : 1);
  return out;
}

result<instant> instant_from(std::string_view text, civil_date date, std::int64_t seconds_of_day,
                             const tail& t) {
  const std::int64_t seconds = days_from_civil(date) * seconds_per_day + seconds_of_day - t.offset;
  if (const auto made = instant::make(seconds, t.nanos)) return *made;
  return fail("instant_range",
              quoted(text) + " is out of range; instants lie in the years 1 to 9999 of UTC");
}

}  // namespace

result<instant> instant::parse(std::string_view text) {
  constexpr std::string_view pattern = "0000-00-00T00:00:00";
  const std::string_view head = text.substr(0, pattern.size());
  if (!matches(head, pattern)) {
    if (civil_date::parse(text)) {
      return fail("instant_syntax", quoted(text) +
                                        " is a date alone; add the time and the zone, "
                                        "like `2026-11-21T00:00:00Z`");
    }
    return bad_instant(text);
  }
  const auto t = parse_tail(text.substr(pattern.size()));
  if (!t) return bad_instant(text);
  const auto date = civil_date::make(number(head, 0, 4), number(head, 5, 2), number(head, 8, 2));
  const std::int64_t hour = number(head, 11, 2);
  const std::int64_t minute = number(head, 14, 2);
  const std::int64_t second = number(head, 17, 2);
  if (second == 60) {
    return fail("instant_leap_second",
                quoted(text) + " is a leap second, which instants do not have; write second 59");
  }
  if (!date || hour > 23 || minute > 59 || second > 59) {
    return fail("instant_range",
                quoted(text) + " is no date and time of the calendar; check its numbers");
  }
  return instant_from(text, *date, (hour * 60 + minute) * 60 + second, *t);
}

namespace {

void append(std::string& out, const civil_date& date) {
  detail::append_padded(out, date.year, 4);
  out += '-';
  detail::append_padded(out, date.month, 2);
  out += '-';
  detail::append_padded(out, date.day, 2);
}

}  // namespace

std::string instant::to_string() const {
  std::int64_t day = seconds_ / seconds_per_day;
  std::int64_t rest = seconds_ % seconds_per_day;
  if (rest < 0) {
    rest += seconds_per_day;
    --day;
  }
  constexpr std::size_t longest = sizeof "2026-01-01T00:00:00.000000000Z";
  std::string out;
  out.reserve(longest);
  append(out, *civil_date::from_days(day));
  out += 'T';
  detail::append_padded(out, rest / 3600, 2);
  out += ':';
  detail::append_padded(out, rest / 60 % 60, 2);
  out += ':';
  detail::append_padded(out, rest % 60, 2);
  detail::append_fraction(out, nanos_);
  out += 'Z';
  return out;
}

std::optional<instant> checked_add(instant t, duration d) noexcept {
  return instant_of(total_nanos(t) + total_nanos(d));
}

std::optional<instant> checked_sub(instant t, duration d) noexcept {
  return instant_of(total_nanos(t) - total_nanos(d));
}

std::optional<duration> checked_sub(instant a, instant b) noexcept {
  return from_nanos(total_nanos(a) - total_nanos(b));
}

// ---- dates

namespace {

bool is_leap(std::int64_t year) noexcept {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

std::int64_t month_count(civil_date d) noexcept { return std::int64_t{d.year} * 12 + d.month - 1; }

}  // namespace

int days_in_month(std::int32_t year, int month) noexcept {
  if (month == 2) return is_leap(year) ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

std::optional<civil_date> civil_date::make(std::int64_t year, std::int64_t month,
                                           std::int64_t day) noexcept {
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1) return std::nullopt;
  const auto y = static_cast<std::int32_t>(year);
  if (day > days_in_month(y, static_cast<int>(month))) return std::nullopt;
  return civil_date{y, static_cast<std::uint8_t>(month), static_cast<std::uint8_t>(day)};
}

// Both conversions follow H. Hinnant, "chrono-Compatible Low-Level Date Algorithms": years begin
// on 1 March, so that the leap day is the last, and are grouped in eras of 400.
std::optional<civil_date> civil_date::from_days(std::int64_t days) noexcept {
  if (days < first_day || days > last_day) return std::nullopt;
  const std::int64_t shifted = days + 719'468;  // from 0000-03-01; never negative in our range
  const std::int64_t era = shifted / 146'097;
  const std::int64_t doe = shifted % 146'097;
  const std::int64_t yoe = (doe - doe / 1'460 + doe / 36'524 - doe / 146'096) / 365;
  const std::int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
  const std::int64_t mp = (5 * doy + 2) / 153;
  const std::int64_t month = mp < 10 ? mp + 3 : mp - 9;
  const std::int64_t year = yoe + era * 400 + (month <= 2 ? 1 : 0);
  return civil_date{static_cast<std::int32_t>(year), static_cast<std::uint8_t>(month),
                    static_cast<std::uint8_t>(doy - (153 * mp + 2) / 5 + 1)};
}

std::int64_t days_from_civil(civil_date date) noexcept {
  const std::int64_t year = std::int64_t{date.year} - (date.month <= 2 ? 1 : 0);
  const std::int64_t era = year / 400;  // year is never negative for valid dates
  const std::int64_t yoe = year % 400;
  const std::int64_t mp = date.month > 2 ? date.month - 3 : date.month + 9;
  const std::int64_t doy = (153 * mp + 2) / 5 + date.day - 1;
  const std::int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
  return era * 146'097 + doe - 719'468;
}

result<civil_date> civil_date::parse(std::string_view text) {
  if (!matches(text, "0000-00-00")) {
    return fail("date_syntax", quoted(text) + " is not a date; write it like `2026-11-21`");
  }
  if (const auto made = make(number(text, 0, 4), number(text, 5, 2), number(text, 8, 2))) {
    return *made;
  }
  return fail("date_range", quoted(text) + " is not a day of the calendar; check month and day");
}

bool civil_date::valid() const noexcept { return make(year, month, day).has_value(); }

int civil_date::weekday() const noexcept {
  // 0001-01-01 was a Monday.
  return static_cast<int>((days_from_civil(*this) - first_day) % 7) + 1;
}

int civil_date::day_of_year() const noexcept {
  return static_cast<int>(days_from_civil(*this) - days_from_civil({year, 1, 1})) + 1;
}

std::string civil_date::to_string() const {
  std::string out;
  append(out, *this);
  return out;
}

std::optional<civil_date> add_days(civil_date date, std::int64_t days) noexcept {
  const auto sum = checked_add(days_from_civil(date), days);
  return sum ? civil_date::from_days(*sum) : std::nullopt;
}

std::optional<civil_date> add_months(civil_date date, std::int64_t months) noexcept {
  const auto count = checked_add(month_count(date), months);
  if (!count || *count < 12 || *count >= 10'000 * 12) return std::nullopt;
  const auto year = static_cast<std::int32_t>(*count / 12);
  const auto month = static_cast<int>(*count % 12) + 1;
  const int day = std::min<int>(date.day, days_in_month(year, month));
  return civil_date{year, static_cast<std::uint8_t>(month), static_cast<std::uint8_t>(day)};
}

std::int64_t days_between(civil_date from, civil_date to) noexcept {
  return days_from_civil(to) - days_from_civil(from);
}

std::int64_t months_between(civil_date from, civil_date to) noexcept {
  if (to < from) return -months_between(to, from);
  const std::int64_t months = month_count(to) - month_count(from);
  // One month fewer when the day of the month, clamped as add_months() does, is not reached.
  const int due = std::min<int>(from.day, days_in_month(to.year, to.month));
  return to.day < due ? months - 1 : months;
}

std::int64_t years_between(civil_date from, civil_date to) noexcept {
  return months_between(from, to) / 12;
}

}  // namespace leeway
