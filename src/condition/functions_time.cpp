// SPDX-License-Identifier: Apache-2.0
// Days, months and periods, and the parts of dates and times.
#include "base/int128.hpp"
#include "condition/function_groups.hpp"

#include <leeway/base/checked.hpp>

#include <limits>
#include <optional>

namespace leeway::condition {

civil_date civil(const context& c, const value& v) {
  return v.is(value_kind::date) ? v.as_date() : c.env.zone().date_of(v.as_timestamp());
}

namespace {

computed start_of(civil_date d, const std::string& unit) {
  if (unit == "day") return value(d);
  if (unit == "week") {
    return checked(civil_date::from_days(days_from_civil(d) - (d.weekday() - 1)), "the week");
  }
  if (unit == "month") return value(civil_date{d.year, d.month, 1});
  if (unit == "quarter") {
    const auto first = static_cast<std::uint8_t>((d.month - 1) / 3 * 3 + 1);
    return value(civil_date{d.year, first, 1});
  }
  if (unit == "year") return value(civil_date{d.year, 1, 1});
  return fail("`" + unit + "` is not a unit: day, week, month, quarter or year");
}

computed no_period() { return fail(std::string("the period is not positive")); }

computed started_of_int(const context&, arguments a) {
  const std::int64_t whole = a[0]->as_int(), period = a[1]->as_int();
  if (period <= 0) return no_period();
  if (whole <= 0) return value(0);
  return value(whole / period + (whole % period == 0 ? 0 : 1));
}

/// `share` periods of one, rounded up; none of what is negative.
computed started_of(const std::optional<ratio>& share) {
  if (!share) return fail(std::string("the number of periods is out of range"));
  if (share->num() <= 0) return value(0);
  return value(share->num() / share->den() + (share->num() % share->den() == 0 ? 0 : 1));
}

computed started_of_money(const context&, arguments a) {
  const exact_money& period = a[1]->as_money();
  if (period.is_zero() || period.is_negative()) return no_period();
  if (a[0]->as_money().cur() != period.cur()) return fail(not_comparable(*a[0], *a[1]));
  return started_of(exact_ratio(a[0]->as_money(), period));
}

computed started_of_duration(const context&, arguments a) {
  const duration left = a[0]->as_duration();
  const duration period = a[1]->as_duration();
  if (period <= duration()) return no_period();
  if (left <= duration()) return value(0);
  constexpr std::int64_t billion = 1'000'000'000;
  const detail::int128 whole = detail::int128{left.seconds()} * billion + left.nanos();
  const detail::int128 each = detail::int128{period.seconds()} * billion + period.nanos();
  const detail::int128 begun = (whole + each - 1) / each;
  if (begun > std::numeric_limits<std::int64_t>::max()) {
    return fail(std::string("the number of periods is out of range"));
  }
  return value(static_cast<std::int64_t>(begun));
}

/// How many units have begun from one day to another: complete ones, and one more when that is not
/// all.
computed started_of_days(civil_date from, civil_date to, const std::string& unit) {
  if (to <= from) return value(0);
  const std::int64_t days = days_between(from, to);
  if (unit == "day") return value(days);
  if (unit == "week") return value((days + 6) / 7);
  const std::int64_t each = unit == "month" ? 1 : unit == "quarter" ? 3 : unit == "year" ? 12 : 0;
  if (each == 0) return fail("`" + unit + "` is not a unit: day, week, month, quarter or year");
  const std::int64_t complete = months_between(from, to) / each;
  const auto reached = add_months(from, complete * each);
  return value(complete + (reached && *reached == to ? 0 : 1));
}

computed start_of_unit(const context& c, arguments a) {
  return start_of(civil(c, *a[0]), a[1]->as_string());
}

computed started_between(const context& c, arguments a) {
  return started_of_days(civil(c, *a[0]), civil(c, *a[1]), a[2]->as_string());
}

template <std::int64_t (*Count)(civil_date, civil_date) noexcept>
computed between(const context& c, arguments a) {
  return value(Count(civil(c, *a[0]), civil(c, *a[1])));
}

computed later_days(const context&, arguments a) {
  return checked(add_days(a[0]->as_date(), a[1]->as_int()), "the date");
}

computed later_months(const context&, arguments a) {
  return checked(add_months(a[0]->as_date(), a[1]->as_int()), "the date");
}

computed later_years(const context&, arguments a) {
  const auto months = checked_mul(a[1]->as_int(), 12);
  return checked(months ? add_months(a[0]->as_date(), *months) : std::nullopt, "the date");
}

computed working_days(const context& c, arguments a) {
  return value(c.env.calendar().between(civil(c, *a[0]), civil(c, *a[1])));
}

computed later_working_days(const context& c, arguments a) {
  return checked(c.env.calendar().add(a[0]->as_date(), a[1]->as_int()), "the date");
}

computed is_worked(const context& c, arguments a) {
  return value(c.env.calendar().works(civil(c, *a[0])));
}

/// A part of what the clock shows in UTC, or in the zone of the second argument.
template <auto Get>
computed clock_part(const context&, arguments a) {
  time_zone zone{};
  if (a.size() > 1) {
    const auto found = time_zone::find(a[1]->as_string());
    if (!found) return fail(found.error().message);
    zone = *found;
  }
  return value(static_cast<std::int64_t>(Get(zone.to_local(a[0]->as_timestamp()))));
}

template <auto Get>
computed date_part(const context&, arguments a) {
  return value(static_cast<std::int64_t>(Get(a[0]->as_date())));
}

/// Of the day that a timestamp is in the policy's zone.
template <auto Get>
computed civil_part(const context& c, arguments a) {
  return value(static_cast<std::int64_t>(Get(civil(c, *a[0]))));
}

template <std::int64_t Seconds>
computed span_in(const context&, arguments a) {
  return value(a[0]->as_duration().seconds() / Seconds);
}

computed span_milliseconds(const context&, arguments a) {
  return value(static_cast<std::int64_t>(a[0]->as_duration().nanos() / 1'000'000));
}

int year_of(civil_date d) { return d.year; }
int month_of(civil_date d) { return d.month - 1; }
int month_number(civil_date d) { return d.month; }
int date_of(civil_date d) { return d.day; }
int day_of_month(civil_date d) { return d.day - 1; }
int day_of_week(civil_date d) { return d.weekday() % 7; }
int day_of_year(civil_date d) { return d.day_of_year() - 1; }
int iso_weekday(civil_date d) { return d.weekday(); }
int hour_of(const local_time& t) { return t.hour; }
int minute_of(const local_time& t) { return t.minute; }
int second_of(const local_time& t) { return t.second; }
int millisecond_of(const local_time& t) { return t.nanos / 1'000'000; }
template <int (*Get)(civil_date)>
int on_date(const local_time& t) {
  return Get(t.date);
}

using namespace signature;

// clang-format off
constexpr std::array calendar = {
  overload{"days_between",   false, of(A, A),                   I,   between<days_between>},
  overload{"days_between",   false, of(T, T), I, between<days_between>, fixed, 8},
  overload{"months_between", false, of(A, A),                   I,   between<months_between>},
  overload{"months_between", false, of(T, T), I, between<months_between>, fixed, 8},
  overload{"years_between",  false, of(A, A),                   I,   between<years_between>},
  overload{"years_between",  false, of(T, T), I, between<years_between>, fixed, 8},
  overload{"started_periods", false, of(I, I),                  I,   started_of_int},
  overload{"started_periods", false, of(M, M),                  I,   started_of_money},
  overload{"started_periods", false, of(U, U),                  I,   started_of_duration},
  overload{"started_periods", false, of(A, A, S),               I,   started_between},
  overload{"started_periods", false, of(T, T, S), I, started_between, fixed, 8},
  overload{"start_of",       false, of(A, S),                   A,   start_of_unit},
  overload{"start_of",       false, of(T, S),                   A,   start_of_unit, fixed, 4},
  overload{"add_days",       false, of(A, I),                   A,   later_days},
  overload{"add_months",     false, of(A, I),                   A,   later_months},
  overload{"add_years",      false, of(A, I),                   A,   later_years},
  overload{"working_days_between", false, of(A, A), I, working_days, fixed, 8},
  overload{"working_days_between", false, of(T, T), I, working_days, fixed, 16},
  overload{"add_working_days",     false, of(A, I), A, later_working_days, fixed, 32},
  overload{"is_working_day",       false, of(A),    B, is_worked, fixed, 4},
  overload{"is_working_day",       false, of(T),    B, is_worked, fixed, 8},
  overload{"weekday",        false, of(A),                      I,   date_part<iso_weekday>},
  overload{"weekday",        false, of(T), I, civil_part<iso_weekday>, fixed, 4},
  overload{"month",          false, of(A),                      I,   date_part<month_number>},
  overload{"month",          false, of(T), I, civil_part<month_number>, fixed, 4},
};

constexpr std::array getters = {
  overload{"getFullYear",     true, of(T),    I, clock_part<on_date<year_of>>,      fixed, 4},
  overload{"getFullYear",     true, of(T, S), I, clock_part<on_date<year_of>>,      fixed, 8},
  overload{"getFullYear",     true, of(A),    I, date_part<year_of>},
  overload{"getMonth",        true, of(T),    I, clock_part<on_date<month_of>>,     fixed, 4},
  overload{"getMonth",        true, of(T, S), I, clock_part<on_date<month_of>>,     fixed, 8},
  overload{"getMonth",        true, of(A),    I, date_part<month_of>},
  overload{"getDate",         true, of(T),    I, clock_part<on_date<date_of>>,      fixed, 4},
  overload{"getDate",         true, of(T, S), I, clock_part<on_date<date_of>>,      fixed, 8},
  overload{"getDate",         true, of(A),    I, date_part<date_of>},
  overload{"getDayOfMonth",   true, of(T),    I, clock_part<on_date<day_of_month>>, fixed, 4},
  overload{"getDayOfMonth",   true, of(T, S), I, clock_part<on_date<day_of_month>>, fixed, 8},
  overload{"getDayOfMonth",   true, of(A),    I, date_part<day_of_month>},
  overload{"getDayOfWeek",    true, of(T),    I, clock_part<on_date<day_of_week>>,  fixed, 4},
  overload{"getDayOfWeek",    true, of(T, S), I, clock_part<on_date<day_of_week>>,  fixed, 8},
  overload{"getDayOfWeek",    true, of(A),    I, date_part<day_of_week>},
  overload{"getDayOfYear",    true, of(T),    I, clock_part<on_date<day_of_year>>,  fixed, 4},
  overload{"getDayOfYear",    true, of(T, S), I, clock_part<on_date<day_of_year>>,  fixed, 8},
  overload{"getDayOfYear",    true, of(A),    I, date_part<day_of_year>},
  overload{"getHours",        true, of(T),    I, clock_part<hour_of>,               fixed, 4},
  overload{"getHours",        true, of(T, S), I, clock_part<hour_of>,               fixed, 8},
  overload{"getHours",        true, of(U),    I, span_in<3600>},
  overload{"getMinutes",      true, of(T),    I, clock_part<minute_of>,             fixed, 4},
  overload{"getMinutes",      true, of(T, S), I, clock_part<minute_of>,             fixed, 8},
  overload{"getMinutes",      true, of(U),    I, span_in<60>},
  overload{"getSeconds",      true, of(T),    I, clock_part<second_of>,             fixed, 4},
  overload{"getSeconds",      true, of(T, S), I, clock_part<second_of>,             fixed, 8},
  overload{"getSeconds",      true, of(U),    I, span_in<1>},
  overload{"getMilliseconds", true, of(T),    I, clock_part<millisecond_of>,        fixed, 4},
  overload{"getMilliseconds", true, of(T, S), I, clock_part<millisecond_of>,        fixed, 8},
  overload{"getMilliseconds", true, of(U),    I, span_milliseconds},
};
// clang-format on

}  // namespace

std::span<const overload> calendar_overloads() { return calendar; }
std::span<const overload> getter_overloads() { return getters; }

}  // namespace leeway::condition
