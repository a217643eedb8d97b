// SPDX-License-Identifier: Apache-2.0
// What a policy declares for its conditions to read.
#include "policy/check.hpp"
#include "policy/fields.hpp"
#include "policy/literals.hpp"

#include <algorithm>
#include <array>
#include <functional>

namespace leeway::policy_detail {
namespace {

using condition::declaration;
using condition::type;

constexpr std::array prefixes{"agent", "customer", "contact", "subject", "action", "entry"};

std::string first_step(std::string_view name) {
  return std::string(name.substr(0, name.find('.')));
}

bool is_builtin(std::string_view name) {
  const auto& all = builtin_facts();
  return std::any_of(all.begin(), all.end(), [&](const auto& one) { return name == one.name; });
}

bool all_identifiers(std::string_view dotted) {
  while (!dotted.empty()) {
    const auto end = std::min(dotted.find('.'), dotted.size());
    if (!is_identifier(dotted.substr(0, end))) return false;
    if (end == dotted.size()) return true;
    dotted.remove_prefix(end + 1);
  }
  return false;
}

/// Whether a fact may be declared under this name; says why not.
bool good_fact_name(check_context& c, const std::string& pointer, const std::string& name) {
  if (is_builtin(name)) return true;
  const std::string first = first_step(name);
  if (std::find(prefixes.begin(), prefixes.end(), first) == prefixes.end() ||
      name.find('.') == std::string::npos) {
    std::vector<std::string> near;
    for (const char* one : prefixes) near.emplace_back(one);
    const auto meant = first == name ? std::nullopt : did_you_mean(first, near);
    std::string hint =
        meant ? "did you mean " + ticked(*meant + name.substr(first.size())) + "?" : std::string{};
    if (hint.empty()) hint = "begin it with " + one_of_these(near) + " and a dot";
    c.key_error(pointer, "bad_fact_name", "a fact cannot be named " + ticked(name), hint);
    return false;
  }
  if (!all_identifiers(name)) {
    c.key_error(pointer, "bad_fact_name", "a fact cannot be named " + ticked(name),
                "between the dots use letters, digits and `_`, no digit first, and no reserved "
                "word such as `in`");
    return false;
  }
  return true;
}

bool is_scalar(const type& t) { return !t.is(value_kind::list) && !t.is(value_kind::map); }

bool is_among(const value& v, const std::vector<value>& choices) {
  if (v.is(value_kind::list)) {
    return std::ranges::all_of(v.as_list(),
                               [&](const value& item) { return is_among(item, choices); });
  }
  return std::ranges::find(choices, v) != choices.end();
}

void check_constants(check_context& c, const std::string& pointer, const fact_declaration& f,
                     const type& t) {
  const std::string fallback = field(pointer, "default");
  const std::string choices = field(pointer, "one_of");
  // Of a list it names what each item may be.
  const type& single = t.is(value_kind::list) && t.element() != nullptr ? *t.element() : t;
  for (std::size_t i = 0; i < f.one_of.size(); ++i) {
    if (!value_fits(f.one_of[i], single)) {
      c.error(item(choices, i), "type_mismatch",
              "expected " + written_as(single) + ", found `" + f.one_of[i].to_string() + "`");
    } else {
      good_constants(c, item(choices, i), f.one_of[i]);
    }
  }
  if (!f.one_of.empty() && !is_scalar(single)) {
    c.error(choices, "type_mismatch", "`one_of` names single values, not " + ticked(t.to_string()));
  }
  if (!f.default_value) return;
  if (f.optional) {
    c.error(fallback, "default_and_optional",
            "a fact with a default is never absent, so `optional` says nothing",
            "keep one of them");
  }
  if (!value_fits(*f.default_value, t)) {
    c.error(fallback, "type_mismatch",
            "expected " + written_as(t) + ", found `" + f.default_value->to_string() + "`");
  } else if (good_constants(c, fallback, *f.default_value) && !f.one_of.empty() &&
             !is_among(*f.default_value, f.one_of)) {
    c.error(fallback, "default_not_allowed",
            "the default `" + f.default_value->to_string() + "` is not among `one_of`",
            "add it there, or choose one of those");
  }
}

std::optional<type> builtin_type(const std::string& name) {
  for (const auto& one : builtin_facts()) {
    if (name == one.name) return *type::parse(one.type);
  }
  return std::nullopt;
}

/// Of a fact that every request has: what it is when it is left out, where it can be.
struct always_known {
  const char* name;
  std::optional<value> left_out;
};

const always_known* find_always_known(std::string_view name) {
  static const std::array<always_known, 4> all{{{"action.kind", std::nullopt},
                                                {"at", std::nullopt},
                                                {"request.discretion", value(false)},
                                                {"request.note", value("")}}};
  const auto found = std::ranges::find(all, name, &always_known::name);
  return found == all.end() ? nullptr : &*found;
}

/// A fact that is never missing has nothing to stand in for it, and is never asked for.
void check_never_missing(check_context& c, const std::string& pointer, const fact_declaration& f) {
  const always_known* known = find_always_known(f.name);
  if (known == nullptr) return;
  const bool text = known->left_out && known->left_out->is(value_kind::string);
  const std::string why =
      ticked(f.name) + " is never missing" +
      (!known->left_out ? ": every request has it"
       : text           ? ": left out of a request it is `''`"
                        : ": left out of a request it is `" + known->left_out->to_string() + "`");
  const std::string how = text ? "leave it out; whether one was given is `" + f.name + " != ''`"
                          : known->left_out ? "leave it out; read the fact as it is"
                                            : "leave it out";
  for (const auto& [key, stands] : {std::pair{"default", f.default_value.has_value()},
                                    {"optional", f.optional},
                                    {"ask", !f.ask.empty()}}) {
    if (!stands) continue;
    c.error(field(pointer, key), "never_missing", why + ", so " + ticked(key) + " says nothing",
            how);
  }
}

/// The amount that is proposed is no attribute: nothing stands in for it.
void check_amount(check_context& c, const std::string& pointer, const fact_declaration& f) {
  if (f.name != "action.amount") return;
  for (const auto& [key, stands] :
       {std::pair{"default", f.default_value.has_value()}, {"optional", f.optional}}) {
    if (!stands) continue;
    c.error(
        field(pointer, key), "never_missing",
        "nothing stands in for the amount that is proposed, so " + ticked(key) + " says nothing",
        "an amount that is not the agent's to choose is the action's: "
        "\"amount\": {\"fixed\": ...}, \"due\" or \"none\"");
  }
}

/// Declares a fact in the environment it belongs to.
void declare(check_context& c, const std::string& name, const type& t, const fact_declaration* from,
             bool secret = false) {
  declaration d{.path = name, .static_type = t};
  d.optional = from != nullptr && from->optional;
  if (from != nullptr) d.one_of = from->one_of;
  d.protected_attribute = secret || (from != nullptr && from->protected_attribute);
  const bool of_entry = name.starts_with("entry.");
  d.amount = name == "action.amount";
  if (const always_known* known = find_always_known(name)) {
    d.always = true;
    d.left_out = known->left_out;
  }
  auto& env = of_entry ? *c.into().entry : *c.into().env;
  auto& list = of_entry ? c.into().entry_facts : c.into().facts;
  const auto slot = env.declare(std::move(d));
  // INVARIANT: facts are declared before all else, so a fact stands at its slot.
  compiled_fact fact{name, t, slot, from};
  if (slot == list.size()) {
    list.push_back(std::move(fact));
  } else {
    list[slot] = std::move(fact);
  }
}

/// Names of an overlay are its own: none that the policy has gets another meaning, or a default.
bool is_new(check_context& c, const scope& in, const std::string& pointer,
            const std::string& name) {
  if (in.overlay == nullptr || !is_builtin(name)) return true;
  c.key_error(pointer, "duplicate_id",
              ticked(name) + " is built in, and an overlay adds names only",
              "leave it out: every condition may read it");
  return false;
}

void check_fact(check_context& c, const scope& in, const fact_declaration& f) {
  const std::string pointer = field(in.at("/facts"), f.name);
  if (!good_fact_name(c, pointer, f.name)) {
    c.mark_broken(f.name);
    return;
  }
  if (f.name == due_name || f.name.starts_with(std::string(due_name) + ".")) {
    c.key_error(pointer, "computed_name",
                ticked(due_name) + " is what the entitlements come to: no request states it",
                "leave the declaration out; conditions read it as it is, of type `money`");
    return;
  }
  auto parsed = type::parse(f.type);
  if (!parsed) {
    c.error(field(pointer, "type"), "unknown_type", "unknown type " + ticked(f.type),
            parsed.error().message);
    c.mark_broken(f.name);
    return;
  }
  auto fixed = builtin_type(f.name);
  if (f.name.starts_with("entry.")) {
    if (const auto* known = c.into().entry->find(f.name)) fixed = known->static_type;
  }
  if (in.overlay != nullptr && fixed) {
    declared_twice(c, in, pointer, f.name);
    return;
  }
  if (fixed && !(*fixed == *parsed)) {
    c.error(field(pointer, "type"), "type_mismatch",
            ticked(f.name) + " is always " + ticked(fixed->to_string()) + ", not " +
                ticked(parsed->to_string()),
            "declare it as \"" + fixed->to_string() + "\", or use another name");
    return;
  }
  if (f.protected_attribute && f.name == "action.amount") {
    c.error(field(pointer, "protected"), "protected_fact",
            "the amount that is proposed cannot be protected: every bound reads it");
  }
  check_never_missing(c, pointer, f);
  check_amount(c, pointer, f);
  check_constants(c, pointer, f, *parsed);
  declare(c, f.name, *parsed, &f);
}

/// Entries of history carry every string fact of the request as a key of their own.
void declare_entry_keys(check_context& c) {
  for (const auto& [name, text] : {std::pair{"entry.id", "string"},
                                   {"entry.kind", "string"},
                                   {"entry.amount", "money"},
                                   {"entry.at", "timestamp"},
                                   {"entry.reversed", "bool"}}) {
    declare(c, name, *type::parse(text), nullptr);
  }
  const auto mirror = [&](const std::string& name, bool secret) {
    if (name.starts_with("request.") || name.starts_with("entry.")) return;
    declare(c, "entry." + name, type(value_kind::string), nullptr, secret);
  };
  for (const auto& one : builtin_facts()) {
    if (std::string_view(one.type) != "string") continue;
    const auto& all = c.doc().facts;
    const auto again =
        std::find_if(all.begin(), all.end(), [&](const auto& f) { return f.name == one.name; });
    mirror(one.name, again != all.end() && again->protected_attribute);
  }
  for (const scope& in : scopes_of(c.doc())) {
    for (const fact_declaration& f : in.facts) {
      const auto t = type::parse(f.type);
      if (t && t->is(value_kind::string) && !is_builtin(f.name) && all_identifiers(f.name)) {
        mirror(f.name, f.protected_attribute);
      }
    }
  }
}

void check_prefixes(check_context& c) {
  std::set<std::string> names;
  for (const auto* list : {&c.into().facts, &c.into().entry_facts}) {
    for (const compiled_fact& one : *list) {
      if (one.declared != nullptr) names.insert(one.name);
    }
  }
  for (const std::string& name : names) {
    const auto next = names.lower_bound(name + ".");
    if (next == names.end() || !next->starts_with(name + ".")) continue;
    c.key_error(pointer_of_fact(c.doc(), name), "bad_fact_name",
                ticked(name) + " cannot be a fact and hold the fact " + ticked(*next),
                "rename one of them");
  }
}

void check_facts(check_context& c) {
  for (const auto& one : builtin_facts()) declare(c, one.name, *type::parse(one.type), nullptr);
  declare_entry_keys(c);
  std::set<std::string> seen;
  for (const scope& in : scopes_of(c.doc())) {
    for (const fact_declaration& f : in.facts) {
      const std::string pointer = field(in.at("/facts"), f.name);
      if (!is_new(c, in, pointer, f.name)) continue;
      if (!seen.insert(f.name).second) {
        declared_twice(c, in, pointer, f.name);
        continue;
      }
      check_fact(c, in, f);
      if (in.overlay == nullptr) continue;
      c.mark_private(f.name, in.base);
      c.mark_private("entry." + f.name, in.base);
    }
  }
  check_prefixes(c);
  c.into().amount_slot = *c.into().env->slot_of("action.amount");
  c.into().at_slot = *c.into().env->slot_of("at");
}

type usage_type(take how) {
  switch (how) {
    case take::sum:
    case take::max: return value_kind::money;
    case take::last_at: return value_kind::timestamp;
    case take::count: break;
  }
  return value_kind::integer;
}

void declare_usage(check_context& c) {
  for (const scope& in : scopes_of(c.doc())) {
    for (std::size_t i = 0; i < in.measures.size(); ++i) {
      const measure_definition& m = in.measures[i];
      if (m.id.empty()) continue;
      if (!is_identifier(m.id.view())) {
        c.error(field(item(in.at("/measures"), i), "id"), "bad_name",
                "a measure cannot be named " + ticked(m.id.view()),
                "it is read as `usage.<id>`: use letters, digits and `_`, no digit first");
        // Whatever it is called where it is read, that is not a second mistake.
        c.mark_broken("usage");
        continue;
      }
      declaration d{.path = "usage." + m.id.str(), .static_type = usage_type(m.take)};
      d.optional = m.take == take::last_at;
      d.counted = m.take == take::count;
      c.into().env->declare(std::move(d));
      if (in.overlay != nullptr) c.mark_private("usage." + m.id.str(), in.base);
    }
  }
}

/// Which other values each value reads.
std::map<std::string, std::set<std::string>> value_graph(const policy_document& doc) {
  std::map<std::string, std::set<std::string>> out;
  for (const scope& in : scopes_of(doc)) {
    for (const value_definition& v : in.values) {
      auto& to = out[v.name];
      for (const std::string& name : dotted_names(v.definition)) {
        if (!name.starts_with("values.")) continue;
        to.insert(first_step(std::string_view(name).substr(7)));
      }
    }
  }
  return out;
}

/// Compiles values in an order in which each comes after those it reads.
class value_order {
 public:
  explicit value_order(check_context& c) : c_(c), graph_(value_graph(c.doc())) {
    for (const scope& in : scopes_of(c.doc())) {
      for (const value_definition& v : in.values) {
        by_name_.emplace(v.name, known{&v, field(in.at("/values"), v.name)});
      }
    }
  }

