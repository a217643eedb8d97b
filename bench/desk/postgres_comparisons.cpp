// SPDX-License-Identifier: Apache-2.0
#include "bench/desk/bare_postgres.hpp"
#include "bench/desk/comparisons.hpp"
#include "bench/desk/rounds.hpp"
#include "bench/desk/workload.hpp"
#include "desk/postgres/server.hpp"

#include <leeway/desk/postgres_store.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace leeway_bench {
namespace {

using leeway::desk;
using leeway::open_postgres_store;
using leeway::test::fresh_database;

// Slices are short, so that what disturbs one of them disturbs its neighbour.
constexpr std::size_t callers = 16;
constexpr std::size_t slice = 40;
constexpr std::size_t each = 12;

using whose = std::function<charged(std::size_t)>;

std::unique_ptr<desk> open_in(const fresh_database& database, std::size_t connections) {
  return open_desk(
      opened(open_postgres_store({.url = database.url(), .connections = connections})));
}

/// Desks in one database: one with as many connections as there are callers, or one each, as hosts
/// of their own would have.
class desks {
 public:
  desks(const std::string& server, std::size_t hosts) : database_(server) {
    for (std::size_t i = 0; i < hosts; ++i) all_.push_back(open_in(database_, callers / hosts));
  }
  double by(std::size_t many, std::size_t times, const whose& of) {
    return rate(many, times, [&](std::size_t caller, std::size_t) {
      approve(*all_[caller % all_.size()], new_id(), of(caller));
    });
  }

 private:
  fresh_database database_;
  std::vector<std::unique_ptr<desk>> all_{};
};

/// As many bare clients in another database.
class bare_clients {
 public:
  bare_clients(const std::string& server, std::size_t many, std::size_t decisions)
      : database_(server) {
    open_in(database_, 1);  // makes the tables and publishes the policy
    for (std::size_t i = 0; i < many; ++i) {
      one& client = all_.emplace_back();
      client.calls = calls_of(of_caller(i), decisions);
      client.connection = std::make_unique<bare_postgres>(database_.url());
    }
  }
  double by(std::size_t times) {
    return rate(all_.size(), times, [&](std::size_t caller, std::size_t) {
      one& client = all_[caller];
      client.connection->run(client.calls.at(client.next++));
    });
  }

 private:
  struct one {
    std::vector<postgres_calls> calls{};
    std::size_t next{};
    std::unique_ptr<bare_postgres> connection{};
  };
  fresh_database database_;
  std::vector<one> all_{};
};

std::unique_ptr<comparison> to_bare(const std::string& server, std::size_t many, std::size_t times,
                                    std::size_t rounds) {
  const auto bare = std::make_shared<bare_clients>(server, many, (rounds + 1) * times);
  const auto made = std::make_shared<desks>(server, 1);
  return std::make_unique<comparison_of>([=] { return made->by(many, times, of_caller); },
                                         [=] { return bare->by(times); });
}

/// Sixteen callers of so many desks beside one caller, each on budgets of `of`.
std::unique_ptr<comparison> to_one(const std::string& server, std::size_t hosts, const whose& of) {
  const auto made = std::make_shared<desks>(server, hosts);
  return std::make_unique<comparison_of>([=] { return made->by(callers, each, of); },
                                         [=] { return made->by(1, slice, of); });
}

charged all_the_same(std::size_t /*caller*/) { return of_caller(0); }

}  // namespace

void add_postgres_comparisons(const std::string& server, std::size_t rounds) {
  add_comparison("postgres/1_caller/bare", [=] { return to_bare(server, 1, slice, rounds); });
  add_comparison("postgres/16_callers/bare",
                 [=] { return to_bare(server, callers, each, rounds); });
  add_comparison("postgres/16_callers_spread/1_caller",
                 [=] { return to_one(server, 1, of_caller); });
  add_comparison("postgres/16_callers_one_hot_budget/1_caller",
                 [=] { return to_one(server, 1, in_one_team); });
  add_comparison("postgres/16_callers_all_hot/1_caller",
                 [=] { return to_one(server, 1, all_the_same); });
  add_comparison("postgres/16_hosts_one_hot_budget/1_host",
                 [=] { return to_one(server, callers, in_one_team); });
}

}  // namespace leeway_bench
