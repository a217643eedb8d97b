// SPDX-License-Identifier: Apache-2.0
// The order on needs, and who meets them.
#pragma once

#include "engine/context.hpp"

#include <string>
#include <vector>

namespace leeway::engine {

/// A person whose sign-off counts.
struct signer {
  agent_id by{};
  role_set roles{};
};

/// Brings `any_of` to its normal form: sorted, and without a role that includes another of them.
void normalise(const compiled_policy& policy, need& n);

/// Whether whatever meets `by` also meets `n` (a partial order on normalised needs). A distinct
/// need is implied by an equal one only: each takes a person of its own.
bool implied(const compiled_policy& policy, const need& n, const need& by);

/// Adds a normalised need, to an equal one where one is among the first; `join_needs` unites all.
void add_need(const need& n, reusable_vector<need>& to);

/// The union less what is implied: associative, commutative, idempotent. Sorted.
void join_needs(const compiled_policy& policy, reusable_vector<need>& all);
reusable_vector<need> joined(const compiled_policy& policy, reusable_vector<need> all);

/// Whether someone with these roles may meet an approval.
bool meets(const compiled_policy& policy, const role_set& roles, const need& n);

/// Who meets an approval without another word: the proposer, or a signer; never a distinct one.
struct met_by {
  const compiled_policy& policy;
  const role_set& proposer;
  const std::vector<signer>& signers;
  bool operator()(const need& n) const;
};

/// Distinct needs that are one person's: with substitutes named, they name the same roles.
struct second_person {
  reusable_vector<role_id> named{};
  std::vector<need> asked{};  ///< as they were asked for; whoever meets all of them is the person
};

/// Which of `wanted` are met by the signers, each by a person of its own. Maximal; where there are
/// too few people, the first come first, and of people the lowest roles.
std::vector<bool> match(const compiled_policy& policy, const std::vector<second_person>& wanted,
                        const std::vector<signer>& signers);

}  // namespace leeway::engine
