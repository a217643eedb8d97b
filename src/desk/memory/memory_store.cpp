// SPDX-License-Identifier: Apache-2.0
#include "desk/memory/account.hpp"
#include "desk/watch_post.hpp"
#include "desk/written_accounts.hpp"

#include <leeway/base/checked.hpp>
#include <leeway/desk/memory_store.hpp>

#include <algorithm>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>

namespace leeway {
namespace {

failure<error> contradicts(const std::string& what) {
  return fail("store_conflict", "a change contradicts what is stored: " + what);
}

class memory_store final : public store {
 public:
  result<void> run(store_task& task) override {
    const stopwatch time(post_.is_watched());
    bool wrote = false;
    auto ran = run(task, wrote);
    if (!ran) {
      post_.tell({.what = store_event::kind::failed, .code = ran.error().code});
    } else if (wrote) {
      post_.tell({.what = store_event::kind::committed, .tasks = 1, .took = time.read()});
    }
    return ran;
  }

  result<std::optional<stored_decision>> find(const decision_id& id) override {
    const std::lock_guard lock(mutex_);
    return decision_named(id);
  }
  result<std::optional<stored_decision>> find(const request_key& key) override {
    const std::lock_guard lock(mutex_);
    return decision_on(key);
  }

  result<std::vector<stored_decision>> queue(const std::optional<decision_place>& after,
                                             std::size_t most) override {
    const std::lock_guard lock(mutex_);
    auto from = queued_.begin();
    if (after) from = queued_.upper_bound({after->at, after->id});
    return listed(from, queued_.end(), most);
  }
  result<std::vector<stored_decision>> due(instant until, std::size_t most) override {
    const std::lock_guard lock(mutex_);
    const auto end = std::ranges::find_if(due_, [&](const auto& one) { return one.first > until; });
    return listed(due_.begin(), end, most);
  }

  result<std::vector<stored_record>> records(const std::string& subject) override {
    const std::lock_guard lock(mutex_);
    std::vector<stored_record> out;
    for (auto at = by_subject_.lower_bound({subject, 0});
         at != by_subject_.end() && at->first.first == subject; ++at) {
      out.push_back(records_[at->second]);
    }
    return out;
  }
  result<std::vector<stored_record>> records_after(std::int64_t position,
                                                   std::size_t most) override {
    const std::lock_guard lock(mutex_);
    std::vector<stored_record> out;
    for (auto at = static_cast<std::size_t>(std::max<std::int64_t>(position, 0));
         at < records_.size() && out.size() < most; ++at) {
      out.push_back(records_[at]);
    }
    return out;
  }
  result<std::vector<stored_policy>> policies() override {
    const std::lock_guard lock(mutex_);
    std::vector<stored_policy> out;
    for (const auto& [digest, one] : policies_) out.push_back(one);
    return out;
  }
  result<balance> read(const account_query& account) override {
    const std::lock_guard lock(mutex_);
    return balance_of(account);
  }

  result<std::vector<std::string>> check() override { return std::vector<std::string>{}; }
  result<void> backup(const std::string& /*path*/) override {
    return fail("not_supported", "a store in memory has no file to copy; use `sqlite:FILE`");
  }
  store_figures figures() const override {
    const std::lock_guard lock(mutex_);
    return figures_;
  }
  result<store_survey> survey(instant now, survey_depth depth) override;
  void watch(const store_watcher& by) override { post_.set(by); }

 private:
  result<void> run(store_task& task, bool& wrote) {
    const std::lock_guard lock(mutex_);
    if (is_torn_) {
      return fail("store_closed", "memory ran out in the middle of a change: what is here is torn");
    }
    store_query query;
    while (true) {
      task.ask(query);
      const store_view view = view_of(query);
      store_change change;
      const verdict wanted = task.judge(view, change);
      if (wanted == verdict::read_again) continue;
      wrote = wanted == verdict::write;
      return wrote ? write(query, change) : result<void>();
    }
  }

  using places = std::set<std::pair<instant, decision_id>>;

  std::optional<stored_decision> decision_on(const request_key& key) const {
    const auto found = decisions_.find(key);
    return found == decisions_.end() ? std::nullopt : std::optional(found->second);
  }
  std::optional<stored_decision> decision_named(const decision_id& id) const {
    const auto found = by_id_.find(id);
    return found == by_id_.end() ? std::nullopt : decision_on(found->second);
  }
  balance balance_of(const account_query& wanted) {
    const auto found = accounts_.find(wanted.account);
    balance out = found == accounts_.end() ? balance{} : found->second.read(wanted.from);
    if (!wanted.greatest) out.greatest.reset();
    return out;
  }
  std::vector<stored_decision> listed(places::const_iterator from, places::const_iterator to,
                                      std::size_t most) const {
    std::vector<stored_decision> out;
    for (; from != to && out.size() < most; ++from) out.push_back(*decision_named(from->second));
    return out;
  }

