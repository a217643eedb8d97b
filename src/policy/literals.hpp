// SPDX-License-Identifier: Apache-2.0
// Constants in a policy document: defaults of facts, rows of tables.
#pragma once

#include "condition/type.hpp"
#include "policy/fields.hpp"

#include <leeway/model/value.hpp>
#include <leeway/policy/document.hpp>

#include <optional>
#include <string>

namespace leeway::policy_detail {

/// How a constant of this type is written, for messages: "an amount of money such as ...".
std::string written_as(const condition::type& wanted);

/// Reads a constant of a declared type. Reports what does not fit, and answers nothing then.
std::optional<value> read_literal(fields& in, const json::node& from, const std::string& pointer,
                                  const condition::type& wanted);

/// Reads a table into `into`: maps of strings as deep as they go, leaves all of one type; or, from
/// an array, entries by date. What is wrong is reported, and `into` is then left empty.
void read_table(fields& in, const json::node& from, const std::string& pointer,
                table_definition& into);

/// Whether a value is of a type, items and keys too.
bool value_fits(const value& candidate, const condition::type& wanted);

/// A ratio as tables write it (`12.5%`); nothing when its decimals do not end.
std::optional<std::string> as_percent(ratio r);

}  // namespace leeway::policy_detail
