// SPDX-License-Identifier: Apache-2.0
#include "engine/candidates.hpp"

#include <leeway/base/checked.hpp>

#include <algorithm>
#include <functional>
#include <utility>

namespace leeway::engine {
namespace {

void add_exact(const exact_money& m, std::vector<std::int64_t>& out) {
  if (auto low = m.round(rounding::floor)) out.push_back(low->minor());
  if (auto high = m.round(rounding::ceiling)) out.push_back(high->minor());
}

// A linear `of` of type money: its value at two amounts gives slope and intercept.
std::optional<exact_money> at_amount(const context& c, const code_ptr& of, std::int64_t minor) {
  c.facts.set(c.policy.amount_slot, value(money(minor, c.policy.money_currency)));
  auto e = condition::evaluate(*of, *c.policy.env, c.facts);
  if (!e.is_known() || !e.result->is(value_kind::money)) return std::nullopt;
  return e.result->as_money();
}

void add_linear(const context& c, const code_ptr& of, const exact_money& bound,
                std::vector<std::int64_t>& out) {
  amount_guard guard(c);
  auto zero = at_amount(c, of, 0);
  auto one = at_amount(c, of, 1);
  if (!zero || !one) return;
  auto slope = checked_sub(*one, *zero);
  auto rest = checked_sub(bound, *zero);
  if (!slope || !rest || slope->is_zero()) return;
  auto threshold = exact_ratio(*rest, *slope);
  if (!threshold) return;
  auto minor = exact_money::make(threshold->num(), threshold->den(), c.policy.money_currency);
  if (minor) add_exact(*minor, out);
}

}  // namespace

candidates::candidates(const std::vector<std::int64_t>& near, std::int64_t lowest,
                       std::int64_t highest) {
  if (lowest > highest) return;
  for (auto n : near) {
    for (std::int64_t step : {-1, 0, 1}) {
      auto a = checked_add(n, step);
      if (a && *a >= lowest && *a <= highest) amounts_.push_back(*a);
    }
  }
  amounts_.push_back(lowest);
  amounts_.push_back(highest);
  std::sort(amounts_.begin(), amounts_.end(), std::greater<>());
  amounts_.erase(std::unique(amounts_.begin(), amounts_.end()), amounts_.end());
}

amount_guard::amount_guard(const context& c)
    : facts_(c.facts), slot_(c.policy.amount_slot), before_(c.facts.keep(c.policy.amount_slot)) {}

amount_guard::~amount_guard() { facts_.restore(slot_, before_); }

void bind_amount(const context& c) {
  if (!c.has_amount) {
    c.facts.set(c.policy.amount_slot, value(money(0, c.policy.money_currency)));
  } else if (c.amount) {
    c.facts.set(c.policy.amount_slot, value(*c.amount));
  } else {
    c.facts.set_unknown(c.policy.amount_slot);
  }
}

void add_code_candidates(const context& c, const code_ptr& code, std::vector<std::int64_t>& out) {
  if (code == nullptr || !code->reads_amount()) return;
  condition::amount_candidates(*code, *c.policy.env, c.facts, out);
}

void add_quantity_candidates(const context& c, const code_ptr& of, const compiled_quantity& bound,
                             std::vector<std::int64_t>& out) {
  auto limit = value_of(c, bound);
  if (!limit.content || !limit.content->is(value_kind::money)) return;
  if (of == nullptr) {
    add_exact(limit.content->as_money(), out);
  } else if (of->reads_amount()) {
    add_linear(c, of, limit.content->as_money(), out);
  }
}

void add_remaining_candidates(const context& c, const compiled_quantity& limit,
                              const std::optional<money>& used, std::vector<std::int64_t>& out) {
  auto most = value_of(c, limit);
  if (!most.content || !most.content->is(value_kind::money)) return;
  auto left = checked_sub(most.content->as_money(),
                          exact_money(used.value_or(money(0, c.policy.money_currency))));
  if (left) add_exact(*left, out);
}

}  // namespace leeway::engine
