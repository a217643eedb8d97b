// SPDX-License-Identifier: Apache-2.0
#include "engine/roles.hpp"

#include <algorithm>
#include <utility>

namespace leeway::engine {

void name_substitutes(const context& c, const role_table& roles, need& n) {
  if (!c.policy.has_substitutes) return normalise(c.policy, n);
  reusable_vector<role_id> named;
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

role_distances distances(const compiled_policy& policy, const role_list& from) {
  role_distances steps(policy.roles.size(), out_of_reach);
  role_list queue;
  for (auto r : from) {
    if (steps[r] == 0) continue;
    steps[r] = 0;
    queue.push_back(r);
  }
  for (std::size_t next = 0; next < queue.size(); ++next) {
    const auto at = queue[next];
    for (auto further : policy.roles[at].escalate_to) {
      if (steps[further] != out_of_reach) continue;
      steps[further] = steps[at] + 1;
      queue.push_back(further);
    }
  }
  return steps;
}

role_table::role_table(const context& c) : policy_(c.policy) {
  if (!c.policy.has_substitutes) return;
  const auto n = c.policy.roles.size();
  certain_.resize(n);
  possible_.resize(n);
  substitutes_.resize(n);
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

void role_table::add(index role, const edges& standing_in, role_set& out) const {
  role_list queue{role};
  while (!queue.empty()) {
    const auto at = queue.back();
    queue.pop_back();
    if (!out.insert(at)) continue;
    queue.insert(queue.end(), policy_.roles[at].includes.begin(), policy_.roles[at].includes.end());
    queue.insert(queue.end(), standing_in[at].begin(), standing_in[at].end());
  }
}

proposer proposer_of(const context& c, const role_table& roles) {
  proposer who;
  const auto& a = c.req.agent;
  auto add = [&](const role_id& r) {
    if (r.empty()) return;
    who.no_role = false;
    const auto known = c.policy.find_role(r.view());
    if (known && std::ranges::find(who.held, *known) == who.held.end()) who.held.push_back(*known);
  };
  who.no_role = true;
  add(a.role);
  for (const auto& r : a.roles) add(r);
  who.certain = roles.certain(who.held);
  who.possible = roles.possible(who.held);
  return who;
}

}  // namespace leeway::engine
