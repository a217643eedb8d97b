// SPDX-License-Identifier: Apache-2.0
#include "desk/sqlite/connection.hpp"
#include "desk/sqlite/guard_files.hpp"
#include "desk/sqlite/ledger.hpp"
#include "desk/sqlite/schema.hpp"
#include "desk/watch_post.hpp"
#include "desk/written_accounts.hpp"

#include <leeway/desk/sqlite_store.hpp>

#include <sqlite3.h>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <exception>
#include <filesystem>
#include <mutex>
#include <system_error>
#include <utility>
#include <vector>

namespace leeway {
namespace {

using sqlite::connection;
using sqlite::harm;
using sqlite::statement;
using sqlite::to_column;
using sqlite::to_instant;

constexpr const char* sql_begin = "BEGIN IMMEDIATE";
constexpr const char* sql_commit = "COMMIT";
constexpr const char* sql_roll_back = "ROLLBACK";
// Of one task within the transaction of its batch.
constexpr const char* set_point = "SAVEPOINT task";
constexpr const char* release_point = "RELEASE task";
constexpr const char* back_to_point = "ROLLBACK TO task";

stored_decision decision_in(const statement& s) {
  stored_decision out{.key = {s.text(0), request_id(s.text(1))},
                      .id = decision_id(s.text(2)),
                      .number = s.integer(3),
                      .state = static_cast<decision_state>(s.integer(4)),
                      .at = to_instant(s.integer(5)),
                      .queued = s.integer(7) != 0,
                      .act = s.text(8),
                      .body = s.text(9)};
  if (!s.is_null(6)) out.due = to_instant(s.integer(6));
  return out;
}

stored_record record_in(const statement& s) {
  return {
      .position = s.integer(0), .subject = s.text(1), .number = s.integer(2), .body = s.text(3)};
}

class sqlite_store final : public store {
 public:
  explicit sqlite_store(sqlite_options options) : options_(options), ledger_(db_) {
    batch_.reserve(options_.largest_batch);
  }

  result<void> open(const std::string& file);

  result<void> run(store_task& task) override;

  result<std::optional<stored_decision>> find(const decision_id& id) override {
    return reading<std::optional<stored_decision>>([&] { return named(id); });
  }
  result<std::optional<stored_decision>> find(const request_key& key) override {
    return reading<std::optional<stored_decision>>([&] { return on(key); });
  }
  result<std::vector<stored_decision>> queue(const std::optional<decision_place>& after,
                                             std::size_t most) override {
    return reading<std::vector<stored_decision>>([&] {
      statement s = db_.use(
          "SELECT caller, request, id, number, state, at, due, queued, act, body FROM decision"
          " WHERE queued = 1 AND (at, id) > (?, ?) ORDER BY at, id LIMIT ?");
      const decision_place from = after.value_or(decision_place{instant::min(), {}});
      s.bind(to_column(from.at)).bind(from.id.view()).bind(static_cast<std::int64_t>(most));
      return decisions_in(s);
    });
  }
  result<std::vector<stored_decision>> due(instant until, std::size_t most) override {
    return reading<std::vector<stored_decision>>([&] {
      statement s = db_.use(
          "SELECT caller, request, id, number, state, at, due, queued, act, body FROM decision"
          " WHERE due IS NOT NULL AND due <= ? ORDER BY due, id LIMIT ?");
      s.bind(to_column(until)).bind(static_cast<std::int64_t>(most));
      return decisions_in(s);
    });
  }
  result<std::vector<stored_record>> records(const std::string& subject) override {
    return reading<std::vector<stored_record>>([&] {
      statement s = db_.use(
          "SELECT position, subject, number, body FROM record WHERE subject = ? ORDER BY number");
      s.bind(subject);
      return records_in(s);
    });
  }
  result<std::vector<stored_record>> records_after(std::int64_t position,
                                                   std::size_t most) override {
    return reading<std::vector<stored_record>>([&] {
      statement s = db_.use(
          "SELECT position, subject, number, body FROM record WHERE position > ?"
          " ORDER BY position LIMIT ?");
      s.bind(position).bind(static_cast<std::int64_t>(most));
      return records_in(s);
    });
  }
  result<std::vector<stored_policy>> policies() override;
  result<balance> read(const account_query& account) override {
    return reading<balance>([&] {
      // What tasks remember is not moved to the instant that somebody looks at.
      return sqlite::ledger(db_).read(account);
    });
  }
  result<std::vector<std::string>> check() override;
  result<void> backup(const std::string& path) override;
  store_figures figures() const override {
    const std::lock_guard lock(mutex_);
    return figures_;
  }
  result<store_survey> survey(instant now, survey_depth depth) override;
  void watch(const store_watcher& by) override { post_.set(by); }

