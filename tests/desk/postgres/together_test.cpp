// SPDX-License-Identifier: Apache-2.0
// Tasks of one process that wait for the same accounts: in which order they have their turns, and
// what becomes of those that share a transaction.
#include "desk/postgres/account_turns.hpp"
#include "desk/postgres/attempt_at_task.hpp"
#include "desk/postgres/server.hpp"
#include "desk/postgres/spending.hpp"

#include <leeway/desk/postgres_store.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace std::chrono_literals;
using namespace leeway;
using leeway::postgres::account_turns;
using leeway::postgres::attempt_at_task;
using leeway::postgres::turn;
using leeway::test::fresh_database;
using leeway::test::query_one;
using leeway::test::spending;

// --- Turns

/// A task that wants a turn, on a thread of its own once it waits.
class guest {
 public:
  guest(account_turns& turns, const std::vector<std::string>& accounts)
      : turns_(turns), real_("any", accounts, 1, 1), attempt_(real_, true), mine(attempt_) {
    for (const std::string& one : accounts) mine.accounts.push_back(digest::of(one));
  }
  ~guest() {
    if (waiting_.joinable()) waiting_.join();
  }
  guest(const guest&) = delete;
  guest& operator=(const guest&) = delete;

  account_turns::role wait(std::chrono::milliseconds patience = 10s) {
    return turns_.wait(mine, postgres::in(patience));
  }
  /// Waits elsewhere; comes back once it does.
  void begin_waiting() {
    waiting_ = std::thread([this] { role_ = wait(); });
    std::this_thread::sleep_for(20ms);
  }
  account_turns::role result() {
    waiting_.join();
    return role_;
  }
  void leave() { turns_.leave(mine); }
  std::size_t followers() const { return turns_.followers(mine).size(); }

 private:
  account_turns& turns_;
  spending real_;
  attempt_at_task attempt_;
  std::thread waiting_{};
  account_turns::role role_{};

 public:
  turn mine;
};

using role = account_turns::role;

TEST(AccountTurns, OfOtherAccountsNeedNotWait) {
  account_turns turns;
  guest one(turns, {"a", "b"});
  guest other(turns, {"c"});
  guest nothing(turns, {});
  EXPECT_EQ(one.wait(), role::leads);
  EXPECT_EQ(other.wait(), role::leads);
  EXPECT_EQ(nothing.wait(), role::leads);
  one.leave();
  EXPECT_EQ(guest(turns, {"b"}).wait(), role::leads);
}

TEST(AccountTurns, ThoseThatWaitForOneAccountGoTogether) {
  account_turns turns;
  guest first(turns, {"a"});
  ASSERT_EQ(first.wait(), role::leads);
  guest second(turns, {"a", "b"});
  guest third(turns, {"a"});
  guest fourth(turns, {"b", "c"});
  second.begin_waiting();
  third.begin_waiting();
  fourth.begin_waiting();
  first.leave();
  EXPECT_EQ(second.result(), role::leads);
  EXPECT_EQ(second.followers(), 2U);
  guest late(turns, {"c"});
  EXPECT_EQ(late.wait(1ms), role::late);
  third.mine.ended = turn::fate::done;
  second.leave();
  EXPECT_EQ(third.result(), role::led);
  EXPECT_EQ(fourth.result(), role::led);
  EXPECT_EQ(late.wait(), role::leads);
}

TEST(AccountTurns, NobodyOvertakesWhoWaitsForTheSame) {
  account_turns turns;
  guest holds_a(turns, {"a"});
  ASSERT_EQ(holds_a.wait(), role::leads);
  guest wants_both(turns, {"a", "b"});
  wants_both.begin_waiting();
  EXPECT_EQ(guest(turns, {"b"}).wait(1ms), role::late);
  holds_a.leave();
  EXPECT_EQ(wants_both.result(), role::leads);
  wants_both.leave();
}

TEST(AccountTurns, WhoWantsToBeAloneIs) {
  account_turns turns;
  guest first(turns, {"a"});
  ASSERT_EQ(first.wait(), role::leads);
  guest alone(turns, {"a"});
  alone.mine.alone = true;
  guest behind(turns, {"a"});
  alone.begin_waiting();
  behind.begin_waiting();
  first.leave();
  EXPECT_EQ(alone.result(), role::leads);
  EXPECT_EQ(alone.followers(), 0U);
  alone.leave();
  EXPECT_EQ(behind.result(), role::leads);
  behind.leave();
}

