// SPDX-License-Identifier: Apache-2.0
#include "reference/thresholds.hpp"

#include <leeway/base/ratio.hpp>

#include <cmath>

namespace leeway::reference {
namespace {

const std::string amount_name = "action.amount";

bool is_comparison(const expr& e) {
  return e.what == form::operation && e.text != "in" &&
         (e.text.front() == '<' || e.text.front() == '>' || e.text == "==" || e.text == "!=");
}

// As a number that is exact where it is small enough to matter: an amount or a ratio in minor
// units.
std::optional<ratio> plain(const value& v) {
  if (v.is(value_kind::money)) return ratio::make(v.as_money().num(), v.as_money().den());
  if (v.is(value_kind::ratio)) return v.as_ratio();
  if (v.is(value_kind::integer)) return ratio(v.as_int());
  return std::nullopt;
}

std::optional<ratio> difference(const expr& e, const scope& names, facts& known, std::int64_t at) {
  known.insert_or_assign(amount_name, answer::of(money(at, names.calendar.money_currency)));
  const auto left = evaluate(e.args[0], names, known);
  const auto right = evaluate(e.args[1], names, known);
  if (!left.known() || !right.known()) return std::nullopt;
  const auto a = plain(*left.result);
  const auto b = plain(*right.result);
  if (!a || !b) return std::nullopt;
  return checked_sub(*a, *b);
}

void solve(const expr& e, const scope& names, facts& known, std::set<std::int64_t>& out) {
  const auto at_none = difference(e, names, known, 0);
  const auto at_more = difference(e, names, known, 10'000);
  if (!at_none || !at_more) return;
  const auto rise = checked_sub(*at_more, *at_none);
  if (!rise || rise->is_zero()) return;
  const auto slope = checked_div(*rise, ratio(10'000));
  const auto meet = slope ? checked_div(*at_none, *slope) : std::nullopt;
  if (!meet) return;
  // The sides meet at -meet; whole amounts on both sides of it are tried.
  const auto near = -(meet->num() / meet->den());
  for (std::int64_t i = -2; i <= 2; ++i) out.insert(near + i);
}

void walk(const expr& e, const scope& names, facts& known, std::set<std::int64_t>& out) {
  if (is_comparison(e) && facts_in(e).contains(amount_name)) solve(e, names, known, out);
  if (e.definition) walk(*e.definition, names, known, out);
  for (const auto& arg : e.args) walk(*arg, names, known, out);
}

}  // namespace

void add_thresholds(const expr_ptr& e, const scope& names, facts& known,
                    std::set<std::int64_t>& out) {
  if (!e) return;
  const auto before = known.at(amount_name);
  walk(*e, names, known, out);
  known.insert_or_assign(amount_name, before);
}

}  // namespace leeway::reference
