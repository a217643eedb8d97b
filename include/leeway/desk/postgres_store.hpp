// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <leeway/base/result.hpp>
#include <leeway/desk/store.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

namespace leeway {

struct postgres_options {
  /// As libpq takes it: `postgres://user@host:port/database?sslmode=verify-full`.
  std::string url{};
  /// Most connections of this process; tasks beyond that wait their turn.
  std::size_t connections{16};
  /// How long a task may take in all, waiting and trying again included. Then it is refused.
  std::chrono::milliseconds patience{10'000};
  /// Whether tasks are told the server's clock, which its hosts share.
  bool tells_clock{true};
};

/// The books of a desk in a PostgreSQL database, which many processes on many hosts share. Makes
/// the tables in an empty database (docs/desk-postgresql.md).
///
/// One round trip a task, where this process remembers the accounts and nobody else has changed
/// them since; otherwise two, and accounts that several processes change are locked in the first.
/// A commit whose answer is lost is found out by its records. Besides the errors of every store:
/// `store_unsure`: the time was over before that was found out, and asking again with the same id
/// tells; for an error of any kind nothing is approved. `store_regressed`: the server lacks what it
/// had confirmed to this process (a failover to a server that lagged behind, or an older copy);
/// nothing is decided until the store is opened again. `store_url`: this build has no PostgreSQL.
result<std::shared_ptr<store>> open_postgres_store(const postgres_options& options);

}  // namespace leeway
