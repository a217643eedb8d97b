// SPDX-License-Identifier: Apache-2.0
#include "engine/rules.hpp"

#include "engine/candidates.hpp"

#include <boost/container/small_vector.hpp>

#include <algorithm>
#include <functional>
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
    f.detail =
        v.error.empty() ? e.origin->obligation.id : std::string(failed_obligation).append(v.error);
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

using rule_list = boost::container::small_vector<const compiled_rule*, 64>;

// The rules that may hold, in the order of ids: those for other values of a known fact do not. The
// rules of a policy stand in that order in memory.
void add_askable(const context& c, rule_list& out) {
  const auto& here = c.here();
  out.assign(here.rules_to_ask.begin(), here.rules_to_ask.end());
  for (const auto& bucket : here.rule_buckets) {
    const auto& fact = c.facts.at(bucket.fact);
    const bool known = fact.status == condition::binding::state::known && fact.content;
    const auto* rules = known ? bucket.of(*fact.content) : &bucket.all;
    if (rules != nullptr) out.insert(out.end(), rules->begin(), rules->end());
  }
  std::ranges::sort(out, std::less<>{});
}

// A rule that may hold, as far as `quick` tells.
void hear(const context& c, const compiled_rule& r, condition::truth quick, const met_by& met,
          reusable_vector<finding>& findings, reusable_vector<obligation>& obligations) {
  const bool certain = quick == condition::truth::yes && r.overlay == nullptr;
  const auto v = certain ? verdict{} : both(applies(c, r.overlay), applies(c, r.when, r.unless));
  c.mark(r.id, v.yes() ? seen_true : v.no() ? seen_false : seen_unknown);
  if (v.no()) return;
  for (const auto& e : r.then) {
    if (v.yes()) {
      fire(c, r, e, findings, obligations);
    } else {
      may_fire(c, r, e, v, met, findings, obligations);
    }
  }
}

}  // namespace

void find_rules(const context& c, const met_by& met, reusable_vector<finding>& findings,
                reusable_vector<obligation>& obligations) {
  const auto ask_all = [&](const auto& rules) {
    for (const auto* r : rules) {
      const auto quick = quick_applies(c, r->when, r->unless);
      if (quick == condition::truth::no) {
        c.mark(r->id, seen_false);
        continue;
      }
      hear(c, *r, quick, met, findings, obligations);
      if (c.settled_by(findings)) return;
    }
  };
  // Whoever traces wants to see every rule asked.
  if (c.here().rule_buckets.empty() || c.seen != nullptr) return ask_all(c.here().rules);
  rule_list askable;
  add_askable(c, askable);
  ask_all(askable);
}

void rule_candidates(const context& c, std::vector<std::int64_t>& out) {
  for (const auto* r : c.here().rules) {
    if (never_applies(c, r->when, r->unless)) continue;
    add_code_candidates(c, r->when, out);
    add_code_candidates(c, r->unless, out);
  }
}

}  // namespace leeway::engine
