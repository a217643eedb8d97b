// SPDX-License-Identifier: Apache-2.0
#include "desk/postgres/account_turns.hpp"
#include "desk/postgres/attempt_at_task.hpp"
#include "desk/postgres/instants.hpp"
#include "desk/postgres/pool.hpp"
#include "desk/postgres/schema.hpp"
#include "desk/postgres/shared_transaction.hpp"
#include "desk/postgres/statements.hpp"
#include "desk/postgres/stored_rows.hpp"
#include "desk/watch_post.hpp"

#include <leeway/base/clock.hpp>
#include <leeway/desk/postgres_store.hpp>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>
#include <utility>

namespace leeway {
namespace postgres {
namespace {

using std::chrono::milliseconds;

/// How a connection begins. Weaker durability than the server's usual one is not accepted, nor a
/// lock or an idle transaction that outlives the caller's patience.
std::string settings_for(milliseconds patience) {
  const std::string ms = std::to_string(patience.count());
  return "SET client_encoding = 'UTF8'; SET statement_timeout = " + ms +
         "; SET lock_timeout = " + ms + "; SET idle_in_transaction_session_timeout = " + ms +
         "; SET enable_seqscan = off; SET jit = off; "
         // The server would plan anew for every length of a list, though the plan is the same.
         "SET plan_cache_mode = force_generic_plan; "
         "SELECT set_config('synchronous_commit', 'on', false) "
         "WHERE current_setting('synchronous_commit') NOT IN ('on', 'remote_apply'); "
         "SELECT set_config(name, '1s', false) FROM pg_settings "
         "WHERE name = 'client_connection_check_interval'";
}

/// What another try may mend: conflicts, servers that are just starting or stopping, and networks.
bool is_conflict(const sql_error& e) { return e.sqlstate == "40001" || e.sqlstate == "40P01"; }
bool is_passing(const sql_error& e) {
  if (e.what == trouble::lost && e.sqlstate.empty()) return true;
  return e.sqlstate == "57P01" || e.sqlstate == "57P02" || e.sqlstate == "57P03";
}

/// What the tables themselves refuse. It comes of a statement behind the locks, so nobody else is
/// still at it.
bool is_contradiction(const sql_error& e) {
  return e.sqlstate == "23505" || e.sqlstate == "23514" || e.sqlstate == "LW001";
}

/// Waits a little, longer each time, but not beyond the deadline.
class pause {
 public:
  explicit pause(deadline until) : until_(until) {}
  /// False: the time is over.
  bool wait() {
    const auto next = in(length_);
    if (next >= until_) return false;
    std::this_thread::sleep_until(next);
    length_ = std::min(2 * length_, milliseconds(500));
    return true;
  }

 private:
  deadline until_;
  milliseconds length_{5};
};

/// Who publishes counts every act there is. Long enough for millions; and a host that dies
/// meanwhile holds the others up no longer.
constexpr milliseconds patience_of_publishing = std::chrono::minutes(15);

error contended() {
  return {"store_busy", "others changed the same accounts all the time, and nothing was done"};
}

/// Ends a turn, however it goes.
class end_of_turn {
 public:
  end_of_turn(account_turns& of, turn& mine) : of_(of), mine_(mine) {}
  ~end_of_turn() { of_.leave(mine_); }
  end_of_turn(const end_of_turn&) = delete;
  end_of_turn& operator=(const end_of_turn&) = delete;

 private:
  account_turns& of_;
  turn& mine_;
};

sql_error regression() {
  return {.what = trouble::refused,
          .sqlstate = "LW002",
          .message =
              "the database lacks records that were acknowledged: an older copy was put in "
              "its place, or a server took over that lagged behind; find out what is lost, "
              "then open the store again to go on with what is there"};
}

/// How one try at a task ended.
enum class end : std::uint8_t { done, again, ask_first, lost, unsure };

}  // namespace

class postgres_store final : public store {
 public:
  explicit postgres_store(const postgres_options& options)
      : patience_(options.patience),
        tells_clock_(options.tells_clock),
        pool_({.url = options.url,
               .size = options.connections,
               .settings = settings_for(options.patience),
               .opened = [this] { post_.tell({.what = store_event::kind::connected}); },
               .admit = [this](connection& c, deadline until) { return admit(c, until); }}) {}

