// SPDX-License-Identifier: Apache-2.0
/// \file
/// The port between the desk, which knows what decisions and budgets mean, and a store, which keeps
/// them. Applications open a store (desk/open.hpp) and hand it to a desk; only who writes a store
/// of their own needs more of this header. docs/design/0016-desk.md says why it is cut here.
#pragma once

#include <leeway/base/digest.hpp>
#include <leeway/base/id.hpp>
#include <leeway/base/result.hpp>
#include <leeway/base/time.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace leeway {

/// Names a request: ids are their caller's own, so two callers may use the same one.
struct request_key {
  std::string caller{};
  request_id id{};
  friend auto operator<=>(const request_key&, const request_key&) = default;
};

/// Where a decision stands. Stored: never renumber.
enum class decision_state : std::uint8_t {
  approved = 1,    ///< budget is held; to be settled, voided, or expired
  waiting = 2,     ///< escalated: people must approve; in the inbox
  asking = 3,      ///< escalated: facts are wanted, which a superseding request brings
  denied = 4,      ///< by the policy
  settled = 5,     ///< the actual cost is charged
  voided = 6,      ///< the customer declined, or it was not done; nothing is charged
  expired = 7,     ///< not settled within the policy's time; nothing is charged
  declined = 8,    ///< an approver said no
  superseded = 9,  ///< while it waited another request took its place
};

/// One decision as a store keeps it. What a store looks at has a member of its own; everything else
/// is the desk's, in `body`.
struct stored_decision {
  request_key key{};  ///< unique
  decision_id id{};   ///< unique
  /// How many records there are of it: 1 when it is new, one more with every transition.
  std::int64_t number{};
  decision_state state{decision_state::denied};
  instant at{};                  ///< when it was decided
  std::optional<instant> due{};  ///< when something is to happen by itself, next
  bool queued{};                 ///< somebody must look at it: it is listed by `queue`
  /// What it adds to the ledger; empty: nothing. Acts are handed out again when something new is
  /// counted (`store_query::acts_from`).
  std::string act{};
  std::string body{};
};

/// What one account is read for.
struct account_query {
  digest account{};
  instant from{};   ///< entries of this instant and later count
  bool greatest{};  ///< also the greatest amount among them
  /// Whether the task may change the account; then nobody else reads it for a change meanwhile.
  /// False: it is only looked at, by many at once. Either way it is still so when the task's
  /// changes are committed.
  bool is_protected{true};
};

/// What one account comes to, from an instant on: exact, whatever its size.
struct balance {
  std::int64_t minor{};   ///< sum of the amounts that count
  std::int64_t count{};   ///< number of entries that count
  std::int64_t unsure{};  ///< number of entries that make it a lower bound
  std::optional<std::int64_t> greatest{};
  std::optional<instant> oldest{};  ///< of the entries that count
  std::optional<instant> newest{};
  friend bool operator==(const balance&, const balance&) = default;
};

/// What a task wants to read.
struct store_query {
  instant at{};                 ///< the instant it is to take effect, if it can
  std::int64_t publications{};  ///< what the desk knows of `store_view::publications`
  std::vector<request_key> requests{};
  std::vector<decision_id> decisions{};
  std::vector<request_key> chains{};
  std::vector<account_query> accounts{};
  /// Also every act of this instant and later, with nobody else writing meanwhile; slow, and only
  /// done when a policy is published. An act is of the instant it took effect, which is never later
  /// than the change that stored it: a store hands out those of decisions that were changed at this
  /// instant or later, so older ones may be among them.
  std::optional<instant> acts_from{};
};

/// What was read. Lists are in the order of the query's, one for one.
struct store_view {
  /// How often policies were published or changed. When it is not the query's, nothing else needs
  /// to be filled: the desk reads the policies and asks again.
  std::int64_t publications{};
  /// No change may be of an earlier instant: time never runs backwards for what was read.
  instant not_before{instant::min()};
  /// The store's own clock, where it has one that its hosts share.
  std::optional<instant> clock{};
  std::vector<std::optional<stored_decision>> requests{};
  std::vector<std::optional<stored_decision>> decisions{};
  std::vector<std::optional<decision_id>> chains{};  ///< which decision holds budget for it
  std::vector<balance> accounts{};
  std::vector<std::string> acts{};
};

