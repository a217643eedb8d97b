// SPDX-License-Identifier: Apache-2.0
// What of a policy its cases reached.
#pragma once

#include "engine/trace.hpp"

#include <leeway/policy/document.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace leeway::cli {

/// The kinds of things a policy's coverage tells apart.
enum class covered : std::uint8_t {
  rule,
  grant,
  budget,
  entitlement,
  requirement,
  discretion,
  overlay,
  narrowing
};
inline constexpr covered all_covered[] = {
    covered::rule,        covered::grant,      covered::budget,  covered::entitlement,
    covered::requirement, covered::discretion, covered::overlay, covered::narrowing};
/// `rules`, `grants` ...
std::string_view plural_of(covered kind);

/// One way something of a policy can go, and whether a case went it.
struct branch {
  covered kind{covered::rule};
  std::string id{};
  std::string_view way{};  ///< `true`, `false`, `within`, `over` ...
  bool reached{};
};

/// How many of how many.
struct tally {
  std::size_t reached{};
  std::size_t all{};
  void operator+=(const tally& other) {
    reached += other.reached;
    all += other.all;
  }
};

/// Every branch of a policy: a rule or grant with a condition can be true and false, a requirement
/// met and not met, a budget within and over (and, with a condition, not apply), an overlay apply
/// and not apply, a narrowing leave what its grant covers and take it away.
std::vector<branch> branches_of(const policy_document& policy, const engine::trace& seen);

/// The branches of one overlay alone.
std::vector<branch> branches_of(const overlay_definition& overlay, const engine::trace& seen);

/// Of one kind, the things of which any branch was reached.
tally things(const std::vector<branch>& branches, covered kind);
/// All branches.
tally branch_tally(const std::vector<branch>& branches);

}  // namespace leeway::cli
