// SPDX-License-Identifier: Apache-2.0
#include "condition/functions.hpp"

#include "base/int128.hpp"
#include "base/search.hpp"
#include "base/text.hpp"
#include "condition/node.hpp"

#include <leeway/base/checked.hpp>

#include <re2/re2.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <set>
#include <system_error>
#include <type_traits>
#include <utility>

namespace leeway::condition {

namespace {

using arguments = std::span<const value* const>;
using context = call_context;

constexpr std::string_view out_of_range = "is out of range";

template <class T>
computed checked(const std::optional<T>& v, std::string_view what) {
  if (!v) return fail(std::string(what) + " " + std::string(out_of_range));
  return value(*v);
}

// -- comparison ----------------------------------------------------------------------------------

std::string not_comparable(const value& a, const value& b) {
  return a.to_string() + " and " + b.to_string() + " cannot be compared";
}

template <class Test>
computed related(arguments a, Test test) {
  const auto order = compare(*a[0], *a[1]);
  if (!order) return fail(not_comparable(*a[0], *a[1]));
  return value(static_cast<bool>(test(*order)));
}

computed equal(const context&, arguments a) {
  if (a[0]->is(value_kind::money) && !compare(*a[0], *a[1])) {
    return fail(not_comparable(*a[0], *a[1]));
  }
  return value(*a[0] == *a[1]);
}
computed not_equal(const context& c, arguments a) {
  computed out = equal(c, a);
  if (!out) return out;
  return value(!out->as_bool());
}

// -- numbers -------------------------------------------------------------------------------------

computed divide_int(const context&, arguments a) {
  if (a[1]->as_int() == 0) return fail(std::string("division by zero"));
  if (a[1]->as_int() == -1) return checked(checked_neg(a[0]->as_int()), "the quotient");
  return value(a[0]->as_int() / a[1]->as_int());
}
computed modulo_int(const context&, arguments a) {
  if (a[1]->as_int() == 0) return fail(std::string("division by zero"));
  // -1 apart: the smallest integer divided by it traps, though the remainder is plainly zero.
  if (a[1]->as_int() == -1) return value(0);
  return value(a[0]->as_int() % a[1]->as_int());
}

computed int_of_double(const context&, arguments a) {
  const double v = std::trunc(a[0]->as_double());
  // Both ends are refused, as the standard asks: a double so large is no longer exact.
  if (!(v > -9223372036854775808.0 && v < 9223372036854775808.0)) {
    return fail(a[0]->to_string() + " is out of the range of int");
  }
  return value(static_cast<std::int64_t>(v));
}
computed int_of_string(const context&, arguments a) {
  const std::string& text = a[0]->as_string();
  std::int64_t out = 0;
  const char* begin = text.data();
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') ++begin;
  const auto read = std::from_chars(begin, text.data() + text.size(), out);
  if (read.ec != std::errc{} || read.ptr != text.data() + text.size()) {
    return fail(a[0]->to_string() + " is not an int");
  }
  return value(out);
}
computed double_of_string(const context&, arguments a) {
  std::string_view text = a[0]->as_string();
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
  const auto out = detail::to_double(text);
  if (!out) return fail(a[0]->to_string() + " is not a double");
  return value(*out);
}
computed bool_of_string(const context&, arguments a) {
  static constexpr std::array<std::string_view, 5> yes = {"1", "t", "true", "TRUE", "True"};
  static constexpr std::array<std::string_view, 5> no = {"0", "f", "false", "FALSE", "False"};
  const std::string& text = a[0]->as_string();
  if (std::find(yes.begin(), yes.end(), text) != yes.end()) return value(true);
  if (std::find(no.begin(), no.end(), text) != no.end()) return value(false);
  return fail(a[0]->to_string() + " is not a bool");
}

std::string plain_number(const value& v) {
  std::string out = v.to_string();
  if (out.ends_with(".0")) out.resize(out.size() - 2);
  return out;
}

// -- ratios and money ----------------------------------------------------------------------------

computed round_money(const context&, arguments a) {
  const auto mode = parse_rounding(a[1]->as_string());
  if (!mode) return fail(mode.error().message);
  return checked(a[0]->as_money().round(*mode), "the rounded amount");
}

computed round_ratio(const context&, arguments a) {
  const auto mode = parse_rounding(a[1]->as_string());
  if (!mode) return fail(mode.error().message);
  const ratio r = a[0]->as_ratio();
  // Counted as if in minor units, so that rounding is done in one place.
  const auto counted = exact_money::make(r.num(), r.den(), currency::usd());
  const auto whole = counted ? counted->round(*mode) : std::nullopt;
  if (!whole) return fail(std::string("the rounded number is out of range"));
  return value(whole->minor());
}

computed round_to_step(const context&, arguments a) {
  const auto mode = parse_rounding(a[1]->as_string());
  if (!mode) return fail(mode.error().message);
  const exact_money& step = a[2]->as_money();
  if (step.is_zero() || step.is_negative()) return fail(std::string("the step is not positive"));
  const auto steps = exact_ratio(a[0]->as_money(), step);
  if (!steps) return fail(std::string("the number of steps is out of range"));
  // Counted as if in minor units, so that rounding is done in one place.
  const auto counted = exact_money::make(steps->num(), steps->den(), step.cur());
  const auto whole = counted ? counted->round(*mode) : std::nullopt;
  if (!whole) return fail(std::string("the number of steps is out of range"));
  return checked(checked_mul(step, whole->minor()), "the rounded amount");
}

// -- strings -------------------------------------------------------------------------------------

computed size_of_string(const context&, arguments a) {
  const std::string& text = a[0]->as_string();
  return value(static_cast<std::int64_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  })));
}

