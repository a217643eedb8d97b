// SPDX-License-Identifier: Apache-2.0
#include "desk/sqlite/ledger.hpp"

#include <leeway/base/checked.hpp>

#include <algorithm>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace leeway::sqlite {

ledger::account& ledger::account_of(const digest& name) {
  const auto [at, is_new] = accounts_.try_emplace(name);
  if (!is_new) return *at;
  totals& t = at->second;
  statement s =
      db_.use("SELECT counted_from, minor, count, unsure, ever FROM account WHERE account = ?");
  s.bind(name);
  if (!db_.step(s)) return *at;
  t = {.from = s.integer(0),
       .minor = s.integer(1),
       .count = s.integer(2),
       .unsure = s.integer(3),
       .ever = s.integer(4),
       .is_new = false};
  return *at;
}

void ledger::mark_changed(account& one) {
  if (!one.second.changed) changed_.push_back(&one);
  one.second.changed = true;
}

// The edge of a window of months can also go back, over the ends of months; so can this.
void ledger::move(account& one, std::int64_t from) {
  totals& to = one.second;
  if (to.from == from) return;
  const bool ahead = from > to.from;
  // Where nothing counts, or all that does is of later, there is nothing to pass over.
  const bool nothing_counts = to.count == 0 || (to.knows_ends && to.oldest >= from);
  if (!to.is_new && (!ahead || !nothing_counts || to.unsure > 0)) {
    statement s = db_.use(
        "SELECT coalesce(sum(minor * counts), 0), coalesce(sum(counts), 0),"
        " coalesce(sum(unsure), 0) FROM entry WHERE account = ? AND at >= ? AND at < ?");
    s.bind(one.first).bind(std::min(from, to.from)).bind(std::max(from, to.from));
    if (!db_.step(s)) return;
    const std::int64_t sign = ahead ? -1 : 1;
    to.minor += sign * s.integer(0);
    to.count += sign * s.integer(1);
    to.unsure += sign * s.integer(2);
    to.knows_ends = false;
  }
  to.from = from;
  if (!to.is_new) mark_changed(one);
}

std::optional<std::int64_t> ledger::one(const char* sql, const digest& name, std::int64_t from) {
  statement s = db_.use(sql);
  s.bind(name).bind(from);
  if (!db_.step(s) || s.is_null(0)) return std::nullopt;
  return s.integer(0);
}

void ledger::find_ends(account& of) {
  totals& t = of.second;
  const auto oldest =
      one("SELECT at FROM entry WHERE account = ? AND at >= ? AND counts = 1 ORDER BY at LIMIT 1",
          of.first, t.from);
  const auto newest = one(
      "SELECT at FROM entry WHERE account = ? AND at >= ? AND counts = 1 ORDER BY at DESC LIMIT 1",
      of.first, t.from);
  t.knows_ends = oldest && newest;
  t.oldest = oldest.value_or(0);
  t.newest = newest.value_or(0);
}

balance ledger::read(const account_query& wanted) {
  account& of = account_of(wanted.account);
  const totals& t = of.second;
  const std::int64_t from = to_column(wanted.from);
  move(of, from);
  balance out{.minor = t.minor, .count = t.count, .unsure = t.unsure};
  if (t.count == 0) return out;
  if (!t.knows_ends) find_ends(of);
  if (t.knows_ends) {
    out.oldest = to_instant(t.oldest);
    out.newest = to_instant(t.newest);
  }
  // Peaks fall from the oldest to the newest, so the first one is the greatest.
  if (wanted.greatest) {
    out.greatest =
        one("SELECT minor FROM peak WHERE account = ? AND at >= ? ORDER BY at, act LIMIT 1",
            wanted.account, from);
  }
  return out;
}

void ledger::set(const entry_change& change, bool fresh) {
  account& of = account_of(change.account);
  if (!fresh) take_out(change, of.second);
  if (change.present && !put_in(change, of.second)) return;
  mark_changed(of);
}

void ledger::take_out(const entry_change& change, totals& of) {
  const std::int64_t at = to_column(change.at);
  entry before;
  {
    statement s = db_.use(
        "DELETE FROM entry WHERE account = ? AND at = ? AND act = ?"
        " RETURNING minor, counts, unsure");
    s.bind(change.account).bind(at).bind(change.act.view());
    if (!db_.step(s)) return;
    before = {.minor = s.integer(0), .counts = s.integer(1) != 0, .unsure = s.integer(2) != 0};
    while (db_.step(s)) {
    }
  }
  if (before.counts) of.ever -= before.minor;
  if (at >= of.from) {
    of.minor -= before.counts ? before.minor : 0;
    of.count -= before.counts ? 1 : 0;
    of.unsure -= before.unsure ? 1 : 0;
    of.knows_ends = false;
  }
  if (change.greatest && before.counts) lower(change);
}

