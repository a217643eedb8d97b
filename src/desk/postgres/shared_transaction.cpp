// SPDX-License-Identifier: Apache-2.0
#include "desk/postgres/shared_transaction.hpp"

#include "desk/postgres/statements.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace leeway::postgres {

shared_transaction::shared_transaction(std::vector<turn*> all, account_memory& memory,
                                       const known_desk& desk) {
  // By their instants, so that few have to ask again because of a later one before them.
  std::ranges::stable_sort(all, {}, [](const turn* one) { return one->task->at(); });
  account_memory after(&memory);
  for (turn* one : all) {
    if (!judge(*one, after, desk)) continue;
    auto write = one->task->write_behind(records_);
    if (!write) continue;  // its own try tells why
    one->task->remember(after);
    records_ += static_cast<std::int64_t>(one->task->record_count());
    writes_.push_back(*std::move(write));
    written_.push_back(one);
  }
}

bool shared_transaction::judge(turn& one, account_memory& memory, const known_desk& desk) {
  if (!one.task->guess(memory, desk)) return false;
  verdict wanted = one.task->judge();
  if (wanted == verdict::read_again) {
    one.task->ask();
    if (!one.task->guess(memory, desk)) return false;
    wanted = one.task->judge();
  }
  return wanted == verdict::write && !one.task->publishes();
}

/// All locks at once, in the order in which everybody takes them.
std::vector<call> shared_transaction::locks() const {
  std::set<std::int64_t> requests;
  account_locks accounts;
  for (const turn* one : written_) {
    for (const std::int64_t key : one->task->key_hashes()) requests.insert(key);
    accounts.add(one->task->locks_on_accounts());
  }
  std::vector<call> out;
  out.push_back({&sql::lock_shared});
  const std::vector<std::int64_t> in_order(requests.begin(), requests.end());
  out.push_back({&sql::lock_keys, parameters().add(std::span<const std::int64_t>(in_order))});
  out.push_back(accounts.take());
  return out;
}

std::vector<call> shared_transaction::calls() const {
  std::vector<call> out = locks();
  out.insert(out.begin(), {&sql::begin});
  out.insert(out.end(), writes_.begin(), writes_.end());
  out.push_back({&sql::commit});
  return out;
}

std::vector<turn*> shared_transaction::ended(const std::vector<rows>& answers) {
  constexpr std::size_t before = 4;  // answers: of BEGIN and the locks
  std::vector<turn*> out;
  for (std::size_t i = 0; i < written_.size(); ++i) {
    turn& one = *written_[i];
    if (one.task->outcome(answers.at(before + i)) != written::yes) continue;
    one.ended = turn::fate::done;
    out.push_back(&one);
  }
  return out;
}

void shared_transaction::lost() {
  for (turn* one : written_) one->ended = turn::fate::unsure;
}

}  // namespace leeway::postgres
