// SPDX-License-Identifier: Apache-2.0
#include "engine/binder.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace leeway::engine {
namespace {

using condition::frame;
using condition::slot;
using condition::type;
using policy_detail::compiled_fact;
using policy_detail::compiled_policy;

// An entry's attribute that says on what ground it was approved; see usage.
constexpr std::string_view basis_name = "basis";

diagnostic wrong(const std::string& name, std::string code, std::string message,
                 std::string remedy) {
  diagnostic d;
  d.code = std::move(code);
  d.message = std::move(message);
  d.remedy = std::move(remedy);
  d.pointer = "/" + name;
  std::replace(d.pointer.begin(), d.pointer.end(), '.', '/');
  return d;
}

struct coerced {
  std::optional<value> content{};
  std::string problem{};  ///< empty: fine
};

coerced refuse(const value& v, const type& wanted) {
  return {std::nullopt, "expected `" + wanted.to_string() + "`, found `" +
                            std::string(to_string(v.kind())) + "` " + v.to_string()};
}

template <class T>
coerced parsed(const value& v, const type& wanted, result<T> (*parse)(std::string_view)) {
  if (!v.is(value_kind::string)) return refuse(v, wanted);
  auto out = parse(v.as_string());
  if (!out) return {std::nullopt, out.error().message};
  return {value(*out), {}};
}

coerced coerce(const value& v, const type& wanted, currency cur);

coerced coerce_money(const value& v, const type& wanted, currency cur) {
  auto out = v.is(value_kind::money) ? coerced{v, {}} : parsed<money>(v, wanted, &money::parse);
  if (out.content && out.content->as_money().cur() != cur) {
    return {std::nullopt, "`" + out.content->to_string() + "` is not in the policy's currency " +
                              std::string(cur.code())};
  }
  return out;
}

coerced coerce_list(const value& v, const type& wanted, currency cur) {
  if (!v.is(value_kind::list)) return refuse(v, wanted);
  value::list_type items;
  for (const auto& item : v.as_list()) {
    auto one =
        wanted.element() == nullptr ? coerced{item, {}} : coerce(item, *wanted.element(), cur);
    if (!one.content) return one;
    items.push_back(std::move(*one.content));
  }
  return {value::list(std::move(items)), {}};
}

coerced coerce_map(const value& v, const type& wanted, currency cur) {
  if (!v.is(value_kind::map)) return refuse(v, wanted);
  value::map_type rows;
  for (const auto& [key, content] : v.as_map()) {
    auto k = wanted.key() == nullptr ? coerced{key, {}} : coerce(key, *wanted.key(), cur);
    if (!k.content) return k;
    auto c = wanted.element() == nullptr ? coerced{content, {}}
                                         : coerce(content, *wanted.element(), cur);
    if (!c.content) return c;
    rows.emplace_back(std::move(*k.content), std::move(*c.content));
  }
  return {value::map(std::move(rows)), {}};
}

coerced coerce(const value& v, const type& wanted, currency cur) {
  switch (wanted.kind()) {
    case value_kind::money: return coerce_money(v, wanted, cur);
    case value_kind::list: return coerce_list(v, wanted, cur);
    case value_kind::map: return coerce_map(v, wanted, cur);
    default: break;
  }
  if (v.kind() == wanted.kind()) return {v, {}};
  switch (wanted.kind()) {
    case value_kind::number:
      if (v.is(value_kind::integer)) return {value(static_cast<double>(v.as_int())), {}};
      return refuse(v, wanted);
    case value_kind::timestamp: return parsed<instant>(v, wanted, &instant::parse);
    case value_kind::duration: return parsed<duration>(v, wanted, &duration::parse);
    case value_kind::date: return parsed<civil_date>(v, wanted, &civil_date::parse);
    case value_kind::ratio:
      if (v.is(value_kind::integer)) return {value(ratio(v.as_int())), {}};
      return parsed<ratio>(v, wanted, &ratio::parse);
    default: return refuse(v, wanted);
  }
}

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

std::optional<value> opt_names(const known_names& names) {
  if (!names) return std::nullopt;
  value::list_type items(names->begin(), names->end());
  return value::list(std::move(items));
}

std::optional<value> roles_of(const agent& a) {
  auto roles = a.all_roles();
  if (roles.empty()) return std::nullopt;
  value::list_type items;
  for (const auto& r : roles) items.emplace_back(r.str());
  return value::list(std::move(items));
}

std::optional<value> single_role(const agent& a) {
  auto roles = a.all_roles();
  if (roles.size() != 1) return std::nullopt;
  return value(roles.front().str());
}

struct raw_fact {
  const char* name;
  std::optional<value> (*read)(const request&);
};

// The one list of what a request carries outside its attributes.
const raw_fact raw_facts[] = {
    {"action.amount", [](const request& r) { return opt(r.action.amount); }},
    {"action.kind", [](const request& r) { return opt_id(r.action.kind); }},
    {"agent.certifications", [](const request& r) { return opt_names(r.agent.certifications); }},
    {"agent.department", [](const request& r) { return opt(r.agent.department); }},
    {"agent.id", [](const request& r) { return opt_id(r.agent.id); }},
    {"agent.role", [](const request& r) { return single_role(r.agent); }},
    {"agent.roles", [](const request& r) { return roles_of(r.agent); }},
    {"agent.site", [](const request& r) { return opt(r.agent.site); }},
    {"agent.team", [](const request& r) { return opt(r.agent.team); }},
    {"at", [](const request& r) { return std::optional<value>(value(r.at)); }},
    {"contact.cause", [](const request& r) { return opt(r.contact.cause); }},
    {"contact.channel", [](const request& r) { return opt(r.contact.channel); }},
    {"contact.id", [](const request& r) { return opt_id(r.contact.id); }},
    {"contact.reason", [](const request& r) { return opt(r.contact.reason); }},
    {"customer.churn_risk", [](const request& r) { return opt(r.customer.churn_risk); }},
    {"customer.flags", [](const request& r) { return opt_names(r.customer.flags); }},
    {"customer.id", [](const request& r) { return opt_id(r.customer.id); }},
    {"customer.lifetime_value", [](const request& r) { return opt(r.customer.lifetime_value); }},
    {"customer.segment", [](const request& r) { return opt(r.customer.segment); }},
    {"customer.since", [](const request& r) { return opt(r.customer.since); }},
    {"request.discretion", [](const request& r) { return std::optional<value>(r.discretion); }},
    {"request.note", [](const request& r) { return std::optional<value>(value(r.note)); }},
    {"subject.id", [](const request& r) { return opt_id(r.subject.id); }},
};

const attributes* group_of(const request& r, std::string_view group) {
  if (group == "agent") return &r.agent.attributes;
  if (group == "customer") return &r.customer.attributes;
  if (group == "contact") return &r.contact.attributes;
  if (group == "subject") return &r.subject.attributes;
  if (group == "action") return &r.action.attributes;
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

std::optional<value> read_raw(const request& r, const std::string& name) {
  for (const auto& raw : raw_facts) {
    if (name == raw.name) return raw.read(r);
  }
  auto dot = name.find('.');
  if (dot == std::string::npos) return std::nullopt;
  const auto* group = group_of(r, std::string_view(name).substr(0, dot));
  if (group == nullptr) return std::nullopt;
  const auto* found = find_nested(*group, std::string_view(name).substr(dot + 1));
  if (found == nullptr) return std::nullopt;
  return *found;
}

void bind_missing(const compiled_fact& fact, frame& facts) {
  const auto* declared = fact.declared;
  if (declared != nullptr && declared->default_value) {
    facts.set(fact.where, *declared->default_value);
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
  return std::ranges::find(declared.one_of, v) != declared.one_of.end();
}

void bind_fact(const compiled_policy& policy, const compiled_fact& fact,
               const std::optional<value>& raw, frame& facts, diagnostics& found) {
  if (!raw) return bind_missing(fact, facts);
  auto typed = coerce(*raw, fact.static_type, policy.money_currency);
  if (!typed.content) {
    found.add(wrong(fact.name, "wrong_fact_type", "`" + fact.name + "`: " + typed.problem,
                    "the policy declares it as `" + fact.static_type.to_string() + "`"));
    return;
  }
  const auto* declared = fact.declared;
  if (declared != nullptr && !declared->one_of.empty() && !allowed(*declared, *typed.content)) {
    found.add(wrong(
        fact.name, "fact_not_allowed",
        "`" + fact.name + "` is " + typed.content->to_string() + ", which the policy does not know",
        "one of: " + list_of(declared->one_of)));
    return;
  }
  facts.set(fact.where, std::move(*typed.content));
}

class undeclared {
 public:
  undeclared(const compiled_policy& policy, diagnostics& found) : found_(found) {
    for (const auto& f : policy.facts) names_.push_back(f.name);
    known_.insert(names_.begin(), names_.end());
  }

  void check(const char* group, const attributes& from) {
    for (const auto& [name, content] : from) {
      std::string path = std::string(group) + "." + name;
      if (known(path)) continue;
      diagnostic d = wrong(path, "undeclared_fact",
                           "`" + path + "` is not a fact of the policy; it was not looked at", {});
      d.level = severity::warning;
      // What is not kept needs no suggestion, which takes a look at every name.
      auto near = found_.full() ? std::nullopt : did_you_mean(path, names_);
      if (near) d.remedy = "did you mean `" + *near + "`?";
      found_.add(std::move(d));
    }
  }

 private:
  bool known(const std::string& path) const {
    if (known_.contains(path)) return true;
    auto below = known_.lower_bound(path + ".");
    return below != known_.end() && below->starts_with(path + ".");
  }

  diagnostics& found_;
  std::vector<std::string> names_{};
  std::set<std::string, std::less<>> known_{};
};

void check_money(const compiled_policy& policy, const std::string& name,
                 const std::optional<money>& amount, diagnostics& found) {
  if (!amount) return;
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
  check_money(policy, "action.amount", r.action.amount, found);
  if (r.history) {
    std::size_t i = 0;
    for (const auto& entry : *r.history) {
      check_money(policy, "history." + std::to_string(i) + ".amount", entry.amount, found);
      check_money(policy, "history." + std::to_string(i) + ".due", entry.due, found);
      ++i;
    }
  }
  std::size_t i = 0;
  for (const auto& s : r.signoffs) {
    check_money(policy, "signoffs." + std::to_string(i++) + ".amount", s.amount, found);
  }
  for (const auto& [id, u] : r.usage) check_money(policy, "usage." + id, u.amount, found);
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

diagnostic lenient(diagnostic d) {
  d.level = severity::warning;
  return d;
}

// Roles nobody knows carry no authority: worth telling, since a slip looks like a refusal.
void check_roles(const compiled_policy& policy, const request& r, diagnostics& found) {
  for (const auto& role : r.agent.all_roles()) {
    if (policy.find_role(role.view())) continue;
    std::vector<std::string> all;
    for (const auto& known : policy.roles) all.push_back(known.id.str());
    auto near = did_you_mean(role.str(), all);
    found.add(lenient(wrong("agent.role", "unknown_role",
                            "`" + role.str() + "` is no role of the policy; it has no authority",
                            near ? "did you mean `" + *near + "`?" : std::string())));
  }
}

// Kinds that the policy's catalogue or a measure names.
bool known_kind(const compiled_policy& policy, const std::string& kind) {
  if (policy.find_action(kind)) return true;
  return std::ranges::any_of(policy.measures, [&](const auto& m) {
    return m.every_kind || std::ranges::find(m.kinds, kind) != m.kinds.end();
  });
}

// Slips in history count for nothing, silently, or make usage unknown: each is told, the first few.
void check_history(const compiled_policy& policy, const request& r, diagnostics& found) {
  if (!r.history) return;
  constexpr std::size_t most = 5;
  std::set<std::string, std::less<>> entry_names;
  for (const auto& f : policy.entry_facts) entry_names.insert(f.name);
  std::vector<std::string> names(entry_names.begin(), entry_names.end());
  for (auto& name : names) name.erase(0, std::string_view("entry.").size());
  std::size_t told = 0;
  auto tell = [&](std::size_t i, const std::string& what, std::string code, std::string message,
                  std::string remedy) {
    if (told++ >= most) return;
    found.add(lenient(wrong("history." + std::to_string(i) + "." + what, std::move(code),
                            std::move(message), std::move(remedy))));
  };
  auto undeclared_key = [&](std::size_t i, const std::string& name) {
    if (entry_names.contains("entry." + name) || name == basis_name) return;
    auto near = did_you_mean(name, names);
    tell(i, name, "undeclared_fact",
         "`" + name + "` of a history entry is not known to the policy; it was not looked at",
         near ? "did you mean `" + *near + "`?" : std::string());
  };
  for (std::size_t i = 0; i < r.history->size() && told < most; ++i) {
    const auto& e = (*r.history)[i];
    if (!known_kind(policy, e.kind.str())) {
      tell(i, "kind", "unknown_kind",
           "`" + e.kind.str() + "` is no kind of action the policy knows; only `*` counts it",
           "check the spelling of `kind`");
    }
    if (e.at > r.at) {
      tell(i, "at", "entry_in_future",
           "the entry is of " + e.at.to_string() + ", after the request; it was not counted",
           "check its date");
    }
    for (const auto& [name, text] : e.keys) undeclared_key(i, name);
    for (const auto& [name, content] : e.attributes) undeclared_key(i, name);
  }
}

}  // namespace

bound_request bind(const compiled_policy& policy, const request& r) {
  bound_request out{condition::frame(*policy.env), {}};
  for (const auto& fact : policy.facts) {
    // The amount is checked once, below, with the better message.
    if (fact.where == policy.amount_slot && r.action.amount &&
        r.action.amount->cur() != policy.money_currency) {
      continue;
    }
    bind_fact(policy, fact, read_raw(r, fact.name), out.facts, out.found);
  }
  check_amounts(policy, r, out.found);
  check_signoffs(r, out.found);
  check_due(r, out.found);
  check_usage(policy, r, out.found);
  return out;
}

void advise(const compiled_policy& policy, const request& r, diagnostics& found) {
  check_roles(policy, r, found);
  check_history(policy, r, found);
  undeclared names(policy, found);
  names.check("agent", r.agent.attributes);
  names.check("customer", r.customer.attributes);
  names.check("contact", r.contact.attributes);
  names.check("subject", r.subject.attributes);
  names.check("action", r.action.attributes);
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
    bind_fact(policy, fact, raw, facts, ignored);
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

void bind_usage(const compiled_policy& policy, const usage& used, condition::frame& facts) {
  for (const auto& m : policy.measures) {
    facts.set_unknown(m.result);
    auto wanted = lookup_keys(policy, facts, m.per);
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
    if (found->keys && (!wanted.missing.empty() || *found->keys != wanted.keys)) continue;
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
