// SPDX-License-Identifier: Apache-2.0
#include "base/json/canonical.hpp"
#include "desk/decide_task.hpp"
#include "desk/life_task.hpp"
#include "desk/measure.hpp"
#include "desk/people.hpp"
#include "desk/publish_task.hpp"

#include <leeway/desk/desk.hpp>
#include <leeway/engine/json.hpp>
#include <leeway/engine/policy_set.hpp>

#include <algorithm>
#include <set>
#include <utility>

namespace leeway {

struct desk::content {
  content(std::shared_ptr<store> books, desk_options options)
      : core(std::move(books), std::move(options)) {}

  result<std::vector<answer>, diagnostics> decide(const std::vector<request>& all,
                                                  const std::string& caller);
  result<answer, diagnostics> recall(const stored_decision& stored);
  result<standing, diagnostics> noticed(kept_standing kept);
  result<kept_standing, diagnostics> find(const decision_id& id);
  template <class Task, class... What>
  result<standing, diagnostics> change(const char* operation, const decision_id& id,
                                       What&&... what);
  result<std::vector<standing>, diagnostics> expire(std::size_t most);
  result<std::optional<standing>, diagnostics> expire(const stored_decision& one);
  void notify(const standing& s) const;
  /// Does some work of the desk, and tells what came of it.
  template <class Work>
  auto told(const char* operation, std::string_view about, const Work& work) {
    const auto begun = core.seen.is_on() ? core.options.clock.elapsed() : duration{};
    core.seen.started(operation);
    auto out = work();
    if (!core.seen.is_on()) return out;
    const auto took = checked_sub(core.options.clock.elapsed(), begun);
    core.seen.ended(operation, took.value_or(duration{}));
    if (!out) core.seen.refused(operation, about, out.error());
    return out;
  }

  desk_core core;
};

namespace {

constexpr std::size_t longest_id = 256;
/// Stores count nanoseconds in 64 bits: the years 1684 to 2255.
constexpr std::int64_t farthest = 9'000'000'000;

/// Ids are kept by stores of every kind, so they are plain text.
bool is_plain(const std::string& text) {
  return text.size() <= longest_id && json::is_utf8(text) && std::ranges::none_of(text, [](char c) {
           return static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) == 0x7F;
         });
}

result<void, diagnostics> usable(const request& r, const std::string& caller) {
  if (r.id.empty()) {
    return refused("id_missing", "the request has no id",
                   "give every request an id of its own: proposing again under it is a retry");
  }
  if (!is_plain(r.id.str()) || !is_plain(r.supersedes.str()) || !is_plain(caller)) {
    return refused("id_invalid", "an id is longer than 256 bytes, or no plain text",
                   "use UTF-8 without control characters");
  }
  if (r.supersedes == r.id) {
    return refused("supersedes_itself", "the request names itself in `supersedes`",
                   "name the request that it takes the place of, under an id of its own");
  }
  if (r.at.seconds() < -farthest || r.at.seconds() > farthest) {
    return refused("instant_out_of_range", "no desk keeps what happens at " + r.at.to_string(),
                   "its years are 1684 to 2255");
  }
  if (!r.signoffs.empty()) {
    return refused("signoffs_at_desk", "the request carries sign-offs",
                   "at a desk they enter by resolving what waits");
  }
  return {};
}

/// The decision as it was, made again from its record.
leeway::decision again(const kept_standing& kept, const std::string& record, const book& policies,
                       const decide_options& how) {
  const standing& s = kept.now;
  const auto read = parse_record(record);
  const book_entry* under = read ? policies.find(read->policy.digest) : nullptr;
  if (under != nullptr) {
    // As it was then: it may have been switched off, or on again, since.
    const policy p = read->policy.suspended ? under->published.suspended(*read->policy.suspended)
                                            : under->published;
    leeway::decision d = p.decide(read->request, read->usage, how);
    d.caller = s.key.caller;
    if (canonical_core(d) == read->core) return d;
  }
  // Another release may tell it otherwise, but what was answered stays: the outcome at least.
  leeway::decision d;
  d.request = s.key.id;
  d.caller = s.key.caller;
  d.outcome = s.outcome;
  d.policy = s.policy;
  d.at = s.at;
  d.amount = s.amount;
  return d;
}

/// What is known of a decision that cannot be read: somebody must look at it all the same.
standing unreadable(const stored_decision& stored, const error& why) {
  standing s;
  s.id = stored.id;
  s.key = stored.key;
  s.number = stored.number;
  s.state = stored.state;
  s.at = stored.at;
  s.due = stored.due;
  s.request.id = stored.key.id;
  s.request.at = stored.at;
  s.why = {why.message};
  return s;
}

std::string text_of(const std::optional<quantity>& q) {
  if (!q) return {};
  if (const auto* number = std::get_if<std::int64_t>(&*q)) return std::to_string(*number);
  if (const auto* sum = std::get_if<money>(&*q)) return sum->to_string();
  return std::get<expression>(*q);
}

/// The limits of what has this id, as the policy writes them.
void tell_limits(const policy_document& document, budget_standing& out) {
  const auto among = [&](const auto& entries) {
    for (const auto& one : entries) {
      if (one.id != out.id) continue;
      out.amount = text_of(one.amount);
      out.count = text_of(one.count);
    }
  };
  among(document.budgets);
  among(document.grants);
  among(document.discretion);
  for (const overlay_definition& one : document.overlays) among(one.budgets);
}

}  // namespace

