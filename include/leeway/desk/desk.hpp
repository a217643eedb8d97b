// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <leeway/base/diagnostic.hpp>
#include <leeway/base/digest.hpp>
#include <leeway/base/id.hpp>
#include <leeway/base/money.hpp>
#include <leeway/base/result.hpp>
#include <leeway/base/time.hpp>
#include <leeway/desk/events.hpp>
#include <leeway/desk/metrics.hpp>
#include <leeway/desk/standing.hpp>
#include <leeway/desk/store.hpp>
#include <leeway/engine/decision.hpp>
#include <leeway/engine/policy.hpp>
#include <leeway/engine/usage.hpp>
#include <leeway/model/request.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace leeway {

/// What a desk knows of the time before its first decision.
enum class opening : std::uint8_t {
  unknown = 1,  ///< nothing: a request without history or usage of its own stays a lower bound
  empty = 2,    ///< its books begin with it: a request without history has only what they hold
};

/// Where the instant of a decision comes from.
enum class desk_time : std::uint8_t {
  clock = 1,    ///< from the desk's clock; a request's own `at` means nothing
  request = 2,  ///< from the request: for importing what was decided elsewhere, and for tests
};

/// The clocks a desk reads; for tests to stand in for.
struct desk_clock {
  std::function<instant()> now{};       ///< the time of day; may step
  std::function<duration()> elapsed{};  ///< since some instant; never steps
};
/// The system's.
desk_clock system_clocks();

struct desk_options {
  opening before{opening::empty};
  desk_time time{desk_time::clock};
  desk_clock clock{system_clocks()};
  /// A clock that runs ahead of the elapsed time (or of the store's own clock) by more than this
  /// would free budget early: nothing is decided until it is set right or accepted (see
  /// `accept_time`).
  duration largest_step{*duration::make(300)};
  /// How answers are made.
  decide_options how{};
  /// Called, after it is durable, when something waits for a person, for a review too, or passes
  /// on; on the thread that decided, resolved or expired. What it throws is ignored.
  std::function<void(const standing&)> on_waiting{};
  /// Where figures go, also those of the store; absent: nowhere. Several desks may share one, each
  /// with a store of its own: a store tells the last desk that was opened over it with metrics or
  /// events.
  std::shared_ptr<leeway::metrics> metrics{};
  /// Where events go; empty: nowhere.
  event_sink events{};
};

/// What a desk answers. `decision` is as it was made, also where something happened to it since:
/// what may be done now is told by `state` and `next`, never by `decision.next`.
struct answer {
  leeway::decision decision{};
  decision_id id{};
  decision_state state{decision_state::denied};  ///< at present
  /// What the caller should do at present: `do_it` only while `state` is `approved`; `stop` also of
  /// what was done and settled.
  next_step next{next_step::stop};
  /// What is held of an approved decision (an approver may have granted less than was proposed),
  /// what a settled one was charged. Absent: nothing, or the action has no amount.
  std::optional<money> amount{};
  /// Whether it takes effect. Only false of linked requests of which one was not approved.
  bool effective{true};
  bool repeated{};  ///< a retry: this is the recorded decision
  /// The request names in `supersedes` what its caller never had decided here: it may come later,
  /// or the name is mistyped. Only one of the two may be approved, whichever comes first.
  bool supersedes_unknown{};
  std::optional<instant> due{};  ///< see `standing::due`
  /// The decision as interchange JSON: a retry gets the same bytes.
  std::string json{};
};

/// An answer as interchange JSON (one line): the decision with its `next` as it is at present, and
/// a member `desk` that says where it stands (docs/formats/decision.md).
std::string to_json(const answer& a);

/// The actual cost of what was done.
struct settlement {
  std::optional<money> amount{};  ///< not above what is held; absent: all of it
  std::string by{};
  std::string note{};
};

/// What an approver says.
struct resolution {
  leeway::agent by{};  ///< who, with roles and the facts their own limits are counted by
  bool granted{};
  std::optional<money> amount{};  ///< of granted: less than was proposed; absent: as proposed
  std::string note{};             ///< of declined: the reason, required
};

