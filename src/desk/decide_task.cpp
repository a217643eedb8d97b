// SPDX-License-Identifier: Apache-2.0
#include "desk/decide_task.hpp"

#include <leeway/engine/json.hpp>
#include <leeway/engine/policy_set.hpp>

#include <algorithm>
#include <utility>

namespace leeway {

decide_task::decide_task(desk_core& core, const std::vector<request>& all, std::string caller)
    : desk_task(core), caller_(std::move(caller)) {
  for (const request& r : all) {
    part& p = parts_.emplace_back();
    p.given = &r;
    request same = r;
    // Where the desk's clock tells the time, what a retry says of it makes no other request.
    if (core.options.time == desk_time::clock) same.at = instant{};
    p.text = to_json(same);
    p.fingerprint = digest::of(p.text);
    names_.insert(r.id);
    if (!r.supersedes.empty()) names_.insert(r.supersedes);
    for (const auto& entry : r.history.value_or(std::vector<history_entry>{})) {
      if (entry.id.starts_with("dec-")) told_.insert(decision_id(entry.id));
    }
  }
}

instant decide_task::stated() const {
  instant latest = instant::min();
  for (const part& p : parts_) latest = std::max(latest, p.given->at);
  return latest;
}

// INVARIANT: what comes of a request depends on it, the policies and the instant alone, up to here.
void decide_task::prepare(part& p) {
  p.problem.reset();
  p.under = nullptr;
  p.proposal = *p.given;
  p.proposal.at = at();
  // An import is decided under the version of its own time, also where time had moved on.
  if (core().options.time == desk_time::request && !p.proposal.as_of) {
    p.proposal.as_of = p.given->at;
  }
  const auto chosen = choose_policy(policies().policies(), p.proposal);
  if (!chosen) {
    p.problem = chosen.error();
    return;
  }
  p.under = &policies().entries()[*chosen];
  diagnostics found = p.under->under.check(p.proposal);
  if (found.has_errors()) {
    p.problem = std::move(found);
    return;
  }
  p.used = ledger_usage(*p.under, p.proposal, names(), accounts_);
  add_accounts_of_act(policies(), p.proposal, names(), accounts_);
}

void decide_task::wants(store_query& into) {
  accounts_ = {};
  for (part& p : parts_) prepare(p);
  for (const auto& [account, from] : more_accounts_) {
    accounts_.add({.account = account, .from = from});
  }
  asked_.assign(names_.begin(), names_.end());
  for (const request_id& id : asked_) into.requests.push_back(key_of(id));
  into.chains = into.requests;
  into.decisions.assign(told_.begin(), told_.end());
  into.accounts = accounts_.queries();
}

void decide_task::wants_recorded(store_query& into) {
  asked_.assign(names_.begin(), names_.end());
  for (const request_id& id : asked_) into.requests.push_back(key_of(id));
}

std::optional<leeway::verdict> decide_task::recorded(const store_view& view) {
  found_.clear();
  for (std::size_t i = 0; i < asked_.size(); ++i) {
    found_.emplace(key_of(asked_[i]), view.requests[i]);
  }
  return repeated(found_);
}

leeway::verdict decide_task::decide(const store_view& view, store_change& change) {
  if (const auto known = recorded(view)) return *known;
  for (part& p : parts_) {
    if (p.problem) return refuse(*p.problem);
  }
  if (const auto stopped = follow_chains(view)) return *stopped;
  known_.clear();
  for (const auto& one : view.decisions) {
    if (one) known_.insert(one->id.str());
  }
  accounts_.found(view.accounts);
  effective_ = true;
  closed_.clear();
  for (part& p : parts_) {
    if (const auto stopped = evaluate(p)) return *stopped;
    if (parts_.size() > 1 && p.decision.outcome != outcome::approve) effective_ = false;
  }
  if (!effective_) return verdict::done;
  for (part& p : parts_) {
    hold(p, change);
    supersede(p, change);
  }
  return verdict::write;
}

std::optional<leeway::verdict> decide_task::repeated(const found_decisions& found) {
  recorded_.assign(parts_.size(), std::nullopt);
  std::size_t known = 0;
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    const part& p = parts_[i];
    recorded_[i] = found.at(key_of(p.given->id));
    if (!recorded_[i]) continue;
    ++known;
    const auto kept = from_stored(*recorded_[i]);
    if (!kept) return refuse(kept.error());
    if (kept->fingerprint != p.fingerprint) {
      return refuse("id_reused", "the id `" + p.given->id.str() + "` was used for another request",
                    "give a changed request a new id, and name the old one in `supersedes`");
    }
  }
  if (known == 0) return std::nullopt;
  if (known == parts_.size()) return verdict::done;
  return refuse("id_reused", "some of these linked requests were decided before, some were not",
                "repeat linked requests together and unchanged");
}

