// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <leeway/base/digest.hpp>
#include <leeway/base/id.hpp>
#include <leeway/base/money.hpp>
#include <leeway/base/reusable_vector.hpp>
#include <leeway/base/time.hpp>
#include <leeway/engine/usage.hpp>
#include <leeway/model/atom.hpp>
#include <leeway/model/value.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace leeway {

/// The number of the decision semantics; it changes when the same policy, request and usage could
/// give another core. Recorded with every decision.
inline constexpr int semantics = 1;

/// The answer. A lattice: `approve` < `escalate` < `deny`; a decision is the join of its findings.
enum class outcome : std::uint8_t { approve = 1, escalate = 2, deny = 3 };

/// What the caller does next.
enum class next_step : std::uint8_t {
  do_it = 1,         ///< the action may be taken now
  ask_facts = 2,     ///< ask for the facts named in the needs, then propose again
  get_approval = 3,  ///< someone named in the needs must approve
  offer_less = 4,    ///< propose the offer's smaller amount instead
  stop = 5,          ///< nothing of this kind can be done
  offer_due = 6,     ///< propose what is due: the customer is owed more than was proposed
};

/// On what ground an approval stands.
enum class basis : std::uint8_t {
  policy = 1,      ///< inside the lines
  discretion = 2,  ///< outside the lines in good faith; ratification is due
};

/// Why. Every reason has one of these codes; the numbers are stable and documented in
/// docs/reasons.md.
enum class reason_code : std::uint16_t {
  // authority
  within_authority = 101,   ///< a role the agent holds covers the action
  over_limit = 102,         ///< a smaller amount would be covered
  not_delegated = 103,      ///< not the agent's to decide; another role may
  no_authority = 104,       ///< no role may do this
  authority_unknown = 105,  ///< a grant turns on facts that are not known
  approval_given = 106,     ///< covered by another person's approval
  // rules
  rule_denies = 201,
  rule_escalates = 202,
  second_person = 203,  ///< another person must approve too
  obligation = 204,     ///< something must be done along with it
  rule_unknown = 205,   ///< a rule turns on facts that are not known
  // budgets
  within_budget = 301,
  over_budget = 302,       ///< hard: nothing lifts it
  over_soft_budget = 303,  ///< only with the approval the policy names
  usage_unknown = 304,     ///< what was used is not known
  budget_unknown = 305,    ///< whether it holds turns on facts that are not known
  // entitlements
  as_due = 401,
  below_due = 402,            ///< less than the customer is owed
  above_due = 403,            ///< more than is owed
  requirement_not_met = 404,  ///< a condition of the entitlement is not met: nothing is due
  due_unknown = 405,          ///< what is due turns on facts that are not known
  nothing_due = 406,          ///< the action pays exactly what is due, and nothing is
  // discretion
  lifted_by_discretion = 501,
  justification_missing = 502,
  discretion_exceeded = 503,  ///< the fund or its limit does not reach
  discretion_unknown = 504,
  // the request and the policy
  amount_unknown = 601,      ///< no amount was proposed
  amount_not_fixed = 602,    ///< another amount than the fixed one
  amount_not_allowed = 603,  ///< the action has no amount
  unknown_action = 604,      ///< not in the policy's catalogue
  policy_not_in_force = 605,
  policy_suspended = 606,
  invalid_request = 607,    ///< a fact of a wrong type, another currency ...
  condition_error = 608,    ///< a condition could not be computed; counts as unknown
  signoff_not_valid = 609,  ///< a sign-off that does not count, and why
};

/// The stable name of a code: `over_limit`.
std::string_view to_string(reason_code code);
std::string_view to_string(outcome o);
std::string_view to_string(next_step n);
std::string_view to_string(basis b);
/// The inverse; nullopt for another text.
std::optional<reason_code> parse_reason_code(std::string_view text);
std::optional<outcome> parse_outcome(std::string_view text);
/// One sentence on what a code means, and what can be done. Every code has one.
std::string_view meaning(reason_code code);
/// All codes, in numeric order.
const std::vector<reason_code>& all_reason_codes();

/// Something that is still wanted: another person's approval, or a fact.
struct need {
  enum class kind : std::uint8_t { approval = 1, fact = 2 };
  kind what{kind::approval};
  reusable_vector<role_id> any_of{};  ///< of an approval: any one of these roles, sorted
  bool distinct{};                    ///< of an approval: a person who meets no other distinct need
  std::string fact{};                 ///< of a fact: its dotted name
  reusable_vector<rule_id> rules{};   ///< what asks for it, sorted
  std::string ask{};                  ///< of a fact: the policy's question to the customer, if any

  /// As default constructed; the memory stays.
  void clear();

  friend bool operator==(const need&, const need&) = default;
};

/// Which part of a policy a finding comes from.
enum class finding_part : std::uint8_t {
  authority = 1,
  rule = 2,
  budget = 3,
  entitlement = 4,
  discretion = 5,
  request = 6,
  policy = 7,
};
std::string_view to_string(finding_part p);