  void visit(const std::string& name) {
    const auto found = by_name_.find(name);
    if (found == by_name_.end() || done_.contains(name)) return;
    if (std::find(path_.begin(), path_.end(), name) != path_.end()) {
      report_cycle(name);
      return;
    }
    std::size_t depth = path_.size();
    if (depth < most) {
      path_.push_back(name);
      depth = 0;
      for (const std::string& next : graph_[name]) {
        visit(next);
        depth = std::max(depth, depth_[next] + 1);
      }
      path_.pop_back();
    }
    done_.insert(name);
    if (depth >= most) {
      c_.error(found->second.pointer, "nested_too_deeply",
               "values read one another more than 64 deep", "write some of them out");
      c_.mark_broken("values." + name);
      return;
    }
    depth_[name] = depth;
    compile(*found->second.value, found->second.pointer);
  }

 private:
  void report_cycle(const std::string& name) {
    std::string text;
    for (auto at = std::find(path_.begin(), path_.end(), name); at != path_.end(); ++at) {
      text += "`" + *at + "` -> ";
      c_.mark_broken("values." + *at);
    }
    c_.error(by_name_.at(name).pointer, "value_cycle",
             "this value is defined by itself: " + text + "`" + name + "`",
             "break the circle: one of them must not read the next");
  }

