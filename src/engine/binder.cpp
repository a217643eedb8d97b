// SPDX-License-Identifier: Apache-2.0
#include "engine/binder.hpp"

#include "engine/coerce.hpp"
#include "engine/request_diagnostic.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <span>
#include <string_view>
#include <utility>

namespace leeway::engine {
namespace {

using condition::frame;
using condition::slot;
using policy_detail::compiled_fact;
using policy_detail::compiled_policy;

template <class T>
std::optional<value> opt(const std::optional<T>& v) {
  if (!v) return std::nullopt;
  return value(*v);
}

template <class Id>
std::optional<value> opt_id(const Id& id) {
  if (id.empty()) return std::nullopt;
  return value(id.str());
}

// Each puts what the request has into the frame, in place; false: it is missing.
bool put(frame& facts, slot s, const std::string& text) {
  facts.set_text(s, text);
  return true;
}
bool put(frame& facts, slot s, value&& v) {
  facts.set(s, std::move(v));
  return true;
}
template <class T>
bool put(frame& facts, slot s, const std::optional<T>& v) {
  return v && put(facts, s, value(*v));
}
bool put(frame& facts, slot s, const std::optional<double>& v) {
  return v && put(facts, s, value(*v + 0.0));  // the canonical form knows no minus zero
}
bool put(frame& facts, slot s, const std::optional<std::string>& v) {
  return v && put(facts, s, *v);
}
template <class Id>
bool put_id(frame& facts, slot s, const Id& id) {
  return !id.empty() && put(facts, s, id.str());
}

// A list like the one of the last request is not made again.
bool put_names(frame& facts, slot s, std::span<const std::string> names) {
  const value& before = facts.last_own(s);
  auto same = [&] {
    if (!before.is(value_kind::list)) return false;
    return std::ranges::equal(before.as_list(), names, [](const value& a, const std::string& b) {
      return a.is(value_kind::string) && a.as_string() == b;
    });
  };
  if (same()) {
    facts.set_known(s);
  } else {
    facts.set(s, value::list({names.begin(), names.end()}));
  }
  return true;
}
bool put_names(frame& facts, slot s, const known_names& names) {
  return names && put_names(facts, s, std::span<const std::string>(*names));
}

bool put_roles(frame& facts, slot s, const agent& a) {
  std::vector<std::string> names;
  for (const auto& r : a.all_roles()) names.push_back(r.str());
  return !names.empty() && put_names(facts, s, std::span<const std::string>(names));
}

bool put_single_role(frame& facts, slot s, const agent& a) {
  if (a.roles.empty()) return put_id(facts, s, a.role);
  const auto roles = a.all_roles();
  return roles.size() == 1 && put(facts, s, roles.front().str());
}

struct raw_fact {
  const char* name;
  bool (*put)(const request&, frame&, slot);
};

// The one list of what a request carries outside its attributes.
const raw_fact raw_facts[] = {
    {"action.amount", [](auto& r, auto& f, slot s) { return put(f, s, r.action.amount); }},
    {"action.kind", [](auto& r, auto& f, slot s) { return put_id(f, s, r.action.kind); }},
    {"agent.certifications",
     [](auto& r, auto& f, slot s) { return put_names(f, s, r.agent.certifications); }},
    {"agent.department", [](auto& r, auto& f, slot s) { return put(f, s, r.agent.department); }},
    {"agent.id", [](auto& r, auto& f, slot s) { return put_id(f, s, r.agent.id); }},
    {"agent.role", [](auto& r, auto& f, slot s) { return put_single_role(f, s, r.agent); }},
    {"agent.roles", [](auto& r, auto& f, slot s) { return put_roles(f, s, r.agent); }},
    {"agent.site", [](auto& r, auto& f, slot s) { return put(f, s, r.agent.site); }},
    {"agent.team", [](auto& r, auto& f, slot s) { return put(f, s, r.agent.team); }},
    {"at", [](auto& r, auto& f, slot s) { return put(f, s, value(r.at)); }},
    {"contact.cause", [](auto& r, auto& f, slot s) { return put(f, s, r.contact.cause); }},
    {"contact.channel", [](auto& r, auto& f, slot s) { return put(f, s, r.contact.channel); }},
    {"contact.id", [](auto& r, auto& f, slot s) { return put_id(f, s, r.contact.id); }},
    {"contact.reason", [](auto& r, auto& f, slot s) { return put(f, s, r.contact.reason); }},
    {"customer.churn_risk",
     [](auto& r, auto& f, slot s) { return put(f, s, r.customer.churn_risk); }},
    {"customer.flags", [](auto& r, auto& f, slot s) { return put_names(f, s, r.customer.flags); }},
    {"customer.id", [](auto& r, auto& f, slot s) { return put_id(f, s, r.customer.id); }},
    {"customer.lifetime_value",
     [](auto& r, auto& f, slot s) { return put(f, s, r.customer.lifetime_value); }},
    {"customer.segment", [](auto& r, auto& f, slot s) { return put(f, s, r.customer.segment); }},
    {"customer.since", [](auto& r, auto& f, slot s) { return put(f, s, r.customer.since); }},
    {"request.discretion", [](auto& r, auto& f, slot s) { return put(f, s, value(r.discretion)); }},
    {"request.note", [](auto& r, auto& f, slot s) { return put(f, s, r.note); }},
    {"subject.id", [](auto& r, auto& f, slot s) { return put_id(f, s, r.subject.id); }},
};

const raw_fact& reader_of(policy_detail::index builtin) {
  static const std::vector<const raw_fact*> readers = [] {
    std::vector<const raw_fact*> out;
    for (const auto& one : policy_detail::builtin_facts()) {
      out.push_back(std::ranges::find(raw_facts, std::string_view(one.name), &raw_fact::name));
    }
    return out;
  }();
  return *readers[builtin];
}

const attributes* group_of(const request& r, policy_detail::fact_group group) {
  using policy_detail::fact_group;
  switch (group) {
    case fact_group::agent: return &r.agent.attributes;
    case fact_group::customer: return &r.customer.attributes;
    case fact_group::contact: return &r.contact.attributes;
    case fact_group::subject: return &r.subject.attributes;
    case fact_group::action: return &r.action.attributes;
    case fact_group::other: break;
  }
  return nullptr;
}

const value* find_nested(const attributes& from, std::string_view path) {
  auto exact = from.find(path);
  if (exact != from.end()) return &exact->second;
  auto dot = path.find('.');
  if (dot == std::string_view::npos) return nullptr;
  auto head = from.find(path.substr(0, dot));
  if (head == from.end()) return nullptr;
  const value* at = &head->second;
  path.remove_prefix(dot + 1);
  while (at->is(value_kind::map)) {
    dot = path.find('.');
    const value* next = at->find(value(path.substr(0, dot)));
    if (next == nullptr || dot == std::string_view::npos) return next;
    at = next;
    path.remove_prefix(dot + 1);
  }
  return nullptr;
}

void bind_missing(const compiled_fact& fact, frame& facts) {
  const auto* declared = fact.declared;
  if (declared != nullptr && declared->default_value) {
    facts.borrow(fact.where, *declared->default_value);
  } else if (declared != nullptr && declared->optional) {
    facts.set_absent(fact.where);
  } else {
    facts.set_unknown(fact.where);
  }
}

std::string list_of(const std::vector<value>& allowed) {
  std::string out;
  for (const auto& v : allowed) out += (out.empty() ? "" : ", ") + v.to_string();
  return out;
}

bool allowed(const fact_declaration& declared, const value& v) {
  if (v.is(value_kind::list)) {
    return std::ranges::all_of(v.as_list(),
                               [&](const value& item) { return allowed(declared, item); });
  }
  if (v.is(value_kind::string)) {
    return std::ranges::any_of(declared.one_of, [&](const value& one) {
      return one.is(value_kind::string) && one.as_string() == v.as_string();
    });
  }
  return std::ranges::find(declared.one_of, v) != declared.one_of.end();
}

void not_allowed(const compiled_fact& fact, const value& v, diagnostics& found) {
  found.add(wrong(fact.name, "fact_not_allowed",
                  "`" + fact.name + "` is " + v.to_string() + ", which the policy does not know",
                  "one of: " + list_of(fact.declared->one_of)));
}

bool may_be(const compiled_fact& fact, const value& v) {
  const auto* declared = fact.declared;
  return declared == nullptr || declared->one_of.empty() || allowed(*declared, v);
}

// Whether a value is of the declared type as it stands, so that it need not be made over.
bool stands(const compiled_policy& policy, const compiled_fact& fact, const value& v) {
  if (v.kind() != fact.static_type.kind()) return false;
  switch (v.kind()) {
    case value_kind::list:
    case value_kind::map: return false;
    case value_kind::money: return v.as_money().cur() == policy.money_currency;
    case value_kind::number: return !is_minus_zero(v.as_double());
    default: return true;
  }
}

// What conditions cost was checked with lists as long as this. A longer one is refused, and so is a
// text that would make each look at it dear: else a request decides how long a decision takes.
constexpr std::size_t most_items = condition::compile_options{}.list_limit;
constexpr std::size_t most_bytes = std::size_t{64} << 10U;

bool is_too_large(const value& v) {
  switch (v.kind()) {
    case value_kind::string: return v.as_string().size() > most_bytes;
    case value_kind::list:
      return v.as_list().size() > most_items || std::ranges::any_of(v.as_list(), is_too_large);
    case value_kind::map:
      return v.as_map().size() > most_items || std::ranges::any_of(v.as_map(), [](const auto& row) {
               return is_too_large(row.first) || is_too_large(row.second);
             });
    default: return false;
  }
}

void too_large(const compiled_fact& fact, diagnostics& found) {
  found.add(wrong(fact.name, "fact_too_large", "`" + fact.name + "` is too large to decide on",
                  "send lists of at most " + std::to_string(most_items) +
                      " items, texts of at most " + std::to_string(most_bytes) + " bytes"));
}

// Borrows `raw` where it is of the declared type.
void bind_value(const compiled_policy& policy, const compiled_fact& fact, const value& raw,
                frame& facts, diagnostics& found) {
  if (is_too_large(raw)) return too_large(fact, found);
  if (stands(policy, fact, raw)) {
    if (!may_be(fact, raw)) return not_allowed(fact, raw, found);
    return facts.borrow(fact.where, raw);
  }
  auto typed = coerce(raw, fact.static_type, policy.money_currency);
  if (!typed.content) {
    found.add(wrong(fact.name, "wrong_fact_type", "`" + fact.name + "`: " + typed.problem,
                    "the policy declares it as `" + fact.static_type.to_string() + "`"));
    return;
  }
  if (!may_be(fact, *typed.content)) return not_allowed(fact, *typed.content, found);
  facts.set(fact.where, std::move(*typed.content));
}

// What every policy knows is of the right type by itself; only its currency may be another one.
void bind_builtin(const compiled_policy& policy, const compiled_fact& fact, const request& r,
                  frame& facts, diagnostics& found) {
  if (!reader_of(*fact.builtin).put(r, facts, fact.where)) return bind_missing(fact, facts);
  const value& put = *facts.at(fact.where).content;
  if (is_too_large(put)) return too_large(fact, found);
  if (fact.declared == nullptr && !fact.static_type.is(value_kind::money)) return;
  if (put.is(value_kind::money) && put.as_money().cur() != policy.money_currency) {
    const value foreign = put;
    facts.set_unknown(fact.where);
    return bind_value(policy, fact, foreign, facts, found);
  }
  if (!may_be(fact, put)) not_allowed(fact, put, found);
}

std::string_view path_of(const compiled_fact& fact) {
  return std::string_view(fact.name).substr(fact.path_at);
}

void bind_attribute(const compiled_policy& policy, const compiled_fact& fact, const value* raw,
                    frame& facts, diagnostics& found) {
  if (raw == nullptr) return bind_missing(fact, facts);
  bind_value(policy, fact, *raw, facts, found);
}

// Facts and attributes are in the same order, so one walk along both finds them all; where there
// are many more attributes than facts, each is looked up.
void bind_group(const compiled_policy& policy, const policy_detail::group_facts& group,
                const attributes& from, frame& facts, diagnostics& found) {
  if (from.size() > 4 * group.facts.size() + 8) {
    for (const auto* f : group.facts) {
      bind_attribute(policy, *f, find_nested(from, path_of(*f)), facts, found);
    }
    return;
  }
  auto at = from.begin();
  const auto is_at = [&](std::string_view path) { return at != from.end() && at->first == path; };
  for (const auto* f : group.facts) {
    const std::string_view path = path_of(*f);
    // Mostly it is the very next one, and to see that takes no order.
    if (!is_at(path)) {
      while (at != from.end() && at->first < path) ++at;
    }
    if (is_at(path)) {
      bind_value(policy, *f, at->second, facts, found);
      ++at;
    } else if (path.find('.') == std::string_view::npos) {
      bind_missing(*f, facts);
    } else {
      bind_attribute(policy, *f, find_nested(from, path), facts, found);
    }
  }
}

void bind_all(const compiled_policy& policy, const request& r, frame& facts, diagnostics& found) {
  // A foreign amount is told once, by `check_amounts`, with the better message.
  const bool foreign = r.action.amount && r.action.amount->cur() != policy.money_currency;
  for (const auto* f : policy.builtins_read) {
    if (f->where == policy.amount_slot && foreign) continue;
    bind_builtin(policy, *f, r, facts, found);
  }
  for (const auto& group : policy.attributes_read) {
    if (const auto* from = group_of(r, group.group)) {
      bind_group(policy, group, *from, facts, found);
    } else {
      for (const auto* f : group.facts) bind_missing(*f, facts);
    }
  }
}

bool is_proper(const compiled_policy& policy, const std::optional<money>& amount) {
  return !amount || (amount->cur() == policy.money_currency && !amount->is_negative());
}

void check_money(const compiled_policy& policy, const std::string& name,
                 const std::optional<money>& amount, diagnostics& found) {
  if (is_proper(policy, amount)) return;
  if (amount->cur() != policy.money_currency) {
    found.add(wrong(name, "wrong_currency",
                    "`" + name + "` is " + amount->to_string() + ", and the policy is in " +
                        std::string(policy.money_currency.code()),
                    "convert it before asking; amounts are never converted here"));
  } else if (amount->is_negative()) {
    found.add(wrong(name, "negative_amount", "`" + name + "` is negative: " + amount->to_string(),
                    "amounts are what the action costs the company, zero or more"));
  }
}

// Every sign-off with an amount is one more amount to try for the offer, each against every
// sign-off.
constexpr std::size_t most_signoffs = 100;

void check_signoffs(const request& r, diagnostics& found) {
  if (r.signoffs.size() <= most_signoffs) return;
  found.add(wrong(
      "signoffs", "too_many_signoffs",
      std::to_string(r.signoffs.size()) + " sign-offs, more than " + std::to_string(most_signoffs),
      "send those that this request was given"));
}

void check_amounts(const compiled_policy& policy, const request& r, diagnostics& found) {
  if (!is_proper(policy, r.action.amount)) {
    check_money(policy, "action.amount", r.action.amount, found);
  }
  if (r.history) {
    for (std::size_t i = 0; i < r.history->size(); ++i) {
      const auto& entry = (*r.history)[i];
      if (is_proper(policy, entry.amount) && is_proper(policy, entry.due)) continue;
      check_money(policy, "history." + std::to_string(i) + ".amount", entry.amount, found);
      check_money(policy, "history." + std::to_string(i) + ".due", entry.due, found);
    }
  }
  for (std::size_t i = 0; i < r.signoffs.size(); ++i) {
    const auto& s = r.signoffs[i];
    if (is_proper(policy, s.amount)) continue;
    check_money(policy, "signoffs." + std::to_string(i) + ".amount", s.amount, found);
  }
  for (const auto& [id, u] : r.usage) {
    if (!is_proper(policy, u.amount)) check_money(policy, "usage." + id, u.amount, found);
  }
}

std::set<std::string, std::less<>> usage_names(const compiled_policy& policy) {
  std::set<std::string, std::less<>> names;
  for (const auto& m : policy.measures) names.insert(m.id.str());
  for (const auto& b : policy.budgets) names.insert(b.id.str());
  for (const auto& d : policy.discretion) names.insert(d.id.str());
  for (const auto& g : policy.grants) {
    if (g.window) names.insert(g.id.str());
  }
  return names;
}

// What is due is computed: a request that states it would be believed over the policy.
void check_due(const request& r, diagnostics& found) {
  for (const auto& [name, content] : r.action.attributes) {
    if (name != "due" && !name.starts_with("due.")) continue;
    found.add(wrong("action." + name, "computed_name",
                    "`action." + name + "` is not for a request to state: what is due is computed",
                    "leave it out; give the facts that the entitlements read"));
  }
}

void check_usage(const compiled_policy& policy, const request& r, diagnostics& found) {
  if (r.usage.empty()) return;
  auto names = usage_names(policy);
  for (const auto& [id, u] : r.usage) {
    if (u.count && *u.count < 0) {
      found.add(wrong("usage." + id, "negative_count", "`usage." + id + "` counts below zero", {}));
    }
    if (names.contains(id)) continue;
    diagnostic d = wrong("usage." + id, "unknown_usage",
                         "`" + id + "` is no budget, measure or fund of the policy", {});
    d.level = severity::warning;
    std::vector<std::string> all(names.begin(), names.end());
    if (auto near = did_you_mean(id, all)) d.remedy = "did you mean `" + *near + "`?";
    found.add(std::move(d));
  }
}

}  // namespace

diagnostics bind(const compiled_policy& policy, const request& r, frame& facts) {
  diagnostics found;
  facts.reset(*policy.env);
  bind_all(policy, r, facts, found);
  // In the order of names, whatever the order of declaring or of looking.
  if (!found.empty()) std::ranges::stable_sort(found, {}, &diagnostic::pointer);
  check_amounts(policy, r, found);
  check_signoffs(r, found);
  check_due(r, found);
  check_usage(policy, r, found);
  return found;
}

bound_request bind(const compiled_policy& policy, const request& r) {
  bound_request out{condition::frame(*policy.env), {}};
  out.found = bind(policy, r, out.facts);
  return out;
}

namespace {

// An entry of an action that has no amount cost nothing; of another one it is not known.
std::optional<value> amount_of(const compiled_policy& policy, const history_entry& entry) {
  const auto kind = policy.find_action(entry.kind.view());
  if (entry.amount || !kind || policy.actions[*kind].amount != amount_mode::no_amount) {
    return opt(entry.amount);
  }
  return value(money(0, policy.money_currency));
}

}  // namespace

condition::frame bind_entry(const compiled_policy& policy, const history_entry& entry) {
  condition::frame facts(*policy.entry);
  diagnostics ignored;  // an entry of a wrong type is unknown, which never approves
  for (const auto& fact : policy.entry_facts) {
    std::string_view name = fact.name;
    name.remove_prefix(std::string_view("entry.").size());
    std::optional<value> raw;
    if (name == "kind") {
      raw = opt_id(entry.kind);
    } else if (name == "amount") {
      raw = amount_of(policy, entry);
    } else if (name == "at") {
      raw = value(entry.at);
    } else if (name == "reversed") {
      raw = value(entry.reversed);
    } else if (name == "id") {
      if (!entry.id.empty()) raw = value(entry.id);
    } else if (auto key = entry.keys.find(name); key != entry.keys.end()) {
      raw = value(key->second);
    } else if (const auto* found = find_nested(entry.attributes, name)) {
      raw = *found;
    }
    if (raw) {
      bind_value(policy, fact, *raw, facts, ignored);
      facts.own(fact.where);
    } else {
      bind_missing(fact, facts);
    }
  }
  return facts;
}

std::optional<std::string> key_text(const condition::frame& facts, condition::slot s) {
  const auto& b = facts.at(s);
  if (b.status != condition::binding::state::known || !b.content) return std::nullopt;
  if (b.content->is(value_kind::string)) return b.content->as_string();
  return b.content->to_string();
}

key_lookup lookup_keys(const compiled_policy& policy, const condition::frame& facts,
                       const std::vector<condition::slot>& per) {
  key_lookup out;
  for (auto s : per) {
    const auto& path = policy.env->at(s).path;
    if (auto text = key_text(facts, s)) {
      out.keys.emplace_back(path, std::move(*text));
    } else {
      out.missing.push_back(path);
    }
  }
  return out;
}

bool same_keys(const compiled_policy& policy, const condition::frame& facts,
               const std::vector<condition::slot>& per, const usage_keys& keys) {
  if (per.size() != keys.size()) return false;
  for (std::size_t i = 0; i < per.size(); ++i) {
    const auto& b = facts.at(per[i]);
    if (b.status != condition::binding::state::known || !b.content) return false;
    if (policy.env->at(per[i]).path != keys[i].first) return false;
    const bool same = b.content->is(value_kind::string) ? b.content->as_string() == keys[i].second
                                                        : b.content->to_string() == keys[i].second;
    if (!same) return false;
  }
  return true;
}

void bind_usage(const compiled_policy& policy, const usage& used, condition::frame& facts) {
  for (const auto& m : policy.measures) {
    facts.set_unknown(m.result);
    const auto* found = used.find(m.id);
    if (found == nullptr) {
      if (!used.zero_by_default()) continue;
      switch (m.take) {
        case take::count: facts.set(m.result, value(std::int64_t{0})); break;
        case take::sum:
        case take::max: facts.set(m.result, value(money(0, policy.money_currency))); break;
        case take::last_at: facts.set_absent(m.result); break;
      }
      continue;
    }
    if (found->at_least) continue;  // a lower bound is not a value
    if (found->keys && !same_keys(policy, facts, m.per, *found->keys)) continue;
    switch (m.take) {
      case take::count:
        if (found->count) facts.set(m.result, value(*found->count));
        break;
      case take::sum:
      case take::max:
        if (found->amount && found->amount->cur() == policy.money_currency) {
          facts.set(m.result, value(*found->amount));
        }
        break;
      case take::last_at:
        if (found->last_at) {
          facts.set(m.result, value(*found->last_at));
        } else if (found->count && *found->count == 0) {
          facts.set_absent(m.result);
        }
        break;
    }
  }
}

}  // namespace leeway::engine
