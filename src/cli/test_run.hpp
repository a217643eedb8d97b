// SPDX-License-Identifier: Apache-2.0
// Cases run against their policies.
#pragma once

#include "cli/case_file.hpp"
#include "cli/input.hpp"
#include "cli/policies.hpp"
#include "cli/progress.hpp"
#include "cli/suites.hpp"
#include "engine/trace.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace leeway::cli {

class terminal;

struct test_options {
  std::vector<std::string> paths{};
  std::string format{"text"};
  std::string filter{};
  std::vector<std::string> overlays{};
  int coverage_min{};
  bool watch{};
};

/// A case that did not pass.
struct failed_case {
  std::string file{};
  std::size_t line{};
  std::string id{};
  std::string name{};
  std::vector<difference> found{};
  std::vector<std::string> reasons{};
  std::vector<std::string> hints{};
};

/// What the cases of one policy came to.
struct policy_report {
  const loaded_policy* policy{};
  const loaded_policy* without{};  ///< of a policy with the overlays of its cases: that without
  std::size_t passed{};
  std::size_t failed{};
  engine::trace seen{};
};

/// Runs suites and keeps what came of them.
class test_run {
 public:
  test_run(const test_options& options, terminal& to)
      : options_(options), to_(to), progress_(to, "cases") {}

  /// False: the cases could not be read.
  bool run(const suite& s);

  /// By the policy's file.
  const std::map<std::string, policy_report>& reports() const { return reports_; }
  /// Of a report in JSON: the first ones.
  const std::vector<failed_case>& failures() const { return failures_; }
  std::size_t left_out() const { return left_out_; }
  std::size_t invalid() const { return invalid_; }

 private:
  void run(const suite& s, const input& in, const piece& line);
  const loaded_policy* overlaid(const suite& s, const loaded_policy& base, const test_case& one);
  void share(const loaded_policy& base, const loaded_policy& under);
  void decide(const loaded_policy& under, const test_case& one, const input& in, const piece& line);
  void tell(failed_case failed);
  bool asked_for(const test_case& one) const;
  void refuse(const diagnostics& why);

  const test_options& options_;
  terminal& to_;
  progress progress_;
  std::map<std::string, policy_report> reports_{};
  std::map<std::string, std::optional<loaded_policy>> overlaid_{};  ///< by the files' names
  std::vector<failed_case> failures_{};
  std::size_t invalid_{};
  std::size_t left_out_{};
};

}  // namespace leeway::cli
