// SPDX-License-Identifier: Apache-2.0
#include "desk/postgres/connection.hpp"

#include "desk/postgres/pool.hpp"
#include "desk/postgres/proxy.hpp"
#include "desk/postgres/server.hpp"

#include <gtest/gtest.h>

#include <array>
#include <future>
#include <limits>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace std::chrono_literals;
using leeway::postgres::blob;
using leeway::postgres::call;
using leeway::postgres::connection;
using leeway::postgres::deadline;
using leeway::postgres::in;
using leeway::postgres::parameters;
using leeway::postgres::pool;
using leeway::postgres::statement;
using leeway::postgres::trouble;
using leeway::test::cut;
using leeway::test::fresh_database;
using leeway::test::own_server;
using leeway::test::proxy;
using leeway::test::query_one;
using leeway::test::with_host;

constexpr statement begin{"begin", "BEGIN"};
constexpr statement commit{"commit", "COMMIT"};
constexpr statement insert{"insert", "INSERT INTO t VALUES ($1)"};
constexpr statement count{"count", "SELECT count(*) FROM t"};
constexpr statement divide{"divide", "SELECT 1 / $1"};
constexpr statement nap{"nap", "SELECT true FROM pg_sleep($1::int8)"};

class Connection : public ::testing::Test {
 protected:
  void SetUp() override {
    LEEWAY_NEEDS_POSTGRESQL();
    database_.emplace(*leeway::test::shared_server());
    leeway::test::query(database_->url(), "CREATE TABLE t(n int8 PRIMARY KEY)");
  }

  connection open() { return connection::open(database_->url(), in(10s)).value(); }
  std::string stored() const { return query_one(database_->url(), "SELECT count(*) FROM t"); }
  std::string socket() const {
    const std::string& url = database_->url();
    const auto begins = url.find("host=") + 5;
    return url.substr(begins, url.find('&') - begins) + "/.s.PGSQL.5432";
  }

  std::optional<fresh_database> database_{};
};

TEST_F(Connection, SendsAndReadsEveryTypeUnchanged) {
  constexpr statement echo{"echo",
                           "SELECT $1::int8, $2::boolean, $3::text, $4::bytea, $5::int8, "
                           "octet_length($6), $7"};
  connection c = open();
  const std::string zeros("a\0b", 3);
  parameters with;
  with.add(std::numeric_limits<std::int64_t>::min()).add(true).add("it's \"\xc3\xa9\"");
  with.add(blob{zeros}).add(std::optional<std::int64_t>()).add(std::string_view("x"));
  with.add_null(leeway::postgres::oid::text);
  const auto got = c.run({&echo, std::move(with)}, in(10s)).value();
  ASSERT_EQ(got.size(), 1U);
  EXPECT_EQ(got.integer(0, 0), std::numeric_limits<std::int64_t>::min());
  EXPECT_TRUE(got.boolean(0, 1));
  EXPECT_EQ(got.bytes(0, 2), "it's \"\xc3\xa9\"");
  EXPECT_EQ(got.bytes(0, 3), zeros);
  EXPECT_TRUE(got.is_null(0, 4));
  EXPECT_EQ(got.maybe_integer(0, 4), std::nullopt);
  EXPECT_EQ(got.maybe_text(0, 6), std::nullopt);
}

TEST_F(Connection, SendsArraysOfEveryLength) {
  constexpr statement echo{"arrays",
                           "SELECT n, t, b, f, m FROM unnest($1::int8[], $2::text[], $3::bytea[], "
                           "$4::boolean[], $5::int8[]) WITH ORDINALITY u(n, t, b, f, m, i) "
                           "ORDER BY i"};
  connection c = open();
  for (std::size_t size = 0; size < 4; ++size) {
    SCOPED_TRACE(size);
    const std::vector<std::int64_t> numbers{-1, 0, 1};
    const std::vector<std::string_view> texts{"", "{,}", "NULL"};
    const std::vector<std::string_view> bytes{std::string_view("\0", 1), "", "\xff"};
    const std::vector<std::optional<std::int64_t>> maybe{std::nullopt, 7, std::nullopt};
    parameters with;
    with.add(std::span(numbers).first(std::min<std::size_t>(size, 3)));
    with.add_texts(std::span(texts).first(std::min<std::size_t>(size, 3)));
    with.add_blobs(std::span(bytes).first(std::min<std::size_t>(size, 3)));
    with.add(std::vector<bool>(std::min<std::size_t>(size, 3), true));
    with.add(std::span(maybe).first(std::min<std::size_t>(size, 3)));
    const auto got = c.run({&echo, std::move(with)}, in(10s)).value();
    ASSERT_EQ(got.size(), std::min<std::size_t>(size, 3));
    for (std::size_t i = 0; i < got.size(); ++i) {
      EXPECT_EQ(got.integer(i, 0), numbers[i]);
      EXPECT_EQ(got.bytes(i, 1), texts[i]);
      EXPECT_EQ(got.bytes(i, 2), bytes[i]);
      EXPECT_TRUE(got.boolean(i, 3));
      EXPECT_EQ(got.maybe_integer(i, 4), maybe[i]);
    }
  }
}

