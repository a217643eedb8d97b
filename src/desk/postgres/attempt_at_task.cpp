// SPDX-License-Identifier: Apache-2.0
#include "desk/postgres/attempt_at_task.hpp"

#include "desk/postgres/instants.hpp"
#include "desk/postgres/statements.hpp"
#include "desk/postgres/stored_rows.hpp"
#include "desk/written_accounts.hpp"

#include <leeway/base/checked.hpp>

#include <algorithm>
#include <set>
#include <utility>

namespace leeway::postgres {
namespace {

using texts = std::vector<std::string_view>;
using numbers = std::vector<std::int64_t>;

failure<error> contradicts(const std::string& what) {
  return fail("store_conflict", "a change contradicts what was read: " + what);
}

/// One number for a lock on what may not be there yet.
std::int64_t hash_of(const digest& d) {
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < 8; ++i) out = out << 8 | d.bytes()[i];
  return static_cast<std::int64_t>(out);
}

std::int64_t hash_of(const request_key& key) {
  return hash_of(digest::of(key.caller + '\n' + key.id.str()));
}

/// Names a change. Of versions that are only counted, that of somebody else's change would be taken
/// for that of one's own.
std::int64_t name_of(const store_change& change) {
  std::string all;
  for (const new_record& r : change.records) {
    all += r.subject + '\n' + std::to_string(r.number) + '\n' + r.body + '\n';
  }
  return hash_of(digest::of(all)) | 1;
}

template <class Range, class Project>
texts texts_of(const Range& from, const Project& project) {
  texts out;
  for (const auto& one : from) out.push_back(project(one));
  return out;
}

template <class Range, class Project>
numbers numbers_of(const Range& from, const Project& project) {
  numbers out;
  for (const auto& one : from) out.push_back(project(one));
  return out;
}

template <class Range, class Project>
std::vector<bool> booleans_of(const Range& from, const Project& project) {
  std::vector<bool> out;
  for (const auto& one : from) out.push_back(project(one));
  return out;
}

texts callers_of(const std::vector<request_key>& keys) {
  return texts_of(keys, [](const request_key& k) -> std::string_view { return k.caller; });
}
texts ids_of(const std::vector<request_key>& keys) {
  return texts_of(keys, [](const request_key& k) -> std::string_view { return k.id.view(); });
}

}  // namespace

// --- Asking and judging

void attempt_at_task::ask() { task_.ask(query_); }

leeway::verdict attempt_at_task::judge() {
  change_ = {};
  const leeway::verdict wanted = task_.judge(view_, change_);
  name_ = wanted == leeway::verdict::write ? name_of(change_) : 0;
  return wanted;
}

bool attempt_at_task::guess(account_memory& memory, const known_desk& desk) {
  if (!can_guess()) return false;
  if (query_.publications != desk.publications) return false;
  accounts_.clear();
  for (const account_query& one : query_.accounts) {
    auto known = memory.guess(one);
    if (!known) return false;
    accounts_.push_back(*std::move(known));
  }
  guessed_ = true;
  server_clock_ = desk.clock;
  view_ = {.publications = desk.publications};
  if (tells_clock_) view_.clock = desk.clock;
  view_.requests.resize(query_.requests.size());
  view_.chains.resize(query_.chains.size());
  for (const known_account& one : accounts_) view_.accounts.push_back(one.balance);
  set_not_before();
  return true;
}

/// Time does not run backwards for an account; decisions are seen to where they are read.
void attempt_at_task::set_not_before() {
  for (const known_account& one : accounts_) {
    view_.not_before = std::max(view_.not_before, one.changed_at);
  }
}

// --- Looking

/// Places of the accounts that must still be as they were seen.
std::vector<std::size_t> attempt_at_task::checked_accounts() const {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < query_.accounts.size(); ++i) {
    if (query_.accounts[i].is_protected) out.push_back(i);
  }
  return out;
}

std::vector<std::int64_t> attempt_at_task::key_hashes() const {
  std::set<std::int64_t> out;
  for (const request_key& key : query_.requests) out.insert(hash_of(key));
  for (const request_key& key : query_.chains) out.insert(hash_of(key));
  return {out.begin(), out.end()};
}

account_locks attempt_at_task::locks_on_accounts() const {
  account_locks out;
  for (const account_query& one : query_.accounts) out.add(hash_of(one.account), one.is_protected);
  return out;
}

