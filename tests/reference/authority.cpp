// SPDX-License-Identifier: Apache-2.0
#include "reference/judge.hpp"

#include <algorithm>
#include <deque>

namespace leeway::reference {

bool judge::given_to(const prepared_grant& g, const std::set<role_id>& roles) const {
  return names_kind(g.source->actions, action_->id) &&
         std::ranges::any_of(g.source->to, [&](const auto& role) { return roles.contains(role); });
}

// The grant that covers, else the first that may, else the one that comes nearest.
standing judge::stands(const std::set<role_id>& roles, bool proposer) const {
  standing best;
  answer open;
  for (const auto& g : p_.grants) {
    if (!given_to(g, roles)) continue;
    auto how = covers(g, {.proposer = proposer});
    if (how.truth.is(true)) return {&g, std::move(how)};
    const bool unknown_before = !best.how.truth.known();
    if (!how.truth.known()) {
      add_trouble(open, how.truth);
      if (!unknown_before) best = {&g, std::move(how)};
    } else if (!unknown_before && (best.grant == nullptr || how.by < best.how.by)) {
      best = {&g, std::move(how)};
    }
  }
  if (!best.how.truth.known()) best.how.truth.missing = open.missing;
  return best;
}

// A substitution that is not certain only makes "possibly competent".
standing judge::competence(const std::set<role_id>& roles, bool proposer) const {
  auto sure = stands(held(roles, false), proposer);
  if (sure.how.truth.is(true)) return sure;
  const auto possible = held(roles, true);
  if (possible == held(roles, false)) return sure;
  auto perhaps = stands(possible, proposer);
  if (perhaps.how.truth.is(false)) return sure;
  if (perhaps.how.truth.is(true)) perhaps.how.truth = {.missing = unsure_substitutes()};
  return perhaps;
}

// The other roles that certainly, or only possibly, may decide.
std::set<role_id> judge::roles_where(bool certain, const std::set<role_id>& except) const {
  std::set<role_id> out;
  for (const auto& role : p_.document->roles) {
    if (except.contains(role.id)) continue;
    const auto may = competence({role.id}, false).how.truth;
    if (certain ? may.is(true) : !may.known()) out.insert(role.id);
  }
  return out;
}

// Fewest steps along `escalate_to`; the unreachable ones only when none is reachable.
std::set<role_id> judge::nearest(const std::set<role_id>& among) const {
  std::map<role_id, int> steps;
  std::deque<role_id> open(own_.begin(), own_.end());
  for (const auto& role : own_) steps.emplace(role, 0);
  while (!open.empty()) {
    const auto at = open.front();
    open.pop_front();
    for (const auto& role : p_.document->roles) {
      if (role.id != at) continue;
      for (const auto& next : role.escalate_to) {
        if (steps.emplace(next, steps.at(at) + 1).second) open.push_back(next);
      }
    }
  }
  constexpr int unreachable = 1'000'000;
  auto far = [&](const role_id& role) {
    const auto found = steps.find(role);
    return found == steps.end() ? unreachable : found->second;
  };
  int best = unreachable;
  for (const auto& role : among) best = std::min(best, far(role));
  std::set<role_id> out;
  for (const auto& role : among) {
    if (far(role) == best) out.insert(role);
  }
  return out;
}

void judge::tell(spoken& s, const standing& how) const {
  if (how.grant == nullptr) return;
  s.rule = how.grant->source->id.str();
  s.overlay.clear();
  if (how.how.part != nullptr) s.overlay = p_.document->overlays[how.how.part->overlay].id.str();
  s.actual = how.how.actual ? how.how.actual->to_string() : "";
  s.bound = how.how.bound ? how.how.bound->to_string() : "";
  s.relation = how.how.relation;
}

// Somebody else certainly may decide this.
void judge::escalated(spoken s, const standing& own, const std::set<role_id>& others) {
  s.code = reason_code::not_delegated;
  tell(s, own);
  if (const auto lower = less(held(own_, false), true); lower.grant != nullptr) {
    s.code = reason_code::over_limit;
    if (lower.grant != own.grant) tell(s, {lower.grant, covers(*lower.grant, {.proposer = true})});
  }
  s.needs = {approval(nearest(others), false, s.rule)};
  say(s);
}

// It turns on facts: the proposer's own authority does, or, where nobody certainly may decide,
// that of the nearest who may.
void judge::unknown(spoken s, const standing& own, const std::set<role_id>& others) {
  s.code = reason_code::authority_unknown;
  auto told = own;
  const auto perhaps_mine = held(own_, true);
  const auto near = nearest(others);
  if (!own.how.truth.known()) s.missing = own.how.truth.missing;
  for (const auto& role : near) {
    const auto may = competence({role}, false);
    s.missing.insert(may.how.truth.missing.begin(), may.how.truth.missing.end());
    if (!own.how.truth.known()) continue;
    if (told.how.truth.known()) told = may;
    if (perhaps_mine.contains(role)) s.missing.merge(unsure_substitutes());
  }
  tell(s, told);
  if (own.how.truth.known()) s.needs.insert(approval(near, false, s.rule));
  if (told.how.truth.failed) s.code = reason_code::condition_error;
  s.needs.merge(facts_wanted({.missing = s.missing}, s.rule));
  say(s);
}

void judge::denied(spoken s, const standing& own) {
  s.outcome = outcome::deny;
  s.code = reason_code::no_authority;
  bool of_proposer = false;
  const auto lower = less_for_anyone(of_proposer);
  if (lower.grant != nullptr) {
    s.code = reason_code::over_limit;
    tell(s, {lower.grant, covers(*lower.grant, {.proposer = of_proposer})});
  } else {
    tell(s, own);
    s.missing = lower.how.truth.missing;
  }
  say(s);
}

void judge::authority() {
  spoken s{.part = finding_part::authority};
  const auto own = competence(own_, true);
  if (own.how.truth.is(true)) {
    tell(s, own);
    s.code = reason_code::within_authority;
    return say(s);
  }
  s.outcome = outcome::escalate;
  if (r_.agent.all_roles().empty()) {
    s.code = reason_code::authority_unknown;
    s.missing = {"agent.role"};
    s.needs = facts_wanted({.missing = s.missing}, {});
    return say(s);
  }
  const auto perhaps_mine = held(own_, true);
  const auto sure = roles_where(true, perhaps_mine);
  std::ranges::sort(signers_, {}, &signer::id);
  for (const auto& one : signers_) {
    const auto roles = held(one.roles, false);
    if (std::ranges::none_of(sure, [&](const auto& r) { return roles.contains(r); })) continue;
    s.code = reason_code::approval_given;
    s.outcome = outcome::approve;
    tell(s, stands(roles, false));
    return say(s);
  }
  if (!own.how.truth.known()) {
    const auto perhaps = sure.empty() ? roles_where(false, perhaps_mine) : std::set<role_id>{};
    return unknown(s, own, perhaps);
  }
  if (!sure.empty()) return escalated(s, own, sure);
  // A role that only may be the proposer's own may just as well be somebody else's to ask.
  const auto mine = held(own_, false);
  auto perhaps = roles_where(false, mine);
  for (const auto& role : roles_where(true, mine)) {
    if (perhaps_mine.contains(role)) perhaps.insert(role);
  }
  if (!perhaps.empty()) return unknown(s, own, perhaps);
  denied(s, own);
}

// Discretion lifts no unknown, and an overlay does not make one known (docs/design/0010).
void judge::beneath_overlays() {
  if (p_.document->overlays.empty()) return;
  const auto perhaps_mine = held(own_, true);
  const bool nobody = roles_where(true, perhaps_mine).empty();
  bool narrower = false;
  spoken s{.part = finding_part::authority,
           .code = reason_code::authority_unknown,
           .outcome = outcome::escalate};
  auto look = [&](const prepared_grant& g, bool proposer, bool asks) {
    const auto itself = covers(g, {.proposer = proposer, .narrowed = false}).truth;
    if (itself.is(false)) return;
    auto add = [&](const answer& why) {
      if (!asks || why.known()) return;
      s.missing.insert(why.missing.begin(), why.missing.end());
      if (s.rule.empty()) s.rule = g.source->id.str();
    };
    add(itself);
    for (const auto& n : g.narrowed) {
      const auto left = narrowed(g, n, {.proposer = proposer}).truth;
      narrower = narrower || !left.is(true);
      add(left);
    }
  };
  for (const auto& g : p_.grants) {
    if (!names_kind(g.source->actions, action_->id)) continue;
    const bool own = given_to(g, perhaps_mine);
    if (own) look(g, true, true);
    if (nobody || !own) look(g, false, own || nobody);
  }
  if (!narrower) return;
  if (nobody || perhaps_mine != held(own_, false)) s.missing.merge(unsure_substitutes());
  if (s.missing.empty()) return;
  s.needs = facts_wanted({.missing = s.missing}, s.rule);
  say(s);
}

}  // namespace leeway::reference
