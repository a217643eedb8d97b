// SPDX-License-Identifier: Apache-2.0
// Evaluated expressions as trees, a part on a line.
#pragma once

#include <leeway/engine/explanation.hpp>

#include <cstddef>
#include <set>
#include <string>

namespace leeway::cli {

class terminal;

/// Writes the trees of one page: what a name of the policy stands for is told once.
class tree_printer {
 public:
  explicit tree_printer(const terminal& on) : on_(on) {}

  /// Adds a part and below it, indented, what it is made of.
  void add(const std::string& label, const expression_part& p, std::size_t indent,
           std::string& out);

 private:
  const terminal& on_;
  std::set<std::string> told_{};
};

}  // namespace leeway::cli