  result<void> open() {
    const deadline until = in(patience_);
    auto c = pool_.take(until);
    if (!c) return fail(store_error(c.error()));
    return open_schema(**c, until);
  }

  result<void> run(store_task& task) override;

  result<std::optional<stored_decision>> find(const decision_id& id) override;
  result<std::optional<stored_decision>> find(const request_key& key) override;
  result<std::vector<stored_decision>> queue(const std::optional<decision_place>& after,
                                             std::size_t most) override;
  result<std::vector<stored_decision>> due(instant until, std::size_t most) override;
  result<std::vector<stored_record>> records(const std::string& subject) override;
  result<std::vector<stored_record>> records_after(std::int64_t position,
                                                   std::size_t most) override;
  result<std::vector<stored_policy>> policies() override;
  result<balance> read(const account_query& account) override;
  result<std::vector<std::string>> check() override;
  result<void> backup(const std::string& path) override;
  store_figures figures() const override;
  result<store_survey> survey(instant now, survey_depth depth) override;
  void watch(const store_watcher& by) override { post_.set(by); }

 private:
  struct run_state {
    attempt_at_task task;
    deadline until{};
    bool may_guess{true};
    std::optional<sql_error> last{};  ///< why it must be tried again
    duration took{};                  ///< the last commit
  };

  result<void> run_alone(run_state& r, end how);
  void run_together(turn& mine, deadline until);
  result<end> connect_and_try(run_state& r, bool& was_connected);
  result<end> try_once(run_state& r, connection& c);
  result<end> by_guess(run_state& r, connection& c);
  result<end> by_looking(run_state& r, connection& c);
  result<end> commit(run_state& r, connection& c, bool open, written& outcome);
  static result<end> after_error(run_state& r, connection& c, const sql_error& e, bool committing);
  result<void> find_out(run_state& r, bool& took_effect);
  void succeeded(const run_state& r);
  void tell_retry(end how) const;
  void count(std::size_t written, duration took);
  failure<error> failed(error e);

  attempt<void> admit(connection& c, deadline until);
  void acknowledge(std::int64_t position);
  attempt<rows> ask(const call& one);
  result<std::optional<stored_decision>> find_one(const call& one);

  known_desk desk_now() const;
  void learn(const known_desk& found);

  const milliseconds patience_;
  const bool tells_clock_;
  watch_post post_{};  // before the pool, which tells it of connections
  pool pool_;
  account_memory memory_{};
  account_turns turns_{};

  mutable std::mutex mutex_{};
  std::optional<known_desk> desk_{};
  duration desk_read_{};  ///< when, by elapsed time

  /// The greatest position that this process was told is committed.
  std::atomic<std::int64_t> acknowledged_{0};
  /// What was committed was not there any more: nothing is decided until the store is opened again.
  std::atomic<bool> regressed_{false};

