// SPDX-License-Identifier: Apache-2.0
#include "desk/postgres/account_memory.hpp"

#include <algorithm>

namespace leeway::postgres {

leeway::balance with_entries(leeway::balance before, instant since, const digest& account,
                             std::span<const entry_change> entries) {
  for (const entry_change& e : entries) {
    if (e.account != account || !e.present || e.at < since) continue;
    if (e.unsure) ++before.unsure;
    if (!e.counts) continue;
    before.minor += e.minor;
    ++before.count;
    before.greatest = std::max(before.greatest.value_or(e.minor), e.minor);
    before.oldest = std::min(before.oldest.value_or(e.at), e.at);
    before.newest = std::max(before.newest.value_or(e.at), e.at);
  }
  return before;
}

std::optional<known_account> account_memory::guess(const account_query& wanted) {
  const std::lock_guard lock(mutex_);
  const auto found = known_.find(wanted.account);
  if (found == known_.end()) {
    if (behind_ != nullptr) return behind_->guess(wanted);
    return known_account{.since = wanted.from, .has_greatest = true};
  }
  known_account& one = found->second;
  if (one.wary > 0) {
    --one.wary;
    return std::nullopt;
  }
  const leeway::balance& b = one.balance;
  const bool same_entries = wanted.from == one.since || (wanted.from > one.since && b.unsure == 0 &&
                                                         (!b.oldest || *b.oldest >= wanted.from));
  if (!same_entries || (wanted.greatest && !one.has_greatest)) return std::nullopt;
  known_account out = one;
  out.since = wanted.from;
  return out;
}

void account_memory::learn(const digest& account, const known_account& found) {
  const std::lock_guard lock(mutex_);
  if (known_.size() >= most) known_.clear();
  known_account& one = known_[account];
  const int wary = one.wary;
  one = found;
  one.wary = wary;
}

void account_memory::beware(const digest& account) {
  const std::lock_guard lock(mutex_);
  if (const auto found = known_.find(account); found != known_.end()) found->second.wary = caution;
}

void account_memory::forget(const digest& account) {
  const std::lock_guard lock(mutex_);
  known_.erase(account);
}

}  // namespace leeway::postgres
