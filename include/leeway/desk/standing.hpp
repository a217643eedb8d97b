// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <leeway/base/digest.hpp>
#include <leeway/base/id.hpp>
#include <leeway/base/money.hpp>
#include <leeway/base/time.hpp>
#include <leeway/desk/store.hpp>
#include <leeway/engine/decision.hpp>
#include <leeway/model/request.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace leeway {

/// What a manager said after an act of discretion. Stored: never renumber.
enum class ratification_state : std::uint8_t {
  not_due = 0,     ///< no review is wanted
  due = 1,         ///< somebody must look at it
  upheld = 2,      ///< the agent did right
  coached = 3,     ///< upheld, with coaching
  not_upheld = 4,  ///< the agent should not have; the protection statement still stands
};

/// Stable names: `approved`, `waiting` ...
std::string_view to_string(decision_state state);
std::string_view to_string(ratification_state state);
std::optional<ratification_state> parse_ratification_state(std::string_view text);

/// One approver's yes.
struct given_approval {
  leeway::agent by{};
  instant at{};
  std::optional<money> amount{};  ///< what was approved
  std::string note{};
};

/// Up to what somebody in a role may grant what waits, as it was when it was decided.
struct grantable {
  role_id role{};
  /// Absent: only as it is proposed, or not before others have approved.
  std::optional<money> up_to{};
  bool unlimited{};
};

/// Where a decision stands, with all that a person who must act on it needs.
struct standing {
  decision_id id{};
  request_key key{};
  std::int64_t number{};  ///< how many records there are of it
  decision_state state{decision_state::denied};
  leeway::outcome outcome{leeway::outcome::deny};  ///< of the evaluation that is in force
  instant at{};                                    ///< when it was decided
  /// While approved: when the hold expires. While waiting: when it passes on, or is told as overdue
  /// where nobody is left. Settled: when its review is. Absent: never.
  std::optional<instant> due{};
  policy_reference policy{};
  leeway::request request{};       ///< as proposed; `at` is the instant of the decision
  std::optional<money> amount{};   ///< decided on, and held while approved
  std::optional<money> charged{};  ///< of settled: the actual cost
  std::vector<given_approval> approvals{};
  std::vector<std::string> why{};  ///< why it waits or was denied, a sentence each
  /// While waiting: whom it asks, the nearest first; `rung` says whose turn it is.
  std::vector<std::vector<role_id>> rungs{};
  std::size_t rung{};
  std::vector<grantable> may_grant{};
  ratification_state ratification{ratification_state::not_due};
  std::optional<instant> ratification_due{};
  std::string closed_by{};  ///< who settled, voided or declined it, where that was said
  std::string note{};       ///< and why
  /// The decision as interchange JSON, byte for byte as it was answered.
  std::string answer{};

  /// Whose turn it is.
  std::vector<role_id> waits_for() const {
    return rung < rungs.size() ? rungs[rung] : std::vector<role_id>{};
  }
};

/// Where a decision stands, as interchange JSON (one line).
std::string to_json(const standing& s);

}  // namespace leeway
