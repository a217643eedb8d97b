// SPDX-License-Identifier: Apache-2.0
// Fault 8: memory or file descriptors run out anywhere on the way. What was answered is there, what
// was not is there wholly or not at all, nothing hangs, and with the means back the same store goes
// on.
#include "desk/contract/support.hpp"
#include "desk/contract/temporary_folder.hpp"
#include "desk/faults/auditor.hpp"
#include "desk/faults/scarce_memory.hpp"
#include "reference/seeds.hpp"

#include <leeway/desk/memory_store.hpp>
#include <leeway/desk/sqlite_store.hpp>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <latch>
#include <map>
#include <new>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace leeway::desk_test {
namespace {

using test::heap;
using test::lack;
using test::plenty;
using test::run_out;

[[maybe_unused]] const bool sqlite_is_watched = [] {
  test::watch_sqlite();
  return true;
}();

class Scarcity : public ::testing::Test {
 protected:
  std::string file() const { return folder_.file("desk.db"); }
  void open(std::shared_ptr<store> books) {
    desk_.reset();
    books_ = std::move(books);
    auto made = desk::open(books_, {.clock = clock_.clocks()});
    ASSERT_TRUE(made) << render(made.error());
    desk_ = *std::move(made);
    ASSERT_TRUE(desk_->publish(sample()));
  }
  void open_sqlite() {
    desk_.reset();
    books_.reset();
    auto made = open_sqlite_store(file());
    ASSERT_TRUE(made) << made.error().message;
    open(*made);
  }

  /// Runs out at the n-th request while something is done. Whether any request failed.
  template <class Do>
  bool without(heap of, std::uint64_t nth, lack how, const Do& act) {
    run_out(of, nth, how);
    try {
      act();
    } catch (const std::bad_alloc&) {
      ++thrown_;
    }
    return plenty(of);
  }

  void expect_sound(const std::string& where) {
    auditor a;
    for (const auto& wrong : a.audit(*books_)) ADD_FAILURE() << where << ": " << wrong;
    for (const auto& wrong : a.compare(*desk_, clock_.now())) ADD_FAILURE() << where << wrong;
    for (const auto& [id, answer] : answered_) {
      const auto s = desk_->show(request_key{"", request_id(id)});
      ASSERT_TRUE(s) << where << ": " << id << " was answered and is gone";
      EXPECT_EQ(s->answer, answer) << where;
    }
    const auto checked = books_->check();
    ASSERT_TRUE(checked) << checked.error().message;
    for (const auto& wrong : *checked) ADD_FAILURE() << where << ": " << wrong;
  }

  request next(std::uint64_t i) {
    return proposal("r" + std::to_string(i), 1 + static_cast<std::int64_t>(i % 9),
                    "c-" + std::to_string(i % 40));
  }

  /// Decides, and once more with the means back: the retry gets what was answered.
  bool decide(heap of, std::uint64_t nth, lack how, std::uint64_t number) {
    const request r = next(number);
    std::string answer;
    const bool failed = without(of, nth, how, [&] {
      const auto a = desk_->decide(r);
      if (a) answer = a->json;
    });
    const auto again = desk_->decide(r);
    EXPECT_TRUE(again) << "request for memory " << nth << ": " << render(again.error());
    if (!again) return failed;
    if (!answer.empty()) {
      EXPECT_EQ(again->json, answer);
    }
    answered_[r.id.str()] = again->json;
    last_ = again->id;
    return failed;
  }
  /// Settles or voids what was approved last.
  void live(heap of, std::uint64_t nth, lack how) {
    if (desk_->show(last_)->state != decision_state::approved) return;
    const auto change = [&] {
      return nth % 2 == 0 ? desk_->settle(last_, {.by = "till"}) : desk_->void_decision(last_);
    };
    bool done = false;
    without(of, nth, how, [&] { done = bool(change()); });
    const auto again = change();
    EXPECT_TRUE(again) << render(again.error());
  }

