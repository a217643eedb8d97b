// SPDX-License-Identifier: Apache-2.0
// Authority: who may decide this action, and the one finding that says so.
#pragma once

#include "engine/context.hpp"
#include "engine/needs.hpp"
#include "engine/roles.hpp"

#include <vector>

namespace leeway::engine {

/// The authority finding. It names the nearest competent roles, but the sign-off of any other
/// person in a certainly competent role settles it: so an approval once given stays good when more
/// facts make a nearer role competent.
finding authority_finding(const context& c, const role_table& roles, const proposer& who,
                          const std::vector<signer>& signers);

}  // namespace leeway::engine