std::optional<std::vector<request_id>> decide_task::chain_of(const request& r) {
  std::vector<request_id> out{r.supersedes.empty() ? r.id : r.supersedes};
  // A request may name one that comes later, so a chain that was decided can be part of another.
  while (true) {
    const auto known = found_.find(key_of(out.back()));
    if (known == found_.end()) {
      names_.insert(out.back());
      return std::nullopt;
    }
    if (!known->second) return out;
    const auto kept = from_stored(*known->second);
    if (!kept || std::ranges::find(out, kept->chain) != out.end()) return out;
    out.push_back(kept->chain);
  }
}

std::optional<leeway::verdict> decide_task::follow_chains(const store_view& view) {
  const auto holder = [&](const request_id& id) {
    const auto place = std::ranges::find(asked_, id) - asked_.begin();
    return view.chains[static_cast<std::size_t>(place)];
  };
  std::set<request_id> within;
  for (part& p : parts_) {
    const auto chain = chain_of(*p.given);
    if (!chain) return verdict::read_again;
    p.chain = chain->back();
    if (const auto stopped = refuse_customer(p)) return stopped;
    auto held = holder(p.given->id);
    for (const request_id& one : *chain) held = held ? held : holder(one);
    if (held) {
      return refuse("superseded_approved",
                    "a request that `" + p.given->id.str() +
                        "` supersedes, or that supersedes it, was approved already, as `" +
                        held->str() + '`',
                    "void that first, if it was not done: of requests that supersede each other "
                    "one may be approved");
    }
    const bool is_new = within.insert(p.chain).second;
    if (!is_new || (p.chain != p.given->id && !within.insert(p.given->id).second)) {
      return refuse("superseded_approved", "linked requests supersede each other",
                    "of requests that supersede each other only one may be approved");
    }
  }
  return std::nullopt;
}

/// New evidence is of the same customer, as far as both are known.
std::optional<leeway::verdict> decide_task::refuse_customer(const part& p) {
  if (p.given->supersedes.empty() || p.given->customer.id.empty()) return std::nullopt;
  const auto& before = found_.at(key_of(p.given->supersedes));
  if (!before) return std::nullopt;
  const auto kept = from_stored(*before);
  if (!kept) return refuse(kept.error());
  const auto& theirs = kept->now.request.customer.id;
  if (theirs.empty() || theirs == p.given->customer.id) return std::nullopt;
  return refuse("supersedes_other_customer",
                "`" + p.given->supersedes.str() + "`, which `" + p.given->id.str() +
                    "` supersedes, is for another customer",
                "name the request that it takes the place of, or leave `supersedes` out");
}

bool decide_task::supersedes_unknown(const request& r) const {
  if (r.supersedes.empty()) return false;
  const auto found = found_.find(key_of(r.supersedes));
  const bool is_linked =
      std::ranges::any_of(parts_, [&](const part& p) { return p.given->id == r.supersedes; });
  return found != found_.end() && !found->second && !is_linked;
}

