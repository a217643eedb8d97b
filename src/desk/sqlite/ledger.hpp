// SPDX-License-Identifier: Apache-2.0
// The accounts of a store in SQLite: running totals over their entries.
#pragma once

#include "desk/sqlite/connection.hpp"

#include <leeway/desk/store.hpp>

#include <map>

namespace leeway::sqlite {

/// Reads and changes accounts within the transaction that the connection is in. What was read is
/// kept until `forget`. Failures are the connection's. Not synchronised.
class ledger {
 public:
  explicit ledger(connection& db) : db_(db) {}

  balance read(const account_query& wanted);
  void set(const entry_change& change);
  /// Writes the totals that changed.
  void write();
  /// What was read is true no more.
  void forget() { totals_.clear(); }

 private:
  struct totals {
    std::int64_t from{};
    std::int64_t minor{};
    std::int64_t count{};
    std::int64_t unsure{};
    std::int64_t ever{};  ///< of all entries, so that no part of them overflows
    bool is_new{true};
    bool changed{};
  };
  struct entry {
    std::int64_t minor{};
    bool counts{};
    bool unsure{};
  };

  totals& totals_of(const digest& account);
  void move(const digest& account, totals& to, std::int64_t from);
  void take_out(const entry_change& change, totals& of);
  bool put_in(const entry_change& change, totals& of);
  void raise(const entry_change& change);
  void lower(const entry_change& change);
  std::optional<std::int64_t> one(const char* sql, const digest& account, std::int64_t from);

  connection& db_;
  std::map<digest, totals> totals_{};
};

}  // namespace leeway::sqlite