TEST_F(Connection, RunsATransactionInOneRoundTrip) {
  proxy network(socket());
  auto c = connection::open(with_host(database_->url(), network.folder()), in(10s)).value();
  const auto transaction = [](std::int64_t n) {
    return std::vector<call>{{&begin}, {&insert, parameters().add(n)}, {&count}, {&commit}};
  };
  const auto before = network.round_trips();
  EXPECT_EQ(c.run(transaction(1), in(10s)).value()[2].integer(0, 0), 1);
  EXPECT_EQ(c.run(transaction(2), in(10s)).value()[2].integer(0, 0), 2);
  EXPECT_EQ(network.round_trips() - before, 2U);
  EXPECT_EQ(network.commits(), 2U);
}

TEST_F(Connection, SaysWhyTheServerRefusedAndGoesOn) {
  connection c = open();
  const std::vector<call> all{{&begin},
                              {&insert, parameters().add(std::int64_t{1})},
                              {&divide, parameters().add(std::int64_t{0})},
                              {&commit}};
  const auto got = c.run(all, in(10s));
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().what, trouble::refused);
  EXPECT_EQ(got.error().sqlstate, "22012");
  EXPECT_EQ(got.error().message, "division by zero");
  EXPECT_TRUE(c.in_transaction());
  EXPECT_FALSE(c.is_usable());
  EXPECT_TRUE(c.roll_back(in(10s)));
  EXPECT_TRUE(c.is_usable());
  EXPECT_EQ(c.run({&count}, in(10s)).value().integer(0, 0), 0);
}

TEST_F(Connection, PreparesAgainWhatARefusalPrevented) {
  connection c = open();
  const std::vector<call> all{{&divide, parameters().add(std::int64_t{0})}, {&count}};
  EXPECT_FALSE(c.run(all, in(10s)));
  EXPECT_EQ(c.run({&count}, in(10s)).value().integer(0, 0), 0);
}

TEST_F(Connection, RunsScriptsOfManyStatements) {
  connection c = open();
  EXPECT_TRUE(c.run_script("CREATE TABLE u(a int8); INSERT INTO u VALUES (1), (2);", in(10s)));
  EXPECT_EQ(query_one(database_->url(), "SELECT sum(a) FROM u"), "3");
  const auto wrong = c.run_script("SELECT 1; SELECT nothing", in(10s));
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().sqlstate, "42703");
  EXPECT_TRUE(c.is_usable());
}

TEST_F(Connection, CarriesMoreThanTheSocketsHold) {
  constexpr statement echo{"big", "SELECT $1::bytea"};
  connection c = open();
  const std::string big(3'000'000, 'x');
  const std::vector<call> all(4, call{&echo, parameters().add(blob{big})});
  const auto got = c.run(all, in(30s)).value();
  for (const auto& one : got) EXPECT_EQ(one.bytes(0, 0).size(), big.size());
}

TEST_F(Connection, AnswersAtItsDeadlineWhenTheServerIsSlow) {
  connection c = open();
  const deadline begins = in(0ms);
  const auto got = c.run({&nap, parameters().add(std::int64_t{30})}, in(200ms));
  EXPECT_LT(in(0ms) - begins, 5s);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().what, trouble::late);
  EXPECT_TRUE(c.is_broken());
  EXPECT_EQ(c.run({&count}, in(1s)).error().what, trouble::lost);
}

TEST_F(Connection, AnswersAtItsDeadlineWhenTheNetworkSwallowsEverything) {
  proxy network(socket());
  const std::string url = with_host(database_->url(), network.folder());
  auto c = connection::open(url, in(10s)).value();
  network.black_hole(true);
  EXPECT_EQ(c.run({&count}, in(100ms)).error().what, trouble::late);
  EXPECT_EQ(connection::open(url, in(100ms)).error().what, trouble::late);
}

TEST_F(Connection, IsPatientWithADelayedNetwork) {
  proxy network(socket());
  auto c = connection::open(with_host(database_->url(), network.folder()), in(10s)).value();
  network.delay(30ms);
  const deadline begins = in(0ms);
  EXPECT_TRUE(c.run({&count}, in(10s)));
  EXPECT_GE(in(0ms) - begins, 60ms);
}

