// SPDX-License-Identifier: Apache-2.0
// A request made ready for evaluation, or the decision that says why it cannot be evaluated.
#pragma once

#include "engine/context.hpp"

#include <leeway/engine/policy.hpp>

#include <optional>
#include <string>

namespace leeway::engine {

/// `facts` is set when the request can be evaluated; otherwise `answer` is the decision. Else
/// `answer` is only begun: ids, policy, protection, usage.
struct prepared {
  decision answer{};
  std::optional<condition::frame> facts{};
  index action{};
};

/// The same into a frame that was used before and a decision that is clear; nullopt: `answer` is
/// the decision.
std::optional<index> prepare(const compiled_policy& policy, const request& r, const usage& used,
                             const decide_options& options, const std::string* suspended,
                             condition::frame& facts, decision& answer);

/// `suspended`, when given: the policy is switched off, and why.
prepared prepare(const compiled_policy& policy, const request& r, const usage& used,
                 const decide_options& options = {}, const std::string* suspended = nullptr);

}  // namespace leeway::engine
