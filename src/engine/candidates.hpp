// SPDX-License-Identifier: Apache-2.0
// Amounts next to which an outcome may change. The amount stands only linearly, on one side of a
// comparison, so between two neighbouring candidates nothing changes.
#pragma once

#include "engine/context.hpp"

#include <cstdint>
#include <vector>

namespace leeway::engine {

/// Candidates in [lowest, highest], each with its neighbours, without repeats.
class candidates {
 public:
  candidates(const std::vector<std::int64_t>& near, std::int64_t lowest, std::int64_t highest);
  const std::vector<std::int64_t>& descending() const { return amounts_; }

 private:
  std::vector<std::int64_t> amounts_{};
};

/// Puts the frame's amount back when it goes out of scope.
class amount_guard {
 public:
  explicit amount_guard(const context& c);
  ~amount_guard();
  amount_guard(const amount_guard&) = delete;
  amount_guard& operator=(const amount_guard&) = delete;

 private:
  condition::frame& facts_;
  condition::slot slot_;
  condition::kept_binding before_;
};

/// Sets the frame's amount as the context's says.
void bind_amount(const context& c);

/// The thresholds of a condition's comparisons.
void add_code_candidates(const context& c, const code_ptr& code, std::vector<std::int64_t>& out);
/// Where `of` (the amount itself when null) meets a bound.
void add_quantity_candidates(const context& c, const code_ptr& of, const compiled_quantity& bound,
                             std::vector<std::int64_t>& out);
/// What is left of a total.
void add_remaining_candidates(const context& c, const compiled_quantity& limit,
                              const std::optional<money>& used, std::vector<std::int64_t>& out);

}  // namespace leeway::engine
