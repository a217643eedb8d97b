// SPDX-License-Identifier: Apache-2.0
// What an agent may do for a customer right now.
#pragma once

#include <leeway/engine/decision.hpp>
#include <leeway/engine/policy.hpp>
#include <leeway/engine/usage.hpp>
#include <leeway/model/request.hpp>
#include <leeway/policy/document.hpp>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace leeway {

/// Up to what. Either `unlimited`, or an amount, or neither: nothing, or it cannot be said yet.
struct amount_reach {
  bool unlimited{};               ///< no bound, budget or rule ends it
  std::optional<money> amount{};  ///< to the minor unit
  bool none() const { return !unlimited && !amount; }
  friend bool operator==(const amount_reach&, const amount_reach&) = default;
};

/// Amounts that are all approved, from one to another, both inclusive.
struct amount_range {
  money from{};
  std::optional<money> to{};  ///< absent: without end
  friend bool operator==(const amount_range&, const amount_range&) = default;
};

/// A role whose approval is wanted, or would do.
struct approver {
  role_id role{};
  std::string title{};         ///< the policy's; may be empty
  std::optional<int> steps{};  ///< along `escalate_to`; absent: not on the agent's way up
  /// Up to what the agent may do it once somebody in this role has signed (and whoever else must);
  /// nothing while facts are missing, or where even so it could not be approved.
  amount_reach up_to{};
  friend bool operator==(const approver&, const approver&) = default;
};

/// One approval that is wanted: any one of these roles, the nearest first.
struct approval_choice {
  std::vector<approver> any_of{};
  bool distinct{};               ///< a person besides the proposer who meets no other such need
  std::vector<rule_id> rules{};  ///< what asks for it
  friend bool operator==(const approval_choice&, const approval_choice&) = default;
};

/// A fact that is not known and that the answer turns on.
struct open_question {
  /// Its dotted name; `history`: what was granted before, and `about` says what of it is wanted.
  std::string fact{};
  std::string ask{};    ///< the policy's question; may be empty
  std::string about{};  ///< what the policy says it means; may be empty
  std::vector<rule_id> rules{};
  friend bool operator==(const open_question&, const open_question&) = default;
};

/// What this agent may do, of one kind of action, alone and now.
///
/// Every amount here was found by deciding: an amount in `ranges` is approved for this very
/// request, the next minor unit beyond a range is not.
struct capability {
  action_kind action{};
  std::string title{};  ///< the policy's; may be empty
  amount_mode mode{amount_mode::any};
  bool allowed{};  ///< the agent alone may do it now: in some amount, or as it is
  /// The approved amounts of an action whose amount is `any`, ascending, with gaps between them.
  /// Of `fixed` and `due` the one amount, as proposed or not.
  std::vector<amount_range> ranges{};
  amount_reach largest{};         ///< the end of the last range; nothing when not allowed
  std::optional<money> amount{};  ///< of `fixed` and `due`: what it comes to, when that is known
  std::optional<money> due{};     ///< what the customer is owed; absent: nothing speaks, or unknown
  bool below_due_denied{};        ///< proposing less than `due` is denied
  /// The proposal that the rest is about: the next amount beyond `largest`, or, where nothing is
  /// allowed, the one that comes nearest. Absent: nothing stands in the way, or there is no amount.
  std::optional<money> beyond{};
  outcome beyond_outcome{outcome::approve};   ///< what would be decided on it
  reusable_vector<finding> in_the_way{};      ///< why: every finding that does not approve
  std::vector<approval_choice> approvals{};   ///< who could approve it
  std::vector<open_question> questions{};     ///< facts that it turns on
  reusable_vector<obligation> obligations{};  ///< what comes along with the largest amount
  reusable_vector<limit> limits{};            ///< where each budget stands
};

/// Gives the usage that deciding a request may read (see `policy::usage_needed`).
using usage_source = std::function<usage(const request&)>;

/// What the agent of a request may do for its customer, each action of the catalogue in the order
/// of their ids. Of the request's action only the attributes count, and its amount where the action
/// takes a fixed amount from the request; its sign-offs and `discretion` count as they would when
/// it is decided.
///
/// `used` is asked once for each action, with the request for it: a budget may count by the kind of
/// action. An invalid request, or a policy that is not in force, allows nothing and says why in
/// `in_the_way`. Pure and deterministic where `used` is; costs some evaluations for each bound.
/// Thread-safety: as `policy::decide`.
std::vector<capability> can(const policy& p, const request& r, const usage_source& used);
/// On the same usage for every action.
std::vector<capability> can(const policy& p, const request& r, const usage& used);
/// On the usage that the request itself carries (`history`, `usage`).
std::vector<capability> can(const policy& p, const request& r);

}  // namespace leeway
