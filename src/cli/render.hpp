// SPDX-License-Identifier: Apache-2.0
// A decision as an agent reads it.
#pragma once

#include "cli/terminal.hpp"

#include <leeway/desk/standing.hpp>
#include <leeway/engine/decision.hpp>
#include <leeway/engine/policy.hpp>
#include <leeway/model/request.hpp>

#include <optional>
#include <string>

namespace leeway::cli {

/// Where a decision stands at a desk, as far as an answer in words needs it.
struct desk_place {
  decision_state state{decision_state::denied};
  next_step next{next_step::stop};
  std::optional<money> amount{};
  std::optional<instant> due{};
  decision_id id{};
  bool repeated{};
  bool supersedes_unknown{};

  /// Whether nothing happened to the decision since it was made.
  bool is_as_decided(outcome o) const;
};

/// `APPROVE` ... and what it is now where that is something else: `VOIDED`.
std::string headline_of(const decision& d, const std::optional<desk_place>& at);
paint colour_of(const decision& d, const std::optional<desk_place>& at);
/// What to do about what is no more as it was decided.
std::string next_in_words(const desk_place& at);

/// The answer first, then what to do, then why; ends in a newline. Texts from outside are made safe
/// to print.
std::string render(const policy& under, const request& r, const decision& d, const terminal& on,
                   const std::optional<desk_place>& at = std::nullopt);

/// What is still wanted, in one line: `approval of `team_lead` or `manager``.
std::string describe(const need& n);

/// `deny rule_denies R1: confirmed fraud (section 7)`.
std::string describe(const finding& f);

}  // namespace leeway::cli