computed matches(const context& c, arguments a) {
  if (c.site.pattern == nullptr) return fail(std::string("the pattern is not compiled"));
  // Linear in the text, but each byte may cost as much as the pattern is large.
  constexpr std::size_t most_steps = 16'000'000;
  const auto each = static_cast<std::size_t>(std::max(1, c.site.pattern->ProgramSize()));
  if (a[0]->as_string().size() > most_steps / each) {
    return fail(std::string("the text is too long for this pattern"));
  }
  return value(re2::RE2::PartialMatch(a[0]->as_string(), *c.site.pattern));
}

// -- time ----------------------------------------------------------------------------------------

computed difference_of_instants(const context&, arguments a) {
  const auto out = checked_sub(a[0]->as_timestamp(), a[1]->as_timestamp());
  // The standard keeps a difference in 64 bits of nanoseconds: about 292 years.
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max() / 1'000'000'000;
  if (!out || out->seconds() >= most || out->seconds() <= -most) {
    return fail(
        std::string("the timestamps lie more than 292 years apart: the difference is out "
                    "of range"));
  }
  return value(*out);
}

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

civil_date civil(const context& c, const value& v) {
  return v.is(value_kind::date) ? v.as_date() : c.env.zone().date_of(v.as_timestamp());
}

// -- started periods -----------------------------------------------------------------------------

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

// -- lists ---------------------------------------------------------------------------------------

template <class Better>
computed extreme(arguments a, std::string_view name, Better better) {
  std::vector<const value*> items(a.begin(), a.end());
  if (a.size() == 1) {
    items.clear();
    for (const value& item : a[0]->as_list()) items.push_back(&item);
  }
  if (items.empty()) return fail("`" + std::string(name) + "` of an empty list");
  const value* best = items.front();
  for (const value* item : items) {
    const auto order = compare(*item, *best);
    if (!order || *order == std::partial_ordering::unordered) {
      return fail(not_comparable(*item, *best));
    }
    if (better(*order)) best = item;
  }
  return *best;
}

