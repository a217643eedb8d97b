// SPDX-License-Identifier: Apache-2.0
// The expressions of an entry, evaluated, as trees.
#pragma once

#include "engine/context.hpp"

#include <leeway/engine/explanation.hpp>

#include <vector>

namespace leeway::engine {

/// The tree of one expression on a frame.
expression_part tree_of(const policy_detail::program& code, const condition::environment& env,
                        const condition::frame& facts);

/// Every expression of the entry behind a finding (or a silent entry), in the order of the policy's
/// keys. Empty when there is no such entry, or it has only constants.
std::vector<reading> readings_of(const context& c, finding_part part, const rule_id& rule);

}  // namespace leeway::engine
