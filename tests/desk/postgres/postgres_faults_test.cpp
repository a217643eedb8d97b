// SPDX-License-Identifier: Apache-2.0
// A store in PostgreSQL, whatever fails: no budget over its limit, nothing acknowledged is lost, at
// most one effect an id, and an error never approves.
#include "desk/postgres/proxy.hpp"
#include "desk/postgres/server.hpp"
#include "desk/postgres/spending.hpp"

#include <leeway/desk/postgres_store.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <latch>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace std::chrono_literals;
using namespace leeway;
using leeway::test::cut;
using leeway::test::fresh_database;
using leeway::test::own_server;
using leeway::test::proxy;
using leeway::test::query;
using leeway::test::query_one;
using leeway::test::spending;
using leeway::test::with_host;

using clock = std::chrono::steady_clock;

std::shared_ptr<store> open(const std::string& url, std::chrono::milliseconds patience = 30s,
                            std::size_t connections = 4) {
  auto made = open_postgres_store({.url = url, .connections = connections, .patience = patience});
  if (!made) throw std::runtime_error(made.error().message);
  return *std::move(made);
}

/// What many callers were told. Thread-safe.
class acknowledged {
 public:
  void note(const std::string& id) {
    const std::lock_guard lock(mutex_);
    ids_.insert("dec-" + id);
  }
  std::set<std::string> ids() const {
    const std::lock_guard lock(mutex_);
    return ids_;
  }

 private:
  mutable std::mutex mutex_{};
  std::set<std::string> ids_{};
};

/// Looks at the tables themselves, and shares nothing with the store.
void audit(const std::string& url, const std::set<std::string>& told, std::int64_t limit) {
  const auto over = query(url,
                          "SELECT sum(minor) FROM leeway.entry WHERE counts GROUP BY account "
                          "HAVING sum(minor) > " +
                              std::to_string(limit));
  EXPECT_TRUE(over.empty()) << over.front();
  const auto half = query(url,
                          "SELECT id FROM leeway.decision d WHERE "
                          "(state = 1) <> EXISTS (SELECT FROM leeway.entry WHERE act = d.id) "
                          "OR NOT EXISTS (SELECT FROM leeway.record WHERE subject = d.id)");
  EXPECT_TRUE(half.empty()) << half.size() << " decisions in part, " << half.front();
  const auto totals = query(url,
                            "SELECT 1 FROM leeway.account a WHERE minor <> (SELECT "
                            "coalesce(sum(minor), 0) FROM leeway.entry WHERE account = a.id)");
  EXPECT_TRUE(totals.empty());
  const auto approved = query(url, "SELECT id FROM leeway.decision WHERE state = 1");
  const std::set<std::string> kept(approved.begin(), approved.end());
  for (const std::string& id : told) EXPECT_TRUE(kept.contains(id)) << id << " was lost";
}

class PostgresFaults : public ::testing::Test {
 protected:
  void SetUp() override {
    LEEWAY_NEEDS_POSTGRESQL();
    database_.emplace(*leeway::test::shared_server());
  }
  const std::string& url() const { return database_->url(); }
  std::string socket() const {
    const auto begins = url().find("host=") + 5;
    return url().substr(begins, url().find('&') - begins) + "/.s.PGSQL.5432";
  }
  std::optional<fresh_database> database_{};
};

// Fault 13.
TEST_F(PostgresFaults, FindsOutWhatBecameOfACommitThatWasNotAnswered) {
  proxy network(socket());
  const auto s = open(with_host(url(), network.folder()));
  acknowledged told;
  for (int i = 0; i < 40; ++i) {
    const std::string id = "r" + std::to_string(i);
    network.cut_at_commit(i % 2 == 0 ? cut::before_commit : cut::after_commit);
    spending task(id, {"a", "b"}, 10, 300);
    const auto ran = s->run(task);
    ASSERT_TRUE(ran) << ran.error().message;
    EXPECT_EQ(task.approved(), i < 30);
    if (task.approved()) told.note(id);
    spending again(id, {"a", "b"}, 10, 300);
    ASSERT_TRUE(s->run(again));
    EXPECT_TRUE(again.repeated());
  }
  EXPECT_EQ(network.cuts(), 40U);
  EXPECT_EQ(query_one(url(), "SELECT count(*) FROM leeway.record"), "40");
  audit(url(), told.ids(), 300);
}

