// SPDX-License-Identifier: Apache-2.0
#include "bench/desk/bare_postgres.hpp"

#include "bench/desk/recording_store.hpp"
#include "desk/postgres/attempt_at_task.hpp"

#include <leeway/base/clock.hpp>
#include <leeway/desk/memory_store.hpp>

#include <stdexcept>

namespace leeway_bench {

using namespace leeway;
using leeway::postgres::attempt_at_task;

namespace {

/// A task that was recorded, once more.
class replayed final : public store_task {
 public:
  explicit replayed(const recorded_task& one) : one_(one) {}
  void ask(store_query& into) override { into = one_.query; }
  leeway::verdict judge(const store_view& /*view*/, store_change& change) override {
    change = one_.change;
    return verdict::write;
  }

 private:
  const recorded_task& one_;
};

}  // namespace

std::vector<postgres_calls> calls_of(const charged& whose, std::size_t decisions) {
  const auto books = std::make_shared<recording_store>(make_memory_store());
  const auto d = open_desk(books);
  for (std::size_t i = 0; i < decisions; ++i) approve(*d, new_id(), whose);
  std::vector<postgres_calls> out;
  postgres::account_memory memory;
  for (const recorded_task& one : books->written()) {
    if (!one.change.policies.empty()) continue;  // the policy, which is published already
    replayed task(one);
    attempt_at_task attempt(task, true);
    attempt.ask();
    attempt.guess(memory, {.publications = one.query.publications, .clock = now()});
    attempt.judge();
    out.push_back(attempt.write(false).value());
    attempt.remember(memory);
  }
  return out;
}

bare_postgres::bare_postgres(const std::string& url)
    : connection_(PQconnectdb(url.c_str()), PQfinish) {
  PGconn* const c = connection_.get();
  if (PQstatus(c) != CONNECTION_OK) throw std::runtime_error(PQerrorMessage(c));
  PQclear(PQexec(c,
                 "SET enable_seqscan = off; SET jit = off; "
                 "SET plan_cache_mode = force_generic_plan"));
  PQenterPipelineMode(c);
}

void bare_postgres::run(const postgres_calls& calls) {
  int answers = 0;
  for (const postgres::call& one : calls) answers += send(one);
  PQpipelineSync(connection_.get());
  for (; answers > 0; --answers) {
    take_answer();
    take_end();
  }
  take_answer();
}

/// How many answers come of it: one more where it is prepared first.
int bare_postgres::send(const postgres::call& one) {
  PGconn* const c = connection_.get();
  const auto& types = one.with.types();
  const int n = static_cast<int>(types.size());
  const bool is_new = prepared_.insert(one.what).second;
  if (is_new) PQsendPrepare(c, one.what->name, one.what->sql, n, types.data());
  PQsendQueryPrepared(c, one.what->name, n, one.with.pointers().data(), one.with.lengths().data(),
                      one.with.formats().data(), 1);
  return is_new ? 2 : 1;
}

/// Rows tell that something was not as the change says, so that nothing was written.
void bare_postgres::take_answer() {
  PGresult* const r = PQgetResult(connection_.get());
  const auto status = PQresultStatus(r);
  const bool wrong = status == PGRES_FATAL_ERROR || status == PGRES_PIPELINE_ABORTED ||
                     (status == PGRES_TUPLES_OK && PQntuples(r) > 0);
  PQclear(r);
  if (wrong) throw std::runtime_error("the bare client's change was not written");
}

void bare_postgres::take_end() { PQclear(PQgetResult(connection_.get())); }

}  // namespace leeway_bench
