// SPDX-License-Identifier: Apache-2.0
#include "engine/counter.hpp"

#include "engine/binder.hpp"
#include "engine/usage.hpp"

#include <algorithm>
#include <utility>

namespace leeway::engine {
namespace {

std::vector<std::string> kind_names(const compiled_policy& policy,
                                    const policy_detail::action_set& set) {
  std::vector<std::string> names;
  for (auto a : set.actions) names.push_back(policy.actions[a].id.str());
  std::sort(names.begin(), names.end());
  return names;
}

bool asks_for_reversed(const compiled_policy& policy, const condition::program* where) {
  if (where == nullptr) return false;
  auto s = policy.entry->slot_of("entry.reversed");
  return s && std::binary_search(where->reads().begin(), where->reads().end(), *s);
}

bool is_discretion(const history_entry& e) {
  auto found = e.attributes.find(basis_attribute);
  return found != e.attributes.end() && found->second.is(value_kind::string) &&
         found->second.as_string() == basis_discretion;
}

}  // namespace

std::vector<counter> counters_of(const compiled_policy& policy) {
  std::vector<counter> out;
  for (const auto& b : policy.budgets) {
    out.push_back({.id = b.id,
                   .kind = usage_kind::budget,
                   .window = &b.window,
                   .per = &b.per,
                   .where = b.where.get(),
                   .every_kind = b.actions.every,
                   .goodwill_only = b.goodwill_only,
                   .wants_amount = b.amount.has_value(),
                   .kinds = kind_names(policy, b.actions)});
  }
  for (const auto& m : policy.measures) {
    auto kinds = m.kinds;
    std::sort(kinds.begin(), kinds.end());
    out.push_back({.id = m.id,
                   .kind = usage_kind::measure,
                   .window = &m.window,
                   .per = &m.per,
                   .where = m.where.get(),
                   .every_kind = m.every_kind,
                   .wants_amount = m.take == take::sum || m.take == take::max,
                   .kinds = std::move(kinds),
                   .take = m.take});
  }
  for (const auto& g : policy.grants) {
    if (!g.window) continue;
    out.push_back({.id = g.id,
                   .kind = usage_kind::grant,
                   .window = &*g.window,
                   .per = &g.per,
                   .every_kind = g.actions.every,
                   .kinds = kind_names(policy, g.actions)});
  }
  for (const auto& d : policy.discretion) {
    out.push_back({.id = d.id,
                   .kind = usage_kind::discretion,
                   .window = &d.window,
                   .per = &d.per,
                   .every_kind = d.actions.every,
                   .discretion_only = true,
                   .kinds = kind_names(policy, d.actions)});
  }
  return out;
}

const std::string* entry_key(const history_entry& e, const std::string& path) {
  if (path == "action.kind") return e.kind.empty() ? nullptr : &e.kind.str();
  auto found = e.keys.find(path);
  return found == e.keys.end() ? nullptr : &found->second;
}

bool is_of(const compiled_policy& policy, const counter& c, const history_entry& e) {
  if (!c.counts_kind(e.kind.str())) return false;
  if (c.discretion_only && !is_discretion(e)) return false;
  return !e.reversed || asks_for_reversed(policy, c.where);
}

counted passes_where(const compiled_policy& policy, const counter& c, const history_entry& e) {
  if (c.where == nullptr) return counted::yes;
  auto truth = condition::evaluate(*c.where, *policy.entry, bind_entry(policy, e));
  return truth.is_true() ? counted::yes : truth.is_false() ? counted::no : counted::unsure;
}

std::optional<money> amount_of(const compiled_policy& policy, const counter& c,
                               const history_entry& e) {
  auto kind = policy.find_action(e.kind.view());
  if (!e.amount) {
    if (kind && policy.actions[*kind].amount == amount_mode::no_amount) {
      return money(0, policy.money_currency);
    }
    return std::nullopt;
  }
  if (e.amount->cur() != policy.money_currency) return std::nullopt;
  if (!c.goodwill_only || !e.due) return e.amount;
  if (e.due->cur() != policy.money_currency) return std::nullopt;
  auto due = std::min(e.due->minor(), e.amount->minor());
  return money(e.amount->minor() - due, policy.money_currency);
}

bool wholly_due(const counter& c, const history_entry& e) {
  return c.goodwill_only && e.due && e.amount && !e.due->is_zero() && *e.due >= *e.amount;
}

}  // namespace leeway::engine
