// SPDX-License-Identifier: Apache-2.0
// A process that decides at a store and tells each answer on its standard output, a line each, once
// it has it: for tests that kill it.
//
//   desk_worker URL NAME [count=N] [threads=N] [customers=N] [amount=N] [life=1] [kill=N] [seed=N]
//
// It decides requests NAME-<thread>-<i>, `count` in each thread (0: until it is killed), and with
// `life=1` settles and voids some of what was approved. `kill=N`: it kills itself at the N-th
// change of its disk (SQLite). What it tells: `decided REQUEST DECISION STATE`, `settled DECISION`,
// `voided DECISION`, and `error CODE` for what it did not get.
#include "desk/contract/support.hpp"
#include "desk/faulty_disk/faulty_disk.hpp"

#include <leeway/desk/open.hpp>

#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace leeway::desk_test {
namespace {

using options = std::map<std::string, std::uint64_t>;

std::uint64_t option(const options& of, const char* name, std::uint64_t fallback) {
  const auto found = of.find(name);
  return found == of.end() ? fallback : found->second;
}

/// Whole or not at all: a pipe takes so little at once.
void tell(const std::string& line) {
  const std::string whole = line + '\n';
  if (::write(STDOUT_FILENO, whole.data(), whole.size()) < 0) ::_exit(3);
}

class worker {
 public:
  worker(desk& at, std::string name, const options& how) : desk_(at), name_(std::move(name)) {
    count_ = option(how, "count", 0);
    customers_ = option(how, "customers", 1);
    amount_ = static_cast<std::int64_t>(option(how, "amount", 1));
    lives_ = option(how, "life", 0) != 0;
    seed_ = option(how, "seed", 1);
  }

  void run(std::uint64_t thread) {
    std::mt19937_64 random(seed_ + thread);
    for (std::uint64_t i = 0; count_ == 0 || i < count_; ++i) {
      const std::string id = name_ + '-' + std::to_string(thread) + '-' + std::to_string(i);
      const std::string customer = "c-" + std::to_string(random() % customers_);
      const auto a = desk_.decide(proposal(id, amount_, customer));
      if (!a) {
        tell("error " + a.error().front().code);
        continue;
      }
      tell("decided " + id + ' ' + a->id.str() + ' ' + std::string(to_string(a->state)));
      if (lives_ && a->state == decision_state::approved) live(a->id, random() % 4);
    }
  }

 private:
  void live(const decision_id& id, std::uint64_t chosen) {
    if (chosen == 0) {
      if (desk_.settle(id, {.by = name_})) tell("settled " + id.str());
    } else if (chosen != 3) {
      if (desk_.void_decision(id, name_)) tell("voided " + id.str());
    }
  }

  desk& desk_;
  std::string name_;
  std::uint64_t count_{};
  std::uint64_t customers_{};
  std::int64_t amount_{};
  bool lives_{};
  std::uint64_t seed_{};
};

int failed(const std::string& code) {
  tell("error " + code);
  return 2;
}

int run(const std::string& url, const std::string& name, const options& how) {
  std::optional<test::faulty_disk> disk;
  if (const auto at = option(how, "kill", 0); at != 0) {
    disk.emplace();
    disk->make_default();
    disk->plan({.at = at, .does = test::effect::kill});
  }
  auto books = open_store(url);
  if (!books) return failed(books.error().code);
  auto made = desk::open(*std::move(books));
  if (!made) return failed(made.error().front().code);
  if (const auto done = (*made)->publish(sample()); !done) return failed(done.error().front().code);
  worker all(**made, name, how);
  std::vector<std::thread> threads;
  for (std::uint64_t t = 0; t < option(how, "threads", 1); ++t) {
    threads.emplace_back([&all, t] { all.run(t); });
  }
  for (std::thread& one : threads) one.join();
  return 0;
}

}  // namespace
}  // namespace leeway::desk_test

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  if (arguments.size() < 2) return 1;
  leeway::desk_test::options how;
  for (std::size_t i = 2; i < arguments.size(); ++i) {
    const auto equals = arguments[i].find('=');
    if (equals == std::string::npos) return 1;
    how[arguments[i].substr(0, equals)] =
        std::strtoull(arguments[i].c_str() + equals + 1, nullptr, 10);
  }
  return leeway::desk_test::run(arguments[0], arguments[1], how);
}