result<std::unique_ptr<desk>, diagnostics> desk::open(std::shared_ptr<store> books,
                                                      desk_options options) {
  auto made = std::make_unique<content>(std::move(books), std::move(options));
  if (made->core.seen.is_on()) {
    // The store may live longer than the desk.
    made->core.books->watch([seen = made->core.seen](const store_event& e) { seen.store_did(e); });
  }
  if (auto read = made->core.reload(); !read) return fail(read.error());
  made->core.seen.opened(*made->core.policies());
  return std::unique_ptr<desk>(new desk(std::move(made)));
}

desk::desk(std::unique_ptr<content> c) : content_(std::move(c)) {}
desk::~desk() = default;

result<void, diagnostics> desk::publish(const policy& p) {
  desk_core& core = content_->core;
  return content_->told("publish", p.id().view(), [&]() -> result<void, diagnostics> {
    publish_task task(core, p);
    if (auto done = task.run(); !done) return done;
    if (task.wrote()) core.seen.policy_changed(event_id::policy_published, *task.published());
    if (auto read = core.reload(); !read) return read;
    core.seen.published(*core.policies());
    return {};
  });
}

result<void, diagnostics> desk::suspend(const policy_id& id, const std::string& version,
                                        const std::optional<std::string>& why) {
  desk_core& core = content_->core;
  return content_->told("suspend", id.view(), [&]() -> result<void, diagnostics> {
    suspend_task task(core, id, version, why);
    if (auto done = task.run(); !done) return done;
    for (const stored_policy& one : task.switched()) {
      core.seen.policy_changed(why ? event_id::policy_suspended : event_id::policy_resumed, one);
    }
    if (auto read = core.reload(); !read) return read;
    core.seen.published(*core.policies());
    return {};
  });
}

std::vector<policy> desk::policies() const { return content_->core.policies()->policies(); }

void desk::content::notify(const standing& s) const {
  if (!core.options.on_waiting) return;
  try {
    core.options.on_waiting(s);
  } catch (...) {  // NOLINT(bugprone-empty-catch): what was decided stands, whoever was told
  }
}

