// SPDX-License-Identifier: Apache-2.0
// The SQL that a store sends to PostgreSQL for decisions, and a client that sends it without a
// desk.
#ifndef LEEWAY_BENCH_DESK_BARE_POSTGRES_HPP
#define LEEWAY_BENCH_DESK_BARE_POSTGRES_HPP

#include "bench/desk/workload.hpp"
#include "desk/postgres/connection.hpp"

#include <libpq-fe.h>

#include <cstddef>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace leeway_bench {

using postgres_calls = std::vector<leeway::postgres::call>;

/// What is sent for one decision after another of one caller, byte for byte: one round trip each.
std::vector<postgres_calls> calls_of(const charged& whose, std::size_t decisions);

/// One connection, and nothing but libpq.
class bare_postgres {
 public:
  explicit bare_postgres(const std::string& url);
  /// Throws where the server did not write.
  void run(const postgres_calls& calls);

 private:
  int send(const leeway::postgres::call& one);
  void take_answer();
  void take_end();

  std::unique_ptr<PGconn, void (*)(PGconn*)> connection_;
  std::set<const leeway::postgres::statement*> prepared_{};
};

}  // namespace leeway_bench

#endif