// --- Shared transactions

class SharedTransactions : public ::testing::Test {
 protected:
  static constexpr int callers = 12;

  void SetUp() override {
    LEEWAY_NEEDS_POSTGRESQL();
    database_.emplace(*leeway::test::shared_server());
    books_ = open_postgres_store({.url = database_->url(), .patience = 30s}).value();
    run(*books_, "warm", {"hot"});  // from now on the store remembers
  }

  static bool run(store& s, const std::string& id, const std::vector<std::string>& accounts) {
    spending task(id, accounts, 7, 7000);
    const auto ran = s.run(task);
    EXPECT_TRUE(ran) << (ran ? "" : ran.error().message);
    return ran && task.approved();
  }
  /// Every caller at once.
  static void all(const std::function<void(int)>& work) {
    std::vector<std::thread> threads;
    for (int t = 0; t < callers; ++t) threads.emplace_back(work, t);
    for (std::thread& one : threads) one.join();
  }
  std::string one(const std::string& sql) const { return query_one(database_->url(), sql); }

  std::optional<fresh_database> database_{};
  std::shared_ptr<store> books_{};
};

TEST_F(SharedTransactions, HoldOneBudgetToExactlyItsLimit) {
  std::atomic<int> approved{1};
  all([&](int t) {
    for (int i = 0; i < 100; ++i) {
      const std::string n = std::to_string(t);
      if (run(*books_, n + "-" + std::to_string(i), {"hot", "of " + n})) ++approved;
    }
  });
  EXPECT_EQ(approved.load(), 1000);
  EXPECT_EQ(one("SELECT sum(minor) FROM leeway.entry WHERE counts"), "13993");
  EXPECT_EQ(one("SELECT count(*) FROM leeway.record"), "1201");
  EXPECT_TRUE(books_->check().value().empty());
  const store_figures figures = books_->figures();
  EXPECT_EQ(figures.tasks, 1201);
  EXPECT_LT(figures.commits, figures.tasks);
  EXPECT_GT(figures.largest_batch, 1);
}

TEST_F(SharedTransactions, DecideAnIdOnceHoweverManyCarryIt) {
  all([&](int) {
    for (int i = 0; i < 30; ++i) EXPECT_TRUE(run(*books_, "same-" + std::to_string(i), {"hot"}));
  });
  EXPECT_EQ(one("SELECT sum(minor) FROM leeway.entry"), std::to_string(31 * 7));
  EXPECT_EQ(one("SELECT count(*) FROM leeway.record"), "31");
}

/// Writes a record that is there already.
class contradicting final : public store_task {
 public:
  explicit contradicting(std::string id) : real_(std::move(id), {"hot"}, 7, 7000) {}
  void ask(store_query& into) override { real_.ask(into); }
  leeway::verdict judge(const store_view& view, store_change& change) override {
    const auto wanted = real_.judge(view, change);
    for (new_record& one : change.records) one.subject = "dec-warm";
    return wanted;
  }

 private:
  spending real_;
};

TEST_F(SharedTransactions, OneThatFailsFailsAlone) {
  all([&](int t) {
    for (int i = 0; i < 20; ++i) {
      const std::string id = std::to_string(t) + "-" + std::to_string(i);
      if (t != 0) {
        EXPECT_TRUE(run(*books_, id, {"hot"}));
        continue;
      }
      contradicting task(id);
      const auto ran = books_->run(task);
      ASSERT_FALSE(ran);
      EXPECT_EQ(ran.error().code, "store_conflict");
    }
  });
  EXPECT_EQ(one("SELECT count(*) FROM leeway.record"), std::to_string(1 + (callers - 1) * 20));
  EXPECT_EQ(one("SELECT sum(minor) FROM leeway.entry"),
            std::to_string(7 * (1 + (callers - 1) * 20)));
  EXPECT_TRUE(books_->check().value().empty());
}

}  // namespace
