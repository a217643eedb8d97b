// SPDX-License-Identifier: Apache-2.0
// Who could approve, and what the action may then come to.
#pragma once

#include "engine/context.hpp"
#include "engine/evaluation.hpp"
#include "engine/roles.hpp"

#include <leeway/engine/capability.hpp>

#include <vector>

namespace leeway::engine {

/// Which roles an approval is looked for in.
enum class asked_roles : std::uint8_t {
  named,    ///< those that the need names
  settling  ///< and every other one whose sign-off would settle it just as well
};

/// The approvals among the needs of `what`, which is what evaluating `proposed` came to.
std::vector<approval_choice> approvals_of(const context& c, const std::optional<money>& proposed,
                                          const evaluated& what, asked_roles which);

/// The facts among the needs. Whatever usage is not known is one question: for the history.
std::vector<open_question> questions_of(const compiled_policy& policy, const request& r,
                                        const reusable_vector<need>& needs);

}  // namespace leeway::engine
