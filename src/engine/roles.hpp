// SPDX-License-Identifier: Apache-2.0
// Roles as they stand for one request: what a person acts with, and who stands in for whom.
#pragma once

#include "engine/context.hpp"
#include "engine/needs.hpp"

#include <map>
#include <string>
#include <vector>

namespace leeway::engine {

/// The roles of this policy as they stand for one request: what each acts with, substitutions in
/// force included.
class role_table {
 public:
  explicit role_table(const context& c);

  /// Roles a holder of `held` certainly acts with.
  role_set certain(const std::vector<index>& held) const { return close(held, certain_); }
  /// And possibly: where a substitution turns on unknown facts, too.
  role_set possible(const std::vector<index>& held) const { return close(held, possible_); }
  /// Who certainly stands in for a role now; empty: nobody.
  const std::vector<index>& substitutes(index role) const { return substitutes_[role]; }
  /// What the substitutions that are not certain turn on.
  const std::vector<std::string>& missing() const { return missing_; }

 private:
  using edges = std::vector<std::vector<index>>;
  static role_set close(const std::vector<index>& held, const edges& from);

  edges certain_{};
  edges possible_{};
  std::vector<std::vector<index>> substitutes_{};
  std::vector<std::string> missing_{};
};

/// The proposer, as far as authority is concerned.
struct proposer {
  std::vector<index> held{};  ///< roles named in the request that the policy knows
  role_set certain{};
  role_set possible{};
  bool no_role{};  ///< the request names none
};
proposer proposer_of(const context& c, const role_table& roles);

/// How many steps along `escalate_to` each role is away from the nearest of `from`; those that are
/// not on the way are left out.
std::map<index, int> distances(const compiled_policy& policy, const std::vector<index>& from);

/// Names, in an approval that is still wanted, who stands in for a role now in the role's stead.
/// Only for the telling: whoever holds the role itself still meets it.
void name_substitutes(const context& c, const role_table& roles, need& n);

}  // namespace leeway::engine
