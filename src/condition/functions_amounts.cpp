// SPDX-License-Identifier: Apache-2.0
// Rounding, the least, the most and the sum of numbers, amounts and times.
#include "condition/function_groups.hpp"
#include "condition/node.hpp"

#include <leeway/base/checked.hpp>
#include <leeway/base/ratio.hpp>

#include <compare>
#include <optional>
#include <utility>

namespace leeway::condition {

namespace {

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
    if (!next) return fail(std::string("the sum is out of range"));
    total = std::move(*next);
  }
  return total;
}

computed least(const context&, arguments a) {
  return extreme(a, "min", [](auto o) { return o < 0; });
}

computed most(const context&, arguments a) {
  return extreme(a, "max", [](auto o) { return o > 0; });
}

using namespace signature;

// clang-format off
constexpr std::array amounts = {
  overload{"round",          false, of(M, S),                   M,   round_money},
  overload{"round",          false, of(M, S, M),                M,   round_to_step},
  overload{"round",          false, of(R, S),                   I,   round_ratio},
  overload{"min",            false, of(shape::list_measurable), any, least, linear},
  overload{"min",            false, of(measurable, measurable), any, least, fixed, 2, true},
  overload{"max",            false, of(shape::list_measurable), any, most, linear},
  overload{"max",            false, of(measurable, measurable), any, most, fixed, 2, true},
  overload{"sum",            false, of(shape::list_summable),   any, sum, linear},
};
// clang-format on

}  // namespace

std::span<const overload> amount_overloads() { return amounts; }

}  // namespace leeway::condition