// What counts now lies between the oldest and the newest, or is one of them.
void ledger::widen(totals& of, std::int64_t at) {
  if (of.count == 1) {
    of.oldest = at;
    of.newest = at;
    of.knows_ends = true;
    return;
  }
  of.oldest = std::min(of.oldest, at);
  of.newest = std::max(of.newest, at);
}

bool ledger::put_in(const entry_change& change, totals& of) {
  const std::int64_t at = to_column(change.at);
  if (change.counts) {
    const auto ever = checked_add(of.ever, change.minor);
    if (!ever) {
      db_.refuse({"store_conflict", "the sum of an account does not fit"});
      return false;
    }
    of.ever = *ever;
  }
  statement s = db_.use(
      "INSERT INTO entry (account, at, act, minor, counts, unsure) VALUES (?, ?, ?, ?, ?, ?)");
  s.bind(change.account)
      .bind(at)
      .bind(change.act.view())
      .bind(change.minor)
      .bind(std::int64_t{change.counts})
      .bind(std::int64_t{change.unsure});
  db_.step(s);
  if (at >= of.from) {
    of.minor += change.counts ? change.minor : 0;
    of.count += change.counts ? 1 : 0;
    of.unsure += change.unsure ? 1 : 0;
    if (change.counts) widen(of, at);
  }
  if (change.greatest && change.counts) raise(change);
  return true;
}

// A peak is an entry with none after it that is as great.
void ledger::raise(const entry_change& change) {
  const std::int64_t at = to_column(change.at);
  {
    statement later = db_.use(
        "SELECT 1 FROM peak WHERE account = ?1 AND (at, act) > (?2, ?3) AND minor >= ?4 LIMIT 1");
    later.bind(change.account).bind(at).bind(change.act.view()).bind(change.minor);
    if (db_.step(later)) return;
  }
  {
    statement earlier =
        db_.use("DELETE FROM peak WHERE account = ?1 AND (at, act) < (?2, ?3) AND minor <= ?4");
    earlier.bind(change.account).bind(at).bind(change.act.view()).bind(change.minor);
    db_.step(earlier);
  }
  statement s = db_.use("INSERT INTO peak (account, at, act, minor) VALUES (?, ?, ?, ?)");
  s.bind(change.account).bind(at).bind(change.act.view()).bind(change.minor);
  db_.step(s);
}

// Without a peak, those that it hid come out: between the peak before it and itself.
void ledger::lower(const entry_change& change) {
  const std::int64_t at = to_column(change.at);
  {
    statement s = db_.use("DELETE FROM peak WHERE account = ? AND at = ? AND act = ? RETURNING 1");
    s.bind(change.account).bind(at).bind(change.act.view());
    if (!db_.step(s)) return;  // it was none
    while (db_.step(s)) {
    }
  }
  std::int64_t before = std::numeric_limits<std::int64_t>::min();
  {
    statement s = db_.use(
        "SELECT at FROM peak WHERE account = ? AND (at, act) < (?, ?) ORDER BY at DESC LIMIT 1");
    s.bind(change.account).bind(at).bind(change.act.view());
    if (db_.step(s)) before = s.integer(0);
  }
  std::vector<entry_change> hidden;
  {
    statement s = db_.use(
        "SELECT at, act, minor FROM entry WHERE account = ? AND at >= ? AND at <= ? AND counts = 1"
        " ORDER BY at DESC, act DESC");
    s.bind(change.account).bind(before).bind(at);
    std::optional<std::int64_t> greatest;
    while (db_.step(s)) {
      if (greatest && s.integer(2) <= *greatest) continue;
      greatest = s.integer(2);
      hidden.push_back({.account = change.account,
                        .act = decision_id(s.text(1)),
                        .at = to_instant(s.integer(0)),
                        .minor = s.integer(2)});
    }
  }
  statement clear = db_.use("DELETE FROM peak WHERE account = ? AND at >= ? AND at <= ?");
  clear.bind(change.account).bind(before).bind(at);
  db_.step(clear);
  for (const entry_change& one : hidden) raise(one);
}

void ledger::write() {
  for (account* one : changed_) {
    totals& t = one->second;
    statement s = db_.use(
        "INSERT INTO account (account, counted_from, minor, count, unsure, ever)"
        " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (account) DO UPDATE SET"
        " counted_from = excluded.counted_from, minor = excluded.minor, count = excluded.count,"
        " unsure = excluded.unsure, ever = excluded.ever");
    s.bind(one->first).bind(t.from).bind(t.minor).bind(t.count).bind(t.unsure).bind(t.ever);
    db_.step(s);
    t.changed = false;
    t.is_new = false;
  }
  changed_.clear();
}

void ledger::forget() {
  accounts_.clear();
  changed_.clear();
}

void ledger::trim() {
  if (accounts_.size() > most_remembered) forget();
}

}  // namespace leeway::sqlite
