// SPDX-License-Identifier: Apache-2.0
// A desk in PostgreSQL against a bare libpq client that sends the same bytes of the same SQL and
// evaluates nothing. Slices of both take turns, so that what else the machine does meets both; what
// counts is the median of the ratios of neighbouring slices. The server is one of its own, with
// fsync on.
#include "desk/postgres/attempt_at_task.hpp"
#include "desk/postgres/server.hpp"

#include <leeway/base/clock.hpp>
#include <leeway/desk/desk.hpp>
#include <leeway/desk/memory_store.hpp>
#include <leeway/desk/postgres_store.hpp>
#include <leeway/engine/policy.hpp>

#include <libpq-fe.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace {

using namespace leeway;
using leeway::postgres::attempt_at_task;
using leeway::test::fresh_database;
using leeway::test::own_server;

constexpr int rounds = 5;
constexpr std::size_t slice = 60;
constexpr std::size_t callers = 16;

policy goodwill() {
  auto loaded = parse_policy(R"({"format": "leeway-policy/1", "id": "p", "version": "1",
    "currency": "USD", "roles": [{"id": "agent"}], "actions": [{"id": "waiver"}],
    "grants": [{"id": "G1", "to": "agent", "for": ["waiver"], "up_to": "50 USD"}],
    "budgets": [
      {"id": "B1", "per": ["customer.id"], "for": ["*"], "window": "P90D", "amount": "9000000 USD",
       "beyond": "deny"},
      {"id": "B2", "per": ["agent.id"], "for": ["*"], "window": "calendar day",
       "amount": "9000000 USD", "beyond": "deny"}]})");
  if (!loaded) throw std::runtime_error(render(loaded.error()));
  return *std::move(loaded);
}

request proposal(const std::string& id, const std::string& key) {
  request r{.id = id, .at = now()};
  r.agent = {.id = "a-" + key, .role = "agent"};
  r.customer = {.id = "c-" + key};
  r.contact = {.id = "k-" + id};
  r.action = {.kind = "waiver", .amount = usd(7)};
  return r;
}

std::unique_ptr<desk> open_desk(std::shared_ptr<store> books) {
  auto made = desk::open(std::move(books));
  if (!made || !(*made)->publish(goodwill())) throw std::runtime_error("the desk does not open");
  return *std::move(made);
}

std::shared_ptr<store> open_books(const std::string& url) {
  auto made = open_postgres_store({.url = url, .connections = callers});
  if (!made) throw std::runtime_error(made.error().message);
  return *std::move(made);
}

void decide(desk& d, const std::string& id, const std::string& key) {
  const auto a = d.decide(proposal(id, key));
  if (!a) throw std::runtime_error(render(a.error()));
  if (a->decision.outcome != outcome::approve) throw std::runtime_error("not approved");
}

// --- What the bare client sends: recorded from a desk in memory

struct recorded {
  store_query query{};
  store_change change{};
};

/// Passes a task on, and keeps what it came to.
class listening final : public store_task {
 public:
  explicit listening(store_task& real) : real_(real) {}
  void ask(store_query& into) override {
    real_.ask(into);
    last.query = into;
  }
  leeway::verdict judge(const store_view& view, store_change& change) override {
    const auto v = real_.judge(view, change);
    last.change = change;
    return v;
  }
  recorded last{};

 private:
  store_task& real_;
};

class recording_store final : public store {
 public:
  result<void> run(store_task& task) override {
    listening one(task);
    auto ran = real_->run(one);
    if (!one.last.change.records.empty()) all.push_back(std::move(one.last));
    return ran;
  }
  result<std::optional<stored_decision>> find(const decision_id& id) override {
    return real_->find(id);
  }
  result<std::optional<stored_decision>> find(const request_key& key) override {
    return real_->find(key);
  }
  result<std::vector<stored_decision>> queue(const std::optional<decision_place>& after,
                                             std::size_t most) override {
    return real_->queue(after, most);
  }
  result<std::vector<stored_decision>> due(instant until, std::size_t most) override {
    return real_->due(until, most);
  }
  result<std::vector<stored_record>> records(const std::string& subject) override {
    return real_->records(subject);
  }
  result<std::vector<stored_record>> records_after(std::int64_t position,
                                                   std::size_t most) override {
    return real_->records_after(position, most);
  }
  result<std::vector<stored_policy>> policies() override { return real_->policies(); }
  result<balance> read(const account_query& account) override { return real_->read(account); }
  result<std::vector<std::string>> check() override { return real_->check(); }
  result<void> backup(const std::string& path) override { return real_->backup(path); }
  store_figures figures() const override { return real_->figures(); }

