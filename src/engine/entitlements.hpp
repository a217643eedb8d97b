// SPDX-License-Identifier: Apache-2.0
// Entitlements: what the customer is owed, and how the proposal stands to it.
#pragma once

#include "engine/context.hpp"

#include <optional>
#include <vector>

namespace leeway::engine {

/// What is due for the proposed action. Does not depend on the proposed amount.
struct due_state {
  bool speaks{};                        ///< at least one entitlement of the action applies
  bool known{true};                     ///< false: see `findings`, which ask for what is missing
  std::optional<money> due{};           ///< when it speaks and is known
  due_policy below{due_policy::allow};  ///< the strictest of those that speak
  due_policy above{due_policy::goodwill};
  std::vector<index> above_escalate{};
  rule_id rule{};  ///< one that speaks, for the reason
  const provenance* origin{};
  reusable_vector<finding> findings{};
};

/// The facts that what is due turns on while it is not known, sorted.
std::vector<std::string> missing_for(const due_state& due);

due_state find_due(const context& c);
/// The same, into a state as it was before any.
void find_due(const context& c, due_state& state);

/// Makes what is due readable as `action.due`: zero when no entitlement speaks.
void bind_due(context& c, const due_state& due);

/// Compares the proposal with what is due. Adds findings; nothing when no entitlement speaks.
void compare_with_due(const context& c, const due_state& due, reusable_vector<finding>& out);

}  // namespace leeway::engine
