// SPDX-License-Identifier: Apache-2.0
#include "engine/roles.hpp"

#include <algorithm>
#include <deque>
#include <utility>

namespace leeway::engine {

void name_substitutes(const context& c, const role_table& roles, need& n) {
  std::vector<role_id> named;
  for (const auto& id : n.any_of) {
    auto r = c.policy.find_role(id.view());
    if (!r || roles.substitutes(*r).empty()) {
      named.push_back(id);
      continue;
    }
    for (auto s : roles.substitutes(*r)) named.push_back(c.policy.roles[s].id);
  }
  n.any_of = std::move(named);
  normalise(c.policy, n);
}

std::map<index, int> distances(const compiled_policy& policy, const std::vector<index>& from) {
  std::map<index, int> steps;
  std::deque<index> queue;
  for (auto r : from) {
    steps.emplace(r, 0);
    queue.push_back(r);
  }
  while (!queue.empty()) {
    auto at = queue.front();
    queue.pop_front();
    for (auto next : policy.roles[at].escalate_to) {
      if (steps.emplace(next, steps[at] + 1).second) queue.push_back(next);
    }
  }
  return steps;
}

role_table::role_table(const context& c) {
  const auto n = c.policy.roles.size();
  certain_.resize(n);
  possible_.resize(n);
  substitutes_.resize(n);
  for (index r = 0; r < n; ++r) certain_[r] = possible_[r] = c.policy.roles[r].includes;
  for (index r = 0; r < n; ++r) {
    for (const auto& s : c.policy.roles[r].substitutes) {
      if (!dates_hold(c, s.from, s.until)) continue;
      auto v = truth_of(c, s.when);
      if (v.no()) continue;
      possible_[s.role].push_back(r);
      if (v.maybe()) {
        missing_.insert(missing_.end(), v.missing.begin(), v.missing.end());
        continue;
      }
      certain_[s.role].push_back(r);
      substitutes_[r].push_back(s.role);
    }
  }
  std::sort(missing_.begin(), missing_.end());
  missing_.erase(std::unique(missing_.begin(), missing_.end()), missing_.end());
}

role_set role_table::close(const std::vector<index>& held, const edges& from) {
  role_set out;
  std::deque<index> queue(held.begin(), held.end());
  while (!queue.empty()) {
    auto at = queue.front();
    queue.pop_front();
    if (!out.insert(at).second) continue;
    queue.insert(queue.end(), from[at].begin(), from[at].end());
  }
  return out;
}

proposer proposer_of(const context& c, const role_table& roles) {
  proposer who;
  auto named = c.req.agent.all_roles();
  who.no_role = named.empty();
  for (const auto& r : named) {
    if (auto known = c.policy.find_role(r.view())) who.held.push_back(*known);
  }
  who.certain = roles.certain(who.held);
  who.possible = roles.possible(who.held);
  return who;
}

}  // namespace leeway::engine
