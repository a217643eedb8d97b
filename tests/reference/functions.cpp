// SPDX-License-Identifier: Apache-2.0
#include "reference/values.hpp"

#include <leeway/base/checked.hpp>
#include <leeway/base/money.hpp>
#include <leeway/base/ratio.hpp>

#include <re2/re2.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <stdexcept>

namespace leeway::reference {
namespace {

using kind = value_kind;
using answered = std::optional<value>;
using arguments = std::vector<value>;

template <class T>
answered maybe(const std::optional<T>& x) {
  if (!x) return std::nullopt;
  return value(*x);
}
template <class T, class E>
answered maybe(const result<T, E>& x) {
  if (!x) return std::nullopt;
  return value(*x);
}

// ---------------------------------------------------------------------------------- conversions

template <class T>
answered number_of(const std::string& text) {
  T out{};
  const auto* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, out);
  if (read.ec != std::errc{} || read.ptr != end) return std::nullopt;
  return value(out);
}

answered to_int(const value& v) {
  constexpr double limit = 9223372036854775808.0;
  switch (v.kind()) {
    case kind::number:
      if (!(v.as_double() > -limit && v.as_double() < limit)) return std::nullopt;
      return value(static_cast<std::int64_t>(v.as_double()));
    case kind::string: return number_of<std::int64_t>(v.as_string());
    case kind::timestamp: return value(v.as_timestamp().seconds());
    default: return v;
  }
}

answered to_double(const value& v) {
  if (v.is(kind::integer)) return value(static_cast<double>(v.as_int()));
  if (v.is(kind::string)) return number_of<double>(v.as_string());
  return v;
}

answered to_bool(const value& v) {
  if (v.is(kind::boolean)) return v;
  const auto& text = v.as_string();
  for (const auto* yes : {"1", "t", "true", "TRUE", "True"}) {
    if (text == yes) return value(true);
  }
  for (const auto* no : {"0", "f", "false", "FALSE", "False"}) {
    if (text == no) return value(false);
  }
  return std::nullopt;
}

answered to_text(const value& v) {
  switch (v.kind()) {
    case kind::string: return v;
    case kind::timestamp: return value(v.as_timestamp().to_string());
    case kind::duration: return value(v.as_duration().to_string());
    default: return value(v.to_string());
  }
}

// --------------------------------------------------------------------------------------- texts

std::int64_t characters(const std::string& text) {
  return std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
}

value size_of(const value& v) {
  if (v.is(kind::string)) return value(characters(v.as_string()));
  return value(
      static_cast<std::int64_t>(v.is(kind::list) ? v.as_list().size() : v.as_map().size()));
}

// ------------------------------------------------------------------------------------ aggregates

const arguments& items_of(const arguments& args) {
  return args.size() == 1 && args[0].is(kind::list) ? args[0].as_list() : args;
}

answered extreme(const arguments& args, std::string_view better) {
  const auto& items = items_of(args);
  if (items.empty()) return std::nullopt;
  value best = items.front();
  for (const auto& item : items) {
    // What is not a number has no order.
    if (item.is(kind::number) && std::isnan(item.as_double())) return std::nullopt;
    if (ordered(better, item, best)) best = item;
  }
  return best;
}

value zero(kind of, currency cur) {
  switch (of) {
    case kind::number: return value(0.0);
    case kind::money: return value(money(0, cur));
    case kind::ratio: return value(ratio());
    case kind::duration: return value(duration());
    default: return value(std::int64_t{0});
  }
}

answered sum_of(const value& list, kind of_empty, currency cur) {
  const auto& items = list.as_list();
  answered out = zero(items.empty() ? of_empty : items.front().kind(), cur);
  for (const auto& item : items) {
    out = operate("+", *out, item);
    if (!out) return out;
  }
  return out;
}

answered rounded(const arguments& args, currency cur) {
  const auto mode = parse_rounding(args[1].as_string()).value();
  if (args.size() == 2) return maybe(args[0].as_money().round(mode));
  const auto step = args[2].as_money();
  if (step.is_zero() || step.is_negative()) return std::nullopt;
  const auto steps = exact_ratio(args[0].as_money(), step);
  if (!steps) return std::nullopt;
  const auto whole = exact_money::make(steps->num(), steps->den(), cur)->round(mode);
  if (!whole) return std::nullopt;
  return maybe(checked_mul(step, whole->minor()));
}

// ------------------------------------------------------------------------------------- calendar

civil_date day_of(const value& v, const almanac& at) {
  return v.is(kind::date) ? v.as_date() : at.zone.date_of(v.as_timestamp());
}

answered first_of(civil_date d, const std::string& unit) {
  if (unit == "day") return value(d);
  if (unit == "week") return maybe(add_days(d, 1 - d.weekday()));
  const int month = unit == "month" ? d.month : unit == "quarter" ? (d.month - 1) / 3 * 3 + 1 : 1;
  return maybe(civil_date::make(d.year, month, 1));
}

bool worked(civil_date d, const almanac& at) {
  return std::ranges::find(at.working.weekend, d.weekday()) == at.working.weekend.end() &&
         std::ranges::find(at.working.holidays, d) == at.working.holidays.end();
}

std::int64_t working_days(civil_date a, civil_date b, const almanac& at) {
  if (b < a) return -working_days(b, a, at);
  std::int64_t out = 0;
  while (a < b) {
    a = *add_days(a, 1);
    if (worked(a, at)) ++out;
  }
  return out;
}

answered add_working(civil_date d, std::int64_t n, const almanac& at) {
  const int step = n < 0 ? -1 : 1;
  while (n != 0) {
    const auto next = add_days(d, step);
    if (!next) return std::nullopt;
    d = *next;
    if (worked(d, at)) n -= step;
  }
  return value(d);
}

// -------------------------------------------------------------------------------------- getters

std::int64_t part_of(local_time t, std::string_view part) {
  if (part == "getFullYear") return t.date.year;
  if (part == "getMonth") return t.date.month - 1;
  if (part == "getDate") return t.date.day;
  if (part == "getDayOfMonth") return t.date.day - 1;
  if (part == "getDayOfWeek") return t.date.weekday() % 7;
  if (part == "getDayOfYear") return t.date.day_of_year() - 1;
  if (part == "getHours") return t.hour;
  if (part == "getMinutes") return t.minute;
  if (part == "getSeconds") return t.second;
  return t.nanos / 1'000'000;
}

std::int64_t part_of(duration d, std::string_view part) {
  if (part == "getHours") return d.seconds() / 3600;
  if (part == "getMinutes") return d.seconds() / 60;
  if (part == "getSeconds") return d.seconds();
  return d.nanos() / 1'000'000;
}

answered getter(std::string_view name, const arguments& args) {
  if (args[0].is(kind::duration)) return value(part_of(args[0].as_duration(), name));
  if (args[0].is(kind::date)) return value(part_of(local_time{.date = args[0].as_date()}, name));
  time_zone zone;
  if (args.size() == 2) {
    const auto found = time_zone::find(args[1].as_string());
    if (!found) return std::nullopt;
    zone = *found;
  }
  return value(part_of(zone.to_local(args[0].as_timestamp()), name));
}

// ---------------------------------------------------------------------------------- all of them

using function = std::function<answered(const arguments&, const almanac&)>;

answered to_timestamp(const arguments& a, const almanac& at) {
  switch (a[0].kind()) {
    case kind::string: return maybe(instant::parse(a[0].as_string()));
    case kind::integer: return maybe(instant::make(a[0].as_int()));
    case kind::date: return value(at.zone.start_of_day(a[0].as_date()));
    default: return a[0];
  }
}

answered to_date(const arguments& a, const almanac& at) {
  if (a[0].is(kind::string)) return maybe(civil_date::parse(a[0].as_string()));
  return value(day_of(a[0], at));
}

answered to_duration(const arguments& a, const almanac&) {
  if (!a[0].is(kind::string)) return a[0];
  return maybe(duration::parse(a[0].as_string()));
}

answered to_ratio(const arguments& a, const almanac&) {
  if (a.size() == 2) return maybe(ratio::make(a[0].as_int(), a[1].as_int()));
  return maybe(ratio::parse(a[0].as_string()));
}

answered years_later(const arguments& a, const almanac&) {
  const auto months = checked_mul(a[1].as_int(), std::int64_t{12});
  if (!months) return std::nullopt;
  return maybe(add_months(a[0].as_date(), *months));
}

const std::map<std::string_view, function>& conversions() {
  static const std::map<std::string_view, function> all{
      {"int", [](auto& a, auto&) { return to_int(a[0]); }},
      {"double", [](auto& a, auto&) { return to_double(a[0]); }},
      {"bool", [](auto& a, auto&) { return to_bool(a[0]); }},
      {"string", [](auto& a, auto&) { return to_text(a[0]); }},
      {"timestamp", to_timestamp},
      {"date", to_date},
      {"duration", to_duration},
      {"ratio", to_ratio},
      {"money", [](auto& a, auto&) { return maybe(money::parse(a[0].as_string())); }},
      {"percent", [](auto& a, auto&) { return maybe(ratio::make(a[0].as_int(), 100)); }},
      {"size", [](auto& a, auto&) { return answered(size_of(a[0])); }},
      {"contains",
       [](auto& a, auto&) {
         return answered(a[0].as_string().find(a[1].as_string()) != std::string::npos);
       }},
      {"startsWith",
       [](auto& a, auto&) { return answered(a[0].as_string().starts_with(a[1].as_string())); }},
      {"endsWith",
       [](auto& a, auto&) { return answered(a[0].as_string().ends_with(a[1].as_string())); }},
      {"min", [](auto& a, auto&) { return extreme(a, "<"); }},
      {"max", [](auto& a, auto&) { return extreme(a, ">"); }},
      {"round", [](auto& a, auto& at) { return rounded(a, at.money_currency); }},
  };
  return all;
}

const std::map<std::string_view, function>& calendar() {
  static const std::map<std::string_view, function> all{
      {"days_between",
       [](auto& a, auto& at) {
         return answered(days_between(day_of(a[0], at), day_of(a[1], at)));
       }},
      {"months_between",
       [](auto& a, auto& at) {
         return answered(months_between(day_of(a[0], at), day_of(a[1], at)));
       }},
      {"years_between",
       [](auto& a, auto& at) {
         return answered(years_between(day_of(a[0], at), day_of(a[1], at)));
       }},
      {"start_of", [](auto& a, auto& at) { return first_of(day_of(a[0], at), a[1].as_string()); }},
      {"add_days", [](auto& a, auto&) { return maybe(add_days(a[0].as_date(), a[1].as_int())); }},
      {"add_months",
       [](auto& a, auto&) { return maybe(add_months(a[0].as_date(), a[1].as_int())); }},
      {"add_years", years_later},
      {"weekday",
       [](auto& a, auto& at) { return answered(std::int64_t{day_of(a[0], at).weekday()}); }},
      {"working_days_between",
       [](auto& a, auto& at) {
         return answered(working_days(day_of(a[0], at), day_of(a[1], at), at));
       }},
      {"add_working_days",
       [](auto& a, auto& at) { return add_working(a[0].as_date(), a[1].as_int(), at); }},
      {"is_working_day", [](auto& a, auto& at) { return answered(worked(day_of(a[0], at), at)); }},
  };
  return all;
}

}  // namespace

std::optional<value> call(std::string_view name, const std::vector<value>& args, const almanac& at,
                          value_kind of_empty, const re2::RE2* pattern) {
  if (name == "sum") return sum_of(args[0], of_empty, at.money_currency);
  if (name == "matches") return value(re2::RE2::PartialMatch(args[0].as_string(), *pattern));
  for (const auto* table : {&conversions(), &calendar()}) {
    if (const auto found = table->find(name); found != table->end()) return found->second(args, at);
  }
  if (name.starts_with("get")) return getter(name, args);
  throw std::runtime_error("no function " + std::string(name));
}

}  // namespace leeway::reference
