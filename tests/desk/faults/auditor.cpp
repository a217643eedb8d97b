// SPDX-License-Identifier: Apache-2.0
#include "desk/faults/auditor.hpp"

#include "reference/judge.hpp"

#include <leeway/base/money.hpp>
#include <leeway/engine/policy_set.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace leeway::desk_test {
namespace {

using nlohmann::json;
using reference::counter_of;
using texts = std::map<std::string, std::string, std::less<>>;

instant instant_in(const json& text) { return instant::parse(text.get<std::string>()).value(); }
money money_in(const json& text) { return money::parse(text.get<std::string>()).value(); }

bool is_per_agent(const counter_of& c) {
  const bool limits = c.kind == usage_kind::budget || c.kind == usage_kind::grant;
  return limits && std::ranges::any_of(*c.what.per, [](const std::string& fact) {
           return fact.starts_with("agent.");
         });
}

/// Approvers come in records as requests write agents.
agent agent_in(const json& told) {
  const json carrier = {
      {"agent", told}, {"at", "2026-01-01T00:00:00Z"}, {"id", "x"}, {"action", {{"kind", "x"}}}};
  auto read = parse_open_request(carrier.dump());
  if (!read) throw std::runtime_error(render(read.error()));
  return std::move(read->agent);
}

std::string text_of(const std::optional<money>& m) { return m ? m->to_string() : "nothing"; }
std::string text_of(const std::optional<std::int64_t>& n) {
  return n ? std::to_string(*n) : "nothing";
}
std::string text_of(const std::optional<instant>& t) { return t ? t->to_string() : "never"; }

std::string text_of(const usage_value& v) {
  return text_of(v.amount) + ", " + text_of(v.count) + " acts, last " + text_of(v.last_at) +
         ", resets " + text_of(v.resets) + (v.at_least ? ", at least" : "");
}

usage_value value_of(const reference::used& u) {
  return {.amount = u.amount,
          .count = u.count,
          .last_at = u.last_at,
          .resets = u.resets,
          .at_least = u.at_least};
}

bool same_figures(const usage_value& a, const usage_value& b) {
  return a.amount == b.amount && a.count == b.count && a.last_at == b.last_at &&
         a.resets == b.resets;
}

/// A request that names exactly these keys.
request request_with(const usage_keys& keys) {
  request out;
  for (const auto& [fact, text] : keys) {
    const std::string name = fact.substr(fact.find('.') + 1);
    if (fact == "agent.id") out.agent.id = text;
    if (fact == "agent.role") out.agent.role = text;
    if (fact == "agent.team") out.agent.team = text;
    if (fact == "agent.department") out.agent.department = text;
    if (fact == "agent.site") out.agent.site = text;
    if (fact == "customer.id") out.customer.id = text;
    if (fact == "customer.segment") out.customer.segment = text;
    if (fact == "contact.id") out.contact.id = text;
    if (fact == "contact.channel") out.contact.channel = text;
    if (fact == "contact.reason") out.contact.reason = text;
    if (fact == "contact.cause") out.contact.cause = text;
    if (fact == "subject.id") out.subject.id = text;
    if (fact == "action.kind") out.action.kind = text;
    if (fact.starts_with("agent.")) out.agent.attributes.emplace(name, value(text));
    if (fact.starts_with("customer.")) out.customer.attributes.emplace(name, value(text));
    if (fact.starts_with("contact.")) out.contact.attributes.emplace(name, value(text));
    if (fact.starts_with("subject.")) out.subject.attributes.emplace(name, value(text));
  }
  return out;
}

/// Of sums and counts.
void add(const reference::used& more, reference::used& to) {
  to.amount = checked_add(*to.amount, *more.amount).value();
  *to.count += *more.count;
  if (more.last_at) to.last_at = std::max(to.last_at, more.last_at);
  if (more.resets && (!to.resets || *more.resets < *to.resets)) to.resets = more.resets;
  to.at_least = to.at_least || more.at_least;
}

/// Whether an entry lacks a part of what is counted by.
bool lacks_key(const counter_of& c, const history_entry& e) {
  return std::ranges::any_of(*c.what.per, [&](const std::string& fact) {
    return fact != "action.kind" && !e.keys.contains(fact);
  });
}

}  // namespace

/// A published version, compiled for replay and read by the reference evaluator.
struct auditor::version {
  explicit version(const std::string& document)
      : compiled(parse_policy(document).value()), own(reference::prepare(compiled.document())) {
    counters = reference::counters_of(own);
  }
  policy compiled;
  reference::prepared own;
  std::vector<counter_of> counters{};
};

