// SPDX-License-Identifier: Apache-2.0
#include "bench/desk/bare_sqlite.hpp"
#include "bench/desk/comparisons.hpp"
#include "bench/desk/rounds.hpp"
#include "bench/desk/workload.hpp"

#include <leeway/desk/sqlite_store.hpp>

#include <algorithm>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace leeway_bench {
namespace {

using leeway::desk;
using leeway::open_sqlite_store;

// Slices are short, so that what disturbs one of them disturbs its neighbour.
constexpr std::size_t slice = 24;
constexpr std::size_t callers = 64;
constexpr std::size_t each = 8;

std::unique_ptr<desk> open_in(const disk_folder& folder, const char* name) {
  return open_desk(opened(open_sqlite_store(folder.file(name))));
}

/// What a desk sent while it decided that often, and the bare client that sends it again.
class repeated_decisions {
 public:
  repeated_decisions(const disk_folder& folder, std::size_t count)
      : heard_(statements_of([&] { decide(folder, count); })), bare_(folder.file("bare.db")) {
    const auto is_begin = [](const sqlite_statement& one) {
      return one.sql.starts_with("BEGIN IMMEDIATE");
    };
    auto at = heard_.begin();
    while ((at = std::find_if(at, heard_.end(), is_begin)) != heard_.end()) {
      const auto end = std::find_if(at, heard_.end(), [](const sqlite_statement& one) {
        return one.sql.starts_with("COMMIT");
      });
      if (end == heard_.end()) break;
      transactions_.emplace_back(at, end + 1);
      at = end + 1;
    }
    // What comes before them opened the store, made its tables and published the policy.
    if (transactions_.size() < count) throw std::runtime_error("not every decision was heard");
    next_ = transactions_.size() - count;
    const auto opening = std::span(heard_.data(), transactions_[next_].data());
    bare_.run(opening);
    if (bare_.told("PRAGMA synchronous") != "2" || bare_.told("PRAGMA journal_mode") != "wal") {
      throw std::runtime_error("the bare client is not set as the store is");
    }
  }

  /// The next decision, in a transaction of its own.
  void one() { bare_.run(transactions_.at(next_++)); }
  /// The next decisions in one transaction.
  void together(std::size_t count) {
    const auto group = std::span(transactions_).subspan(next_, count);
    bare_.run(group.front().first(1));
    for (const auto& one : group) bare_.run(one.subspan(1, one.size() - 2));
    bare_.run(group.front().last(1));
    next_ += count;
  }

 private:
  static void decide(const disk_folder& folder, std::size_t count) {
    const auto d = open_in(folder, "heard.db");
    for (std::size_t i = 0; i < count; ++i) approve(*d, new_id(), of_caller(i % callers));
  }

  std::vector<sqlite_statement> heard_;
  std::vector<std::span<const sqlite_statement>> transactions_{};
  bare_sqlite bare_;
  std::size_t next_{};
};

/// A desk on a file.
class desk_on_disk {
 public:
  /// Several callers each have budgets of their own; one goes from budget to budget.
  double by(std::size_t many, std::size_t times) {
    return rate(many, times, [&](std::size_t caller, std::size_t i) {
      approve(*desk_, new_id(), of_caller(many == 1 ? i % callers : caller));
    });
  }

 private:
  disk_folder folder_{};
  std::unique_ptr<desk> desk_ = open_in(folder_, "desk.db");
};

/// A bare client on another file of the same disk.
class bare_on_disk {
 public:
  explicit bare_on_disk(std::size_t decisions) : decisions_(folder_, decisions) {}
  double by_one(std::size_t times) {
    return rate(1, times, [&](std::size_t, std::size_t) { decisions_.one(); });
  }
  double together(std::size_t times) {
    return static_cast<double>(callers) *
           rate(1, times, [&](std::size_t, std::size_t) { decisions_.together(callers); });
  }

 private:
  disk_folder folder_{};
  repeated_decisions decisions_;
};

std::unique_ptr<comparison> one_to_bare(std::size_t rounds) {
  const auto bare = std::make_shared<bare_on_disk>((rounds + 1) * slice);
  const auto made = std::make_shared<desk_on_disk>();
  return std::make_unique<comparison_of>([=] { return made->by(1, slice); },
                                         [=] { return bare->by_one(slice); });
}

std::unique_ptr<comparison> many_to_one() {
  const auto made = std::make_shared<desk_on_disk>();
  return std::make_unique<comparison_of>([=] { return made->by(callers, each); },
                                         [=] { return made->by(1, slice); });
}

std::unique_ptr<comparison> many_to_bare(std::size_t rounds) {
  const auto bare = std::make_shared<bare_on_disk>((rounds + 1) * callers * each);
  const auto made = std::make_shared<desk_on_disk>();
  return std::make_unique<comparison_of>([=] { return made->by(callers, each); },
                                         [=] { return bare->together(each); });
}

}  // namespace

void add_sqlite_comparisons(std::size_t rounds) {
  add_comparison("sqlite/1_caller/bare", [=] { return one_to_bare(rounds); });
  add_comparison("sqlite/64_callers/1_caller", many_to_one);
  add_comparison("sqlite/64_callers/bare_64_a_commit", [=] { return many_to_bare(rounds); });
}

}  // namespace leeway_bench
