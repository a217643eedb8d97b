// SPDX-License-Identifier: Apache-2.0
#include "engine/needs.hpp"

#include <algorithm>
#include <functional>
#include <tuple>
#include <utility>

namespace leeway::engine {
namespace {

bool includes_role(const compiled_policy& policy, const role_id& holder, const role_id& wanted) {
  if (holder == wanted) return true;
  auto h = policy.find_role(holder.view());
  auto w = policy.find_role(wanted.view());
  if (!h || !w) return false;
  const auto& all = policy.roles[*h].includes;
  return std::binary_search(all.begin(), all.end(), *w);
}

auto order_key(const need& n) { return std::tie(n.what, n.fact, n.distinct, n.any_of); }

bool same(const need& a, const need& b) { return order_key(a) == order_key(b); }

void merge_into(need& kept, const need& more) {
  kept.rules.insert(kept.rules.end(), more.rules.begin(), more.rules.end());
  std::sort(kept.rules.begin(), kept.rules.end());
  kept.rules.erase(std::unique(kept.rules.begin(), kept.rules.end()), kept.rules.end());
  if (kept.ask.empty()) kept.ask = more.ask;
}

}  // namespace

void normalise(const compiled_policy& policy, need& n) {
  std::sort(n.rules.begin(), n.rules.end());
  n.rules.erase(std::unique(n.rules.begin(), n.rules.end()), n.rules.end());
  std::sort(n.any_of.begin(), n.any_of.end());
  n.any_of.erase(std::unique(n.any_of.begin(), n.any_of.end()), n.any_of.end());
  auto redundant = [&](const role_id& r) {
    return std::any_of(n.any_of.begin(), n.any_of.end(), [&](const role_id& other) {
      return other != r && includes_role(policy, r, other);
    });
  };
  std::vector<role_id> kept;
  for (const auto& r : n.any_of) {
    if (!redundant(r)) kept.push_back(r);
  }
  n.any_of = std::move(kept);
}

bool implied(const compiled_policy& policy, const need& n, const need& by) {
  if (same(n, by)) return true;
  if (n.what != need::kind::approval || by.what != need::kind::approval || n.distinct) return false;
  return std::all_of(by.any_of.begin(), by.any_of.end(), [&](const role_id& r) {
    return std::any_of(n.any_of.begin(), n.any_of.end(),
                       [&](const role_id& wanted) { return includes_role(policy, r, wanted); });
  });
}

std::vector<need> join_needs(const compiled_policy& policy, std::vector<need> all) {
  for (auto& n : all) normalise(policy, n);
  std::sort(all.begin(), all.end(),
            [](const need& a, const need& b) { return order_key(a) < order_key(b); });
  std::vector<need> distinct;
  for (auto& n : all) {
    if (!distinct.empty() && same(distinct.back(), n)) {
      merge_into(distinct.back(), n);
    } else {
      distinct.push_back(std::move(n));
    }
  }
  std::vector<need> kept;
  for (const auto& n : distinct) {
    // A fact is implied by itself only, and there may be many.
    const bool fact = n.what == need::kind::fact;
    bool redundant = !fact && std::any_of(distinct.begin(), distinct.end(), [&](const need& other) {
      return !same(n, other) && implied(policy, n, other);
    });
    if (!redundant) kept.push_back(n);
  }
  return kept;
}

bool meets(const compiled_policy& policy, const role_set& roles, const need& n) {
  if (n.what != need::kind::approval) return false;
  return std::any_of(n.any_of.begin(), n.any_of.end(), [&](const role_id& wanted) {
    auto w = policy.find_role(wanted.view());
    return w && roles.contains(*w);
  });
}

std::vector<bool> match(const compiled_policy& policy, const std::vector<need>& needs,
                        const role_set& proposer, const std::vector<signer>& signers) {
  std::vector<bool> met(needs.size(), false);
  std::vector<std::size_t> people(signers.size());
  for (std::size_t i = 0; i < people.size(); ++i) people[i] = i;
  // Lowest role first, so that a senior signature stays free for what only it can meet.
  std::sort(people.begin(), people.end(), [&](std::size_t a, std::size_t b) {
    return std::pair(signers[a].roles.size(), signers[a].by) <
           std::pair(signers[b].roles.size(), signers[b].by);
  });
  constexpr auto nobody = static_cast<std::size_t>(-1);
  std::vector<std::size_t> taken(signers.size(), nobody);  // person -> distinct need
  for (std::size_t n = 0; n < needs.size(); ++n) {
    if (needs[n].what != need::kind::approval) continue;
    if (!needs[n].distinct) {
      met[n] = meets(policy, proposer, needs[n]) ||
               std::any_of(signers.begin(), signers.end(),
                           [&](const signer& s) { return meets(policy, s.roles, needs[n]); });
      continue;
    }
    // Kuhn's augmenting path: maximal whatever the order.
    std::vector<bool> tried(signers.size(), false);
    std::function<bool(std::size_t)> place = [&](std::size_t wanted) {
      for (auto p : people) {
        if (tried[p] || !meets(policy, signers[p].roles, needs[wanted])) continue;
        tried[p] = true;
        if (taken[p] == nobody || place(taken[p])) {
          taken[p] = wanted;
          return true;
        }
      }
      return false;
    };
    met[n] = place(n);
  }
  return met;
}

}  // namespace leeway::engine
