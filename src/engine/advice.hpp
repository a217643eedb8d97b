// SPDX-License-Identifier: Apache-2.0
// What is probably a slip in a request, though it is valid.
#pragma once

#include "policy/compiled.hpp"

#include <leeway/base/diagnostic.hpp>
#include <leeway/model/request.hpp>

namespace leeway::engine {

/// Adds warnings about what is probably a slip: facts, roles and kinds of history that the policy
/// does not know. They change no decision.
void advise(const policy_detail::compiled_policy& policy, const request& r, diagnostics& found);

}  // namespace leeway::engine
