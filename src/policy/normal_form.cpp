// SPDX-License-Identifier: Apache-2.0
// The normal form of a policy: itself a `leeway-policy/1` document that loads to the same policy.
#include "base/json/canonical.hpp"
#include "condition/type.hpp"
#include "policy/literals.hpp"

#include <leeway/policy/document.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <set>

namespace leeway {
namespace {

using json_value = nlohmann::json;

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

// Documents built in C++ may hold any bytes; a digest must exist for all of them.
std::string safe(const std::string& text) {
  return json::is_utf8(text) ? text : "\\bytes " + printable(text);
}

void put(json_value& to, const char* key, const std::string& text) {
  if (!text.empty()) to[key] = safe(text);
}

void put_expression(json_value& to, const char* key, const expression& text) {
  put(to, key, trimmed(text));
}

void put(json_value& to, const char* key, const std::optional<civil_date>& date) {
  if (date) to[key] = date->to_string();
}

json_value of_quantity(const quantity& q) {
  if (const auto* number = std::get_if<std::int64_t>(&q)) return *number;
  if (const auto* sum = std::get_if<money>(&q)) return sum->to_string();
  return safe(trimmed(std::get<expression>(q)));
}

void put(json_value& to, const char* key, const std::optional<quantity>& q) {
  if (q) to[key] = of_quantity(*q);
}

void put(json_value& to, const provenance& origin) {
  put(to, "source", origin.source);
  put(to, "because", origin.because);
}

std::string text_of(const std::string& s) { return s; }
template <class Tag>
std::string text_of(const strong_id<Tag>& id) {
  return id.str();
}

/// A set of names: sorted, without repeats.
template <class Names>
json_value of_names(const Names& names) {
  std::set<std::string> sorted;
  for (const auto& one : names) sorted.insert(safe(text_of(one)));
  return json_value(sorted);
}

template <class Names>
void put_names(json_value& to, const char* key, const Names& names) {
  if (!names.empty()) to[key] = of_names(names);
}

json_value of_actions(const std::vector<action_kind>& kinds) {
  if (std::find(kinds.begin(), kinds.end(), action_kind("*")) != kinds.end()) return {"*"};
  return of_names(kinds);
}

/// Left out when every action is meant.
void put_optional_actions(json_value& to, const std::vector<action_kind>& kinds) {
  if (kinds.empty()) return;
  json_value names = of_actions(kinds);
  if (names != json_value{"*"}) to["for"] = std::move(names);
}

/// Items whose order means nothing, in the order of their canonical text, without repeats.
json_value as_set(std::vector<json_value> items) {
  std::vector<std::pair<std::string, json_value>> keyed;
  for (json_value& one : items) {
    std::string key = json::canonical(one);
    keyed.emplace_back(std::move(key), std::move(one));
  }
  std::sort(keyed.begin(), keyed.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  json_value out = json_value::array();
  const std::string* before = nullptr;
  for (auto& [key, one] : keyed) {
    if (before == nullptr || *before != key) out.push_back(std::move(one));
    before = &key;
  }
  return out;
}

template <class Entry, class Write>
void put_list(json_value& to, const char* key, const std::vector<Entry>& entries, Write write) {
  if (entries.empty()) return;
  std::vector<const Entry*> sorted;
  for (const Entry& one : entries) sorted.push_back(&one);
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const Entry* a, const Entry* b) { return a->id < b->id; });
  json_value out = json_value::array();
  for (const Entry* one : sorted) {
    json_value written = write(*one);
    written["id"] = safe(one->id.str());
    out.push_back(std::move(written));
  }
  to[key] = std::move(out);
}

/// `percent`: as tables write ratios, which is how their type is told when they are read back.
json_value of_value(const value& v, bool percent) {
  switch (v.kind()) {
    case value_kind::boolean: return v.as_bool();
    case value_kind::integer: return v.as_int();
    case value_kind::number:
      // Not JSON: refused by the checker, but a digest must exist all the same.
      if (!std::isfinite(v.as_double())) return v.to_string();
      return v.as_double();
    case value_kind::string: return safe(v.as_string());
    case value_kind::timestamp: return v.as_timestamp().to_string();
    case value_kind::duration: return v.as_duration().to_string();
    case value_kind::date: return v.as_date().to_string();
    case value_kind::money: return v.as_money().to_string();
    case value_kind::ratio:
      return percent ? policy_detail::as_percent(v.as_ratio()).value_or(v.as_ratio().to_string())
                     : v.as_ratio().to_string();
    case value_kind::list: {
      json_value out = json_value::array();
      for (const value& one : v.as_list()) out.push_back(of_value(one, percent));
      return out;
    }
    case value_kind::map: {
      json_value out = json_value::object();
      for (const auto& [key, row] : v.as_map()) {
        out[key.is(value_kind::string) ? safe(key.as_string()) : key.to_string()] =
            of_value(row, percent);
      }
      return out;
    }
  }
  return nullptr;
}

json_value of_fact(const fact_declaration& f) {
  json_value out = json_value::object();
  const auto type = condition::type::parse(f.type);
  out["type"] = type ? type->to_string() : safe(f.type);
  if (f.default_value) out["default"] = of_value(*f.default_value, false);
  if (f.optional) out["optional"] = true;
  if (f.protected_attribute) out["protected"] = true;
  put(out, "ask", f.ask);
  put(out, "about", f.about);
  std::vector<json_value> choices;
  for (const value& one : f.one_of) choices.push_back(of_value(one, false));
  if (!choices.empty()) out["one_of"] = as_set(std::move(choices));
  if (out.size() == 1) return out["type"];
  return out;
}

json_value of_substitution(const substitution& s) {
  json_value out = {{"role", safe(s.role.str())}};
  put_expression(out, "when", s.when);
  put(out, "from", s.from);
  put(out, "until", s.until);
  put(out, s.origin);
  return out;
}

json_value of_role(const role_definition& r) {
  json_value out = json_value::object();
  put(out, "title", r.title);
  put_names(out, "includes", r.includes);
  put_names(out, "escalate_to", r.escalate_to);
  std::vector<json_value> items;
  for (const substitution& one : r.substitutes) items.push_back(of_substitution(one));
  if (!items.empty()) out["substitutes"] = as_set(std::move(items));
  return out;
}

json_value of_action(const action_definition& a) {
  json_value out = json_value::object();
  put(out, "title", a.title);
  switch (a.amount) {
    case amount_mode::any: break;
    case amount_mode::no_amount: out["amount"] = "none"; break;
    case amount_mode::due: out["amount"] = "due"; break;
    case amount_mode::fixed: out["amount"] = "fixed"; break;
  }
  if (!a.fixed.empty()) out["amount"] = {{"fixed", safe(trimmed(a.fixed))}};
  return out;
}

json_value of_grant(const grant_definition& g) {
  json_value out = {{"to", of_names(g.to)}, {"for", of_actions(g.actions)}};
  put_expression(out, "when", g.when);
  put_expression(out, "unless", g.unless);
  put_expression(out, "of", g.bounds.of);
  put(out, "under", g.bounds.under);
  put(out, "up_to", g.bounds.up_to);
  put(out, "over", g.bounds.over);
  put(out, "at_least", g.bounds.at_least);
  put_names(out, "certified", g.certified);
  put(out, "from", g.from);
  put(out, "until", g.until);
  put_names(out, "per", g.per);
  if (g.window) out["window"] = g.window->to_string();
  put(out, "amount", g.amount);
  put(out, "count", g.count);
  put(out, g.origin);
  return out;
}

json_value of_measure(const measure_definition& m) {
  json_value out = {
      {"kinds", of_actions(m.kinds)}, {"per", of_names(m.per)}, {"window", m.window.to_string()}};
  put_optional_actions(out, m.actions);
  put_expression(out, "where", m.where);
  switch (m.take) {
    case take::count: break;
    case take::sum: out["take"] = "sum"; break;
    case take::max: out["take"] = "max"; break;
    case take::last_at: out["take"] = "last_at"; break;
  }
  put(out, m.origin);
  return out;
}

json_value of_budget(const budget_definition& b) {
  json_value out = {{"for", of_actions(b.actions)},
                    {"per", of_names(b.per)},
                    {"window", b.window.to_string()},
                    {"beyond", "deny"}};
  if (!b.beyond_escalate.empty()) out["beyond"] = {{"escalate", of_names(b.beyond_escalate)}};
  // As `for` says by itself, it is left out.
  const bool every = std::ranges::find(b.actions, action_kind("*")) != b.actions.end();
  if (b.counts == budget_counts::goodwill && !every) out["counts"] = "goodwill";
  if (b.counts == budget_counts::all && every) out["counts"] = "all";
  put(out, "amount", b.amount);
  put(out, "count", b.count);
  put_expression(out, "when", b.when);
  put_expression(out, "where", b.where);
  put(out, "remedy", b.remedy);
  put(out, b.origin);
  return out;
}

json_value of_effect(const effect& e) {
  switch (e.what) {
    case effect::kind::deny: return "deny";
    case effect::kind::escalate: return {{"escalate", of_names(e.roles)}};
    case effect::kind::second_person:
      if (e.roles.empty()) return "second_person";
      return {{"second_person", of_names(e.roles)}};
    case effect::kind::oblige: break;
  }
  json_value one = {{"id", safe(e.obligation.id)}};
  put(one, "to", e.obligation.to);
  put(one, "by", e.obligation.by);
  put(one, "text", e.obligation.text);
  return {{"oblige", std::move(one)}};
}

json_value of_rule(const rule_definition& r) {
  json_value out = json_value::object();
  put_optional_actions(out, r.actions);
  put_expression(out, "when", r.when);
  put_expression(out, "unless", r.unless);
  std::vector<json_value> effects;
  for (const effect& one : r.then) effects.push_back(of_effect(one));
  out["then"] = as_set(std::move(effects));
  put(out, "remedy", r.remedy);
  if (r.discretion) out["discretion"] = true;
  put(out, r.origin);
  return out;
}

json_value of_entitlement(const entitlement_definition& e) {
  json_value out = {{"for", of_actions(e.actions)}};
  put_expression(out, "when", e.when);
  put_expression(out, "due", e.due);
  std::vector<json_value> required;
  for (const requirement& one : e.required) {
    json_value item = json_value::object();
    put_expression(item, "that", one.that);
    put(item, "because", one.because);
    put(item, "remedy", one.remedy);
    required.push_back(std::move(item));
  }
  if (!required.empty()) out["requires"] = as_set(std::move(required));
  put(out, "minimum", e.minimum);
  put(out, "maximum", e.maximum);
  if (e.rounding != rounding::half_even) out["rounding"] = std::string(to_string(e.rounding));
  if (e.below == due_policy::allow) out["below"] = "allow";
  if (e.above == due_policy::goodwill) out["above"] = "goodwill";
  if (e.above == due_policy::escalate) out["above"] = {{"escalate", of_names(e.above_escalate)}};
  put(out, e.origin);
  return out;
}

json_value of_discretion(const discretion_definition& d) {
  json_value out = {{"to", of_names(d.to)},
                    {"for", of_actions(d.actions)},
                    {"up_to", of_quantity(d.up_to)},
                    {"per", of_names(d.per)},
                    {"window", d.window.to_string()}};
  put_expression(out, "when", d.when);
  put(out, "amount", d.amount);
  put(out, "count", d.count);
  put(out, d.origin);
  return out;
}

/// By date; an `until` that says no more than the next entry's `from` is left out.
json_value of_dated_table(const std::vector<dated_entry>& entries) {
  std::vector<const dated_entry*> sorted;
  for (const dated_entry& one : entries) sorted.push_back(&one);
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto* a, const auto* b) {
    return a->from.has_value() != b->from.has_value() ? !a->from : a->from < b->from;
  });
  json_value out = json_value::array();
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    json_value one = {{"rows", of_value(sorted[i]->rows, true)}};
    put(one, "from", sorted[i]->from);
    const bool said = i + 1 < sorted.size() && sorted[i]->until == sorted[i + 1]->from;
    if (!said) put(one, "until", sorted[i]->until);
    out.push_back(std::move(one));
  }
  return out;
}

