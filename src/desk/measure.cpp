// SPDX-License-Identifier: Apache-2.0
#include "desk/measure.hpp"

#include <leeway/engine/policy_set.hpp>

#include <algorithm>
#include <initializer_list>
#include <set>
#include <span>
#include <string_view>

namespace leeway {
namespace {

/// What a limit is where it is the same for every request; its currency is the policy's.
std::optional<std::int64_t> plain_limit(const std::optional<quantity>& q) {
  if (!q) return std::nullopt;
  if (const auto* number = std::get_if<std::int64_t>(&*q)) return *number;
  if (const auto* sum = std::get_if<money>(&*q)) return sum->minor();
  return std::nullopt;
}

/// Budgets that everybody shares, with a limit that is known without a request.
std::vector<const budget_definition*> shared_budgets(const policy_document& of) {
  std::vector<const budget_definition*> out;
  const auto add = [&](const std::vector<budget_definition>& budgets) {
    for (const budget_definition& one : budgets) {
      if (one.per.empty() && (plain_limit(one.amount) || plain_limit(one.count))) {
        out.push_back(&one);
      }
    }
  };
  add(of.budgets);
  for (const overlay_definition& one : of.overlays) add(one.budgets);
  return out;
}

void put(metrics& to, metric_id what, std::initializer_list<std::string_view> labels,
         std::int64_t value) {
  to.measured(what, std::span(labels.begin(), labels.size()), value);
}

void put_survey(metrics& to, const store_survey& s, instant now) {
  const auto age = [&](const std::optional<instant>& since) {
    return since ? nanoseconds_in(checked_sub(now, *since).value_or(duration{})) : 0;
  };
  put(to, metric_id::inbox, {"approval"}, s.waiting);
  put(to, metric_id::inbox, {"review"}, s.reviews);
  put(to, metric_id::inbox_oldest, {"approval"}, age(s.oldest_waiting));
  put(to, metric_id::inbox_oldest, {"review"}, age(s.oldest_review));
  put(to, metric_id::overdue, {}, s.overdue);
  put(to, metric_id::overdue_oldest, {}, age(s.oldest_overdue));
  for (const auto& [state, count] : s.states) {
    put(to, metric_id::stored_decisions, {to_string(state)}, count);
  }
}

/// Those of the version that decides now; where none does, there is nothing to tell.
result<void, diagnostics> measure_budgets(const desk_core& core, const policy_id& of, instant now,
                                          metrics& to) {
  const auto policies = core.policies();
  const auto chosen = choose_policy(policies->policies(), request{.at = now, .policy = of});
  if (!chosen) return {};
  const book_entry& entry = policies->entries()[*chosen];
  for (const budget_definition* one : shared_budgets(entry.under.document())) {
    const auto& counters = entry.counts.counters();
    const auto counter = std::ranges::find(counters, one->id, &usage_counter::id);
    if (counter == counters.end()) continue;
    const auto read = core.books->read({.account = account_of(counter->definition, {}),
                                        .from = counter->window.first(now, entry.under.zone()),
                                        .is_protected = false});
    if (!read) return refused(read.error());
    std::int64_t share = 0;
    if (const auto most = plain_limit(one->amount)) share = share_of(read->minor, *most);
    if (const auto most = plain_limit(one->count)) {
      share = std::max(share, share_of(read->count, *most));
    }
    put(to, metric_id::shared_budget_used, {of.view(), one->id.view()}, share);
  }
  return {};
}

}  // namespace

result<void, diagnostics> measure(const desk_core& core, metrics& to, survey_depth depth) {
  const instant now = core.options.clock.now();
  const auto found = core.books->survey(now, depth);
  if (!found) return refused(found.error());
  put_survey(to, *found, now);
  const auto policies = core.policies();
  std::int64_t suspended = 0;
  std::set<policy_id> seen;
  for (const book_entry& one : policies->entries()) {
    if (one.stored.suspended) ++suspended;
    if (!seen.insert(one.stored.id).second) continue;
    if (auto told = measure_budgets(core, one.stored.id, now, to); !told) return told;
  }
  const auto all = static_cast<std::int64_t>(policies->entries().size());
  put(to, metric_id::policies, {"deciding"}, all - suspended);
  put(to, metric_id::policies, {"suspended"}, suspended);
  return {};
}

}  // namespace leeway
