// SPDX-License-Identifier: Apache-2.0
// Which facts matter only once others are known: the left of `&&` before the right, the condition
// of `?:` before both of its sides.
#pragma once

#include "condition/program.hpp"

#include <set>
#include <utility>

namespace leeway::condition {

/// Pairs of facts; the first guards the second.
using guard_pairs = std::set<std::pair<slot, slot>>;

/// Adds the guards that an expression has, through `values` too.
void add_guards(const program& code, guard_pairs& out);

}  // namespace leeway::condition
