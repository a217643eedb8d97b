// SPDX-License-Identifier: Apache-2.0
#include "base/period.hpp"

#include "base/text.hpp"

#include <leeway/base/time.hpp>

#include <array>
#include <cstddef>
#include <stdexcept>

namespace leeway {
namespace {

using detail::quoted;

struct unit {
  char letter;
  bool clock;  // after the T
  std::int64_t period::* value;
  std::int64_t most;  // 10,000 years, so that no sum of parts can overflow
};

constexpr std::array<unit, 7> units = {{{'Y', false, &period::years, 10'000},
                                        {'M', false, &period::months, 120'000},
                                        {'W', false, &period::weeks, 521'775},
                                        {'D', false, &period::days, 3'652'425},
                                        {'H', true, &period::hours, 87'658'200},
                                        {'M', true, &period::minutes, 5'259'492'000},
                                        {'S', true, &period::seconds, 315'569'520'000}}};

failure<error> bad_period(std::string_view text) {
  return fail("period_syntax", quoted(text) +
                                   " is not a period; write it like `P90D`, `P6M`, `P1Y2M` or "
                                   "`PT12H`, in whole numbers");
}

std::int64_t total_months(const period& p) noexcept { return p.years * 12 + p.months; }
std::int64_t total_days(const period& p) noexcept { return p.weeks * 7 + p.days; }
std::int64_t total_seconds(const period& p) noexcept {
  return (p.hours * 60 + p.minutes) * 60 + p.seconds;
}

void require_valid(const period& p) {
  if (!p.valid()) throw std::logic_error("period has a part that is negative or too large");
}

std::optional<civil_date> shift(civil_date date, const period& p, int sign) noexcept {
  const auto moved = add_months(date, sign * total_months(p));
  return moved ? add_days(*moved, sign * total_days(p)) : std::nullopt;
}

std::optional<civil_date> shift_date(civil_date date, const period& p, int sign) {
  require_valid(p);
  if (p.has_clock_part()) throw std::logic_error("a period with hours does not apply to a date");
  return shift(date, p, sign);
}

std::optional<instant> shift_instant(instant t, const period& p, time_zone zone, int sign) {
  require_valid(p);
  if (p.has_calendar_part()) {
    const local_time local = zone.to_local(t);
    const auto date = add_months(local.date, sign * total_months(p));
    if (!date) return std::nullopt;
    t = zone.to_instant(*date, (local.hour * 60 + local.minute) * 60 + local.second, local.nanos);
  }
  constexpr std::int64_t day = 86'400;
  const auto exact = duration::make(sign * (total_days(p) * day + total_seconds(p)));
  return exact ? checked_add(t, *exact) : std::nullopt;
}

}  // namespace

namespace detail {

std::optional<instant> try_add(instant t, const period& p, time_zone zone) {
  return shift_instant(t, p, zone, 1);
}

std::optional<instant> try_subtract(instant t, const period& p, time_zone zone) {
  return shift_instant(t, p, zone, -1);
}

}  // namespace detail

result<period> period::parse(std::string_view text) {
  period out;
  std::string_view rest = text;
  if (!rest.starts_with('P')) return bad_period(text);
  rest.remove_prefix(1);
  bool clock = false;
  bool any = false;
  std::size_t next = 0;
  while (!rest.empty()) {
    if (!clock && rest.starts_with('T')) {
      clock = true;
      any = false;
      rest.remove_prefix(1);
      continue;
    }
    std::size_t length = 0;
    while (length < rest.size() && detail::is_digit(rest[length])) ++length;
    const std::string_view digits = rest.substr(0, length);
    if (!detail::is_plain_number(digits) || length == rest.size()) return bad_period(text);
    while (next < units.size() &&
           (units[next].letter != rest[length] || units[next].clock != clock)) {
      ++next;
    }
    if (next == units.size()) return bad_period(text);
    const auto value = detail::to_int64(digits);
    if (!value || *value > units[next].most) {
      return fail("period_range", quoted(text) + " is too long; no part may exceed 10,000 years");
    }
    out.*units[next].value = *value;
    ++next;
    any = true;
    rest.remove_prefix(length + 1);
  }
  if (!any) return bad_period(text);
  return out;
}

bool period::valid() const noexcept {
  for (const unit& u : units) {
    if (this->*u.value < 0 || this->*u.value > u.most) return false;
  }
  return true;
}

bool period::is_zero() const noexcept {
  return !has_calendar_part() && weeks == 0 && days == 0 && !has_clock_part();
}

bool period::has_calendar_part() const noexcept { return years != 0 || months != 0; }

bool period::has_clock_part() const noexcept { return hours != 0 || minutes != 0 || seconds != 0; }

std::string period::to_string() const {
  if (is_zero()) return "PT0S";
  std::string out = "P";
  bool clock = false;
  for (const unit& u : units) {
    if (this->*u.value == 0) continue;
    if (u.clock && !clock) out += 'T';
    clock = u.clock;
    out += std::to_string(this->*u.value);
    out += u.letter;
  }
  return out;
}

instant add(instant t, const period& p, time_zone zone) {
  return detail::try_add(t, p, zone).value_or(instant::max());
}

instant subtract(instant t, const period& p, time_zone zone) {
  return detail::try_subtract(t, p, zone).value_or(instant::min());
}

std::optional<civil_date> add(civil_date date, const period& p) { return shift_date(date, p, 1); }

std::optional<civil_date> subtract(civil_date date, const period& p) {
  return shift_date(date, p, -1);
}

}  // namespace leeway
