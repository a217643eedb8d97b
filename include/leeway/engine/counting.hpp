// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <leeway/base/digest.hpp>
#include <leeway/base/id.hpp>
#include <leeway/base/window.hpp>
#include <leeway/engine/policy.hpp>
#include <leeway/engine/usage.hpp>
#include <leeway/model/request.hpp>
#include <leeway/policy/document.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace leeway {

/// One thing that a policy counts: what a budget, a measure, a grant with a total of its own or a
/// discretion fund keeps of history.
struct usage_counter {
  rule_id id{};
  usage_kind kind{usage_kind::budget};
  leeway::window window{};
  std::vector<std::string> per{};  ///< the facts it is counted by, in the policy's order
  leeway::take take{leeway::take::sum};
  /// Equal for counters that count the same of every history: of two versions of a policy, of two
  /// policies. Their ids may differ. A budget and a measure are never equal.
  digest definition{};
};

/// What one entry adds to one counter, whatever the instant: the window is not looked at.
struct counted_entry {
  std::size_t counter{};  ///< index into `counting::counters()`
  usage_keys keys{};      ///< under which key; those it has, in the policy's order
  bool placed{true};      ///< false: it lacks a fact of the key, so it may belong to any
  bool counts{true};      ///< false: it is not known whether it counts, and it is not counted
  bool unsure{};          ///< the sum is a lower bound while this entry is in the window
  /// The amount it adds, or would if it counted, in minor units of the policy's currency.
  std::int64_t minor{};
  bool amount_known{true};  ///< false: the amount matters and is not known; `minor` is 0
  bool may_add{true};  ///< false: it adds nothing, whether it counts or not: all of it was owed
};

/// How a policy counts, for a ledger that keeps running totals: `policy::usage_of` folded over a
/// history gives the same figures as adding up what `of` says of each of its entries.
///
/// Built once a policy; immutable, cheap to copy and thread-safe.
class counting {
 public:
  explicit counting(const policy& p);

  /// Sorted by id.
  const std::vector<usage_counter>& counters() const;
  /// Whether entries of this kind of action may count for a counter.
  bool may_count(std::size_t counter, const action_kind& kind) const;
  /// What an entry adds: nothing for a counter that it certainly does not count for.
  std::vector<counted_entry> of(const history_entry& entry) const;

 private:
  struct content;
  std::shared_ptr<const content> content_;
};

}  // namespace leeway
