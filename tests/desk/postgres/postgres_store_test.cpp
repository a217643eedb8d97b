// SPDX-License-Identifier: Apache-2.0
#include "desk/postgres/connection.hpp"
#include "desk/postgres/proxy.hpp"
#include "desk/postgres/server.hpp"
#include "desk/postgres/spending.hpp"

#include <leeway/desk/postgres_store.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace std::chrono_literals;
using namespace leeway;
using leeway::test::changing;
using leeway::test::fresh_database;
using leeway::test::proxy;
using leeway::test::query;
using leeway::test::query_one;
using leeway::test::spending;
using leeway::test::with_host;

class PostgresStore : public ::testing::Test {
 protected:
  void SetUp() override {
    LEEWAY_NEEDS_POSTGRESQL();
    database_.emplace(*leeway::test::shared_server());
  }

  std::shared_ptr<store> open(const std::string& url, std::size_t connections = 4) {
    auto made = open_postgres_store({.url = url, .connections = connections, .patience = 30s});
    if (!made) throw std::runtime_error(made.error().message);
    return *std::move(made);
  }
  std::shared_ptr<store> open() { return open(url()); }
  const std::string& url() const { return database_->url(); }
  std::string socket() const {
    const auto begins = url().find("host=") + 5;
    return url().substr(begins, url().find('&') - begins) + "/.s.PGSQL.5432";
  }
  std::string spent() const {
    return query_one(url(), "SELECT coalesce(sum(minor), 0) FROM leeway.entry WHERE counts");
  }

  std::optional<fresh_database> database_{};
};

bool spend(store& s, const std::string& id, std::int64_t amount, std::int64_t limit,
           const std::string& account = "a") {
  spending task(id, {account}, amount, limit);
  const auto ran = s.run(task);
  EXPECT_TRUE(ran) << ran.error().message;
  return ran && task.approved();
}

std::int64_t balance_of(store& s, const std::string& account, instant from = instant::min()) {
  return s.read({.account = digest::of(account), .from = from}).value().minor;
}

TEST_F(PostgresStore, MakesItsTablesOnceHoweverManyOpenIt) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      const auto made = open_postgres_store({.url = url(), .connections = 1, .patience = 30s});
      EXPECT_TRUE(made) << made.error().message;
    });
  }
  for (std::thread& one : threads) one.join();
  EXPECT_EQ(query_one(url(), "SELECT schema_version FROM leeway.desk"), "1");
}

TEST_F(PostgresStore, RefusesTablesOfAnotherVersionAndOtherEncodings) {
  open();
  query(url(), "UPDATE leeway.desk SET schema_version = 2");
  const auto newer = open_postgres_store({.url = url()});
  ASSERT_FALSE(newer);
  EXPECT_EQ(newer.error().code, "store_failed");
  EXPECT_NE(newer.error().message.find("version 2"), std::string::npos);
  EXPECT_FALSE(open_postgres_store({.url = "postgresql:///x?host=/nonexistent", .patience = 1s}));
}

TEST_F(PostgresStore, HoldsALimitAcrossProcessesThatDoNotKnowOfEachOther) {
  const auto one = open();
  const auto other = open();
  EXPECT_TRUE(spend(*one, "r1", 40, 100));
  EXPECT_TRUE(spend(*one, "r2", 30, 100));
  EXPECT_FALSE(spend(*other, "r3", 40, 100));
  EXPECT_TRUE(spend(*other, "r4", 30, 100));
  EXPECT_FALSE(spend(*one, "r5", 1, 100));
  EXPECT_EQ(balance_of(*one, "a"), 100);
  EXPECT_TRUE(one->check().value().empty());
}

TEST_F(PostgresStore, GivesARetryWhatWasRecorded) {
  const auto s = open();
  EXPECT_TRUE(spend(*s, "r1", 40, 100));
  spending again("r1", {"a"}, 40, 100);
  ASSERT_TRUE(s->run(again));
  EXPECT_TRUE(again.repeated());
  EXPECT_EQ(again.seen().requests[0]->body, "body of r1");
  EXPECT_EQ(again.seen().chains[0], decision_id("dec-r1"));
  EXPECT_EQ(balance_of(*s, "a"), 40);
}