/// A record of a decision.
struct auditor::event {
  const json& body;
  const json& desk;
  std::string what{};
  std::string id{};
  std::string key{};  ///< caller and request
  std::string state{};
  std::string line{};
  instant at{};
  bool approves() const {
    return state == "approved" && (what == "decision" || what == "resolution");
  }
};

auditor::auditor(bool one_clock) : one_clock_(one_clock) {}
auditor::~auditor() = default;

void auditor::wrong(const std::string& what) { found_.push_back(place_ + ": " + what); }

std::string auditor::decision_of(const std::string& caller, const std::string& request) const {
  const auto found = requests_.find(caller + '/' + request);
  return found == requests_.end() ? std::string() : found->second;
}
std::string auditor::state_of(const std::string& decision) const {
  const auto found = states_.find(decision);
  return found == states_.end() ? std::string() : found->second;
}

std::vector<std::string> auditor::audit(store& books) {
  const auto policies = books.policies();
  if (!policies) return {policies.error().message};
  for (const stored_policy& one : *policies) documents_.emplace(one.digest, one.document);
  constexpr std::size_t page = 500;
  while (true) {
    const auto records = books.records_after(position_, page);
    if (!records) return {records.error().message};
    for (const stored_record& one : *records) read(one);
    if (records->size() < page) return found_;
  }
}

void auditor::read(const stored_record& one) {
  place_ = "record " + std::to_string(one.position) + " (" + one.subject + ")";
  if (one.position <= position_) wrong("positions do not grow");
  position_ = one.position;
  ++records_;
  if (one.number != ++numbers_[one.subject]) wrong("its number");
  const json body = json::parse(one.body);
  const json& desk = body.at("desk");
  const instant at = instant_in(desk.at("at"));
  if (one_clock_ && at < latest_) wrong("time ran backwards");
  if (desk.contains("policy")) return read_policy(desk);
  event e{.body = body,
          .desk = desk,
          .what = desk.at("event"),
          .id = desk.at("decision"),
          .key = desk.value("caller", "") + '/' + desk.at("request").get<std::string>(),
          .state = desk.at("state"),
          .line = one.body,
          .at = at};
  if (e.id != one.subject || desk.at("number") != one.number) wrong("it is another's");
  if (requests_.try_emplace(e.key, e.id).first->second != e.id) wrong("a second effect");
  step(e);
  states_[e.id] = e.state;
  if (desk.contains("approver")) approvers_[e.id].push_back(agent_in(desk.at("approver")));
  if (body.contains("request")) decide(e);
  const auto held = acts_.find(e.id);
  if (e.what == "settlement" && held != acts_.end()) {
    for (history_entry& view : held->second.views) {
      if (!desk.contains("amount")) continue;
      const money charged = money_in(desk.at("amount"));
      if (!view.amount || charged.minor() > view.amount->minor()) wrong("settled above the hold");
      view.amount = charged;
      if (view.due && charged < *view.due) view.due = charged;
    }
  } else if ((e.what == "void" || e.what == "expiry") && held != acts_.end()) {
    held->second.holds = false;
    for (history_entry& view : held->second.views) view.reversed = true;
  }
  latest_ = std::max(latest_, at);
}

void auditor::read_policy(const json& desk) {
  latest_ = std::max(latest_, instant_in(desk.at("at")));
  if (desk.at("event") != "policy_published") return;
  const auto of = digest::parse(desk.at("policy").at("digest").get<std::string>());
  const auto document = of ? documents_.find(*of) : documents_.end();
  if (document == documents_.end()) return wrong("the policy is not kept");
  versions_.push_back(std::make_unique<version>(document->second));
  if (versions_.back()->compiled.digest() != *of) wrong("the policy kept is another");
}

/// Whether the state before allows it.
void auditor::step(const event& e) {
  using states = std::set<std::string>;
  struct rule {
    states from{};
    states to{};
  };
  static const std::map<std::string, rule> allowed{
      {"decision", {{""}, {"approved", "waiting", "asking", "denied"}}},
      {"resolution", {{"waiting"}, {"approved", "waiting", "asking", "declined"}}},
      {"settlement", {{"approved"}, {"settled"}}},
      {"void", {{"approved", "waiting", "asking"}, {"voided"}}},
      {"expiry", {{"approved"}, {"expired"}}},
      {"passed_on", {{"waiting"}, {"waiting"}}},
      {"overdue", {{"waiting", "settled"}, {"waiting", "settled"}}},
      {"superseded", {{"waiting", "asking"}, {"superseded"}}}};
  const std::string before = state_of(e.id);
  if (e.what == "ratification") {
    if (e.state != before || !acts_.contains(e.id)) wrong("nothing to ratify");
    return;
  }
  const auto found = allowed.find(e.what);
  if (found == allowed.end() || !found->second.from.contains(before) ||
      !found->second.to.contains(e.state)) {
    wrong("`" + e.what + "` from `" + before + "` to `" + e.state + "`");
  }
}