/// What a manager says of an act of discretion.
struct review {
  leeway::agent by{};
  ratification_state verdict{ratification_state::upheld};
  std::string note{};
};

/// Where one budget, grant, measure or fund stands for one key.
struct budget_standing {
  rule_id id{};
  usage_kind kind{usage_kind::budget};
  usage_keys keys{};
  usage_value used{};  ///< with what lacks a part of the key, of a limit: it may be theirs
  /// How much of `used` is of acts that lack a part of the key, and so count for every key.
  std::optional<money> without_key{};
  std::int64_t acts_without_key{};
  std::string amount{};  ///< the limit as the policy writes it; empty: none
  std::string count{};
};

/// Where decisions take effect. It evaluates, holds budget and writes the record as one step, and
/// answers only when that is durable.
///
/// - Two decisions can never together exceed a hard budget, whatever the number of threads,
///   processes (PostgreSQL), retries or crashes.
/// - The same caller and id gets the same decision for ever; with another body it is refused.
/// - Of requests that supersede each other only one holds budget.
/// - The instant of a decision is the desk's own and never runs backwards.
/// - An error never approves, and consumes no id.
///
/// Usage is what the ledger holds of every published policy's counters, plus the request's own
/// history and stated usage.
///
/// Errors are diagnostics with a code: those of `store` (`store_failed`, `store_busy` ...), those
/// named at each function, and what `policy::check` finds wrong with a request. Whatever they are,
/// doing the same again is safe. After `store_unsure` and the `store_failed` of a disk it is not
/// known whether something was recorded: ask again with the same id, and do nothing before. The
/// same holds where memory runs out: functions throw std::bad_alloc then.
///
/// Thread-safe; many threads may decide at once, and share commits.
class desk {
 public:
  /// Opens a desk over a store, and reads the policies it has.
  static result<std::unique_ptr<desk>, diagnostics> open(std::shared_ptr<store> books,
                                                         desk_options options = {});
  ~desk();
  desk(const desk&) = delete;
  desk& operator=(const desk&) = delete;

  /// Publishes a version of a policy: from now on requests are decided under it, and what it counts
  /// is counted of every act there is. Publishing it again changes nothing. Counting anew takes
  /// time that grows with the number of acts. Errors: `version_reused` (the id and version have
  /// another content), what is wrong with a policy whose normal form cannot be read back.
  result<void, diagnostics> publish(const policy& p);
  /// Switches a published version off (`version` empty: every one of that policy), or on again
  /// (`why` absent). Errors: `policy_unknown`.
  result<void, diagnostics> suspend(const policy_id& id, const std::string& version,
                                    const std::optional<std::string>& why);
  /// The published policies.
  std::vector<policy> policies() const;

  /// Decides. `caller` says whose ids these are.
  ///
  /// Errors, which consume no id: `id_missing`, `id_invalid`, `instant_out_of_range`; `id_reused`
  /// (the same id, other content); `superseded_approved` (another request of the chain holds
  /// budget, or was settled); `supersedes_itself`; `supersedes_other_customer`; `signoffs_at_desk`
  /// (sign-offs enter by `resolve` only); `clock_jumped`; `policy_unknown`, `policy_ambiguous` and
  /// the others of `choose_policy`.
  ///
  /// `as_of` of a request is the caller's: an older one is decided under the version that was in
  /// force then. Who may not choose takes it out before.
  result<answer, diagnostics> decide(const request& r, const std::string& caller = {});
  /// Decides several as one: all are approved and take effect, or none does and no id is consumed
  /// (`answer::effective`). Each sees what those before it hold.
  result<std::vector<answer>, diagnostics> decide_linked(const std::vector<request>& all,
                                                         const std::string& caller = {});

  /// What follows changes where a decision stands. Errors: `decision_unknown`; a transition that
  /// its state does not allow, named after it: `is_settled`, `is_waiting` ... The same transition
  /// with the same content is a retry, and gets the present standing.

