// SPDX-License-Identifier: Apache-2.0
#include "desk/postgres/account_turns.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace leeway::postgres {
namespace {

bool any_in(const std::vector<digest>& accounts, const std::set<digest>& of) {
  return !of.empty() &&
         std::ranges::any_of(accounts, [&](const digest& one) { return of.contains(one); });
}

}  // namespace

account_turns::role account_turns::wait(turn& mine, deadline until) {
  using namespace std::chrono_literals;
  std::unique_lock lock(mutex_);
  mine.at = turn::place::waits;
  waiting_.push_back(&mine);
  try {
    call_next();
    const auto moved = [&] { return mine.at != turn::place::waits; };
    // Where memory ran out nobody was called; so now and then whoever waits does it again.
    while (!mine.moved.wait_until(lock, std::min(until, in(100ms)), moved)) {
      if (in(0ms) >= until) {
        waiting_.remove(&mine);
        call_next();
        return role::late;
      }
      call_next();
    }
  } catch (...) {
    waiting_.remove(&mine);
    throw;
  }
  // Whoever leads is bounded by a deadline of their own, which is the earlier one.
  mine.moved.wait(lock, [&] { return mine.at != turn::place::follows; });
  return mine.at == turn::place::leads ? role::leads : role::led;
}

void account_turns::leave(turn& mine) noexcept {
  const std::lock_guard lock(mutex_);
  for (const digest& one : mine.taken) taken_.erase(one);
  mine.at = turn::place::over;
  for (turn* one : mine.followers) {
    one->at = turn::place::over;
    one->moved.notify_one();  // under the lock: it goes with whoever waits for it
  }
  try {
    call_next();
  } catch (...) {  // NOLINT(bugprone-empty-catch): those who wait do it again
  }
}

/// Of the groups that are called just now, the one that a turn joins; itself: it begins one of its
/// own; nothing: it waits on.
account_turns::group* account_turns::group_for(const turn& one, std::vector<group>& called) const {
  group* found = nullptr;
  for (group& g : called) {
    if (!any_in(one.accounts, g.taken)) continue;
    const bool joins = found == nullptr && !one.alone && !(**g.leader)->alone &&
                       g.followers.size() < most_followers;
    if (!joins) return nullptr;
    found = &g;
  }
  return found != nullptr ? found : &called.emplace_back();
}

/// Nobody overtakes another that waits for one of the same accounts.
void account_turns::call_next() {
  std::set<digest> blocked;
  std::vector<group> called;
  for (auto at = waiting_.begin(); at != waiting_.end(); ++at) {
    const turn& one = **at;
    const bool waits_on = any_in(one.accounts, taken_) || any_in(one.accounts, blocked);
    group* const to = waits_on ? nullptr : group_for(one, called);
    if (to == nullptr) {
      blocked.insert(one.accounts.begin(), one.accounts.end());
      continue;
    }
    if (!to->leader) {
      to->leader = at;
    } else {
      to->followers.push_back(at);
    }
    to->taken.insert(one.accounts.begin(), one.accounts.end());
  }
  for (group& one : called) one.all.reserve(one.followers.size());
  for (group& one : called) one.copy = one.taken;
  for (group& one : called) begin(one);
}

/// Needs no memory: all of it happens, or nothing.
void account_turns::begin(group& of) noexcept {
  turn& leader = ***of.leader;
  for (const waiting_place at : of.followers) {
    turn& one = **at;
    waiting_.erase(at);
    of.all.push_back(&one);
    one.at = turn::place::follows;
  }
  waiting_.erase(*of.leader);
  leader.taken = std::move(of.taken);
  leader.followers = std::move(of.all);
  taken_.merge(of.copy);
  leader.at = turn::place::leads;
  leader.moved.notify_one();
  for (turn* one : leader.followers) one->moved.notify_one();
}

}  // namespace leeway::postgres