result<answer, diagnostics> desk::content::recall(const stored_decision& stored) {
  auto kept = from_stored(stored);
  if (!kept) return refused(kept.error());
  const auto records = core.books->records(stored.id.str());
  if (!records) return refused(records.error());
  if (records->empty()) return refused("store_failed", "a decision has no record");
  decision known = again(*kept, records->front().body, *core.policies(), core.options.how);
  auto now = noticed(*std::move(kept));
  if (!now) return fail(now.error());
  const next_step next = next_of(known, now->state);
  answer out{.decision = std::move(known),
             .id = stored.id,
             .state = now->state,
             .next = next,
             .amount = amount_of(*now),
             .repeated = true,
             .due = now->due,
             .json = std::move(now->answer)};
  return out;
}

/// Who asks again for a hold that ran out must not be told that it is held.
result<standing, diagnostics> desk::content::noticed(kept_standing kept) {
  if (kept.now.state != decision_state::approved || !kept.now.due) return std::move(kept.now);
  const auto now = core.time.next(instant::min(), instant::min());
  // Where the clock is wrong nothing expires; what was decided is told all the same.
  if (!now || *kept.now.due > *now) return std::move(kept.now);
  standing before = kept.now;
  due_task task(core, std::move(kept));
  if (auto done = task.run(); !done) {
    if (done.error().front().code == "clock_jumped") return before;
    return fail(done.error());
  }
  if (task.wrote()) core.seen.changed(task.event(), task.now());
  return task.now();
}

result<std::vector<answer>, diagnostics> desk::content::decide(const std::vector<request>& all,
                                                               const std::string& caller) {
  for (const request& r : all) {
    if (auto good = usable(r, caller); !good) return fail(good.error());
  }
  decide_task task(core, all, caller);
  if (auto done = task.run(); !done) return fail(done.error());
  std::vector<answer> out;
  for (const auto& one : task.known()) {
    if (!one) continue;
    auto known = recall(*one);
    if (!known) return fail(known.error());
    known->supersedes_unknown = task.supersedes_unknown(all[out.size()]);
    if (core.seen.is_on()) {
      const auto kept = from_stored(*one);
      core.seen.decided({.now = kept->now, .decided = known->decision, .effect = "repeated"});
    }
    out.push_back(*std::move(known));
  }
  if (!out.empty()) return out;
  task.tell(core.seen);
  for (const standing& s : task.waiting()) notify(s);
  return std::move(task).answers();
}

result<answer, diagnostics> desk::decide(const request& r, const std::string& caller) {
  auto all = content_->told("decide", r.id.view(), [&] { return content_->decide({r}, caller); });
  if (!all) return fail(std::move(all).error());
  return std::move(all->front());
}

result<std::vector<answer>, diagnostics> desk::decide_linked(const std::vector<request>& all,
                                                             const std::string& caller) {
  if (all.empty()) return std::vector<answer>{};
  return content_->told("decide_linked", all.front().id.view(),
                        [&] { return content_->decide(all, caller); });
}

result<kept_standing, diagnostics> desk::content::find(const decision_id& id) {
  auto stored = core.books->find(id);
  if (!stored) return refused(stored.error());
  if (!*stored) {
    return refused("decision_unknown", "no decision `" + printable(id.view()) + "` is here",
                   "the id of a decision begins with `dec-`");
  }
  auto kept = from_stored(**stored);
  if (!kept) return refused(kept.error());
  return *std::move(kept);
}

template <class Task, class... What>
result<standing, diagnostics> desk::content::change(const char* operation, const decision_id& id,
                                                    What&&... what) {
  return told(operation, id.view(), [&]() -> result<standing, diagnostics> {
    auto known = find(id);
    if (!known) return fail(known.error());
    const bool was_reviewed = known->now.ratification == ratification_state::due;
    Task task(core, *std::move(known), std::forward<What>(what)...);
    const auto done = task.run();
    // Also where it was refused: a hold that ran out has expired.
    if (task.wrote()) core.seen.changed(task.event(), task.now());
    if (!done) return fail(done.error());
    const standing& now = task.now();
    const bool waits = now.state == decision_state::waiting ||
                       (now.ratification == ratification_state::due && !was_reviewed);
    if (task.wrote() && waits) notify(now);
    return now;
  });
}

