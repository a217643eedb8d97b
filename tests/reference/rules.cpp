// SPDX-License-Identifier: Apache-2.0
#include "reference/judge.hpp"

#include <algorithm>
#include <tuple>

namespace leeway::reference {

void judge::rules() {
  for (const auto& r : p_.rules) {
    const auto& kinds = r.source->actions;
    if (kinds.empty() || names_kind(kinds, action_->id)) rule(r);
  }
}

void judge::rule(const prepared_rule& r) {
  auto fires = condition(r.when, r.unless);
  if (r.overlay) fires = both(applies(*r.overlay), fires);
  if (fires.is(false)) return;
  const auto id = r.source->id.str();
  spoken s{.part = finding_part::rule, .rule = id};
  if (r.overlay) s.overlay = p_.document->overlays[*r.overlay].id.str();
  // Effects are a set: the same one twice is one.
  using same = std::tuple<effect::kind, std::set<role_id>, std::string, std::string, std::string,
                          std::string>;
  std::set<same> seen;
  for (const auto& effect : r.source->then) {
    const auto& o = effect.obligation;
    if (!seen.emplace(effect.what, std::set<role_id>(effect.roles.begin(), effect.roles.end()),
                      o.id, o.to, o.by, o.text)
             .second) {
      continue;
    }
    if (effect.what == effect::kind::oblige) {
      obligations_.push_back({.id = effect.obligation.id, .rule = id, .certain = fires.known()});
      auto listed = s;
      listed.code = reason_code::obligation;
      listed.missing = fires.missing;
      say(listed);
      continue;
    }
    auto found = s;
    found.outcome = outcome::escalate;
    switch (effect.what) {
      case effect::kind::deny:
        found.outcome = outcome::deny;
        found.code = reason_code::rule_denies;
        break;
      case effect::kind::escalate:
        found.code = reason_code::rule_escalates;
        found.needs = {approval({effect.roles.begin(), effect.roles.end()}, false, id)};
        break;
      default: {
        found.code = reason_code::second_person;
        std::set<role_id> any_of(effect.roles.begin(), effect.roles.end());
        if (any_of.empty()) {
          for (const auto& g : p_.grants) {
            if (names_kind(g.source->actions, action_->id)) {
              any_of.insert(g.source->to.begin(), g.source->to.end());
            }
          }
        }
        if (any_of.empty()) {
          for (const auto& role : p_.document->roles) any_of.insert(role.id);
        }
        found.needs = {approval(any_of, true, id)};
      }
    }
    if (!fires.known()) {
      // Where the approval it might ask for is there already, nothing turns on it.
      const bool met = effect.what == effect::kind::escalate && met_plainly(*found.needs.begin());
      if (met) continue;
      found.outcome = outcome::escalate;
      found.code = fires.failed ? reason_code::condition_error : reason_code::rule_unknown;
      found.missing = fires.missing;
      found.needs = facts_wanted(fires, id);
    }
    say(found);
  }
}

}  // namespace leeway::reference
