// SPDX-License-Identifier: Apache-2.0
// Real processes that decide at one store, and are killed: what was answered is there, no budget is
// over its limit, and whoever comes next goes on.
#include "desk/contract/support.hpp"
#include "desk/contract/temporary_folder.hpp"
#include "desk/faults/auditor.hpp"
#include "desk/faults/process.hpp"
#include "reference/seeds.hpp"

#include <leeway/base/clock.hpp>
#include <leeway/desk/open.hpp>

#ifdef LEEWAY_POSTGRESQL
#include "desk/postgres/server.hpp"
#endif

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <chrono>
#include <csignal>
#include <iostream>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace leeway::desk_test {
namespace {

using namespace std::chrono_literals;

bool was_killed(int status) { return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL; }
bool ended_well(int status) { return WIFEXITED(status) && WEXITSTATUS(status) == 0; }

std::shared_ptr<store> opened(const std::string& url) {
  const auto begins = std::chrono::steady_clock::now();
  auto made = open_store(url);
  if (!made) throw std::runtime_error(made.error().code + ": " + made.error().message);
  EXPECT_LT(std::chrono::steady_clock::now() - begins, 5s) << "opening took too long";
  return *std::move(made);
}

/// What was told is there, and everything that is there is sound. Returns what is held of B1.
void expect_sound(const std::shared_ptr<store>& books, const told_answers& told,
                  const std::string& where, bool one_clock = true) {
  auditor a(one_clock);
  for (const auto& wrong : a.audit(*books)) ADD_FAILURE() << where << ": " << wrong;
  for (const auto& [request, answer] : told.decided) {
    EXPECT_EQ(a.decision_of("", request), answer.decision) << where << ": lost " << request;
  }
  for (const auto& id : told.settled) EXPECT_EQ(a.state_of(id), "settled") << where << ' ' << id;
  for (const auto& id : told.voided) EXPECT_EQ(a.state_of(id), "voided") << where << ' ' << id;
  const auto d = desk::open(books);
  ASSERT_TRUE(d) << where << ": " << render(d.error());
  for (const auto& wrong : a.compare(**d, now())) ADD_FAILURE() << where << ": " << wrong;
  const auto checked = books->check();
  ASSERT_TRUE(checked) << checked.error().message;
  for (const auto& wrong : *checked) ADD_FAILURE() << where << ": " << wrong;
}

/// Rounds of the loops; scripts/soak wants more.
std::uint64_t rounds(std::uint64_t usual) {
  return reference::number_or("LEEWAY_ITERATIONS", 1) * usual;
}

class SqliteProcesses : public ::testing::Test {
 protected:
  std::string url() const { return "sqlite:" + folder_.file("desk.db"); }
  temporary_folder folder_{};
};

// Fault 18, in one process: a file belongs to one.
TEST_F(SqliteProcesses, OneWithSixtyFourThreadsEndsAtExactlyTheLimit) {
  process one({url(), "p", "threads=64", "count=4"});
  told_answers told;
  one.read(told);
  EXPECT_TRUE(ended_well(one.wait()));
  EXPECT_EQ(told.decided.size(), 256U);
  EXPECT_EQ(told.approved(), 100U);
  EXPECT_TRUE(told.errors.empty()) << told.errors.front();
  expect_sound(opened(url()), told, "64 threads");
}

// Fault 19.
TEST_F(SqliteProcesses, ASecondOneIsRefused) {
  const auto books = opened(url());
  process other({url(), "p", "count=1"});
  told_answers told;
  other.read(told);
  other.wait();
  EXPECT_EQ(told.errors, std::vector<std::string>{"store_in_use"});
}

// Fault 1: at any moment, of any load.
TEST_F(SqliteProcesses, KilledAtAnyMomentLoseNothing) {
  const auto seed = reference::first_seed();
  std::mt19937_64 random(seed);
  told_answers told;
  for (std::uint64_t round = 0; round < rounds(8); ++round) {
    const std::string where =
        "LEEWAY_SEED=" + std::to_string(seed) + " round " + std::to_string(round);
    process one({url(), "p" + std::to_string(round), "threads=" + std::to_string(1 + random() % 6),
                 "customers=5", "life=1", "seed=" + std::to_string(random() % 1000)});
    one.read(told, 1 + random() % 120);
    ASSERT_TRUE(was_killed(one.wait())) << where << ": it ended by itself";
    expect_sound(opened(url()), told, where);
    if (HasFailure()) return;
  }
  EXPECT_GT(told.count(), 8U);
}

// Fault 1: at every change of the disk there is: before and within the first commit, the log's
// checkpoint, a transaction of one or of many.
TEST_F(SqliteProcesses, KilledAtEveryChangeOfTheDiskLoseNothing) {
  const auto seed = reference::first_seed();
  std::mt19937_64 random(seed);
  told_answers told;
  std::uint64_t at = 0;
  for (std::uint64_t round = 0; round < rounds(24); ++round) {
    at += 1 + random() % 5;
    const std::string where =
        "LEEWAY_SEED=" + std::to_string(seed) + " change " + std::to_string(at);
    process one({url(), "p" + std::to_string(round), "threads=" + std::to_string(1 + round % 3),
                 "customers=5", "life=1", "kill=" + std::to_string(at)});
    one.read(told);
    ASSERT_TRUE(was_killed(one.wait())) << where << ": it ended by itself";
    expect_sound(opened(url()), told, where);
    if (HasFailure()) return;
  }
  EXPECT_GT(told.count(), 8U);
}

#ifdef LEEWAY_POSTGRESQL

class PostgresProcesses : public ::testing::Test {
 protected:
  void SetUp() override {
    LEEWAY_NEEDS_POSTGRESQL();
    database_.emplace(*test::shared_server());
  }
  const std::string& url() const { return database_->url(); }
  std::optional<test::fresh_database> database_{};
};

class HotBudget : public PostgresProcesses, public ::testing::WithParamInterface<const char*> {};

// Fault 18: whatever isolation the database's administrator made the usual one.
TEST_P(HotBudget, OfSixteenProcessesEndsAtExactlyTheLimit) {
  test::query(url(), "ALTER DATABASE " + database_->name() +
                         " SET default_transaction_isolation = '" + std::string(GetParam()) + "'");
  EXPECT_EQ(test::query_one(url(), "SHOW default_transaction_isolation"), GetParam());
  std::vector<process> all;
  for (int p = 0; p < 16; ++p) {
    all.push_back(process({url(), "p" + std::to_string(p), "count=10", "threads=1"}));
  }
  told_answers told;
  for (process& one : all) {
    one.read(told);
    EXPECT_TRUE(ended_well(one.wait()));
  }
  EXPECT_TRUE(told.errors.empty()) << told.errors.front();
  EXPECT_EQ(told.decided.size(), 160U);
  EXPECT_EQ(told.approved(), 100U);
  expect_sound(opened(url()), told, GetParam(), false);
}

INSTANTIATE_TEST_SUITE_P(Under, HotBudget,
                         ::testing::Values("read committed", "repeatable read", "serializable"),
                         [](const auto& of) {
                           std::string name = of.param;
                           std::erase(name, ' ');
                           return name;
                         });

// Faults 1 and 14: hosts die in the middle of anything, and others go on meanwhile.
TEST_F(PostgresProcesses, KilledAtAnyMomentLoseNothing) {
  const auto seed = reference::first_seed();
  std::mt19937_64 random(seed);
  told_answers told;
  for (std::uint64_t round = 0; round < rounds(5); ++round) {
    const std::string where =
        "LEEWAY_SEED=" + std::to_string(seed) + " round " + std::to_string(round);
    std::vector<process> all;
    for (int p = 0; p < 3; ++p) {
      all.push_back(
          process({url(), "p" + std::to_string(round) + '-' + std::to_string(p), "threads=2",
                   "customers=3", "life=1", "seed=" + std::to_string(random() % 1000)}));
    }
    std::vector<told_answers> parts(all.size());
    std::vector<std::thread> readers;
    for (std::size_t p = 0; p < all.size(); ++p) {
      const std::size_t most = 1 + random() % 60;
      readers.emplace_back([&, p, most] { all[p].read(parts[p], most); });
    }
    for (auto& one : readers) one.join();
    for (std::size_t p = 0; p < all.size(); ++p) {
      ASSERT_TRUE(was_killed(all[p].wait())) << where << ": it ended by itself";
      told.decided.merge(parts[p].decided);
      told.settled.merge(parts[p].settled);
      told.voided.merge(parts[p].voided);
    }
    if (HasFailure()) return;
  }
  const auto books = opened(url());
  // What the last ones were in the middle of, their server's processes end by themselves.
  const auto until = std::chrono::steady_clock::now() + 20s;
  while (test::query_one(url(),
                         "SELECT count(*) FROM pg_stat_activity WHERE datname = "
                         "current_database() AND state <> 'idle' AND pid <> "
                         "pg_backend_pid()") != "0" &&
         std::chrono::steady_clock::now() < until) {
    std::this_thread::sleep_for(10ms);
  }
  expect_sound(books, told, "LEEWAY_SEED=" + std::to_string(seed), false);
  EXPECT_GT(told.count(), 5U);
}

#endif

}  // namespace
}  // namespace leeway::desk_test
