// SPDX-License-Identifier: Apache-2.0
// Sign-offs: which count, and what they meet.
#pragma once

#include "engine/context.hpp"
#include "engine/needs.hpp"
#include "engine/roles.hpp"

#include <vector>

namespace leeway::engine {

/// The people whose sign-offs count, in id order, each with all roles they signed in. Sign-offs
/// that do not count are reported as (approving) findings: the proposer's own, one that has run
/// out, one for another request or for less than is proposed.
std::vector<signer> find_signers(const context& c, const role_table& roles,
                                 reusable_vector<finding>& out);

/// Takes what is met out of the findings' needs; a finding left without needs no longer escalates.
void settle(const context& c, const role_table& roles, const proposer& who,
            const std::vector<signer>& signers, reusable_vector<finding>& findings);

}  // namespace leeway::engine
