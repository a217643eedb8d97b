// SPDX-License-Identifier: Apache-2.0
// Grants: whether one covers the action, and by what it falls short.
#pragma once

#include "engine/context.hpp"

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace leeway::engine {

/// By what a grant fell short; the order is by how near it came.
enum class shortfall : std::uint8_t {
  nothing,
  bound,
  total,
  certification,
  dates,
  condition,
  action
};

/// How one grant answers.
struct coverage {
  verdict::truth is{verdict::truth::yes};
  shortfall by{shortfall::nothing};
  std::vector<std::string> missing{};  ///< of maybe: the facts it turns on
  std::string error{};                 ///< of a bound that could not be computed
  std::optional<value> actual{};
  std::optional<value> bound{};
  std::string_view relation{};  ///< `under`, `up to`, `over`, `at least`
  std::string detail{};
  /// The narrowing that it falls short of or turns on; nullptr: the grant's own.
  const policy_detail::compiled_narrowing* narrowing{};
};

/// Whether a grant covers the action of `c`, and so do its narrowings by the overlays that apply.
/// The certifications are the proposer's, so they are asked only where `is_proposer`. `upper` false
/// leaves the upper bounds out: would less be covered?
coverage covers(const context& c, const policy_detail::compiled_grant& g, bool is_proposer,
                bool upper = true);

/// The same at a glance, without what would be told: nullopt where it takes a closer look.
struct glance {
  bool covers{};
  shortfall by{shortfall::nothing};
};
std::optional<glance> glance_at(const context& c, const policy_detail::compiled_grant& g,
                                bool is_proposer);

/// What a narrowing allows, whether or not its overlay applies.
coverage allows(const context& c, const policy_detail::compiled_grant& g,
                const policy_detail::compiled_narrowing& n, bool is_proposer, bool upper = true);

/// What a narrowing leaves of what its grant covers: everything where its overlay does not apply,
/// and where that is not known never nothing for certain.
coverage narrowed_by(const context& c, const policy_detail::compiled_grant& g,
                     const policy_detail::compiled_narrowing& n, bool is_proposer,
                     bool upper = true);

/// Compares numbers as they are meant: a whole number where a ratio or a double is bounded; nullopt
/// for kinds that do not compare.
std::optional<std::partial_ordering> compare(const value& a, const value& b);

/// Amounts next to which the answer of one grant may change.
void grant_candidates(const context& c, const policy_detail::compiled_grant& g,
                      std::vector<std::int64_t>& out);
/// Amounts next to which some grant's answer may change.
void grant_candidates(const context& c, std::vector<std::int64_t>& out);

}  // namespace leeway::engine
