// SPDX-License-Identifier: Apache-2.0
// Records are in an order in which each saw what came before it, and nothing else: so the record
// alone tells what every decision was made on.
#include "desk/contract/plain_task.hpp"
#include "desk/contract/support.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <random>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

namespace leeway::desk_test {
namespace {

LEEWAY_ON_EVERY_STORE(RecordOrder);

constexpr int threads = 8;
constexpr int steps = 40;
constexpr int accounts = 4;
constexpr int decisions = 3;
constexpr std::size_t all_of_them = std::size_t{threads} * steps + decisions;
const instant noon = at("2026-03-02T12:00:00Z");

digest account(int n) { return digest::of("account " + std::to_string(n)); }
decision_id decision(int n) { return decision_id("dec-" + std::to_string(n)); }
request_key key(int n) { return {"", request_id("r" + std::to_string(n))}; }

/// What one task looks at and changes.
struct plan {
  std::string subject{};
  std::set<int> seen{};                 ///< accounts
  std::set<int> charged{};              ///< of those
  bool only_looks{};                    ///< at the accounts that it does not charge
  std::vector<int> decisions_by_id{};   ///< as one who settles
  std::vector<int> decisions_by_key{};  ///< as one who supersedes
};

plan random_plan(std::mt19937_64& random, std::string subject) {
  const auto pick = [&](int below) {
    return static_cast<int>(random() % static_cast<unsigned>(below));
  };
  plan out{.subject = std::move(subject)};
  for (int n = pick(accounts) + 1; n > 0; --n) out.seen.insert(pick(accounts));
  for (const int n : out.seen) {
    if (pick(2) == 0) out.charged.insert(n);
  }
  out.only_looks = pick(2) == 0;
  std::set<int> named;
  for (int n = pick(3); n > 0; --n) named.insert(pick(decisions));
  for (const int n : named) {
    (pick(2) == 0 ? out.decisions_by_id : out.decisions_by_key).push_back(n);
  }
  return out;
}

/// `a0 17 1 ` ...: of each account what was seen and what was added, of each decision its number.
std::string body_of(const plan& p, const store_view& view) {
  std::string out;
  std::size_t i = 0;
  for (const int n : p.seen) {
    out += 'a' + std::to_string(n) + ' ' + std::to_string(view.accounts[i++].minor) + ' ' +
           (p.charged.contains(n) ? "1 " : "0 ");
  }
  const auto told = [&](const std::vector<int>& which, const auto& found) {
    for (std::size_t d = 0; d < which.size(); ++d) {
      const std::int64_t number = found[d] ? found[d]->number : 0;
      out += 'd' + std::to_string(which[d]) + ' ' + std::to_string(number) + " 1 ";
    }
  };
  told(p.decisions_by_id, view.decisions);
  told(p.decisions_by_key, view.requests);
  return out;
}

void fill(const plan& p, const store_view& view, store_change& change) {
  change.at = std::max(noon, view.not_before);
  for (const int n : p.charged) {
    change.entries.push_back({.account = account(n),
                              .act = decision_id("act " + p.subject),
                              .at = change.at,
                              .minor = 1});
  }
  const auto lift = [&](const std::vector<int>& which, const auto& found) {
    for (std::size_t d = 0; d < which.size(); ++d) {
      stored_decision next;
      if (found[d]) next = *found[d];
      next.key = key(which[d]);
      next.id = decision(which[d]);
      next.at = change.at;
      ++next.number;
      change.decisions.push_back(std::move(next));
    }
  };
  lift(p.decisions_by_id, view.decisions);
  lift(p.decisions_by_key, view.requests);
  change.records.push_back({.subject = p.subject, .number = 1, .body = body_of(p, view)});
}

result<void> run(store& on, const plan& p) {
  plain_task task(
      [&](store_query& q) {
        q.at = noon;
        for (const int n : p.seen) {
          q.accounts.push_back({.account = account(n),
                                .from = noon,
                                .is_protected = !p.only_looks || p.charged.contains(n)});
        }
        for (const int n : p.decisions_by_id) q.decisions.push_back(decision(n));
        for (const int n : p.decisions_by_key) q.requests.push_back(key(n));
      },
      [&](const store_view& view, store_change& change) {
        fill(p, view, change);
        return verdict::write;
      });
  return on.run(task);
}

std::vector<stored_record> all_records(store& of) {
  std::vector<stored_record> out;
  // Those of PostgreSQL may be hidden for a moment.
  for (int tries = 0; tries < 1000 && out.size() < all_of_them; ++tries) {
    out = of.records_after(0, 100'000).value();
  }
  return out;
}

TEST_P(RecordOrder, IsOneInWhichEachSawThoseBefore) {
  const auto s = place_->open();
  // Decisions are there before they are looked up by their ids.
  for (int n = 0; n < decisions; ++n) {
    ASSERT_TRUE(run(*s, {.subject = "new " + std::to_string(n), .decisions_by_key = {n}}));
  }
  std::vector<std::thread> all;
  for (int t = 0; t < threads; ++t) {
    all.emplace_back([&, t] {
      std::mt19937_64 random(static_cast<std::uint64_t>(t));
      for (int i = 0; i < steps; ++i) {
        const auto done = run(*s, random_plan(random, std::to_string(t) + ' ' + std::to_string(i)));
        EXPECT_TRUE(done) << done.error().message;
      }
    });
  }
  for (auto& one : all) one.join();

  const auto records = all_records(*s);
  ASSERT_EQ(records.size(), all_of_them);
  std::map<std::string, std::int64_t> so_far;
  for (const stored_record& r : records) {
    std::istringstream in(r.body);
    std::string what;
    std::int64_t seen = 0;
    std::int64_t added = 0;
    while (in >> what >> seen >> added) {
      ASSERT_EQ(seen, so_far[what]) << what << " in record " << r.position << ", " << r.subject;
      so_far[what] += added;
    }
  }
}

}  // namespace
}  // namespace leeway::desk_test
