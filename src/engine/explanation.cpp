// SPDX-License-Identifier: Apache-2.0
#include "engine/answer.hpp"
#include "engine/approvers.hpp"
#include "engine/asking.hpp"
#include "engine/candidates.hpp"
#include "engine/entitlements.hpp"
#include "engine/evaluation.hpp"
#include "engine/explanation_trees.hpp"
#include "engine/prepare.hpp"
#include "engine/silence.hpp"

#include <leeway/engine/explanation.hpp>

#include <algorithm>
#include <utility>

namespace leeway {
namespace engine {
namespace {

// What the policy advises against a denial is no advice while nobody knows whether it denies: then
// the question is what changes it. A sign-off in place of facts settles no others' questions.
bool would_change_it(const decision& d, const finding& f) {
  if (f.remedy.empty() || f.lifted) return false;
  if (f.code == reason_code::requirement_not_met) return d.outcome != outcome::approve;
  if (f.outcome == outcome::approve) return false;
  if (f.code == reason_code::amount_unknown) return true;
  if (f.part == finding_part::authority) {
    return std::ranges::none_of(d.findings, [&](const finding& other) {
      return &other != &f && other.outcome != outcome::approve && !other.lifted;
    });
  }
  return f.outcome == outcome::deny || f.missing.empty();
}

void add_remedies(explanation& e) {
  for (const auto& f : e.decision.findings) {
    if (!would_change_it(e.decision, f)) continue;
    const remedy_hint one{f.rule, f.remedy};
    if (std::ranges::find(e.remedies, one) == e.remedies.end()) e.remedies.push_back(one);
  }
}

// Whether a finding says that something is used up.
bool is_used_up(const finding& f) {
  switch (f.code) {
    case reason_code::over_budget:
    case reason_code::over_soft_budget:
    case reason_code::discretion_exceeded: return true;
    default: return f.part == finding_part::authority && f.detail == "in total";
  }
}

void add_releases(explanation& e) {
  for (const auto& f : e.decision.findings) {
    if (!is_used_up(f) || f.outcome == outcome::approve) continue;
    const auto* used = e.decision.usage.find(f.rule);
    if (used == nullptr || !used->resets) continue;
    const release one{f.rule, *used->resets};
    if (std::ranges::find(e.releases, one) == e.releases.end()) e.releases.push_back(one);
  }
}

void add_due(const context& c, explanation& e) {
  if (!e.decision.due) return;
  for (const auto& one : c.policy.entitlements) {
    if (!one.actions.contains(c.action) || !truth_of(c, one.when).yes()) continue;
    for (auto& r : readings_of(c, finding_part::entitlement, one.id)) {
      r.of = one.id.str() + " " + r.of;
      e.due.push_back(std::move(r));
    }
  }
}

// The frame as it was when the proposal was decided.
context decided_context(const context& of, const decision& d) {
  context c = of;
  c.proposed = of.req.action.amount;
  c.has_amount = of.policy.actions[of.action].amount != amount_mode::no_amount;
  c.amount = d.amount;
  bind_amount(c);
  bind_due(c, find_due(c));
  return c;
}

void add_details(const context& c, const explain_options& options, explanation& e) {
  evaluated what;
  what.needs = e.decision.needs;
  e.approvals = approvals_of(c, c.proposed, what, asked_roles::settling);
  if (options.trees) {
    for (auto& one : e.spoken) {
      const auto& f = e.decision.findings[one.finding];
      one.readings = readings_of(c, f.part, f.rule);
    }
    add_due(c, e);
  }
  if (options.all) e.silent = silent_parts(c, e.decision, options.trees);
}

}  // namespace
}  // namespace engine

explanation explain(const policy& p, const request& r, const usage& used,
                    const explain_options& options) {
  explanation e;
  e.decision = p.decide(r, used, {.offer = options.offer, .language = options.language});
  for (std::size_t i = 0; i < e.decision.findings.size(); ++i) e.spoken.push_back({i, {}});
  e.questions = engine::questions_of(p.impl(), r, e.decision.needs);
  const auto& off = p.suspension();
  auto ready = engine::prepare(p.impl(), r, used, {}, off ? &*off : nullptr);
  if (ready.facts) {
    const engine::context begun{
        .policy = p.impl(), .req = r, .used = used, .facts = *ready.facts, .action = ready.action};
    engine::add_details(engine::decided_context(begun, e.decision), options, e);
  }
  engine::add_remedies(e);
  engine::add_releases(e);
  e.answer = engine::answer_of(p.document(), e, engine::in_asking_order(p.impl(), e.questions));
  return e;
}

explanation explain(const policy& p, const request& r, const explain_options& options) {
  return explain(p, r, p.usage_of(r), options);
}

}  // namespace leeway
