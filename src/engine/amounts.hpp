// SPDX-License-Identifier: Apache-2.0
// Which amounts of an action would be approved.
#pragma once

#include "engine/context.hpp"
#include "engine/evaluation.hpp"

#include <leeway/engine/capability.hpp>

#include <cstdint>
#include <optional>
#include <vector>

namespace leeway::engine {

/// Amounts (in minor units) next to which a decision on the action of `c` may change.
std::vector<std::int64_t> thresholds(const context& c, const due_state& due);

/// Whether a rule denies whatever the amount, so that no amount needs to be tried.
bool denied_at_any_amount(const context& c, const evaluated& what);

/// The largest amount in [lowest, highest] that would be approved; between two neighbouring
/// candidates nothing changes, so trying them all is exact.
std::optional<money> largest_approved(const context& c, const evaluated& what, std::int64_t lowest,
                                      std::int64_t highest);

/// Every amount from one minor unit on that would be approved, as ranges, ascending. A last range
/// without end: every amount that any bound could be about, and as much as ten million million
/// (10^15 minor units).
std::vector<amount_range> approved_amounts(const context& c, const evaluated& what);

/// The end of the last range.
amount_reach reach_of(const std::vector<amount_range>& ranges);

}  // namespace leeway::engine
