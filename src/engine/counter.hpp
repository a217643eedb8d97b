// SPDX-License-Identifier: Apache-2.0
// What budgets, measures, grants with a total and discretion funds have in common: each counts
// entries of history.
#pragma once

#include "condition/program.hpp"
#include "policy/compiled.hpp"

#include <leeway/engine/usage.hpp>
#include <leeway/model/request.hpp>
#include <leeway/policy/document.hpp>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace leeway::engine {

using condition::slot;
using policy_detail::compiled_policy;

/// What one counter keeps.
struct counter {
  rule_id id{};
  usage_kind kind{usage_kind::budget};
  const leeway::window* window{};
  const std::vector<slot>* per{};
  const condition::program* where{};
  bool every_kind{};
  bool goodwill_only{};     ///< what was due does not count
  bool discretion_only{};   ///< a discretion fund: only acts of discretion count
  bool wants_amount{true};  ///< false: an entry whose amount is not known counts all the same
  std::vector<std::string> kinds{};
  leeway::take take{leeway::take::sum};

  bool counts_kind(const std::string& k) const {
    return every_kind || std::binary_search(kinds.begin(), kinds.end(), k);
  }
};

/// Every counter of a policy, in no order.
std::vector<counter> counters_of(const compiled_policy& policy);

enum class counted : std::uint8_t { no, yes, unsure };

/// Whether an entry is of what a counter counts, whenever and for whomever it was.
bool is_of(const compiled_policy& policy, const counter& c, const history_entry& e);
/// Whether it passes the counter's `where`.
counted passes_where(const compiled_policy& policy, const counter& c, const history_entry& e);
/// The text of a fact that an entry is counted by; nullptr: it lacks it.
const std::string* entry_key(const history_entry& e, const std::string& path);
/// How much of an entry a counter counts; nullopt: not known.
std::optional<money> amount_of(const compiled_policy& policy, const counter& c,
                               const history_entry& e);
/// Whether nothing of an entry counts, because all of it was owed.
bool wholly_due(const counter& c, const history_entry& e);

}  // namespace leeway::engine