 private:
  /// A task that waits for its turn. It lives on the stack of whoever waits.
  struct waiting {
    store_task* task{};
    store_query query{};  ///< what it asked for when it came
    result<void> outcome{};
    std::exception_ptr thrown{};  ///< by the task, or because memory ran out
    bool written{};
    bool done{};
    bool leads{};  ///< it is its turn to run what waits
    std::condition_variable turn{};
  };

  template <class T, class Read>
  result<T> reading(const Read& read) {
    const std::lock_guard use(connection_use_);
    if (is_closed()) return fail(closed());
    try {
      T out = read();
      if (!db_.failed()) return out;
    } catch (...) {
      db_.forgive();
      throw;
    }
    return fail(failure());
  }
  error failure();
  /// Whether the connection is not to be trusted any more.
  bool is_closed() const { return is_stuck_ || db_.damage() == harm::store; }
  error closed() const;

  std::optional<stored_decision> on(const request_key& key);
  std::optional<stored_decision> named(const decision_id& id);
  std::vector<stored_decision> decisions_in(statement& s);
  std::vector<stored_record> records_in(statement& s);

  void take_batch();
  void settle();
  void hand_over();
  void lead();
  void tell() const noexcept;
  void attempt(waiting& one);
  void judge(waiting& one);
  result<void> commit_batch(bool guarded);
  void undo(instant latest, std::int64_t publications);
  store_view view_of(const store_query& query);
  void apply(const store_change& change);
  void put(const stored_decision& d, instant at);
  result<void> begin();
  result<void> recover(const std::string& file);
  std::int64_t last_position();

  const sqlite_options options_;
  watch_post post_{};
  sqlite::owner_lock owner_{};  // before the connection: let go of after it
  sqlite::high_water_mark mark_{};

  mutable std::mutex mutex_{};  ///< guards `queue_`, `leading_`, `figures_`
  std::deque<waiting*> queue_{};
  bool leading_{};
  store_figures figures_{};
  std::vector<waiting*> batch_{};  ///< of whoever leads, without `mutex_`; never grows

