// SPDX-License-Identifier: Apache-2.0
// A value made into the type that a fact is declared as.
#pragma once

#include "condition/type.hpp"

#include <leeway/base/currency.hpp>
#include <leeway/model/value.hpp>

#include <cmath>
#include <optional>
#include <string>

namespace leeway::engine {

/// A value of the type, or why it cannot be one.
struct coerced {
  std::optional<value> content{};
  std::string problem{};  ///< empty: fine
};

/// JSON has fewer types than facts have: an amount, a date or a ratio comes as text, a whole number
/// as either kind. What is in a list or a map is made over likewise. Money must be in `cur`.
coerced coerce(const value& v, const condition::type& wanted, currency cur);

/// The canonical form of a request, which records keep, knows no minus zero: a fact that is one is
/// made over.
inline bool is_minus_zero(double v) { return v == 0.0 && std::signbit(v); }

}  // namespace leeway::engine
