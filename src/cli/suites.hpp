// SPDX-License-Identifier: Apache-2.0
// The suites of a test run: files of cases, and the policies they are for.
#pragma once

#include "cli/policies.hpp"

#include <optional>
#include <string>
#include <vector>

namespace leeway::cli {

class terminal;

/// Cases, and the policies they are for.
struct suite {
  std::string cases{};
  const loaded_policy* usual{};  ///< for cases that name no policy; nullptr: choose
  std::vector<const loaded_policy*> policies{};
};

/// The suites among files and folders; their policies are loaded into `policies`, which must
/// outlive them. Nothing: something is not good, and was reported.
std::optional<std::vector<suite>> find_suites(const std::vector<std::string>& paths,
                                              policy_files& policies, terminal& to);

}  // namespace leeway::cli
