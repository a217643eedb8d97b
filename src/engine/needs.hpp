// SPDX-License-Identifier: Apache-2.0
// The order on needs, and who meets them.
#pragma once

#include "engine/context.hpp"
#include "engine/role_set.hpp"

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

/// Adds a normalised need, to an equal one where there is one.
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

/// Which of `needs` are met by the proposer (plain ones only) and the signers; every distinct need
/// takes a person who meets no other distinct need. Maximal; lowest roles first.
std::vector<bool> match(const compiled_policy& policy, const reusable_vector<need>& needs,
                        const role_set& proposer, const std::vector<signer>& signers);

}  // namespace leeway::engine
