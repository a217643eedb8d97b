// SPDX-License-Identifier: Apache-2.0
// What a desk tells of itself, whatever its store: figures, events, and what waits.
#include "desk/contract/support.hpp"
#include "desk/observing/exposition.hpp"

#include <gmock/gmock.h>

#include <stdexcept>
#include <thread>

namespace leeway::desk_test {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

/// Keeps events as lines. Thread-safe.
class event_list {
 public:
  event_sink sink() {
    return [this](const event& e) {
      const std::lock_guard lock(mutex_);
      lines_.push_back(to_json(e));
    };
  }
  std::vector<std::string> of(const std::string& name) const {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> out;
    for (const std::string& one : lines_) {
      if (one.find("\"event\":\"" + name + '"') != std::string::npos) out.push_back(one);
    }
    return out;
  }
  std::string all() const {
    const std::lock_guard lock(mutex_);
    std::string out;
    for (const std::string& one : lines_) out += one + '\n';
    return out;
  }

 private:
  mutable std::mutex mutex_{};
  std::vector<std::string> lines_{};
};

class Observing : public Desk {
 protected:
  desk_options watched() {
    desk_options out = options();
    out.metrics = registry_;
    out.events = events_.sink();
    return out;
  }
  exposition figures() const {
    exposition out = read_exposition(registry_->to_prometheus());
    EXPECT_THAT(out.wrong, IsEmpty());
    return out;
  }
  std::string figure(const std::string& sample) const { return figures().at("leeway_" + sample); }

