// SPDX-License-Identifier: Apache-2.0
#include "desk/observer.hpp"

#include <leeway/base/checked.hpp>

#include <algorithm>
#include <limits>
#include <span>
#include <utility>

namespace leeway {
namespace {

/// Of a refused request the id may be anything.
constexpr std::size_t longest_id = 256;

/// Whatever is thrown by those who are told: what was decided stands.
template <class Call>
void undisturbed(const Call& call) {
  try {
    call();
  } catch (...) {  // NOLINT(bugprone-empty-catch): said above
  }
}

std::vector<std::string> codes_of(const decision& d) {
  std::vector<std::string> out;
  for (const finding& f : d.findings) {
    if (f.outcome == outcome::approve) continue;
    std::string one(to_string(f.code));
    if (!f.rule.empty()) one += ":" + f.rule.str();
    out.push_back(std::move(one));
  }
  return out;
}

void put_key(std::vector<event_field>& to, const standing& s) {
  to.push_back({"decision", s.id.str()});
  to.push_back({"request", s.key.id.str()});
  if (!s.key.caller.empty()) to.push_back({"caller", s.key.caller});
}

bool is_trouble(std::string_view code) {
  return code.starts_with("store_") || code == "clock_jumped";
}

/// What an act adds to the counter of a budget: an amount, and one more in number.
const counted_entry* added(const std::vector<counted_entry>& all, const counting& counts,
                           const rule_id& budget) {
  const auto found = std::ranges::find_if(all, [&](const counted_entry& one) {
    return one.counts && counts.counters()[one.counter].id == budget;
  });
  return found == all.end() ? nullptr : &*found;
}

/// Absent: what was used is not known.
std::optional<std::int64_t> share_after(const limit& l, const counted_entry* more) {
  std::optional<std::int64_t> out;
  if (l.amount && l.used) {
    const auto used = checked_add(l.used->minor(), more == nullptr ? 0 : more->minor);
    if (used) out = share_of(*used, l.amount->minor());
  }
  if (l.count && l.count_used) {
    const auto used = checked_add(*l.count_used, std::int64_t{more == nullptr ? 0 : 1});
    if (used) out = std::max(out, std::optional(share_of(*used, *l.count)));
  }
  return out;
}

}  // namespace

std::int64_t nanoseconds_in(duration d) {
  const auto seconds = checked_mul(d.seconds(), 1'000'000'000);
  const auto all = seconds ? checked_add(*seconds, std::int64_t{d.nanos()}) : std::nullopt;
  return std::max<std::int64_t>(all.value_or(std::numeric_limits<std::int64_t>::max()), 0);
}

std::int64_t share_of(std::int64_t used, std::int64_t limit) {
  constexpr std::int64_t whole = 1'000'000;
  if (used <= 0) return limit > 0 ? 0 : whole;
  if (limit <= 0) return whole;
  const auto scaled = checked_mul(used, whole);
  // Of sums so large the last digits make no difference.
  return scaled ? *scaled / limit : used / std::max<std::int64_t>(limit / whole, 1);
}

void observer::measured(metric_id what, std::initializer_list<std::string_view> labels,
                        std::int64_t value) const {
  if (metrics_ == nullptr) return;
  undisturbed([&] { metrics_->measured(what, std::span(labels.begin(), labels.size()), value); });
}

void observer::tell(event_level level, event_id what, std::vector<event_field> fields) const {
  if (!events_) return;
  undisturbed(
      [&] { events_({.at = now_(), .level = level, .what = what, .fields = std::move(fields)}); });
}

void observer::opened(const book& policies) const {
  if (!is_on()) return;
  measured(metric_id::clock_jumps, {}, 0);
  measured(metric_id::store_up, {}, 1);
  for (const auto id :
       {metric_id::store_tasks, metric_id::store_commits, metric_id::store_connections}) {
    measured(id, {}, 0);
  }
  published(policies);
  tell(event_level::info, event_id::started,
       {{"policies", static_cast<std::int64_t>(policies.entries().size())}});
}

void observer::published(const book& policies) const {
  if (metrics_ == nullptr) return;
  std::int64_t suspended = 0;
  for (const book_entry& one : policies.entries()) {
    if (one.stored.suspended) ++suspended;
    // A counter that begins with its first event hides that one from who looks at rates.
    for (const char* outcome : {"approve", "escalate", "deny"}) {
      measured(metric_id::decisions, {one.stored.id.view(), outcome, "new"}, 0);
    }
  }
  const auto all = static_cast<std::int64_t>(policies.entries().size());
  measured(metric_id::policies, {"deciding"}, all - suspended);
  measured(metric_id::policies, {"suspended"}, suspended);
}

void observer::started(std::string_view operation) const {
  measured(metric_id::operations_started, {operation}, 1);
}

void observer::ended(std::string_view operation, duration took) const {
  measured(metric_id::operation_seconds, {operation}, nanoseconds_in(took));
}

void observer::refused(std::string_view operation, std::string_view about,
                       const diagnostics& why) const {
  if (!is_on() || why.empty()) return;
  const std::string& code = why.front().code;
  measured(metric_id::errors, {operation, code}, 1);
  tell(is_trouble(code) ? event_level::error : event_level::warning, event_id::refused,
       {{"operation", std::string(operation)},
        {"id", std::string(about.substr(0, longest_id))},
        {"code", code}});
}

void observer::decided(const told_decision& what) const {
  if (!is_on()) return;
  const standing& s = what.now;
  measured(metric_id::decisions, {s.policy.id.view(), to_string(what.decided.outcome), what.effect},
           1);
  if (what.under != nullptr) tell_budgets(what);
  if (!events_) return;
  std::vector<event_field> fields;
  put_key(fields, s);
  fields.push_back({"policy", s.policy.id.str()});
  fields.push_back({"version", s.policy.version});
  fields.push_back({"outcome", std::string(to_string(what.decided.outcome))});
  fields.push_back({"state", std::string(to_string(s.state))});
  fields.push_back({"effect", std::string(what.effect)});
  fields.push_back({"codes", codes_of(what.decided)});
  tell(event_level::info, event_id::decided, std::move(fields));
}

void observer::tell_budgets(const told_decision& what) const {
  if (metrics_ == nullptr) return;
  const counting& counts = what.under->counts;
  std::vector<counted_entry> more;
  if (what.act != nullptr && !what.act->empty()) more = counts.of(what.act->front());
  const std::string_view policy = what.now.policy.id.view();
  for (const limit& l : what.decided.limits) {
    const auto share = l.hard ? share_after(l, added(more, counts, l.id)) : std::nullopt;
    if (share) measured(metric_id::budget_used, {policy, l.id.view()}, *share);
  }
  for (const finding& f : what.decided.findings) {
    if (f.part != finding_part::budget || f.outcome == outcome::approve) continue;
    measured(metric_id::budget_stops, {policy, f.rule.view(), to_string(f.code)}, 1);
  }
}

void observer::changed(std::string_view what, const standing& now) const {
  if (!is_on()) return;
  measured(metric_id::transitions, {now.policy.id.view(), what, to_string(now.state)}, 1);
  if (!events_) return;
  std::vector<event_field> fields{{"what", std::string(what)}};
  put_key(fields, now);
  fields.push_back({"policy", now.policy.id.str()});
  fields.push_back({"state", std::string(to_string(now.state))});
  if (now.ratification != ratification_state::not_due) {
    fields.push_back({"ratification", std::string(to_string(now.ratification))});
  }
  fields.push_back({"number", now.number});
  tell(event_level::info, event_id::transition, std::move(fields));
}

void observer::policy_changed(event_id what, const stored_policy& which) const {
  tell(event_level::info, what,
       {{"policy", which.id.str()},
        {"version", which.version},
        {"digest", which.digest.to_string()}});
}

void observer::clock_jumped(duration by) const {
  measured(metric_id::clock_jumps, {}, 1);
  tell(event_level::error, event_id::clock_jumped, {{"ahead_seconds", by.seconds()}});
}

void observer::clock_accepted() const { tell(event_level::warning, event_id::clock_accepted, {}); }

void observer::store_did(const store_event& what) const {
  switch (what.what) {
    case store_event::kind::committed:
      measured(metric_id::store_tasks, {}, what.tasks);
      measured(metric_id::store_commits, {}, 1);
      measured(metric_id::store_commit_tasks, {}, what.tasks);
      measured(metric_id::store_commit_seconds, {}, nanoseconds_in(what.took));
      measured(metric_id::store_up, {}, 1);
      return;
    case store_event::kind::retried:
      measured(metric_id::store_retries, {what.code}, 1);
      // That others change the same accounts is how a hot budget works.
      if (what.code != "changed") {
        tell(event_level::warning, event_id::store_retry, {{"cause", what.code}});
      }
      return;
    case store_event::kind::failed:
      measured(metric_id::store_failures, {what.code}, 1);
      if (what.code == "store_failed" || what.code == "store_closed") {
        measured(metric_id::store_up, {}, 0);
      }
      tell(event_level::error, event_id::store_failed, {{"code", what.code}});
      return;
    case store_event::kind::connected:
      measured(metric_id::store_connections, {}, 1);
      tell(event_level::info, event_id::store_connected, {});
      return;
    case store_event::kind::closed:
      measured(metric_id::store_up, {}, 0);
      tell(event_level::error, event_id::store_closed,
           {{"code", what.code}, {"message", what.message}});
      return;
  }
}

}  // namespace leeway
