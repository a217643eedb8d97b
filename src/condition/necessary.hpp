// SPDX-License-Identifier: Apache-2.0
// What must be so for a condition to be true, where that is as much as a look-up can use.
#pragma once

#include "condition/node.hpp"

#include <vector>

namespace leeway::condition {

/// See program::necessary().
std::vector<equality> necessary_equalities(const node& root);

}  // namespace leeway::condition