TEST_F(PostgresFaults, SaysThatItDoesNotKnowAndTellsARetry) {
  proxy network(socket());
  const auto s = open(with_host(url(), network.folder()), 1s);
  for (const cut where : {cut::before_commit, cut::after_commit}) {
    const std::string id = where == cut::before_commit ? "before" : "after";
    spending warm(id + "-warm", {"a"}, 1, 100);
    ASSERT_TRUE(s->run(warm));
    // Nothing can be asked after the cut, until the deadline.
    network.cut_at_commit(where);
    network.refuse(true);
    spending task(id, {"a"}, 1, 100);
    const auto ran = s->run(task);
    ASSERT_FALSE(ran);
    EXPECT_EQ(ran.error().code, "store_unsure");
    network.refuse(false);
    spending again(id, {"a"}, 1, 100);
    ASSERT_TRUE(s->run(again));
    EXPECT_EQ(again.repeated(), where == cut::after_commit);
    EXPECT_TRUE(again.approved());
  }
  EXPECT_EQ(query_one(url(), "SELECT sum(minor) FROM leeway.entry"), "4");
}

TEST_F(PostgresFaults, ManyCallersEndAtTheLimitOnANetworkThatKeepsBreaking) {
  proxy network(socket());
  const auto s = open(with_host(url(), network.folder()), 60s, 6);
  acknowledged told;
  std::atomic<int> left{6};
  std::vector<std::thread> threads;
  for (int t = 0; t < 6; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 30; ++i) {
        const std::string id = std::to_string(t) + "-" + std::to_string(i);
        spending task(id, {"hot"}, 5, 500);
        const auto ran = s->run(task);
        EXPECT_TRUE(ran) << ran.error().message;
        if (ran && task.approved()) told.note(id);
        if (i % 3 == 0) {
          network.cut_at_commit(i % 2 == 0 ? cut::before_commit : cut::after_commit, 2);
        }
        if (i % 10 == 9) network.cut_all();
      }
      --left;
    });
  }
  for (std::thread& one : threads) one.join();
  EXPECT_EQ(told.ids().size(), 100U);
  EXPECT_EQ(query_one(url(), "SELECT count(*) FROM leeway.record"), "180");
  audit(url(), told.ids(), 500);
}

// Fault 15.
TEST_F(PostgresFaults, AnswersWithinItsDeadlineWhenTheNetworkSwallowsEverything) {
  proxy network(socket());
  const auto s = open(with_host(url(), network.folder()), 500ms);
  const auto other = open(url());
  // One that is remembered, and one that must look first.
  for (const bool looks : {false, true}) {
    spending warm(looks ? "w1" : "w0", {"a"}, 1, 100);
    ASSERT_TRUE(s->run(warm));
    if (looks) {
      spending elsewhere("e1", {"a"}, 1, 100);
      ASSERT_TRUE(other->run(elsewhere));
    }
    network.black_hole(true);
    const std::string id = looks ? "r1" : "r0";
    spending task(id, {"a"}, 1, 100);
    const auto begins = clock::now();
    const auto ran = s->run(task);
    EXPECT_LT(clock::now() - begins, 3s);
    ASSERT_FALSE(ran);
    EXPECT_TRUE(ran.error().code == "store_unsure" || ran.error().code == "store_busy");
    network.black_hole(false);
    spending again(id, {"a"}, 1, 100);
    EXPECT_TRUE(other->run(again));
    EXPECT_TRUE(again.approved());
  }
  audit(url(), {}, 100);
}

/// Looks, and stops between looking and writing until it is told to go on.
class hesitant final : public store_task {
 public:
  explicit hesitant(spending& real) : real_(real) {}
  void ask(store_query& into) override { real_.ask(into); }
  leeway::verdict judge(const store_view& view, store_change& change) override {
    const auto v = real_.judge(view, change);
    if (!std::exchange(stopped_, true)) {
      looked.count_down();
      go_on.wait();
    }
    return v;
  }
  std::latch looked{1};
  std::latch go_on{1};

 private:
  spending& real_;
  bool stopped_{};
};

TEST_F(PostgresFaults, TheServerFreesWhatAHostLockedThatFellSilent) {
  proxy network(socket());
  const auto other = open(url());
  const auto s = open(with_host(url(), network.folder()), 700ms);
  spending real("r1", {"a"}, 60, 100);
  hesitant task(real);
  std::thread silent([&] {
    const auto ran = s->run(task);
    EXPECT_FALSE(ran);
  });
  task.looked.wait();  // it looked for the first time, so the account is locked
  network.black_hole(true);
  spending waits("r2", {"a"}, 60, 100);
  ASSERT_TRUE(other->run(waits));
  EXPECT_TRUE(waits.approved());
  task.go_on.count_down();
  silent.join();
  network.black_hole(false);
  spending again("r1", {"a"}, 60, 100);
  ASSERT_TRUE(other->run(again));
  EXPECT_FALSE(again.approved());
  audit(url(), {}, 100);
}

// Fault 14.
class PostgresServer : public ::testing::Test {
 protected:
  void SetUp() override {
    server_.emplace(own_server::disk::durable);
    if (server_->missing()) GTEST_SKIP() << *server_->missing();
  }

