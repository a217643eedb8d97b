// SPDX-License-Identifier: Apache-2.0
#include "condition/functions.hpp"

#include "condition/node.hpp"

#include <leeway/base/checked.hpp>

#include <re2/re2.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <set>
#include <system_error>
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

/// What money cannot be added to or compared with: an amount of another currency.
computed checked_sum(const exact_money& a, const exact_money& b,
                     const std::optional<exact_money>& out, std::string_view what) {
  if (!out && a.cur() != b.cur()) {
    return fail("the amounts " + a.to_string() + " and " + b.to_string() +
                " are of different currencies");
  }
  return checked(out, what);
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
  const std::string& text = a[0]->as_string();
  double out = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), out);
  if (read.ec != std::errc{} || read.ptr != text.data() + text.size()) {
    return fail(a[0]->to_string() + " is not a double");
  }
  return value(out);
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

computed ratio_quotient(const std::optional<ratio>& out, bool by_zero) {
  if (by_zero) return fail(std::string("division by zero"));
  return checked(out, "the ratio");
}

computed round_money(const context&, arguments a) {
  const auto mode = parse_rounding(a[1]->as_string());
  if (!mode) return fail(mode.error().message);
  return checked(a[0]->as_money().round(*mode), "the rounded amount");
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

template <class Get>
computed local_part(const context& c, arguments a, Get get) {
  time_zone zone{};
  if (a.size() > 1) {
    const auto found = time_zone::find(a[1]->as_string());
    if (!found) return fail(found.error().message);
    zone = *found;
  }
  static_cast<void>(c);
  return value(static_cast<std::int64_t>(get(zone.to_local(a[0]->as_timestamp()))));
}

template <class Get>
computed date_part(arguments a, Get get) {
  return value(static_cast<std::int64_t>(get(a[0]->as_date())));
}

computed date_of_string(const context&, arguments a) {
  const auto out = civil_date::parse(a[0]->as_string());
  if (!out) return fail(out.error().message);
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

constexpr auto B = shape::boolean;
constexpr auto I = shape::integer;
constexpr auto D = shape::number;
constexpr auto S = shape::string;
constexpr auto T = shape::timestamp;
constexpr auto U = shape::duration;
constexpr auto A = shape::date;
constexpr auto M = shape::money;
constexpr auto R = shape::ratio;
constexpr auto none = shape::none;
constexpr auto linear = growth::with_arguments;

using params = std::array<shape, 4>;
constexpr params of(shape a, shape b = none, shape c = none, shape d = none) {
  return {a, b, c, d};
}

// clang-format off
const std::array relations = {
  overload{"==", false, of(shape::any, shape::any), B, equal, linear},
  overload{"!=", false, of(shape::any, shape::any), B, not_equal, linear},
  overload{"<", false, of(shape::ordered, shape::ordered), B, [](const context&, arguments a) { return related(a, [](auto o) { return o < 0; }); }, linear},
  overload{"<=", false, of(shape::ordered, shape::ordered), B, [](const context&, arguments a) { return related(a, [](auto o) { return o <= 0; }); }, linear},
  overload{">", false, of(shape::ordered, shape::ordered), B, [](const context&, arguments a) { return related(a, [](auto o) { return o > 0; }); }, linear},
  overload{">=", false, of(shape::ordered, shape::ordered), B, [](const context&, arguments a) { return related(a, [](auto o) { return o >= 0; }); }, linear},
  overload{"in", false, of(shape::any, shape::list_any), B, in_list, linear},
  overload{"in", false, of(shape::any, shape::map_by_any), B, [](const context&, arguments a) -> computed { return value(a[1]->find(*a[0]) != nullptr); }, growth::constant, 4},
};

const std::array arithmetic = {
  overload{"+", false, of(I, I), I, [](const context&, arguments a) { return checked(checked_add(a[0]->as_int(), a[1]->as_int()), "the sum"); }},
  overload{"+", false, of(D, D), D, [](const context&, arguments a) -> computed { return value(a[0]->as_double() + a[1]->as_double()); }},
  overload{"+", false, of(S, S), S, [](const context&, arguments a) -> computed { return value(a[0]->as_string() + a[1]->as_string()); }, linear},
  overload{"+", false, of(shape::list_any, shape::list_any), shape::list_any, concatenate, linear},
  overload{"+", false, of(M, M), M, [](const context&, arguments a) { return checked_sum(a[0]->as_money(), a[1]->as_money(), checked_add(a[0]->as_money(), a[1]->as_money()), "the sum"); }},
  overload{"+", false, of(R, R), R, [](const context&, arguments a) { return checked(checked_add(a[0]->as_ratio(), a[1]->as_ratio()), "the sum"); }},
  overload{"+", false, of(T, U), T, [](const context&, arguments a) { return checked(checked_add(a[0]->as_timestamp(), a[1]->as_duration()), "the timestamp"); }},
  overload{"+", false, of(U, T), T, [](const context&, arguments a) { return checked(checked_add(a[1]->as_timestamp(), a[0]->as_duration()), "the timestamp"); }},
  overload{"+", false, of(U, U), U, [](const context&, arguments a) { return checked(checked_add(a[0]->as_duration(), a[1]->as_duration()), "the duration"); }},
  overload{"-", false, of(I, I), I, [](const context&, arguments a) { return checked(checked_sub(a[0]->as_int(), a[1]->as_int()), "the difference"); }},
  overload{"-", false, of(D, D), D, [](const context&, arguments a) -> computed { return value(a[0]->as_double() - a[1]->as_double()); }},
  overload{"-", false, of(M, M), M, [](const context&, arguments a) { return checked_sum(a[0]->as_money(), a[1]->as_money(), checked_sub(a[0]->as_money(), a[1]->as_money()), "the difference"); }},
  overload{"-", false, of(R, R), R, [](const context&, arguments a) { return checked(checked_sub(a[0]->as_ratio(), a[1]->as_ratio()), "the difference"); }},
  overload{"-", false, of(T, U), T, [](const context&, arguments a) { return checked(checked_sub(a[0]->as_timestamp(), a[1]->as_duration()), "the timestamp"); }},
  overload{"-", false, of(T, T), U, difference_of_instants},
  overload{"-", false, of(U, U), U, [](const context&, arguments a) { return checked(checked_sub(a[0]->as_duration(), a[1]->as_duration()), "the duration"); }},
  overload{"*", false, of(I, I), I, [](const context&, arguments a) { return checked(checked_mul(a[0]->as_int(), a[1]->as_int()), "the product"); }},
  overload{"*", false, of(D, D), D, [](const context&, arguments a) -> computed { return value(a[0]->as_double() * a[1]->as_double()); }},
  overload{"*", false, of(M, I), M, [](const context&, arguments a) { return checked(checked_mul(a[0]->as_money(), a[1]->as_int()), "the product"); }},
  overload{"*", false, of(I, M), M, [](const context&, arguments a) { return checked(checked_mul(a[1]->as_money(), a[0]->as_int()), "the product"); }},
  overload{"*", false, of(M, R), M, [](const context&, arguments a) { return checked(checked_mul(a[0]->as_money(), a[1]->as_ratio()), "the product"); }},
  overload{"*", false, of(R, M), M, [](const context&, arguments a) { return checked(checked_mul(a[1]->as_money(), a[0]->as_ratio()), "the product"); }},
  overload{"*", false, of(R, R), R, [](const context&, arguments a) { return checked(checked_mul(a[0]->as_ratio(), a[1]->as_ratio()), "the product"); }},
  overload{"*", false, of(R, I), R, [](const context&, arguments a) { return checked(checked_mul(a[0]->as_ratio(), ratio(a[1]->as_int())), "the product"); }},
  overload{"*", false, of(I, R), R, [](const context&, arguments a) { return checked(checked_mul(a[1]->as_ratio(), ratio(a[0]->as_int())), "the product"); }},
  overload{"*", false, of(U, I), U, [](const context&, arguments a) { return checked(checked_mul(a[0]->as_duration(), a[1]->as_int()), "the duration"); }},
  overload{"*", false, of(I, U), U, [](const context&, arguments a) { return checked(checked_mul(a[1]->as_duration(), a[0]->as_int()), "the duration"); }},
  overload{"/", false, of(I, I), I, divide_int},
  overload{"/", false, of(D, D), D, [](const context&, arguments a) -> computed { return value(a[0]->as_double() / a[1]->as_double()); }},
  overload{"/", false, of(M, I), M, [](const context&, arguments a) -> computed { if (a[1]->as_int() == 0) return fail(std::string("division by zero")); return checked(checked_div(a[0]->as_money(), a[1]->as_int()), "the quotient"); }},
  overload{"/", false, of(M, R), M, [](const context&, arguments a) -> computed { if (a[1]->as_ratio().is_zero()) return fail(std::string("division by zero")); return checked(checked_div(a[0]->as_money(), a[1]->as_ratio()), "the quotient"); }},
  overload{"/", false, of(M, M), R, [](const context&, arguments a) { return ratio_quotient(exact_ratio(a[0]->as_money(), a[1]->as_money()), a[1]->as_money().is_zero()); }},
  overload{"/", false, of(R, R), R, [](const context&, arguments a) { return ratio_quotient(checked_div(a[0]->as_ratio(), a[1]->as_ratio()), a[1]->as_ratio().is_zero()); }},
  overload{"/", false, of(R, I), R, [](const context&, arguments a) { return ratio_quotient(checked_div(a[0]->as_ratio(), ratio(a[1]->as_int())), a[1]->as_int() == 0); }},
  overload{"%", false, of(I, I), I, modulo_int},
  overload{"-_", false, of(I), I, [](const context&, arguments a) { return checked(checked_neg(a[0]->as_int()), "the opposite"); }},
  overload{"-_", false, of(D), D, [](const context&, arguments a) -> computed { return value(-a[0]->as_double()); }},
  overload{"-_", false, of(M), M, [](const context&, arguments a) { return checked(checked_neg(a[0]->as_money()), "the opposite"); }},
  overload{"-_", false, of(R), R, [](const context&, arguments a) { return checked(checked_neg(a[0]->as_ratio()), "the opposite"); }},
  overload{"-_", false, of(U), U, [](const context&, arguments a) -> computed { return value(negated(a[0]->as_duration())); }},
};

computed identity(const context&, arguments a) { return *a[0]; }

const std::array conversions = {
  overload{"int", false, of(I), I, identity},
  overload{"int", false, of(D), I, int_of_double},
  overload{"int", false, of(S), I, int_of_string},
  overload{"int", false, of(T), I, [](const context&, arguments a) -> computed { return value(a[0]->as_timestamp().seconds()); }},
  overload{"double", false, of(D), D, identity},
  overload{"double", false, of(I), D, [](const context&, arguments a) -> computed { return value(static_cast<double>(a[0]->as_int())); }},
  overload{"double", false, of(S), D, double_of_string},
  overload{"bool", false, of(B), B, identity},
  overload{"bool", false, of(S), B, bool_of_string},
  overload{"string", false, of(S), S, identity},
  overload{"string", false, of(B), S, [](const context&, arguments a) -> computed { return value(a[0]->to_string()); }},
  overload{"string", false, of(I), S, [](const context&, arguments a) -> computed { return value(a[0]->to_string()); }},
  overload{"string", false, of(D), S, [](const context&, arguments a) -> computed { return value(plain_number(*a[0])); }},
  overload{"string", false, of(T), S, [](const context&, arguments a) -> computed { return value(a[0]->to_string()); }},
  overload{"string", false, of(U), S, [](const context&, arguments a) -> computed { return value(a[0]->to_string()); }},
  overload{"string", false, of(A), S, [](const context&, arguments a) -> computed { return value(a[0]->to_string()); }},
  overload{"string", false, of(M), S, [](const context&, arguments a) -> computed { return value(a[0]->to_string()); }},
  overload{"string", false, of(R), S, [](const context&, arguments a) -> computed { return value(a[0]->to_string()); }},
  overload{"timestamp", false, of(T), T, identity},
  overload{"timestamp", false, of(S), T, [](const context&, arguments a) -> computed { const auto t = instant::parse(a[0]->as_string()); if (!t) return fail(t.error().message); return value(*t); }},
  overload{"timestamp", false, of(I), T, [](const context&, arguments a) { return checked(instant::make(a[0]->as_int()), "the timestamp"); }},
  overload{"timestamp", false, of(A), T, [](const context& c, arguments a) -> computed { return value(c.env.zone().start_of_day(a[0]->as_date())); }},
  overload{"duration", false, of(U), U, identity},
  overload{"duration", false, of(S), U, [](const context&, arguments a) -> computed { const auto d = duration::parse(a[0]->as_string()); if (!d) return fail(d.error().message); return value(*d); }},
  overload{"date", false, of(A), A, identity},
  overload{"date", false, of(S), A, date_of_string},
  overload{"date", false, of(T), A, [](const context& c, arguments a) -> computed { return value(c.env.zone().date_of(a[0]->as_timestamp())); }},
  // The checker turns these two into constants: their argument is a literal.
  overload{"money", false, of(S), M, nullptr},
  overload{"ratio", false, of(S), R, nullptr},
  overload{"ratio", false, of(I, I), R, [](const context&, arguments a) { return ratio_quotient(ratio::make(a[0]->as_int(), a[1]->as_int()), a[1]->as_int() == 0); }},
  overload{"percent", false, of(I), R, [](const context&, arguments a) { return checked(ratio::make(a[0]->as_int(), 100), "the ratio"); }},
};

const std::array functions = {
  overload{"round", false, of(M, S), M, round_money},
  overload{"round", false, of(M, S, M), M, round_to_step},
  overload{"min", false, of(shape::list_measurable), shape::any, [](const context&, arguments a) { return extreme(a, "min", [](auto o) { return o < 0; }); }, linear},
  overload{"min", false, of(shape::measurable, shape::measurable), shape::any, [](const context&, arguments a) { return extreme(a, "min", [](auto o) { return o < 0; }); }, growth::constant, 2, true},
  overload{"max", false, of(shape::list_measurable), shape::any, [](const context&, arguments a) { return extreme(a, "max", [](auto o) { return o > 0; }); }, linear},
  overload{"max", false, of(shape::measurable, shape::measurable), shape::any, [](const context&, arguments a) { return extreme(a, "max", [](auto o) { return o > 0; }); }, growth::constant, 2, true},
  overload{"sum", false, of(shape::list_summable), shape::any, sum, linear},
  overload{"size", false, of(S), I, size_of_string, linear},
  overload{"size", false, of(shape::list_any), I, [](const context&, arguments a) -> computed { return value(static_cast<std::int64_t>(a[0]->as_list().size())); }},
  overload{"size", false, of(shape::map_by_any), I, [](const context&, arguments a) -> computed { return value(static_cast<std::int64_t>(a[0]->as_map().size())); }},
  overload{"size", true, of(S), I, size_of_string, linear},
  overload{"size", true, of(shape::list_any), I, [](const context&, arguments a) -> computed { return value(static_cast<std::int64_t>(a[0]->as_list().size())); }},
  overload{"size", true, of(shape::map_by_any), I, [](const context&, arguments a) -> computed { return value(static_cast<std::int64_t>(a[0]->as_map().size())); }},
  overload{"contains", true, of(S, S), B, [](const context&, arguments a) -> computed { return value(a[0]->as_string().find(a[1]->as_string()) != std::string::npos); }, linear},
  overload{"startsWith", true, of(S, S), B, [](const context&, arguments a) -> computed { return value(a[0]->as_string().starts_with(a[1]->as_string())); }, linear},
  overload{"endsWith", true, of(S, S), B, [](const context&, arguments a) -> computed { return value(a[0]->as_string().ends_with(a[1]->as_string())); }, linear},
  overload{"matches", true, of(S, S), B, matches, linear, 20},
  overload{"matches", false, of(S, S), B, matches, linear, 20},
  overload{"days_between", false, of(A, A), I, [](const context&, arguments a) -> computed { return value(days_between(a[0]->as_date(), a[1]->as_date())); }},
  overload{"days_between", false, of(T, T), I, [](const context& c, arguments a) -> computed { return value(days_between(civil(c, *a[0]), civil(c, *a[1]))); }, growth::constant, 4},
  overload{"months_between", false, of(A, A), I, [](const context&, arguments a) -> computed { return value(months_between(a[0]->as_date(), a[1]->as_date())); }},
  overload{"months_between", false, of(T, T), I, [](const context& c, arguments a) -> computed { return value(months_between(civil(c, *a[0]), civil(c, *a[1]))); }, growth::constant, 4},
  overload{"years_between", false, of(A, A), I, [](const context&, arguments a) -> computed { return value(years_between(a[0]->as_date(), a[1]->as_date())); }},
  overload{"years_between", false, of(T, T), I, [](const context& c, arguments a) -> computed { return value(years_between(civil(c, *a[0]), civil(c, *a[1]))); }, growth::constant, 4},
  overload{"start_of", false, of(A, S), A, [](const context&, arguments a) { return start_of(a[0]->as_date(), a[1]->as_string()); }},
  overload{"start_of", false, of(T, S), A, [](const context& c, arguments a) { return start_of(civil(c, *a[0]), a[1]->as_string()); }, growth::constant, 4},
  overload{"add_days", false, of(A, I), A, [](const context&, arguments a) { return checked(add_days(a[0]->as_date(), a[1]->as_int()), "the date"); }},
  overload{"add_months", false, of(A, I), A, [](const context&, arguments a) { return checked(add_months(a[0]->as_date(), a[1]->as_int()), "the date"); }},
  overload{"add_years", false, of(A, I), A, [](const context&, arguments a) -> computed { const auto months = checked_mul(a[1]->as_int(), 12); if (!months) return fail(std::string("the date is out of range")); return checked(add_months(a[0]->as_date(), *months), "the date"); }},
  overload{"weekday", false, of(A), I, [](const context&, arguments a) { return date_part(a, [](civil_date d) { return d.weekday(); }); }},
};

const std::array getters = {
#define LEEWAY_GETTER(name, expression)                                                                             \
  overload{name, true, of(T), I, [](const context& c, arguments a) { return local_part(c, a, [](const local_time& t) { return expression; }); }, growth::constant, 4}, \
  overload{name, true, of(T, S), I, [](const context& c, arguments a) { return local_part(c, a, [](const local_time& t) { return expression; }); }, growth::constant, 8}
  LEEWAY_GETTER("getFullYear", t.date.year),
  LEEWAY_GETTER("getMonth", t.date.month - 1),
  LEEWAY_GETTER("getDate", t.date.day),
  LEEWAY_GETTER("getDayOfMonth", t.date.day - 1),
  LEEWAY_GETTER("getDayOfWeek", t.date.weekday() % 7),
  LEEWAY_GETTER("getDayOfYear", t.date.day_of_year() - 1),
  LEEWAY_GETTER("getHours", t.hour),
  LEEWAY_GETTER("getMinutes", t.minute),
  LEEWAY_GETTER("getSeconds", t.second),
  LEEWAY_GETTER("getMilliseconds", t.nanos / 1'000'000),
#undef LEEWAY_GETTER
  overload{"getHours", true, of(U), I, [](const context&, arguments a) -> computed { return value(a[0]->as_duration().seconds() / 3600); }},
  overload{"getMinutes", true, of(U), I, [](const context&, arguments a) -> computed { return value(a[0]->as_duration().seconds() / 60); }},
  overload{"getSeconds", true, of(U), I, [](const context&, arguments a) -> computed { return value(a[0]->as_duration().seconds()); }},
  overload{"getMilliseconds", true, of(U), I, [](const context&, arguments a) -> computed { return value(a[0]->as_duration().nanos() / 1'000'000); }},
  overload{"getFullYear", true, of(A), I, [](const context&, arguments a) { return date_part(a, [](civil_date d) { return d.year; }); }},
  overload{"getMonth", true, of(A), I, [](const context&, arguments a) { return date_part(a, [](civil_date d) { return d.month - 1; }); }},
  overload{"getDate", true, of(A), I, [](const context&, arguments a) { return date_part(a, [](civil_date d) { return int{d.day}; }); }},
  overload{"getDayOfMonth", true, of(A), I, [](const context&, arguments a) { return date_part(a, [](civil_date d) { return d.day - 1; }); }},
  overload{"getDayOfWeek", true, of(A), I, [](const context&, arguments a) { return date_part(a, [](civil_date d) { return d.weekday() % 7; }); }},
  overload{"getDayOfYear", true, of(A), I, [](const context&, arguments a) { return date_part(a, [](civil_date d) { return d.day_of_year() - 1; }); }},
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
