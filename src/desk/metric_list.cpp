// SPDX-License-Identifier: Apache-2.0
// Every metric, as docs/desk-observability.md explains it; a test compares the two.
#include <leeway/desk/metrics.hpp>

namespace leeway {
namespace {

constexpr auto counter = metric_kind::counter;
constexpr auto gauge = metric_kind::gauge;
constexpr auto histogram = metric_kind::histogram;
constexpr auto nanosecond = metric_unit::nanosecond;
constexpr auto millionth = metric_unit::millionth;
constexpr std::int64_t ms = 1'000'000;

/// From half a millisecond, which a disk takes to sync, to the ten seconds of a store's patience.
std::vector<std::int64_t> latencies() {
  return {ms / 4,   ms / 2,   ms,       5 * ms / 2, 5 * ms,     10 * ms,    25 * ms,    50 * ms,
          100 * ms, 250 * ms, 500 * ms, 1'000 * ms, 2'500 * ms, 5'000 * ms, 10'000 * ms};
}

std::vector<metric> desk_metrics() {
  return {
      {.id = metric_id::decisions,
       .name = "leeway_desk_decisions_total",
       .kind = counter,
       .help = "Decisions answered; effect: new, repeated (a retry) or none (of linked requests "
               "of which one was not approved)",
       .labels = {"policy", "outcome", "effect"}},
      {.id = metric_id::operations_started,
       .name = "leeway_desk_operations_started_total",
       .kind = counter,
       .help = "Operations begun; those that have not ended are the difference to "
               "leeway_desk_operation_seconds_count",
       .labels = {"operation"}},
      {.id = metric_id::operation_seconds,
       .name = "leeway_desk_operation_seconds",
       .kind = histogram,
       .unit = nanosecond,
       .help = "Time an operation took, with errors and with waiting for the store",
       .labels = {"operation"},
       .bounds = latencies()},
      {.id = metric_id::errors,
       .name = "leeway_desk_errors_total",
       .kind = counter,
       .help = "Operations that were refused or failed, by code; nothing was approved",
       .labels = {"operation", "code"}},
      {.id = metric_id::transitions,
       .name = "leeway_desk_transitions_total",
       .kind = counter,
       .help = "Changes of where a decision stands, by what happened and the state it led to",
       .labels = {"policy", "event", "state"}},
      {.id = metric_id::budget_used,
       .name = "leeway_desk_budget_used_ratio",
       .kind = histogram,
       .unit = millionth,
       .help = "Share of a hard budget in use after each new decision that it applied to, of "
               "whichever customer or agent",
       .labels = {"policy", "budget"},
       .bounds = {100'000, 250'000, 500'000, 750'000, 900'000, 950'000, 990'000, 1'000'000}},
      {.id = metric_id::budget_stops,
       .name = "leeway_desk_budget_stops_total",
       .kind = counter,
       .help = "New decisions that a budget kept from being approved, by the reason's code",
       .labels = {"policy", "budget", "code"}},
      {.id = metric_id::shared_budget_used,
       .name = "leeway_desk_shared_budget_used_ratio",
       .kind = gauge,
       .unit = millionth,
       .help = "Share in use of a budget that everybody shares: one that is kept by nothing and "
               "whose limit is a plain amount or number",
       .labels = {"policy", "budget"}},
  };
}

std::vector<metric> standing_metrics() {
  return {
      {.id = metric_id::inbox,
       .name = "leeway_desk_inbox",
       .kind = gauge,
       .help = "Decisions that wait for a person; kind: approval or review",
       .labels = {"kind"}},
      {.id = metric_id::inbox_oldest,
       .name = "leeway_desk_inbox_oldest_seconds",
       .kind = gauge,
       .unit = nanosecond,
       .help = "How long the oldest of them has waited; 0: nothing waits",
       .labels = {"kind"}},
      {.id = metric_id::overdue,
       .name = "leeway_desk_overdue",
       .kind = gauge,
       .help = "Holds and deadlines that are over and were not acted on yet"},
      {.id = metric_id::overdue_oldest,
       .name = "leeway_desk_overdue_oldest_seconds",
       .kind = gauge,
       .unit = nanosecond,
       .help = "For how long the oldest of them has been over; it grows when nobody expires"},
      {.id = metric_id::stored_decisions,
       .name = "leeway_desk_stored_decisions",
       .kind = gauge,
       .help = "Decisions in the store, by where they stand",
       .labels = {"state"}},
      {.id = metric_id::policies,
       .name = "leeway_desk_policies",
       .kind = gauge,
       .help = "Published versions of policies; state: deciding or suspended",
       .labels = {"state"}},
      {.id = metric_id::clock_jumps,
       .name = "leeway_desk_clock_jumps_total",
       .kind = counter,
       .help = "How often the clock was found ahead of the time that passed; until it is right or "
               "accepted nothing is decided"},
  };
}

std::vector<metric> store_metrics() {
  return {
      {.id = metric_id::store_up,
       .name = "leeway_store_up",
       .kind = gauge,
       .help = "1: the last thing the store did succeeded; 0: it failed, or is closed"},
      {.id = metric_id::store_tasks,
       .name = "leeway_store_tasks_total",
       .kind = counter,
       .help = "Transactions of the desk that were written durably"},
      {.id = metric_id::store_commits,
       .name = "leeway_store_commits_total",
       .kind = counter,
       .help = "Durable commits; fewer than tasks where tasks share one"},
      {.id = metric_id::store_commit_tasks,
       .name = "leeway_store_commit_tasks",
       .kind = histogram,
       .help = "Tasks in one commit",
       .bounds = {1, 2, 4, 8, 16, 32, 64, 128, 256}},
      {.id = metric_id::store_commit_seconds,
       .name = "leeway_store_commit_seconds",
       .kind = histogram,
       .unit = nanosecond,
       .help = "Time a commit took until it was durable",
       .bounds = latencies()},
      {.id = metric_id::store_retries,
       .name = "leeway_store_retries_total",
       .kind = counter,
       .help = "Tasks begun again; cause: changed (others changed the same accounts), conflict "
               "(40001, 40P01), connection or unsure (a commit whose answer was lost)",
       .labels = {"cause"}},
      {.id = metric_id::store_failures,
       .name = "leeway_store_failures_total",
       .kind = counter,
       .help = "Tasks that failed, by code",
       .labels = {"code"}},
      {.id = metric_id::store_connections,
       .name = "leeway_store_connections_opened_total",
       .kind = counter,
       .help = "Connections opened to a server since the desk watches; they grow when connections "
               "break"},
  };
}

}  // namespace

const std::vector<metric>& all_metrics() {
  static const std::vector<metric> all = [] {
    std::vector<metric> out = desk_metrics();
    for (metric& one : standing_metrics()) out.push_back(std::move(one));
    for (metric& one : store_metrics()) out.push_back(std::move(one));
    return out;
  }();
  return all;
}

const metric& description(metric_id id) { return all_metrics()[static_cast<std::size_t>(id)]; }

}  // namespace leeway
