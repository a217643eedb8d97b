// SPDX-License-Identifier: Apache-2.0
#include "engine/rules.hpp"

#include "engine/candidates.hpp"

#include <utility>

namespace leeway::engine {
namespace {

using policy_detail::compiled_effect;
using policy_detail::compiled_rule;

finding& rule_finding(const context& c, const compiled_rule& r, reason_code code, leeway::outcome o,
                      reusable_vector<finding>& out) {
  finding& f = out.next();
  f.code = code;
  f.outcome = o;
  f.part = finding_part::rule;
  f.rule = r.id;
  if (!c.reasons) return f;
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
void add_second_persons(const context& c, need& n) {
  for (const auto* g : c.here().grants) {
    for (auto role : g->to) n.any_of.push_back(c.policy.roles[role].id);
  }
  if (!n.any_of.empty()) return;
  for (const auto& role : c.policy.roles) n.any_of.push_back(role.id);
}

void ask_approval(const context& c, const compiled_rule& r, const compiled_effect& e, need& n) {
  n.distinct = e.what == effect::kind::second_person;
  for (auto role : e.roles) n.any_of.push_back(c.policy.roles[role].id);
  if (e.roles.empty() && n.distinct) add_second_persons(c, n);
  n.rules.push_back(r.id);
  normalise(c.policy, n);
}

void add_obligation(const compiled_rule& r, const compiled_effect& e, bool certain,
                    reusable_vector<obligation>& out) {
  const auto& from = e.origin->obligation;
  obligation& o = out.next();
  o.id = from.id;
  o.to = from.to;
  o.by = from.by;
  o.text = from.text;
  o.rule = r.id;
  o.certain = certain;
}

void fire(const context& c, const compiled_rule& r, const compiled_effect& e,
          reusable_vector<finding>& findings, reusable_vector<obligation>& obligations) {
  switch (e.what) {
    case effect::kind::deny:
      rule_finding(c, r, reason_code::rule_denies, outcome::deny, findings);
      return;
    case effect::kind::oblige:
      add_obligation(r, e, true, obligations);
      rule_finding(c, r, reason_code::obligation, outcome::approve, findings).detail =
          e.origin->obligation.id;
      return;
    case effect::kind::escalate:
    case effect::kind::second_person: {
      auto code = e.what == effect::kind::escalate ? reason_code::rule_escalates
                                                   : reason_code::second_person;
      auto& f = rule_finding(c, r, code, outcome::escalate, findings);
      ask_approval(c, r, e, f.needs.next());
      return;
    }
  }
}

void may_fire(const context& c, const compiled_rule& r, const compiled_effect& e, const verdict& v,
              const met_by& met, reusable_vector<finding>& findings,
              reusable_vector<obligation>& obligations) {
  if (e.what == effect::kind::oblige) {
    add_obligation(r, e, false, obligations);
    auto& f = rule_finding(c, r, reason_code::obligation, outcome::approve, findings);
    f.detail = e.origin->obligation.id;
    f.missing = v.missing;
    return;
  }
  // Where the approval it might ask for is there already, nothing turns on it. A distinct need
  // could still compete for a person, so it is never taken as met beforehand.
  if (e.what == effect::kind::escalate) {
    need n;
    ask_approval(c, r, e, n);
    if (met(n)) return;
  }
  auto code = v.error.empty() ? reason_code::rule_unknown : reason_code::condition_error;
  auto& f = rule_finding(c, r, code, outcome::escalate, findings);
  f.missing = v.missing;
  f.detail = v.error;
  if (r.overlay != nullptr) add_atoms(c, r.overlay->applies, f.atoms);
  f.needs = fact_needs(c, v.missing, r.id);
}

}  // namespace

void find_rules(const context& c, const met_by& met, reusable_vector<finding>& findings,
                reusable_vector<obligation>& obligations) {
  for (const auto* r : c.here().rules) {
    const auto quick = quick_applies(c, r->when, r->unless);
    if (quick == condition::truth::no) {
      c.mark(r->id, seen_false);
      continue;
    }
    const bool certain = quick == condition::truth::yes && r->overlay == nullptr;
    const auto v =
        certain ? verdict{} : both(applies(c, r->overlay), applies(c, r->when, r->unless));
    c.mark(r->id, v.yes() ? seen_true : v.no() ? seen_false : seen_unknown);
    if (v.no()) continue;
    for (const auto& e : r->then) {
      if (v.yes()) {
        fire(c, *r, e, findings, obligations);
      } else {
        may_fire(c, *r, e, v, met, findings, obligations);
      }
    }
  }
}

void rule_candidates(const context& c, std::vector<std::int64_t>& out) {
  for (const auto* r : c.here().rules) {
    if (never_applies(c, r->when, r->unless)) continue;
    add_code_candidates(c, r->when, out);
    add_code_candidates(c, r->unless, out);
  }
}

}  // namespace leeway::engine
