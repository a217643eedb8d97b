// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "condition/quick.hpp"
#include "condition/support.hpp"
#include "fuzz/must.hpp"

/// The facts that the expressions read.
inline const leeway::condition::test::world& names() {
  static const leeway::condition::test::world out;
  return out;
}

/// The quick form finds what the general evaluator found.
inline void check_quick(const leeway::condition::program& code, const leeway::condition::frame& f,
                        const leeway::condition::evaluation& found) {
  using leeway::condition::truth;
  const auto& env = names().env();
  leeway::value scratch(false);
  const leeway::value* quick = quick_value(code, env, f, scratch);
  must((quick != nullptr) == found.is_known());
  if (quick != nullptr) must(quick->to_string() == found.result->to_string());
  const truth known = found.is_true() ? truth::yes : found.is_false() ? truth::no : truth::unknown;
  must(quick_truth(code, env, f) == known);
}