/// The texts that an act can be counted by: those of the policy that decided it first.
texts auditor::keys_of(const version& under, const request& asked) const {
  texts out;
  std::set<std::string> hidden;
  const auto add = [&](const version& v) {
    for (const auto& [name, known] : reference::facts_of(v.own, asked)) {
      const auto declared = v.own.facts.find(name);
      const bool is_protected =
          declared != v.own.facts.end() && declared->second.protected_attribute;
      if (is_protected) hidden.insert(name);
      if (is_protected || !known.known() || !known.result->is(value_kind::string)) continue;
      out.try_emplace(name, known.result->as_string());
    }
  };
  add(under);
  for (const auto& other : versions_) {
    if (other.get() != &under) add(*other);
  }
  const auto raw = [&](const char* group, const attributes& facts) {
    for (const auto& [name, fact] : facts) {
      const std::string whole = std::string(group) + name;
      if (fact.is(value_kind::string) && !hidden.contains(whole)) {
        out.try_emplace(whole, fact.as_string());
      }
    }
  };
  raw("agent.", asked.agent.attributes);
  raw("customer.", asked.customer.attributes);
  raw("contact.", asked.contact.attributes);
  raw("subject.", asked.subject.attributes);
  raw("action.", asked.action.attributes);
  return out;
}

/// What counts for a counter. An approver's own counts where agents have their own; the same key
/// is charged once.
std::vector<history_entry> auditor::entries_for(const counter_of& c) const {
  std::vector<history_entry> out;
  for (const auto& [id, one] : acts_) {
    std::set<std::vector<std::string>> charged;
    for (const history_entry& view : one.views) {
      std::vector<std::string> key;
      for (const std::string& fact : *c.what.per) {
        const auto found = view.keys.find(fact);
        key.push_back(found == view.keys.end() ? std::string() : found->second);
      }
      // Whosever it is, it is that one's once.
      if (lacks_key(c, view)) key.clear();
      if (charged.insert(key).second) out.push_back(view);
      if (!is_per_agent(c)) break;
    }
  }
  return out;
}

reference::used auditor::count(const version& under, const counter_of& c, const request& key,
                               instant at, bool with_keyless) const {
  request r = key;
  r.at = at;
  r.usage.clear();
  r.history_since.reset();
  r.history.emplace();
  const auto known = reference::facts_of(under.own, r);
  const auto counted = [&](const reference::counting& what, std::vector<history_entry> entries) {
    r.history = std::move(entries);
    return reference::usage_of(under.own, r, known, what, nullptr);
  };
  if (c.kind == usage_kind::measure) return counted(c.what, entries_for(c));
  // What lacks a part of the key, or of which it is not known whether it counts, may be anybody's:
  // limits count it as everybody's.
  static const std::vector<std::string> nothing;
  reference::used out = counted(c.what, {});
  if (out.unknown) return out;
  for (history_entry& e : entries_for(c)) {
    reference::counting what = c.what;
    if (lacks_key(c, e)) {
      if (!with_keyless) continue;
      what.per = &nothing;
    }
    auto one = counted(what, {e});
    if (one.at_least && one.count == 0) {
      what.where = nullptr;
      e.reversed = false;
      one = counted(what, {e});
    }
    add(one, out);
  }
  return out;
}

/// Whether something that may belong to any key makes every figure of a measure a lower bound.
bool auditor::has_unplaced(const version& under, const counter_of& c, instant at) const {
  return std::ranges::any_of(entries_for(c), [&](const history_entry& e) {
    usage_keys key;
    bool lacks = false;
    for (const std::string& fact : *c.what.per) {
      const auto found = e.keys.find(fact);
      const bool is_kind = fact == "action.kind";
      lacks = lacks || (found == e.keys.end() && !is_kind);
      key.emplace_back(fact, is_kind                 ? e.kind.str()
                             : found == e.keys.end() ? std::string("any")
                                                     : found->second);
    }
    if (!lacks) return false;
    request one = request_with(key);
    one.at = at;
    one.history = {e};
    return reference::usage_of(under.own, one, reference::facts_of(under.own, one), c.what, nullptr)
        .at_least;
  });
}

