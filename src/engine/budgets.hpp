// SPDX-License-Identifier: Apache-2.0
// Budgets: used + held + proposed against the limit.
#pragma once

#include "engine/context.hpp"
#include "engine/entitlements.hpp"
#include "engine/rules.hpp"

#include <vector>

namespace leeway::engine {

void find_budgets(const context& c, const due_state& due, const met_by& met,
                  reusable_vector<finding>& findings, reusable_vector<limit>& limits);

/// Amounts next to which a budget's answer may change.
void budget_candidates(const context& c, const due_state& due, std::vector<std::int64_t>& out);

/// What of the amount is goodwill: all of it, less what is due.
std::int64_t goodwill_of(const due_state& due, const money& amount);

}  // namespace leeway::engine
