// SPDX-License-Identifier: Apache-2.0
#include "reference/judge.hpp"

#include <leeway/base/ratio.hpp>

#include <algorithm>
#include <utility>

namespace leeway::reference {

judge::judge(const prepared& p, const request& r, const usage* given)
    : p_(p), r_(r), given_(given), known_(facts_of(p, r)), action_(p.action(r.action.kind)) {
  for (const auto& role : r.agent.all_roles()) {
    if (std::ranges::find(p.document->roles, role, &role_definition::id) !=
        p.document->roles.end()) {
      own_.insert(role);
    }
  }
}

answer judge::eval(const expr_ptr& e) const {
  auto out = evaluate(e, p_.names, known_);
  if (out.known()) return out;
  const auto names = std::exchange(out.missing, {});
  add_behind(names, out.missing);
  // A part that fails for what is due alone has read nothing that could be supplied.
  if (names.empty()) add_behind(out.involved, out.missing);
  out.missing.erase("action.due");
  if (out.missing.empty()) out.missing.insert(e->source);
  return out;
}

// Nobody can state what is due, nor a figure whose key is not known: asked for is what they turn
// on.
void judge::add_behind(const name_set& names, name_set& out) const {
  for (const auto& name : names) {
    const auto found = known_.find(name);
    const auto turns_on = behind_.find(name);
    const bool known = found != known_.end() && (found->second.known() || found->second.absent);
    if (known || turns_on == behind_.end()) {
      out.insert(name);
    } else {
      out.insert(turns_on->second.begin(), turns_on->second.end());
    }
  }
}

answer judge::amount_known() const {
  auto out = known_.at("action.amount");
  if (!out.known()) out.missing = behind_.at("action.amount");
  return out;
}

void judge::bind(const std::string& name, answer a) {
  if (!a.known() && !a.absent) {
    behind_.insert_or_assign(name, a.missing);
    a = answer::unknown(name);
  }
  known_.insert_or_assign(name, std::move(a));
}

answer judge::condition(const expr_ptr& when, const expr_ptr& unless) const {
  auto out = when ? eval(when) : answer::of(true);
  return unless ? both(std::move(out), not_of(eval(unless))) : out;
}

answer judge::applies(std::size_t overlay) const {
  const auto& o = p_.document->overlays[overlay];
  const auto as_of = r_.as_of.value_or(r_.at);
  if (!within(o.effective_from, o.effective_until, as_of, zone())) return answer::of(false);
  return p_.applies[overlay] ? eval(p_.applies[overlay]) : answer::of(true);
}

used judge::used_of(const counting& what) const { return usage_of(p_, r_, known_, what, given_); }

// Dates of grants and substitutions are days of the policy's zone.
bool judge::on_day(std::optional<civil_date> from, std::optional<civil_date> until) const {
  const auto today = zone().date_of(r_.at);
  return !(from && today < *from) && !(until && today >= *until);
}

bool judge::ends_at_once() {
  auto end = [&](reason_code code, finding_part part) {
    say({.part = part, .code = code, .outcome = outcome::deny});
    return true;
  };
  const auto& doc = *p_.document;
  if (!faults(p_, r_).empty()) return end(reason_code::invalid_request, finding_part::request);
  if (doc.suspended) return end(reason_code::policy_suspended, finding_part::policy);
  if (!within(doc.effective_from, doc.effective_until, r_.as_of.value_or(r_.at), zone())) {
    return end(reason_code::policy_not_in_force, finding_part::policy);
  }
  if (action_ == nullptr) return end(reason_code::unknown_action, finding_part::request);
  return false;
}

void judge::amount_wrong(reason_code code, const std::optional<money>& bound) {
  spoken s{.part = finding_part::request, .code = code, .outcome = outcome::deny};
  s.actual = r_.action.amount.value_or(bound.value_or(zero())).to_string();
  if (bound) s.bound = bound->to_string(), s.relation = "exactly";
  say(s);
}

// A fixed amount is a fact: what was proposed must be it, or be left out.
answer judge::fixed_amount(const answer& proposed) {
  const auto fixed = p_.fixed.find(action_->id.str());
  if (fixed == p_.fixed.end()) return proposed;
  auto says = eval(fixed->second);
  const auto whole = says.known() ? says.result->as_money().round() : std::nullopt;
  if (!whole) {
    if (says.known()) says = {.missing = {fixed->second->source}};
    amount_unknown(says);
    return proposed.known() ? proposed : says;
  }
  if (!proposed.known()) {
    if (whole->is_negative()) amount_wrong(reason_code::amount_not_fixed, whole);
    return answer::of(*whole);
  }
  if (proposed.result->as_money() != exact_money(*whole) || whole->is_negative()) {
    amount_wrong(reason_code::amount_not_fixed, whole);
  }
  return proposed;
}

void judge::amount_unknown(const answer& why) {
  spoken s{.part = finding_part::request,
           .code = reason_code::amount_unknown,
           .outcome = outcome::escalate,
           .missing = why.missing};
  s.needs = facts_wanted(why, {});
  say(s);
}

// What is due, and from it and the action the amount that is decided on.
void judge::settle_amount() {
  owed_ = all_owed();
  bind("action.due", owed_.due);
  const auto& proposed = r_.action.amount;
  auto amount = proposed ? answer::of(*proposed) : answer::unknown("action.amount");
  switch (action_->amount) {
    case amount_mode::no_amount:
      if (proposed && !proposed->is_zero()) {
        amount_wrong(reason_code::amount_not_allowed, std::nullopt);
      }
      amount = answer::of(zero());
      break;
    case amount_mode::due:
      if (!proposed) amount = owed_.due;
      break;
    case amount_mode::fixed:
      if (p_.fixed.contains(action_->id.str())) {
        amount = fixed_amount(amount);
        break;
      }
      [[fallthrough]];
    case amount_mode::any:
      if (!proposed) amount_unknown(amount);
  }
  if (amount.known() && !no_amount()) amount_ = amount.result->as_money().whole();
  bind("action.amount", amount);
}

core judge::run() {
  if (ends_at_once()) return result();
  for (auto& [name, a] : measures(p_, r_, known_, given_)) bind(name, std::move(a));
  find_substitutions();
  settle_amount();
  find_signers();
  authority();
  rules();
  budgets();
  compare_with_due();
  meet_needs();
  discretion();
  if (std::ranges::any_of(
          out_, [](const auto& s) { return s.lifted && s.part == finding_part::authority; })) {
    beneath_overlays();
  }
  name_substitutes();
  return result();
}

core judge::result() {
  core out;
  std::set<wanted> needs;
  for (const auto& s : out_) {
    out.outcome = std::max(out.outcome, s.outcome);
    if (s.outcome == outcome::escalate) needs.insert(s.needs.begin(), s.needs.end());
    out.findings.insert(s);
  }
  if (out.outcome == outcome::escalate) out.needs = joined(needs);
  out.amount = amount_;
  if (owed_.due.known() && owed_.speaks) {
    out.due = owed_.due.result->as_money().whole();
  }
  if (out.outcome != outcome::deny) {
    for (const auto& o : obligations_) {
      out.obligations.insert(o.rule.str() + ": " + o.id + (o.certain ? "" : " perhaps"));
    }
  }
  for (const auto& l : limits_) out.limits.insert(to_text(l));
  if (!lifted_by_.empty()) {
    out.basis = basis::discretion;
    out.ratification = out.outcome != outcome::deny;
    out.discretion = lifted_by_;
  }
  return out;
}

core decide(const prepared& p, const request& r, const usage* given) {
  return judge(p, r, given).run();
}

}  // namespace leeway::reference