/// One act in one account. There is at most one such entry: it replaces the one before, which is of
/// the same instant.
struct entry_change {
  digest account{};
  decision_id act{};
  bool present{true};  ///< false: the entry is taken out
  instant at{};
  std::int64_t minor{};
  bool counts{true};
  bool unsure{};
  bool greatest{};  ///< the account is one that is read for its greatest amount; always or never
};

/// Which decision holds budget for the requests that supersede each other.
struct chain_change {
  request_key chain{};
  std::optional<decision_id> holder{};  ///< absent: nobody any more
};

/// One line of the record. `(subject, number)` is unique for ever, so that a record also tells
/// whether a commit whose answer was lost took effect.
struct new_record {
  std::string subject{};  ///< the decision's id, or what else it is about
  std::int64_t number{};  ///< 1, 2, 3 ... within the subject
  std::string body{};
};

/// A policy as it was published.
struct stored_policy {
  leeway::digest digest{};
  policy_id id{};
  std::string version{};
  std::int64_t number{};                   ///< of its latest record
  std::optional<std::string> suspended{};  ///< why it is switched off
  std::string document{};                  ///< its normal form
};

/// What a task does: all of it, or nothing.
struct store_change {
  instant at{};
  std::vector<stored_decision> decisions{};  ///< each in the place of the one with its key
  std::vector<chain_change> chains{};
  std::vector<entry_change> entries{};
  std::vector<new_record> records{};      ///< at least one
  std::vector<stored_policy> policies{};  ///< each counts as a publication
};

/// What a task wants after it has looked.
enum class verdict : std::uint8_t {
  write = 1,       ///< commit the change
  read_again = 2,  ///< the query is another now
  done = 3,        ///< nothing is to be written
};

/// One transaction, written so that a store may read and commit in whatever way suits it: at once,
/// after locking, or from what it remembers, trying again. Both functions may be called any number
/// of times, on any thread, never both at once; only the last `judge` counts.
class store_task {
 public:
  virtual ~store_task() = default;
  /// What to read. `into` may hold a former query.
  virtual void ask(store_query& into) = 0;
  /// Decides on what was read. `change` is empty. Does no input or output.
  virtual verdict judge(const store_view& view, store_change& change) = 0;
};

/// A line of the record, as it is read back.
struct stored_record {
  /// Grows in the order of commits: a task saw what records before its own tell of what it read.
  std::int64_t position{};
  std::string subject{};
  std::int64_t number{};
  std::string body{};
};

/// Where a list goes on: after this one.
struct decision_place {
  instant at{};
  decision_id id{};
};

/// What a store did since it was opened.
struct store_figures {
  std::int64_t tasks{};    ///< that were written
  std::int64_t commits{};  ///< durable writes; fewer than tasks where tasks share one
  std::int64_t retries{};  ///< tasks begun again because of somebody else
  std::int64_t failures{};
  std::int64_t largest_batch{};  ///< tasks in one commit
};

/// Something a store did, for whoever watches it.
struct store_event {
  enum class kind : std::uint8_t {
    committed = 1,  ///< `tasks` tasks became durable in `took`
    retried = 2,    ///< a task was begun again; `code` is the cause
    failed = 3,     ///< a task failed with the error `code`
    connected = 4,  ///< a connection to a server was opened
    closed = 5,     ///< the store must be opened again; `code` and `message` say why
  };
  kind what{kind::committed};
  std::int64_t tasks{};
  duration took{};
  /// Of `retried`: `changed` (somebody else changed the same), `conflict` (the server found one),
  /// `connection` (it was lost), `unsure` (it was lost while committing).
  std::string code{};
  std::string message{};
};
/// Called on the threads that run tasks, by many at once, also inside the store's locks: it must
/// not call the store, and should be quick.
using store_watcher = std::function<void(const store_event&)>;

