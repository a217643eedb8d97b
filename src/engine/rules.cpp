// SPDX-License-Identifier: Apache-2.0
#include "engine/rules.hpp"

#include "engine/candidates.hpp"
#include "engine/needs.hpp"

#include <algorithm>
#include <utility>

namespace leeway::engine {
namespace {

using policy_detail::compiled_effect;
using policy_detail::compiled_rule;

finding rule_finding(const context& c, const compiled_rule& r, reason_code code,
                     leeway::outcome o) {
  finding f;
  f.code = code;
  f.outcome = o;
  f.part = finding_part::rule;
  f.rule = r.id;
  f.because = r.origin->origin.because;
  f.source = r.origin->origin.source;
  f.remedy = r.origin->remedy;
  if (r.overlay != nullptr) f.overlay = r.overlay->id;
  add_atoms(c, r.when, f.atoms);
  add_atoms(c, r.unless, f.atoms);
  return f;
}

// Whom a second-person effect without roles means: whoever may decide this kind of action at all.
// That does not turn on the facts of the request, so an approval once given stays good.
std::vector<index> second_persons(const context& c) {
  std::vector<index> out;
  for (const auto& g : c.policy.grants) {
    if (g.actions.contains(c.action)) out.insert(out.end(), g.to.begin(), g.to.end());
  }
  if (out.empty()) {
    for (index r = 0; r < c.policy.roles.size(); ++r) out.push_back(r);
  }
  return out;
}

need approval_of(const context& c, const compiled_rule& r, const compiled_effect& e) {
  need n;
  n.distinct = e.what == effect::kind::second_person;
  auto roles = e.roles.empty() && n.distinct ? second_persons(c) : e.roles;
  for (auto role : roles) n.any_of.push_back(c.policy.roles[role].id);
  n.rules.push_back(r.id);
  normalise(c.policy, n);
  return n;
}

void add_obligation(const compiled_rule& r, const compiled_effect& e, bool certain,
                    std::vector<obligation>& out) {
  const auto& o = e.origin->obligation;
  out.push_back({o.id, o.to, o.by, o.text, r.id, certain});
}

void fire(const context& c, const compiled_rule& r, const compiled_effect& e,
          std::vector<finding>& findings, std::vector<obligation>& obligations) {
  switch (e.what) {
    case effect::kind::deny:
      findings.push_back(rule_finding(c, r, reason_code::rule_denies, outcome::deny));
      return;
    case effect::kind::oblige:
      add_obligation(r, e, true, obligations);
      findings.push_back(rule_finding(c, r, reason_code::obligation, outcome::approve));
      findings.back().detail = e.origin->obligation.id;
      return;
    case effect::kind::escalate:
    case effect::kind::second_person: {
      auto code = e.what == effect::kind::escalate ? reason_code::rule_escalates
                                                   : reason_code::second_person;
      auto f = rule_finding(c, r, code, outcome::escalate);
      f.needs.push_back(approval_of(c, r, e));
      findings.push_back(std::move(f));
      return;
    }
  }
}

void may_fire(const context& c, const compiled_rule& r, const compiled_effect& e, const verdict& v,
              const is_met& met, std::vector<finding>& findings,
              std::vector<obligation>& obligations) {
  if (e.what == effect::kind::oblige) {
    add_obligation(r, e, false, obligations);
    auto f = rule_finding(c, r, reason_code::obligation, outcome::approve);
    f.detail = e.origin->obligation.id;
    f.missing = v.missing;
    findings.push_back(std::move(f));
    return;
  }
  // Where the approval it might ask for is there already, nothing turns on it. A distinct need
  // could still compete for a person, so it is never taken as met beforehand.
  if (e.what == effect::kind::escalate && met(approval_of(c, r, e))) return;
  auto code = v.error.empty() ? reason_code::rule_unknown : reason_code::condition_error;
  auto f = rule_finding(c, r, code, outcome::escalate);
  f.missing = v.missing;
  f.detail = v.error;
  if (r.overlay != nullptr) add_atoms(c, r.overlay->applies, f.atoms);
  f.needs = fact_needs(c, v.missing, r.id);
  findings.push_back(std::move(f));
}

}  // namespace

void find_rules(const context& c, const is_met& met, std::vector<finding>& findings,
                std::vector<obligation>& obligations) {
  for (const auto& r : c.policy.rules) {
    if (!r.actions.contains(c.action)) continue;
    auto v = both(applies(c, r.overlay), applies(c, r.when, r.unless));
    c.mark(r.id, v.yes() ? seen_true : v.no() ? seen_false : seen_unknown);
    if (v.no()) continue;
    for (const auto& e : r.then) {
      if (v.yes()) {
        fire(c, r, e, findings, obligations);
      } else {
        may_fire(c, r, e, v, met, findings, obligations);
      }
    }
  }
}

void rule_candidates(const context& c, std::vector<std::int64_t>& out) {
  for (const auto& r : c.policy.rules) {
    if (!r.actions.contains(c.action) || never_applies(c, r.when, r.unless)) continue;
    add_code_candidates(c, r.when, out);
    add_code_candidates(c, r.unless, out);
  }
}

}  // namespace leeway::engine
