// SPDX-License-Identifier: Apache-2.0
// What the parts of one evaluation share.
#pragma once

#include "condition/program.hpp"
#include "condition/quick.hpp"
#include "engine/trace.hpp"
#include "policy/compiled.hpp"

#include <leeway/engine/decision.hpp>
#include <leeway/engine/usage.hpp>
#include <leeway/model/request.hpp>

#include <optional>
#include <string>
#include <vector>

namespace leeway::engine {

using policy_detail::code_ptr;
using policy_detail::compiled_policy;
using policy_detail::compiled_quantity;
using policy_detail::index;
using policy_detail::role_set;

/// The truth of a condition, with what it turns on when it is not known.
struct verdict {
  enum class truth : std::uint8_t { no, yes, maybe };
  truth is{truth::yes};
  std::vector<std::string> missing{};  ///< facts; of maybe, never empty
  std::string error{};                 ///< of a condition that could not be computed

  bool yes() const { return is == truth::yes; }
  bool no() const { return is == truth::no; }
  bool maybe() const { return is == truth::maybe; }
};

/// Everything one evaluation reads. The frame's amount is replaced while candidates are tried.
struct context {
  const compiled_policy& policy;
  const request& req;
  const usage& used;
  condition::frame& facts;
  index action{};
  std::optional<money> proposed{};  ///< as proposed; of an offer's candidate, not the request's
  std::optional<money> amount{};    ///< resolved; absent: not known, or the action has none
  bool has_amount{};                ///< false: the action's amount mode is `none`
  /// What `action.due` turns on while it is not known.
  std::vector<std::string> due_missing{};
  /// What an amount that is not known turns on, besides itself: facts of what is due, or of the
  /// fixed amount.
  std::vector<std::string> amount_behind{};
  /// Whether it would be approved is all that is asked, as of an offer's candidates: which other
  /// outcome it would be, and why, is left out.
  bool approval_only{};
  /// The outcome is asked and how many findings deny, but not which denial of authority it is:
  /// whether less would be covered is left out.
  bool count_only{};
  /// Whether it is told why; otherwise findings only stand for their outcomes.
  bool reasons{true};
  /// Whether nothing more is looked at once something denies for certain.
  bool stop_at_denial{};
  /// Whether grants are read as overlays narrow them, or as the policy itself has them.
  bool narrowed{true};
  trace* seen{};

  /// What there is in the policy for this action.
  const policy_detail::for_action& here() const { return policy.of_action[action]; }
  /// What an amount that is not known turns on.
  const std::vector<std::string>& amount_needs() const;
  /// Whether one of the findings so far denies for certain and nobody asks what else there is: only
  /// discretion takes a denial back.
  bool settled_by(const reusable_vector<finding>& so_far) const;

  void mark(const rule_id& id, trace_bit bit) const {
    if (seen != nullptr) seen->mark(id, bit);
  }
};

/// Whether `when` holds and `unless` does not, as far as can be told without asking why: `unknown`
/// where it is not known or cannot be computed.
inline condition::truth quick_applies(const context& c, const code_ptr& when,
                                      const code_ptr& unless) {
  using condition::truth;
  const auto& env = *c.policy.env;
  const truth holds = when == nullptr ? truth::yes : condition::quick_truth(*when, env, c.facts);
  if (holds == truth::no || unless == nullptr) return holds;
  const truth lifted = condition::quick_truth(*unless, env, c.facts);
  if (lifted == truth::yes) return truth::no;
  return lifted == truth::no ? holds : truth::unknown;
}
/// Truth of a program; a null program is true.
verdict truth_of(const context& c, const code_ptr& code);
/// `when` holds and `unless` does not.
verdict applies(const context& c, const code_ptr& when, const code_ptr& unless);
/// Whether an overlay is in force and applies; null: of the policy itself, always.
verdict applies(const context& c, const policy_detail::overlay_ptr& overlay);
/// Both.
verdict both(verdict a, verdict b);
/// Whether `when` is false, or `unless` true, whatever the amount.
bool never_applies(const context& c, const code_ptr& when, const code_ptr& unless);
/// The facts an evaluation turns on, by name.
std::vector<std::string> missing_names(const context& c, const condition::evaluation& e);

/// A bound's value; `known` false: see missing.
struct quantity_value {
  std::optional<value> content{};
  std::vector<std::string> missing{};
  std::string error{};
};
quantity_value value_of(const context& c, const compiled_quantity& q);

/// The atoms of a condition that decided, for a finding.
void add_atoms(const context& c, const code_ptr& code, reusable_vector<deciding_atom>& out);

/// A need for each missing fact, with the policy's question where it has one.
reusable_vector<need> fact_needs(const context& c, const std::vector<std::string>& missing,
                                 const rule_id& rule);

/// Whether dates (civil, in the policy's zone, `until` exclusive) hold at the instant of the
/// request.
bool dates_hold(const context& c, const std::optional<civil_date>& from,
                const std::optional<civil_date>& until);

/// What a usage lookup came to.
struct usage_lookup {
  const usage_value* found{};  ///< nullptr: zero when `zero`, else unknown
  bool zero{};
  std::vector<std::string> missing{};
};
usage_lookup find_usage(const context& c, const rule_id& id,
                        const std::vector<condition::slot>& per);

}  // namespace leeway::engine
