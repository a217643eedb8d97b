// SPDX-License-Identifier: Apache-2.0
// The evaluation of one request: the decision algebra as a pure function.
#pragma once

#include "engine/trace.hpp"

#include <leeway/engine/policy.hpp>

namespace leeway::engine {

/// Decides; `seen`, when given, collects what was reached (of the request itself, not of its
/// offer).
decision decide_traced(const policy_detail::compiled_policy& policy, const request& r,
                       const usage& used, const decide_options& options, trace* seen);

}  // namespace leeway::engine
