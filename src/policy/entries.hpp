// SPDX-License-Identifier: Apache-2.0
// The lists of a policy document: roles, actions, grants, measures, budgets, rules, ...
#pragma once

#include "policy/fields.hpp"

#include <leeway/policy/document.hpp>

namespace leeway::policy_detail {

/// Reads them all. Entry i of a list of `into` is item i of the array, also when it is broken.
void read_entries(fields& top, policy_document& into);

/// Facts, values and tables.
void read_names(fields& top, std::vector<fact_declaration>& facts,
                std::vector<value_definition>& values, std::vector<table_definition>& tables);

/// What an overlay holds, in a policy as in a file of its own.
overlay_definition read_overlay(fields& in);

}  // namespace leeway::policy_detail
