// SPDX-License-Identifier: Apache-2.0
#include "engine/amounts.hpp"
#include "engine/approvers.hpp"
#include "engine/candidates.hpp"
#include "engine/evaluation.hpp"
#include "engine/prepare.hpp"

#include <leeway/base/checked.hpp>
#include <leeway/engine/capability.hpp>

#include <algorithm>
#include <utility>

namespace leeway {
namespace engine {
namespace {

bool stands_in_the_way(const finding& f) { return f.outcome != outcome::approve && !f.lifted; }

reusable_vector<finding> against(const reusable_vector<finding>& all) {
  reusable_vector<finding> out;
  std::ranges::copy_if(all, std::back_inserter(out), stands_in_the_way);
  return out;
}

// The request for one kind of action. An amount is kept only where it is a fact of the request.
request request_for(const compiled_policy& policy, const request& r, index action) {
  const auto& kind = policy.actions[action];
  request out = r;
  out.action.kind = kind.id;
  const bool stated = kind.amount == amount_mode::fixed && kind.fixed == nullptr;
  if (!stated) out.action.amount.reset();
  return out;
}

class one_action {
 public:
  one_action(const context& c, capability& out) : c_(c), out_(out) {}

  void run() {
    if (out_.mode == amount_mode::any) return of_any_amount();
    auto what = evaluate_proposal(c_, c_.req.action.amount);
    tell_due(what);
    out_.amount = what.amount;
    out_.allowed = what.outcome == outcome::approve;
    if (!out_.allowed) return tell_obstacles(c_.req.action.amount, what);
    if (what.amount) out_.ranges = {{*what.amount, what.amount}};
    out_.largest = reach_of(out_.ranges);
    tell_consequences(what);
  }

 private:
  void of_any_amount() {
    const auto open = evaluate_proposal(c_, std::nullopt);
    tell_due(open);
    out_.ranges = approved_amounts(c_, open);
    out_.allowed = !out_.ranges.empty();
    out_.largest = reach_of(out_.ranges);
    if (!out_.allowed) return nearest_proposal(open);
    const auto top = out_.largest.amount.value_or(out_.ranges.back().from);
    tell_consequences(evaluate_proposal(c_, top));
    if (out_.largest.unlimited) return;
    const auto next = checked_add(top.minor(), std::int64_t{1});
    if (next) beyond(amount(*next));
  }

  money amount(std::int64_t minor) const { return {minor, c_.policy.money_currency}; }

  void beyond(const money& proposed) {
    out_.beyond = proposed;
    tell_obstacles(proposed, evaluate_proposal(c_, proposed));
  }

  // Where nothing is allowed: the smallest amount that somebody could still approve, else the
  // smallest that the least stands in the way of.
  void nearest_proposal(const evaluated& open) {
    const auto least = open.due.due ? std::max<std::int64_t>(1, open.due.due->minor()) : 1;
    auto near =
        denied_at_any_amount(c_, open) ? std::vector<std::int64_t>{} : thresholds(c_, open.due);
    std::int64_t highest = least;
    for (auto t : near) highest = std::max(highest, checked_add(t, std::int64_t{1}).value_or(t));
    auto tries = candidates(near, least, highest).descending();
    std::ranges::reverse(tries);
    std::optional<std::ptrdiff_t> fewest;
    std::int64_t nearest = least;
    auto counted = c_;
    counted.count_only = !c_.req.discretion;
    const amount_guard guard(c_);
    for (const auto minor : tries) {
      const auto what = evaluate_proposal(counted, amount(minor));
      const auto denials =
          what.outcome != outcome::deny
              ? 0
              : std::ranges::count(what.findings, outcome::deny, &finding::outcome);
      if (fewest && *fewest <= denials) continue;
      fewest = denials;
      nearest = minor;
      if (denials == 0) break;
    }
    beyond(amount(nearest));
  }

  void tell_due(const evaluated& what) {
    if (!what.due.speaks || !what.due.known) return;
    out_.due = what.due.due;
    out_.below_due_denied = what.due.below == due_policy::deny;
  }

  void tell_consequences(const evaluated& what) {
    out_.obligations = what.obligations;
    out_.limits = what.limits;
  }

  void tell_obstacles(const std::optional<money>& proposed, const evaluated& what) {
    out_.beyond_outcome = what.outcome;
    out_.in_the_way = against(what.findings);
    if (out_.limits.empty()) out_.limits = what.limits;
    if (what.outcome != outcome::escalate) return;
    out_.questions = questions_of(c_.policy, c_.req, what.needs);
    out_.approvals = approvals_of(c_, proposed, what, asked_roles::named);
  }

  const context& c_;
  capability& out_;
};

capability capability_of(const policy& p, const request& r, index action,
                         const usage_source& used) {
  const auto& policy = p.impl();
  const auto& kind = policy.actions[action];
  capability out{.action = kind.id, .mode = kind.amount};
  for (const auto& defined : policy.document.actions) {
    if (defined.id == kind.id) out.title = defined.title;
  }
  const auto asked = request_for(policy, r, action);
  const auto known = used(asked);
  const auto& off = p.suspension();
  auto ready = prepare(policy, asked, known, {}, off ? &*off : nullptr);
  if (!ready.facts) {
    out.beyond_outcome = ready.answer.outcome;
    out.in_the_way = against(ready.answer.findings);
    return out;
  }
  const context c{
      .policy = policy, .req = asked, .used = known, .facts = *ready.facts, .action = action};
  one_action(c, out).run();
  return out;
}

}  // namespace
}  // namespace engine

std::vector<capability> can(const policy& p, const request& r, const usage_source& used) {
  std::vector<capability> out;
  for (engine::index a = 0; a < p.impl().actions.size(); ++a) {
    out.push_back(engine::capability_of(p, r, a, used));
  }
  return out;
}

std::vector<capability> can(const policy& p, const request& r, const usage& used) {
  return can(p, r, [&](const request&) { return used; });
}

std::vector<capability> can(const policy& p, const request& r) {
  return can(p, r, [&](const request& asked) { return p.usage_of(asked); });
}

}  // namespace leeway