TEST_F(PostgresStore, DecidesInOneRoundTripWhatItRemembers) {
  proxy network(socket());
  const auto s = open(with_host(url(), network.folder()), 1);
  spend(*s, "r0", 1, 1000);  // learns of the desk itself
  for (int i = 1; i <= 20; ++i) {
    const auto before = network.round_trips();
    EXPECT_TRUE(spend(*s, "r" + std::to_string(i), 1, 1000));
    EXPECT_EQ(network.round_trips() - before, 1U);
  }
  // Also for a customer nobody has heard of.
  const auto before = network.round_trips();
  EXPECT_TRUE(spend(*s, "n1", 1, 1000, "new"));
  EXPECT_EQ(network.round_trips() - before, 1U);
  EXPECT_EQ(balance_of(*s, "a"), 21);
  EXPECT_TRUE(s->check().value().empty());
}

TEST_F(PostgresStore, JudgesAgainWhatSomebodyElseHasChanged) {
  proxy network(socket());
  const auto one = open(with_host(url(), network.folder()), 1);
  const auto other = open();
  spend(*one, "r1", 60, 100);
  spend(*other, "r2", 30, 100);
  const auto before = network.round_trips();
  spending task("r3", {"a"}, 20, 100);
  ASSERT_TRUE(one->run(task));
  EXPECT_FALSE(task.approved());
  EXPECT_EQ(task.judged(), 2);
  EXPECT_EQ(task.seen().accounts[0].minor, 90);
  EXPECT_EQ(network.round_trips() - before, 2U);
}

TEST_F(PostgresStore, LooksBackExactlyAsFarAsAsked) {
  const auto s = open();
  const auto at = [](std::int64_t second) { return *instant::make(1'000'000 + second); };
  const auto spent_at = [&](const std::string& id, std::int64_t second, std::int64_t window) {
    spending task(id, {"a"}, 10, 30);
    task.at(at(second));
    task.count_from(at(second - window));
    EXPECT_TRUE(s->run(task));
    return task.approved();
  };
  EXPECT_TRUE(spent_at("r1", 0, 100));
  EXPECT_TRUE(spent_at("r2", 50, 100));
  EXPECT_TRUE(spent_at("r3", 60, 100));
  EXPECT_FALSE(spent_at("r4", 70, 100));
  EXPECT_FALSE(spent_at("r5", 100, 100));  // the first still counts at its own instant
  EXPECT_TRUE(spent_at("r6", 101, 100));
  // An edge that goes back finds what it had passed.
  EXPECT_FALSE(spent_at("r7", 101, 101));
  EXPECT_EQ(balance_of(*s, "a", at(0)), 40);
  EXPECT_EQ(balance_of(*s, "a", at(51)), 20);
  EXPECT_TRUE(s->check().value().empty());
}

TEST_F(PostgresStore, TellsOldestNewestAndGreatest) {
  const auto s = open();
  const auto at = [](std::int64_t second) { return *instant::make(1'000'000 + second); };
  for (std::int64_t i = 0; i < 3; ++i) {
    spending task("r" + std::to_string(i), {"a"}, 30 - 10 * i, 1000);
    task.at(at(i));
    task.want_greatest();
    ASSERT_TRUE(s->run(task));
    if (i == 0) continue;
    EXPECT_EQ(task.seen().accounts[0].greatest, 30);
    EXPECT_EQ(task.seen().accounts[0].oldest, at(0));
    EXPECT_EQ(task.seen().accounts[0].newest, at(i - 1));
  }
  const auto later = s->read({.account = digest::of("a"), .from = at(1), .greatest = true}).value();
  EXPECT_EQ(later,
            (balance{.minor = 30, .count = 2, .greatest = 20, .oldest = at(1), .newest = at(2)}));
}

TEST_F(PostgresStore, ReplacesAndTakesOutEntries) {
  const auto s = open();
  EXPECT_TRUE(spend(*s, "r1", 40, 100));
  EXPECT_TRUE(spend(*s, "r2", 50, 100));
  changing settled("r1", "a", 15);
  ASSERT_TRUE(s->run(settled));
  EXPECT_EQ(balance_of(*s, "a"), 65);
  changing voided("r2", "a", std::nullopt);
  ASSERT_TRUE(s->run(voided));
  EXPECT_EQ(balance_of(*s, "a"), 15);
  EXPECT_TRUE(spend(*s, "r3", 85, 100));
  EXPECT_FALSE(spend(*s, "r4", 1, 100));
  EXPECT_EQ(s->records("dec-r1").value().size(), 2U);
  EXPECT_EQ(s->find(decision_id("dec-r1")).value()->state, decision_state::settled);
  EXPECT_TRUE(s->check().value().empty());
}

