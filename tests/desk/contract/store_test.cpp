// SPDX-License-Identifier: Apache-2.0
// What the port promises, seen from a task: sums that are exact whatever the window, and changes
// that are all or nothing.
#include "desk/contract/plain_task.hpp"
#include "desk/contract/support.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace leeway::desk_test {
namespace {

LEEWAY_ON_EVERY_STORE(Store);

const digest account = digest::of("an account");

instant second(std::int64_t n) { return *instant::make(1'750'000'000 + n); }

/// Writes entries and a record.
result<void> write(store& to, instant when, const std::vector<entry_change>& entries,
                   const std::string& subject, std::optional<instant> from = std::nullopt) {
  plain_task task(
      [&](store_query& q) {
        q.at = when;
        for (const auto& e : entries) {
          q.accounts.push_back(
              {.account = e.account, .from = from.value_or(when), .greatest = e.greatest});
        }
      },
      [&](const store_view& view, store_change& change) {
        change.at = std::max(when, view.not_before);
        change.entries = entries;
        change.records.push_back({.subject = subject, .number = 1, .body = "{}"});
        return verdict::write;
      });
  return to.run(task);
}

entry_change entry(const char* act, std::int64_t at, std::int64_t minor) {
  return {.account = account,
          .act = decision_id(act),
          .at = second(at),
          .minor = minor,
          .greatest = true};
}

entry_change other(const char* act, std::int64_t at, std::int64_t minor) {
  entry_change out = entry(act, at, minor);
  out.account = digest::of("another account");
  return out;
}

balance read(store& from, std::int64_t at) {
  const auto b = from.read({.account = account, .from = second(at), .greatest = true});
  if (!b) throw std::runtime_error(b.error().message);
  return *b;
}

TEST_P(Store, SumsWhatIsInTheWindow) {
  const auto s = place_->open();
  ASSERT_TRUE(
      write(*s, second(30), {entry("a", 10, 5), entry("b", 20, 7), entry("c", 30, 1)}, "x"));
  EXPECT_EQ(
      read(*s, 0),
      (balance{
          .minor = 13, .count = 3, .greatest = 7, .oldest = second(10), .newest = second(30)}));
  EXPECT_EQ(read(*s, 11).minor, 8);
  EXPECT_EQ(
      read(*s, 21),
      (balance{.minor = 1, .count = 1, .greatest = 1, .oldest = second(30), .newest = second(30)}));
  EXPECT_EQ(read(*s, 31), balance{});
  // The edge of a window can go back.
  EXPECT_EQ(read(*s, 20).minor, 8);
}

TEST_P(Store, KeepsNothingOfAChangeThatContradicts) {
  const auto s = place_->open();
  ASSERT_TRUE(write(*s, second(10), {entry("a", 10, 5)}, "x"));
  const auto twice = write(*s, second(11), {entry("b", 11, 7)}, "x");
  ASSERT_FALSE(twice);
  EXPECT_EQ(twice.error().code, "store_conflict");
  EXPECT_EQ(read(*s, 0).minor, 5);
  EXPECT_TRUE(write(*s, second(12), {entry("c", 12, 1)}, "y"));
  EXPECT_EQ(read(*s, 0).minor, 6);
  EXPECT_EQ(s->records_after(0, 10)->size(), 2U);
}

TEST_P(Store, RefusesASumThatDoesNotFit) {
  const auto s = place_->open();
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  ASSERT_TRUE(write(*s, second(10), {entry("a", 10, most)}, "x"));
  // Neither where both count, nor where the first has left the window.
  for (const std::int64_t from : {10, 11}) {
    const auto more = write(*s, second(11), {entry("b", 11, 1)}, "y", second(from));
    ASSERT_FALSE(more);
    EXPECT_EQ(more.error().code, "store_conflict");
  }
  const auto both =
      write(*s, second(11), {other("b", 11, most), other("c", 11, 1)}, "y", second(11));
  ASSERT_FALSE(both);
  EXPECT_EQ(both.error().code, "store_conflict");
  EXPECT_EQ(read(*s, 0).minor, most);
  EXPECT_EQ(read(*s, 0).count, 1);
  EXPECT_TRUE(write(*s, second(12), {entry("d", 12, 0)}, "z"));
}

TEST_P(Store, ChangesNoAccountThatWasNotReadForIt) {
  const auto s = place_->open();
  // Also where a task changes another one that it did read.
  for (const std::size_t read_for : {0U, 1U}) {
    plain_task task(
        [&](store_query& q) {
          q.at = second(10);
          if (read_for > 0) q.accounts.push_back({.account = other("b", 10, 1).account});
          q.accounts.push_back({.account = account, .is_protected = false});
        },
        [&](const store_view& view, store_change& change) {
          change.at = std::max(second(10), view.not_before);
          if (read_for > 0) change.entries.push_back(other("b", 10, 1));
          change.entries.push_back(entry("a", 10, 5));
          change.records.push_back({.subject = "x", .number = 1, .body = "{}"});
          return verdict::write;
        });
    const auto done = s->run(task);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, "store_conflict");
  }
  EXPECT_EQ(read(*s, 0), balance{});
  EXPECT_TRUE(s->records_after(0, 10)->empty());
  EXPECT_TRUE(write(*s, second(11), {entry("a", 11, 5)}, "x"));
  EXPECT_EQ(read(*s, 0).minor, 5);
}

TEST_P(Store, SumsAsAnAuditorDoes) {
  const auto s = place_->open();
  std::mt19937_64 random(11);
  const auto pick = [&](std::uint64_t below) {
    return static_cast<std::int64_t>(random() % below);
  };
  struct truth {
    std::int64_t at{};
    std::int64_t minor{};
  };
  std::map<std::string, truth> all;
  std::int64_t now = 0;
  for (int step = 0; step < 300; ++step) {
    now += pick(4);
    std::string act = "act-" + std::to_string(step);
    entry_change e = entry(act.c_str(), now, pick(100));
    if (!all.empty() && pick(3) == 0) {
      // One that is there becomes another, or goes.
      const auto known = std::next(all.begin(), pick(all.size()));
      e = entry(known->first.c_str(), known->second.at, pick(100));
      e.present = pick(2) == 0;
    }
    ASSERT_TRUE(write(*s, second(now), {e}, "step " + std::to_string(step)));
    if (e.present) {
      all[e.act.str()] = {e.at.seconds() - second(0).seconds(), e.minor};
    } else {
      all.erase(e.act.str());
    }
    const std::int64_t from = now - pick(60);
    balance expected;
    for (const auto& [id, one] : all) {
      if (one.at < from) continue;
      expected.minor += one.minor;
      ++expected.count;
      expected.greatest = std::max(expected.greatest.value_or(one.minor), one.minor);
      expected.oldest = std::min(expected.oldest.value_or(second(one.at)), second(one.at));
      expected.newest = std::max(expected.newest.value_or(second(one.at)), second(one.at));
    }
    ASSERT_EQ(read(*s, from), expected) << "step " << step << " from " << from;
  }
  EXPECT_TRUE(s->check()->empty());
}

TEST_P(Store, NumbersRecordsInTheOrderOfCommits) {
  const auto s = place_->open();
  std::vector<std::thread> all;
  for (int t = 0; t < 8; ++t) {
    all.emplace_back([&, t] {
      for (int i = 0; i < 20; ++i) {
        const auto done = write(*s, second(1), {}, std::to_string(t) + ' ' + std::to_string(i));
        EXPECT_TRUE(done) << done.error().message;
      }
    });
  }
  for (auto& one : all) one.join();
  std::int64_t before = 0;
  std::map<std::string, int> next;
  const auto records = s->records_after(0, 1000);
  ASSERT_TRUE(records);
  for (const auto& r : *records) {
    EXPECT_GT(r.position, before);
    before = r.position;
    const auto blank = r.subject.find(' ');
    EXPECT_EQ(std::stoi(r.subject.substr(blank)), next[r.subject.substr(0, blank)]++);
  }
  EXPECT_EQ(s->figures().tasks, 160);
}

TEST_P(Store, DecidesAsFastWithAHundredThousandEntries) {
  const auto s = place_->open();
  // Published at once, as a policy that begins to count would.
  std::vector<entry_change> entries;
  constexpr int many = 100'000;
  for (int i = 0; i < many; ++i) {
    entry_change e = entry(("a" + std::to_string(i)).c_str(), i, 1);
    e.greatest = false;
    entries.push_back(e);
  }
  plain_task task(
      [&](store_query& q) {
        q.at = second(many);
        q.acts_from = instant::min();
      },
      [&](const store_view&, store_change& change) {
        change.at = second(many);
        change.entries = entries;
        change.records.push_back({.subject = "x", .number = 1, .body = "{}"});
        return verdict::write;
      });
  ASSERT_TRUE(s->run(task));
  EXPECT_EQ(s->read({.account = account, .from = second(many / 2)})->minor, many / 2);
  // Each second one entry leaves and one comes: nothing is summed anew. (Figures are in bench/.)
  for (int i = 0; i < 100; ++i) {
    const instant from = second(many / 2 + i);
    balance seen;
    plain_task next(
        [&](store_query& q) {
          q.at = second(many + i);
          q.accounts.push_back({.account = account, .from = from});
        },
        [&](const store_view& view, store_change& change) {
          seen = view.accounts.front();
          change.at = second(many + i);
          change.entries.push_back(entry(("b" + std::to_string(i)).c_str(), many + i, 1));
          change.entries.front().greatest = false;
          change.records.push_back({.subject = "y", .number = i + 1, .body = "{}"});
          return verdict::write;
        });
    ASSERT_TRUE(s->run(next));
    ASSERT_EQ(seen.count, many / 2);
    ASSERT_EQ(seen.oldest, from);
  }
}

}  // namespace
}  // namespace leeway::desk_test