  std::atomic<std::int64_t> tasks_{0};
  std::atomic<std::int64_t> commits_{0};
  std::atomic<std::int64_t> largest_batch_{0};
  std::atomic<std::int64_t> retries_{0};
  std::atomic<std::int64_t> failures_{0};
};

// --- What is known of the desk

/// The server's clock goes on by itself; after a while it is asked again.
known_desk postgres_store::desk_now() const {
  const std::lock_guard lock(mutex_);
  if (!desk_) return {};
  const auto passed = checked_sub(elapsed(), desk_read_);
  if (!passed || passed->seconds() >= 60) return {.publications = desk_->publications};
  known_desk out = *desk_;
  if (out.clock) out.clock = checked_add(*out.clock, *passed);
  return out;
}

void postgres_store::learn(const known_desk& found) {
  const std::lock_guard lock(mutex_);
  desk_ = found;
  desk_read_ = elapsed();
}

// --- Whether what was acknowledged is still there

/// A server that took over from another one, or was restored from a copy, breaks every connection;
/// so each new one is held against what this process knows to be committed.
attempt<void> postgres_store::admit(connection& c, deadline until) {
  const std::int64_t position = acknowledged_;
  if (position == 0) return {};
  const auto there = c.run({&sql::has_position, parameters().add(position)}, until);
  if (!there) return fail(there.error());
  if (there->boolean(0, 0)) return {};
  regressed_ = true;
  return fail(regression());
}

void postgres_store::acknowledge(std::int64_t position) {
  std::int64_t before = acknowledged_;
  while (before < position && !acknowledged_.compare_exchange_weak(before, position)) {
  }
}

// --- Running a task

// Most tasks have their turn at once, and alone. Those that had to wait for the same accounts go
// together; what of them is not written so is tried once more alone.
result<void> postgres_store::run(store_task& task) {
  run_state r{.task = attempt_at_task(task, tells_clock_), .until = in(patience_)};
  turn mine(r.task);
  while (true) {
    if (regressed_) return failed(store_error(regression()));
    r.task.ask();
    if (r.task.alone()) r.until = std::max(r.until, in(patience_of_publishing));
    mine.accounts = r.task.changeable_accounts();
    mine.alone = mine.alone || !r.task.can_guess();
    const account_turns::role role = turns_.wait(mine, r.until);
    if (role == account_turns::role::late) return failed(contended());
    if (role == account_turns::role::leads) {
      const end_of_turn after(turns_, mine);
      if (turns_.followers(mine).empty()) return run_alone(r, end::again);
      run_together(mine, r.until);
    }
    if (mine.ended == turn::fate::done) return {};
    if (mine.ended == turn::fate::unsure) return run_alone(r, end::unsure);
    mine.alone = true;
    ++retries_;
    tell_retry(end::again);
  }
}

/// In one transaction. Whatever goes wrong, each task finds out for itself what it means for it.
void postgres_store::run_together(turn& mine, deadline until) {
  std::vector<turn*> all{&mine};
  const auto& followers = turns_.followers(mine);
  all.insert(all.end(), followers.begin(), followers.end());
  const known_desk desk = desk_now();
  if (!desk.clock) return;
  auto c = pool_.take(until);
  if (!c) return;
  shared_transaction together(std::move(all), memory_, desk);
  if (together.size() == 0) return;
  const stopwatch time(post_.is_watched());
  const auto answers = (*c)->run(together.calls(), until);
  const duration took = time.read();
  if (!answers) {
    if (answers.error().what != trouble::refused) return together.lost();
    static_cast<void>((*c)->roll_back(until));
    return;
  }
  const std::vector<turn*> written = together.ended(*answers);
  for (turn* one : written) {
    acknowledge(one->task->position());
    one->task->remember(memory_);
  }
  count(written.size(), took);
}

/// `how`: `unsure` when it was perhaps written already.
result<void> postgres_store::run_alone(run_state& r, end how) {
  pause waiting(r.until);
  bool was_connected = how == end::unsure;
  while (true) {
    if (regressed_) return failed(store_error(regression()));
    if (how != end::unsure) {
      auto tried = connect_and_try(r, was_connected);
      if (!tried) return failed(std::move(tried).error());
      how = *tried;
    }
    if (how == end::done) return {};
    if (how == end::unsure) {
      bool took_effect = false;
      if (auto known = find_out(r, took_effect); !known) return failed(std::move(known).error());
      // What the accounts come to now is for the server to say.
      r.task.forget(memory_);
      if (took_effect) {
        count(1, r.took);
        return {};
      }
    }
    ++retries_;
    tell_retry(how);
    r.may_guess = r.may_guess && how == end::again;
    if (how == end::lost && !waiting.wait()) return failed(store_error(*r.last));
    if (in(milliseconds(0)) >= r.until) return failed(contended());
    how = end::again;
    r.task.ask();
  }
}

result<end> postgres_store::connect_and_try(run_state& r, bool& was_connected) {
  auto c = pool_.take(r.until);
  if (c) {
    was_connected = true;
    return try_once(r, **c);
  }
  if (regressed_) return fail(store_error(regression()));
  // A server that was there a moment ago may come back.
  if (!is_passing(c.error()) && !was_connected) return fail(store_error(c.error()));
  r.last = c.error();
  return end::lost;
}

void postgres_store::count(std::size_t written, duration took) {
  if (written == 0) return;
  const auto tasks = static_cast<std::int64_t>(written);
  tasks_ += tasks;
  ++commits_;
  post_.tell({.what = store_event::kind::committed, .tasks = tasks, .took = took});
  std::int64_t largest = largest_batch_;
  while (largest < tasks && !largest_batch_.compare_exchange_weak(largest, tasks)) {
  }
}

result<end> postgres_store::try_once(run_state& r, connection& c) {
  const known_desk desk = desk_now();
  if (r.may_guess && desk.clock && r.task.guess(memory_, desk)) return by_guess(r, c);
  return by_looking(r, c);
}

/// One round trip. A verdict on a guess means nothing unless the server confirms it.
result<end> postgres_store::by_guess(run_state& r, connection& c) {
  for (int tries = 0; tries < 3; ++tries) {
    const verdict v = r.task.judge();
    if (v == verdict::read_again) {
      r.task.ask();
      if (!r.task.guess(memory_, desk_now())) break;
      continue;
    }
    if (v != verdict::write) break;
    written how = written::yes;
    auto ended = commit(r, c, false, how);
    if (!ended || *ended != end::again) return ended;
    ++retries_;
    tell_retry(end::again);
    if (how == written::other_changed) break;
    // The balances came with the refusal.
    r.task.beware(memory_);
  }
  r.may_guess = false;
  r.task.ask();
  return by_looking(r, c);
}

/// Two: what is read is locked until the change is written.
result<end> postgres_store::by_looking(run_state& r, connection& c) {
  bool open = false;
  while (true) {
    const auto answers = c.run(r.task.look(open), r.until);
    if (!answers) return after_error(r, c, answers.error(), false);
    r.task.found(*answers, open);
    open = true;
    learn(r.task.desk());
    const verdict v = r.task.judge();
    if (v == verdict::read_again) {
      r.task.ask();
      continue;
    }
    if (v == verdict::done) {
      const auto ended = c.run(call{&sql::roll_back, {}}, r.until);
      if (!ended) return after_error(r, c, ended.error(), false);
      return end::done;
    }
    written how = written::yes;
    return commit(r, c, true, how);
  }
}

/// Writes what was judged. `again`: `outcome` says why it was not.
result<end> postgres_store::commit(run_state& r, connection& c, bool open, written& outcome) {
  const auto calls = r.task.write(open);
  if (!calls) return fail(calls.error());
  const stopwatch time(post_.is_watched());
  const auto answers = c.run(*calls, r.until);
  r.took = time.read();
  if (!answers) return after_error(r, c, answers.error(), true);
  outcome = r.task.outcome(*answers, open);
  if (r.task.is_behind()) {
    regressed_ = true;
    return fail(store_error(regression()));
  }
  if (outcome != written::yes) return end::again;
  acknowledge(r.task.position());
  succeeded(r);
  return end::done;
}

result<end> postgres_store::after_error(run_state& r, connection& c, const sql_error& e,
                                        bool committing) {
  r.last = e;
  if (e.what == trouble::refused) {
    if (!is_conflict(e)) return fail(store_error(e));
    const auto rolled = c.roll_back(r.until);
    return rolled ? end::ask_first : end::lost;
  }
  if (committing) return end::unsure;
  // Nothing was sent that could take effect.
  if (e.what == trouble::late) return fail(store_error(e));
  return end::lost;
}

/// Whether a change took effect whose commit was not answered: it is written once more, which
/// waits for the first where that is still under way. Records are unique, so only one can.
result<void> postgres_store::find_out(run_state& r, bool& took_effect) {
  pause waiting(r.until);
  const error unsure{"store_unsure",
                     "PostgreSQL did not answer a commit, and whether it took effect is not known "
                     "yet; ask again with the same id"};
  const auto calls = r.task.write(false);
  if (!calls) return fail(calls.error());
  while (true) {
    if (auto c = pool_.take(r.until)) {
      const auto answers = (*c)->run(*calls, r.until);
      if (answers && r.task.outcome(*answers, false) == written::yes) {
        took_effect = true;
        acknowledge(r.task.position());
        return {};
      }
      const bool decided = answers || is_contradiction(answers.error());
      if (!decided && !(*c)->is_broken() && !(*c)->roll_back(r.until)) continue;
      if (decided && (answers || (*c)->roll_back(r.until))) {
        const auto there = (*c)->run(r.task.ask_for_records(), r.until);
        if (there) {
          took_effect = there->integer(0, 0) == static_cast<std::int64_t>(r.task.record_count());
          if (took_effect) acknowledge(there->integer(0, 1));
          return {};
        }
      }
    }
    if (regressed_) return fail(store_error(regression()));
    if (!waiting.wait()) return fail(unsure);
  }
}

void postgres_store::succeeded(const run_state& r) {
  r.task.remember(memory_);
  count(1, r.took);
  if (!r.task.publishes()) return;
  const std::lock_guard lock(mutex_);
  desk_.reset();
}

void postgres_store::tell_retry(end how) const {
  const char* cause = how == end::unsure      ? "unsure"
                      : how == end::lost      ? "connection"
                      : how == end::ask_first ? "conflict"
                                              : "changed";
  post_.tell({.what = store_event::kind::retried, .code = cause});
}

failure<error> postgres_store::failed(error e) {
  ++failures_;
  post_.tell({.what = store_event::kind::failed, .code = e.code});
  return fail(std::move(e));
}

// --- Reading

attempt<rows> postgres_store::ask(const call& one) {
  const deadline until = in(patience_);
  // Reading has no effect: once more, where a connection had died unnoticed.
  for (bool again = false;; again = true) {
    auto c = pool_.take(until);
    if (!c) return fail(std::move(c).error());
    auto answer = (*c)->run(one, until);
    if (answer || again || answer.error().what != trouble::lost) return answer;
  }
}

result<std::optional<stored_decision>> postgres_store::find_one(const call& one) {
  const auto answer = ask(one);
  if (!answer) return fail(store_error(answer.error()));
  if (answer->size() == 0) return std::optional<stored_decision>();
  return std::optional(decision_of(*answer, 0));
}

result<std::optional<stored_decision>> postgres_store::find(const decision_id& id) {
  const std::string_view one = id.view();
  return find_one({&sql::decisions, parameters().add_texts(std::span(&one, 1))});
}

result<std::optional<stored_decision>> postgres_store::find(const request_key& key) {
  const std::string_view caller = key.caller;
  const std::string_view id = key.id.view();
  return find_one(
      {&sql::requests, parameters().add_texts(std::span(&caller, 1)).add_texts(std::span(&id, 1))});
}

result<std::vector<stored_decision>> postgres_store::queue(
    const std::optional<decision_place>& after, std::size_t most) {
  call one{&sql::queue_first, parameters().add(static_cast<std::int64_t>(most))};
  if (after) {
    one.what = &sql::queue_after;
    one.with.add(nanoseconds_of(after->at)).add(after->id.view());
  }
  const auto answer = ask(one);
  if (!answer) return fail(store_error(answer.error()));
  return decisions_of(*answer);
}

result<std::vector<stored_decision>> postgres_store::due(instant until, std::size_t most) {
  parameters with;
  with.add(static_cast<std::int64_t>(most)).add(nanoseconds_of(until));
  const auto answer = ask({&sql::due, std::move(with)});
  if (!answer) return fail(store_error(answer.error()));
  return decisions_of(*answer);
}

result<std::vector<stored_record>> postgres_store::records(const std::string& subject) {
  const auto answer = ask({&sql::records, parameters().add(std::string_view(subject))});
  if (!answer) return fail(store_error(answer.error()));
  return records_of(*answer);
}

result<std::vector<stored_record>> postgres_store::records_after(std::int64_t position,
                                                                 std::size_t most) {
  parameters with;
  with.add(position).add(static_cast<std::int64_t>(most));
  const auto answer = ask({&sql::records_after, std::move(with)});
  if (!answer) return fail(store_error(answer.error()));
  return records_of(*answer);
}

result<std::vector<stored_policy>> postgres_store::policies() {
  const auto answer = ask({&sql::policies, {}});
  if (!answer) return fail(store_error(answer.error()));
  return policies_of(*answer);
}

result<balance> postgres_store::read(const account_query& account) {
  const std::string_view id = bytes_of(account.account);
  const std::int64_t from = nanoseconds_of(account.from);
  parameters with;
  with.add_blobs(std::span(&id, 1)).add(std::span(&from, 1)).add(std::vector{account.greatest});
  const auto answer = ask({&sql::balances, std::move(with)});
  if (!answer) return fail(store_error(answer.error()));
  return balance_of(*answer, 0, 2);
}

result<std::vector<std::string>> postgres_store::check() {
  const auto answer = ask({&sql::check, {}});
  if (!answer) return fail(store_error(answer.error()));
  std::vector<std::string> out;
  for (std::size_t row = 0; row < answer->size(); ++row) out.emplace_back(answer->bytes(row, 0));
  return out;
}

result<void> postgres_store::backup(const std::string& /*path*/) {
  return fail("not_supported",
              "a desk in PostgreSQL is copied by its server: use pg_basebackup or pg_dump");
}

store_figures postgres_store::figures() const {
  return {.tasks = tasks_,
          .commits = commits_,
          .retries = retries_,
          .failures = failures_,
          .largest_batch = largest_batch_};
}

result<store_survey> postgres_store::survey(instant now, survey_depth depth) {
  const auto waits = ask({&sql::survey, parameters().add(nanoseconds_of(now))});
  if (!waits) return fail(store_error(waits.error()));
  const auto moment = [&](std::size_t column) {
    const auto at = waits->maybe_integer(0, column);
    return at ? std::optional(instant_of(*at)) : std::nullopt;
  };
  store_survey out{.waiting = waits->integer(0, 0),
                   .oldest_waiting = moment(1),
                   .reviews = waits->integer(0, 2),
                   .oldest_review = moment(3),
                   .overdue = waits->integer(0, 4),
                   .oldest_overdue = moment(5)};
  if (depth == survey_depth::waiting) return out;
  const auto states = ask({&sql::survey_states, {}});
  if (!states) return fail(store_error(states.error()));
  for (std::size_t row = 0; row < states->size(); ++row) {
    out.states.emplace_back(static_cast<decision_state>(states->integer(row, 0)),
                            states->integer(row, 1));
  }
  return out;
}

}  // namespace postgres

result<std::shared_ptr<store>> open_postgres_store(const postgres_options& options) {
  auto out = std::make_shared<postgres::postgres_store>(options);
  if (auto opened = out->open(); !opened) return fail(std::move(opened).error());
  return std::shared_ptr<store>(std::move(out));
}

}  // namespace leeway
