// SPDX-License-Identifier: Apache-2.0
#include "engine/entitlements.hpp"

#include "engine/needs.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

namespace leeway::engine {
namespace {

using policy_detail::compiled_entitlement;

finding entitlement_finding(const compiled_entitlement& e, reason_code code, leeway::outcome o) {
  finding f;
  f.code = code;
  f.outcome = o;
  f.part = finding_part::entitlement;
  f.rule = e.id;
  f.because = e.origin->origin.because;
  f.source = e.origin->origin.source;
  return f;
}

void add_unknown(const context& c, const compiled_entitlement& e, std::vector<std::string> missing,
                 std::string error, due_state& state) {
  state.known = false;
  auto code = error.empty() ? reason_code::due_unknown : reason_code::condition_error;
  auto f = entitlement_finding(e, code, outcome::escalate);
  std::sort(missing.begin(), missing.end());
  missing.erase(std::unique(missing.begin(), missing.end()), missing.end());
  f.missing = std::move(missing);
  f.detail = std::move(error);
  f.needs = fact_needs(c, f.missing, e.id);
  state.findings.push_back(std::move(f));
}

// Requirements: one that is certainly not met makes the due zero, whatever else is unknown.
struct requirements_state {
  bool failed{};
  std::vector<std::string> missing{};
  std::string error{};
};

requirements_state check_requirements(const context& c, const compiled_entitlement& e,
                                      due_state& state) {
  requirements_state out;
  std::size_t number = 0;
  for (const auto& r : e.required) {
    auto v = truth_of(c, r.that);
    rule_id id = e.id.str() + "#" + std::to_string(++number);
    c.mark(id, v.yes() ? seen_true : v.no() ? seen_false : seen_unknown);
    if (v.no()) {
      out.failed = true;
      auto f = entitlement_finding(e, reason_code::requirement_not_met, outcome::approve);
      if (!r.origin->because.empty()) f.because = r.origin->because;
      f.remedy = r.origin->remedy;
      add_atoms(c, r.that, f.atoms);
      state.findings.push_back(std::move(f));
    } else if (v.maybe()) {
      out.missing.insert(out.missing.end(), v.missing.begin(), v.missing.end());
      if (out.error.empty()) out.error = v.error;
    }
  }
  return out;
}

// What one entitlement contributes: exact, but rounded first where it bounds its own sum.
struct contribution {
  std::optional<exact_money> content{};
  std::vector<std::string> missing{};
  std::string error{};
};

// Also what its own bounds turn on: all of it is asked for at once.
contribution unknown_due(const context& c, const compiled_entitlement& e, quantity_value due) {
  for (const auto* q : {&e.minimum, &e.maximum}) {
    if (!*q) continue;
    auto limit = value_of(c, **q);
    due.missing.insert(due.missing.end(), limit.missing.begin(), limit.missing.end());
    if (due.error.empty()) due.error = std::move(limit.error);
  }
  return {std::nullopt, std::move(due.missing), std::move(due.error)};
}

contribution bounded(const context& c, const compiled_entitlement& e, exact_money due) {
  if (!e.minimum && !e.maximum) return {due, {}, {}};
  auto rounded = due.round(e.origin->rounding);
  if (!rounded) return {std::nullopt, {e.due->text()}, "what is due is out of range"};
  exact_money out{*rounded};
  for (const auto* q : {&e.minimum, &e.maximum}) {
    if (!*q) continue;
    auto limit = value_of(c, **q);
    if (!limit.content || !limit.content->is(value_kind::money)) return unknown_due(c, e, {});
    const auto& bound = limit.content->as_money();
    if (q == &e.minimum && out < bound) out = money(0, c.policy.money_currency);
    if (q == &e.maximum && out > bound) out = bound;
  }
  // A maximum that is computed may turn out negative, and nobody owes less than nothing.
  if (out.is_negative()) out = money(0, c.policy.money_currency);
  return {out, {}, {}};
}

contribution due_of(const context& c, const compiled_entitlement& e) {
  auto v = value_of(c, compiled_quantity{e.due});
  if (!v.content) return unknown_due(c, e, std::move(v));
  auto due = v.content->as_money();
  if (due.is_negative()) due = money(0, c.policy.money_currency);
  return bounded(c, e, due);
}

void speak(const compiled_entitlement& e, due_state& state) {
  if (!state.speaks) {
    state.rule = e.id;
    state.origin = &e.origin->origin;
  }
  state.speaks = true;
  if (e.origin->below == due_policy::deny) state.below = due_policy::deny;
  // deny before escalate before goodwill: the strictest word counts
  auto strictness = [](due_policy p) {
    return p == due_policy::deny ? 2 : p == due_policy::escalate ? 1 : 0;
  };
  if (strictness(e.origin->above) > strictness(state.above)) state.above = e.origin->above;
  state.above_escalate.insert(state.above_escalate.end(), e.above_escalate.begin(),
                              e.above_escalate.end());
}

// What else it will turn on when the conditions hold that are not known yet: one round of questions
// for all of it. What cannot be computed from what is known is told only when it counts.
void add_needs_of_due(const context& c, const compiled_entitlement& e,
                      std::vector<std::string>& missing) {
  const auto due = due_of(c, e);
  if (due.content || !due.error.empty()) return;
  missing.insert(missing.end(), due.missing.begin(), due.missing.end());
}

// The same while it is not known whether it speaks, sorted. Where a requirement fails for certain
// nothing will be due.
std::vector<std::string> needs_behind(const context& c, const compiled_entitlement& e) {
  std::vector<std::string> out;
  for (const auto& r : e.required) {
    const auto v = truth_of(c, r.that);
    if (v.no()) return {};
    if (v.maybe() && v.error.empty()) out.insert(out.end(), v.missing.begin(), v.missing.end());
  }
  add_needs_of_due(c, e, out);
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

// Of several entitlements that may speak only what each of them needs is asked along with which of
// them it is: what one alone needs may never matter.
std::vector<std::string> needs_behind_all(const context& c,
                                          const std::vector<const compiled_entitlement*>& open) {
  std::optional<std::vector<std::string>> out;
  for (const auto* e : open) {
    auto one = needs_behind(c, *e);
    if (out) {
      std::vector<std::string> shared;
      std::ranges::set_intersection(*out, one, std::back_inserter(shared));
      one = std::move(shared);
    }
    if (one.empty()) return one;
    out = std::move(one);
  }
  return out.value_or(std::vector<std::string>{});
}

// Adds what one entitlement that speaks contributes; false when that is not known.
bool add_due(const context& c, const compiled_entitlement& e, due_state& state, exact_money& sum) {
  speak(e, state);
  auto needed = check_requirements(c, e, state);
  if (needed.failed) return true;
  if (!needed.missing.empty()) {
    add_needs_of_due(c, e, needed.missing);
    add_unknown(c, e, std::move(needed.missing), std::move(needed.error), state);
    return false;
  }
  auto part = due_of(c, e);
  auto total = part.content ? checked_add(sum, *part.content) : std::nullopt;
  if (!total) {
    if (part.content) part = {std::nullopt, {e.due->text()}, "what is due is out of range"};
    add_unknown(c, e, std::move(part.missing), std::move(part.error), state);
    return false;
  }
  sum = *total;
  return true;
}

finding& comparison(const context& c, const due_state& due, reason_code code, leeway::outcome o,
                    reusable_vector<finding>& out) {
  finding& f = out.next();
  f.code = code;
  f.outcome = o;
  f.part = finding_part::entitlement;
  f.rule = due.rule;
  if (due.origin != nullptr) {
    f.because = due.origin->because;
    f.source = due.origin->source;
  }
  f.actual = value(*c.amount);
  f.bound = value(*due.due);
  f.relation = "exactly";
  return f;
}

void above(const context& c, const due_state& due, reusable_vector<finding>& out) {
  switch (due.above) {
    case due_policy::escalate: {
      auto& f = comparison(c, due, reason_code::above_due, outcome::escalate, out);
      need& n = f.needs.next();
      for (auto r : due.above_escalate) n.any_of.push_back(c.policy.roles[r].id);
      n.rules.push_back(due.rule);
      normalise(c.policy, n);
      f.relation = "up to";
      return;
    }
    case due_policy::goodwill:
      comparison(c, due, reason_code::above_due, outcome::approve, out).detail =
          "the excess is goodwill";
      return;
    default:
      comparison(c, due, reason_code::above_due, outcome::deny, out).relation =
          due.below == due_policy::allow ? "up to" : "exactly";
      return;
  }
}

}  // namespace

std::vector<std::string> missing_for(const due_state& due) {
  std::vector<std::string> out;
  for (const auto& f : due.findings) out.insert(out.end(), f.missing.begin(), f.missing.end());
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

due_state find_due(const context& c) {
  due_state state;
  find_due(c, state);
  return state;
}

void find_due(const context& c, due_state& state) {
  const auto& here = c.here().entitlements;
  const bool pays_due = c.policy.actions[c.action].amount == amount_mode::due;
  if (here.empty() && !pays_due) return;
  exact_money sum{money(0, c.policy.money_currency)};
  std::vector<const compiled_entitlement*> open;
  std::vector<verdict> unknown;
  auto how = rounding::half_even;
  for (const auto* one : here) {
    const auto& e = *one;
    how = e.origin->rounding;
    auto v = truth_of(c, e.when);
    c.mark(e.id, v.yes() ? seen_true : v.no() ? seen_false : seen_unknown);
    if (v.no()) continue;
    if (v.maybe()) {
      open.push_back(&e);
      unknown.push_back(std::move(v));
    } else {
      add_due(c, e, state, sum);
    }
  }
  const auto behind = needs_behind_all(c, open);
  for (std::size_t i = 0; i < open.size(); ++i) {
    unknown[i].missing.insert(unknown[i].missing.end(), behind.begin(), behind.end());
    add_unknown(c, *open[i], std::move(unknown[i].missing), std::move(unknown[i].error), state);
  }
  if (pays_due && !state.speaks) {
    state.speaks = true;
    state.above = due_policy::deny;
  }
  if (!state.known || !state.speaks) return;
  state.due = sum.round(how);
  for (const auto* e : here) {
    // A sum of exact parts may still be more than an amount can hold.
    if (!state.due && e->id == state.rule) {
      add_unknown(c, *e, {e->due->text()}, "what is due is out of range", state);
    }
  }
}

void bind_due(context& c, const due_state& due) {
  if (!due.findings.empty()) c.due_missing = missing_for(due);
  if (!due.known) {
    c.facts.set_unknown(c.policy.due_slot);
  } else {
    c.facts.set(c.policy.due_slot, value(due.due.value_or(money(0, c.policy.money_currency))));
  }
}

void compare_with_due(const context& c, const due_state& due, reusable_vector<finding>& out) {
  for (const auto& f : due.findings) out.push_back(f);
  if (!due.speaks || !due.known || !due.due || !c.has_amount || !c.amount) return;
  bool pays_due = c.policy.actions[c.action].amount == amount_mode::due;
  if (pays_due && due.due->is_zero()) {
    comparison(c, due, reason_code::nothing_due, outcome::deny, out);
  } else if (*c.amount < *due.due) {
    bool allowed = due.below == due_policy::allow;
    auto& f = comparison(c, due, allowed ? reason_code::as_due : reason_code::below_due,
                         allowed ? outcome::approve : outcome::deny, out);
    f.relation = allowed ? "up to" : "at least";
    if (!allowed) f.remedy = "propose " + due.due->to_string();
  } else if (*c.amount > *due.due) {
    above(c, due, out);
  } else {
    comparison(c, due, reason_code::as_due, outcome::approve, out);
  }
}

}  // namespace leeway::engine
