// SPDX-License-Identifier: Apache-2.0
// Seeded lives of desks under random policies: agents, approvers and reviewers, several hosts and
// threads, policies that are published and suspended, clocks that jump, crashes and networks that
// break; and an auditor who recomputes everything from the records.
//
// LEEWAY_SEED replays one, LEEWAY_ITERATIONS says how many (scripts/soak desk).
#include "desk/contract/support.hpp"
#include "desk/contract/temporary_folder.hpp"
#include "desk/faults/actors.hpp"
#include "desk/faults/auditor.hpp"
#include "desk/faulty_disk/faulty_disk.hpp"
#include "reference/seeds.hpp"

#include <leeway/desk/memory_store.hpp>
#include <leeway/desk/sqlite_store.hpp>

#ifdef LEEWAY_POSTGRESQL
#include "desk/postgres/proxy.hpp"
#include "desk/postgres/server.hpp"

#include <leeway/desk/postgres_store.hpp>
#endif

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

namespace leeway::desk_test {
namespace {

constexpr const char* start = "2026-06-15T12:00:00Z";

/// Whoever owns the clock and the policies.
void administer(desk& at, hand_clock& clock, dice& d, std::atomic<int>& version) {
  constexpr std::int64_t day = 86'400;
  switch (d.between(0, 9)) {
    case 0:
    case 1:
    case 2:
      clock.pass(span(d.between(1, d.chance(20) ? 45 * day : 7'200)));
      at.accept_time();
      break;
    case 3: clock.set(checked_add(clock.now(), span(-d.between(1, 2 * day))).value()); break;
    case 4: clock.set(checked_add(clock.now(), span(d.between(400, 4'000))).value()); break;
    case 5: at.accept_time(); break;
    case 6: static_cast<void>(at.publish(random_policy_of(d, ++version, clock.now()))); break;
    case 7: static_cast<void>(at.suspend("generated", "", std::string("looked into"))); break;
    default: static_cast<void>(at.suspend("generated", "", std::nullopt)); break;
  }
}

/// Everything that must hold, of a store that nobody else uses now.
void expect_sound(const std::shared_ptr<store>& books, const actors& all, bool one_clock) {
  auditor a(one_clock);
  for (const auto& wrong : a.audit(*books)) ADD_FAILURE() << wrong;
  hand_clock later(start);
  later.set(checked_add(a.latest() == instant::min() ? at(start) : a.latest(), span(1)).value());
  const auto d = desk::open(books, {.clock = later.clocks()});
  ASSERT_TRUE(d) << render(d.error());
  for (const auto& wrong : a.compare(**d, later.now())) ADD_FAILURE() << wrong;
  for (const auto& [request, answer] : all.answers()) {
    const auto s = (*d)->show(request_key{"", request_id(request)});
    ASSERT_TRUE(s) << request << " was answered and is gone";
    EXPECT_EQ(s->answer, answer);
    EXPECT_EQ(to_string(s->state), a.state_of(s->id.str()));
  }
  for (const auto& one : all.contradictions()) ADD_FAILURE() << one << " had two answers";
  const auto checked = books->check();
  ASSERT_TRUE(checked) << checked.error().message;
  for (const auto& wrong : *checked) ADD_FAILURE() << wrong;
}

class Simulation : public ::testing::Test {
 protected:
  /// Runs lives with seeds from LEEWAY_SEED on.
  void live(std::uint64_t usual, const std::function<void(std::uint64_t)>& one) {
    // The same lives every time; scripts/soak is for new ones.
    const auto first = reference::number_or("LEEWAY_SEED", 1);
    const auto all = reference::iterations(usual);
    // A life in which nothing was approved shows little.
    const auto enough = [&](std::uint64_t lived) {
      return lived >= all && (approved_ > 0 || lived >= 20 * all);
    };
    for (std::uint64_t seed = first; !enough(seed - first); ++seed) {
      SCOPED_TRACE("LEEWAY_SEED=" + std::to_string(seed) + " LEEWAY_ITERATIONS=1");
      one(seed);
      if (HasFailure()) return;
    }
    std::cout << approved_ << " approved; LEEWAY_SEED=" << first << '\n';
    EXPECT_GT(approved_, 0U);
  }
  std::size_t approved_{};
};

TEST_F(Simulation, InMemoryKeepsEveryPromise) {
  live(30, [&](std::uint64_t seed) {
    dice d(seed);
    hand_clock clock(start);
    const auto books = make_memory_store();
    const auto at = desk::open(books, {.clock = clock.clocks()}).value();
    std::atomic<int> version{1};
    ASSERT_TRUE(at->publish(random_policy_of(d, 1, clock.now())));
    actors all("r");
    for (int step = 0; step < 80; ++step) {
      if (d.chance(10)) administer(*at, clock, d, version);
      all.act(*at, d);
    }
    expect_sound(books, all, true);
    approved_ += all.approved();
  });
}

/// Threads of one process.
void in_threads(desk& at, hand_clock& clock, actors& all, std::uint64_t seed, int threads) {
  std::atomic<int> version{1};
  std::vector<std::thread> running;
  for (int t = 0; t < threads; ++t) {
    running.emplace_back([&, t] {
      dice d(seed * 100 + static_cast<std::uint64_t>(t));
      for (int step = 0; step < 25; ++step) {
        if (d.chance(6)) administer(at, clock, d, version);
        all.act(at, d);
      }
    });
  }
  for (auto& one : running) one.join();
}

TEST_F(Simulation, OfManyThreadsIsWhatItsRecordsSayInTheirOrder) {
  live(6, [&](std::uint64_t seed) {
    const temporary_folder folder;
    for (const bool in_file : {false, true}) {
      dice d(seed);
      hand_clock clock(start);
      const auto books =
          in_file ? open_sqlite_store(folder.file("desk.db")).value() : make_memory_store();
      const auto at = desk::open(books, {.clock = clock.clocks()}).value();
      ASSERT_TRUE(at->publish(random_policy_of(d, 1, clock.now())));
      actors all("r");
      in_threads(*at, clock, all, seed, 4);
      expect_sound(books, all, true);
      approved_ += all.approved();
    }
  });
}

TEST_F(Simulation, OnADiskThatLosesPowerKeepsEveryPromise) {
  live(6, [&](std::uint64_t seed) {
    dice d(seed);
    const temporary_folder folder;
    const std::string file = folder.file("desk.db");
    hand_clock clock(start);
    actors all("r");
    std::atomic<int> version{1};
    for (int crash = 0; crash < 4; ++crash) {
      test::faulty_disk disk(static_cast<std::uint64_t>(d.between(1, 1'000'000)));
      disk.make_default();
      if (auto books = open_sqlite_store(file)) {
        const auto at = desk::open(*books, {.clock = clock.clocks()}).value();
        static_cast<void>(at->publish(random_policy_of(d, version, clock.now())));
        if (d.chance(30)) {
          disk.plan({.at = static_cast<std::uint64_t>(d.between(1, 150)),
                     .does = test::effect::disk_full,
                     .times = 2});
        }
        disk.plan({.at = static_cast<std::uint64_t>(d.between(1, 300)),
                   .does = d.chance(70) ? test::effect::power_cut : test::effect::io_error});
        for (int step = 0; step < 40; ++step) {
          if (d.chance(8)) administer(*at, clock, d, version);
          all.act(*at, d);
        }
      }
      disk.restore_power({.unsynced = static_cast<test::aftermath>(d.between(0, 3)),
                          .sector = d.chance(50) ? std::size_t{512} : std::size_t{4096}});
      const auto left = open_sqlite_store(file);
      ASSERT_TRUE(left) << left.error().message;
      expect_sound(*left, all, true);
      if (HasFailure()) return;
    }
    approved_ += all.approved();
  });
}

#ifdef LEEWAY_POSTGRESQL

using namespace std::chrono_literals;

/// One host: its clock, its network, its desk.
struct host {
  explicit host(const std::string& url, const std::string& socket) : network(socket) {
    auto books = open_postgres_store({.url = test::with_host(url, network.folder()),
                                      .connections = 3,
                                      .patience = 20s,
                                      .tells_clock = false});
    if (!books) throw std::runtime_error(books.error().message);
    at = desk::open(*books, {.clock = clock.clocks()}).value();
  }
  test::proxy network;
  hand_clock clock{start};
  std::unique_ptr<desk> at{};
};

TEST_F(Simulation, OfHostsOnBreakingNetworksKeepsEveryPromise) {
  LEEWAY_NEEDS_POSTGRESQL();
  live(2, [&](std::uint64_t seed) {
    const test::fresh_database database(*test::shared_server());
    const std::string& url = database.url();
    const auto begins = url.find("host=") + 5;
    const std::string socket = url.substr(begins, url.find('&') - begins) + "/.s.PGSQL.5432";
    dice d(seed);
    constexpr std::size_t hosts = 3;
    std::vector<std::unique_ptr<host>> all_hosts;
    for (std::size_t h = 0; h < hosts; ++h)
      all_hosts.push_back(std::make_unique<host>(url, socket));
    ASSERT_TRUE(all_hosts[0]->at->publish(random_policy_of(d, 1, at(start))));
    actors all("r");
    std::atomic<int> version{1};
    std::vector<std::thread> running;
    for (std::size_t t = 0; t < 2 * hosts; ++t) {
      running.emplace_back([&, t] {
        host& mine = *all_hosts[t % hosts];
        dice own(seed * 100 + t);
        for (int step = 0; step < 15; ++step) {
          if (own.chance(10)) administer(*mine.at, mine.clock, own, version);
          if (own.chance(15)) {
            mine.network.cut_at_commit(
                own.chance(50) ? test::cut::before_commit : test::cut::after_commit,
                static_cast<std::uint64_t>(own.between(1, 3)));
          }
          if (own.chance(5)) mine.network.cut_all();
          all.act(*mine.at, own);
        }
      });
    }
    for (auto& one : running) one.join();
    all_hosts.clear();
    expect_sound(open_postgres_store({.url = url, .tells_clock = false}).value(), all, false);
    approved_ += all.approved();
  });
}

#endif

}  // namespace
}  // namespace leeway::desk_test