TEST_F(Connection, LosesTheAnswerToACommitThatTookEffectAndToOneThatDidNot) {
  for (const cut where : {cut::before_commit, cut::after_commit}) {
    proxy network(socket());
    auto c = connection::open(with_host(database_->url(), network.folder()), in(10s)).value();
    network.cut_at_commit(where, 2);
    const auto transaction = [&](std::int64_t n) {
      const std::int64_t key = n + 10 * static_cast<std::int64_t>(where);
      return std::vector<call>{{&begin}, {&insert, parameters().add(key)}, {&commit}};
    };
    EXPECT_TRUE(c.run(transaction(1), in(10s)));
    const auto got = c.run(transaction(2), in(10s));
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().what, trouble::lost);
    EXPECT_EQ(network.cuts(), 1U);
    EXPECT_EQ(stored(), where == cut::before_commit ? "1" : "3");
  }
}

TEST_F(Connection, SaysWhatIsWrongWithAnAddress) {
  const auto nowhere = connection::open("postgresql:///x?host=/nonexistent", in(1s));
  ASSERT_FALSE(nowhere);
  EXPECT_EQ(nowhere.error().what, trouble::lost);
  EXPECT_NE(nowhere.error().message.find("/nonexistent"), std::string::npos);
  EXPECT_FALSE(connection::open("postgresql://?nonsense=1", in(1s)));
  const std::string host = database_->url().substr(database_->url().find('?'));
  const auto unknown = connection::open("postgresql:///no_such_database" + host, in(10s));
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().sqlstate, "3D000");
  EXPECT_TRUE(
      unknown.error().message.ends_with("FATAL:  database \"no_such_database\" does not exist"))
      << unknown.error().message;
}

TEST_F(Connection, OfAPoolIsUsedAgain) {
  pool connections({.url = database_->url(), .size = 2, .settings = "SET lock_timeout = 1234"});
  constexpr statement setting{"setting", "SELECT current_setting('lock_timeout')"};
  const int first = (*connections.take(in(10s)).value()).server_process();
  auto again = connections.take(in(10s)).value();
  EXPECT_EQ(again->server_process(), first);
  EXPECT_EQ(again->run({&setting}, in(10s)).value().bytes(0, 0), "1234ms");
  auto other = connections.take(in(10s)).value();
  EXPECT_NE(other->server_process(), first);
  EXPECT_EQ(connections.open(), 2U);
}

TEST_F(Connection, OfAPoolIsWaitedForUntilTheDeadlineOnly) {
  pool connections({.url = database_->url(), .size = 1});
  std::optional<pool::loan> held(connections.take(in(10s)).value());
  EXPECT_EQ(connections.take(in(50ms)).error().what, trouble::late);
  auto waiting = std::async(std::launch::async, [&] { return bool(connections.take(in(30s))); });
  held.reset();
  EXPECT_TRUE(waiting.get());
}

TEST_F(Connection, OfAPoolIsReplacedWhenItBrokeOrIsInTheMiddleOfSomething) {
  pool connections({.url = database_->url(), .size = 1});
  const int broken = [&] {
    auto c = connections.take(in(10s)).value();
    EXPECT_FALSE(c->run({&nap, parameters().add(std::int64_t{30})}, in(50ms)));
    return c->server_process();
  }();
  const int unfinished = [&] {
    auto c = connections.take(in(10s)).value();
    EXPECT_NE(c->server_process(), broken);
    EXPECT_TRUE(c->run({&begin}, in(10s)));
    return c->server_process();
  }();
  const auto fresh = connections.take(in(10s)).value();
  EXPECT_NE((*const_cast<pool::loan&>(fresh)).server_process(), unfinished);
  EXPECT_EQ(connections.open(), 1U);
}

TEST_F(Connection, OfAPoolOutlivesARestartOfTheServer) {
  own_server server;
  pool connections({.url = server.url(), .size = 2});
  constexpr statement one{"one", "SELECT 1::int8"};
  EXPECT_TRUE((*connections.take(in(10s)).value()).run({&one}, in(10s)));
  server.kill();
  EXPECT_FALSE(connections.take(in(10s)));
  server.start();
  EXPECT_TRUE((*connections.take(in(10s)).value()).run({&one}, in(10s)));
}

TEST_F(Connection, OfManyThreadsIsSharedFairlyEnough) {
  pool connections({.url = database_->url(), .size = 3});
  std::vector<std::thread> threads;
  for (std::int64_t t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (std::int64_t n = 0; n < 20; ++n) {
        auto c = connections.take(in(30s)).value();
        EXPECT_TRUE(c->run({&insert, parameters().add(t * 100 + n)}, in(30s)));
      }
    });
  }
  for (std::thread& one : threads) one.join();
  EXPECT_EQ(stored(), "160");
  EXPECT_LE(connections.open(), 3U);
}

}  // namespace
