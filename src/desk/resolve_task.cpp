// SPDX-License-Identifier: Apache-2.0
#include "desk/life_task.hpp"
#include "desk/people.hpp"
#include "engine/discretion.hpp"

#include <leeway/engine/json.hpp>

#include <algorithm>
#include <utility>

namespace leeway {
namespace {

const finding* authority_of(const decision& d) {
  const auto found = std::ranges::find(d.findings, finding_part::authority, &finding::part);
  return found == d.findings.end() ? nullptr : &*found;
}

std::string reasons(const decision& d, outcome of) {
  std::string out;
  for (const finding& f : d.findings) {
    if (f.outcome == of && !f.lifted) out += (out.empty() ? "" : "; ") + text(f);
  }
  return out;
}

bool is_per_agent(const policy& under, const rule_id& id) {
  const auto in = [&](const std::vector<budget_definition>& budgets) {
    const auto found = std::ranges::find(budgets, id, &budget_definition::id);
    return found != budgets.end() && std::ranges::any_of(found->per, [](const auto& fact) {
             return fact.starts_with("agent.");
           });
  };
  return in(under.document().budgets) ||
         std::ranges::any_of(under.document().overlays,
                             [&](const overlay_definition& one) { return in(one.budgets); });
}

std::string listed(const std::vector<role_id>& roles) {
  std::string out;
  for (const role_id& one : roles) out += (out.empty() ? "`" : " or `") + one.str() + '`';
  return out.empty() ? "nobody" : out;
}

/// A fact about an agent without which a budget of theirs cannot be looked up.
std::string unknown_of_agent(const finding& f) {
  const auto found = std::ranges::find_if(
      f.missing, [](const std::string& fact) { return fact.starts_with("agent."); });
  return found == f.missing.end() ? std::string() : *found;
}

/// How the program takes it.
std::string option_for(const std::string& fact) {
  for (const char* one : {"team", "department", "site"}) {
    if (fact == std::string("agent.") + one) return std::string(": `--") + one + '`';
  }
  return {};
}

std::optional<role_id> unknown_role(const policy_document& policy,
                                    const std::vector<role_id>& roles) {
  for (const role_id& one : roles) {
    if (std::ranges::find(policy.roles, one, &role_definition::id) == policy.roles.end()) {
      return one;
    }
  }
  return std::nullopt;
}

/// The same, but for what somebody signed.
request without(request r, const agent& by) {
  std::erase_if(r.signoffs, [&](const signoff& s) { return same_person(s.by, by.id); });
  return r;
}

/// The same as the approver's own proposal.
request as_own(request r, const agent& by) {
  r = without(std::move(r), by);
  r.agent = by;
  r.discretion = false;
  r.note.clear();
  return r;
}

void sign(request& r, const given_approval& a) {
  for (const role_id& role : a.by.all_roles()) {
    r.signoffs.push_back({.by = a.by.id, .role = role, .at = a.at, .amount = a.amount});
  }
}

}  // namespace

/// What this approver says; else what the last one before did; else as it was proposed.
std::optional<money> resolve_task::granted_amount() const {
  if (what_.amount) return what_.amount;
  const auto& approvals = now().approvals;
  if (!approvals.empty() && approvals.back().amount) return approvals.back().amount;
  return now().request.action.amount;
}

request resolve_task::with_approvals(bool and_this) const {
  const standing& s = now();
  request r = s.request;
  r.at = at();
  // It was proposed under the policy of its own time.
  if (!r.as_of) r.as_of = s.at;
  r.action.amount = granted_amount();
  for (const given_approval& a : s.approvals) sign(r, a);
  if (and_this) sign(r, {.by = what_.by, .at = at(), .amount = granted_amount()});
  return r;
}

void resolve_task::add_accounts(account_list& to) {
  under_ = policies().find(now().policy.digest);
  if (under_ == nullptr || !what_.granted) return;
  const auto read = [&](trial& t, request proposal) {
    t.proposal = std::move(proposal);
    t.used = ledger_usage(*under_, t.proposal, names(), to);
    add_accounts_of_act(policies(), t.proposal, names(), to);
  };
  read(before_, with_approvals(false));
  read(after_, with_approvals(true));
  read(own_, as_own(with_approvals(false), what_.by));
  earlier_.clear();
  for (const given_approval& a : now().approvals) {
    request theirs = after_.proposal;
    theirs.agent = a.by;
    add_accounts_of_act(policies(), theirs, names(), to);
    const bool is_there = same_person(a.by.id, what_.by.id) ||
                          std::ranges::any_of(earlier_, [&](const approver& one) {
                            return same_person(one.by.id, a.by.id);
                          });
    if (is_there) continue;
    approver& one = earlier_.emplace_back(approver{.by = a.by});
    read(one.without, without(after_.proposal, a.by));
    read(one.own, as_own(after_.proposal, a.by));
  }
}

decision resolve_task::tried(const trial& t) const {
  const usage used = t.used.read(*under_, t.proposal, accounts(), before_opening(), known());
  decision d = under_->under.decide(t.proposal, used, {.offer = false});
  d.caller = now().key.caller;
  return d;
}

bool resolve_task::is_repeat() const {
  const standing& s = now();
  if (!what_.granted) {
    return s.state == decision_state::declined && s.closed_by == what_.by.id.str();
  }
  // Against their own answer: those who spoke since may have given less.
  return std::ranges::any_of(s.approvals, [&](const given_approval& a) {
    return same_person(a.by.id, what_.by.id) && (!what_.amount || a.amount == what_.amount);
  });
}

leeway::verdict resolve_task::change(store_change& into) {
  const standing& s = now();
  if (s.state == decision_state::asking) {
    return refuse("is_asking", "decision `" + s.id.str() + "` wants facts, not approval",
                  "propose it again with the facts, under a new id that supersedes it");
  }
  if (s.state != decision_state::waiting) return wrong_state("only what waits is resolved");
  if (under_ == nullptr && policies().find(s.policy.digest) == nullptr) {
    return refuse("policy_unknown",
                  "the policy of decision `" + s.id.str() + "` is not published here");
  }
  if (same_person(what_.by.id, {}) || what_.by.all_roles().empty()) {
    return refuse("approver_unknown", "a resolution says who resolves, and in which role");
  }
  if (same_person(what_.by.id, s.request.agent.id)) {
    return refuse("approver_is_proposer", "nobody resolves their own proposal",
                  "another person must");
  }
  if (const auto unknown =
          unknown_role(policies().find(s.policy.digest)->under.document(), what_.by.all_roles())) {
    return refuse("approver_unknown",
                  "`" + unknown->str() + "` is no role of policy `" + s.policy.id.str() +
                      "` version `" + s.policy.version + '`',
                  "it is asked of " + listed(asked()));
  }
  return what_.granted ? grant(into) : decline(into);
}

/// Whom it is asked of, whoever's turn it is.
std::vector<role_id> resolve_task::asked() const {
  std::vector<role_id> out;
  for (const auto& rung : now().rungs) out.insert(out.end(), rung.begin(), rung.end());
  return out;
}

bool resolve_task::is_asked() const {
  const policy_document& policy = policies().find(now().policy.digest)->under.document();
  return meet(held_roles(policy, what_.by.all_roles()), asked());
}

/// Whether it is less than what the decision asks for by now.
bool resolve_task::grants_less() const {
  const auto& approvals = now().approvals;
  const bool was_lessened = !approvals.empty() && approvals.back().amount;
  return what_.amount &&
         what_.amount != (was_lessened ? approvals.back().amount : now().request.action.amount);
}

leeway::verdict resolve_task::decline(store_change& into) {
  standing& s = kept().now;
  if (engine::is_blank(what_.note)) {
    return refuse("reason_missing", "declining needs a reason", "say why in `note`");
  }
  if (!is_asked()) return refuse_role();
  s.state = decision_state::declined;
  s.due.reset();
  s.closed_by = what_.by.id.str();
  s.note = what_.note;
  advance();
  return written({.event = "resolution",
                  .by = s.closed_by,
                  .role = what_.by.all_roles().front().str(),
                  .note = s.note,
                  .approver = &what_.by},
                 into);
}

leeway::verdict resolve_task::refuse_role() {
  return refuse("approver_not_competent",
                "`" + what_.by.id.str() + "` holds no role that this is asked of",
                "it is asked of " + listed(asked()));
}

std::optional<leeway::verdict> resolve_task::refuse_amount() {
  if (!what_.amount) return std::nullopt;
  const auto& proposed = now().request.action.amount;
  if (!proposed || what_.amount->cur() != proposed->cur()) {
    return refuse("wrong_currency", "`" + what_.amount->to_string() + "` was not asked for");
  }
  if (what_.amount->is_negative() || *what_.amount > *proposed) {
    return refuse("above_proposed",
                  what_.amount->to_string() + " is more than the " + proposed->to_string() +
                      " that was proposed",
                  "a larger amount is a new request, which supersedes this one");
  }
  return std::nullopt;
}

std::optional<leeway::verdict> resolve_task::judge_approver(const decision& before,
                                                            const decision& after) {
  const std::string who = "`" + what_.by.id.str() + "`";
  if (after.outcome == outcome::deny) {
    return refuse("grant_denied", "even so it is denied: " + reasons(after, outcome::deny),
                  "grant another amount, or decline");
  }
  if (before.outcome != outcome::approve && before.needs == after.needs) {
    std::string why;
    for (const finding& f : after.findings) {
      if (f.code == reason_code::signoff_not_valid) why = ": " + f.detail;
    }
    return refuse("approver_not_competent", who + " meets nothing that is wanted" + why,
                  "it is asked of " + listed(now().waits_for()));
  }
  // For a smaller amount another role may do, or nobody; still only who is asked may answer.
  if ((before.outcome == outcome::approve || grants_less()) && !is_asked()) return refuse_role();
  if (const auto stopped = judge_own(what_.by, before, after, own_)) return stopped;
  if (after.outcome != outcome::approve) return std::nullopt;
  // Now it is charged to all of them, and what there was room for then may be used up.
  for (const approver& one : earlier_) {
    if (const auto stopped = judge_own(one.by, tried(one.without), after, one.own)) return stopped;
  }
  return std::nullopt;
}

/// Whether an approver could do what they lend, and has budget left for it. `without`: as it would
/// be decided without them.
std::optional<leeway::verdict> resolve_task::judge_own(const agent& by, const decision& without,
                                                       const decision& after, const trial& of) {
  const std::string who = "`" + by.id.str() + "`";
  const bool is_earlier = !same_person(by.id, what_.by.id);
  const std::string remedy =
      is_earlier ? "grant a smaller amount, wait until there is room, or decline" : "";
  const decision own = tried(of);
  const finding* wanted = authority_of(without);
  const finding* given = authority_of(after);
  const bool lent = wanted != nullptr && wanted->outcome == outcome::escalate && given != nullptr &&
                    given->outcome == outcome::approve;
  const finding* theirs = authority_of(own);
  if (lent && (theirs == nullptr || theirs->outcome != outcome::approve)) {
    return refuse("approver_over_limit",
                  who + (is_earlier ? ", who approved before," : "") +
                      " could not decide this alone" +
                      (theirs == nullptr ? "" : ": " + text(*theirs)),
                  remedy);
  }
  for (const finding& f : own.findings) {
    if (f.part != finding_part::budget || f.outcome == outcome::approve) continue;
    if (!is_per_agent(under_->under, f.rule)) continue;
    if (const auto unknown = unknown_of_agent(f); !unknown.empty()) {
      std::string why = "`" + f.rule.str();
      why.append("` is kept by `").append(unknown).append("`, and that of ").append(who);
      why += " is not known";
      return refuse("approver_unknown", std::move(why),
                    "say it with the approver" + option_for(unknown));
    }
    return refuse(
        "approver_over_budget",
        who + (is_earlier ? ", who approved before," : "") + " has no budget left: " + text(f),
        remedy);
  }
  return std::nullopt;
}

leeway::verdict resolve_task::grant(store_change& into) {
  if (const auto stopped = refuse_amount()) return *stopped;
  if (chain_is_held()) {
    return refuse("superseded_approved", "a request that supersedes `" + now().key.id.str() +
                                             "`, or that it supersedes, was approved already");
  }
  if (under_ == nullptr) return verdict::read_again;
  const decision before = tried(before_);
  const decision after = tried(after_);
  if (const auto stopped = judge_approver(before, after)) return *stopped;
  return take_effect(after, into);
}

leeway::verdict resolve_task::take_effect(const decision& d, store_change& into) {
  standing& s = kept().now;
  const policy& under = under_->under;
  s.approvals.push_back(
      {.by = what_.by, .at = at(), .amount = granted_amount(), .note = what_.note});
  stand(kept(), d, under, after_.proposal);
  if (s.state == decision_state::approved) {
    std::vector<history_entry> act{under.entry_of(after_.proposal, d)};
    policies().complete(act.front(), after_.proposal, d, under);
    // What is counted per agent counts for the approvers, too: it was their authority.
    for (const given_approval& a : s.approvals) {
      request theirs = after_.proposal;
      theirs.agent = a.by;
      act.push_back(under.entry_of(theirs, d));
      policies().complete(act.back(), theirs, d, under);
    }
    for (history_entry& one : act) one.id = s.id.str();
    if (!replace_act(std::move(act), into)) return verdict::read_again;
    kept().chain = first_of_chain();
    into.chains.push_back({.chain = {s.key.caller, kept().chain}, .holder = s.id});
    if (kept().chain != s.key.id) into.chains.push_back({.chain = s.key, .holder = s.id});
  }
  advance();
  const desk_event event{.event = "resolution",
                         .amount = d.amount,
                         .by = what_.by.id.str(),
                         .role = what_.by.all_roles().front().str(),
                         .note = what_.note,
                         .approver = &what_.by};
  return written(event.event, to_record(after_.proposal, d, event_text(s, at(), event)), into);
}

}  // namespace leeway
