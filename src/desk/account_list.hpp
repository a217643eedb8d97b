// SPDX-License-Identifier: Apache-2.0
// The accounts that one task reads.
#pragma once

#include <leeway/base/checked.hpp>
#include <leeway/base/digest.hpp>
#include <leeway/desk/store.hpp>

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <vector>

namespace leeway {

/// Accounts without repeats, and what the store found in them. Not synchronised.
class account_list {
 public:
  /// Adds an account, or what is newly wanted of it. Returns its place.
  std::size_t add(const account_query& wanted) {
    const auto [at, is_new] = places_.try_emplace(wanted.account, queries_.size());
    if (is_new) {
      queries_.push_back(wanted);
    } else {
      account_query& known = queries_[at->second];
      known.greatest = known.greatest || wanted.greatest;
      known.is_protected = known.is_protected || wanted.is_protected;
    }
    return at->second;
  }
  std::optional<std::size_t> find(const digest& account) const {
    const auto at = places_.find(account);
    return at == places_.end() ? std::nullopt : std::optional(at->second);
  }
  /// Whether an account is read in a way in which it may be changed.
  bool may_change(const digest& account) const {
    const auto at = find(account);
    return at && queries_[*at].is_protected;
  }

  const std::vector<account_query>& queries() const { return queries_; }
  void found(const std::vector<balance>& balances) { balances_ = balances; }
  const balance& at(std::size_t place) const { return balances_.at(place); }

  /// What the task itself is going to add counts for what it decides next. False: the sum does not
  /// fit.
  [[nodiscard]] bool post(const entry_change& e) {
    const auto place = find(e.account);
    if (!place || e.at < queries_[*place].from) return true;
    balance& b = balances_.at(*place);
    if (e.unsure) ++b.unsure;
    if (!e.counts) return true;
    const auto sum = checked_add(b.minor, e.minor);
    if (!sum) return false;
    b.minor = *sum;
    ++b.count;
    b.greatest = std::max(b.greatest.value_or(e.minor), e.minor);
    b.oldest = std::min(b.oldest.value_or(e.at), e.at);
    b.newest = std::max(b.newest.value_or(e.at), e.at);
    return true;
  }

 private:
  std::map<digest, std::size_t> places_{};
  std::vector<account_query> queries_{};
  std::vector<balance> balances_{};
};

}  // namespace leeway