  temporary_folder folder_{};
  hand_clock clock_{"2026-03-10T12:00:00Z"};
  std::shared_ptr<store> books_{};
  std::unique_ptr<desk> desk_{};
  std::map<std::string, std::string> answered_{};
  decision_id last_{};
  int thrown_{};
};

/// How far the next request that fails is from the last one; scripts/soak tries every one.
std::uint64_t stride(std::mt19937_64& random, std::uint64_t usual) {
  return reference::iterations(1) > 1 ? 1 : 1 + random() % (2 * usual);
}

TEST_F(Scarcity, OfMemoryAnywhereInADecisionInMemoryTearsNothing) {
  // A store in memory may be torn, and then says so for good.
  const auto seed = reference::first_seed();
  std::mt19937_64 random(seed);
  bool failed = true;
  int torn = 0;
  for (std::uint64_t nth = 1; failed; nth += stride(random, 6)) {
    SCOPED_TRACE("LEEWAY_SEED=" + std::to_string(seed) + " request " + std::to_string(nth));
    open(make_memory_store());
    ASSERT_TRUE(desk_->decide(next(0)));
    std::string answer;
    failed = without(heap::cpp, nth, lack::once, [&] {
      const auto a = desk_->decide(next(1));
      if (a) answer = a->json;
    });
    const auto again = desk_->decide(next(1));
    if (!again && again.error().front().code == "store_closed") {
      EXPECT_TRUE(answer.empty());
      ++torn;
      continue;
    }
    ASSERT_TRUE(again) << render(again.error());
    if (!answer.empty()) {
      EXPECT_EQ(again->json, answer);
    }
    expect_sound("");
    if (HasFailure()) return;
  }
  EXPECT_GT(thrown_, 0);
  EXPECT_LT(torn, thrown_);
}

TEST_F(Scarcity, OfMemoryAnywhereInADecisionOnSqliteLosesNothing) {
  const auto seed = reference::first_seed();
  std::mt19937_64 random(seed);
  std::uint64_t number = 0;
  for (const heap of : {heap::cpp, heap::sqlite}) {
    for (const lack how : {lack::once, lack::for_ever}) {
      open_sqlite();
      bool failed = true;
      for (std::uint64_t nth = 1; failed; nth += stride(random, of == heap::cpp ? 16 : 2)) {
        SCOPED_TRACE("LEEWAY_SEED=" + std::to_string(seed) + " request " + std::to_string(nth) +
                     " of " + (of == heap::cpp ? "C++" : "SQLite") +
                     (how == lack::once ? " once" : " for ever"));
        failed = decide(of, nth, how, ++number);
        live(of, nth, how);
        if (HasFailure()) return;
      }
      expect_sound("");
    }
  }
  EXPECT_GT(thrown_, 0);
  open_sqlite();
  expect_sound("opened again");
}

TEST_F(Scarcity, OfMemoryWhileOpeningIsAnErrorAndNoLoss) {
  open_sqlite();
  for (std::uint64_t i = 0; i < 5; ++i) decide(heap::cpp, 1'000'000'000, lack::once, i);
  desk_.reset();
  books_.reset();
  const auto seed = reference::first_seed();
  std::mt19937_64 random(seed);
  for (const heap of : {heap::cpp, heap::sqlite}) {
    bool failed = true;
    for (std::uint64_t nth = 1; failed; nth += stride(random, 8)) {
      failed = without(of, nth, lack::once, [&] {
        const auto made = open_sqlite_store(file());
        if (made) static_cast<void>(desk::open(*made, {.clock = clock_.clocks()}));
      });
    }
  }
  open_sqlite();
  expect_sound("opened again");
}

// The leader of a batch works for others: what it lacks must strand nobody.
TEST_F(Scarcity, OfMemoryStrandsNobodyOfABatch) {
  const auto seed = reference::first_seed();
  std::mt19937_64 random(seed);
  open_sqlite();
  constexpr int threads = 6;
  for (int round = 0; round < 20; ++round) {
    const heap of = random() % 2 == 0 ? heap::cpp : heap::sqlite;
    std::vector<std::map<std::string, std::string>> told(threads);
    std::latch begins(1);
    std::vector<std::thread> all;
    for (int t = 0; t < threads; ++t) {
      all.emplace_back([&, t] {
        begins.wait();
        for (int i = 0; i < 4; ++i) {
          try {
            const std::string id = std::to_string(round) + '-' + std::to_string(t * 10 + i);
            const auto a = desk_->decide(proposal(id, 1, "c-" + std::to_string(i)));
            if (a) told[static_cast<std::size_t>(t)].emplace(id, std::string(a->json));
          } catch (const std::bad_alloc&) {
            continue;
          }
        }
      });
    }
    run_out(of, 1 + random() % (of == heap::cpp ? 8000 : 400),
            random() % 4 == 0 ? lack::for_ever : lack::once);
    begins.count_down();
    for (auto& one : all) one.join();
    plenty(of);
    for (const auto& part : told) answered_.insert(part.begin(), part.end());
  }
  expect_sound("LEEWAY_SEED=" + std::to_string(seed));
  open_sqlite();
  expect_sound("opened again");
}

/// No descriptors but so many more.
class few_descriptors {
 public:
  explicit few_descriptors(int more) {
    getrlimit(RLIMIT_NOFILE, &before_);
    rlimit less = before_;
    less.rlim_cur = 200;
    setrlimit(RLIMIT_NOFILE, &less);
    for (int fd = 0; (fd = ::open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0;) taken_.push_back(fd);
    for (; more > 0; --more) give_back();
  }
  ~few_descriptors() {
    while (!taken_.empty()) give_back();
    setrlimit(RLIMIT_NOFILE, &before_);
  }
  few_descriptors(const few_descriptors&) = delete;
  few_descriptors& operator=(const few_descriptors&) = delete;

 private:
  void give_back() {
    ::close(taken_.back());
    taken_.pop_back();
  }
  rlimit before_{};
  std::vector<int> taken_{};
};

TEST_F(Scarcity, OfFileDescriptorsIsAnErrorAndNoLoss) {
  open_sqlite();
  for (std::uint64_t i = 0; i < 5; ++i) decide(heap::cpp, 1'000'000'000, lack::once, i);
  {
    // What is open goes on: it needs no more of them.
    const few_descriptors none(0);
    for (std::uint64_t i = 5; i < 60; ++i) decide(heap::cpp, 1'000'000'000, lack::once, i);
    const auto copied = books_->backup(folder_.file("copy.db"));
    ASSERT_FALSE(copied);
    EXPECT_EQ(copied.error().code, "store_failed");
  }
  expect_sound("after none were left");
  desk_.reset();
  books_.reset();
  for (int more = 0; more < 8; ++more) {
    const few_descriptors left(more);
    const auto made = open_sqlite_store(file());
    if (!made) {
      EXPECT_EQ(made.error().code, "store_failed") << more << ": " << made.error().message;
    }
  }
  open_sqlite();
  expect_sound("opened again");
  ASSERT_TRUE(books_->backup(folder_.file("copy.db")));
}

}  // namespace
}  // namespace leeway::desk_test