void auditor::check_usage(const version& under, const request& asked, const usage& told,
                          usage& counted) {
  for (const counter_of& c : under.counters) {
    const reference::used own = count(under, c, asked, asked.at);
    const usage_value* seen = told.find(c.what.id);
    const std::string what = "usage of `" + c.what.id.str() + "`: ";
    if (own.unknown) {
      if (seen != nullptr) wrong(what + "its key is not known");
      continue;
    }
    usage_value mine = value_of(own);
    if (seen == nullptr) {
      wrong(what + "not told, and is " + text_of(mine));
      continue;
    }
    // A key that an act lacks may be any: the desk takes it for a lower bound of every key of a
    // measure. What several processes do at the same moment it may see a moment later.
    const bool differs = c.kind == usage_kind::measure && seen->at_least != mine.at_least;
    if (differs && (seen->at_least || !one_clock_) && has_unplaced(under, c, asked.at)) {
      mine.at_least = seen->at_least;
    }
    // And what may be anybody's was counted by the limits of those who decided later.
    if (!one_clock_ && c.kind != usage_kind::measure && !same_figures(mine, *seen)) {
      const usage_value least = value_of(count(under, c, asked, asked.at, false));
      const bool is_between = seen->amount && !(*seen->amount < *least.amount) &&
                              !(*mine.amount < *seen->amount) && *least.count <= *seen->count &&
                              *seen->count <= *mine.count;
      if (is_between) mine = *seen;
    }
    if (!same_figures(mine, *seen) || mine.at_least != seen->at_least) {
      wrong(what + "it saw " + text_of(*seen) + "; the records say " + text_of(mine));
    }
    mine.keys = seen->keys;
    counted.set(c.what.id, mine);
  }
}

void auditor::decide(const event& e) {
  auto recorded = parse_record(e.line);
  if (!recorded) return wrong(render(recorded.error()));
  const request& asked = recorded->request;
  if (asked.at != e.at) wrong("decided at another instant");
  const auto found = std::ranges::find_if(versions_, [&](const auto& one) {
    return one->compiled.digest() == recorded->policy.digest;
  });
  if (found == versions_.end()) return wrong("decided under a policy that was not published");
  const version& under = **found;
  usage counted;
  check_usage(under, asked, recorded->usage, counted);

  const auto& why = recorded->policy.suspended;
  const policy p = why ? under.compiled.suspended(*why) : under.compiled;
  const std::string core = canonical_core(p.decide(asked, counted));
  if (core != recorded->core) wrong("another core: " + core + ", recorded is " + recorded->core);
  const auto told = parse_outcome(json::parse(recorded->core).at("outcome").get<std::string>());
  const outcome other = why ? outcome::deny : reference::decide(under.own, asked, &counted).outcome;
  if (told != other) wrong("another evaluator says `" + std::string(to_string(other)) + "`");
  if ((e.state == "approved") != (other == outcome::approve)) wrong("state and outcome differ");
  hold_together(e, asked);
  if (!e.approves()) return;
  take_effect(e, *recorded);
  limits_hold(e, under, asked, counted);
}

void auditor::take_effect(const event& e, const recorded_decision& recorded) {
  ++approvals_;
  const auto found = std::ranges::find_if(
      versions_, [&](const auto& one) { return one->compiled.digest() == recorded.policy.digest; });
  const json core = json::parse(recorded.core);
  const request& asked = recorded.request;
  history_entry entry{.id = e.id, .kind = asked.action.kind, .at = e.at};
  if (e.desk.contains("amount")) entry.amount = money_in(e.desk.at("amount"));
  if (core.contains("due") && entry.amount) {
    const money due = money_in(core.at("due"));
    entry.due = due < *entry.amount ? due : *entry.amount;
  }
  entry.attributes = asked.action.attributes;
  if (core.at("basis") == "discretion") {
    entry.attributes.insert_or_assign("basis", value("discretion"));
  }
  act& one = acts_[e.id];
  request as = asked;
  entry.keys = keys_of(**found, as);
  one.views.push_back(entry);
  for (const agent& by : approvers_[e.id]) {
    as.agent = by;
    entry.keys = keys_of(**found, as);
    one.views.push_back(entry);
  }
}

