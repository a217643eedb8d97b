// SPDX-License-Identifier: Apache-2.0
// Which fact to ask for first.
#pragma once

#include "policy/compiled.hpp"

#include <leeway/engine/capability.hpp>
#include <leeway/engine/decision.hpp>

#include <vector>

namespace leeway::engine {

/// Puts first what says whether the others matter at all: the left of `&&`, the condition of `?:`,
/// an entitlement's `when` before its `requires` and both before its `due`. For a person who reads:
/// interchange forms keep their sorted order.
std::vector<open_question> in_asking_order(const policy_detail::compiled_policy& policy,
                                           std::vector<open_question> questions);
/// The same of the facts among needs; approvals stay in front.
reusable_vector<need> in_asking_order(const policy_detail::compiled_policy& policy,
                                      reusable_vector<need> needs);

}  // namespace leeway::engine
