// SPDX-License-Identifier: Apache-2.0
// Rules: what denies, escalates, asks for a second person, obliges.
#pragma once

#include "engine/context.hpp"

#include <functional>
#include <vector>

namespace leeway::engine {

/// Tells whether an approval would already be met, by the proposer or the sign-offs.
using is_met = std::function<bool(const need&)>;

void find_rules(const context& c, const is_met& met, std::vector<finding>& findings,
                std::vector<obligation>& obligations);

/// Amounts next to which a rule's answer may change.
void rule_candidates(const context& c, std::vector<std::int64_t>& out);

}  // namespace leeway::engine
