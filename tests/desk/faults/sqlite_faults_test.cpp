// SPDX-License-Identifier: Apache-2.0
// What a desk in SQLite keeps when power is cut, writes fail, the disk fills up or lies, and the
// process is killed: no budget over its limit, nothing acknowledged lost, one effect an id.
#include "desk/contract/support.hpp"
#include "desk/contract/temporary_folder.hpp"
#include "desk/faults/auditor.hpp"
#include "desk/faulty_disk/faulty_disk.hpp"

#include <leeway/desk/sqlite_store.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <random>
#include <set>
#include <thread>

namespace leeway::desk_test {
namespace {

using test::aftermath;
using test::effect;
using test::faulty_disk;
using test::operation;

/// What was answered, by request id.
using acknowledged = std::map<std::string, std::string>;

class SqliteFaults : public ::testing::Test {
 protected:
  std::string file() const { return folder_.file("desk.db"); }

  result<std::unique_ptr<desk>, diagnostics> open() {
    auto books = open_sqlite_store(file());
    if (!books) return fail(diagnostics(diagnostic{.code = books.error().code}));
    books_ = *books;
    auto made = desk::open(*std::move(books), {.clock = clock_.clocks()});
    if (!made) return made;
    if (auto done = (*made)->publish(sample()); !done) return fail(done.error());
    return made;
  }

  /// Decides until something fails, or all are decided.
  void decide(desk& d, int from, int to, acknowledged& answers) {
    for (int i = from; i < to; ++i) {
      const std::string id = "r" + std::to_string(i);
      const auto a = d.decide(proposal(id, 5 + i % 20, "c-" + std::to_string(i % 3)));
      if (!a) return;
      answers[id] = a->json;
      if (i % 4 == 1 && a->state == decision_state::approved) {
        if (!d.settle(a->id, {.amount = usd(1)})) return;
      }
      if (i % 4 == 2 && a->state == decision_state::approved && !d.void_decision(a->id)) return;
    }
  }
  void decide_until_it_fails(int many, acknowledged& answers) {
    const auto d = open();
    if (d) decide(**d, 0, many, answers);
    books_.reset();
  }

  /// Opens what is left and holds it against what was answered.
  void expect_nothing_lost(const acknowledged& answers, const std::string& where) {
    const auto d = open();
    ASSERT_TRUE(d) << where << ": " << render(d.error());
    for (const auto& [id, json] : answers) {
      const auto s = (*d)->show(request_key{"", request_id(id)});
      ASSERT_TRUE(s) << where << ": " << id << " was acknowledged and is gone";
      ASSERT_EQ(s->answer, json) << where;
    }
    expect_sound(**d, where);
    // And it goes on.
    acknowledged more;
    decide(**d, 1000, 1010, more);
    EXPECT_EQ(more.size(), 10U) << where;
    expect_sound(**d, where);
    books_.reset();
  }
  void expect_sound(const desk& d, const std::string& where) {
    auditor a;
    for (const auto& wrong : a.audit(*books_)) ADD_FAILURE() << where << ": " << wrong;
    // Where the clock was set back, usage at its present time is no question a desk asks.
    if (clock_.now() >= a.latest()) {
      for (const auto& wrong : a.compare(d, clock_.now())) ADD_FAILURE() << where << ": " << wrong;
    }
    const auto checked = books_->check();
    ASSERT_TRUE(checked);
    for (const auto& wrong : *checked) ADD_FAILURE() << where << ": " << wrong;
  }