result<standing, diagnostics> desk::settle(const decision_id& id, const settlement& what) {
  return content_->change<settle_task>("settle", id, what);
}
result<standing, diagnostics> desk::void_decision(const decision_id& id, const std::string& by,
                                                  const std::string& note) {
  return content_->change<void_task>("void", id, by, note);
}
result<standing, diagnostics> desk::resolve(const decision_id& id, const resolution& what) {
  return content_->change<resolve_task>("resolve", id, what);
}
result<standing, diagnostics> desk::ratify(const decision_id& id, const review& what) {
  return content_->change<ratify_task>("ratify", id, what);
}

result<std::vector<standing>, diagnostics> desk::expire(std::size_t most) {
  return content_->told("expire", {}, [&] { return content_->expire(most); });
}

/// Does what is due of one decision. Nothing: somebody else did.
result<std::optional<standing>, diagnostics> desk::content::expire(const stored_decision& one) {
  auto kept = from_stored(one);
  if (!kept) return refused(kept.error());
  due_task task(core, *std::move(kept));
  if (auto done = task.run(); !done) return fail(done.error());
  if (!task.wrote()) return std::optional<standing>();
  const standing& s = task.now();
  core.seen.changed(task.event(), s);
  const bool waits =
      s.state == decision_state::waiting || s.ratification == ratification_state::due;
  if (waits) notify(s);
  return std::optional(s);
}

// One decision that cannot be read keeps no other from what is due. A store that fails fails for
// all, so nobody waits for it a thousand times.
result<std::vector<standing>, diagnostics> desk::content::expire(std::size_t most) {
  constexpr std::size_t most_problems = 10;
  const auto now = core.time.next(instant::min(), instant::min());
  if (!now) return refused(now.error());
  std::vector<standing> out;
  std::set<decision_id> seen;
  std::vector<std::pair<decision_id, diagnostics>> problems;
  for (bool more = true; more && out.size() < most && problems.size() < most_problems;) {
    // What stays due is listed again, before all that follows.
    const std::size_t wanted = most - out.size() + seen.size();
    const auto due = core.books->due(*now, wanted);
    if (!due) return refused(due.error());
    more = false;
    for (const stored_decision& one : *due) {
      if (out.size() == most || problems.size() == most_problems) break;
      if (!seen.insert(one.id).second) continue;
      more = due->size() == wanted;
      auto done = expire(one);
      if (!done) {
        problems.emplace_back(one.id, std::move(done).error());
      } else if (*done) {
        out.push_back(**std::move(done));
      }
    }
  }
  // What was changed is told, whatever else was not.
  if (out.empty() && !problems.empty()) return fail(problems.front().second);
  for (const auto& [id, why] : problems) core.seen.refused("expire", id.view(), why);
  return out;
}

result<standing, diagnostics> desk::show(const decision_id& id) const {
  auto kept = content_->find(id);
  if (!kept) return fail(kept.error());
  return std::move(kept->now);
}

result<standing, diagnostics> desk::show(const request_key& key) const {
  auto stored = content_->core.books->find(key);
  if (!stored) return refused(stored.error());
  if (!*stored) {
    return refused("decision_unknown",
                   "no request `" + printable(key.id.view()) + "` was decided here" +
                       (key.caller.empty() ? "" : " for `" + printable(key.caller) + '`'),
                   "ids are their caller's own: name the caller, or look into another store");
  }
  auto kept = from_stored(**stored);
  if (!kept) return refused(kept.error());
  return std::move(kept->now);
}

