// SPDX-License-Identifier: Apache-2.0
// A request under a policy: what is known of it, and what it used.
#ifndef LEEWAY_TESTS_REFERENCE_SETTING_HPP
#define LEEWAY_TESTS_REFERENCE_SETTING_HPP

#include "reference/prepared.hpp"

#include <leeway/base/window.hpp>
#include <leeway/engine/usage.hpp>
#include <leeway/model/request.hpp>

#include <optional>
#include <string>
#include <vector>

namespace leeway::reference {

/// What was used of one thing. A figure that is not there is not known.
struct used {
  std::optional<money> amount{};
  std::optional<std::int64_t> count{};
  std::optional<instant> last_at{};
  std::optional<instant> resets{};
  bool at_least{};
  bool unknown{};      ///< nothing is known of it
  name_set missing{};  ///< facts of the key that the request lacks
};

/// What is counted, of history.
struct counting {
  rule_id id{};
  const std::vector<action_kind>* kinds{};
  const std::vector<std::string>* per{};
  leeway::window window{};
  expr_ptr where{};
  bool goodwill{};
  bool discretion{};        ///< only acts of discretion
  bool wants_amount{true};  ///< false: an entry without one counts all the same
  bool largest{};           ///< `max`, not the sum
};

/// What is wrong with a request for this policy; empty: it is valid.
std::vector<std::string> faults(const prepared& p, const request& r);

/// The facts of a request; `action.amount` and `action.due` are left for the caller to add.
facts facts_of(const prepared& p, const request& r);

/// What a request's statements and history come to. `given`: usage that was handed in instead.
used usage_of(const prepared& p, const request& r, const facts& known, const counting& what,
              const usage* given);

/// `usage.<id>` of every measure. Of one that is not known `missing` says what it turns on.
facts measures(const prepared& p, const request& r, const facts& known, const usage* given);

/// Whether a budget counts what is not due alone.
bool is_goodwill(const budget_definition& b);

/// Whether `kinds` names the kind, or `*`.
bool names_kind(const std::vector<action_kind>& kinds, const action_kind& kind);

/// Whether an instant lies in [from, until), midnights in the policy's zone.
bool within(std::optional<civil_date> from, std::optional<civil_date> until, instant at,
            time_zone zone);

}  // namespace leeway::reference

#endif