std::optional<value> plus(const value& a, const value& b) {
  const auto wrap = [](const auto& v) { return v ? std::optional<value>(*v) : std::nullopt; };
  switch (a.kind()) {
    case value_kind::integer: return wrap(checked_add(a.as_int(), b.as_int()));
    case value_kind::number: return value(a.as_double() + b.as_double());
    case value_kind::money: return wrap(checked_add(a.as_money(), b.as_money()));
    case value_kind::ratio: return wrap(checked_add(a.as_ratio(), b.as_ratio()));
    case value_kind::duration: return wrap(checked_add(a.as_duration(), b.as_duration()));
    default: return std::nullopt;
  }
}

value zero_of(const context& c) {
  switch (c.site.static_type.kind()) {
    case value_kind::number: return 0.0;
    case value_kind::money: return money(0, c.env.money_currency());
    case value_kind::ratio: return ratio();
    case value_kind::duration: return duration();
    default: return 0;
  }
}

computed sum(const context& c, arguments a) {
  value total = zero_of(c);
  for (const value& item : a[0]->as_list()) {
    auto next = plus(total, item);
    if (!next) return fail("the sum " + std::string(out_of_range));
    total = std::move(*next);
  }
  return total;
}

computed concatenate(const context&, arguments a) {
  value::list_type out = a[0]->as_list();
  out.insert(out.end(), a[1]->as_list().begin(), a[1]->as_list().end());
  return value::list(std::move(out));
}

computed in_list(const context&, arguments a) {
  const auto& items = a[1]->as_list();
  return value(std::find(items.begin(), items.end(), *a[0]) != items.end());
}

// -- the table -----------------------------------------------------------------------------------

using integer = std::int64_t;

/// The content of a value as a C++ type.
template <class Content>
Content as(const value& v) {
  if constexpr (std::is_same_v<Content, integer>) return v.as_int();
  if constexpr (std::is_same_v<Content, double>) return v.as_double();
  if constexpr (std::is_same_v<Content, instant>) return v.as_timestamp();
  if constexpr (std::is_same_v<Content, duration>) return v.as_duration();
  if constexpr (std::is_same_v<Content, civil_date>) return v.as_date();
  if constexpr (std::is_same_v<Content, exact_money>) return v.as_money();
  if constexpr (std::is_same_v<Content, ratio>) return v.as_ratio();
}

template <class Content>
bool is_zero(const Content& c) {
  if constexpr (std::is_same_v<Content, integer>) return c == 0;
  if constexpr (!std::is_same_v<Content, integer>) return c.is_zero();
}

/// Amounts of two currencies have no sum: said as such, not as an overflow.
std::optional<std::string> other_currency(const value& a, const value& b) {
  if (!a.is(value_kind::money) || !b.is(value_kind::money)) return std::nullopt;
  if (a.as_money().cur() == b.as_money().cur()) return std::nullopt;
  return a.to_string() + " and " + b.to_string() + " are of different currencies";
}

template <class Left, class Right>
computed add(const context&, arguments a) {
  if (auto wrong = other_currency(*a[0], *a[1])) return fail(std::move(*wrong));
  return checked(checked_add(as<Left>(*a[0]), as<Right>(*a[1])), "the sum");
}
template <class Left, class Right>
computed subtract(const context&, arguments a) {
  if (auto wrong = other_currency(*a[0], *a[1])) return fail(std::move(*wrong));
  return checked(checked_sub(as<Left>(*a[0]), as<Right>(*a[1])), "the difference");
}
template <class Left, class Right>
computed multiply(const context&, arguments a) {
  return checked(checked_mul(as<Left>(*a[0]), as<Right>(*a[1])), "the product");
}
/// With the sides exchanged, for `int * money` and the like.
template <implementation Run>
computed exchanged(const context& c, arguments a) {
  const std::array<const value*, 2> turned = {a[1], a[0]};
  return Run(c, turned);
}
template <class Left, class Right>
computed divide(const context&, arguments a) {
  if (is_zero(as<Right>(*a[1]))) return fail(std::string("division by zero"));
  return checked(checked_div(as<Left>(*a[0]), as<Right>(*a[1])), "the quotient");
}
template <class Content>
computed opposite(const context&, arguments a) {
  return checked(checked_neg(as<Content>(*a[0])), "the opposite");
}
computed opposite_duration(const context&, arguments a) {
  return value(negated(a[0]->as_duration()));
}
computed opposite_double(const context&, arguments a) { return value(-a[0]->as_double()); }

