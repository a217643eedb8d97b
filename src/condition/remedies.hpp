// SPDX-License-Identifier: Apache-2.0
// What to tell an author about a slip: remedies for operands and names that do not fit.
#pragma once

#include "condition/environment.hpp"
#include "condition/tree.hpp"
#include "condition/type.hpp"

#include <string>
#include <string_view>

namespace leeway::condition {

/// One side of an operator, as written and as checked.
struct operand {
  const tree& written;
  const type& found;
  std::string_view source;  ///< the whole expression's text

  std::string text() const;
};

/// How to mend a comparison (or `in`) of two types that cannot be compared.
std::string comparison_remedy(std::string_view op, const operand& left, const operand& right,
                              const environment& env);

/// How to mend arithmetic on two types that have no such operator.
std::string arithmetic_remedy(std::string_view op, const operand& left, const operand& right,
                              const environment& env);

/// How to turn a value of that type into a condition.
std::string condition_remedy(const operand& side);

/// How to write what `duration('...')` was given, such as `1d` or `90`; empty when it is not known.
std::string duration_remedy(std::string_view written);

/// What a function or field of another language is called here; empty when it is not known.
std::string foreign_name_remedy(std::string_view name, const std::string& target,
                                const type& target_type, std::string_view zone);

}  // namespace leeway::condition