std::vector<digest> attempt_at_task::changeable_accounts() const {
  std::vector<digest> out;
  for (const std::size_t i : checked_accounts()) out.push_back(query_.accounts[i].account);
  return out;
}

std::vector<call> attempt_at_task::look(bool open) const {
  std::vector<call> out;
  if (open) out.push_back({&sql::roll_back});
  const texts callers = callers_of(query_.requests);
  const texts ids = ids_of(query_.requests);
  const texts named = texts_of(query_.decisions, [](const decision_id& id) { return id.view(); });
  const texts locked = texts_of(
      checked_accounts(), [&](std::size_t i) { return bytes_of(query_.accounts[i].account); });
  out.push_back({&sql::begin});
  out.push_back({query_.acts_from ? &sql::lock_alone : &sql::lock_shared});
  out.push_back({&sql::lock_keys, parameters().add(std::span<const std::int64_t>(key_hashes()))});
  out.push_back(
      {&sql::lock_decisions, parameters().add_texts(named).add_texts(callers).add_texts(ids)});
  out.push_back(locks_on_accounts().take());
  // Nobody waits from here on, but for whoever changes the tables by hand.
  out.push_back(
      {&sql::lock_decision_rows, parameters().add_texts(named).add_texts(callers).add_texts(ids)});
  out.push_back({&sql::open_accounts, parameters().add_blobs(locked)});
  out.push_back({&sql::lock_account_rows, parameters().add_blobs(locked)});

  const auto& accounts = query_.accounts;
  const texts all = texts_of(accounts, [](const auto& one) { return bytes_of(one.account); });
  const numbers froms =
      numbers_of(accounts, [](const auto& one) { return nanoseconds_of(one.from); });
  const auto greatest = booleans_of(accounts, [](const auto& one) { return one.greatest; });
  out.push_back({&sql::read_desk});
  out.push_back({&sql::requests, parameters().add_texts(callers).add_texts(ids)});
  out.push_back({&sql::decisions, parameters().add_texts(named)});
  out.push_back(
      {&sql::chains,
       parameters().add_texts(callers_of(query_.chains)).add_texts(ids_of(query_.chains))});
  out.push_back(
      {&sql::balances,
       parameters().add_blobs(all).add(std::span<const std::int64_t>(froms)).add(greatest)});
  if (query_.acts_from) {
    out.push_back({&sql::acts, parameters().add(nanoseconds_of(*query_.acts_from))});
  }
  return out;
}

void attempt_at_task::found(const std::vector<rows>& answers, bool open) {
  const rows* next = answers.data() + (open ? 9 : 8);
  guessed_ = false;
  view_ = {};
  const rows& desk = *next++;
  view_.publications = desk.integer(0, 0);
  server_clock_ = instant_of(desk.integer(0, 1));
  if (tells_clock_) view_.clock = server_clock_;
  const auto decisions = [&](const rows& r, std::size_t size) {
    std::vector<std::optional<stored_decision>> out(size);
    for (std::size_t row = 0; row < r.size(); ++row) {
      view_.not_before = std::max(view_.not_before, changed_at_of(r, row));
      out.at(static_cast<std::size_t>(r.integer(row, 0) - 1)) = decision_of(r, row);
    }
    return out;
  };
  view_.requests = decisions(*next++, query_.requests.size());
  view_.decisions = decisions(*next++, query_.decisions.size());
  view_.chains.resize(query_.chains.size());
  const rows& chains = *next++;
  for (std::size_t row = 0; row < chains.size(); ++row) {
    view_.chains.at(static_cast<std::size_t>(chains.integer(row, 0) - 1)) =
        decision_id(chains.bytes(row, 1));
  }
  accounts_.assign(query_.accounts.size(), {});
  view_.accounts.resize(query_.accounts.size());
  const rows& balances = *next++;
  for (std::size_t row = 0; row < balances.size(); ++row) {
    put_account(balances, row, static_cast<std::size_t>(balances.integer(row, 0) - 1));
  }
  set_not_before();
  if (!query_.acts_from) return;
  const rows& acts = *next;
  for (std::size_t row = 0; row < acts.size(); ++row) view_.acts.emplace_back(acts.bytes(row, 0));
}

