// SPDX-License-Identifier: Apache-2.0
#include "bench/desk/comparisons.hpp"
#include "bench/desk/filling.hpp"
#include "bench/desk/rounds.hpp"
#include "bench/desk/workload.hpp"
#include "desk/postgres/server.hpp"

#include <leeway/desk/memory_store.hpp>
#include <leeway/desk/postgres_store.hpp>
#include <leeway/desk/sqlite_store.hpp>

#include <functional>
#include <memory>
#include <string>

namespace leeway_bench {
namespace {

using leeway::desk;
using leeway::store;

constexpr std::size_t entries = 100'000;

/// Where a store is, and the store. The place goes last.
struct place {
  std::shared_ptr<void> on{};
  std::shared_ptr<store> books{};
};
using make_place = std::function<place()>;

place in_memory() { return {.books = leeway::make_memory_store()}; }

place in_sqlite() {
  const auto folder = std::make_shared<disk_folder>();
  return {.on = folder, .books = opened(leeway::open_sqlite_store(folder->file("desk.db")))};
}

place in_postgres(const std::string& server) {
  const auto database = std::make_shared<leeway::test::fresh_database>(server);
  return {.on = database, .books = opened(leeway::open_postgres_store({.url = database->url()}))};
}

/// A store with a desk.
struct open_place {
  explicit open_place(const make_place& make) : at(make()), with(open_desk(at.books)) {}
  double rate_of(std::size_t times, std::size_t customer) {
    return rate(1, times,
                [&](std::size_t, std::size_t) { approve(*with, new_id(), of_caller(customer)); });
  }
  place at;
  std::unique_ptr<desk> with;
};

/// Two customers of one store, of whom one has a long history.
std::unique_ptr<comparison> full_budget(const make_place& make, std::size_t slice) {
  const auto one = std::make_shared<open_place>(make);
  fill_accounts(one->at.books, of_caller(1), entries);
  return std::make_unique<comparison_of>([=] { return one->rate_of(slice, 0); },
                                         [=] { return one->rate_of(slice, 1); });
}

/// Two stores, of which one holds much.
std::unique_ptr<comparison> full_store(const make_place& make, std::size_t slice,
                                       std::size_t records) {
  const auto empty = std::make_shared<open_place>(make);
  const auto full = std::make_shared<open_place>(make);
  fill_records(full->at.books, records);
  return std::make_unique<comparison_of>([=] { return empty->rate_of(slice, 0); },
                                         [=] { return full->rate_of(slice, 0); });
}

void add(const std::string& name, const make_place& make, std::size_t slice, std::size_t records) {
  add_comparison(name + "/empty_budget/100000_entries", [=] { return full_budget(make, slice); });
  add_comparison(name + "/empty_store/" + std::to_string(records) + "_records",
                 [=] { return full_store(make, slice, records); });
}

}  // namespace

void add_growth_comparisons(const std::string& server, std::size_t records) {
  add("memory", in_memory, 400, records);
  add("sqlite", in_sqlite, 24, records);
  if (!server.empty()) add("postgres", [=] { return in_postgres(server); }, 40, records);
}

}  // namespace leeway_bench
