// SPDX-License-Identifier: Apache-2.0
#include "desk/life_task.hpp"

#include "desk/people.hpp"

#include <algorithm>
#include <utility>

namespace leeway {
namespace {

std::vector<history_entry> reversed(std::vector<history_entry> act) {
  for (history_entry& one : act) one.reversed = true;
  return act;
}

}  // namespace

life_task::life_task(desk_core& core, kept_standing known)
    : desk_task(core), opening_(core.options.before), kept_(std::move(known)) {}

void life_task::wants(store_query& into) {
  accounts_ = {};
  for (const auto& act : {kept_.act, reversed(kept_.act)}) {
    for (const auto& [account, one] : policies().of(act, kept_.now.id, names())) {
      accounts_.add(
          {.account = account, .from = one.counter->window.first(at(), one.under->zone())});
    }
  }
  add_accounts(accounts_);
  for (const auto& [account, from] : more_accounts_) {
    accounts_.add({.account = account, .from = from});
  }
  const standing& s = kept_.now;
  into.decisions = {s.id};
  for (const auto& entry : s.request.history.value_or(std::vector<history_entry>{})) {
    if (entry.id.starts_with("dec-")) into.decisions.emplace_back(entry.id);
  }
  if (chain_.empty() || chain_.front() != kept_.chain) chain_ = {kept_.chain};
  for (const request_id& id : chain_) into.chains.push_back({s.key.caller, id});
  if (follows_chain()) into.requests = into.chains;
  into.chains.push_back(s.key);
  into.accounts = accounts_.queries();
}

/// When it was proposed, what it supersedes may not have been known here, nor what that supersedes.
bool life_task::goes_further(const store_view& view) {
  if (!follows_chain() || !view.requests.back()) return false;
  const auto last = from_stored(*view.requests.back());
  if (!last || std::ranges::find(chain_, last->chain) != chain_.end()) return false;
  chain_.push_back(last->chain);
  return true;
}

void life_task::wants_recorded(store_query& into) { into.decisions = {kept_.now.id}; }

std::optional<leeway::verdict> life_task::recorded(const store_view& view) {
  if (!view.decisions.front()) return std::nullopt;
  auto kept = from_stored(*view.decisions.front());
  if (!kept) return refuse(kept.error());
  kept_ = *std::move(kept);
  return is_repeat() ? std::optional(verdict::done) : std::nullopt;
}

leeway::verdict life_task::decide(const store_view& view, store_change& into) {
  if (!view.decisions.front()) {
    return refuse("decision_unknown", "no decision `" + kept_.now.id.str() + "` is here");
  }
  auto kept = from_stored(*view.decisions.front());
  if (!kept) return refuse(kept.error());
  const bool is_other = kept->now.number != kept_.now.number;
  kept_ = *std::move(kept);
  if (is_repeat()) return verdict::done;
  if (is_other || goes_further(view)) return verdict::read_again;
  known_.clear();
  for (const auto& one : view.decisions) {
    if (one) known_.insert(one->id.str());
  }
  chain_is_held_ = std::ranges::any_of(
      view.chains, [&](const auto& holder) { return holder && *holder != kept_.now.id; });
  accounts_.found(view.accounts);
  const kept_standing before = kept_;
  const auto wanted = change(into);
  if (wanted == verdict::read_again) kept_ = before;
  return wanted;
}

leeway::verdict life_task::wrong_state(const std::string& what) {
  const std::string state(to_string(kept_.now.state));
  return refuse("is_" + state, "decision `" + kept_.now.id.str() + "` is " + state + ": " + what,
                kept_.now.state == decision_state::waiting ? "somebody must resolve it first" : "");
}

bool life_task::replace_act(std::vector<history_entry> act, store_change& into) {
  const postings before = policies().of(kept_.act, kept_.now.id, names());
  const postings after = policies().of(act, kept_.now.id, names());
  bool all_read = true;
  const auto put = [&](const posting& one, bool present) {
    if (!accounts_.may_change(one.account)) {
      more_accounts_.emplace(one.account, one.counter->window.first(at(), one.under->zone()));
      all_read = false;
    }
    entry_change entry = one.entry;
    entry.present = present;
    into.entries.push_back(std::move(entry));
  };
  for (const auto& [account, one] : before) {
    if (!after.contains(account)) put(one, false);
  }
  for (const auto& [account, one] : after) put(one, true);
  kept_.act = std::move(act);
  return all_read;
}

bool life_task::release(store_change& into) {
  if (!replace_act(reversed(kept_.act), into)) return false;
  standing& s = kept_.now;
  // What was not done needs no review.
  if (s.ratification == ratification_state::due) {
    s.ratification = ratification_state::not_due;
    s.ratification_due.reset();
  }
  into.chains.push_back({.chain = {s.key.caller, kept_.chain}});
  if (kept_.chain != s.key.id) into.chains.push_back({.chain = s.key});
  return true;
}

leeway::verdict life_task::written(const desk_event& event, store_change& into) {
  return written(event.event, event_record(kept_.now, at(), event), into);
}

leeway::verdict life_task::written(std::string_view event, std::string record, store_change& into) {
  add_change(kept_, std::move(record), into);
  event_ = event;
  return verdict::write;
}

bool life_task::is_overdue() const {
  return kept_.now.state == decision_state::approved && kept_.now.due && *kept_.now.due <= at();
}

leeway::verdict life_task::expire_hold(store_change& into) {
  standing& s = kept_.now;
  if (!release(into)) return verdict::read_again;
  s.state = decision_state::expired;
  s.due.reset();
  advance();
  return written({.event = "expiry", .amount = s.amount}, into);
}

bool settle_task::is_repeat() const {
  return now().state == decision_state::settled &&
         now().charged == (what_.amount ? what_.amount : now().amount);
}

leeway::verdict settle_task::change(store_change& into) {
  const standing& s = kept().now;
  const auto amount = what_.amount ? what_.amount : s.amount;
  if (is_overdue()) {
    const auto done = expire_hold(into);
    if (done == verdict::write) {
      refuse("is_expired", "the hold of decision `" + s.id.str() + "` ran out",
             "propose it again under a new id that supersedes this one");
    }
    return done;
  }
  if (s.state != decision_state::approved) return wrong_state("only what is approved is settled");
  if (amount && !s.amount) {
    return refuse("amount_not_allowed", "the action has no amount to settle");
  }
  if (!amount) return charge(amount, into);
  if (amount->cur() != s.amount->cur()) {
    return refuse("wrong_currency", "held is " + s.amount->to_string());
  }
  if (amount->is_negative()) {
    return refuse("negative_amount", "a cost is never negative");
  }
  if (*amount > *s.amount) {
    return refuse(
        "above_hold",
        amount->to_string() + " is more than the " + s.amount->to_string() + " that is held",
        "void it, and propose the larger amount under a new id that supersedes it");
  }
  return charge(amount, into);
}

leeway::verdict settle_task::charge(const std::optional<money>& amount, store_change& into) {
  std::vector<history_entry> act = kept().act;
  for (history_entry& one : act) {
    one.amount = amount;
    if (one.due && amount && *amount < *one.due) one.due = amount;
  }
  if (!replace_act(std::move(act), into)) return verdict::read_again;
  standing& s = kept().now;
  s.state = decision_state::settled;
  s.charged = amount;
  s.due = s.ratification == ratification_state::due ? s.ratification_due : std::nullopt;
  s.closed_by = what_.by;
  s.note = what_.note;
  advance();
  return written({.event = "settlement", .amount = amount, .by = what_.by, .note = what_.note},
                 into);
}

bool void_task::is_repeat() const { return now().state == decision_state::voided; }

leeway::verdict void_task::change(store_change& into) {
  standing& s = kept().now;
  if (is_overdue()) {
    // Either way nothing is held any more; what happened first is what is recorded.
    const auto done = expire_hold(into);
    if (done == verdict::write) {
      refuse("is_expired", "the hold of decision `" + s.id.str() + "` ran out");
    }
    return done;
  }
  const bool waits = s.state == decision_state::waiting || s.state == decision_state::asking;
  if (s.state != decision_state::approved && !waits) {
    return wrong_state("only what is approved or waits is voided");
  }
  if (!waits && !release(into)) return verdict::read_again;
  s.state = decision_state::voided;
  s.due.reset();
  s.closed_by = by_;
  s.note = note_;
  advance();
  return written({.event = "void", .amount = s.amount, .by = by_, .note = note_}, into);
}

leeway::verdict due_task::change(store_change& into) {
  standing& s = kept().now;
  if (!s.due || *s.due > at()) return verdict::done;
  if (s.state == decision_state::approved) return expire_hold(into);
  s.due.reset();
  // Told once; it stays in the inbox, where it grows older.
  const bool passes_on = s.state == decision_state::waiting && s.rung + 1 < s.rungs.size();
  if (passes_on) {
    ++s.rung;
    if (const book_entry* under = policies().find(s.policy.digest)) {
      s.due = due_at(under->under, at(), under->under.document().deadlines.approve);
    }
  }
  std::string roles;
  if (s.state == decision_state::waiting) {
    for (const role_id& role : s.waits_for()) roles += (roles.empty() ? "" : ", ") + role.str();
  }
  advance();
  return written({.event = passes_on ? "passed_on" : "overdue", .role = roles}, into);
}

bool ratify_task::is_repeat() const {
  return now().ratification == what_.verdict && what_.verdict != ratification_state::due &&
         what_.verdict != ratification_state::not_due;
}

leeway::verdict ratify_task::change(store_change& into) {
  standing& s = kept().now;
  const bool was_undone = s.state == decision_state::voided || s.state == decision_state::expired;
  if (was_undone && s.ratification == ratification_state::not_due) {
    return wrong_state("what was not done is not reviewed");
  }
  if (s.ratification == ratification_state::not_due) {
    return refuse("no_ratification_due",
                  "decision `" + s.id.str() + "` is no act of discretion that takes effect");
  }
  if (s.ratification != ratification_state::due) {
    return refuse("ratification_done", "decision `" + s.id.str() + "` is " +
                                           std::string(to_string(s.ratification)) + " already");
  }
  if (what_.verdict == ratification_state::due || what_.verdict == ratification_state::not_due) {
    return refuse("verdict_missing", "a review says upheld, coached or not_upheld");
  }
  const book_entry* under = policies().find(s.policy.digest);
  if (under == nullptr) return refuse("policy_unknown", "its policy is not published here");
  const auto roles = what_.by.all_roles();
  if (same_person(what_.by.id, {}) || roles.empty()) {
    return refuse("approver_unknown", "a review says who reviews, and in which role");
  }
  if (same_person(what_.by.id, s.request.agent.id)) {
    return refuse("approver_is_proposer", "nobody reviews their own act");
  }
  const policy_document& policy = under->under.document();
  const auto above = roles_above(policy, s.request.agent.all_roles());
  if (!meet(held_roles(policy, roles), above)) {
    return refuse("approver_not_competent",
                  "`" + what_.by.id.str() + "` holds no role above the agent's");
  }
  if (s.state == decision_state::settled) s.due.reset();
  s.ratification = what_.verdict;
  advance();
  return written({.event = "ratification",
                  .by = what_.by.id.str(),
                  .role = roles.front().str(),
                  .note = what_.note},
                 into);
}

}  // namespace leeway
