// SPDX-License-Identifier: Apache-2.0
#include "desk/core.hpp"

#include "base/json/canonical.hpp"
#include "base/json/text_writer.hpp"

#include <leeway/engine/explanation.hpp>
#include <leeway/engine/json.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>

namespace leeway {

failure<diagnostics> refused(std::string code, std::string message, std::string remedy) {
  return fail(diagnostics(diagnostic{
      .code = std::move(code), .message = std::move(message), .remedy = std::move(remedy)}));
}
failure<diagnostics> refused(const error& why) { return refused(why.code, why.message); }

result<void, diagnostics> desk_core::reload() {
  auto stored = books->policies();
  if (!stored) return refused(stored.error());
  std::int64_t publications = 0;
  std::vector<book_entry> entries;
  const auto known = policies();
  for (stored_policy& one : *stored) {
    publications += one.number;
    const book_entry* before = known->find(one.digest);
    auto read = before != nullptr ? result<policy, diagnostics>(before->published)
                                  : parse_policy(one.document, one.id.str());
    if (!read) return fail(read.error());
    if (read->digest() != one.digest) {
      return refused("store_failed", "the stored policy `" + one.id.str() + "` version `" +
                                         one.version + "` is not the one that was published");
    }
    counting counts = before != nullptr ? before->counts : counting(*read);
    policy under = one.suspended ? read->suspended(*one.suspended) : *read;
    entries.push_back({.published = *std::move(read),
                       .under = std::move(under),
                       .counts = std::move(counts),
                       .stored = std::move(one)});
  }
  auto made = std::make_shared<const book>(publications, std::move(entries));
  const std::lock_guard lock(mutex_);
  book_ = std::move(made);
  return {};
}

result<void, diagnostics> desk_task::run() {
  constexpr int most_publications = 10;
  for (int i = 0; i < most_publications; ++i) {
    book_ = core_.policies();
    outdated_ = false;
    last_ = verdict::done;
    if (const auto ran = core_.books->run(*this); !ran) return refused(ran.error());
    wrote_ = last_ == verdict::write;
    if (problem_) return fail(*std::move(problem_));
    if (!outdated_) return {};
    if (auto read = core_.reload(); !read) return read;
  }
  return refused("store_busy", "policies are being published all the time", "try again");
}

void desk_task::ask(store_query& into) {
  into = {};
  timeless_.reset();
  into.publications = book_->publications();
  const auto next = core_.time.next(stated(), floor_);
  if (!next) {
    timeless_ = refused(next.error()).value;
    wants_recorded(into);
    return;
  }
  at_ = *next;
  into.at = at_;
  wants(into);
}

leeway::verdict desk_task::judge(const store_view& view, store_change& change) {
  last_ = judged(view, change);
  return last_;
}

leeway::verdict desk_task::judged(const store_view& view, store_change& change) {
  // Only the last judgement counts: what was wrong with what was seen before may be so no more.
  problem_.reset();
  outdated_ = view.publications != book_->publications();
  if (outdated_) return verdict::done;
  if (timeless_) return judged_without_time(view, *timeless_);
  if (view.clock) {
    if (const auto near = core_.time.compare(*view.clock); !near) {
      return judged_without_time(view, refused(near.error()).value);
    }
  }
  if (view.not_before > at_) {
    floor_ = view.not_before;
    return verdict::read_again;
  }
  change.at = at_;
  return decide(view, change);
}

/// What was done before is told all the same: nothing is decided anew.
leeway::verdict desk_task::judged_without_time(const store_view& view, const diagnostics& why) {
  const auto known = recorded(view);
  return known ? *known : refuse(why);
}

leeway::verdict desk_task::refuse(std::string code, std::string message, std::string remedy) {
  problem_ = refused(std::move(code), std::move(message), std::move(remedy)).value;
  return verdict::done;
}
leeway::verdict desk_task::refuse(const error& why) { return refuse(why.code, why.message); }
leeway::verdict desk_task::refuse(diagnostics why) {
  problem_ = std::move(why);
  return verdict::done;
}

namespace {

using json::text_writer;

std::string utf8(const std::string& text) {
  return json::is_utf8(text) ? text : json::is_utf8(printable(text)) ? printable(text) : "";
}

/// As requests write it, canonical.
std::string text_of(const agent& a) {
  request carrier;
  carrier.agent = a;
  return json::canonical(nlohmann::json::parse(to_json(carrier)).at("agent"));
}

void put(text_writer& to, std::string_view key, std::string_view text) {
  to.key(key);
  to.text(text);
}
void put_any(text_writer& to, std::string_view key, const std::string& text) {
  if (!text.empty()) put(to, key, utf8(text));
}
template <class Printable>
void put_any(text_writer& to, std::string_view key, const std::optional<Printable>& thing) {
  if (thing) put(to, key, thing->to_string());
}

// Keys in the order of canonical JSON.
void write_event(text_writer& to, const standing& s, instant at, const desk_event& e) {
  to.begin_object();
  put_any(to, "amount", e.amount);
  if (e.approver != nullptr) {
    to.key("approver");
    to.written(text_of(*e.approver));
  }
  put(to, "at", at.to_string());
  put_any(to, "by", e.by);
  put_any(to, "caller", s.key.caller);
  put(to, "decision", s.id.view());
  put_any(to, "due", s.due);
  put(to, "event", e.event);
  put_any(to, "note", e.note);
  to.key("number");
  to.number(s.number);
  if (s.ratification != ratification_state::not_due) {
    put(to, "ratification", to_string(s.ratification));
  }
  put_any(to, "ratification_due", s.ratification_due);
  put(to, "request", utf8(s.key.id.str()));
  put_any(to, "role", e.role);
  put(to, "state", to_string(s.state));
  to.end_object();
}

/// Whom a decision asks, in the order in which it passes on, and what they may grant.
void ask_people(standing& s, const policy& under, const request& proposal, const usage& used) {
  const auto told = explain(under, proposal, used, {.trees = false, .offer = false});
  constexpr int off_the_way = 1000;
  std::map<int, std::vector<role_id>> by_distance;
  for (const auto& approval : told.approvals) {
    if (approval.any_of.empty()) continue;
    const int nearest = approval.any_of.front().steps.value_or(off_the_way);
    for (const auto& one : approval.any_of) {
      auto& roles = by_distance[one.steps.value_or(off_the_way) - nearest];
      if (std::ranges::find(roles, one.role) != roles.end()) continue;
      roles.push_back(one.role);
      s.may_grant.push_back(
          {.role = one.role, .up_to = one.up_to.amount, .unlimited = one.up_to.unlimited});
    }
  }
  for (auto& [distance, roles] : by_distance) {
    std::ranges::sort(roles);
    s.rungs.push_back(std::move(roles));
  }
}

decision_state state_of(const decision& d) {
  switch (d.outcome) {
    case outcome::approve: return decision_state::approved;
    case outcome::escalate: {
      const bool asks =
          std::ranges::any_of(d.needs, [](const need& n) { return n.what == need::kind::fact; });
      return asks ? decision_state::asking : decision_state::waiting;
    }
    case outcome::deny: break;
  }
  return decision_state::denied;
}

}  // namespace

std::string event_text(const standing& s, instant at, const desk_event& e) {
  std::string out;
  text_writer to(out);
  write_event(to, s, at, e);
  to.finish();
  return out;
}

std::string event_record(const standing& s, instant at, const desk_event& e) {
  std::string out;
  text_writer to(out);
  to.begin_object();
  to.key("desk");
  write_event(to, s, at, e);
  put(to, "format", "leeway-record/1");
  to.end_object();
  to.finish();
  return out;
}

void add_change(kept_standing& kept, std::string record, store_change& change) {
  change.records.push_back(
      {.subject = kept.now.id.str(), .number = kept.now.number, .body = std::move(record)});
  change.decisions.push_back(to_stored(kept));
}

std::optional<instant> due_at(const policy& under, instant at,
                              const std::optional<period>& length) {
  if (!length) return std::nullopt;
  return add(at, *length, under.zone());
}

void stand(kept_standing& kept, const decision& d, const policy& under, const request& proposal) {
  standing& s = kept.now;
  const deadline_definition& deadlines = under.document().deadlines;
  s.outcome = d.outcome;
  s.state = state_of(d);
  s.policy = d.policy;
  s.amount = d.amount;
  s.why.clear();
  s.due.reset();
  s.rungs.clear();
  s.may_grant.clear();
  s.rung = 0;
  for (const finding& f : d.findings) {
    if (f.outcome == d.outcome && d.outcome != outcome::approve && !f.lifted) {
      s.why.push_back(text(f));
    }
  }
  if (s.state == decision_state::approved) {
    s.due = due_at(under, d.at, deadlines.settle);
    if (d.ratification) {
      s.ratification = ratification_state::due;
      s.ratification_due = due_at(under, d.at, deadlines.ratify);
    }
  } else if (s.state == decision_state::waiting) {
    ask_people(s, under, proposal, d.usage);
    s.due = due_at(under, d.at, deadlines.approve);
  }
}

}  // namespace leeway