  std::vector<recorded> all{};

 private:
  std::shared_ptr<store> real_ = make_memory_store();
};

class replayed final : public store_task {
 public:
  explicit replayed(const recorded& one) : one_(one) {}
  void ask(store_query& into) override { into = one_.query; }
  leeway::verdict judge(const store_view& /*view*/, store_change& change) override {
    change = one_.change;
    return verdict::write;
  }

 private:
  const recorded& one_;
};

/// The calls of decisions on one key after another, as a desk would send them.
std::vector<std::vector<postgres::call>> calls_of(const std::string& name, const std::string& key,
                                                  std::size_t count, bool publishes) {
  const auto books = std::make_shared<recording_store>();
  const auto d = open_desk(books);
  for (std::size_t i = 0; i < count; ++i) decide(*d, name + std::to_string(i), key);
  std::vector<std::vector<postgres::call>> out;
  postgres::account_memory memory;
  for (const recorded& one : books->all) {
    const bool publication = !one.change.policies.empty();
    if (publication && !publishes) continue;
    replayed task(one);
    attempt_at_task attempt(task);
    attempt.ask();
    // What a publication asks for is nothing here: there is nothing to be counted anew.
    if (!publication) {
      attempt.guess(memory, {.publications = one.query.publications, .clock = now()});
      attempt.judge();
      out.push_back(attempt.write(false).value());
      attempt.remember(memory);
    }
  }
  return out;
}

/// One connection, and nothing but libpq.
class bare_client {
 public:
  explicit bare_client(const std::string& url) : c_(PQconnectdb(url.c_str()), PQfinish) {
    if (PQstatus(c_.get()) != CONNECTION_OK) throw std::runtime_error(PQerrorMessage(c_.get()));
    PQclear(PQexec(c_.get(), "SET enable_seqscan = off; SET jit = off"));
    PQenterPipelineMode(c_.get());
  }
  void run(const std::vector<postgres::call>& calls) {
    int answers = 0;
    for (const postgres::call& one : calls) {
      const auto& types = one.with.types();
      const int n = static_cast<int>(types.size());
      if (prepared_.insert(one.what).second) {
        PQsendPrepare(c_.get(), one.what->name, one.what->sql, n, types.data());
        ++answers;
      }
      PQsendQueryPrepared(c_.get(), one.what->name, n, one.with.pointers().data(),
                          one.with.lengths().data(), one.with.formats().data(), 1);
      ++answers;
    }
    PQpipelineSync(c_.get());
    for (; answers > 0; --answers) {
      take(true);
      take(false);
    }
    take(true);
  }

 private:
  void take(bool result) {
    PGresult* const r = PQgetResult(c_.get());
    const auto status = PQresultStatus(r);
    const bool wrong = result && (status == PGRES_FATAL_ERROR || PQntuples(r) > 0);
    PQclear(r);
    if (wrong) throw std::runtime_error("the bare client's write is refused");
  }
  std::unique_ptr<PGconn, void (*)(PGconn*)> c_;
  std::set<const postgres::statement*> prepared_{};
};

// --- Measuring

double seconds(const std::function<void()>& work) {
  const auto begins = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begins).count();
}

double median(std::vector<double> all) {
  std::ranges::sort(all);
  return all[all.size() / 2];
}

/// `work` on that many threads, each told its number.
void on_threads(std::size_t threads, const std::function<void(std::size_t)>& work) {
  std::vector<std::thread> all;
  for (std::size_t t = 0; t < threads; ++t) all.emplace_back(work, t);
  for (std::thread& one : all) one.join();
}

struct ratio_of {
  std::vector<double> first{};
  std::vector<double> second{};
  void print(const char* what, const char* goal) const {
    std::vector<double> ratios;
    for (std::size_t i = 0; i < first.size(); ++i) ratios.push_back(first[i] / second[i]);
    std::printf("%-58s %9.0f/s %9.0f/s  x %.2f  (goal: %s)\n", what, median(first), median(second),
                median(ratios), goal);
  }
};