/// What others end at that very moment may hide a record once, for it might have been a desk's.
template <class Claim>
bool comes_true(const Claim& claim) {
  const auto until = std::chrono::steady_clock::now() + 10s;
  while (!claim()) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::sleep_for(5ms);
  }
  return true;
}

TEST_F(PostgresStore, ReadsRecordsInAnOrderThatMissesNone) {
  const auto s = open();
  const auto behind = [&](std::int64_t position) {
    return s->records_after(position, 100).value().size();
  };
  // Whoever else writes in the server may hide some for a moment.
  const auto read = [&](std::int64_t position, std::size_t most, std::size_t wanted) {
    std::vector<stored_record> out;
    EXPECT_TRUE(comes_true([&] {
      out = s->records_after(position, most).value();
      return out.size() >= wanted;
    }));
    return out;
  };
  for (int i = 0; i < 5; ++i) spend(*s, "r" + std::to_string(i), 1, 100);
  const auto first = read(0, 2, 2);
  ASSERT_EQ(first.size(), 2U);
  const auto rest = read(first.back().position, 100, 3);
  ASSERT_EQ(rest.size(), 3U);
  EXPECT_EQ(rest.back().body, "record of r4");

  // Others who write in the same server delay nothing; a transaction of the desk does.
  const fresh_database elsewhere(*leeway::test::shared_server());
  auto other = postgres::connection::open(elsewhere.url(), postgres::in(10s)).value();
  ASSERT_TRUE(other.run_script("BEGIN; CREATE TABLE t(a int)", postgres::in(10s)));
  spend(*s, "r5", 1, 100);
  EXPECT_TRUE(comes_true([&] { return behind(rest.back().position) == 1U; }));
  auto slow = postgres::connection::open(url(), postgres::in(10s)).value();
  ASSERT_TRUE(
      slow.run_script("BEGIN; SELECT pg_advisory_xact_lock_shared(1280657751, 1); "
                      "INSERT INTO leeway.chain VALUES ('x', 'x', 'x')",
                      postgres::in(10s)));
  spend(*s, "r6", 1, 100);
  EXPECT_LE(behind(rest.back().position), 1U);
  ASSERT_TRUE(slow.run_script("ROLLBACK", postgres::in(10s)));
  EXPECT_TRUE(comes_true([&] { return behind(rest.back().position) == 2U; }));

  // As after a restore elsewhere, where transactions are counted from the beginning.
  query(url(), "UPDATE leeway.record SET position = position + (1000000::int8 << 16)");
  const auto again = open();
  spend(*again, "later", 1, 100);
  const auto all = read(0, 100, 8);
  ASSERT_EQ(all.size(), 8U);
  EXPECT_EQ(all.back().body, "record of later");
}

// Amounts differ, so that an account that was changed as often as was thought, but by somebody
// else, has another balance.
TEST_F(PostgresStore, SharesTransactionsBesideOthersThatDoToo) {
  constexpr std::int64_t limit = 1000;
  const std::array hosts{open(url(), 8), open(url(), 8)};
  std::atomic<std::int64_t> spent{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 16; ++t) {
    threads.emplace_back([&, t] {
      store& s = *hosts.at(static_cast<std::size_t>(t % 2));
      for (int i = 0; i < 20; ++i) {
        const std::int64_t amount = 1 + (t * 3 + i) % 9;
        spending task(std::to_string(t) + "-" + std::to_string(i), {"hot"}, amount, limit);
        const auto ran = s.run(task);
        EXPECT_TRUE(ran) << ran.error().message;
        if (ran && task.approved()) spent += amount;
      }
    });
  }
  for (std::thread& one : threads) one.join();
  EXPECT_LE(spent.load(), limit);
  EXPECT_GT(spent.load(), limit - 9);
  EXPECT_EQ(balance_of(*hosts[0], "hot"), spent.load());
  EXPECT_THAT(hosts[0]->check().value(), testing::IsEmpty());
}

