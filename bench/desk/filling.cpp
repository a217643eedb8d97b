// SPDX-License-Identifier: Apache-2.0
#include "bench/desk/filling.hpp"

#include "bench/desk/recording_store.hpp"

#include <leeway/base/clock.hpp>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>

namespace leeway_bench {

using namespace leeway;

namespace {

/// In one transaction; larger ones gain nothing.
constexpr std::size_t portion = 5000;

/// Writes what it is given.
class filling final : public store_task {
 public:
  filling(std::int64_t publications, store_change what)
      : publications_(publications), what_(std::move(what)) {
    for (const entry_change& e : what_.entries) accounts_.insert(e.account);
  }

  void ask(store_query& into) override {
    into = {};
    at_ = std::max(floor_, now());
    into.at = at_;
    into.publications = publications_;
    for (const digest& one : accounts_) into.accounts.push_back({.account = one});
  }
  leeway::verdict judge(const store_view& view, store_change& change) override {
    if (view.publications != publications_) throw std::runtime_error("the policies are others");
    if (view.not_before > at_) {
      floor_ = view.not_before;
      return verdict::read_again;
    }
    change = what_;
    change.at = at_;
    return verdict::write;
  }

 private:
  std::int64_t publications_;
  store_change what_;
  std::set<digest> accounts_{};
  instant floor_{instant::min()};
  instant at_{};
};

/// Calls `add` with each number and the change of its portion, and writes all.
void write_in_portions(store& books, std::size_t count,
                       const std::function<void(std::size_t, store_change&)>& add) {
  std::int64_t publications = 0;
  const auto policies = books.policies();
  for (const stored_policy& one : policies.value()) publications += one.number;
  for (std::size_t from = 0; from < count; from += portion) {
    store_change change;
    for (std::size_t i = from; i < std::min(from + portion, count); ++i) add(i, change);
    filling task(publications, std::move(change));
    if (const auto done = books.run(task); !done) throw std::runtime_error(done.error().message);
    if (from / portion % 20 == 19) std::fputc('+', stderr);
  }
}

instant before(instant t, std::int64_t seconds) {
  return instant::make(t.seconds() - seconds, t.nanos()).value();
}

}  // namespace

void fill_accounts(const std::shared_ptr<store>& books, const charged& whose, std::size_t entries) {
  const auto recording = std::make_shared<recording_store>(books);
  const auto d = open_desk(recording);
  approve(*d, new_id(), whose);
  const std::vector<entry_change> charges = recording->written().back().change.entries;
  constexpr std::int64_t weeks = std::int64_t{60} * 86'400;
  const auto step = std::max<std::int64_t>(weeks / static_cast<std::int64_t>(entries), 1);
  const std::string subject = "filling-" + new_id();
  write_in_portions(*books, entries, [&](std::size_t i, store_change& into) {
    const auto number = static_cast<std::int64_t>(i + 1);
    for (entry_change one : charges) {
      one.act = decision_id("dec-old-" + std::to_string(i) + whose.customer);
      one.at = before(one.at, number * step);
      into.entries.push_back(std::move(one));
    }
    if (into.records.empty()) {
      into.records.push_back({.subject = subject, .number = number, .body = "{}"});
    }
  });
}

void fill_records(const std::shared_ptr<store>& books, std::size_t records) {
  // Ids are as random as real ones, and texts about as long.
  const std::string body(600, '.');
  write_in_portions(*books, records, [&](std::size_t i, store_change& into) {
    const digest name = digest::of("decision " + std::to_string(i));
    const decision_id id("dec-" + name.to_string().substr(7, 40));
    const std::string request = "old-" + std::to_string(i);
    into.decisions.push_back({.key = {.caller = {}, .id = request_id(request)},
                              .id = id,
                              .number = 1,
                              .state = decision_state::settled,
                              .at = now(),
                              .act = body.substr(0, 300),
                              .body = body});
    into.records.push_back({.subject = id.str(), .number = 1, .body = body});
    into.entries.push_back({.account = name, .act = id, .at = now(), .minor = 700});
  });
}

}  // namespace leeway_bench