void measure(const std::string& server) {
  const fresh_database of_desk(server);
  const fresh_database of_bare(server);
  const auto d = open_desk(open_books(of_desk.url()));
  open_desk(open_books(of_bare.url()));  // the same tables and policy

  // A wave of decisions by n callers, each on a key of its own or all on one.
  std::size_t wave = 0;
  const auto by_desk = [&](std::size_t n, bool hot) {
    ++wave;
    const double took = seconds([&] {
      on_threads(n, [&](std::size_t t) {
        const std::string key = hot ? "hot" : "of-" + std::to_string(t);
        for (std::size_t i = 0; i < slice; ++i) {
          decide(*d, std::to_string(wave) + "-" + std::to_string(t) + "-" + std::to_string(i), key);
        }
      });
    });
    return static_cast<double>(n * slice) / took;
  };
  std::vector<std::vector<std::vector<postgres::call>>> scripts(callers);
  for (std::size_t t = 0; t < callers; ++t) {
    const std::size_t count = slice * (t == 0 ? 2 * rounds : rounds);
    scripts[t] = calls_of("b" + std::to_string(t) + "-", "of-" + std::to_string(t), count, false);
  }
  std::vector<std::size_t> places(callers);
  std::vector<std::unique_ptr<bare_client>> clients;
  for (std::size_t t = 0; t < callers; ++t) {
    clients.push_back(std::make_unique<bare_client>(of_bare.url()));
  }
  const auto by_bare = [&](std::size_t n) {
    const double took = seconds([&] {
      on_threads(n, [&](std::size_t t) {
        for (std::size_t i = 0; i < slice; ++i) clients[t]->run(scripts[t][places[t]++]);
      });
    });
    return static_cast<double>(n * slice) / took;
  };

  ratio_of one;
  ratio_of many;
  ratio_of spread;
  ratio_of hot;
  for (int i = 0; i < rounds; ++i) {
    one.first.push_back(by_desk(1, false));
    one.second.push_back(by_bare(1));
    many.first.push_back(by_desk(callers, false));
    many.second.push_back(by_bare(callers));
    spread.first.push_back(many.first.back());
    spread.second.push_back(one.first.back());
    hot.second.push_back(by_desk(1, true));
    hot.first.push_back(by_desk(callers, true));
  }
  one.print("one caller: desk / bare client", "0.8");
  many.print("16 callers on keys of their own: desk / bare client", "0.8");
  spread.print("desk, 16 callers on keys of their own / one caller", "2");
  hot.print("desk, 16 callers on one hot budget / one caller on it", "0.9");
}

void measure_large(const std::string& server) {
  const fresh_database database(server);
  const auto d = open_desk(open_books(database.url()));
  decide(*d, "large-first", "large");
  decide(*d, "small-first", "small");
  test::query(database.url(),
              "CREATE TEMP TABLE large AS SELECT e.account, max(e.at) AS at FROM leeway.entry e "
              "JOIN leeway.decision d ON d.id = e.act WHERE d.request = 'large-first' GROUP BY 1; "
              "INSERT INTO leeway.entry SELECT account, 'old-' || i, at - i, 1, true, false, false "
              "FROM large, generate_series(1, 100000) i; "
              "UPDATE leeway.account a SET version = version + 1, minor = minor + 100000, "
              "count = count + 100000, ever = ever + 100000 FROM large l WHERE l.account = a.id; "
              "ANALYZE leeway.entry");
  ratio_of took;
  for (int i = 0; i < rounds; ++i) {
    for (const bool large : {true, false}) {
      const std::string key = large ? "large" : "small";
      const double s = seconds([&] {
        for (std::size_t n = 0; n < slice; ++n) {
          decide(*d, key + std::to_string(i) + "-" + std::to_string(n), key);
        }
      });
      (large ? took.second : took.first).push_back(static_cast<double>(slice) / s);
    }
  }
  took.print("an empty budget / one with 100,000 entries in its window", "at most 1.2");
}

}  // namespace

int main() {
  const own_server server(own_server::disk::durable);
  if (server.missing()) {
    std::printf("no PostgreSQL server can be had: %s\n", server.missing()->c_str());
    return 0;
  }
  measure(server.url());
  measure_large(server.url());
  return 0;
}
