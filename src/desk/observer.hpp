// SPDX-License-Identifier: Apache-2.0
// Tells what happens at a desk: figures to its metrics, events to its log. Whatever they do with
// it, the desk goes on.
#pragma once

#include "desk/book.hpp"

#include <leeway/base/diagnostic.hpp>
#include <leeway/desk/desk.hpp>
#include <leeway/desk/events.hpp>
#include <leeway/desk/metrics.hpp>
#include <leeway/desk/standing.hpp>
#include <leeway/desk/store.hpp>

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace leeway {

/// A decision that was answered.
struct told_decision {
  const standing& now;
  const leeway::decision& decided;
  std::string_view effect{};  ///< `new`, `repeated` or `none`
  /// Of a new one: under what, and what it adds to the ledger.
  const book_entry* under{};
  const std::vector<history_entry>* act{};
};

/// Thread-safe; cheap to copy.
class observer {
 public:
  explicit observer(const desk_options& options)
      : metrics_(options.metrics), events_(options.events), now_(options.clock.now) {}

  bool is_on() const { return metrics_ != nullptr || events_; }

  void opened(const book& policies) const;
  /// The policies as they are now: how many decide, and a first 0 for each of their figures.
  void published(const book& policies) const;

  void started(std::string_view operation) const;
  void ended(std::string_view operation, duration took) const;
  /// `about`: the id of a decision or request; may be empty.
  void refused(std::string_view operation, std::string_view about, const diagnostics& why) const;

  void decided(const told_decision& what) const;
  /// What happened (`settlement` ...) and where it led.
  void changed(std::string_view what, const standing& now) const;
  /// `policy_published`, `policy_suspended` or `policy_resumed`.
  void policy_changed(event_id what, const stored_policy& which) const;

  void clock_jumped(duration by) const;
  void clock_accepted() const;
  void store_did(const store_event& what) const;

 private:
  void measured(metric_id what, std::initializer_list<std::string_view> labels,
                std::int64_t value) const;
  void tell(event_level level, event_id what, std::vector<event_field> fields) const;
  void tell_budgets(const told_decision& what) const;

  std::shared_ptr<leeway::metrics> metrics_;
  event_sink events_;
  std::function<instant()> now_;
};

/// A duration as a value of a metric.
std::int64_t nanoseconds_in(duration d);
/// How much of a limit is in use, in millionths; all of it where the limit is nothing.
std::int64_t share_of(std::int64_t used, std::int64_t limit);

}  // namespace leeway
