// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <leeway/leeway.hpp>

#include <cstddef>
#include <vector>

namespace leeway_bench {

/// The twenty rules of goodwill_20.policy.json, loaded once.
const leeway::policy& goodwill_20();

/// How many requests there are: 100,000, or LEEWAY_BENCH_REQUESTS.
std::size_t request_count();

/// That many distinct requests for goodwill-20, the same in every run: who asks, for how much and
/// for whom is drawn from a fixed seed.
const std::vector<leeway::request>& goodwill_requests();

}  // namespace leeway_bench
