// SPDX-License-Identifier: Apache-2.0
// One task, from what it asks to what is written: what is known of the tables, and the calls that
// read and write them.
#pragma once

#include "desk/postgres/account_locks.hpp"
#include "desk/postgres/account_memory.hpp"
#include "desk/postgres/connection.hpp"

#include <leeway/base/result.hpp>
#include <leeway/desk/store.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace leeway::postgres {

/// What a process knows of the desk's one row.
struct known_desk {
  std::int64_t publications{};
  std::optional<instant> clock{};  ///< the server's, now
};

/// What was written, or why not.
enum class written : std::uint8_t {
  yes,
  accounts_changed,  ///< not: accounts have changed since, and are read again
  other_changed,     ///< not: something else has changed
};

/// Not synchronised.
class attempt_at_task {
 public:
  /// `tells_clock`: whether the task is shown the server's.
  attempt_at_task(store_task& task, bool tells_clock) : task_(task), tells_clock_(tells_clock) {}

  void ask();
  leeway::verdict judge();

  /// Whether what it asks could be in memory at all.
  bool can_guess() const { return query_.decisions.empty() && !query_.acts_from; }
  /// Fills the view from memory. False: the server must be asked.
  bool guess(account_memory& memory, const known_desk& desk);
  /// A transaction that locks and reads everything; `open`: one that is open is rolled back first.
  std::vector<call> look(bool open) const;
  /// Fills the view with the answers.
  void found(const std::vector<rows>& answers, bool open);

  /// The transaction that writes what `judge` said, if all is still as it was seen; `open`: within
  /// the one that looked. Errors: `store_conflict`, `store_failed`: the change cannot be stored.
  result<std::vector<call>> write(bool open) const;
  /// The same without beginning and end, in a transaction that has written so many records before.
  result<call> write_behind(std::int64_t records) const;
  /// What the answers to it say; fills the balances where accounts have changed.
  written outcome(const std::vector<rows>& answers, bool open);
  written outcome(const rows& answer);
  /// Of what was written: the position of its last record.
  std::int64_t position() const { return position_; }
  /// Whether an account was found as it was before this process saw it change: the server has lost
  /// what it had confirmed.
  bool is_behind() const { return is_behind_; }
  /// Asks whether the records are there, word for word.
  call ask_for_records() const;
  /// Whether nobody else may write meanwhile.
  bool alone() const { return query_.acts_from.has_value() || !change_.policies.empty(); }
  bool publishes() const { return !change_.policies.empty(); }
  std::size_t record_count() const { return change_.records.size(); }

  instant at() const { return query_.at; }
  /// What it locks: requests, by their hashes, and accounts.
  std::vector<std::int64_t> key_hashes() const;
  account_locks locks_on_accounts() const;
  /// The accounts it may change.
  std::vector<digest> changeable_accounts() const;

  void remember(account_memory& memory) const;
  void beware(account_memory& memory) const;
  void forget(account_memory& memory) const;
  /// The desk's row, as it was found.
  known_desk desk() const { return {.publications = view_.publications, .clock = server_clock_}; }

 private:
  bool is_fresh(const entry_change& e) const;
  std::vector<std::size_t> checked_accounts() const;
  void put_account(const rows& r, std::size_t row, std::size_t at);
  void set_not_before();
  result<void> admissible() const;
  result<void> add_totals(parameters& to) const;
  void add_seen(parameters& to) const;
  void add_entries(parameters& to) const;
  void add_decisions(parameters& to) const;
  void add_chains(parameters& to) const;
  void add_records(std::int64_t place, parameters& to) const;

  store_task& task_;
  bool tells_clock_;
  store_query query_{};
  store_view view_{};
  store_change change_{};
  std::vector<known_account> accounts_{};  ///< in the order of the query's
  bool guessed_{};
  std::int64_t name_{};  ///< of the change
  bool is_behind_{};
  std::int64_t position_{};
  std::optional<instant> server_clock_{};
};

}  // namespace leeway::postgres
