// SPDX-License-Identifier: Apache-2.0
#include "base/int128.hpp"
#include "base/period.hpp"
#include "base/text.hpp"

#include <leeway/base/window.hpp>

#include <algorithm>
#include <array>
#include <cstddef>

namespace leeway {
namespace {

using detail::int128;
using detail::quoted;

constexpr std::array<std::string_view, 5> unit_names = {"day", "week", "month", "quarter", "year"};

constexpr std::int64_t billion = 1'000'000'000;

int128 total_nanos(instant t) noexcept { return int128{t.seconds()} * billion + t.nanos(); }

instant from_nanos(int128 nanos) noexcept {
  int128 seconds = nanos / billion;
  int128 rest = nanos % billion;
  if (rest < 0) {
    rest += billion;
    --seconds;
  }
  // Only ever between two instants, so never nothing.
  return *instant::make(static_cast<std::int64_t>(seconds), static_cast<std::int32_t>(rest));
}

// ---- calendar windows

int months_in(calendar_unit unit) noexcept {
  return unit == calendar_unit::year ? 12 : unit == calendar_unit::quarter ? 3 : 1;
}

/// The first day of the unit that holds `date`; nothing when that is before the year 1.
std::optional<civil_date> first_day(calendar_unit unit, month_day anchor, civil_date date) {
  if (unit == calendar_unit::day) return date;
  if (unit == calendar_unit::week) return add_days(date, 1 - date.weekday());
  // In months since the year 0, back to the last that begins a unit and whose day has come.
  const int step = months_in(unit);
  int month = date.year * 12 + date.month - 1 - (date.day < anchor.day ? 1 : 0);
  month -= (month - (anchor.month - 1) + 12) % step;
  return civil_date::make(month / 12, month % 12 + 1, anchor.day);
}

/// The first day of the unit after the one that holds `date`; nothing beyond the year 9999.
std::optional<civil_date> next_first_day(calendar_unit unit, month_day anchor, civil_date date) {
  if (unit == calendar_unit::day) return add_days(date, 1);
  if (unit == calendar_unit::week) return add_days(date, 8 - date.weekday());
  const auto first = first_day(unit, anchor, date);
  if (first) return add_months(*first, months_in(unit));
  // Before the first unit that begins within the calendar: that one is next.
  return civil_date::make(1, (anchor.month - 1) % months_in(unit) + 1, anchor.day);
}

/// A unit as instants: [begins, ends).
struct stretch {
  instant begins{};
  std::optional<instant> ends{};
};

/// The unit that holds t. By instants, not by t's local date: where clocks go back over midnight,
/// the second showing of a date belongs to the next day, so that units never interleave.
stretch unit_at(calendar_unit unit, month_day anchor, instant t, time_zone zone) {
  stretch out{instant::min(), std::nullopt};
  auto day = first_day(unit, anchor, zone.date_of(t));
  if (!day) day = civil_date{1, 1, 1};
  while (true) {
    const instant begins = zone.start_of_day(*day);
    if (begins <= t) out.begins = begins;
    const auto next = next_first_day(unit, anchor, *day);
    if (!next) return out;
    const instant ends = zone.start_of_day(*next);
    if (t < ends) {
      out.ends = ends;
      return out;
    }
    day = next;
  }
}

// ---- rolling windows

/// t - W, or the instant before t where a date that was left out makes it no earlier (Samoa had no
/// 30 December 2011): a window always holds its own instant.
std::optional<instant> rolling_edge(instant t, const period& length, time_zone zone) {
  const auto edge = detail::try_subtract(t, length, zone);
  if (!edge || *edge < t) return edge;
  if (t == instant::min()) return std::nullopt;
  return from_nanos(total_nanos(t) - 1);
}

/// The first instant of [from, to) at which t - W has reached `entry`, where within the stretch
/// t - W never goes back; nothing when it is not reached.
std::optional<instant> reached(instant entry, const period& length, time_zone zone, instant from,
                               instant to) {
  const auto has_left = [&](int128 nanos) {
    const auto edge = rolling_edge(from_nanos(nanos), length, zone);
    return edge && entry <= *edge;
  };
  int128 low = total_nanos(from);
  int128 high = total_nanos(to) - 1;
  if (high < low || !has_left(high)) return std::nullopt;
  while (low < high) {
    const int128 middle = low + (high - low) / 2;
    if (has_left(middle)) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return from_nanos(low);
}

/// The end of the stretch from t on in which the local date and the offset stay the same: there
/// t - W never goes back, because what is subtracted from the wall clock stays the same.
std::optional<instant> end_of_stretch(instant t, time_zone zone) {
  const zone_offset offset = zone.offset_at(t);
  const auto tomorrow = add_days(zone.date_of(t), 1);
  if (!tomorrow) return offset.ends;
  const auto midnight = instant::make(days_from_civil(*tomorrow) * 86'400 - offset.seconds);
  if (!midnight) return offset.ends;
  return offset.ends ? std::min(*midnight, *offset.ends) : *midnight;
}

/// The smallest t >= from at which t - W has reached `entry`.
std::optional<instant> leaves_rolling(instant entry, const period& length, time_zone zone,
                                      instant from) {
  const auto about = detail::try_add(entry, length, zone);
  if (!length.has_calendar_part()) {
    if (!about) return std::nullopt;
    return std::max(*about, from);
  }
  // Adding and subtracting a calendar period are no exact inverses: they differ by a few days at
  // the ends of months and by a change of the clocks. So search the days around, from before.
  constexpr std::int64_t margin = 20 * 86'400;
  const std::int64_t near = about.value_or(instant::max()).seconds();
  instant t = std::max(from, instant::make(near - margin).value_or(instant::min()));
  while (t.seconds() < near + margin) {
    const auto stretch_end = end_of_stretch(t, zone);
    const instant end = stretch_end.value_or(instant::max());
    if (const auto found = reached(entry, length, zone, t, end)) return found;
    if (!stretch_end) break;
    t = end;
  }
  return std::nullopt;
}

}  // namespace

std::string_view to_string(calendar_unit unit) noexcept {
  const auto i = static_cast<std::size_t>(unit);
  return i < unit_names.size() ? unit_names[i] : std::string_view("unknown");
}

result<window> window::rolling(const period& length) {
  if (!length.valid()) {
    return fail("window_range", "a window's length has a part that is negative or too large");
  }
  if (length.is_zero()) {
    return fail("window_empty",
                "a window of length zero holds nothing; write a length like `P90D`");
  }
  window out;
  out.kind_ = kind::rolling;
  out.length_ = length;
  return out;
}

result<window> window::calendar(calendar_unit unit, month_day anchor) {
  const bool anchored = anchor != month_day{};
  const bool may_be = unit == calendar_unit::quarter || unit == calendar_unit::year;
  if (anchored && !may_be) {
    return fail("window_anchor", "a calendar " + std::string(leeway::to_string(unit)) +
                                     " has no other first day; leave `from` out");
  }
  // 2025 is no leap year, so 29 February is refused.
  if (!civil_date::make(2025, anchor.month, anchor.day)) {
    return fail("window_anchor",
                "a calendar window must begin on a day of every year; use "
                "another day, like `04-06`");
  }
  if (unit == calendar_unit::quarter && anchor.day > 28) {
    return fail("window_anchor",
                "quarters must begin on a day of every month; use one of days 1 to 28");
  }
  window out;
  out.kind_ = kind::calendar;
  out.unit_ = unit;
  out.anchor_ = anchor;
  return out;
}

window window::lifetime() noexcept { return {}; }

namespace {

failure<error> bad_window(std::string_view text) {
  return fail("window_syntax", quoted(text) +
                                   " is not a window; write it like `P90D`, `calendar "
                                   "month`, `calendar year from 04-06` or `lifetime`");
}

result<window> parse_calendar(std::string_view text, std::string_view rest) {
  constexpr std::string_view from = " from ";
  const std::size_t space = rest.find(' ');
  const std::string_view name = rest.substr(0, space);
  const auto* found = std::find(unit_names.begin(), unit_names.end(), name);
  if (found == unit_names.end()) return bad_window(text);
  const auto unit = static_cast<calendar_unit>(found - unit_names.begin());
  if (space == std::string_view::npos) return window::calendar(unit);

  rest.remove_prefix(space);
  if (!rest.starts_with(from)) return bad_window(text);
  rest.remove_prefix(from.size());
  // A leap year, so that 29 February gets its own message.
  const auto date = civil_date::parse("2024-" + std::string(rest));
  if (!date) return bad_window(text);
  return window::calendar(unit, {date->month, date->day});
}

}  // namespace

result<window> window::parse(std::string_view text) {
  constexpr std::string_view calendar_prefix = "calendar ";
  if (text == "lifetime") return lifetime();
  if (text.starts_with(calendar_prefix)) {
    return parse_calendar(text, text.substr(calendar_prefix.size()));
  }
  if (!text.starts_with('P')) return bad_window(text);
  const auto length = period::parse(text);
  if (!length) return fail(length.error());
  return rolling(*length);
}

std::string window::to_string() const {
  if (kind_ == kind::lifetime) return "lifetime";
  if (kind_ == kind::rolling) return length_.to_string();
  std::string out = "calendar ";
  out += leeway::to_string(unit_);
  if (anchor_ == month_day{}) return out;
  out += " from ";
  detail::append_padded(out, anchor_.month, 2);
  out += '-';
  detail::append_padded(out, anchor_.day, 2);
  return out;
}

bool window::contains(instant entry, instant at, time_zone zone) const {
  return entry <= at && first(at, zone) <= entry;
}

std::optional<instant> window::begins(instant at, time_zone zone) const {
  if (kind_ == kind::lifetime) return std::nullopt;
  if (kind_ == kind::rolling) return rolling_edge(at, length_, zone);
  return unit_at(unit_, anchor_, at, zone).begins;
}

instant window::first(instant at, time_zone zone) const {
  const auto edge = begins(at, zone);
  if (!edge) return instant::min();
  if (kind_ == kind::calendar) return *edge;
  return from_nanos(total_nanos(*edge) + 1);
}

std::optional<instant> window::leaves(instant entry, time_zone zone) const {
  if (kind_ == kind::lifetime) return std::nullopt;
  if (kind_ == kind::rolling) return leaves_rolling(entry, length_, zone, entry);
  return unit_at(unit_, anchor_, entry, zone).ends;
}

std::optional<instant> window::leaves(instant entry, instant at, time_zone zone) const {
  if (!contains(entry, at, zone)) return std::nullopt;
  if (kind_ == kind::rolling) return leaves_rolling(entry, length_, zone, at);
  return leaves(entry, zone);
}

}  // namespace leeway
