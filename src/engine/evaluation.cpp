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

finding request_finding(reason_code code, leeway::outcome o) {
  finding f;
  f.code = code;
  f.outcome = o;
  f.part = finding_part::request;
  return f;
}

finding amount_unknown(const context& c, std::vector<std::string> missing) {
  auto f = request_finding(reason_code::amount_unknown, outcome::escalate);
  f.missing = std::move(missing);
  f.needs = fact_needs(c, f.missing, {});
  return f;
}

// A fixed amount is a fact: what was proposed must be it, or be left out.
void resolve_fixed(context& c, const std::optional<money>& proposed, std::vector<finding>& out) {
  const auto& fixed = c.policy.actions[c.action].fixed;
  if (fixed == nullptr) {
    c.amount = proposed;
    if (!proposed) out.push_back(amount_unknown(c, {"action.amount"}));
    return;
  }
  auto v = value_of(c, compiled_quantity{fixed});
  auto amount = v.content ? v.content->as_money().round() : std::nullopt;
  if (!amount) {
    if (v.missing.empty()) v.missing.push_back(fixed->text());
    c.amount = proposed;
    c.amount_needs = v.missing;
    out.push_back(amount_unknown(c, std::move(v.missing)));
    return;
  }
  c.amount = proposed ? proposed : amount;
  if (c.amount->is_negative() || *c.amount != *amount) {
    auto f = request_finding(reason_code::amount_not_fixed, outcome::deny);
    f.actual = value(*c.amount);
    f.bound = value(*amount);
    f.relation = "exactly";
    f.remedy = "propose " + amount->to_string();
    out.push_back(std::move(f));
  }
}

void resolve_amount(context& c, const std::optional<money>& proposed, const due_state& due,
                    std::vector<finding>& out) {
  switch (c.policy.actions[c.action].amount) {
    case amount_mode::no_amount:
      c.has_amount = false;
      if (proposed && !proposed->is_zero()) {
        auto f = request_finding(reason_code::amount_not_allowed, outcome::deny);
        f.actual = value(*proposed);
        f.remedy = "leave the amount out";
        out.push_back(std::move(f));
      }
      return;
    case amount_mode::fixed: return resolve_fixed(c, proposed, out);
    case amount_mode::due:
      c.amount = proposed ? proposed : due.due;
      // What is missing for the due is asked for by the entitlement itself.
      if (!c.amount && due.known) out.push_back(amount_unknown(c, {"action.amount"}));
      if (auto needed = missing_for(due); !c.amount && !needed.empty()) {
        c.amount_needs = std::move(needed);
      }
      return;
    case amount_mode::any:
      c.amount = proposed;
      if (proposed) return;
      out.push_back(amount_unknown(c, {"action.amount"}));
      if (due.due) out.back().remedy = "propose " + due.due->to_string() + ", which is due";
      return;
  }
}

void sort_findings(std::vector<finding>& findings) {
  auto key = [](const finding& f) {
    return std::tie(f.part, f.rule, f.code, f.detail, f.because, f.remedy);
  };
  auto condition = [](const deciding_atom& a, const deciding_atom& b) {
    return a.expression < b.expression;
  };
  // Two requirements of one entitlement may differ by their conditions alone.
  std::stable_sort(findings.begin(), findings.end(), [&](const finding& a, const finding& b) {
    if (key(a) != key(b)) return key(a) < key(b);
    return std::lexicographical_compare(a.atoms.begin(), a.atoms.end(), b.atoms.begin(),
                                        b.atoms.end(), condition);
  });
}

void join(const context& c, evaluated& out) {
  out.outcome = outcome::approve;
  std::vector<need> needs;
  for (const auto& f : out.findings) {
    out.outcome = std::max(out.outcome, f.outcome);
    if (f.outcome == outcome::escalate) needs.insert(needs.end(), f.needs.begin(), f.needs.end());
  }
  if (out.outcome == outcome::escalate) out.needs = join_needs(c.policy, std::move(needs));
  if (out.outcome == outcome::deny) out.obligations.clear();
}

bool lifts_authority(const std::vector<finding>& findings) {
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

// Only discretion takes a denial back, so without it nothing more needs to be looked at.
bool certainly_denied(const context& c, const evaluated& so_far) {
  return c.approval_only && !c.req.discretion &&
         std::ranges::any_of(so_far.findings,
                             [](const finding& f) { return f.outcome == outcome::deny; });
}

}  // namespace

bool would_approve(context c, const std::optional<money>& proposed) {
  c.seen = nullptr;
  c.approval_only = true;
  return evaluate_proposal(c, proposed).outcome == outcome::approve;
}

evaluated evaluate_proposal(context c, const std::optional<money>& proposed) {
  evaluated out;
  c.has_amount = true;
  c.proposed = proposed;
  c.amount.reset();
  c.facts.set_unknown(c.policy.amount_slot);
  out.due = find_due(c);
  bind_due(c, out.due);
  resolve_amount(c, proposed, out.due, out.findings);
  out.amount = c.has_amount ? c.amount : std::nullopt;
  bind_amount(c);

  role_table roles(c);
  auto who = proposer_of(c, roles);
  auto signers = find_signers(c, roles, out.findings);
  auto met = [&](const need& n) {
    return !n.distinct && (meets(c.policy, who.certain, n) ||
                           std::any_of(signers.begin(), signers.end(), [&](const signer& s) {
                             return meets(c.policy, s.roles, n);
                           }));
  };
  mark_overlays(c);
  out.findings.push_back(authority_finding(c, roles, who, signers));
  if (certainly_denied(c, out)) return out;
  find_rules(c, met, out.findings, out.obligations);
  if (certainly_denied(c, out)) return out;
  find_budgets(c, out.due, met, out.findings, out.limits);
  compare_with_due(c, out.due, out.findings);
  settle(c, who, signers, out.findings);

  auto discretion = find_discretion(c, roles, who);
  out.lifted = lift(c, discretion, out.findings);
  if (out.lifted) out.discretion = discretion.rule;
  if (lifts_authority(out.findings)) {
    if (auto f = unknown_beneath_overlays(c, roles, who)) out.findings.push_back(*std::move(f));
  }
  note_discretion(c, out.lifted, discretion);
  out.findings.insert(out.findings.end(), discretion.findings.begin(), discretion.findings.end());
  for (auto& f : out.findings) {
    for (auto& n : f.needs) name_substitutes(c, roles, n);
  }
  sort_findings(out.findings);
  join(c, out);
  return out;
}

}  // namespace leeway::engine
