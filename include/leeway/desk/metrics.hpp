// SPDX-License-Identifier: Apache-2.0
/// \file
/// What a desk measures, and how it is handed on to whatever watches it. docs/desk-observability.md
/// lists every metric with its meaning.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace leeway {

/// How the values of a metric are to be taken.
enum class metric_kind : std::uint8_t {
  counter = 1,    ///< each value is added
  gauge = 2,      ///< each value takes the place of the one before
  histogram = 3,  ///< each value is one observation
};

/// What one stands for in a value. Values are whole numbers; Prometheus is told base units.
enum class metric_unit : std::uint8_t {
  one = 1,         ///< a number of things
  nanosecond = 2,  ///< told as seconds
  millionth = 3,   ///< told as a ratio: 1 is all of it
};

/// Names a metric. The order is that of `all_metrics`.
enum class metric_id : std::uint8_t {
  decisions,
  operations_started,
  operation_seconds,
  errors,
  transitions,
  budget_used,
  budget_stops,
  shared_budget_used,
  inbox,
  inbox_oldest,
  overdue,
  overdue_oldest,
  stored_decisions,
  policies,
  clock_jumps,
  store_up,
  store_tasks,
  store_commits,
  store_commit_tasks,
  store_commit_seconds,
  store_retries,
  store_failures,
  store_connections,
};

/// What a metric means. The texts live as long as the program.
struct metric {
  metric_id id{};
  std::string_view name{};  ///< as Prometheus has it: `leeway_desk_decisions_total`
  metric_kind kind{metric_kind::counter};
  metric_unit unit{metric_unit::one};
  std::string_view help{};
  std::vector<std::string_view> labels{};
  std::vector<std::int64_t> bounds{};  ///< of a histogram: upper ends, growing, in its unit
};

/// Every metric there is, in the order of `metric_id`.
const std::vector<metric>& all_metrics();
const metric& description(metric_id id);

/// Where a desk's figures go. Implement it to hand them on to a monitoring of your own; the one
/// below is ready for Prometheus.
///
/// Labels are few by design: ids of policies and budgets, codes, states; never a person, a request
/// or a decision.
class metrics {
 public:
  virtual ~metrics() = default;
  /// One value; `labels` has a text for each label of the metric's, in their order. Called on the
  /// threads that decide, by many at once, so it should be quick; it must not call the desk. What
  /// it throws is ignored. The texts live until it returns.
  virtual void measured(metric_id what, std::span<const std::string_view> labels,
                        std::int64_t value) = 0;
};

struct metric_registry_options {
  /// Series that one metric has at most; 1 to 10,000. What would come beyond is counted in a series
  /// of its own, whose labels are all `other`.
  std::size_t most_series{500};
};

/// Keeps figures in memory and writes them for Prometheus. Thread-safe; a value costs a few atomic
/// operations and no lock, but for the first one of a series.
class metric_registry final : public metrics {
 public:
  explicit metric_registry(metric_registry_options options = {});
  ~metric_registry() override;
  metric_registry(const metric_registry&) = delete;
  metric_registry& operator=(const metric_registry&) = delete;

  void measured(metric_id what, std::span<const std::string_view> labels,
                std::int64_t value) override;

  /// All of it in the text format that Prometheus scrapes, version 0.0.4 (serve it as `text/plain;
  /// version=0.0.4`). Metrics that nothing was measured of are left out. Series are sorted.
  /// https://prometheus.io/docs/instrumenting/exposition_formats/
  std::string to_prometheus() const;

 private:
  class family;
  std::vector<std::unique_ptr<family>> families_{};
};

}  // namespace leeway
