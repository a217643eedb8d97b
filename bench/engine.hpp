// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <leeway/leeway.hpp>

#include <string>
#include <string_view>

namespace leeway_bench {

/// How the benchmarks ask the engine: one function for each thing that is measured, and nowhere
/// else. Each thread has its own; the policy is shared.
class engine {
 public:
  explicit engine(const leeway::policy& p) : policy_(p) {}

  /// The outcome, as quickly as the engine gives it.
  leeway::outcome decide(const leeway::request& r);
  /// The decision with every finding, without an offer. It holds until the next call.
  const leeway::decision& explain(const leeway::request& r);
  /// The decision with every finding and what could be offered.
  const leeway::decision& offer(const leeway::request& r);
  /// From a request's text to the decision's.
  std::string json(std::string_view request_text);

 private:
  leeway::policy policy_;
  leeway::usage used_{leeway::usage::empty()};
  leeway::decision decision_{};
};

}  // namespace leeway_bench
