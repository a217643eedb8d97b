// SPDX-License-Identifier: Apache-2.0
#include "engine/approvers.hpp"

#include "engine/amounts.hpp"
#include "engine/candidates.hpp"
#include "engine/usage.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

namespace leeway::engine {
namespace {

constexpr std::string_view usage_prefix = "usage.";

bool is_approval(const need& n) { return n.what == need::kind::approval; }

// Tries the request as it would be once others have signed.
class with_signoffs {
 public:
  with_signoffs(const context& c, const std::optional<money>& proposed, const evaluated& what)
      : c_(c), proposed_(proposed), wanted_(what.needs) {
    auto is_fact = [](const need& n) { return !is_approval(n); };
    wanted_.erase(std::remove_if(wanted_.begin(), wanted_.end(), is_fact), wanted_.end());
    facts_missing_ = wanted_.size() != what.needs.size();
  }

  const reusable_vector<need>& wanted() const { return wanted_; }

  /// Whether the sign-off of `role` alone settles an approval, and all that it stood for too: a
  /// need that implied others leaves them behind.
  bool settles(std::size_t which, const role_id& role) const {
    request r = c_.req;
    add_signoff(r, 0, role);
    const auto what = evaluate_proposal(context_for(r), proposed_);
    if (what.outcome == outcome::deny) return false;
    return std::ranges::all_of(what.needs, [&](const need& n) {
      if (!is_approval(n)) return true;
      const auto at = std::ranges::find_if(wanted_, [&](const need& before) {
        return before.distinct == n.distinct && before.any_of == n.any_of;
      });
      return at != wanted_.end() && at - wanted_.begin() != static_cast<std::ptrdiff_t>(which);
    });
  }

  amount_reach reach(std::size_t which, const role_id& role) const {
    if (facts_missing_) return {};
    const auto r = signed_request(which, role);
    const auto c = context_for(r);
    if (c.policy.actions[c.action].amount == amount_mode::any) {
      return reach_of(approved_amounts(c, evaluate_proposal(c, std::nullopt)));
    }
    const auto what = evaluate_proposal(c, proposed_);
    if (what.outcome != outcome::approve) return {};
    return {.amount = what.amount};
  }

 private:
  // A person of their own for each approval; their ids are nobody's.
  request signed_request(std::size_t which, const role_id& role) const {
    request r = c_.req;
    for (std::size_t i = 0; i < wanted_.size(); ++i) {
      add_signoff(r, i, i == which ? role : wanted_[i].any_of.front());
    }
    return r;
  }
  void add_signoff(request& r, std::size_t number, const role_id& role) const {
    std::string by = "approver-" + std::to_string(number + 1);
    while (is_taken(by)) by += "'";
    r.signoffs.push_back({.by = agent_id(by), .role = role, .at = r.at});
  }
  bool is_taken(const std::string& by) const {
    return c_.req.agent.id.view() == by ||
           std::ranges::any_of(c_.req.signoffs,
                               [&](const signoff& s) { return s.by.view() == by; });
  }
  context context_for(const request& r) const {
    return {.policy = c_.policy, .req = r, .used = c_.used, .facts = c_.facts, .action = c_.action};
  }

  const context& c_;
  const std::optional<money>& proposed_;
  reusable_vector<need> wanted_;
  bool facts_missing_{};
};

approver approver_in(const context& c, index role, const role_distances& steps) {
  approver out{.role = c.policy.roles[role].id};
  for (const auto& defined : c.policy.document.roles) {
    if (defined.id == out.role) out.title = defined.title;
  }
  if (steps[role] != out_of_reach) out.steps = steps[role];
  return out;
}

bool names(const need& n, const role_id& role) {
  return std::ranges::find(n.any_of, role) != n.any_of.end();
}

// The nearest first; who is not on the way up, last.
void sort_by_distance(std::vector<approver>& roles) {
  std::ranges::sort(roles, [](const approver& a, const approver& b) {
    return std::tuple(!a.steps, a.steps, a.role) < std::tuple(!b.steps, b.steps, b.role);
  });
}

}  // namespace

std::vector<approval_choice> approvals_of(const context& c, const std::optional<money>& proposed,
                                          const evaluated& what, asked_roles which) {
  std::vector<approval_choice> out;
  amount_guard guard(c);
  const with_signoffs tried(c, proposed, what);
  const auto steps = distances(c.policy, proposer_of(c, role_table(c)).held);
  for (std::size_t i = 0; i < tried.wanted().size(); ++i) {
    const auto& n = tried.wanted()[i];
    approval_choice one{.distinct = n.distinct, .rules = n.rules};
    for (index r = 0; r < c.policy.roles.size(); ++r) {
      const auto& id = c.policy.roles[r].id;
      const bool named = names(n, id);
      if (!named && (which == asked_roles::named || !tried.settles(i, id))) continue;
      auto role = approver_in(c, r, steps);
      role.up_to = tried.reach(i, id);
      one.any_of.push_back(std::move(role));
    }
    sort_by_distance(one.any_of);
    out.push_back(std::move(one));
  }
  return out;
}

std::vector<open_question> questions_of(const compiled_policy& policy, const request& r,
                                        const reusable_vector<need>& needs) {
  std::vector<open_question> out;
  open_question history{.fact = "history"};
  std::vector<rule_id> counters;
  for (const auto& n : needs) {
    if (n.what != need::kind::fact) continue;
    if (n.fact.starts_with(usage_prefix)) {
      counters.emplace_back(n.fact.substr(usage_prefix.size()));
      history.rules.insert(history.rules.end(), n.rules.begin(), n.rules.end());
      continue;
    }
    open_question q{.fact = n.fact, .ask = n.ask, .rules = n.rules};
    for (const auto& declared : policy.document.facts) {
      if (declared.name == n.fact) q.about = declared.about;
    }
    out.push_back(std::move(q));
  }
  if (counters.empty()) return out;
  history.about = history_wanted(policy, r, counters);
  std::ranges::sort(history.rules);
  history.rules.erase(std::unique(history.rules.begin(), history.rules.end()), history.rules.end());
  out.push_back(std::move(history));
  return out;
}

}  // namespace leeway::engine