  store_view view_of(const store_query& query) {
    store_view out{.publications = publications_, .not_before = latest_};
    if (query.publications != publications_) return out;
    for (const auto& key : query.requests) out.requests.push_back(decision_on(key));
    for (const auto& id : query.decisions) out.decisions.push_back(decision_named(id));
    for (const auto& key : query.chains) {
      const auto found = chains_.find(key);
      out.chains.push_back(found == chains_.end() ? std::nullopt : std::optional(found->second));
    }
    for (const auto& one : query.accounts) out.accounts.push_back(balance_of(one));
    if (!query.acts_from) return out;
    for (const auto& [key, one] : decisions_) {
      if (!one.act.empty() && changed_at_.at(key) >= *query.acts_from) out.acts.push_back(one.act);
    }
    return out;
  }

  /// What the task must not do. Other stores have constraints for it.
  result<void> admissible(const store_query& query, const store_change& change) const {
    if (change.at < latest_) return contradicts("it is of an earlier instant");
    for (const auto& d : change.decisions) {
      const auto before = decisions_.find(d.key);
      const std::int64_t number = before == decisions_.end() ? 0 : before->second.number;
      if (d.number <= number) return contradicts("decision `" + d.id.str() + "` was changed");
      const auto named = by_id_.find(d.id);
      if (named != by_id_.end() && named->second != d.key) {
        return contradicts("decision `" + d.id.str() + "` is of another request");
      }
    }
    for (const auto& r : change.records) {
      if (by_subject_.contains({r.subject, r.number})) {
        return contradicts("record " + std::to_string(r.number) + " of `" + r.subject + "`");
      }
    }
    if (!reads_what_it_changes(query, change)) return contradicts("an account that was not read");
    return {};
  }

  result<void> write(const store_query& query, const store_change& change) {
    if (auto good = admissible(query, change); !good) return good;
    // INVARIANT: all or nothing, here too: what cannot be done is found before anything is.
    std::map<digest, std::int64_t> more;
    for (const auto& e : change.entries) {
      if (!e.present || !e.counts) continue;
      const auto sum = checked_add(more[e.account], e.minor);
      if (!sum || !accounts_[e.account].fits(*sum)) {
        return fail("store_conflict", "the sum of an account does not fit");
      }
      more[e.account] = *sum;
    }
    // INVARIANT: whatever throws from here on leaves a part of the change behind.
    is_torn_ = true;
    for (const auto& e : change.entries) accounts_[e.account].set(e);
    for (const auto& d : change.decisions) put(d, change.at);
    for (const auto& c : change.chains) {
      chains_.erase(c.chain);
      if (c.holder) chains_.emplace(c.chain, *c.holder);
    }
    for (const auto& r : change.records) {
      by_subject_.emplace(std::pair{r.subject, r.number}, records_.size());
      const auto position = static_cast<std::int64_t>(records_.size()) + 1;
      records_.push_back({position, r.subject, r.number, r.body});
    }
    for (const auto& p : change.policies) {
      policies_.insert_or_assign(p.digest, p);
      ++publications_;
    }
    latest_ = change.at;
    is_torn_ = false;
    ++figures_.tasks;
    ++figures_.commits;
    figures_.largest_batch = 1;
    return {};
  }

  void put(const stored_decision& d, instant at) {
    if (const auto before = decisions_.find(d.key); before != decisions_.end()) {
      const stored_decision& old = before->second;
      queued_.erase({old.at, old.id});
      if (old.due) due_.erase({*old.due, old.id});
    }
    decisions_.insert_or_assign(d.key, d);
    by_id_.insert_or_assign(d.id, d.key);
    changed_at_.insert_or_assign(d.key, at);
    if (d.queued) queued_.emplace(d.at, d.id);
    if (d.due) due_.emplace(*d.due, d.id);
  }

  mutable std::mutex mutex_{};
  instant latest_{instant::min()};
  std::int64_t publications_{};
  bool is_torn_{};
  std::map<request_key, stored_decision> decisions_{};
  std::map<decision_id, request_key> by_id_{};
  std::map<request_key, instant> changed_at_{};
  places queued_{};
  places due_{};
  std::map<request_key, decision_id> chains_{};
  std::unordered_map<digest, memory_account> accounts_{};
  std::vector<stored_record> records_{};
  std::map<std::pair<std::string, std::int64_t>, std::size_t> by_subject_{};
  std::map<digest, stored_policy> policies_{};
  store_figures figures_{};
  watch_post post_{};
};

result<store_survey> memory_store::survey(instant now, survey_depth depth) {
  const std::lock_guard lock(mutex_);
  store_survey out;
  for (const auto& [at, id] : queued_) {
    const bool waits = decision_named(id)->state == decision_state::waiting;
    ++(waits ? out.waiting : out.reviews);
    auto& oldest = waits ? out.oldest_waiting : out.oldest_review;
    if (!oldest) oldest = at;
  }
  for (auto at = due_.begin(); at != due_.end() && at->first <= now; ++at) {
    ++out.overdue;
    if (!out.oldest_overdue) out.oldest_overdue = at->first;
  }
  if (depth == survey_depth::waiting) return out;
  std::map<decision_state, std::int64_t> states;
  for (const auto& [key, one] : decisions_) ++states[one.state];
  out.states.assign(states.begin(), states.end());
  return out;
}

}  // namespace

std::shared_ptr<store> make_memory_store() { return std::make_shared<memory_store>(); }

}  // namespace leeway
