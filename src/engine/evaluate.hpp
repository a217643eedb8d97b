// SPDX-License-Identifier: Apache-2.0
// The evaluation of one request: the decision algebra as a pure function.
#pragma once

#include "engine/trace.hpp"

#include <leeway/engine/policy.hpp>

#include <string>

namespace leeway::engine {

/// Decides; `seen`, when given, collects what was reached (of the request itself, not of its
/// offer). `suspended`, when given: the policy is switched off, and why. `into` may have been used
/// before.
void decide_traced(const policy_detail::compiled_policy& policy, const request& r,
                   const usage& used, const decide_options& options, trace* seen,
                   const std::string* suspended, decision& into);

/// The protection statement in a language, or the nearest there is; empty: the policy has none.
const std::string& protection_in(const policy_document& document, const std::string& language);

}  // namespace leeway::engine