  /// Charges the actual cost of an approved decision. Errors: `above_hold`, `wrong_currency`,
  /// `negative_amount`, `amount_not_allowed` (the action has none), `is_expired` (also when nobody
  /// had noticed yet).
  result<standing, diagnostics> settle(const decision_id& id, const settlement& what = {});
  /// Releases an approved decision: the customer declined, or it was not done. A waiting one is
  /// withdrawn.
  result<standing, diagnostics> void_decision(const decision_id& id, const std::string& by = {},
                                              const std::string& note = {});
  /// An approver's answer to a waiting decision. Granting evaluates the request again, now, with
  /// the approval, and evaluates the same as the approver's own proposal for their limits and
  /// budgets. When more is wanted it waits on. Errors, after which it still waits:
  /// `approver_unknown` (no id or role, none of the policy's, or what a budget of theirs is kept by
  /// is missing), `approver_is_proposer`, `approver_not_competent` (also of a smaller amount),
  /// `approver_over_limit`, `approver_over_budget` (also of those who approved before: they are
  /// charged as well, once it takes effect), `grant_denied`, `superseded_approved`,
  /// `reason_missing`, `above_proposed`, `wrong_currency`, `policy_unknown`; and `is_asking`: facts
  /// are wanted, not approval.
  result<standing, diagnostics> resolve(const decision_id& id, const resolution& what);
  /// A manager's review of an act of discretion. Errors: `no_ratification_due`,
  /// `ratification_done`, `verdict_missing`, `approver_unknown`, `approver_is_proposer`,
  /// `approver_not_competent`, `policy_unknown`.
  result<standing, diagnostics> ratify(const decision_id& id, const review& what);
  /// Does what is due: holds that ran out expire, decisions that waited too long pass on; what can
  /// pass on to nobody, and reviews that are late, are told as overdue, once. Returns what changed,
  /// at most `most`. A decision that cannot be read keeps no other from it, and is told by an
  /// event; where nothing was changed it is the error. Errors: `clock_jumped`.
  result<std::vector<standing>, diagnostics> expire(std::size_t most = 1000);

  /// Where a decision stands. Errors: `decision_unknown`.
  result<standing, diagnostics> show(const decision_id& id) const;
  result<standing, diagnostics> show(const request_key& key) const;
  /// Its records, in order.
  result<std::vector<std::string>, diagnostics> history(const decision_id& id) const;
  /// What waits for somebody with one of these roles (`roles` empty: for anybody), the oldest
  /// first, behind `after`. What cannot be read is listed for everybody, with why it cannot in
  /// `standing::why`.
  result<std::vector<standing>, diagnostics> inbox(
      const std::vector<role_id>& roles = {}, std::size_t most = 100,
      const std::optional<decision_place>& after = std::nullopt) const;
  /// Where a budget, grant, measure or fund of a policy stands for a key, now. Errors:
  /// `policy_unknown`, `policy_ambiguous`, `budget_unknown`, `key_missing`, `clock_jumped`.
  result<budget_standing, diagnostics> budget(const policy_id& of, const rule_id& id,
                                              const usage_keys& keys) const;

  /// Tells what nobody tells by doing: the inbox, what is overdue, how much of each shared budget
  /// is in use; `survey_depth::all`: also how many decisions there are of each state. Call it
  /// before figures are read, or every few seconds. Errors: those of the store.
  result<void, diagnostics> measure(leeway::metrics& to,
                                    survey_depth depth = survey_depth::waiting) const;

  /// Takes the clock's present time as right, after `clock_jumped`: time passed that it did not
  /// measure. It does not help where the clock is ahead of the store's own (PostgreSQL): that one
  /// counts, and one of the two must be set.
  void accept_time();

 private:
  struct content;
  explicit desk(std::unique_ptr<content> c);
  std::unique_ptr<content> content_;
};

}  // namespace leeway
