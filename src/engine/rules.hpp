// SPDX-License-Identifier: Apache-2.0
// Rules: what denies, escalates, asks for a second person, obliges.
#pragma once

#include "engine/context.hpp"
#include "engine/needs.hpp"

#include <string_view>
#include <vector>

namespace leeway::engine {

/// How the detail begins of an obligation whose condition fails: the error follows.
constexpr std::string_view failed_obligation = "cannot be computed: ";

/// `met` tells whether an approval would already be met, by the proposer or the sign-offs.
void find_rules(const context& c, const met_by& met, reusable_vector<finding>& findings,
                reusable_vector<obligation>& obligations);

/// Amounts next to which a rule's answer may change.
void rule_candidates(const context& c, std::vector<std::int64_t>& out);

}  // namespace leeway::engine