  temporary_folder folder_{};
  hand_clock clock_{"2026-03-10T12:00:00Z"};
  std::shared_ptr<store> books_{};
};

void remove_all(const std::string& file) {
  for (const char* end : {"", "-wal", "-shm", "-journal", ".mark"}) {
    std::filesystem::remove(file + end);
  }
}

class SqlitePower : public SqliteFaults,
                    public ::testing::WithParamInterface<std::pair<aftermath, std::size_t>> {};

// Faults 1 to 4: power is cut at one change after another, and the disk keeps nothing, all, a torn
// end or any mixture of what was not synced.
TEST_P(SqlitePower, LosesNothingAcknowledgedWhenItIsCut) {
  const auto& [left, sector] = GetParam();
  std::uint64_t changes = 0;
  {
    faulty_disk disk;
    disk.make_default();
    acknowledged all;
    decide_until_it_fails(12, all);
    ASSERT_EQ(all.size(), 12U);
    changes = disk.changes();
  }
  for (std::uint64_t at = 1; at <= changes; at += 13) {
    remove_all(file());
    faulty_disk disk(at);
    disk.make_default();
    disk.plan({.at = at, .does = effect::power_cut});
    acknowledged answers;
    decide_until_it_fails(12, answers);
    disk.restore_power({.unsynced = left, .sector = sector});
    expect_nothing_lost(answers, "cut at change " + std::to_string(at));
    if (HasFailure()) return;
  }
}

using remains = std::pair<aftermath, std::size_t>;

std::string name_of_remains(const ::testing::TestParamInfo<remains>& tested) {
  const std::array<const char*, 4> names{"Nothing", "Everything", "ATornEnd", "AnyMixture"};
  return names.at(static_cast<std::size_t>(tested.param.first)) +
         ("Of" + std::to_string(tested.param.second));
}

INSTANTIATE_TEST_SUITE_P(
    Leaves, SqlitePower,
    ::testing::Values(remains{aftermath::lost, 512}, remains{aftermath::kept, 512},
                      remains{aftermath::torn, 512}, remains{aftermath::torn, 4096},
                      remains{aftermath::shuffled, 512}, remains{aftermath::shuffled, 4096}),
    name_of_remains);

// Fault 5.
TEST_F(SqliteFaults, StopsWhenASyncFailsOnce) {
  for (std::uint64_t at = 1; at < 12; ++at) {
    remove_all(file());
    faulty_disk disk(at);
    disk.make_default();
    acknowledged answers;
    {
      auto d = open();
      ASSERT_TRUE(d);
      disk.plan({.on = {operation::sync}, .at = at, .does = effect::io_error});
      decide(**d, 0, 12, answers);
      if (answers.size() < 12) {
        const auto after = (*d)->decide(proposal("later", 1));
        ASSERT_FALSE(after);
        EXPECT_EQ(after.error().front().code, "store_closed");
      }
      d = open();  // refused: this one still has it
      EXPECT_FALSE(d);
      books_.reset();
    }
    disk.restore_power({.unsynced = aftermath::lost});
    expect_nothing_lost(answers, "sync " + std::to_string(at));
  }
}

// Fault 6.
TEST_F(SqliteFaults, RefusesAFileThatLostWhatTheDiskConfirmed) {
  faulty_disk disk;
  disk.make_default();
  acknowledged answers;
  {
    const auto d = open();
    ASSERT_TRUE(d);
    disk.ignore_syncs(true);
    decide(**d, 0, 12, answers);
    ASSERT_EQ(answers.size(), 12U);
    books_.reset();
    disk.cut_power();
  }
  disk.restore_power({.unsynced = aftermath::lost});
  disk.ignore_syncs(false);
  const auto d = open();
  ASSERT_FALSE(d);
  EXPECT_EQ(d.error().front().code, "store_regressed");
}

// Fault 7.
TEST_F(SqliteFaults, DeniesWhenTheDiskIsFullAndGoesOnWithSpace) {
  for (std::uint64_t at = 1; at < 60; at += 7) {
    remove_all(file());
    faulty_disk disk(at);
    disk.make_default();
    acknowledged answers;
    {
      const auto d = open();
      ASSERT_TRUE(d);
      disk.plan({.at = at, .does = effect::disk_full, .times = 3});
      for (int i = 0; i < 12; ++i) decide(**d, i, i + 1, answers);
      disk.mend();
      const auto after = (*d)->decide(proposal("later", 1));
      EXPECT_TRUE(after) << "full at " << at << ": " << render(after.error());
      expect_sound(**d, "full at " + std::to_string(at));
      books_.reset();
    }
    expect_nothing_lost(answers, "full at " + std::to_string(at));
  }
}

// Fault 10.
TEST_F(SqliteFaults, RefusesAnOldCopy) {
  acknowledged answers;
  const std::string copy = folder_.file("copy.db");
  {
    const auto d = open();
    ASSERT_TRUE(d);
    decide(**d, 0, 4, answers);
    ASSERT_TRUE(books_->backup(copy));
    decide(**d, 4, 8, answers);
    books_.reset();
  }
  std::filesystem::rename(copy, file());
  std::filesystem::remove(file() + "-wal");
  const auto d = open();
  ASSERT_FALSE(d);
  EXPECT_EQ(d.error().front().code, "store_regressed");
  // Accepting the loss is a step of its own.
  std::filesystem::remove(file() + ".mark");
  EXPECT_TRUE(open());
}

// Fault 9: what SQLite can see of a damaged page; rows are proved by the record's own proofs.
TEST_F(SqliteFaults, RefusesAFileWithACopiedPage) {
  acknowledged answers;
  decide_until_it_fails(12, answers);
  test::copy_block(file(), 4096, 8 * std::uint64_t{4096}, 4096);
  const auto d = open();
  ASSERT_FALSE(d);
  EXPECT_THAT((std::set<std::string>{"store_damaged", "store_unknown_format", "store_failed"}),
              ::testing::Contains(d.error().front().code));
}

// Fault 19.
TEST_F(SqliteFaults, GivesASecondProcessAClearRefusal) {
  const auto d = open();
  ASSERT_TRUE(d);
  const pid_t child = ::fork();
  if (child == 0) {
    const auto other = open_sqlite_store(file());
    ::_exit(!other && other.error().code == "store_in_use" ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  acknowledged more;
  decide(**d, 0, 5, more);
  EXPECT_EQ(more.size(), 5U);
}

TEST_F(SqliteFaults, RefusesAFileOfAnotherProgram) {
  const std::string text(5000, 'x');
  std::FILE* out = std::fopen(file().c_str(), "wb");
  ASSERT_NE(out, nullptr);
  std::fwrite(text.data(), 1, text.size(), out);
  std::fclose(out);
  const auto d = open_sqlite_store(file());
  ASSERT_FALSE(d);
  EXPECT_EQ(d.error().code, "store_unknown_format");
}

// 64 threads on one budget end at exactly the limit.
TEST_F(SqliteFaults, EndsAtExactlyTheLimitWithSixtyFourThreads) {
  auto d = open();
  ASSERT_TRUE(d);
  std::atomic<int> approved{0};
  std::vector<std::thread> all;
  for (int t = 0; t < 64; ++t) {
    all.emplace_back([&, t] {
      for (int i = 0; i < 4; ++i) {
        const auto a = (*d)->decide(proposal(std::to_string(t) + '-' + std::to_string(i), 1));
        ASSERT_TRUE(a) << render(a.error());
        if (a->decision.outcome == outcome::approve) ++approved;
      }
    });
  }
  for (auto& one : all) one.join();
  EXPECT_EQ(approved.load(), 100);
  EXPECT_EQ(used(**d, "B1", "customer.id", "c-1"), 100'00);
  const store_figures done = books_->figures();
  EXPECT_EQ(done.tasks, 257);  // and the policy
  EXPECT_LT(done.commits, done.tasks);
  expect_sound(**d, "64 threads");
}

// A seeded life of a desk: people, crashes, power cuts and clocks that jump.
class Simulation : public SqliteFaults {
 protected:
  void live(std::uint64_t seed) {
    std::mt19937_64 random(seed);
    const auto pick = [&](std::uint64_t below) { return random() % below; };
    acknowledged answers;
    std::vector<decision_id> known;
    int next = 0;
    for (int life = 0; life < 6; ++life) {
      faulty_disk disk(random());
      disk.make_default();
      {
        if (pick(2) == 0) disk.plan({.at = 1 + pick(150), .does = effect::power_cut});
        if (pick(3) == 0) disk.plan({.at = 1 + pick(150), .does = effect::disk_full});
        const auto d = open();
        for (int step = 0; d && step < 60; ++step) {
          act(**d, random, next, answers, known);
        }
        books_.reset();
      }
      disk.restore_power({.unsynced = static_cast<aftermath>(pick(4)), .sector = 512});
      const auto d = open();
      ASSERT_TRUE(d) << "seed " << seed << ": " << render(d.error());
      for (const auto& [id, json] : answers) {
        const auto s = (*d)->show(request_key{"", request_id(id)});
        ASSERT_TRUE(s) << "seed " << seed << ": " << id << " is gone";
        ASSERT_EQ(s->answer, json) << "seed " << seed;
      }
      expect_sound(**d, "seed " + std::to_string(seed));
      if (HasFailure()) return;
      books_.reset();
    }
  }

  void act(desk& d, std::mt19937_64& random, int& next, acknowledged& answers,
           std::vector<decision_id>& known) {
    const auto pick = [&](std::uint64_t below) { return random() % below; };
    const auto any = [&] {
      return known.empty() ? decision_id("dec-0") : known[pick(known.size())];
    };
    switch (pick(10)) {
      case 0:
        clock_.pass(span(static_cast<std::int64_t>(pick(40 * 86'400))));
        d.accept_time();
        break;
      case 1:
        clock_.set(
            checked_add(clock_.now(), span(-static_cast<std::int64_t>(pick(86'400)))).value());
        break;
      case 2:
        static_cast<void>(d.settle(any(), {.amount = usd(static_cast<std::int64_t>(pick(20)))}));
        break;
      case 3: static_cast<void>(d.void_decision(any())); break;
      case 4:
        static_cast<void>(d.resolve(
            any(), {.by = person("l-1", "lead"), .granted = pick(2) == 0, .note = "as I see it"}));
        break;
      case 5: static_cast<void>(d.expire()); break;
      default: {
        // One in five is a retry.
        const int number = next > 0 && pick(5) == 0
                               ? static_cast<int>(pick(static_cast<std::uint64_t>(next)))
                               : next++;
        const std::string id = "r" + std::to_string(number);
        const auto a =
            d.decide(proposal(id, 5 + number * 7 % 60, "c-" + std::to_string(number % 3)));
        if (!a) break;
        const auto [at, is_new] = answers.try_emplace(id, a->json);
        EXPECT_EQ(at->second, a->json);
        if (is_new) known.push_back(a->id);
      }
    }
  }
};

TEST_F(Simulation, OfAgentsCrashesAndClocksKeepsEveryPromise) {
  const char* told = std::getenv("LEEWAY_SEED");
  const std::uint64_t first = told == nullptr ? 1 : std::strtoull(told, nullptr, 10);
  for (std::uint64_t seed = first; seed < first + 8; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    remove_all(file());
    live(seed);
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace leeway::desk_test