result<std::vector<std::string>, diagnostics> desk::history(const decision_id& id) const {
  auto records = content_->core.books->records(id.str());
  if (!records) return refused(records.error());
  std::vector<std::string> out;
  for (stored_record& one : *records) out.push_back(std::move(one.body));
  return out;
}

result<std::vector<standing>, diagnostics> desk::inbox(
    const std::vector<role_id>& roles, std::size_t most,
    const std::optional<decision_place>& after) const {
  constexpr std::size_t page = 200;
  std::vector<standing> out;
  std::optional<decision_place> from = after;
  const auto policies = content_->core.policies();
  const auto concerns = [&](const standing& s) {
    const book_entry* under = policies->find(s.policy.digest);
    if (roles.empty() || under == nullptr) return true;
    const policy_document& document = under->under.document();
    const auto asked = s.state == decision_state::waiting
                           ? s.waits_for()
                           : roles_above(document, s.request.agent.all_roles());
    return meet(held_roles(document, roles), asked);
  };
  while (out.size() < most) {
    const auto found = content_->core.books->queue(from, page);
    if (!found) return refused(found.error());
    for (const stored_decision& one : *found) {
      auto kept = from_stored(one);
      if (!kept) content_->core.seen.refused("inbox", one.id.view(), refused(kept.error()).value);
      standing s = kept ? std::move(kept->now) : unreadable(one, kept.error());
      if (out.size() < most && concerns(s)) out.push_back(std::move(s));
    }
    if (found->size() < page) break;
    from = {found->back().at, found->back().id};
  }
  return out;
}

result<budget_standing, diagnostics> desk::budget(const policy_id& of, const rule_id& id,
                                                  const usage_keys& keys) const {
  const auto policies = content_->core.policies();
  const auto now = content_->core.time.next(instant::min(), instant::min());
  if (!now) return refused(now.error());
  request any{.at = *now, .policy = of};
  const auto chosen = choose_policy(policies->policies(), any);
  if (!chosen) return fail(chosen.error());
  const book_entry& entry = policies->entries()[*chosen];
  const auto& counters = entry.counts.counters();
  const auto counter = std::ranges::find(counters, id, &usage_counter::id);
  if (counter == counters.end()) {
    std::string kept;
    for (const usage_counter& one : counters) {
      kept += (kept.empty() ? "it keeps `" : ", `") + one.id.str() + '`';
    }
    return refused("budget_unknown",
                   "policy `" + entry.stored.id.str() + "` keeps no `" + printable(id.view()) + '`',
                   kept);
  }
  budget_standing out{.id = id, .kind = counter->kind};
  for (const std::string& fact : counter->per) {
    const auto key = std::ranges::find(keys, fact, &usage_keys::value_type::first);
    if (key == keys.end()) {
      return refused("key_missing", "`" + id.str() + "` is kept by `" + fact + "`",
                     "say which one is meant");
    }
    out.keys.push_back(*key);
  }
  const auto account = [&](const digest& of_account) {
    return content_->core.books->read({.account = of_account,
                                       .from = counter->window.first(*now, entry.under.zone()),
                                       .greatest = counter->take == take::max,
                                       .is_protected = false});
  };
  const auto own = account(account_of(counter->definition, out.keys));
  if (!own) return refused(own.error());
  const auto unplaced = account(unplaced_account_of(counter->definition));
  if (!unplaced) return refused(unplaced.error());
  out.used = usage_in(together(*own, *unplaced, *counter), *counter, entry.under, *now);
  if (is_limit(*counter)) {
    out.without_key = money(unplaced->minor, entry.under.money_currency());
    out.acts_without_key = unplaced->count;
  }
  tell_limits(entry.under.document(), out);
  out.used.keys = out.keys;
  return out;
}

result<void, diagnostics> desk::measure(metrics& to, survey_depth depth) const {
  return leeway::measure(content_->core, to, depth);
}

void desk::accept_time() {
  content_->core.time.accept();
  content_->core.seen.clock_accepted();
}

}  // namespace leeway
