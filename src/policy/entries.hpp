// SPDX-License-Identifier: Apache-2.0
// The lists of a policy document: roles, actions, grants, measures, budgets, rules, ...
#pragma once

#include "policy/fields.hpp"

#include <leeway/policy/document.hpp>

namespace leeway::policy_detail {

/// Reads them all. Entry i of a list of `into` is item i of the array, also when it is broken.
void read_entries(fields& top, policy_document& into);

}  // namespace leeway::policy_detail