// As IEEE has them: a division by zero is infinite, not an error.
computed add_double(const context&, arguments a) {
  return value(a[0]->as_double() + a[1]->as_double());
}
computed subtract_double(const context&, arguments a) {
  return value(a[0]->as_double() - a[1]->as_double());
}
computed multiply_double(const context&, arguments a) {
  return value(a[0]->as_double() * a[1]->as_double());
}
computed divide_double(const context&, arguments a) {
  return value(a[0]->as_double() / a[1]->as_double());
}

computed share_of_money(const context&, arguments a) {
  if (a[1]->as_money().is_zero()) return fail(std::string("division by zero"));
  if (auto wrong = other_currency(*a[0], *a[1])) return fail(std::move(*wrong));
  return checked(exact_ratio(a[0]->as_money(), a[1]->as_money()), "the ratio");
}
computed multiply_ratio_int(const context&, arguments a) {
  return checked(checked_mul(a[0]->as_ratio(), ratio(a[1]->as_int())), "the product");
}
computed divide_ratio_int(const context&, arguments a) {
  if (a[1]->as_int() == 0) return fail(std::string("division by zero"));
  return checked(checked_div(a[0]->as_ratio(), ratio(a[1]->as_int())), "the quotient");
}
computed ratio_of_ints(const context&, arguments a) {
  if (a[1]->as_int() == 0) return fail(std::string("division by zero"));
  return checked(ratio::make(a[0]->as_int(), a[1]->as_int()), "the ratio");
}
computed percent(const context&, arguments a) {
  return checked(ratio::make(a[0]->as_int(), 100), "the ratio");
}

computed add_strings(const context&, arguments a) {
  return value(a[0]->as_string() + a[1]->as_string());
}
computed contains(const context&, arguments a) {
  return value(detail::contains(a[0]->as_string(), a[1]->as_string()));
}
computed starts_with(const context&, arguments a) {
  return value(a[0]->as_string().starts_with(a[1]->as_string()));
}
computed ends_with(const context&, arguments a) {
  return value(a[0]->as_string().ends_with(a[1]->as_string()));
}

computed less(const context&, arguments a) {
  return related(a, [](auto o) { return o < 0; });
}
computed less_equal(const context&, arguments a) {
  return related(a, [](auto o) { return o <= 0; });
}
computed greater(const context&, arguments a) {
  return related(a, [](auto o) { return o > 0; });
}
computed greater_equal(const context&, arguments a) {
  return related(a, [](auto o) { return o >= 0; });
}
computed in_map(const context&, arguments a) { return value(a[1]->find(*a[0]) != nullptr); }

computed identity(const context&, arguments a) { return *a[0]; }
computed as_text(const context&, arguments a) { return value(a[0]->to_string()); }
computed double_as_text(const context&, arguments a) { return value(plain_number(*a[0])); }
computed int_of_timestamp(const context&, arguments a) {
  return value(a[0]->as_timestamp().seconds());
}
computed double_of_int(const context&, arguments a) {
  return value(static_cast<double>(a[0]->as_int()));
}

