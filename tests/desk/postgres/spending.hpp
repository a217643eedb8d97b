// SPDX-License-Identifier: Apache-2.0
// The smallest task that can overspend, for tests of a store alone: it holds an amount against one
// budget, under an id of its own.
#pragma once

#include <leeway/base/clock.hpp>
#include <leeway/desk/store.hpp>

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace leeway::test {

class spending final : public store_task {
 public:
  /// Accounts that are charged all at once.
  spending(std::string id, std::vector<std::string> accounts, std::int64_t amount,
           std::int64_t limit)
      : id_(std::move(id)), accounts_(std::move(accounts)), amount_(amount), limit_(limit) {}

  /// How far back entries count.
  void count_from(instant from) { from_ = from; }
  void at(instant when) { at_ = when; }
  void want_greatest() { greatest_ = true; }
  void know_publications(std::int64_t n) { publications_ = n; }

  void ask(store_query& into) override {
    into = {.at = at_, .publications = publications_};
    into.requests = {key()};
    into.chains = {key()};
    for (const std::string& one : accounts_) {
      into.accounts.push_back({.account = digest::of(one), .from = from_, .greatest = greatest_});
    }
  }

  leeway::verdict judge(const store_view& view, store_change& change) override {
    ++judged_;
    seen_ = view;
    approved_ = repeated_ = false;
    publications_ = view.publications;
    if (view.requests.at(0)) {
      repeated_ = true;
      approved_ = view.requests[0]->state == decision_state::approved;
      return verdict::done;
    }
    if (view.not_before > at_) {
      at_ = view.not_before;
      return verdict::read_again;
    }
    approved_ = std::ranges::all_of(view.accounts,
                                    [&](const balance& b) { return b.minor + amount_ <= limit_; });
    write(change);
    return verdict::write;
  }

  bool approved() const { return approved_; }
  bool repeated() const { return repeated_; }
  int judged() const { return judged_; }
  const store_view& seen() const { return seen_; }

 private:
  request_key key() const { return {.caller = "test", .id = id_}; }

  void write(store_change& change) const {
    change.at = at_;
    change.decisions.push_back(
        {.key = key(),
         .id = "dec-" + id_,
         .number = 1,
         .state = approved_ ? decision_state::approved : decision_state::denied,
         .at = at_,
         .act = approved_ ? "act" : "",
         .body = "body of " + id_});
    change.records.push_back({.subject = "dec-" + id_, .number = 1, .body = "record of " + id_});
    if (!approved_) return;
    change.chains.push_back({.chain = key(), .holder = decision_id("dec-" + id_)});
    for (const std::string& one : accounts_) {
      change.entries.push_back({.account = digest::of(one),
                                .act = "dec-" + id_,
                                .at = at_,
                                .minor = amount_,
                                .greatest = true});
    }
  }

  std::string id_;
  std::vector<std::string> accounts_;
  std::int64_t amount_;
  std::int64_t limit_;
  instant at_{now()};
  instant from_{instant::min()};
  bool greatest_{};
  std::int64_t publications_{};
  bool approved_{};
  bool repeated_{};
  int judged_{};
  store_view seen_{};
};

/// Takes out, or charges otherwise, what a spending holds.
class changing final : public store_task {
 public:
  changing(std::string id, std::string account, std::optional<std::int64_t> amount)
      : id_("dec-" + std::move(id)), account_(std::move(account)), amount_(amount) {}

  void ask(store_query& into) override {
    into = {.at = at_};
    into.decisions = {id_};
    into.accounts = {{.account = digest::of(account_)}};
  }
  leeway::verdict judge(const store_view& view, store_change& change) override {
    if (view.not_before > at_) {
      at_ = view.not_before;
      return verdict::read_again;
    }
    if (!view.decisions.at(0)) return verdict::done;
    stored_decision d = *view.decisions[0];
    ++d.number;
    d.state = amount_ ? decision_state::settled : decision_state::voided;
    change.at = at_;
    change.entries.push_back({.account = digest::of(account_),
                              .act = id_,
                              .present = amount_.has_value(),
                              .at = d.at,
                              .minor = amount_.value_or(0)});
    change.chains.push_back({.chain = d.key});
    change.records.push_back({.subject = id_.str(), .number = d.number, .body = "changed"});
    change.decisions.push_back(std::move(d));
    return verdict::write;
  }

 private:
  decision_id id_;
  std::string account_;
  std::optional<std::int64_t> amount_;
  instant at_{now()};
};

}  // namespace leeway::test
