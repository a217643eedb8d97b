// SPDX-License-Identifier: Apache-2.0
// Roles as they stand for one request: what a person acts with, and who stands in for whom.
#pragma once

#include "engine/context.hpp"
#include "engine/needs.hpp"

#include <boost/container/small_vector.hpp>

#include <string>
#include <vector>

namespace leeway::engine {

/// A few roles.
using role_list = boost::container::small_vector<index, 8>;

/// The roles of this policy as they stand for one request: what each acts with, substitutions in
/// force included.
class role_table {
 public:
  explicit role_table(const context& c);

  /// Roles a holder of `held` certainly acts with.
  template <class Roles>
  role_set certain(const Roles& held) const {
    return close(held, certain_);
  }
  /// And possibly: where a substitution turns on unknown facts, too.
  template <class Roles>
  role_set possible(const Roles& held) const {
    return close(held, possible_);
  }
  /// Who certainly stands in for a role now; empty: nobody.
  const std::vector<index>& substitutes(index role) const {
    return substitutes_.empty() ? nobody_ : substitutes_[role];
  }
  /// What the substitutions that are not certain turn on.
  const std::vector<std::string>& missing() const { return missing_; }

 private:
  using edges = std::vector<std::vector<index>>;

  // What is included is known of the policy, with all that follows; substitutions add to it.
  template <class Roles>
  role_set close(const Roles& held, const edges& standing_in) const {
    role_set out;
    for (index r : held) {
      if (standing_in.empty()) {
        out.insert(policy_.roles[r].acts_as);
      } else {
        add(r, standing_in, out);
      }
    }
    return out;
  }
  void add(index role, const edges& standing_in, role_set& out) const;

  const compiled_policy& policy_;
  std::vector<index> nobody_{};
  // By who stands in, for whom; all empty where nobody stands in for anybody.
  edges certain_{};
  edges possible_{};
  std::vector<std::vector<index>> substitutes_{};
  std::vector<std::string> missing_{};
};

/// The proposer, as far as authority is concerned.
struct proposer {
  role_list held{};  ///< roles named in the request that the policy knows
  role_set certain{};
  role_set possible{};
  bool no_role{};  ///< the request names none
};
proposer proposer_of(const context& c, const role_table& roles);

/// How many steps along `escalate_to` each role is away from the nearest of `from`, by role;
/// `out_of_reach` for those that are not on the way.
inline constexpr int out_of_reach = 1 << 30;
using role_distances = boost::container::small_vector<int, 64>;
role_distances distances(const compiled_policy& policy, const role_list& from);

/// Names, in an approval that is still wanted, who stands in for a role now in the role's stead.
/// Only for the telling: whoever holds the role itself still meets it.
void name_substitutes(const context& c, const role_table& roles, need& n);

}  // namespace leeway::engine
