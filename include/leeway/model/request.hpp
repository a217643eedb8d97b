// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <leeway/base/digest.hpp>
#include <leeway/base/id.hpp>
#include <leeway/base/money.hpp>
#include <leeway/base/time.hpp>
#include <leeway/model/value.hpp>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace leeway {

/// "Known, and there are none": initialises any optional list of a request. A list that is left out
/// is unknown, which never approves; a list that is `none` is known to be empty.
struct none_t {
  template <class T>
  operator std::vector<T>() const {  // NOLINT(google-explicit-constructor)
    return {};
  }
};
inline constexpr none_t none{};

/// A list of names that may be unknown.
using known_names = std::optional<std::vector<std::string>>;

/// The person or virtual agent who proposes. Facts `agent.*`.
struct agent {
  agent_id id{};
  role_id role{};                ///< the role held; may be empty when `roles` is used
  std::vector<role_id> roles{};  ///< further roles held at the same time
  std::optional<std::string> team{};
  std::optional<std::string> department{};
  std::optional<std::string> site{};
  known_names certifications{};
  leeway::attributes attributes{};

  /// Every role held, sorted, without repeats.
  std::vector<role_id> all_roles() const;
};

/// Who it is for. Facts `customer.*`.
struct customer {
  customer_id id{};
  std::optional<civil_date> since{};
  std::optional<std::string> segment{};
  std::optional<money> lifetime_value{};
  std::optional<double> churn_risk{};  ///< 0 to 1; never takes part in arithmetic on money
  known_names flags{};
  leeway::attributes attributes{};
};

/// The conversation. Facts `contact.*`.
struct contact {
  contact_id id{};
  std::optional<std::string> channel{};
  std::optional<std::string> reason{};
  std::optional<std::string> cause{};  ///< `company`, `customer` or `third_party`
  leeway::attributes attributes{};
};

/// What the contact is about: an account, a booking, a property. Facts `subject.*`.
struct subject {
  subject_id id{};
  leeway::attributes attributes{};
};

/// What is proposed. Facts `action.*`. `amount` is what it costs the company; absent when the
/// action has none (the policy says which actions do).
struct action {
  action_kind kind{};
  std::optional<money> amount{};
  leeway::attributes attributes{};
};

/// One earlier action, as the caller's own records know it. `keys` carries the facts budgets and
/// measures count by, under their dotted names (`customer.id`, `contact.reason`, ...).
struct history_entry {
  std::string id{};
  action_kind kind{};
  std::optional<money> amount{};
  std::optional<money> due{};  ///< the part that was owed by an entitlement, not goodwill
  instant at{};
  bool reversed{};
  std::map<std::string, std::string, std::less<>> keys{};
  leeway::attributes attributes{};  ///< declared in the policy as facts `entry.*`
};

/// Another person's approval of this very request.
struct signoff {
  agent_id by{};
  role_id role{};
  instant at{};
  std::optional<money> amount{};   ///< approves up to this amount; absent: the amount proposed
  std::optional<instant> until{};  ///< no longer counts from this instant on
  /// `request_digest()` of the request that was approved; a sign-off whose digest is another
  /// request's never counts. Absent: bound by standing inside the request.
  std::optional<digest> request{};
};

/// What the caller already knows of one budget's or measure's usage.
struct known_usage {
  std::optional<money> amount{};
  std::optional<std::int64_t> count{};
  std::optional<instant> last_at{};
};

/// An agent's proposal, complete: everything a decision may depend on, besides policy and usage.
///
/// Facts that are left out are unknown. An unknown never approves and never clears a denial.
struct request {
  request_id id{};
  instant at{};                    ///< the instant of the decision
  std::optional<instant> as_of{};  ///< which policy version applies; absent: `at`
  leeway::agent agent{};
  leeway::customer customer{};
  leeway::contact contact{};
  leeway::subject subject{};
  leeway::action action{};
  std::optional<std::vector<history_entry>> history{};  ///< absent: unknown, never "none"
  std::optional<instant> history_since{};  ///< how far back `history` is complete; absent: wholly
  std::vector<signoff> signoffs{};
  bool discretion{};             ///< the agent asks to act outside the lines, in good faith
  std::string note{};            ///< the agent's justification
  policy_id policy{};            ///< the policy asked for; empty: any
  std::string policy_version{};  ///< and its version; empty: the one in force
  request_id supersedes{};
  std::map<std::string, known_usage, std::less<>> usage{};  ///< by budget or measure id
};

/// The digest a sign-off is bound to: SHA-256 over the canonical form of the request without its
/// id, instants, `supersedes`, sign-offs, history and usage: what changes when the same thing is
/// proposed again with the approval it lacked. Equal for requests that ask for the same thing.
digest request_digest(const request& r);

}  // namespace leeway
