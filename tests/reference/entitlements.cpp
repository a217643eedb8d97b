// SPDX-License-Identifier: Apache-2.0
// What is owed (docs/design/0006-entitlements.md), and what is proposed against it.
#include "reference/judge.hpp"

#include <leeway/base/ratio.hpp>

#include <algorithm>
#include <iterator>

namespace leeway::reference {

// What one entitlement comes to where it speaks and its requirements are met.
answer judge::contribution(const prepared_entitlement& e) const {
  auto due = eval(e.due);
  answer trouble;
  bool known = due.known();
  add_trouble(trouble, due);
  auto bound = [&](const expr_ptr& of) {
    auto found = of ? eval(of) : answer::of(zero());
    known = known && found.known();
    add_trouble(trouble, found);
    return found;
  };
  const auto low = bound(e.minimum);
  const auto high = bound(e.maximum);
  if (!known) return trouble;
  if (due.result->as_money().is_negative()) due = answer::of(zero());
  if (!e.minimum && !e.maximum) return due;
  const auto whole = due.result->as_money().round(e.source->rounding);
  if (!whole) return {.missing = {e.due->source}, .failed = true};
  if (e.minimum && exact_money(*whole) < low.result->as_money()) return answer::of(zero());
  exact_money out(*whole);
  if (e.maximum && out > high.result->as_money()) out = high.result->as_money();
  return answer::of(out.is_negative() ? exact_money(zero()) : out);
}

void judge::due_unknown(const prepared_entitlement& e, const answer& why) {
  spoken s{.part = finding_part::entitlement,
           .rule = e.source->id.str(),
           .code = why.failed ? reason_code::condition_error : reason_code::due_unknown,
           .outcome = outcome::escalate,
           .missing = why.missing};
  s.needs = facts_wanted(why, s.rule);
  due_said_.push_back(std::move(s));
}

// An entitlement that speaks. Nothing: what it contributes is not known.
bool judge::add_due(const prepared_entitlement& e, owed& out, exact_money& sum) {
  out.speaks = true;
  out.speaking.push_back(&e);
  answer needed;
  bool excluded = false;
  for (const auto& that : e.required) {
    const auto met = eval(that);
    if (!met.known()) add_trouble(needed, met);
    if (!met.is(false)) continue;
    excluded = true;
    due_said_.push_back({.part = finding_part::entitlement,
                         .rule = e.source->id.str(),
                         .code = reason_code::requirement_not_met});
  }
  if (excluded) return true;
  const auto adds = contribution(e);
  if (!needed.missing.empty()) {
    if (!adds.known() && !adds.failed) add_trouble(needed, adds);
    due_unknown(e, needed);
    return false;
  }
  if (!adds.known()) {
    due_unknown(e, adds);
    return false;
  }
  const auto more = checked_add(sum, adds.result->as_money());
  if (!more) {
    due_unknown(e, {.missing = {e.due->source}, .failed = true});
    return false;
  }
  sum = *more;
  return true;
}

// What an entitlement will turn on if it speaks: asked for in the same round.
name_set judge::behind(const prepared_entitlement& e) const {
  name_set out;
  for (const auto& that : e.required) {
    const auto met = eval(that);
    if (met.is(false)) return {};
    if (!met.known() && !met.failed) out.insert(met.missing.begin(), met.missing.end());
  }
  const auto adds = contribution(e);
  if (!adds.known() && !adds.failed) out.insert(adds.missing.begin(), adds.missing.end());
  return out;
}

owed judge::all_owed() {
  owed out;
  bool known = true;
  exact_money sum(zero());
  auto mode = rounding::half_even;
  std::vector<std::pair<const prepared_entitlement*, answer>> open;
  for (const auto& e : p_.entitlements) {
    if (!names_kind(e.source->actions, action_->id)) continue;
    mode = e.source->rounding;
    auto speaks = condition(e.when, nullptr);
    if (speaks.is(true) && !add_due(e, out, sum)) known = false;
    if (!speaks.known()) open.emplace_back(&e, std::move(speaks));
  }
  // Of several that may speak, only what each of them needs: what one alone needs may never matter.
  std::optional<name_set> shared;
  for (const auto& [e, why] : open) {
    const auto one = behind(*e);
    name_set both_need;
    if (shared) {
      std::ranges::set_intersection(*shared, one, std::inserter(both_need, both_need.end()));
    }
    shared = shared ? both_need : one;
  }
  for (auto& [e, why] : open) {
    known = false;
    why.missing.insert(shared->begin(), shared->end());
    due_unknown(*e, why);
  }
  if (action_->amount == amount_mode::due) out.speaks = true;
  const auto whole = sum.round(mode);
  if (known && !whole && !out.speaking.empty()) {
    due_unknown(*out.speaking.front(),
                {.missing = {out.speaking.front()->due->source}, .failed = true});
    known = false;
  }
  if (known) {
    out.due = answer::of(*whole);
  } else {
    for (const auto& s : due_said_) out.due.missing.insert(s.missing.begin(), s.missing.end());
  }
  return out;
}

void judge::compare_with_due() {
  for (const auto& s : due_said_) say(s);
  if (!owed_.speaks || !owed_.due.known() || !amount_) return;
  const auto due = *owed_.due.result->as_money().whole();
  const bool pays_due = action_->amount == amount_mode::due;
  spoken s{.part = finding_part::entitlement,
           .code = reason_code::as_due,
           .actual = amount_->to_string(),
           .bound = due.to_string(),
           .relation = "exactly"};
  if (!owed_.speaking.empty()) s.rule = owed_.speaking.front()->source->id.str();
  auto any = [&](auto member, due_policy what) {
    return std::ranges::any_of(owed_.speaking,
                               [&](const auto* e) { return e->source->*member == what; });
  };
  const bool deny_below =
      owed_.speaking.empty() || any(&entitlement_definition::below, due_policy::deny);
  if (pays_due && due.is_zero()) {
    s.code = reason_code::nothing_due;
    s.outcome = outcome::deny;
  } else if (*amount_ < due) {
    s.code = deny_below ? reason_code::below_due : reason_code::as_due;
    s.outcome = deny_below ? outcome::deny : outcome::approve;
    s.relation = deny_below ? "at least" : "up to";
  } else if (*amount_ > due) {
    s.code = reason_code::above_due;
    if (any(&entitlement_definition::above, due_policy::deny) || owed_.speaking.empty()) {
      s.outcome = outcome::deny;
      if (!deny_below) s.relation = "up to";
    } else if (any(&entitlement_definition::above, due_policy::escalate)) {
      s.outcome = outcome::escalate;
      s.relation = "up to";
      std::set<role_id> roles;
      for (const auto* e : owed_.speaking) {
        roles.insert(e->source->above_escalate.begin(), e->source->above_escalate.end());
      }
      s.needs = {approval(roles, false, s.rule)};
    }
  }
  say(s);
}

}  // namespace leeway::reference
