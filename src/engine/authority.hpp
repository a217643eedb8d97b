// SPDX-License-Identifier: Apache-2.0
// Authority: who may decide this action, and the one finding that says so.
#pragma once

#include "engine/context.hpp"
#include "engine/needs.hpp"
#include "engine/roles.hpp"

#include <optional>
#include <vector>

namespace leeway::engine {

/// Adds the authority finding. It names the nearest competent roles, but the sign-off of any other
/// person in a certainly competent role settles it: so an approval once given stays good when more
/// facts make a nearer role competent.
void find_authority(const context& c, const role_table& roles, const proposer& who,
                    const std::vector<signer>& signers, reusable_vector<finding>& out);

/// Where discretion has lifted the authority finding: the unknown that it would have had to leave,
/// had fewer overlays made an answer of it; nullopt: none. With it an overlay only tightens:
/// otherwise a "no" that an overlay adds could be lifted where the "not known" before it could not.
std::optional<finding> unknown_beneath_overlays(const context& c, const role_table& roles,
                                                const proposer& who);

}  // namespace leeway::engine