/// Whatever a type reads from a string.
template <class Content>
computed parsed(const context&, arguments a) {
  const auto out = Content::parse(a[0]->as_string());
  if (!out) return fail(out.error().message);
  return value(*out);
}
/// As the standard reads it: also `1.s`, `.5s`, and the sign for micro.
computed duration_of_string(const context&, arguments a) {
  const std::string& given = a[0]->as_string();
  auto out = duration::parse(given);
  if (!out) {
    std::string text;
    for (std::size_t i = 0; i < given.size(); ++i) {
      const std::string_view rest = std::string_view(given).substr(i);
      const bool digit_before = i > 0 && given[i - 1] >= '0' && given[i - 1] <= '9';
      const bool digit_after = rest.size() > 1 && rest[1] >= '0' && rest[1] <= '9';
      if (rest.starts_with("\xC2\xB5s") || rest.starts_with("\xCE\xBCs")) {
        text += 'u';
        ++i;
      } else if (given[i] == '.' && digit_before != digit_after) {
        text += digit_after ? "0." : ".0";
      } else {
        text += given[i];
      }
    }
    if (auto again = duration::parse(text)) out = *again;
  }
  if (!out) return fail(out.error().message);
  return value(*out);
}

computed timestamp_of_int(const context&, arguments a) {
  return checked(instant::make(a[0]->as_int()), "the timestamp");
}
computed start_of_day(const context& c, arguments a) {
  return value(c.env.zone().start_of_day(a[0]->as_date()));
}
computed date_of_timestamp(const context& c, arguments a) { return value(civil(c, *a[0])); }
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

