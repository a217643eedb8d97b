// SPDX-License-Identifier: Apache-2.0
#include "engine/evaluation.hpp"

#include "engine/authority.hpp"
#include "engine/budgets.hpp"
#include "engine/candidates.hpp"
#include "engine/discretion.hpp"
#include "engine/rules.hpp"
#include "engine/signoffs.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace leeway::engine {
namespace {

finding& request_finding(reason_code code, leeway::outcome o, reusable_vector<finding>& out) {
  finding& f = out.next();
  f.code = code;
  f.outcome = o;
  f.part = finding_part::request;
  return f;
}

finding& amount_unknown(const context& c, std::vector<std::string> missing,
                        reusable_vector<finding>& out) {
  auto& f = request_finding(reason_code::amount_unknown, outcome::escalate, out);
  f.missing = std::move(missing);
  f.needs = fact_needs(c, f.missing, {});
  return f;
}

// A fixed amount is a fact: what was proposed must be it, or be left out.
void resolve_fixed(context& c, const std::optional<money>& proposed,
                   reusable_vector<finding>& out) {
  const auto& fixed = c.policy.actions[c.action].fixed;
  if (fixed == nullptr) {
    c.amount = proposed;
    if (!proposed) amount_unknown(c, {"action.amount"}, out);
    return;
  }
  auto v = value_of(c, compiled_quantity{fixed});
  auto amount = v.content ? v.content->as_money().round() : std::nullopt;
  if (!amount) {
    if (v.missing.empty()) v.missing.push_back(fixed->text());
    c.amount = proposed;
    c.amount_behind = v.missing;
    amount_unknown(c, std::move(v.missing), out);
    return;
  }
  c.amount = proposed ? proposed : amount;
  if (c.amount->is_negative() || *c.amount != *amount) {
    auto& f = request_finding(reason_code::amount_not_fixed, outcome::deny, out);
    f.actual = value(*c.amount);
    f.bound = value(*amount);
    f.relation = "exactly";
    f.remedy = "propose " + amount->to_string();
  }
}

void resolve_amount(context& c, const std::optional<money>& proposed, const due_state& due,
                    reusable_vector<finding>& out) {
  switch (c.policy.actions[c.action].amount) {
    case amount_mode::no_amount:
      c.has_amount = false;
      if (proposed && !proposed->is_zero()) {
        auto& f = request_finding(reason_code::amount_not_allowed, outcome::deny, out);
        f.actual = value(*proposed);
        f.remedy = "leave the amount out";
      }
      return;
    case amount_mode::fixed: return resolve_fixed(c, proposed, out);
    case amount_mode::due:
      c.amount = proposed ? proposed : due.due;
      // What is missing for the due is asked for by the entitlement itself.
      if (!c.amount && due.known) amount_unknown(c, {"action.amount"}, out);
      if (!c.amount) c.amount_behind = missing_for(due);
      return;
    case amount_mode::any: {
      c.amount = proposed;
      if (proposed) return;
      auto& f = amount_unknown(c, {"action.amount"}, out);
      if (due.due) f.remedy = "propose " + due.due->to_string() + ", which is due";
      return;
    }
  }
}

void sort_findings(reusable_vector<finding>& findings) {
  auto key = [](const finding& f) {
    return std::tie(f.part, f.rule, f.code, f.detail, f.because, f.remedy);
  };
  auto condition = [](const deciding_atom& a, const deciding_atom& b) {
    return a.expression < b.expression;
  };
  // Two requirements of one entitlement may differ by their conditions alone.
  auto before = [&](const finding& a, const finding& b) {
    if (a.part != b.part) return a.part < b.part;
    if (const auto order = a.rule <=> b.rule; order != 0) return order < 0;
    if (key(a) != key(b)) return key(a) < key(b);
    return std::lexicographical_compare(a.atoms.begin(), a.atoms.end(), b.atoms.begin(),
                                        b.atoms.end(), condition);
  };
  // They are found in this order, nearly.
  if (std::ranges::is_sorted(findings, before)) return;
  std::stable_sort(findings.begin(), findings.end(), before);
}

void join(const context& c, evaluated& out) {
  out.outcome = outcome::approve;
  for (const auto& f : out.findings) out.outcome = std::max(out.outcome, f.outcome);
  if (out.outcome == outcome::escalate) {
    for (const auto& f : out.findings) {
      if (f.outcome != outcome::escalate) continue;
      for (const auto& n : f.needs) add_need(n, out.needs);
    }
    join_needs(c.policy, out.needs);
  }
  if (out.outcome == outcome::deny) out.obligations.clear();
}

bool lifts_authority(const reusable_vector<finding>& findings) {
  return std::ranges::any_of(
      findings, [](const finding& f) { return f.lifted && f.part == finding_part::authority; });
}

void mark_overlays(const context& c) {
  if (c.seen == nullptr) return;
  for (const auto& o : c.policy.overlays) {
    const verdict v = applies(c, o);
    c.mark(overlay_trace_id(o->id), v.yes() ? seen_true : v.no() ? seen_false : seen_unknown);
  }
}

}  // namespace