/// Of requests that supersede each other one at most holds budget.
void auditor::hold_together(const event& e, const request& asked) {
  const std::string caller = e.key.substr(0, e.key.find('/') + 1);
  const auto root = [&](std::string at) {
    for (auto next = chains_.find(at); next != chains_.end() && next->second != at;
         next = chains_.find(at)) {
      at = next->second;
    }
    return at;
  };
  const std::string mine = root(e.key);
  if (!asked.supersedes.empty()) {
    const std::string theirs = root(caller + asked.supersedes.str());
    if (theirs != mine) chains_[mine] = theirs;
  }
  if (!e.approves()) return;
  for (const auto& [key, decision] : requests_) {
    const auto held = acts_.find(decision);
    if (decision == e.id || held == acts_.end() || !held->second.holds) continue;
    if (root(key) == root(e.key)) wrong("`" + key + "` of the same chain holds budget too");
  }
}

void auditor::limits_hold(const event& e, const version& under, const request& asked,
                          const usage& before) {
  const json core = json::parse(parse_record(e.line)->core);
  for (const json& limit : core.value("limits", json::array())) {
    if (!limit.at("hard").get<bool>()) continue;
    const std::string id = limit.at("id");
    const auto c = std::ranges::find_if(
        under.counters, [&](const counter_of& one) { return one.what.id.str() == id; });
    const usage_value* was = c == under.counters.end() ? nullptr : before.find(c->what.id);
    if (was == nullptr) {
      // What adds nothing has room in any.
      const bool is_due = core.contains("due") && e.desk.contains("amount") &&
                          !(money_in(core.at("due")) < money_in(e.desk.at("amount")));
      const bool adds = limit.contains("count") ||
                        (e.desk.contains("amount") && !money_in(e.desk.at("amount")).is_zero());
      if (!adds || is_due) continue;
      wrong("hard budget `" + id + "` is not known, and it was approved: " + e.line);
      continue;
    }
    const reference::used now = count(under, *c, asked, e.at);
    const bool more = now.amount != was->amount;
    if (limit.contains("amount") && more && *now.amount > money_in(limit.at("amount"))) {
      wrong("hard budget `" + id + "` is over its limit: " + text_of(now.amount));
    }
    if (limit.contains("count") && now.count != was->count &&
        *now.count > limit.at("count").get<std::int64_t>()) {
      wrong("hard budget `" + id + "` is over its limit: " + text_of(now.count));
    }
  }
}

std::vector<std::string> auditor::compare(const desk& d, instant at) const {
  std::vector<std::string> out;
  std::vector<policy> all;
  all.reserve(versions_.size());
  for (const auto& one : versions_) all.push_back(one->compiled);
  std::set<policy_id> ids;
  for (const policy& one : all) ids.insert(one.id());
  for (const policy_id& id : ids) {
    const auto chosen = choose_policy(all, {.at = at, .policy = id});
    if (!chosen) continue;
    const version& under = *versions_[*chosen];
    for (const counter_of& c : under.counters) {
      std::set<usage_keys> keys;
      for (const history_entry& e : entries_for(c)) {
        usage_keys one;
        for (const std::string& fact : *c.what.per) {
          const auto found = e.keys.find(fact);
          if (found != e.keys.end()) one.emplace_back(fact, found->second);
          if (found == e.keys.end() && fact == "action.kind") one.emplace_back(fact, e.kind.str());
        }
        if (one.size() == c.what.per->size()) keys.insert(one);
      }
      for (const usage_keys& key : keys) {
        usage_value mine = value_of(count(under, c, request_with(key), at));
        if (c.kind == usage_kind::measure) {
          mine.at_least = mine.at_least || has_unplaced(under, c, at);
        }
        const auto told = d.budget(id, c.what.id, key);
        std::string of = c.what.id.str();
        for (const auto& [fact, text] : key) of.append(" ").append(fact).append("=").append(text);
        if (!told) {
          out.push_back(of + ": " + render(told.error()));
        } else if (!same_figures(told->used, mine) || told->used.at_least != mine.at_least) {
          out.push_back(of + ": the desk says " + text_of(told->used) + "; the records say " +
                        text_of(mine));
        }
      }
    }
  }
  return out;
}

std::int64_t auditor::used(const policy_id& of, const rule_id& id, const usage_keys& keys,
                           instant at) const {
  for (const auto& one : versions_) {
    if (one->compiled.id() != of) continue;
    for (const counter_of& c : one->counters) {
      if (c.what.id == id) return count(*one, c, request_with(keys), at).amount->minor();
    }
  }
  throw std::runtime_error("nothing is counted as `" + id.str() + "`");
}

}  // namespace leeway::desk_test