  std::shared_ptr<metric_registry> registry_ = std::make_shared<metric_registry>();
  event_list events_{};
};
INSTANTIATE_TEST_SUITE_P(On, Observing, ::testing::ValuesIn(backends()), name_of);

decision_id decided(desk& d, const request& r) {
  const auto a = d.decide(r);
  if (!a) throw std::runtime_error(render(a.error()));
  return a->id;
}

TEST_P(Observing, CountsDecisionsByOutcomeAndEffect) {
  const auto d = open(watched());
  EXPECT_EQ(figure(R"(desk_decisions_total{policy="p",outcome="deny",effect="new"})"), "0");
  decided(*d, proposal("r1", 50));
  decided(*d, proposal("r1", 50));
  decided(*d, proposal("r2", 60));
  decided(*d, proposal("r3", 60, "c-1"));
  ASSERT_TRUE(d->decide_linked({proposal("r4", 10, "c-2"), proposal("r5", 60, "c-3")}));
  const exposition now = figures();
  const auto decisions = [&](const std::string& outcome, const std::string& effect) {
    return now.at("leeway_desk_decisions_total{policy=\"p\",outcome=\"" + outcome + "\",effect=\"" +
                  effect + "\"}");
  };
  EXPECT_EQ(decisions("approve", "new"), "1");
  EXPECT_EQ(decisions("approve", "repeated"), "1");
  EXPECT_EQ(decisions("deny", "new"), "2");
  EXPECT_EQ(decisions("approve", "none"), "1");
  EXPECT_EQ(decisions("escalate", "none"), "1");
  EXPECT_EQ(now.at(R"(leeway_desk_operations_started_total{operation="decide"})"), "4");
  EXPECT_EQ(now.at(R"(leeway_desk_operation_seconds_count{operation="decide"})"), "4");
  EXPECT_EQ(now.at(R"(leeway_desk_operation_seconds_count{operation="decide_linked"})"), "1");
  EXPECT_EQ(now.at(R"(leeway_desk_policies{state="deciding"})"), "1");
  EXPECT_EQ(events_.of("decided").size(), 6U);
}

TEST_P(Observing, TellsHowMuchOfAHardBudgetIsInUse) {
  const auto d = open(watched());
  decided(*d, proposal("r1", 40));  // B1 holds 100 a customer
  decided(*d, proposal("r2", 50));
  decided(*d, proposal("r3", 20));  // does not fit
  const exposition now = figures();
  const auto bucket = [&](const std::string& end) {
    return now.at("leeway_desk_budget_used_ratio_bucket{policy=\"p\",budget=\"B1\",le=\"" + end +
                  "\"}");
  };
  EXPECT_EQ(bucket("0.25"), "0");
  EXPECT_EQ(bucket("0.5"), "1");
  EXPECT_EQ(bucket("0.75"), "1");
  EXPECT_EQ(bucket("0.9"), "3");
  EXPECT_EQ(now.at(R"(leeway_desk_budget_used_ratio_sum{policy="p",budget="B1"})"), "2.2");
  EXPECT_EQ(now.at(R"(leeway_desk_budget_stops_total{policy="p",budget="B1",code="over_budget"})"),
            "1");
}

TEST_P(Observing, FollowsADecisionThroughItsLife) {
  const auto d = open(watched());
  const auto first = decided(*d, proposal("r1", 50));
  ASSERT_TRUE(d->settle(first, {.amount = usd(30)}));
  ASSERT_TRUE(d->settle(first, {.amount = usd(30)}));  // a retry changes nothing
  EXPECT_EQ(code_of(d->void_decision(first)), "is_settled");
  const auto second = decided(*d, proposal("r2", 60, "c-2"));
  ASSERT_TRUE(d->resolve(second, {.by = person("l-1", "lead"), .granted = true}));
  clock_.pass(span(8 * 86'400));
  // It is refused, and has expired all the same.
  EXPECT_EQ(code_of(d->settle(second)), "is_expired");
  decided(*d, proposal("r3", 70, "c-3"));
  request again = proposal("r4", 40, "c-3");
  again.supersedes = "r3";
  decided(*d, again);
  const exposition now = figures();
  const auto transitions = [&](const std::string& event, const std::string& state) {
    return now.at("leeway_desk_transitions_total{policy=\"p\",event=\"" + event + "\",state=\"" +
                  state + "\"}");
  };
  EXPECT_EQ(transitions("settlement", "settled"), "1");
  EXPECT_EQ(transitions("resolution", "approved"), "1");
  EXPECT_EQ(transitions("expiry", "expired"), "1");
  EXPECT_EQ(transitions("superseded", "superseded"), "1");
  EXPECT_EQ(now.at(R"(leeway_desk_errors_total{operation="void",code="is_settled"})"), "1");
  EXPECT_EQ(now.at(R"(leeway_desk_errors_total{operation="settle",code="is_expired"})"), "1");
  EXPECT_EQ(events_.of("transition").size(), 4U);
  EXPECT_EQ(events_.of("refused").size(), 2U);
}

TEST_P(Observing, TellsIdsAndCodesAndNothingElse) {
  const auto d = open(watched());
  request r = proposal("r1", 60, "customer-of-ours");
  r.agent.id = "agent-of-ours";
  r.note = "written by hand";
  r.contact.id = "contact-of-ours";
  const auto id = decided(*d, r);
  ASSERT_TRUE(d->resolve(id, {.by = person("lead-of-ours", "lead"), .note = "said by hand"}));
  ASSERT_TRUE(d->suspend("p", "", "typed by hand"));
  EXPECT_EQ(code_of(d->decide(proposal("r1", 61))), "id_reused");
  const std::string all = events_.all() + registry_->to_prometheus();
  EXPECT_THAT(all, Not(HasSubstr("of-ours")));
  EXPECT_THAT(all, Not(HasSubstr("by hand")));
  EXPECT_THAT(all, HasSubstr(R"("event":"started")"));
  EXPECT_THAT(all, HasSubstr(R"("event":"policy_published","policy":"p","version":"1")"));
  EXPECT_THAT(all, HasSubstr(R"("event":"policy_suspended","policy":"p")"));
  EXPECT_THAT(all, HasSubstr(R"("request":"r1","policy":"p","version":"1","outcome":"escalate",)"
                             R"("state":"waiting","effect":"new","codes":["over_limit)"));
  EXPECT_THAT(all, HasSubstr(R"("operation":"decide","id":"r1","code":"id_reused")"));
}

TEST_P(Observing, CountsAClockThatJumpedOnce) {
  const auto d = open(watched());
  decided(*d, proposal("r1", 10));
  EXPECT_EQ(figure("desk_clock_jumps_total"), "0");
  clock_.set(at("2026-03-11T12:00:00Z"));
  EXPECT_EQ(code_of(d->decide(proposal("r2", 10))), "clock_jumped");
  EXPECT_EQ(code_of(d->decide(proposal("r3", 10))), "clock_jumped");
  EXPECT_EQ(figure("desk_clock_jumps_total"), "1");
  EXPECT_EQ(figure(R"(desk_errors_total{operation="decide",code="clock_jumped"})"), "2");
  EXPECT_THAT(events_.of("clock_jumped").at(0), HasSubstr(R"("ahead_seconds":86400)"));
  d->accept_time();
  EXPECT_EQ(events_.of("clock_accepted").size(), 1U);
}

TEST_P(Observing, TellsWhatWaitsAndWhatIsOverdue) {
  const auto d = open(watched());
  decided(*d, proposal("r1", 60, "c-1"));  // waits for a lead
  clock_.pass(span(60));
  decided(*d, proposal("r2", 60, "c-2"));
  request lifted = proposal("r3", 70, "c-3");
  lifted.discretion = true;
  lifted.note = "long wait";
  decided(*d, lifted);
  decided(*d, proposal("r4", 10, "c-4"));  // its hold ends in a week
  clock_.pass(span(8 * 86'400));
  ASSERT_TRUE(d->measure(*registry_, survey_depth::all));
  const exposition now = figures();
  EXPECT_EQ(now.at(R"(leeway_desk_inbox{kind="approval"})"), "2");
  EXPECT_EQ(now.at(R"(leeway_desk_inbox_oldest_seconds{kind="approval"})"), "691260");
  EXPECT_EQ(now.at(R"(leeway_desk_inbox{kind="review"})"), "1");
  EXPECT_EQ(now.at(R"(leeway_desk_inbox_oldest_seconds{kind="review"})"), "691200");
  EXPECT_EQ(now.at("leeway_desk_overdue"), "4");
  EXPECT_EQ(now.at(R"(leeway_desk_stored_decisions{state="waiting"})"), "2");
  EXPECT_EQ(now.at(R"(leeway_desk_stored_decisions{state="approved"})"), "2");
  EXPECT_NE(now.at("leeway_desk_overdue_oldest_seconds"), "0");
  ASSERT_TRUE(d->expire());
  ASSERT_TRUE(d->measure(*registry_));
  EXPECT_EQ(figure("desk_overdue"), "0");
  EXPECT_EQ(figure("desk_overdue_oldest_seconds"), "0");
}

TEST_P(Observing, TellsTheUseOfABudgetThatEverybodyShares) {
  const policy p = policy_of(R"("version": "1", "roles": [{"id": "agent"}],
    "actions": [{"id": "waiver"}], "grants": [{"id": "G", "to": "agent", "for": ["*"]}],
    "budgets": [{"id": "ALL", "per": [], "for": ["*"], "window": "P1D", "amount": "200 USD",
                 "count": 3, "beyond": "deny"},
                {"id": "ONE", "per": ["customer.id"], "for": ["*"], "window": "P1D",
                 "amount": "90 USD", "beyond": "deny"}])");
  const auto d = open_with({p}, watched());
  decided(*d, proposal("r1", 50));
  ASSERT_TRUE(d->measure(*registry_));
  EXPECT_EQ(figure(R"(desk_shared_budget_used_ratio{policy="p",budget="ALL"})"), "0.333333");
  decided(*d, proposal("r2", 90, "c-2"));
  ASSERT_TRUE(d->measure(*registry_));
  EXPECT_EQ(figure(R"(desk_shared_budget_used_ratio{policy="p",budget="ALL"})"), "0.7");
  EXPECT_EQ(figure(R"(desk_shared_budget_used_ratio{policy="p",budget="ONE"})"), "");
}

TEST_P(Observing, CountsWhatTheStoreDid) {
  const auto d = open(watched());
  std::vector<std::thread> all;
  for (int t = 0; t < 8; ++t) {
    all.emplace_back([&, t] {
      for (int i = 0; i < 5; ++i) {
        decided(*d, proposal("r" + std::to_string(10 * t + i), 1, "c-" + std::to_string(t)));
      }
    });
  }
  for (std::thread& one : all) one.join();
  const exposition now = figures();
  EXPECT_EQ(now.at("leeway_store_tasks_total"), "41");  // and the publication
  EXPECT_EQ(now.at("leeway_store_commit_tasks_sum"), "41");
  EXPECT_EQ(now.at("leeway_store_commit_tasks_count"), now.at("leeway_store_commits_total"));
  EXPECT_EQ(now.at("leeway_store_commit_seconds_count"), now.at("leeway_store_commits_total"));
  EXPECT_EQ(now.at("leeway_store_up"), "1");
}

TEST_P(Observing, GoesOnWhateverItsWatchersDo) {
  class failing final : public metrics {
    void measured(metric_id, std::span<const std::string_view>, std::int64_t) override {
      throw std::runtime_error("no");
    }
  };
  desk_options how = options();
  how.metrics = std::make_shared<failing>();
  how.events = [](const event&) { throw std::runtime_error("no"); };
  const auto d = open(std::move(how));
  const auto id = decided(*d, proposal("r1", 50));
  EXPECT_TRUE(d->settle(id));
  EXPECT_EQ(code_of(d->settle(id, {.amount = usd(1)})), "is_settled");
}

TEST_P(Observing, MayEndBeforeTheStoreDoes) {
  const auto books = place_->open();
  for (int i = 0; i < 2; ++i) {
    auto made = desk::open(books, watched());
    ASSERT_TRUE(made);
    ASSERT_TRUE((*made)->publish(sample()));
  }
  auto quiet = desk::open(books, options());
  ASSERT_TRUE(quiet);
  decided(**quiet, proposal("r1", 50));
  EXPECT_EQ(figure("store_tasks_total"), "2");
}

}  // namespace
}  // namespace leeway::desk_test
