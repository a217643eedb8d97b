// SPDX-License-Identifier: Apache-2.0
// What of a policy had nothing to say, and why.
#pragma once

#include "engine/context.hpp"

#include <leeway/engine/explanation.hpp>

#include <vector>

namespace leeway::engine {

/// Every entry for the action of `c` that no finding of `d` comes from, by part, then by id. The
/// frame holds the amount that was decided on.
std::vector<silent_part> silent_parts(const context& c, const decision& d, bool trees);

}  // namespace leeway::engine