  std::mutex connection_use_{};  ///< guards all below; never taken inside `mutex_`
  connection db_{};
  sqlite::ledger ledger_;
  std::string why_closed_{"a transaction could not be undone"};
  bool is_stuck_{};  ///< a transaction is open that could not be rolled back
  duration commit_took_{};
  std::int64_t publications_{};
  instant latest_{instant::min()};
};

// ---- opening

result<void> sqlite_store::open(const std::string& file) {
  if (auto may = sqlite::may_hold_store(file); !may) return may;
  if (auto taken = owner_.take(file); !taken) return taken;
  if (auto made = sqlite::make_private_file(file); !made) return made;
  if (auto opened = db_.open(file); !opened) return opened;
  auto begun = begin();
  if (!begun) begun.error().message = "`" + file + "`: " + begun.error().message;
  return begun ? recover(file) : begun;
}

result<void> sqlite_store::begin() {
  // Exclusive locking first: then the log's index is kept in memory, and nobody else can attach.
  if (auto locked = db_.execute("PRAGMA locking_mode = EXCLUSIVE"); !locked) return locked;
  // Nothing is changed in a file of another program.
  if (auto known = sqlite::recognise(db_); !known) return known;
  for (const char* sql : {"PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL",
                          "PRAGMA foreign_keys = ON", "PRAGMA wal_autocheckpoint = 4000",
                          "PRAGMA cache_size = -65536", "PRAGMA temp_store = MEMORY"}) {
    if (auto done = db_.execute(sql); !done) return done;
  }
  if (auto prepared = sqlite::prepare_schema(db_); !prepared) return prepared;
  for (const char* sql :
       {sql_begin, sql_commit, sql_roll_back, set_point, release_point, back_to_point}) {
    db_.prepare(sql);
  }
  return db_.failed() ? result<void>(fail(failure())) : result<void>();
}

result<void> sqlite_store::recover(const std::string& file) {
  std::error_code none;
  if (std::filesystem::file_size(file, none) <= options_.check_up_to_bytes) {
    const auto wrong = check();
    if (!wrong) return fail(wrong.error());
    if (!wrong->empty()) {
      return fail("store_damaged",
                  "`" + file + "` is damaged: " + wrong->front() + "; put a backup in its place");
    }
  }
  {
    statement s = db_.use("SELECT latest FROM clock");
    if (db_.step(s)) latest_ = to_instant(s.integer(0));
  }
  {
    statement s = db_.use("SELECT coalesce(sum(number), 0) FROM policy");
    if (db_.step(s)) publications_ = s.integer(0);
  }
  const std::int64_t position = last_position();
  if (db_.failed()) return fail(*db_.failed());
  mark_.open(file);
  const auto acknowledged = mark_.read();
  if (acknowledged && *acknowledged > position) {
    return fail("store_regressed", "`" + file + "` holds " + std::to_string(position) +
                                       " records, but " + std::to_string(*acknowledged) +
                                       " were acknowledged: put the newer file back, or remove `" +
                                       file + ".mark` to accept the loss");
  }
  return {};
}

std::int64_t sqlite_store::last_position() {
  statement s = db_.use("SELECT coalesce(max(position), 0) FROM record");
  return db_.step(s) ? s.integer(0) : 0;
}

// ---- tasks

// Whoever comes when nobody leads runs all that wait and commits them as one. Those who come
// meanwhile wait for the next commit, which the first of them leads.
//
// INVARIANT: nothing here throws between the moment a task is in the queue and the moment it is
// done: others hold its address.
result<void> sqlite_store::run(store_task& task) {
  waiting mine{.task = &task};
  // Asking takes time that nobody else need wait for. What has changed since, judging finds out.
  task.ask(mine.query);
  std::unique_lock lock(mutex_);
  queue_.push_back(&mine);
  mine.turn.wait(lock, [&] { return mine.done || mine.leads || !leading_; });
  if (!mine.done) {
    leading_ = true;
    take_batch();
    lock.unlock();
    lead();
    tell();
    lock.lock();
    hand_over();
    settle();
  }
  if (mine.thrown) std::rethrow_exception(mine.thrown);
  return std::move(mine.outcome);
}

/// Wakes nobody but who leads next.
void sqlite_store::hand_over() {
  leading_ = !queue_.empty();
  if (!leading_) return;
  queue_.front()->leads = true;
  queue_.front()->turn.notify_one();
}

void sqlite_store::take_batch() {
  batch_.clear();
  while (!queue_.empty() && batch_.size() < options_.largest_batch) {
    batch_.push_back(queue_.front());
    queue_.pop_front();
  }
  // By their instants, so that none has to ask again because of a later one before it.
  std::ranges::stable_sort(batch_, {}, [](const waiting* one) { return one->query.at; });
}

void sqlite_store::settle() {
  std::int64_t written = 0;
  for (waiting* one : batch_) {
    const bool good = one->outcome && !one->thrown;
    if (one->written && good) ++written;
    if (!good) ++figures_.failures;
    one->done = true;
    one->turn.notify_one();  // under the lock: it goes with whoever waits for it
  }
  figures_.tasks += written;
  figures_.commits += written > 0 ? 1 : 0;
  figures_.largest_batch = std::max(figures_.largest_batch, written);
}

/// By whoever leads, so nobody else touches the batch.
void sqlite_store::tell() const noexcept {
  if (!post_.is_watched()) return;
  std::int64_t written = 0;
  try {
    for (const waiting* one : batch_) {
      if (one->written && one->outcome && !one->thrown) ++written;
      if (one->outcome) continue;
      post_.tell({.what = store_event::kind::failed, .code = one->outcome.error().code});
    }
    if (written == 0) return;
    post_.tell({.what = store_event::kind::committed, .tasks = written, .took = commit_took_});
  } catch (...) {
    return;  // who watches misses something; who waits does not
  }
}

// A task of a batch seldom fails. When one does, all are undone and run once more, each with a
// point to go back to, so that it fails alone.
void sqlite_store::lead() {
  const std::lock_guard use(connection_use_);
  const instant latest = latest_;
  const std::int64_t publications = publications_;
  result<void> all;
  std::exception_ptr thrown;
  const auto run_all = [&](bool guarded) {
    thrown = nullptr;
    try {
      all = is_closed() ? result<void>(fail(closed())) : commit_batch(guarded);
    } catch (...) {
      thrown = std::current_exception();
    }
    const bool good = all && !thrown;
    if (!good) undo(latest, publications);
    return good;
  };
  if (run_all(false)) return;
  if (!is_closed() && batch_.size() > 1 && run_all(true)) return;
  // INVARIANT: nobody of a batch that was not committed hears anything but the error.
  for (waiting* one : batch_) {
    try {
      one->thrown = thrown;
      if (!thrown) one->outcome = all;
    } catch (...) {
      one->thrown = std::current_exception();
    }
  }
}

/// After a batch failed: nothing of it is there, and the next may begin.
void sqlite_store::undo(instant latest, std::int64_t publications) {
  latest_ = latest;
  publications_ = publications;
  ledger_.forget();
  // Where SQLite has rolled back by itself there is nothing left to undo.
  const auto is_open = [&] { return !is_closed() && sqlite3_get_autocommit(db_.raw()) == 0; };
  try {
    if (is_open()) db_.command(sql_roll_back);
  } catch (...) {  // NOLINT(bugprone-empty-catch): whether it is undone is looked at below
  }
  is_stuck_ = is_stuck_ || is_open();
  db_.forgive();
}

result<void> sqlite_store::commit_batch(bool guarded) {
  if (!db_.command(sql_begin)) return fail(failure());
  for (waiting* one : batch_) {
    guarded ? attempt(*one) : judge(*one);
    // Where SQLite has rolled back by itself no other may think itself in a transaction.
    if (db_.failed() || sqlite3_get_autocommit(db_.raw()) != 0) break;
  }
  if (db_.failed()) return fail(failure());
  if (sqlite3_get_autocommit(db_.raw()) != 0) return fail("store_busy", "SQLite has rolled back");
  const bool any = std::ranges::any_of(batch_, [](const waiting* one) { return one->written; });
  if (any) {
    statement s = db_.use("UPDATE clock SET latest = ?");
    s.bind(to_column(latest_));
    db_.step(s);
  }
  const std::int64_t position = any && !db_.failed() ? last_position() : 0;
  const stopwatch time(post_.is_watched());
  if (db_.failed() || !db_.command(any ? sql_commit : sql_roll_back)) return fail(failure());
  // Nothing from here on can fail.
  commit_took_ = time.read();
  ledger_.trim();
  if (any) mark_.write(position);
  return {};
}

error sqlite_store::closed() const {
  return {"store_closed", "the store failed and must be opened again: " + why_closed_};
}

/// What failed, and what that means for the store: it may go on, or is closed for good.
error sqlite_store::failure() {
  error why = db_.failed().value_or(error{"store_failed", "nothing is known"});
  if (is_closed()) {
    why_closed_ = why.message;
    post_.tell({.what = store_event::kind::closed, .code = why.code, .message = why.message});
  }
  db_.forgive();
  return why;
}

/// One task within the transaction of its batch; what fails of it is undone alone.
void sqlite_store::attempt(waiting& one) {
  const instant latest = latest_;
  const std::int64_t publications = publications_;
  if (!db_.command(set_point)) return;
  one.thrown = nullptr;
  try {
    judge(one);
  } catch (...) {
    one.thrown = std::current_exception();
  }
  if (!db_.failed() && !one.thrown) {
    db_.command(release_point);
    return;
  }
  one.written = false;
  latest_ = latest;
  publications_ = publications;
  ledger_.forget();
  // The others of the batch need not fail with it.
  if (is_closed() || sqlite3_get_autocommit(db_.raw()) != 0) return;
  if (!one.thrown) one.outcome = fail(*db_.failed());
  db_.forgive();
  if (db_.command(back_to_point)) db_.command(release_point);
}

void sqlite_store::judge(waiting& one) {
  one.written = false;
  while (!db_.failed()) {
    const store_view view = view_of(one.query);
    if (db_.failed()) return;
    store_change change;
    const verdict wanted = one.task->judge(view, change);
    one.written = wanted == verdict::write;
    if (wanted == verdict::done) return;
    if (one.written) {
      if (change.at < latest_) db_.refuse({"store_conflict", "a change of an earlier instant"});
      if (!reads_what_it_changes(one.query, change)) {
        db_.refuse({"store_conflict", "a change of an account that was not read for it"});
        return;
      }
      latest_ = std::max(latest_, change.at);
      apply(change);
      ledger_.write();
      return;
    }
    one.task->ask(one.query);
  }
}

store_view sqlite_store::view_of(const store_query& query) {
  store_view out{.publications = publications_, .not_before = latest_};
  if (query.publications != publications_) return out;
  for (const auto& key : query.requests) out.requests.push_back(on(key));
  for (const auto& id : query.decisions) out.decisions.push_back(named(id));
  for (const auto& key : query.chains) {
    statement s = db_.use("SELECT holder FROM chain WHERE caller = ? AND request = ?");
    s.bind(key.caller).bind(key.id.view());
    out.chains.push_back(db_.step(s) ? std::optional(decision_id(s.text(0))) : std::nullopt);
  }
  for (const auto& one : query.accounts) out.accounts.push_back(ledger_.read(one));
  if (!query.acts_from) return out;
  // An act can be much later than its decision, but never than the last change of it.
  statement s = db_.use("SELECT act FROM decision WHERE act <> '' AND changed_at >= ?");
  s.bind(to_column(*query.acts_from));
  while (db_.step(s)) out.acts.push_back(s.text(0));
  return out;
}

void sqlite_store::apply(const store_change& change) {
  for (const auto& d : change.decisions) put(d, change.at);
  for (const auto& c : change.chains) {
    statement s = db_.use(c.holder ? "INSERT INTO chain (caller, request, holder) VALUES (?, ?, ?)"
                                     " ON CONFLICT DO UPDATE SET holder = excluded.holder"
                                   : "DELETE FROM chain WHERE caller = ? AND request = ?");
    s.bind(c.chain.caller).bind(c.chain.id.view());
    if (c.holder) s.bind(c.holder->view());
    db_.step(s);
  }
  for (const auto& e : change.entries) {
    const bool fresh = std::ranges::any_of(
        change.decisions, [&](const stored_decision& d) { return d.number == 1 && d.id == e.act; });
    ledger_.set(e, fresh);
  }
  for (const auto& r : change.records) {
    statement s = db_.use("INSERT INTO record (subject, number, body) VALUES (?, ?, ?)");
    s.bind(r.subject).bind(r.number).bind(r.body);
    db_.step(s);
  }
  for (const auto& p : change.policies) {
    statement s = db_.use(
        "INSERT INTO policy (digest, id, version, number, suspended, document)"
        " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (digest) DO UPDATE SET"
        " number = excluded.number, suspended = excluded.suspended");
    s.bind(p.digest).bind(p.id.view()).bind(p.version).bind(p.number);
    p.suspended ? s.bind(std::string_view(*p.suspended)) : s.null();
    s.bind(p.document);
    db_.step(s);
    ++publications_;
  }
}

void sqlite_store::put(const stored_decision& d, instant at) {
  const auto due = d.due ? std::optional(to_column(*d.due)) : std::nullopt;
  const auto state = static_cast<std::int64_t>(d.state);
  if (d.number == 1) {
    statement s = db_.use(
        "INSERT INTO decision (caller, request, id, number, state, at, changed_at, due, queued,"
        " act, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    s.bind(d.key.caller).bind(d.key.id.view()).bind(d.id.view()).bind(d.number).bind(state);
    s.bind(to_column(d.at))
        .bind(to_column(at))
        .bind(due)
        .bind(std::int64_t{d.queued})
        .bind(d.act)
        .bind(d.body);
    db_.step(s);
    return;
  }
  statement s = db_.use(
      "UPDATE decision SET number = ?, state = ?, changed_at = ?, due = ?, queued = ?, act = ?,"
      " body = ? WHERE id = ? AND number = ?");
  s.bind(d.number)
      .bind(state)
      .bind(to_column(at))
      .bind(due)
      .bind(std::int64_t{d.queued})
      .bind(d.act)
      .bind(d.body);
  s.bind(d.id.view()).bind(d.number - 1);
  db_.step(s);
  if (!db_.failed() && sqlite3_changes(db_.raw()) != 1) {
    db_.refuse({"store_conflict", "decision `" + d.id.str() + "` was changed meanwhile"});
  }
}

// ---- reading

std::optional<stored_decision> sqlite_store::on(const request_key& key) {
  statement s = db_.use(
      "SELECT caller, request, id, number, state, at, due, queued, act, body FROM decision"
      " WHERE caller = ? AND request = ?");
  s.bind(key.caller).bind(key.id.view());
  return db_.step(s) ? std::optional(decision_in(s)) : std::nullopt;
}

std::optional<stored_decision> sqlite_store::named(const decision_id& id) {
  statement s = db_.use(
      "SELECT caller, request, id, number, state, at, due, queued, act, body FROM decision"
      " WHERE id = ?");
  s.bind(id.view());
  return db_.step(s) ? std::optional(decision_in(s)) : std::nullopt;
}

std::vector<stored_decision> sqlite_store::decisions_in(statement& s) {
  std::vector<stored_decision> out;
  while (db_.step(s)) out.push_back(decision_in(s));
  return out;
}

std::vector<stored_record> sqlite_store::records_in(statement& s) {
  std::vector<stored_record> out;
  while (db_.step(s)) out.push_back(record_in(s));
  return out;
}

result<store_survey> sqlite_store::survey(instant now, survey_depth depth) {
  const auto moment = [](const statement& s, int column) {
    return s.is_null(column) ? std::nullopt : std::optional(to_instant(s.integer(column)));
  };
  return reading<store_survey>([&] {
    store_survey out;
    {
      statement s =
          db_.use("SELECT state = 2, count(*), min(at) FROM decision WHERE queued = 1 GROUP BY 1");
      while (db_.step(s)) {
        const bool waits = s.integer(0) != 0;
        (waits ? out.waiting : out.reviews) = s.integer(1);
        (waits ? out.oldest_waiting : out.oldest_review) = moment(s, 2);
      }
    }
    {
      statement s =
          db_.use("SELECT count(*), min(due) FROM decision WHERE due IS NOT NULL AND due <= ?");
      s.bind(to_column(now));
      if (db_.step(s)) {
        out.overdue = s.integer(0);
        out.oldest_overdue = moment(s, 1);
      }
    }
    if (depth == survey_depth::waiting) return out;
    statement s = db_.use("SELECT state, count(*) FROM decision GROUP BY state ORDER BY state");
    while (db_.step(s)) {
      out.states.emplace_back(static_cast<decision_state>(s.integer(0)), s.integer(1));
    }
    return out;
  });
}

result<std::vector<stored_policy>> sqlite_store::policies() {
  return reading<std::vector<stored_policy>>([&] {
    std::vector<stored_policy> out;
    statement s = db_.use(
        "SELECT digest, id, version, number, suspended, document FROM policy ORDER BY id, version");
    while (db_.step(s)) {
      stored_policy& p = out.emplace_back();
      p.digest = s.digest_at(0);
      p.id = policy_id(s.text(1));
      p.version = s.text(2);
      p.number = s.integer(3);
      if (!s.is_null(4)) p.suspended = s.text(4);
      p.document = s.text(5);
    }
    return out;
  });
}

result<std::vector<std::string>> sqlite_store::check() {
  return reading<std::vector<std::string>>([&] {
    std::vector<std::string> wrong;
    const auto tell = [&](const char* sql) {
      statement s = db_.use(sql);
      while (db_.step(s)) {
        if (s.text(0) != "ok") wrong.push_back(s.text(0));
      }
    };
    tell("PRAGMA quick_check(20)");
    tell(
        "SELECT 'record ' || position || ' is missing' FROM"
        " (SELECT position, lag(position, 1, 0) OVER (ORDER BY position) AS before FROM record)"
        " WHERE position <> before + 1 LIMIT 20");
    tell(
        "SELECT 'decision ' || id || ' has not as many records as it should' FROM decision"
        " WHERE number <> (SELECT count(*) FROM record WHERE subject = id) LIMIT 20");
    tell(
        "SELECT 'the total of an account is wrong: ' || hex(account) FROM"
        " (SELECT account.account, account.minor, account.count, account.unsure, ever,"
        "  coalesce(sum(entry.minor * counts) FILTER (WHERE at >= counted_from), 0) AS m,"
        "  coalesce(sum(counts) FILTER (WHERE at >= counted_from), 0) AS c,"
        "  coalesce(sum(entry.unsure) FILTER (WHERE at >= counted_from), 0) AS u,"
        "  coalesce(sum(entry.minor * counts), 0) AS e"
        "  FROM account LEFT JOIN entry ON entry.account = account.account"
        "  GROUP BY account.account)"
        " WHERE minor <> m OR count <> c OR unsure <> u OR ever <> e LIMIT 20");
    return wrong;
  });
}

result<void> sqlite_store::backup(const std::string& path) {
  constexpr int pages = 1000;
  std::error_code none;
  if (const auto size = std::filesystem::file_size(path, none); !none && size > 0) {
    return fail("backup_exists",
                "`" + path + "` is there already; a backup is written to a new file");
  }
  if (auto made = sqlite::make_private_file(path); !made) return made;
  connection copy;
  if (auto opened = copy.open(path); !opened) return opened;
  sqlite3_backup* running = nullptr;
  {
    const std::lock_guard use(connection_use_);
    if (is_closed()) return fail(closed());
    running = sqlite3_backup_init(copy.raw(), "main", db_.raw(), "main");
  }
  int code = running == nullptr ? sqlite3_errcode(copy.raw()) : SQLITE_OK;
  // Tasks go on between the steps; what they change reaches the copy, too.
  while (code == SQLITE_OK) {
    const std::lock_guard use(connection_use_);
    code = sqlite3_backup_step(running, pages);
  }
  if (running != nullptr) {
    const std::lock_guard use(connection_use_);
    const int finished = sqlite3_backup_finish(running);
    if (finished != SQLITE_OK) code = finished;
  }
  if (code == SQLITE_DONE || code == SQLITE_OK) return {};
  // Half a copy is none.
  std::filesystem::remove(path, none);
  return fail("store_failed", "cannot copy to `" + path + "`: " + sqlite3_errstr(code));
}

}  // namespace

result<std::shared_ptr<store>> open_sqlite_store(const std::string& file,
                                                 const sqlite_options& options) {
  auto made = std::make_shared<sqlite_store>(options);
  if (auto opened = made->open(file); !opened) return fail(opened.error());
  return std::shared_ptr<store>(std::move(made));
}

}  // namespace leeway