computed size_of_list(const context&, arguments a) {
  return value(static_cast<integer>(a[0]->as_list().size()));
}
computed size_of_map(const context&, arguments a) {
  return value(static_cast<integer>(a[0]->as_map().size()));
}
computed least(const context&, arguments a) {
  return extreme(a, "min", [](auto o) { return o < 0; });
}
computed most(const context&, arguments a) {
  return extreme(a, "max", [](auto o) { return o > 0; });
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
  return value(static_cast<integer>(Get(zone.to_local(a[0]->as_timestamp()))));
}
template <auto Get>
computed date_part(const context&, arguments a) {
  return value(static_cast<integer>(Get(a[0]->as_date())));
}
/// Of the day that a timestamp is in the policy's zone.
template <auto Get>
computed civil_part(const context& c, arguments a) {
  return value(static_cast<integer>(Get(civil(c, *a[0]))));
}
template <std::int64_t Seconds>
computed span_in(const context&, arguments a) {
  return value(a[0]->as_duration().seconds() / Seconds);
}
computed span_milliseconds(const context&, arguments a) {
  return value(static_cast<integer>(a[0]->as_duration().nanos() / 1'000'000));
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

constexpr auto B = shape::boolean;
constexpr auto I = shape::integer;
constexpr auto D = shape::number;
constexpr auto S = shape::string;
constexpr auto T = shape::timestamp;
constexpr auto U = shape::duration;
constexpr auto A = shape::date;
constexpr auto M = shape::money;
constexpr auto R = shape::ratio;
constexpr auto any = shape::any;
constexpr auto ordered = shape::ordered;
constexpr auto measurable = shape::measurable;
constexpr auto list = shape::list_any;
constexpr auto map = shape::map_by_any;
constexpr auto none = shape::none;
constexpr auto fixed = growth::constant;
constexpr auto linear = growth::with_arguments;

using params = std::array<shape, 4>;
constexpr params of(shape a, shape b = none, shape c = none) { return {a, b, c, none}; }

// clang-format off
const std::array relations = {
  overload{"==", false, of(any, any),         B, equal,         linear},
  overload{"!=", false, of(any, any),         B, not_equal,     linear},
  overload{"<",  false, of(ordered, ordered), B, less,          linear},
  overload{"<=", false, of(ordered, ordered), B, less_equal,    linear},
  overload{">",  false, of(ordered, ordered), B, greater,       linear},
  overload{">=", false, of(ordered, ordered), B, greater_equal, linear},
  overload{"in", false, of(any, list),        B, in_list,       linear},
  overload{"in", false, of(any, map),         B, in_map,        fixed, 4},
};

const std::array arithmetic = {
  overload{"+",  false, of(I, I),       I,    add<integer, integer>},
  overload{"+",  false, of(D, D),       D,    add_double},
  overload{"+",  false, of(S, S),       S,    add_strings, linear},
  overload{"+",  false, of(list, list), list, concatenate, linear},
  overload{"+",  false, of(M, M),       M,    add<exact_money, exact_money>},
  overload{"+",  false, of(R, R),       R,    add<ratio, ratio>},
  overload{"+",  false, of(T, U),       T,    add<instant, duration>},
  overload{"+",  false, of(U, T),       T,    exchanged<add<instant, duration>>},
  overload{"+",  false, of(U, U),       U,    add<duration, duration>},
  overload{"-",  false, of(I, I),       I,    subtract<integer, integer>},
  overload{"-",  false, of(D, D),       D,    subtract_double},
  overload{"-",  false, of(M, M),       M,    subtract<exact_money, exact_money>},
  overload{"-",  false, of(R, R),       R,    subtract<ratio, ratio>},
  overload{"-",  false, of(T, U),       T,    subtract<instant, duration>},
  overload{"-",  false, of(T, T),       U,    difference_of_instants},
  overload{"-",  false, of(U, U),       U,    subtract<duration, duration>},
  overload{"*",  false, of(I, I),       I,    multiply<integer, integer>},
  overload{"*",  false, of(D, D),       D,    multiply_double},
  overload{"*",  false, of(M, I),       M,    multiply<exact_money, integer>},
  overload{"*",  false, of(I, M),       M,    exchanged<multiply<exact_money, integer>>},
  overload{"*",  false, of(M, R),       M,    multiply<exact_money, ratio>},
  overload{"*",  false, of(R, M),       M,    exchanged<multiply<exact_money, ratio>>},
  overload{"*",  false, of(R, R),       R,    multiply<ratio, ratio>},
  overload{"*",  false, of(R, I),       R,    multiply_ratio_int},
  overload{"*",  false, of(I, R),       R,    exchanged<multiply_ratio_int>},
  overload{"*",  false, of(U, I),       U,    multiply<duration, integer>},
  overload{"*",  false, of(I, U),       U,    exchanged<multiply<duration, integer>>},
  overload{"/",  false, of(I, I),       I,    divide_int},
  overload{"/",  false, of(D, D),       D,    divide_double},
  overload{"/",  false, of(M, I),       M,    divide<exact_money, integer>},
  overload{"/",  false, of(M, R),       M,    divide<exact_money, ratio>},
  overload{"/",  false, of(M, M),       R,    share_of_money},
  overload{"/",  false, of(R, R),       R,    divide<ratio, ratio>},
  overload{"/",  false, of(R, I),       R,    divide_ratio_int},
  overload{"%",  false, of(I, I),       I,    modulo_int},
  overload{"-_", false, of(I),          I,    opposite<integer>},
  overload{"-_", false, of(D),          D,    opposite_double},
  overload{"-_", false, of(M),          M,    opposite<exact_money>},
  overload{"-_", false, of(R),          R,    opposite<ratio>},
  overload{"-_", false, of(U),          U,    opposite_duration},
};

const std::array conversions = {
  overload{"int",       false, of(I),    I, identity},
  overload{"int",       false, of(D),    I, int_of_double},
  overload{"int",       false, of(S),    I, int_of_string, linear},
  overload{"int",       false, of(T),    I, int_of_timestamp},
  overload{"double",    false, of(D),    D, identity},
  overload{"double",    false, of(I),    D, double_of_int},
  overload{"double",    false, of(S),    D, double_of_string, linear},
  overload{"bool",      false, of(B),    B, identity},
  overload{"bool",      false, of(S),    B, bool_of_string},
  overload{"string",    false, of(S),    S, identity},
  overload{"string",    false, of(B),    S, as_text},
  overload{"string",    false, of(I),    S, as_text},
  overload{"string",    false, of(D),    S, double_as_text},
  overload{"string",    false, of(T),    S, as_text},
  overload{"string",    false, of(U),    S, as_text},
  overload{"string",    false, of(A),    S, as_text},
  overload{"string",    false, of(M),    S, as_text},
  overload{"string",    false, of(R),    S, as_text},
  overload{"timestamp", false, of(T),    T, identity},
  overload{"timestamp", false, of(S),    T, parsed<instant>, linear},
  overload{"timestamp", false, of(I),    T, timestamp_of_int},
  overload{"timestamp", false, of(A),    T, start_of_day, fixed, 4},
  overload{"duration",  false, of(U),    U, identity},
  overload{"duration",  false, of(S),    U, duration_of_string, linear},
  overload{"date",      false, of(A),    A, identity},
  overload{"date",      false, of(S),    A, parsed<civil_date>, linear},
  overload{"date",      false, of(T),    A, date_of_timestamp, fixed, 4},
  // The checker turns these two into constants: their argument is a literal.
  overload{"money",     false, of(S),    M, nullptr},
  overload{"ratio",     false, of(S),    R, nullptr},
  overload{"ratio",     false, of(I, I), R, ratio_of_ints},
  overload{"percent",   false, of(I),    R, percent},
};

const std::array functions = {
  overload{"round",          false, of(M, S),                   M,   round_money},
  overload{"round",          false, of(M, S, M),                M,   round_to_step},
  overload{"round",          false, of(R, S),                   I,   round_ratio},
  overload{"min",            false, of(shape::list_measurable), any, least, linear},
  overload{"min",            false, of(measurable, measurable), any, least, fixed, 2, true},
  overload{"max",            false, of(shape::list_measurable), any, most, linear},
  overload{"max",            false, of(measurable, measurable), any, most, fixed, 2, true},
  overload{"sum",            false, of(shape::list_summable),   any, sum, linear},
  overload{"size",           false, of(S),                      I,   size_of_string, linear},
  overload{"size",           false, of(list),                   I,   size_of_list},
  overload{"size",           false, of(map),                    I,   size_of_map},
  overload{"size",           true,  of(S),                      I,   size_of_string, linear},
  overload{"size",           true,  of(list),                   I,   size_of_list},
  overload{"size",           true,  of(map),                    I,   size_of_map},
  overload{"contains",       true,  of(S, S),                   B,   contains, linear},
  overload{"startsWith",     true,  of(S, S),                   B,   starts_with, linear},
  overload{"endsWith",       true,  of(S, S),                   B,   ends_with, linear},
  overload{"matches",        true,  of(S, S),                   B,   matches, linear, 20},
  overload{"matches",        false, of(S, S),                   B,   matches, linear, 20},
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

const std::array getters = {
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

std::vector<overload> assemble() {
  std::vector<overload> out;
  const auto add = [&out](const auto& part) { out.insert(out.end(), part.begin(), part.end()); };
  add(relations);
  add(arithmetic);
  add(conversions);
  add(functions);
  add(getters);
  return out;
}

// -- resolving -----------------------------------------------------------------------------------

bool one_of(const type& t, std::initializer_list<value_kind> kinds) {
  return t.is_nothing() || std::find(kinds.begin(), kinds.end(), t.kind()) != kinds.end();
}

bool is_measurable(const type& t) {
  return one_of(t, {value_kind::integer, value_kind::number, value_kind::timestamp,
                    value_kind::duration, value_kind::date, value_kind::money, value_kind::ratio});
}
bool is_summable(const type& t) {
  return one_of(t, {value_kind::integer, value_kind::number, value_kind::duration,
                    value_kind::money, value_kind::ratio});
}

/// Whether `given` can stand at `wanted`; binds or narrows `variable`.
bool accepts(shape wanted, const type& given, type& variable) {
  if (wanted <= shape::ratio) {
    return given.is_nothing() || given.kind() == static_cast<value_kind>(wanted);
  }
  type bound = given;
  switch (wanted) {
    case shape::list_any:
    case shape::list_measurable:
    case shape::list_summable:
      if (!given.is_nothing() && !given.is(value_kind::list)) return false;
      bound = given.element_or_nothing();
      break;
    case shape::map_by_any:
      if (!given.is_nothing() && !given.is(value_kind::map)) return false;
      bound = given.key_or_nothing();
      break;
    default: break;
  }
  const auto joined = join(variable, bound);
  if (!joined) return false;
  variable = *joined;
  switch (wanted) {
    case shape::ordered: return !variable.is(value_kind::list) && !variable.is(value_kind::map);
    case shape::measurable:
    case shape::list_measurable: return is_measurable(variable);
    case shape::list_summable:
    case shape::summable: return is_summable(variable);
    default: return true;
  }
}

std::optional<match> try_overload(const overload& o, std::span<const type> given) {
  const std::size_t arity = o.arity();
  if (given.size() != arity && !(o.variadic && given.size() > arity)) return std::nullopt;
  type variable = type::nothing();
  for (std::size_t i = 0; i < given.size(); ++i) {
    if (!accepts(o.parameters[std::min(i, arity - 1)], given[i], variable)) return std::nullopt;
  }
  match out{&o, variable};
  if (o.returns <= shape::ratio) out.returns = type(static_cast<value_kind>(o.returns));
  if (o.returns == shape::list_any) out.returns = type::list_of(variable);
  return out;
}

std::string shape_name(shape s) {
  if (s <= shape::ratio) return std::string(to_string(static_cast<value_kind>(s)));
  switch (s) {
    case shape::list_any: return "list";
    case shape::list_measurable: return "list of numbers, money or times";
    case shape::list_summable: return "list of numbers, money or durations";
    case shape::map_by_any: return "map";
    case shape::measurable: return "number, money or time";
    default: return "any";
  }
}

}  // namespace

std::size_t overload::arity() const {
  return static_cast<std::size_t>(std::find(parameters.begin(), parameters.end(), shape::none) -
                                  parameters.begin());
}

std::span<const overload> overloads() {
  static const std::vector<overload> all = assemble();
  return all;
}

std::optional<match> resolve(std::string_view name, bool member, std::span<const type> given) {
  for (const overload& o : overloads()) {
    if (o.name != name || o.member != member) continue;
    if (auto out = try_overload(o, given)) return out;
  }
  return std::nullopt;
}

bool is_function(std::string_view name) {
  return is_function(name, true) || is_function(name, false);
}

bool is_function(std::string_view name, bool member) {
  const auto all = overloads();
  return std::any_of(all.begin(), all.end(),
                     [&](const overload& o) { return o.name == name && o.member == member; });
}

std::vector<std::string> function_names() {
  std::set<std::string> names = {"has", "all", "exists", "exists_one", "filter", "map"};
  for (const overload& o : overloads()) {
    if ((o.name[0] >= 'a' && o.name[0] <= 'z') && o.name != "in") names.emplace(o.name);
  }
  return {names.begin(), names.end()};
}

std::string signatures(std::string_view name, bool member) {
  std::string out;
  for (const overload& o : overloads()) {
    if (o.name != name || o.member != member) continue;
    if (!out.empty()) out += ", ";
    out += "`";
    const std::size_t first = member ? 1 : 0;
    if (member) out += shape_name(o.parameters[0]) + ".";
    out += std::string(name) + "(";
    for (std::size_t i = first; i < o.arity(); ++i) {
      if (i > first) out += ", ";
      out += shape_name(o.parameters[i]);
    }
    out += o.variadic ? ", ...)`" : ")`";
  }
  return out;
}

std::optional<std::partial_ordering> compare(const value& a, const value& b) {
  if (a.kind() != b.kind()) return std::nullopt;
  if (a.is(value_kind::number)) return a.as_double() <=> b.as_double();
  if (a.is(value_kind::money)) {
    if (a.as_money().cur() != b.as_money().cur()) return std::nullopt;
    return a.as_money() <=> b.as_money();
  }
  return value::order(a, b);
}

}  // namespace leeway::condition