  void compile(const value_definition& v, const std::string& pointer) {
    if (!good_name(c_, pointer, v.name)) {
      c_.mark_broken("values." + v.name);
      return;
    }
    auto code = c_.compile(pointer, v.definition, *c_.into().env, {}, amount_use::allowed, v.name);
    if (!code) {
      if (v.definition.empty()) c_.error(pointer, "empty_expression", "empty expression");
      c_.mark_broken("values." + v.name);
      return;
    }
    c_.into().env->define_value(v.name, std::move(code));
  }

  check_context& c_;
  std::map<std::string, std::set<std::string>> graph_;
  struct known {
    const value_definition* value{};
    std::string pointer{};
  };
  std::map<std::string, known> by_name_{};
  std::vector<std::string> path_{};
  std::set<std::string> done_{};
  // A bound on recursion, here and when a value is evaluated.
  static constexpr std::size_t most = 64;
  std::map<std::string, std::size_t> depth_{};
};

void check_values(check_context& c) {
  std::set<std::string> seen;
  value_order order(c);
  for (const scope& in : scopes_of(c.doc())) {
    for (const value_definition& v : in.values) {
      if (!seen.insert(v.name).second) {
        declared_twice(c, in, field(in.at("/values"), v.name), "values." + v.name);
      } else if (in.overlay != nullptr) {
        c.mark_private("values." + v.name, in.base);
      }
    }
  }
  for (const scope& in : scopes_of(c.doc())) {
    for (const value_definition& v : in.values) order.visit(v.name);
  }
}

}  // namespace

void declared_twice(check_context& c, const scope& in, const std::string& pointer,
                    const std::string& name) {
  c.key_error(pointer, "duplicate_id", ticked(name) + " is declared twice",
              in.overlay == nullptr ? "keep one of them"
                                    : "an overlay declares names of its own only: rename it, or "
                                      "leave it out and read the policy's");
}

const std::vector<builtin_fact>& builtin_facts() {
  static const std::vector<builtin_fact> all{{"action.amount", "money"},
                                             {"action.kind", "string"},
                                             {"agent.certifications", "list<string>"},
                                             {"agent.department", "string"},
                                             {"agent.id", "string"},
                                             {"agent.role", "string"},
                                             {"agent.roles", "list<string>"},
                                             {"agent.site", "string"},
                                             {"agent.team", "string"},
                                             {"at", "timestamp"},
                                             {"contact.cause", "string"},
                                             {"contact.channel", "string"},
                                             {"contact.id", "string"},
                                             {"contact.reason", "string"},
                                             {"customer.churn_risk", "double"},
                                             {"customer.flags", "list<string>"},
                                             {"customer.id", "string"},
                                             {"customer.lifetime_value", "money"},
                                             {"customer.segment", "string"},
                                             {"customer.since", "date"},
                                             {"request.discretion", "bool"},
                                             {"request.note", "string"},
                                             {"subject.id", "string"}};
  return all;
}

void check_names(check_context& c) {
  check_facts(c);
  c.into().due_slot = c.into().env->declare(
      {.path = std::string(due_name), .static_type = type(value_kind::money)});
  check_tables(c);
  check_calendar(c);
  declare_usage(c);
  check_values(c);
}

}  // namespace leeway::policy_detail
