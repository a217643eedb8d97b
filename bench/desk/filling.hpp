// SPDX-License-Identifier: Apache-2.0
// Puts much into a store at once, past any desk, through the port that desks use.
#ifndef LEEWAY_BENCH_DESK_FILLING_HPP
#define LEEWAY_BENCH_DESK_FILLING_HPP

#include "bench/desk/workload.hpp"

#include <leeway/desk/store.hpp>

#include <cstddef>
#include <memory>

namespace leeway_bench {

/// So many earlier acts in every account that a decision of `whose` charges, over the last weeks.
void fill_accounts(const std::shared_ptr<leeway::store>& books, const charged& whose,
                   std::size_t entries);

/// So many settled decisions of other requests, each with its record and an account of its own.
void fill_records(const std::shared_ptr<leeway::store>& books, std::size_t records);

}  // namespace leeway_bench

#endif
