// SPDX-License-Identifier: Apache-2.0
#include "desk/postgres/account_turns.hpp"

#include <algorithm>

namespace leeway::postgres {
namespace {

bool any_in(const std::vector<digest>& accounts, const std::set<digest>& of) {
  return !of.empty() &&
         std::ranges::any_of(accounts, [&](const digest& one) { return of.contains(one); });
}

}  // namespace

account_turns::role account_turns::wait(turn& mine, deadline until) {
  std::unique_lock lock(mutex_);
  mine.at = turn::place::waits;
  waiting_.push_back(&mine);
  call_next();
  const bool in_time =
      mine.moved.wait_until(lock, until, [&] { return mine.at != turn::place::waits; });
  if (!in_time) {
    waiting_.remove(&mine);
    call_next();
    return role::late;
  }
  // Whoever leads is bounded by a deadline of their own, which is the earlier one.
  mine.moved.wait(lock, [&] { return mine.at != turn::place::follows; });
  return mine.at == turn::place::leads ? role::leads : role::led;
}

void account_turns::leave(turn& mine) {
  const std::lock_guard lock(mutex_);
  for (const digest& one : mine.taken) taken_.erase(one);
  mine.at = turn::place::over;
  call_next();
  for (turn* one : mine.followers) {
    one->at = turn::place::over;
    one->moved.notify_one();  // under the lock: it goes with whoever waits for it
  }
}

/// Of those that are called just now, the one whose turn it shares; itself: it needs one of its
/// own; nothing: it waits on.
turn* account_turns::leader_for(const turn& one, const std::vector<turn*>& called) const {
  turn* found = nullptr;
  for (turn* leader : called) {
    if (!any_in(one.accounts, leader->taken)) continue;
    const bool joins = found == nullptr && !one.alone && !leader->alone &&
                       leader->followers.size() < most_followers;
    if (!joins) return nullptr;
    found = leader;
  }
  return found;
}

/// Nobody overtakes another that waits for one of the same accounts.
void account_turns::call_next() {
  std::set<digest> blocked;
  std::vector<turn*> called;
  for (auto at = waiting_.begin(); at != waiting_.end();) {
    turn& one = **at;
    turn* leader = leader_for(one, called);
    const bool shares = std::ranges::any_of(
        called, [&](const turn* other) { return any_in(one.accounts, other->taken); });
    if (any_in(one.accounts, taken_) || any_in(one.accounts, blocked) ||
        (shares && leader == nullptr)) {
      blocked.insert(one.accounts.begin(), one.accounts.end());
      ++at;
      continue;
    }
    at = waiting_.erase(at);
    if (leader == nullptr) {
      leader = &one;
      called.push_back(&one);
      one.taken.clear();
      one.followers.clear();
    } else {
      leader->followers.push_back(&one);
    }
    leader->taken.insert(one.accounts.begin(), one.accounts.end());
    one.at = leader == &one ? turn::place::leads : turn::place::follows;
    one.moved.notify_one();
  }
  for (const turn* leader : called) taken_.insert(leader->taken.begin(), leader->taken.end());
}

}  // namespace leeway::postgres
