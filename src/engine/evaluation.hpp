// SPDX-License-Identifier: Apache-2.0
// All findings on one proposal, joined. The offer evaluates other proposals through this too.
#pragma once

#include "engine/context.hpp"
#include "engine/entitlements.hpp"

#include <optional>
#include <vector>

namespace leeway::engine {

/// What evaluating one proposal came to. Where only the approval is asked for, findings and what
/// follows from them may be missing from a proposal that is not approved.
struct evaluated {
  leeway::outcome outcome{leeway::outcome::deny};
  std::optional<money> amount{};
  due_state due{};
  reusable_vector<finding> findings{};
  reusable_vector<obligation> obligations{};
  reusable_vector<limit> limits{};
  reusable_vector<need> needs{};
  bool lifted{};
  rule_id discretion{};

  /// As before any evaluation; the memory stays.
  void clear();
};

/// Evaluates the action of `c` with the given amount (as proposed). Sets the frame's amount.
evaluated evaluate_proposal(context c, const std::optional<money>& proposed);
/// The same, into what was used before.
void evaluate_proposal(context c, const std::optional<money>& proposed, evaluated& out);

/// Whether that would be approved: what `evaluate_proposal` gives, without telling why not.
bool would_approve(context c, const std::optional<money>& proposed);

/// The offer for a proposal that was not approved; nullopt when there is nothing to offer.
std::optional<offer> find_offer(const context& c, const std::optional<money>& proposed,
                                const evaluated& what);

}  // namespace leeway::engine