void put_calendar(json_value& to, const calendar_definition& calendar) {
  static const char* const names[]{"monday", "tuesday",  "wednesday", "thursday",
                                   "friday", "saturday", "sunday"};
  json_value out = json_value::object();
  const std::set<int> weekend(calendar.weekend.begin(), calendar.weekend.end());
  if (weekend != std::set<int>{6, 7}) {
    out["weekend"] = json_value::array();
    for (const int day : weekend) {
      // Documents built in C++ may hold any number; the checker refuses it.
      if (day < 1 || day > 7) out["weekend"].push_back(day);
      if (day >= 1 && day <= 7) out["weekend"].push_back(names[day - 1]);
    }
  }
  const std::set<civil_date> holidays(calendar.holidays.begin(), calendar.holidays.end());
  for (const civil_date day : holidays) out["holidays"].push_back(day.to_string());
  if (!out.empty()) to["calendar"] = std::move(out);
}

void put_silences(json_value& to, const std::vector<silence_definition>& silences) {
  std::vector<json_value> items;
  for (const silence_definition& one : silences) {
    json_value item = json_value::object();
    put(item, "lint", one.lint);
    put_names(item, "at", one.at);
    put(item, "because", one.because);
    items.push_back(std::move(item));
  }
  if (!items.empty()) to["silence"] = as_set(std::move(items));
}