  /// Callers decide without end while something happens to the server; then everything acknowledged
  /// is there and they went on by themselves.
  template <class Happening>
  void survive(const Happening& happens) {
    const auto s = open(server_->url(), 60s, 4);
    acknowledged told;
    std::atomic<bool> ends{false};
    std::atomic<int> errors{0};
    std::latch begun(4);
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&, t] {
        bool first = true;
        for (int i = 0; !ends; ++i) {
          const std::string id = std::to_string(t) + "-" + std::to_string(i);
          spending task(id, {"hot", "of " + std::to_string(t)}, 1, 1'000'000);
          const auto ran = s->run(task);
          if (ran && task.approved()) told.note(id);
          if (!ran) ++errors;
          if (std::exchange(first, false)) begun.count_down();
        }
      });
    }
    begun.wait();
    happens();
    const std::size_t before = told.ids().size();
    // The same store goes on when the server is there again.
    spending after("after", {"hot"}, 1, 1'000'000);
    const auto ran = s->run(after);
    EXPECT_TRUE(ran) << ran.error().message;
    ends = true;
    for (std::thread& one : threads) one.join();
    EXPECT_GT(before, 0U);
    EXPECT_TRUE(after.approved());
    audit(server_->url(), told.ids(), 1'000'000);
    EXPECT_TRUE(s->check().value().empty());
  }

  std::optional<own_server> server_{};
};

TEST_F(PostgresServer, IsStoppedInAHurryAndStartedAgain) {
  survive([&] {
    server_->stop_immediately();
    server_->start();
  });
}

TEST_F(PostgresServer, IsKilledWithEverythingAndStartedAgain) {
  survive([&] {
    server_->kill();
    server_->start();
  });
}

TEST_F(PostgresServer, LosesTheProcessesThatServeConnections) {
  survive([&] {
    const auto pids = query(server_->url(),
                            "SELECT pid FROM pg_stat_activity WHERE "
                            "pid <> pg_backend_pid() AND state IS NOT NULL");
    EXPECT_FALSE(pids.empty());
    // The server throws everybody out and recovers by itself.
    for (const std::string& pid : pids) kill(std::stoi(pid), SIGKILL);
  });
}

// Fault 16: a standby takes over that lagged behind, or an older copy is put in the place of the
// data. (Fault 18 is in faults/processes_test.cpp.)
TEST_F(PostgresServer, LacksWhatItConfirmedAndNothingMoreIsApproved) {
  const auto spend = [](store& s, const std::string& id) {
    spending task(id, {"a"}, 1, 1000);
    const auto ran = s.run(task);
    return ran ? std::string(task.approved() ? "approved" : "denied") : ran.error().code;
  };
  const auto s = open(server_->url());
  const auto idle = open(server_->url());
  for (int i = 0; i < 3; ++i) EXPECT_EQ(spend(*s, "kept-" + std::to_string(i)), "approved");
  EXPECT_EQ(spend(*idle, "idle"), "approved");
  server_->stop_immediately();
  server_->keep_copy();
  server_->start();
  // Nothing is missing: all go on.
  EXPECT_EQ(spend(*s, "lost-0"), "approved");
  for (int i = 1; i < 3; ++i) EXPECT_EQ(spend(*s, "lost-" + std::to_string(i)), "approved");
  server_->stop_immediately();
  server_->restore_copy();
  server_->start();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(spend(*s, "after"), "store_regressed");
  EXPECT_EQ(spend(*s, "kept-0"), "store_regressed");
  EXPECT_EQ(s->records_after(0, 10).error().code, "store_regressed");
  // It cannot know who lost nothing itself. docs/design/0017-desk-faults.md says so.
  EXPECT_EQ(spend(*idle, "idle-2"), "approved");
  // Opening again is how a person says that it may go on with what is there.
  EXPECT_EQ(spend(*open(server_->url()), "after"), "approved");
  EXPECT_EQ(query_one(server_->url(), "SELECT count(*) FROM leeway.record"), "6");
}

TEST_F(PostgresFaults, StopsWhereAnAccountIsOlderThanItWas) {
  const auto s = open(url());
  for (int i = 0; i < 3; ++i) {
    spending task("r" + std::to_string(i), {"a"}, 1, 100);
    ASSERT_TRUE(s->run(task));
  }
  // A pooler may put another server behind the same connection.
  query(url(), "UPDATE leeway.account SET version = version - 1");
  spending task("later", {"a"}, 1, 100);
  const auto ran = s->run(task);
  ASSERT_FALSE(ran);
  EXPECT_EQ(ran.error().code, "store_regressed");
  EXPECT_EQ(query_one(url(), "SELECT count(*) FROM leeway.record"), "3");
}

}  // namespace
