// SPDX-License-Identifier: Apache-2.0
#include "desk/faults/actors.hpp"

#include <algorithm>
#include <utility>

namespace leeway::desk_test {
namespace {

using names = std::vector<std::string>;

const names roles{"r0", "r1", "r2", "r3", "r4"};

agent random_approver(dice& d, const standing& s) {
  agent out;
  out.id = "s-" + std::to_string(d.between(1, 4));
  out.role = d.pick(roles);
  if (!s.may_grant.empty() && d.chance(80)) out.role = d.pick(s.may_grant).role;
  if (d.chance(80)) out.team = d.chance(50) ? "t-1" : "t-2";
  if (d.chance(80)) out.site = d.chance(50) ? "denver" : "manila";
  return out;
}

/// JSON has texts for keys only, so records cannot tell of maps by other things.
void forget_odd_maps(attributes& facts) {
  std::erase_if(facts, [](const auto& fact) {
    return fact.second.is(value_kind::map) &&
           std::ranges::any_of(fact.second.as_map(),
                               [](const auto& row) { return !row.first.is(value_kind::string); });
  });
}

period days(std::int64_t n) { return period::parse("P" + std::to_string(n) + "D").value(); }

}  // namespace

policy random_policy_of(dice& d, int version, instant now) {
  while (true) {
    policy_document document = reference::random_policy(d).document;
    document.version = std::to_string(version);
    document.effective_from = time_zone().date_of(now);
    document.effective_until.reset();
    document.suspended = false;
    if (d.chance(70)) {
      grant_definition wide{.id = "G-wide", .to = {"r0", "r1", "r2", "r3", "r4"}};
      wide.actions = {"*"};
      document.grants.push_back(std::move(wide));
    }
    if (d.chance(70)) document.rules.clear();
    if (d.chance(60)) document.deadlines.settle = days(d.between(1, 20));
    if (d.chance(60)) document.deadlines.approve = period::parse("PT4H").value();
    if (d.chance(60)) document.deadlines.ratify = days(7);
    if (auto made = compile_policy(document)) return *std::move(made);
  }
}

request actors::next(dice& d) {
  request r = reference::random_request(d);
  // Records hold no history or usage of a request's own, so an auditor could not follow.
  r.history.reset();
  r.history_since.reset();
  r.usage.clear();
  r.signoffs.clear();
  r.as_of.reset();
  forget_odd_maps(r.contact.attributes);
  forget_odd_maps(r.subject.attributes);
  if (!r.customer.id.empty()) r.customer.id = "c-" + std::to_string(d.between(1, 3));
  if (r.agent.team && d.chance(30)) r.agent.team = "t-2";
  const std::lock_guard lock(mutex_);
  r.id = name_ + std::to_string(proposed_.size());
  if (!proposed_.empty() && d.chance(15)) r.supersedes = d.pick(proposed_).id;
  proposed_.push_back(r);
  return r;
}

decision_id actors::any(dice& d) const {
  const std::lock_guard lock(mutex_);
  return decisions_.empty() ? decision_id("dec-0") : d.pick(decisions_);
}

void actors::told(const request& r, const answer& a) {
  const std::lock_guard lock(mutex_);
  const auto [at, is_new] = answers_.try_emplace(r.id.str(), a.json);
  if (at->second != a.json) contradictions_.push_back(r.id.str());
  if (!is_new) return;
  decisions_.push_back(a.id);
  if (a.decision.outcome == outcome::approve) ++approved_;
}

void actors::propose(desk& at, dice& d) {
  request r = next(d);
  if (d.chance(20)) {
    const std::lock_guard lock(mutex_);
    r = d.pick(proposed_);
  }
  if (const auto a = at.decide(r)) told(r, *a);
}

void actors::propose_together(desk& at, dice& d) {
  std::vector<request> all;
  for (auto i = d.between(2, 3); i > 0; --i) all.push_back(next(d));
  const auto answers = at.decide_linked(all);
  if (!answers || !answers->front().effective) return;
  for (std::size_t i = 0; i < all.size(); ++i) told(all[i], answers->at(i));
}

void actors::resolve(desk& at, dice& d) {
  const auto inbox = at.inbox({}, 20);
  if (!inbox || inbox->empty()) return;
  const standing& s = d.pick(*inbox);
  const agent by = random_approver(d, s);
  if (s.state != decision_state::waiting) {
    static_cast<void>(at.ratify(s.id, {.by = by, .verdict = ratification_state::coached}));
    return;
  }
  resolution what{.by = by, .granted = d.chance(80), .note = "as I see it"};
  if (s.request.action.amount && d.chance(30)) {
    what.amount =
        money(d.between(0, s.request.action.amount->minor()), s.request.action.amount->cur());
  }
  static_cast<void>(at.resolve(s.id, what));
}

void actors::act(desk& at, dice& d) {
  switch (d.between(0, 12)) {
    case 0: static_cast<void>(at.expire()); break;
    case 1: {
      settlement what;
      if (d.chance(70)) what.amount = usd(d.between(0, 40));
      static_cast<void>(at.settle(any(d), what));
      break;
    }
    case 2: static_cast<void>(at.void_decision(any(d), "a-1", "declined")); break;
    case 3:
    case 4:
    case 5: resolve(at, d); break;
    case 6: propose_together(at, d); break;
    default: propose(at, d); break;
  }
}

std::map<std::string, std::string> actors::answers() const {
  const std::lock_guard lock(mutex_);
  return answers_;
}
std::vector<std::string> actors::contradictions() const {
  const std::lock_guard lock(mutex_);
  return contradictions_;
}
std::size_t actors::approved() const {
  const std::lock_guard lock(mutex_);
  return approved_;
}

}  // namespace leeway::desk_test
