// SPDX-License-Identifier: Apache-2.0
// The whole of an evaluated expression: every part with its text and its value.
#pragma once

#include "condition/environment.hpp"
#include "condition/program.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace leeway::condition {

/// One part of an expression as it was evaluated. Constants written as such are left out: their
/// text is their value.
struct traced {
  std::string text{};  ///< as written in the policy
  /// Of a macro's part: the item it was evaluated for, `f = 'vip'`.
  std::string item{};
  evaluation::state status{evaluation::state::known};
  std::optional<bool> truth{};  ///< of a bool that is known
  std::string found{};          ///< the value, when known
  std::string error{};          ///< of failed
  /// Whether its value took part in its parent's: the false side of a false `a && b` did, the true
  /// side did not.
  bool decides{true};
  std::vector<traced> parts{};
  std::size_t left_out{};  ///< how many more parts there are than `parts` holds
};

/// Where a tree ends, however large the expression and its lists are.
struct trace_limits {
  std::size_t depth{24};
  std::size_t parts{12};   ///< of one node
  std::size_t nodes{300};  ///< of the tree
  std::size_t text{160};   ///< bytes of a text or value
  std::size_t items{3};    ///< of a macro's list
};

/// Evaluates every part of a program. Total, like `evaluate`, and the root says what that does.
/// Within macros only the items that decided are told. Costs at most the expression's cost at each
/// level of its depth.
traced trace(const program& p, const environment& env, const frame& f,
             const trace_limits& limits = {});

}  // namespace leeway::condition