void evaluated::clear() {
  outcome = leeway::outcome::deny;
  amount.reset();
  // Mostly nothing was due, and there is nothing to undo. Findings alone are left of an evaluation
  // that ran out of memory.
  if (due.speaks || !due.known || !due.findings.empty()) due = {};
  findings.clear();
  obligations.clear();
  limits.clear();
  needs.clear();
  lifted = false;
  if (!discretion.empty()) discretion = {};
}

namespace {

void deny(evaluated& out) {
  out.outcome = outcome::deny;
  out.obligations.clear();
}

void use_discretion(const context& c, const role_table& roles, const proposer& who,
                    evaluated& out) {
  auto discretion = find_discretion(c, roles, who);
  out.lifted = lift(c, discretion, out.findings);
  if (out.lifted) out.discretion = discretion.rule;
  if (lifts_authority(out.findings)) {
    if (auto f = unknown_beneath_overlays(c, roles, who)) out.findings.push_back(*std::move(f));
  }
  note_discretion(c, out.lifted, discretion);
  for (auto& f : discretion.findings) out.findings.push_back(std::move(f));
}

}  // namespace

bool would_approve(context c, const std::optional<money>& proposed) {
  c.seen = nullptr;
  c.approval_only = true;
  return evaluate_proposal(c, proposed).outcome == outcome::approve;
}

evaluated evaluate_proposal(context c, const std::optional<money>& proposed) {
  evaluated out;
  evaluate_proposal(std::move(c), proposed, out);
  return out;
}

void evaluate_proposal(context c, const std::optional<money>& proposed, evaluated& out) {
  out.clear();
  c.has_amount = true;
  c.proposed = proposed;
  c.amount.reset();
  c.facts.set_unknown(c.policy.amount_slot);
  find_due(c, out.due);
  bind_due(c, out.due);
  resolve_amount(c, proposed, out.due, out.findings);
  if (c.has_amount) out.amount = c.amount;
  bind_amount(c);

  const role_table roles(c);
  const auto who = proposer_of(c, roles);
  const auto signers = find_signers(c, roles, out.findings);
  const met_by met{c.policy, who.certain, signers};
  mark_overlays(c);
  find_authority(c, roles, who, signers, out.findings);
  if (c.settled_by(out.findings)) return deny(out);
  find_rules(c, met, out.findings, out.obligations);
  if (c.settled_by(out.findings)) return deny(out);
  find_budgets(c, out.due, met, out.findings, out.limits);
  compare_with_due(c, out.due, out.findings);
  settle(c, roles, who, signers, out.findings);

  if (c.req.discretion) use_discretion(c, roles, who, out);
  for (auto& f : out.findings) {
    for (auto& n : f.needs) name_substitutes(c, roles, n);
  }
  sort_findings(out.findings);
  join(c, out);
}

}  // namespace leeway::engine
