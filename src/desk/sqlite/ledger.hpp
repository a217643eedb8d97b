// SPDX-License-Identifier: Apache-2.0
// The accounts of a store in SQLite: running totals over their entries.
#pragma once

#include "desk/sqlite/connection.hpp"

#include <leeway/desk/store.hpp>

#include <cstddef>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

namespace leeway::sqlite {

/// Reads and changes accounts within the transaction that the connection is in. What was read is
/// remembered until `forget`, also beyond the transaction: nobody else changes it. Failures are the
/// connection's. Not synchronised.
class ledger {
 public:
  explicit ledger(connection& db) : db_(db) {}

  balance read(const account_query& wanted);
  /// `fresh`: the act is new, so it has no entry before this one.
  void set(const entry_change& change, bool fresh);
  /// Writes the totals that changed.
  void write();
  /// What was read or changed is undone, or changed elsewhere.
  void forget();
  /// Between transactions: forgets rather than remember without bound.
  void trim();

 private:
  struct totals {
    std::int64_t from{};
    std::int64_t minor{};
    std::int64_t count{};
    std::int64_t unsure{};
    std::int64_t ever{};  ///< of all entries, so that no part of them overflows
    bool is_new{true};
    bool changed{};
    /// Whether it is known of when the entries are that count; then, of which instants.
    bool knows_ends{};
    std::int64_t oldest{};
    std::int64_t newest{};
  };
  using account = std::pair<const digest, totals>;
  struct entry {
    std::int64_t minor{};
    bool counts{};
    bool unsure{};
  };

  static constexpr std::size_t most_remembered = 100'000;

  account& account_of(const digest& name);
  void move(account& one, std::int64_t from);
  void find_ends(account& one);
  void mark_changed(account& one);
  void take_out(const entry_change& change, totals& of);
  bool put_in(const entry_change& change, totals& of);
  static void widen(totals& of, std::int64_t at);
  void raise(const entry_change& change);
  void lower(const entry_change& change);
  std::optional<std::int64_t> one(const char* sql, const digest& name, std::int64_t from);

  connection& db_;
  std::unordered_map<digest, totals> accounts_{};
  std::vector<account*> changed_{};  ///< since they were written last
};

}  // namespace leeway::sqlite
