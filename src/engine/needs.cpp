// SPDX-License-Identifier: Apache-2.0
#include "engine/needs.hpp"

#include <boost/container/small_vector.hpp>

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
  for (const auto& id : more.rules) {
    const auto at = std::lower_bound(kept.rules.begin(), kept.rules.end(), id);
    if (at == kept.rules.end() || *at != id) kept.rules.insert(at, &id, &id + 1);
  }
  if (kept.ask.empty()) kept.ask = more.ask;
}

}  // namespace

void normalise(const compiled_policy& policy, need& n) {
  if (n.rules.size() > 1) {
    std::sort(n.rules.begin(), n.rules.end());
    n.rules.erase(std::unique(n.rules.begin(), n.rules.end()), n.rules.end());
  }
  if (n.any_of.size() < 2) return;
  std::sort(n.any_of.begin(), n.any_of.end());
  n.any_of.erase(std::unique(n.any_of.begin(), n.any_of.end()), n.any_of.end());
  // Against all of them, also those that are taken out themselves: inclusion is transitive.
  boost::container::small_vector<char, 32> redundant(n.any_of.size());
  for (std::size_t i = 0; i < n.any_of.size(); ++i) {
    const bool covered = std::ranges::any_of(n.any_of, [&](const role_id& other) {
      return other != n.any_of[i] && includes_role(policy, n.any_of[i], other);
    });
    redundant[i] = covered ? 1 : 0;
  }
  std::size_t kept = 0;
  for (std::size_t i = 0; i < redundant.size(); ++i) {
    if (redundant[i] != 0) continue;
    if (kept != i) std::swap(n.any_of[kept], n.any_of[i]);
    ++kept;
  }
  n.any_of.erase(n.any_of.begin() + kept, n.any_of.end());
}

bool implied(const compiled_policy& policy, const need& n, const need& by) {
  if (same(n, by)) return true;
  if (n.what != need::kind::approval || by.what != need::kind::approval || n.distinct) return false;
  return std::all_of(by.any_of.begin(), by.any_of.end(), [&](const role_id& r) {
    return std::any_of(n.any_of.begin(), n.any_of.end(),
                       [&](const role_id& wanted) { return includes_role(policy, r, wanted); });
  });
}

void add_need(const need& n, reusable_vector<need>& to) {
  // Of very many needs only some are compared with: `join_needs` finds the rest, sorted.
  constexpr std::ptrdiff_t looked_at = 64;
  const auto last = std::min(to.end() - to.begin(), looked_at);
  const auto found = std::find_if(to.begin(), to.begin() + last,
                                  [&](const need& other) { return same(n, other); });
  if (found == to.begin() + last) {
    to.push_back(n);
  } else {
    merge_into(*found, n);
  }
}

void join_needs(const compiled_policy& policy, reusable_vector<need>& all) {
  for (auto& n : all) normalise(policy, n);
  if (all.size() < 2) return;
  std::sort(all.begin(), all.end(),
            [](const need& a, const need& b) { return order_key(a) < order_key(b); });
  std::size_t count = 1;
  for (std::size_t i = 1; i < all.size(); ++i) {
    if (same(all[count - 1], all[i])) {
      merge_into(all[count - 1], all[i]);
    } else {
      if (count != i) std::swap(all[count], all[i]);
      ++count;
    }
  }
  all.erase(all.begin() + count, all.end());
  // A fact is implied by itself only, and there may be many. Being implied is transitive, so it
  // does not matter that what is implied itself is gone already.
  for (std::size_t i = 0; i < all.size();) {
    const need& n = all[i];
    const bool redundant =
        n.what != need::kind::fact && std::ranges::any_of(all, [&](const need& other) {
          return &other != &n && implied(policy, n, other);
        });
    if (redundant) {
      all.erase(all.begin() + i);
    } else {
      ++i;
    }
  }
}

reusable_vector<need> joined(const compiled_policy& policy, reusable_vector<need> all) {
  join_needs(policy, all);
  return all;
}

bool met_by::operator()(const need& n) const {
  if (n.distinct) return false;
  return meets(policy, proposer, n) ||
         std::ranges::any_of(signers, [&](const signer& s) { return meets(policy, s.roles, n); });
}

bool meets(const compiled_policy& policy, const role_set& roles, const need& n) {
  if (n.what != need::kind::approval) return false;
  return std::any_of(n.any_of.begin(), n.any_of.end(), [&](const role_id& wanted) {
    auto w = policy.find_role(wanted.view());
    return w && roles.contains(*w);
  });
}

std::vector<bool> match(const compiled_policy& policy, const std::vector<second_person>& wanted,
                        const std::vector<signer>& signers) {
  std::vector<std::size_t> people(signers.size());
  for (std::size_t i = 0; i < people.size(); ++i) people[i] = i;
  // Lowest role first, so that a senior signature stays free for what only it can meet.
  std::sort(people.begin(), people.end(), [&](std::size_t a, std::size_t b) {
    return std::pair(signers[a].roles.size(), signers[a].by) <
           std::pair(signers[b].roles.size(), signers[b].by);
  });
  constexpr auto nobody = static_cast<std::size_t>(-1);
  std::vector<std::size_t> taken(signers.size(), nobody);  // person -> who is wanted
  std::vector<bool> tried;
  // Kuhn's augmenting path: maximal whatever the order.
  const std::function<bool(std::size_t)> place = [&](std::size_t which) {
    for (auto p : people) {
      const bool fits = std::ranges::all_of(
          wanted[which].asked, [&](const need& n) { return meets(policy, signers[p].roles, n); });
      if (tried[p] || !fits) continue;
      tried[p] = true;
      if (taken[p] == nobody || place(taken[p])) {
        taken[p] = which;
        return true;
      }
    }
    return false;
  };
  std::vector<bool> met(wanted.size(), false);
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    tried.assign(signers.size(), false);
    met[i] = place(i);
  }
  return met;
}

}  // namespace leeway::engine