/// What waits in a store, counted.
struct store_survey {
  std::int64_t waiting{};  ///< decisions in the queue that wait for an approval
  std::optional<instant> oldest_waiting{};
  std::int64_t reviews{};  ///< the others in the queue: acts of discretion to be reviewed
  std::optional<instant> oldest_review{};
  std::int64_t overdue{};                   ///< decisions of which something was due
  std::optional<instant> oldest_overdue{};  ///< since when
  /// All decisions by where they stand, in the order of the states; empty: not asked for.
  std::vector<std::pair<decision_state, std::int64_t>> states{};
};

/// How far a survey looks.
enum class survey_depth : std::uint8_t {
  waiting = 1,  ///< what waits and what is overdue: time that grows with those
  all = 2,      ///< every decision too: time that grows with all of them
};

/// Keeps decisions, the ledger, records and policies.
///
/// A store promises, whatever fails:
///
/// - `run` returns success only when the change is durable; until then nobody sees any of it.
/// - It is all or nothing. After an error nothing of it is there, with two exceptions. Where a
///   connection was lost while committing, the store finds out by the records and says which; if
///   it cannot in the time it has, it says `store_unsure`. And after `store_failed` of the medium
///   itself it may turn out to be there when the store is opened again. In both cases it is there
///   wholly or not at all, and the same task again finds which: the same id gets the recorded
///   decision.
/// - What `judge` saw (publications, requests, decisions, chains, accounts) is still so
///   when its change is committed, as if tasks came one after another.
/// - An account's balance is the sum over exactly its entries of `from` and later.
/// - A change is never of an earlier instant than `not_before` said of what it read.
/// - Whoever finds the store damaged, older than it was, or owned by another process gets an error.
///
/// Errors of every function: `store_failed` (the medium or the server), `store_full`,
/// `store_busy` (waited too long: nothing was done), `store_unsure` (of `run`; see above),
/// `store_conflict` (a change that contradicts what is there, or a sum that does not fit),
/// `store_closed` (it failed before and must be opened again).
///
/// Thread-safe.
class store {
 public:
  virtual ~store() = default;

  /// Runs a task. Returns once its change is durable, or its verdict was `done`.
  virtual result<void> run(store_task& task) = 0;

  /// What follows reads what is committed, outside of any task.
  virtual result<std::optional<stored_decision>> find(const decision_id& id) = 0;
  virtual result<std::optional<stored_decision>> find(const request_key& key) = 0;
  /// Decisions somebody must look at, the oldest first.
  virtual result<std::vector<stored_decision>> queue(const std::optional<decision_place>& after,
                                                     std::size_t most) = 0;
  /// Decisions for which something is due at or before an instant, the longest due first.
  virtual result<std::vector<stored_decision>> due(instant until, std::size_t most) = 0;
  /// The records of one subject, by number.
  virtual result<std::vector<stored_record>> records(const std::string& subject) = 0;
  /// All records behind a position (0: from the beginning), in the order of commits.
  virtual result<std::vector<stored_record>> records_after(std::int64_t position,
                                                           std::size_t most) = 0;
  virtual result<std::vector<stored_policy>> policies() = 0;
  /// What an account comes to, as it is committed.
  virtual result<balance> read(const account_query& account) = 0;

  /// Looks through everything for damage; slow. What is wrong, a line each; empty: nothing.
  virtual result<std::vector<std::string>> check() = 0;
  /// Writes a consistent copy into a new file while tasks go on. Errors: `not_supported`,
  /// `backup_exists` (the file is there and not empty).
  virtual result<void> backup(const std::string& path) = 0;

  virtual store_figures figures() const = 0;

  /// What waits, and what was due before `now`. Error: `not_supported`.
  virtual result<store_survey> survey(instant /*now*/, survey_depth /*depth*/) {
    return fail("not_supported", "this store does not count what waits in it");
  }
  /// Tells somebody from now on what the store does, in the place of whom it told before; an empty
  /// one: nobody. A store that does not watch itself ignores it.
  virtual void watch(const store_watcher& /*by*/) {}
};

}  // namespace leeway