void attempt_at_task::put_account(const rows& r, std::size_t row, std::size_t at) {
  known_account& one = accounts_.at(at);
  const account_query& wanted = query_.accounts.at(at);
  one = {.version = r.integer(row, 1), .since = wanted.from, .balance = balance_of(r, row, 2)};
  one.changed_by = r.integer(row, 9);
  one.has_greatest = wanted.greatest || one.balance.count == 0;
  one.changed_at = instant_of(r.integer(row, 8));
  view_.accounts.at(at) = one.balance;
}

// --- Writing

result<void> attempt_at_task::admissible() const {
  if (change_.at < view_.not_before) return contradicts("it is of an earlier instant");
  if (!is_storable(change_.at)) return contradicts("its instant is too far away");
  if (!reads_what_it_changes(query_, change_)) return contradicts("an account that was not read");
  for (const entry_change& e : change_.entries) {
    if (e.present && !is_storable(e.at))
      return contradicts("the instant of an entry is too far away");
  }
  return {};
}

result<std::vector<call>> attempt_at_task::write(bool open) const {
  auto written = write_behind(0);
  if (!written) return fail(std::move(written).error());
  std::vector<call> out;
  if (!open) out.push_back({&sql::begin});
  if (!open && alone()) out.push_back({&sql::lock_alone});
  out.push_back(*std::move(written));
  out.push_back({&sql::commit});
  return out;
}

result<call> attempt_at_task::write_behind(std::int64_t records) const {
  if (auto good = admissible(); !good) return fail(std::move(good).error());
  parameters with;
  with.add(view_.publications).add(alone());
  add_seen(with);
  with.add(nanoseconds_of(change_.at)).add(name_);
  if (auto good = add_totals(with); !good) return fail(std::move(good).error());
  add_entries(with);
  add_decisions(with);
  add_chains(with);
  add_records(records, with);
  return call{&sql::write, std::move(with)};
}

/// What must still be so.
void attempt_at_task::add_seen(parameters& to) const {
  to.add(std::span<const std::int64_t>(key_hashes()));
  locks_on_accounts().put(to);
  std::vector<request_key> absent;
  std::map<std::string_view, std::int64_t> seen;
  for (std::size_t i = 0; i < query_.requests.size(); ++i) {
    const auto& one = view_.requests[i];
    if (one) seen.emplace(one->id.view(), one->number);
    if (!one) absent.push_back(query_.requests[i]);
  }
  for (const auto& one : view_.decisions) {
    if (one) seen.emplace(one->id.view(), one->number);
  }
  to.add_texts(callers_of(absent)).add_texts(ids_of(absent));
  to.add_texts(texts_of(seen, [](const auto& one) { return one.first; }));
  to.add(
      std::span<const std::int64_t>(numbers_of(seen, [](const auto& one) { return one.second; })));

  std::vector<std::optional<std::string_view>> holders;
  for (const auto& one : view_.chains) {
    holders.push_back(one ? std::optional(one->view()) : std::nullopt);
  }
  to.add_texts(callers_of(query_.chains)).add_texts(ids_of(query_.chains)).add_texts(holders);

  const auto checked = checked_accounts();
  const auto& asked = query_.accounts;
  to.add_blobs(texts_of(checked, [&](std::size_t i) { return bytes_of(asked[i].account); }));
  to.add(std::span<const std::int64_t>(
      numbers_of(checked, [&](std::size_t i) { return accounts_[i].version; })));
  to.add(std::span<const std::int64_t>(
      numbers_of(checked, [&](std::size_t i) { return accounts_[i].changed_by; })));
  to.add(std::span<const std::int64_t>(
      numbers_of(checked, [&](std::size_t i) { return nanoseconds_of(asked[i].from); })));
  to.add(booleans_of(checked, [&](std::size_t i) { return asked[i].greatest; }));

  // What was only guessed, and is not protected either.
  texts glanced;
  numbers changes;
  for (std::size_t i = 0; guessed_ && i < asked.size(); ++i) {
    if (asked[i].is_protected) continue;
    glanced.push_back(bytes_of(asked[i].account));
    changes.push_back(accounts_[i].changed_by);
  }
  to.add_blobs(glanced).add(std::span<const std::int64_t>(changes));
}