TEST_F(PostgresStore, WhoFollowsTheRecordsMissesNone) {
  constexpr int threads = 6;
  constexpr int each = 25;
  query(url(), "ALTER DATABASE " + database_->name() +
                   " SET default_transaction_isolation = 'repeatable read'");
  const auto follower = open(url(), 1);
  std::atomic<int> left{threads};
  std::vector<std::thread> writers;
  for (int t = 0; t < threads; ++t) {
    writers.emplace_back([&, t] {
      const auto s = open(url(), 1);
      for (int i = 0; i < each; ++i) {
        spend(*s, std::to_string(t) + "-" + std::to_string(i), 1, 1000,
              i % 3 == 0 ? "hot" : "cold");
      }
      --left;
    });
  }
  std::vector<std::string> seen;
  std::int64_t position = 0;
  const auto follow = [&] {
    const auto page = follower->records_after(position, 7);
    ASSERT_TRUE(page) << page.error().message;
    for (const stored_record& one : *page) {
      EXPECT_GT(one.position, position);
      position = one.position;
      seen.push_back(one.subject);
    }
  };
  while (left > 0) follow();
  for (std::thread& one : writers) one.join();
  EXPECT_TRUE(comes_true([&] {
    follow();
    return seen.size() >= static_cast<std::size_t>(threads * each);
  }));
  EXPECT_EQ(seen.size(), static_cast<std::size_t>(threads * each));
  std::ranges::sort(seen);
  EXPECT_TRUE(std::ranges::adjacent_find(seen) == seen.end());
}

TEST_F(PostgresStore, EndsAtExactlyTheLimitWhoeverIsFirst) {
  const auto shared = open(url(), 8);
  std::atomic<int> approved{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      // Half share a store, half have one each.
      const auto s = t % 2 == 0 ? shared : open(url(), 1);
      for (int i = 0; i < 25; ++i) {
        const std::string id = std::to_string(t) + "-" + std::to_string(i);
        spending task(id, {"a", "of " + std::to_string(t % 3)}, 7, 700);
        const auto ran = s->run(task);
        EXPECT_TRUE(ran) << ran.error().message;
        if (ran && task.approved()) ++approved;
      }
    });
  }
  for (std::thread& one : threads) one.join();
  EXPECT_EQ(approved.load(), 100);
  EXPECT_EQ(balance_of(*shared, "a"), 700);
  EXPECT_EQ(query_one(url(), "SELECT count(*) FROM leeway.record"), "200");
  EXPECT_TRUE(shared->check().value().empty());
}

// That it is as fast as with an empty one is for bench/ to show.
TEST_F(PostgresStore, DecidesOnALargeAccount) {
  const auto s = open(url(), 1);
  spend(*s, "r1", 1, 1'000'000'000, "large");
  query(url(),
        "INSERT INTO leeway.entry SELECT a.id, 'old-' || i, 1000 + i, 1, true, false, true "
        "FROM leeway.account a, generate_series(1, 100000) i; "
        "UPDATE leeway.account SET minor = minor + 100000, count = count + 100000, ever = ever + "
        "100000, "
        "version = version + 1; ANALYZE leeway.entry");
  for (int i = 0; i < 41; ++i) {
    EXPECT_TRUE(spend(*s, "large-" + std::to_string(i), 1, 1'000'000'000, "large"));
  }
  EXPECT_EQ(balance_of(*s, "large"), 100'042);
}

TEST_F(PostgresStore, FindsDamage) {
  const auto s = open();
  spend(*s, "r1", 40, 100);
  query(url(), "UPDATE leeway.account SET minor = 0");
  EXPECT_EQ(s->check().value().size(), 1U);
  query(url(), "DELETE FROM leeway.record");
  EXPECT_EQ(s->check().value().size(), 2U);
}

TEST_F(PostgresStore, ListsWhatWaitsAndWhatIsDue) {
  const auto s = open();
  EXPECT_TRUE(s->queue(std::nullopt, 10).value().empty());
  EXPECT_TRUE(s->due(instant::max(), 10).value().empty());
  spend(*s, "r1", 1, 100);
  spend(*s, "r2", 1, 100);
  query(url(), "UPDATE leeway.decision SET queued = true, due = at + 5");
  const auto first = s->queue(std::nullopt, 1).value();
  ASSERT_EQ(first.size(), 1U);
  const auto rest = s->queue(decision_place{first[0].at, first[0].id}, 10).value();
  ASSERT_EQ(rest.size(), 1U);
  EXPECT_NE(rest[0].id, first[0].id);
  EXPECT_EQ(s->due(instant::max(), 10).value().size(), 2U);
  EXPECT_TRUE(s->due(instant::min(), 10).value().empty());
}

}  // namespace
