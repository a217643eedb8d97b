// SPDX-License-Identifier: Apache-2.0
// What a test run came to, as a page and as JSON.
#pragma once

#include "cli/coverage.hpp"
#include "cli/test_run.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace leeway::cli {

class terminal;

/// Everything the report tells, whatever its form.
struct summary {
  struct of_policy {
    policy_report report{};
    std::vector<branch> branches{};

    const std::string& file() const { return report.policy->file; }
  };
  std::vector<of_policy> policies{};
  std::size_t passed{};
  std::size_t failed{};
  std::size_t invalid{};
  std::map<covered, tally> things{};
  tally branches{};

  /// Rounded down, so that 100 means all.
  std::size_t percent() const {
    return branches.all == 0 ? 100 : branches.reached * 100 / branches.all;
  }
};

summary summarise(const test_run& run);

/// Writes the report in the form that was asked for.
void report(const test_options& options, const test_run& run, const summary& s, terminal& to);

}  // namespace leeway::cli