void put_header(json_value& to, const policy_document& doc) {
  to["format"] = "leeway-policy/1";
  to["id"] = safe(doc.id.str());
  to["version"] = safe(doc.version);
  to["currency"] = std::string(doc.money_currency.code());
  put(to, "title", doc.title);
  put(to, "source", doc.source);
  if (doc.time_zone != "UTC") put(to, "time_zone", doc.time_zone);
  json_value effective = json_value::object();
  put(effective, "from", doc.effective_from);
  put(effective, "until", doc.effective_until);
  if (!effective.empty()) to["effective"] = std::move(effective);
  if (doc.suspended) to["suspended"] = true;
  for (const auto& [language, text] : doc.protection) {
    to["protection"][safe(language)] = safe(text);
  }
}

/// Facts, values and tables: of a policy, or of an overlay.
template <class Document>
void put_declared(json_value& to, const Document& doc) {
  for (const fact_declaration& f : doc.facts) to["facts"][safe(f.name)] = of_fact(f);
  for (const value_definition& v : doc.values) {
    to["values"][safe(v.name)] = safe(trimmed(v.definition));
  }
  for (const table_definition& t : doc.tables) {
    to["tables"][safe(t.name)] = t.dated.empty() ? of_value(t.rows, true) : of_dated_table(t.dated);
  }
}