/// One finding: what spoke, what it says, and why.
struct finding {
  reason_code code{reason_code::within_authority};
  leeway::outcome outcome{leeway::outcome::approve};  ///< what this finding alone asks for
  finding_part part{finding_part::authority};
  rule_id rule{};         ///< the grant, rule, budget, entitlement ... that spoke; may be empty
  std::string because{};  ///< the policy's own sentence
  std::string source{};   ///< where it stands
  std::string remedy{};   ///< what would change it
  std::optional<value> actual{};           ///< the quantity that decided
  std::optional<value> bound{};            ///< and what it was held against
  std::string relation{};                  ///< how: `under`, `up to`, `over`, `at least`, `exactly`
  reusable_vector<deciding_atom> atoms{};  ///< of the condition that decided
  reusable_vector<need> needs{};           ///< what it still wants; not empty iff it escalates
  std::vector<std::string> missing{};      ///< the facts it turns on
  std::string detail{};  ///< an error's text, or the person whose approval counted
  bool lifted{};         ///< discretion lifted it
  /// The overlay whose rule or budget it is, or that narrows the grant; empty: the policy's own.
  rule_id overlay{};

  /// As default constructed; the memory stays.
  void clear();

  friend bool operator==(const finding&, const finding&) = default;
};

/// A finding as a sentence for people, rendered on demand: the policy's own sentence, else the
/// meaning of its code.
std::string sentence(const finding& f);

/// What the finding rests on, a line each: the actual value and the bound, every atom of the
/// condition that decided with what was found, what is not known.
std::vector<std::string> evidence(const finding& f);

/// Both in one line.
std::string text(const finding& f);

/// Something to be done along with the action.
struct obligation {
  std::string id{};
  std::string to{};
  std::string by{};
  std::string text{};
  rule_id rule{};
  bool certain{true};  ///< false: may apply, it turns on facts that are not known
  friend bool operator==(const obligation&, const obligation&) = default;
};

/// Where a budget stands for this request, before it.
struct limit {
  rule_id id{};
  bool hard{};
  std::optional<money> amount{};  ///< the limit
  std::optional<money> used{};
  std::optional<money> left{};  ///< never negative
  std::optional<std::int64_t> count{};
  std::optional<std::int64_t> count_used{};
  std::optional<std::int64_t> count_left{};
  std::optional<instant> resets{};  ///< when the oldest counted entry stops counting
  friend bool operator==(const limit&, const limit&) = default;
};

/// What the agent could do instead, now and alone.
struct offer {
  struct alternative {
    action_kind kind{};
    std::optional<money> amount{};
    friend bool operator==(const alternative&, const alternative&) = default;
  };
  std::optional<money> amount{};  ///< the largest amount of the same action
  std::vector<alternative> alternatives{};
  friend bool operator==(const offer&, const offer&) = default;
};

/// Which policy decided.
struct policy_reference {
  policy_id id{};
  std::string version{};
  leeway::digest digest{};
  /// Why the version was suspended when it decided; absent: it was not, or its document says so.
  std::optional<std::string> suspended{};
  friend bool operator==(const policy_reference&, const policy_reference&) = default;
};

/// The answer to a request, complete with its reasons where they were asked for.
///
/// INVARIANT: `outcome` is the join of the outcomes of all findings that were not lifted; it is
/// `escalate` iff `needs` is not empty and nothing denies. An error, an unknown or an invalid
/// request never approves.
struct decision {
  request_id request{};
  std::string caller{};  ///< at a desk: whose request ids these are; part of the decision's own id
  leeway::outcome outcome{leeway::outcome::deny};
  next_step next{next_step::stop};
  policy_reference policy{};
  instant at{};
  reusable_vector<need> needs{};
  reusable_vector<finding> findings{};  ///< in a fixed order: by part, then rule id
  std::optional<money> amount{};        ///< the amount decided on: as proposed, fixed or due
  std::optional<leeway::offer> offer{};
  std::optional<money> due{};  ///< absent: no entitlement speaks, or it is not known
  reusable_vector<obligation> obligations{};
  reusable_vector<limit> limits{};
  leeway::basis basis{leeway::basis::policy};
  bool ratification{};       ///< a manager's review is due
  rule_id discretion{};      ///< the discretion entry that lifted findings
  std::string protection{};  ///< the no-fault statement, in the policy's words
  leeway::usage usage{};     ///< what was read, for the record

  /// Nothing decided; the memory stays, for the next decision. Policy and usage are left.
  void clear();

  /// Names the decision: derived from the policy's digest, the request's id (and its caller) and
  /// the instant, so that the same decision has the same id. Not part of the canonical core. Throws
  /// std::runtime_error where the system has no SHA-256.
  decision_id id() const;
};

}  // namespace leeway
