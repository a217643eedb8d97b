// SPDX-License-Identifier: Apache-2.0
#include <leeway/desk/memory_desk.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace {

using leeway::memory_desk;
using leeway::opening;
using leeway::outcome;
using leeway::policy;
using leeway::request;

constexpr std::string_view document = R"({
  "format": "leeway-policy/1", "id": "p", "version": "1", "currency": "USD", "time_zone": "UTC",
  "roles": [{"id": "agent"}],
  "actions": [{"id": "waiver"}],
  "grants": [{"id": "G1", "to": "agent", "for": ["waiver"], "up_to": "50 USD", "source": "2"}],
  "budgets": [{"id": "B1", "per": ["customer.id"], "for": ["*"], "window": "P90D",
               "amount": "100 USD", "beyond": "deny", "source": "4"}]
})";

policy sample() {
  auto loaded = leeway::parse_policy(document);
  EXPECT_TRUE(loaded) << (loaded ? "" : leeway::render(loaded.error()));
  return std::move(loaded).value();
}

request proposal(const std::string& id, std::int64_t dollars,
                 const char* at = "2026-01-02T03:00:00Z") {
  request r{.id = id, .at = *leeway::instant::parse(at)};
  r.agent = {.id = "a-1", .role = "agent"};
  r.customer = {.id = "c-1"};
  r.action = {.kind = "waiver", .amount = leeway::usd(dollars)};
  return r;
}

outcome decided(memory_desk& desk, const policy& p, const request& r) {
  const auto d = desk.decide(p, r);
  EXPECT_TRUE(d) << leeway::render(d.error());
  return d ? d->outcome : outcome::deny;
}

std::string refused(memory_desk& desk, const policy& p, const request& r) {
  const auto d = desk.decide(p, r);
  return d ? "not refused" : d.error().front().code;
}

TEST(MemoryDesk, HoldsABudgetBetweenRequests) {
  const policy p = sample();
  memory_desk desk(opening::empty);
  EXPECT_EQ(decided(desk, p, proposal("r1", 50)), outcome::approve);
  EXPECT_EQ(decided(desk, p, proposal("r2", 40)), outcome::approve);
  EXPECT_EQ(decided(desk, p, proposal("r3", 11)), outcome::deny);
  EXPECT_EQ(decided(desk, p, proposal("r4", 10)), outcome::approve);
  EXPECT_EQ(desk.approved(), 3U);
}

TEST(MemoryDesk, AddsItsLedgerToTheRequestsOwnHistoryAndUsage) {
  const policy p = sample();
  memory_desk desk;
  request first = proposal("r1", 50);
  first.history.emplace();
  EXPECT_EQ(decided(desk, p, first), outcome::approve);
  request with_history = proposal("r2", 31);
  with_history.history = {{.kind = "waiver",
                           .amount = leeway::usd(20),
                           .at = with_history.at,
                           .keys = {{"customer.id", "c-1"}}}};
  EXPECT_EQ(decided(desk, p, with_history), outcome::deny);
  request stated = proposal("r3", 31);
  stated.usage["B1"] = {.amount = leeway::usd(20), .count = 1};
  EXPECT_EQ(decided(desk, p, stated), outcome::deny);
  stated.id = "r4";
  stated.action.amount = leeway::usd(30);
  EXPECT_EQ(decided(desk, p, stated), outcome::approve);
}

TEST(MemoryDesk, KeepsAnUnknownPastUnknown) {
  const policy p = sample();
  memory_desk desk(opening::unknown);
  EXPECT_EQ(decided(desk, p, proposal("r1", 5)), outcome::escalate);
}

TEST(MemoryDesk, GivesARetryTheRecordedDecision) {
  const policy p = sample();
  memory_desk desk(opening::empty);
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(decided(desk, p, proposal("r1", 50)), outcome::approve);
  }
  EXPECT_EQ(desk.approved(), 1U);
  EXPECT_EQ(refused(desk, p, proposal("r1", 49)), "id_reused");
}

TEST(MemoryDesk, ConsumesNoIdForInvalidInput) {
  const policy p = sample();
  memory_desk desk(opening::empty);
  request bad = proposal("r1", 5);
  bad.action.amount = leeway::eur(5);
  EXPECT_FALSE(desk.decide(p, bad));
  EXPECT_EQ(decided(desk, p, proposal("r1", 5)), outcome::approve);
  EXPECT_EQ(refused(desk, p, proposal("", 5)), "id_missing");
}

TEST(MemoryDesk, ApprovesOneOfAChainThatArrivesBackwards) {
  const policy p = sample();
  memory_desk desk(opening::empty);
  request last = proposal("r3", 10);
  last.supersedes = "r2";
  request middle = proposal("r2", 10);
  middle.supersedes = "r1";
  EXPECT_EQ(decided(desk, p, last), outcome::approve);
  EXPECT_EQ(refused(desk, p, middle), "superseded_approved");

  memory_desk other(opening::empty);
  last.action.amount = leeway::usd(60);
  EXPECT_EQ(decided(other, p, last), outcome::deny);
  EXPECT_EQ(decided(other, p, middle), outcome::approve);
  request again = proposal("r4", 10);
  again.supersedes = "r3";
  EXPECT_EQ(refused(other, p, again), "superseded_approved");
  EXPECT_EQ(refused(other, p, proposal("r1", 10)), "superseded_approved");
}

TEST(MemoryDesk, ApprovesOneOfThoseThatSupersedeEachOther) {
  const policy p = sample();
  memory_desk desk(opening::empty);
  EXPECT_EQ(decided(desk, p, proposal("r1", 60)), outcome::deny);
  request second = proposal("r2", 40);
  second.supersedes = "r1";
  request third = proposal("r3", 40);
  third.supersedes = "r1";
  EXPECT_EQ(decided(desk, p, second), outcome::approve);
  EXPECT_EQ(refused(desk, p, third), "superseded_approved");
}

TEST(MemoryDesk, NeverLetsTimeRunBackwards) {
  const policy p = sample();
  memory_desk desk(opening::empty);
  EXPECT_EQ(decided(desk, p, proposal("r1", 50, "2026-03-01T00:00:00Z")), outcome::approve);
  EXPECT_EQ(decided(desk, p, proposal("r2", 50, "2026-02-01T00:00:00Z")), outcome::approve);
  const auto third = desk.decide(p, proposal("r3", 1, "2026-01-01T00:00:00Z"));
  ASSERT_TRUE(third);
  EXPECT_EQ(third->outcome, outcome::deny);
  EXPECT_EQ(third->at.to_string(), "2026-03-01T00:00:00Z");
}

TEST(MemoryDesk, NeverExceedsAHardBudgetUnderManyThreads) {
  const policy p = sample();
  memory_desk desk(opening::empty);
  std::atomic<int> approved{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 25; ++i) {
        const auto d = desk.decide(p, proposal(std::to_string(t) + '-' + std::to_string(i), 7));
        if (d && d->outcome == outcome::approve) ++approved;
      }
    });
  }
  for (auto& one : threads) one.join();
  EXPECT_EQ(approved.load(), 14);
  EXPECT_EQ(desk.approved(), 14U);
}

}  // namespace
