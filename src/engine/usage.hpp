// SPDX-License-Identifier: Apache-2.0
// Usage from history: what budgets, measures, grants and discretion funds have used.
#pragma once

#include "policy/compiled.hpp"

#include <leeway/engine/decision.hpp>
#include <leeway/engine/usage.hpp>
#include <leeway/model/request.hpp>

#include <string>
#include <vector>

namespace leeway::engine {

/// The attribute of a history entry that says it was an act of discretion, and its value.
inline constexpr std::string_view basis_attribute = "basis";
inline constexpr std::string_view basis_discretion = "discretion";

std::vector<usage_key> usage_needed(const policy_detail::compiled_policy& policy, const request& r);
usage usage_of(const policy_detail::compiled_policy& policy, const request& r);

/// What is missing of the request's history to know the usage of `ids`, and how to give it: one
/// sentence without a full stop. Empty: `ids` is.
std::string history_wanted(const policy_detail::compiled_policy& policy, const request& r,
                           const std::vector<rule_id>& ids);

history_entry entry_of(const policy_detail::compiled_policy& policy, const request& r,
                       const decision& d);

}  // namespace leeway::engine
