// SPDX-License-Identifier: Apache-2.0
// What is compared; `rounds` says how often at most. Names are `store/first/second`.
#ifndef LEEWAY_BENCH_DESK_COMPARISONS_HPP
#define LEEWAY_BENCH_DESK_COMPARISONS_HPP

#include <cstddef>
#include <string>

namespace leeway_bench {

void add_sqlite_comparisons(std::size_t rounds);
/// `server`: the URL of a PostgreSQL server.
void add_postgres_comparisons(const std::string& server, std::size_t rounds);
/// Whether a store that holds much decides as fast as one that holds little. `server` may be empty.
void add_growth_comparisons(const std::string& server, std::size_t records);

}  // namespace leeway_bench

#endif