/// The totals of accounts that were read, as they are with what is new. What an entry replaces the
/// server takes off.
result<void> attempt_at_task::add_totals(parameters& to) const {
  texts accounts;
  numbers froms;
  numbers minors;
  numbers counts;
  numbers unsures;
  numbers added;
  for (const std::size_t i : checked_accounts()) {
    const digest& account = query_.accounts[i].account;
    const bool changes = std::ranges::any_of(
        change_.entries, [&](const entry_change& e) { return e.account == account; });
    if (!changes) continue;
    std::int64_t all = 0;
    std::int64_t most = view_.accounts[i].minor;
    for (const entry_change& e : change_.entries) {
      if (e.account != account || !e.present || !e.counts) continue;
      const auto sum = checked_add(most, e.minor);
      const auto sum_of_all = checked_add(all, e.minor);
      if (!sum || !sum_of_all) return fail("store_conflict", "the sum of an account does not fit");
      most = *sum;
      all = *sum_of_all;
    }
    const known_account& known = accounts_[i];
    const balance b = with_entries(view_.accounts[i], known.since, account, change_.entries);
    accounts.push_back(bytes_of(account));
    froms.push_back(nanoseconds_of(known.since));
    minors.push_back(b.minor);
    counts.push_back(b.count);
    unsures.push_back(b.unsure);
    added.push_back(all);
  }
  to.add_blobs(accounts);
  for (const numbers* one : {&froms, &minors, &counts, &unsures, &added}) {
    to.add(std::span<const std::int64_t>(*one));
  }
  return {};
}

/// Whether the act of an entry is of a decision that is new with this change: then there is no
/// entry before it.
bool attempt_at_task::is_fresh(const entry_change& e) const {
  return std::ranges::any_of(
      change_.decisions, [&](const stored_decision& d) { return d.number == 1 && d.id == e.act; });
}

void attempt_at_task::add_entries(parameters& to) const {
  const auto& entries = change_.entries;
  std::set<digest> read;
  for (const std::size_t i : checked_accounts()) read.insert(query_.accounts[i].account);
  std::set<std::string_view> blind;
  for (const entry_change& e : entries) {
    if (!read.contains(e.account)) blind.insert(bytes_of(e.account));
  }
  to.add_blobs(texts_of(entries, [](const auto& e) { return bytes_of(e.account); }));
  to.add_texts(texts_of(entries, [](const auto& e) { return e.act.view(); }));
  to.add(booleans_of(entries, [&](const auto& e) { return is_fresh(e); }));
  to.add(booleans_of(entries, [](const auto& e) { return e.present; }));
  to.add(std::span<const std::int64_t>(
      numbers_of(entries, [](const auto& e) { return nanoseconds_of(e.at); })));
  to.add(std::span<const std::int64_t>(numbers_of(entries, [](const auto& e) { return e.minor; })));
  to.add(booleans_of(entries, [](const auto& e) { return e.counts; }));
  to.add(booleans_of(entries, [](const auto& e) { return e.unsure; }));
  to.add(booleans_of(entries, [](const auto& e) { return e.greatest; }));
  to.add_blobs(texts(blind.begin(), blind.end()));
}

void attempt_at_task::add_decisions(parameters& to) const {
  const auto& all = change_.decisions;
  using one_of = const stored_decision&;
  std::vector<std::optional<std::int64_t>> dues;
  for (const stored_decision& d : all) {
    dues.push_back(d.due ? std::optional(nanoseconds_of(*d.due)) : std::nullopt);
  }
  to.add_texts(texts_of(all, [](one_of d) -> std::string_view { return d.key.caller; }));
  to.add_texts(texts_of(all, [](one_of d) { return d.key.id.view(); }));
  to.add_texts(texts_of(all, [](one_of d) { return d.id.view(); }));
  to.add(std::span<const std::int64_t>(numbers_of(all, [](one_of d) { return d.number; })));
  to.add(std::span<const std::int64_t>(
      numbers_of(all, [](one_of d) { return static_cast<std::int64_t>(d.state); })));
  to.add(std::span<const std::int64_t>(
      numbers_of(all, [](one_of d) { return nanoseconds_of(d.at); })));
  to.add(std::span<const std::optional<std::int64_t>>(dues));
  to.add(booleans_of(all, [](one_of d) { return d.queued; }));
  to.add_texts(texts_of(all, [](one_of d) -> std::string_view { return d.act; }));
  to.add_texts(texts_of(all, [](one_of d) -> std::string_view { return d.body; }));
}

