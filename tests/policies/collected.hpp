// SPDX-License-Identifier: Apache-2.0
// Cases in the form in which they were collected with the published policies
// (`../shared/policies/*.cases.jsonl`): roles, facts and records by the names of each text. What
// those names mean in our documents is said by a `mapping`, one file each in mappings/; this runner
// is the same for all. A name that a mapping does not know is a failure, never ignored: other files
// of the same form run alike, or say what they want.
#pragma once

#include "policies/support.hpp"

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace leeway::policies_test {

/// How a fact of a case is written in a request.
enum class form {
  as_is,
  amount,   ///< `"19.40"`, 12.5: money in the mapping's currency, `"19.40 GBP"`
  ratio,    ///< 0.0975 as the text of a ratio
  instant,  ///< a date stands for noon UTC of it
  ours,     ///< known, and put by the mapping's `also`
  comment   ///< known, and of no consequence to the policy
};

/// Where a fact of a case goes. Null is unknown, as a missing fact is.
struct target {
  std::string path{};  ///< `contact.incident`, `subject.tier`; in history the name of the attribute
  form written{form::as_is};
  std::map<std::string, json> names{};  ///< the values it may have, in our words; empty: as written
};

/// What the words of one collected policy, or one part of it, mean.
struct mapping {
  /// Documents under examples/policies, without `.policy.json`: of several, oldest first, the
  /// one in force at the instant speaks.
  std::vector<std::string> documents{};
  std::string currency{};
  std::string at{"2025-03-03T12:00:00Z"};  ///< when a case says no `as_of`

  std::map<std::string, std::string> actions{};          ///< `action.type`: kind
  std::map<std::string, std::set<std::string>> roles{};  ///< `RHM/ECM` is either of two
  std::map<std::string, target> facts{};         ///< by name; of others `customer.x`, `action.x`
  std::map<std::string, std::string> entries{};  ///< `type` of history: kind
  std::map<std::string, target> entry_facts{};   ///< beyond type, amount, date and days_ago
  std::map<std::string, std::string> records{};  ///< records: obligations; others by their own name

  /// Puts what takes more than a name: from the whole case, into the request.
  std::function<void(const json& row, json& request)> also{};
};

/// The request that a case stands for. Unknown names are failures of the running test.
json request_of(const json& row, const mapping& m);

/// Holds a decision against `expect`.
void expect_as_stated(const json& row, const mapping& m, const decision& d);

/// Runs every case of the collected files whose names begin with `number`. Mappings are by
/// `sub_policy`, else by `policy_version`, and `""` is for cases that state neither or when the
/// policy has one mapping for all. Skips visibly without the files.
void run_collected(const std::string& number, const std::map<std::string, mapping>& mappings);

}  // namespace leeway::policies_test