json_value of_narrowing(const narrowing_definition& n) {
  json_value out = {{"grant", safe(n.grant.str())}};
  put_expression(out, "when", n.when);
  put_expression(out, "unless", n.unless);
  put(out, "under", n.bounds.under);
  put(out, "up_to", n.bounds.up_to);
  put(out, "over", n.bounds.over);
  put(out, "at_least", n.bounds.at_least);
  put(out, "amount", n.amount);
  put(out, "count", n.count);
  put_names(out, "certified", n.certified);
  put(out, "from", n.from);
  put(out, "until", n.until);
  put(out, n.origin);
  return out;
}

json_value of_overlay(const overlay_definition& o) {
  json_value out = {{"version", safe(o.version)}};
  put(out, "title", o.title);
  put(out, "source", o.source);
  put_expression(out, "applies", o.applies);
  json_value effective = json_value::object();
  put(effective, "from", o.effective_from);
  put(effective, "until", o.effective_until);
  if (!effective.empty()) out["effective"] = std::move(effective);
  put_declared(out, o);
  put_list(out, "measures", o.measures, of_measure);
  std::vector<json_value> narrow;
  for (const narrowing_definition& one : o.narrow) narrow.push_back(of_narrowing(one));
  if (!narrow.empty()) out["narrow"] = as_set(std::move(narrow));
  put_list(out, "rules", o.rules, of_rule);
  put_list(out, "budgets", o.budgets, of_budget);
  return out;
}

}  // namespace

std::string normal_form(const policy_document& document) {
  json_value out = json_value::object();
  put_header(out, document);
  put_declared(out, document);
  put_calendar(out, document.calendar);
  put_list(out, "roles", document.roles, of_role);
  put_list(out, "actions", document.actions, of_action);
  put_list(out, "grants", document.grants, of_grant);
  put_list(out, "measures", document.measures, of_measure);
  put_list(out, "budgets", document.budgets, of_budget);
  put_list(out, "rules", document.rules, of_rule);
  put_list(out, "entitlements", document.entitlements, of_entitlement);
  put_list(out, "discretion", document.discretion, of_discretion);
  put_silences(out, document.silence);
  put_list(out, "overlays", document.overlays, of_overlay);
  return json::canonical(out);
}

digest policy_digest(const policy_document& document) { return digest::of(normal_form(document)); }

}  // namespace leeway