void attempt_at_task::add_chains(parameters& to) const {
  std::vector<request_key> free;
  std::vector<request_key> held;
  texts holders;
  for (const chain_change& c : change_.chains) {
    if (c.holder) holders.push_back(c.holder->view());
    (c.holder ? held : free).push_back(c.chain);
  }
  to.add_texts(callers_of(free)).add_texts(ids_of(free));
  to.add_texts(callers_of(held)).add_texts(ids_of(held)).add_texts(holders);
}

void attempt_at_task::add_records(std::int64_t place, parameters& to) const {
  const auto& records = change_.records;
  using policy_line = const stored_policy&;
  to.add(place);
  to.add_texts(texts_of(records, [](const auto& r) -> std::string_view { return r.subject; }));
  to.add(
      std::span<const std::int64_t>(numbers_of(records, [](const auto& r) { return r.number; })));
  to.add_texts(texts_of(records, [](const auto& r) -> std::string_view { return r.body; }));

  const auto& policies = change_.policies;
  std::vector<std::optional<std::string_view>> suspended;
  for (policy_line p : policies) {
    suspended.push_back(p.suspended ? std::optional<std::string_view>(*p.suspended) : std::nullopt);
  }
  to.add_blobs(texts_of(policies, [](policy_line p) { return bytes_of(p.digest); }));
  to.add_texts(texts_of(policies, [](policy_line p) { return p.id.view(); }));
  to.add_texts(texts_of(policies, [](policy_line p) -> std::string_view { return p.version; }));
  to.add(
      std::span<const std::int64_t>(numbers_of(policies, [](policy_line p) { return p.number; })));
  to.add_texts(suspended);
  to.add_texts(texts_of(policies, [](policy_line p) -> std::string_view { return p.document; }));
}

written attempt_at_task::outcome(const std::vector<rows>& answers, bool open) {
  return outcome(answers.at(open ? 0 : alone() ? 2 : 1));
}

written attempt_at_task::outcome(const rows& told) {
  is_behind_ = false;
  if (told.integer(0, 0) == -1) {
    position_ = told.integer(0, 1);
    return written::yes;
  }
  if (told.integer(0, 0) == 0) return written::other_changed;
  const auto checked = checked_accounts();
  for (std::size_t row = 0; row < told.size(); ++row) {
    const std::size_t at = checked.at(static_cast<std::size_t>(told.integer(row, 0) - 1));
    is_behind_ = is_behind_ || told.integer(row, 1) < accounts_.at(at).version;
    put_account(told, row, at);
  }
  set_not_before();
  return written::accounts_changed;
}

call attempt_at_task::ask_for_records() const {
  const auto& records = change_.records;
  parameters with;
  with.add_texts(texts_of(records, [](const auto& r) -> std::string_view { return r.subject; }));
  with.add(
      std::span<const std::int64_t>(numbers_of(records, [](const auto& r) { return r.number; })));
  with.add_texts(texts_of(records, [](const auto& r) -> std::string_view { return r.body; }));
  return {&sql::same_records, std::move(with)};
}

// --- Remembering

void attempt_at_task::remember(account_memory& memory) const {
  for (std::size_t i = 0; i < query_.accounts.size(); ++i) {
    const digest& account = query_.accounts[i].account;
    known_account now = accounts_[i];
    bool changes = false;
    bool replaces = false;
    for (const entry_change& e : change_.entries) {
      if (e.account != account) continue;
      changes = true;
      replaces = replaces || !is_fresh(e);
    }
    if (replaces) {
      memory.forget(account);
      continue;
    }
    if (changes) {
      now.balance = with_entries(now.balance, now.since, account, change_.entries);
      ++now.version;
      now.changed_by = name_;
      now.changed_at = change_.at;
    }
    memory.learn(account, now);
  }
}

void attempt_at_task::forget(account_memory& memory) const {
  for (const account_query& one : query_.accounts) memory.forget(one.account);
}

void attempt_at_task::beware(account_memory& memory) const {
  for (const std::size_t i : checked_accounts()) memory.beware(query_.accounts[i].account);
}

}  // namespace leeway::postgres
