// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <leeway/base/id.hpp>
#include <leeway/base/money.hpp>
#include <leeway/base/time.hpp>
#include <leeway/base/window.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace leeway {

/// What keeps usage: a budget, a measure, a grant with a total of its own, or a discretion fund.
enum class usage_kind : std::uint8_t { budget = 1, measure = 2, grant = 3, discretion = 4 };

/// The facts a usage is counted by, with their values: `{"customer.id", "c-901"}`, in the policy's
/// order.
using usage_keys = std::vector<std::pair<std::string, std::string>>;

/// One usage a decision would read: which thing, over which window, for which key.
struct usage_key {
  rule_id id{};
  usage_kind kind{usage_kind::budget};
  leeway::window window{};
  usage_keys keys{};
  /// Facts of the request that are missing, so that the key is not known.
  std::vector<std::string> missing{};
};

/// What was used of one thing at the instant of the decision.
struct usage_value {
  std::optional<money> amount{};        ///< sum (or max, of a `max` measure); absent: unknown
  std::optional<std::int64_t> count{};  ///< absent: unknown
  std::optional<instant> last_at{};     ///< of `last_at`: absent with `count` 0 means "never"
  /// When the oldest counted entry stops counting; absent: never, or nothing is counted.
  std::optional<instant> resets{};
  /// The figures are a lower bound: history does not reach back far enough to be complete.
  bool at_least{};
  /// The key it was counted for; a decision that needs another key treats it as unknown.
  std::optional<usage_keys> keys{};

  friend bool operator==(const usage_value&, const usage_value&) = default;
};

/// Usage as data: evaluation is pure in (policy, request, usage).
///
/// `empty()` states that nothing was used, of anything; `unknown()` states nothing. Values are
/// added by id. What is not stated is unknown, and an unknown never approves. Thread-safety: a
/// plain value; const access from several threads is safe.
class usage {
 public:
  /// Nothing known. The same as default construction.
  static usage unknown() { return usage{}; }
  /// Nothing was used, of anything.
  static usage empty() {
    usage u;
    u.zero_by_default_ = true;
    return u;
  }

  /// States the value for one id, replacing an earlier one.
  void set(rule_id id, usage_value v) { values_.insert_or_assign(std::move(id), std::move(v)); }
  /// nullptr when not stated by `set`.
  const usage_value* find(const rule_id& id) const {
    auto it = values_.find(id);
    return it == values_.end() ? nullptr : &it->second;
  }
  /// Whether what is not stated is zero (`empty()`), not unknown.
  bool zero_by_default() const { return zero_by_default_; }
  const std::map<rule_id, usage_value>& values() const { return values_; }

  friend bool operator==(const usage&, const usage&) = default;

 private:
  bool zero_by_default_{};
  std::map<rule_id, usage_value> values_{};
};

}  // namespace leeway