/// Stops where an account is missing that the act would change, or would hold more than fits.
std::optional<leeway::verdict> decide_task::evaluate(part& p) {
  const policy& under = p.under->under;
  const usage used = p.used.read(*p.under, p.proposal, accounts_, core().options.before, known_);
  p.decision = under.decide(p.proposal, used, core().options.how);
  decision& d = p.decision;
  d.caller = caller_;
  p.kept = {};
  p.charges.clear();
  kept_standing& kept = p.kept;
  standing& s = kept.now;
  s.id = d.id();
  s.key = key_of(p.given->id);
  s.number = 1;
  s.at = d.at;
  s.request = p.proposal;
  s.answer = to_json(d);
  kept.fingerprint = p.fingerprint;
  kept.chain = p.chain;
  kept.request_text = p.text;
  stand(kept, d, under, p.proposal);
  if (s.state != decision_state::approved) return std::nullopt;
  kept.act = {under.entry_of(p.proposal, d)};
  policies().complete(kept.act.front(), p.proposal, d, under);
  bool all_read = true;
  bool all_fit = true;
  for (const auto& [account, one] : policies().of(kept.act, s.id, names())) {
    if (!accounts_.may_change(account)) {
      more_accounts_.emplace(account, one.counter->window.first(at(), one.under->zone()));
      all_read = false;
    }
    all_fit = accounts_.post(one.entry) && all_fit;
    p.charges.push_back(one.entry);
  }
  if (!all_read) return verdict::read_again;
  if (!all_fit) return refuse("store_conflict", "the sum of an account does not fit");
  return std::nullopt;
}

void decide_task::hold(part& p, store_change& change) {
  kept_standing& kept = p.kept;
  const standing& s = kept.now;
  if (s.state == decision_state::approved) {
    change.entries.insert(change.entries.end(), p.charges.begin(), p.charges.end());
    change.chains.push_back({.chain = key_of(p.chain), .holder = s.id});
    if (p.chain != s.key.id) change.chains.push_back({.chain = s.key, .holder = s.id});
  }
  const desk_event event{.event = "decision", .amount = s.amount};
  add_change(kept, to_record(p.proposal, p.decision, event_text(s, at(), event)), change);
}

// What waited under the old id must not be granted as well.
void decide_task::supersede(const part& p, store_change& change) {
  if (p.given->supersedes.empty()) return;
  const auto& before = found_.at(key_of(p.given->supersedes));
  if (!before) return;
  auto kept = from_stored(*before);
  if (!kept) return;
  standing& s = kept->now;
  if (s.state != decision_state::waiting && s.state != decision_state::asking) return;
  s.state = decision_state::superseded;
  s.due.reset();
  s.note = p.given->id.str();
  ++s.number;
  const desk_event event{.event = "superseded", .note = s.note};
  add_change(*kept, event_record(s, at(), event), change);
  if (core().seen.is_on()) closed_.push_back(s);
}

std::vector<answer> decide_task::answers() && {
  std::vector<answer> out;
  for (part& p : parts_) {
    standing& s = p.kept.now;
    const next_step next = next_of(p.decision, s.state);
    out.push_back({.decision = std::move(p.decision),
                   .id = s.id,
                   .state = s.state,
                   .next = effective_ ? next : next_step::stop,
                   .amount = amount_of(s),
                   .effective = effective_,
                   .supersedes_unknown = supersedes_unknown(*p.given),
                   .due = s.due,
                   .json = std::move(s.answer)});
  }
  return out;
}

void decide_task::tell(const observer& to) const {
  if (!to.is_on()) return;
  for (const part& p : parts_) {
    to.decided({.now = p.kept.now,
                .decided = p.decision,
                .effect = effective_ ? "new" : "none",
                .under = effective_ ? p.under : nullptr,
                .act = &p.kept.act});
  }
  for (const standing& s : closed_) to.changed("superseded", s);
}

std::vector<standing> decide_task::waiting() const {
  std::vector<standing> out;
  for (const part& p : parts_) {
    const standing& s = p.kept.now;
    const bool waits =
        s.state == decision_state::waiting || s.ratification == ratification_state::due;
    if (waits && effective_) out.push_back(s);
  }
  return out;
}

}  // namespace leeway
