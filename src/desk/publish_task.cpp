// SPDX-License-Identifier: Apache-2.0
#include "desk/publish_task.hpp"

#include "base/json/canonical.hpp"

#include <leeway/policy/document.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>
#include <utility>

namespace leeway {
namespace {

std::string subject_of(const stored_policy& p) { return "policy " + p.digest.to_string(); }

/// A record of what happened to a policy.
new_record record_of(const stored_policy& p, instant at, const char* event) {
  nlohmann::json desk = {
      {"event", event},
      {"at", at.to_string()},
      {"number", p.number},
      {"policy", {{"id", p.id.str()}, {"version", p.version}, {"digest", p.digest.to_string()}}}};
  if (p.suspended && json::is_utf8(*p.suspended)) desk["note"] = *p.suspended;
  const nlohmann::json out = {{"desk", std::move(desk)}, {"format", "leeway-record/1"}};
  return {.subject = subject_of(p), .number = p.number, .body = json::canonical(out)};
}

}  // namespace

void publish_task::wants(store_query& into) {
  std::set<digest> counted;
  for (const book_entry& entry : policies().entries()) {
    for (const usage_counter& c : entry.counts.counters()) counted.insert(c.definition);
  }
  new_counters_.clear();
  const auto& counters = counts_.counters();
  instant from = instant::max();
  for (std::size_t i = 0; i < counters.size(); ++i) {
    if (!counted.insert(counters[i].definition).second) continue;
    new_counters_.push_back(i);
    from = std::min(from, counters[i].window.first(at(), policy_.zone()));
  }
  // Months differ in length, so what has left such a window can come back for some days.
  const auto margin = duration::make(-40 * std::int64_t{86'400});
  if (!new_counters_.empty()) {
    into.acts_from = checked_add(from, *margin).value_or(instant::min());
  }
}

leeway::verdict publish_task::decide(const store_view& view, store_change& change) {
  published_.reset();
  for (const book_entry& entry : policies().entries()) {
    if (entry.stored.digest == policy_.digest()) return verdict::done;
    if (entry.stored.id == policy_.id() && entry.stored.version == policy_.version()) {
      return refuse("version_reused",
                    "policy `" + policy_.id().str() + "` version `" + policy_.version() +
                        "` was published with another content",
                    "give the changed document a version of its own");
    }
  }
  for (const std::string& act : view.acts) {
    if (!count(act, change)) return refuse("store_failed", "a stored act cannot be read");
  }
  const stored_policy stored{.digest = policy_.digest(),
                             .id = policy_.id(),
                             .version = policy_.version(),
                             .number = 1,
                             .suspended = policy_.suspension(),
                             .document = normal_form(policy_.document())};
  change.policies.push_back(stored);
  change.records.push_back(record_of(stored, at(), "policy_published"));
  published_ = stored;
  return verdict::write;
}

bool publish_task::count(const std::string& text, store_change& change) {
  const auto act = act_of(text);
  if (!act || act->empty()) return false;
  std::set<digest> posted;
  for (std::size_t view = 0; view < act->size(); ++view) {
    for (const counted_entry& one : counts_.of((*act)[view])) {
      if (std::ranges::find(new_counters_, one.counter) == new_counters_.end()) continue;
      const usage_counter& counter = counts_.counters()[one.counter];
      if (view != 0 && !is_kept_per_agent(counter)) continue;
      const digest account = one.placed ? account_of(counter.definition, one.keys)
                                        : unplaced_account_of(counter.definition);
      const auto entry =
          entry_in(account, counter, one, decision_id(act->front().id), (*act)[view].at);
      if (!entry || !posted.insert(account).second) continue;
      change.entries.push_back(*entry);
    }
  }
  return true;
}

void suspend_task::wants(store_query& /*into*/) {}

leeway::verdict suspend_task::decide(const store_view& /*view*/, store_change& change) {
  bool known = false;
  for (const book_entry& entry : policies().entries()) {
    if (entry.stored.id != id_) continue;
    if (!version_.empty() && entry.stored.version != version_) continue;
    known = true;
    if (entry.stored.suspended == why_) continue;
    stored_policy stored = entry.stored;
    ++stored.number;
    stored.suspended = why_;
    change.policies.push_back(stored);
    change.records.push_back(record_of(stored, at(), why_ ? "policy_suspended" : "policy_resumed"));
  }
  switched_ = change.policies;
  if (!known) {
    return refuse("policy_unknown", "policy `" + id_.str() + "`" +
                                        (version_.empty() ? "" : " version `" + version_ + "`") +
                                        " was not published here");
  }
  return change.policies.empty() ? verdict::done : verdict::write;
}

}  // namespace leeway
