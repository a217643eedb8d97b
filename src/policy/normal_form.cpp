// SPDX-License-Identifier: Apache-2.0
// The normal form of a policy: itself a `leeway-policy/1` document that loads to the same policy.
#include "condition/type.hpp"
#include "policy/canonical.hpp"
#include "policy/literals.hpp"

#include <leeway/policy/document.hpp>

#include <algorithm>
#include <cmath>
#include <set>

namespace leeway {
namespace {

using namespace policy_detail::canonical;

bool names_every(const std::vector<action_kind>& kinds) {
  return std::find(kinds.begin(), kinds.end(), action_kind("*")) != kinds.end();
}

void put_actions(object& to, std::string_view key, const std::vector<action_kind>& kinds) {
  if (names_every(kinds)) {
    to.at(key) += "[\"*\"]";
  } else {
    write_names(to.at(key), kinds);
  }
}

/// Left out when every action is meant.
void put_optional_actions(object& to, const std::vector<action_kind>& kinds) {
  if (!kinds.empty() && !names_every(kinds)) put_actions(to, "for", kinds);
}

/// `percent`: as tables write ratios, which is how their type is told when they are read back.
void write_value(std::string& out, const value& v, bool percent) {
  switch (v.kind()) {
    case value_kind::boolean: out += v.as_bool() ? "true" : "false"; return;
    case value_kind::integer: out += std::to_string(v.as_int()); return;
    case value_kind::number:
      // Not JSON: refused by the checker, but a digest must exist all the same.
      if (!std::isfinite(v.as_double())) return write(out, v.to_string());
      out += json::canonical_number(v.as_double());
      return;
    case value_kind::string: return write(out, v.as_string());
    case value_kind::timestamp: return write(out, v.as_timestamp().to_string());
    case value_kind::duration: return write(out, v.as_duration().to_string());
    case value_kind::date: return write(out, v.as_date().to_string());
    case value_kind::money: return write(out, v.as_money().to_string());
    case value_kind::ratio: {
      const auto share = percent ? policy_detail::as_percent(v.as_ratio()) : std::nullopt;
      return write(out, share.value_or(v.as_ratio().to_string()));
    }
    case value_kind::list:
      return write_array(out, v.as_list(),
                         [&](const value& one) { write_value(out, one, percent); });
    case value_kind::map:
      return write_map(
          out, v.as_map(),
          [](const auto& row) {
            return row.first.is(value_kind::string) ? row.first.as_string() : row.first.to_string();
          },
          [&](std::string& to, const auto& row) { write_value(to, row.second, percent); });
  }
}

void write_fact(std::string& out, const fact_declaration& f) {
  const auto type = condition::type::parse(f.type);
  const std::string name = type ? type->to_string() : safe(f.type);
  const bool alone = !f.default_value && !f.optional && !f.protected_attribute && f.ask.empty() &&
                     f.about.empty() && f.one_of.empty();
  if (alone) return json::append_quoted(out, name);
  object in(out);
  in.text("about", f.about);
  in.text("ask", f.ask);
  if (f.default_value) write_value(in.at("default"), *f.default_value, false);
  put_set(in, "one_of", f.one_of,
          [](std::string& to, const value& one) { write_value(to, one, false); });
  in.flag("optional", f.optional);
  in.flag("protected", f.protected_attribute);
  json::append_quoted(in.at("type"), name);
}

void write_substitution(std::string& out, const substitution& s) {
  object in(out);
  in.text("because", s.origin.because);
  in.date("from", s.from);
  write(in.at("role"), s.role.view());
  in.text("source", s.origin.source);
  in.date("until", s.until);
  in.expression("when", s.when);
}

void write_role(std::string& out, const role_definition& r) {
  object in(out);
  put_names(in, "escalate_to", r.escalate_to);
  write(in.at("id"), r.id.view());
  put_names(in, "includes", r.includes);
  put_set(in, "substitutes", r.substitutes, write_substitution);
  in.text("title", r.title);
}

void put_amount_mode(object& to, const action_definition& a) {
  if (!a.fixed.empty()) {
    object in(to.at("amount"));
    write(in.at("fixed"), trimmed(a.fixed));
    return;
  }
  switch (a.amount) {
    case amount_mode::any: break;
    case amount_mode::no_amount: return to.text("amount", "none");
    case amount_mode::due: return to.text("amount", "due");
    case amount_mode::fixed: return to.text("amount", "fixed");
  }
}

void write_action(std::string& out, const action_definition& a) {
  object in(out);
  put_amount_mode(in, a);
  write(in.at("id"), a.id.view());
  in.text("title", a.title);
}

void write_grant(std::string& out, const grant_definition& g) {
  object in(out);
  in.quantity("amount", g.amount);
  in.quantity("at_least", g.bounds.at_least);
  in.text("because", g.origin.because);
  put_names(in, "certified", g.certified);
  in.quantity("count", g.count);
  put_actions(in, "for", g.actions);
  in.date("from", g.from);
  write(in.at("id"), g.id.view());
  in.expression("of", g.bounds.of);
  in.quantity("over", g.bounds.over);
  put_names(in, "per", g.per);
  in.text("source", g.origin.source);
  write_names(in.at("to"), g.to);
  in.quantity("under", g.bounds.under);
  in.expression("unless", g.unless);
  in.date("until", g.until);
  in.quantity("up_to", g.bounds.up_to);
  in.expression("when", g.when);
  if (g.window) in.text("window", g.window->to_string());
}

void put_take(object& to, take how) {
  switch (how) {
    case take::count: break;
    case take::sum: return to.text("take", "sum");
    case take::max: return to.text("take", "max");
    case take::last_at: return to.text("take", "last_at");
  }
}

void write_measure(std::string& out, const measure_definition& m) {
  object in(out);
  in.text("because", m.origin.because);
  put_optional_actions(in, m.actions);
  write(in.at("id"), m.id.view());
  put_actions(in, "kinds", m.kinds);
  write_names(in.at("per"), m.per);
  in.text("source", m.origin.source);
  put_take(in, m.take);
  in.expression("where", m.where);
  write(in.at("window"), m.window.to_string());
}

template <class Roles>
void write_escalation(std::string& out, const Roles& roles) {
  object in(out);
  write_names(in.at("escalate"), roles);
}

void write_budget(std::string& out, const budget_definition& b) {
  object in(out);
  in.quantity("amount", b.amount);
  in.text("because", b.origin.because);
  if (b.beyond_escalate.empty()) {
    in.text("beyond", "deny");
  } else {
    write_escalation(in.at("beyond"), b.beyond_escalate);
  }
  in.quantity("count", b.count);
  // As `for` says by itself, it is left out.
  const bool every = names_every(b.actions);
  if (b.counts == budget_counts::goodwill && !every) in.text("counts", "goodwill");
  if (b.counts == budget_counts::all && every) in.text("counts", "all");
  put_actions(in, "for", b.actions);
  write(in.at("id"), b.id.view());
  write_names(in.at("per"), b.per);
  in.text("remedy", b.remedy);
  in.text("source", b.origin.source);
  in.expression("when", b.when);
  in.expression("where", b.where);
  write(in.at("window"), b.window.to_string());
}

void write_obligation(std::string& out, const obligation_definition& o) {
  object in(out);
  in.text("by", o.by);
  write(in.at("id"), o.id);
  in.text("text", o.text);
  in.text("to", o.to);
}

void write_effect(std::string& out, const effect& e) {
  switch (e.what) {
    case effect::kind::deny: return write(out, "deny");
    case effect::kind::escalate: return write_escalation(out, e.roles);
    case effect::kind::second_person: {
      if (e.roles.empty()) return write(out, "second_person");
      object in(out);
      return write_names(in.at("second_person"), e.roles);
    }
    case effect::kind::oblige: break;
  }
  object in(out);
  write_obligation(in.at("oblige"), e.obligation);
}

void write_rule(std::string& out, const rule_definition& r) {
  object in(out);
  in.text("because", r.origin.because);
  in.flag("discretion", r.discretion);
  put_optional_actions(in, r.actions);
  write(in.at("id"), r.id.view());
  in.text("remedy", r.remedy);
  in.text("source", r.origin.source);
  write_set(in.at("then"), r.then, write_effect);
  in.expression("unless", r.unless);
  in.expression("when", r.when);
}

void write_requirement(std::string& out, const requirement& r) {
  object in(out);
  in.text("because", r.because);
  in.text("remedy", r.remedy);
  in.expression("that", r.that);
}

void put_above(object& to, const entitlement_definition& e) {
  if (e.above == due_policy::goodwill) to.text("above", "goodwill");
  if (e.above == due_policy::escalate) write_escalation(to.at("above"), e.above_escalate);
}

void write_entitlement(std::string& out, const entitlement_definition& e) {
  object in(out);
  put_above(in, e);
  in.text("because", e.origin.because);
  if (e.below == due_policy::allow) in.text("below", "allow");
  in.expression("due", e.due);
  put_actions(in, "for", e.actions);
  write(in.at("id"), e.id.view());
  in.quantity("maximum", e.maximum);
  in.quantity("minimum", e.minimum);
  put_set(in, "requires", e.required, write_requirement);
  if (e.rounding != rounding::half_even) in.text("rounding", to_string(e.rounding));
  in.text("source", e.origin.source);
  in.expression("when", e.when);
}

void write_discretion(std::string& out, const discretion_definition& d) {
  object in(out);
  in.quantity("amount", d.amount);
  in.text("because", d.origin.because);
  in.quantity("count", d.count);
  put_actions(in, "for", d.actions);
  write(in.at("id"), d.id.view());
  write_names(in.at("per"), d.per);
  in.text("source", d.origin.source);
  write_names(in.at("to"), d.to);
  in.quantity("up_to", d.up_to);
  in.expression("when", d.when);
  write(in.at("window"), d.window.to_string());
}

/// By date; an `until` that says no more than the next entry's `from` is left out.
void write_dated_table(std::string& out, const std::vector<dated_entry>& entries) {
  std::vector<const dated_entry*> sorted;
  for (const dated_entry& one : entries) sorted.push_back(&one);
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto* a, const auto* b) {
    return a->from.has_value() != b->from.has_value() ? !a->from : a->from < b->from;
  });
  std::size_t next = 0;
  write_array(out, sorted, [&](const dated_entry* one) {
    ++next;
    const bool said = next < sorted.size() && one->until == sorted[next]->from;
    object in(out);
    in.date("from", one->from);
    write_value(in.at("rows"), one->rows, true);
    if (!said) in.date("until", one->until);
  });
}

void write_table(std::string& out, const table_definition& t) {
  if (t.dated.empty()) return write_value(out, t.rows, true);
  write_dated_table(out, t.dated);
}

void write_weekend(std::string& out, const std::set<int>& weekend) {
  static const char* const names[]{"monday", "tuesday",  "wednesday", "thursday",
                                   "friday", "saturday", "sunday"};
  write_array(out, weekend, [&](int day) {
    // Documents built in C++ may hold any number; the checker refuses it.
    if (day < 1 || day > 7) {
      out += std::to_string(day);
    } else {
      write(out, names[day - 1]);
    }
  });
}

void put_calendar(object& to, const calendar_definition& calendar) {
  const std::set<int> weekend(calendar.weekend.begin(), calendar.weekend.end());
  const std::set<civil_date> holidays(calendar.holidays.begin(), calendar.holidays.end());
  const bool usual = weekend == std::set<int>{6, 7};
  if (usual && holidays.empty()) return;
  object in(to.at("calendar"));
  if (!holidays.empty()) {
    std::string& out = in.at("holidays");
    write_array(out, holidays, [&](civil_date day) { write(out, day.to_string()); });
  }
  if (!usual) write_weekend(in.at("weekend"), weekend);
}

void put_deadlines(object& to, const deadline_definition& d) {
  if (!d.settle && !d.approve && !d.ratify) return;
  object in(to.at("deadlines"));
  if (d.approve) in.text("approve", d.approve->to_string());
  if (d.ratify) in.text("ratify", d.ratify->to_string());
  if (d.settle) in.text("settle", d.settle->to_string());
}

void put_effective(object& to, const std::optional<civil_date>& from,
                   const std::optional<civil_date>& until) {
  if (!from && !until) return;
  object in(to.at("effective"));
  in.date("from", from);
  in.date("until", until);
}

void write_silence(std::string& out, const silence_definition& s) {
  object in(out);
  put_names(in, "at", s.at);
  in.text("because", s.because);
  in.text("lint", s.lint);
}

void put_facts(object& to, const std::vector<fact_declaration>& facts) {
  put_map(to, "facts", facts, [](const auto& f) { return f.name; }, write_fact);
}
void put_tables(object& to, const std::vector<table_definition>& tables) {
  put_map(to, "tables", tables, [](const auto& t) { return t.name; }, write_table);
}
void put_values(object& to, const std::vector<value_definition>& values) {
  put_map(
      to, "values", values, [](const auto& v) { return v.name; },
      [](std::string& out, const auto& v) { write(out, trimmed(v.definition)); });
}

void write_narrowing(std::string& out, const narrowing_definition& n) {
  object in(out);
  in.quantity("amount", n.amount);
  in.quantity("at_least", n.bounds.at_least);
  in.text("because", n.origin.because);
  put_names(in, "certified", n.certified);
  in.quantity("count", n.count);
  in.date("from", n.from);
  write(in.at("grant"), n.grant.view());
  in.quantity("over", n.bounds.over);
  in.text("source", n.origin.source);
  in.quantity("under", n.bounds.under);
  in.expression("unless", n.unless);
  in.date("until", n.until);
  in.quantity("up_to", n.bounds.up_to);
  in.expression("when", n.when);
}

void write_overlay(std::string& out, const overlay_definition& o) {
  object in(out);
  in.expression("applies", o.applies);
  put_list(in, "budgets", o.budgets, write_budget);
  put_effective(in, o.effective_from, o.effective_until);
  put_facts(in, o.facts);
  write(in.at("id"), o.id.view());
  put_list(in, "measures", o.measures, write_measure);
  put_set(in, "narrow", o.narrow, write_narrowing);
  put_list(in, "rules", o.rules, write_rule);
  in.text("source", o.source);
  put_tables(in, o.tables);
  in.text("title", o.title);
  put_values(in, o.values);
  write(in.at("version"), o.version);
}

void put_protection(object& to, const policy_document& doc) {
  put_map(
      to, "protection", doc.protection, [](const auto& one) { return one.first; },
      [](std::string& out, const auto& one) { write(out, one.second); });
}

}  // namespace

std::string normal_form(const policy_document& document) {
  std::string out;
  {
    object top(out);
    put_list(top, "actions", document.actions, write_action);
    put_list(top, "budgets", document.budgets, write_budget);
    put_calendar(top, document.calendar);
    write(top.at("currency"), document.money_currency.code());
    put_deadlines(top, document.deadlines);
    put_list(top, "discretion", document.discretion, write_discretion);
    put_effective(top, document.effective_from, document.effective_until);
    put_list(top, "entitlements", document.entitlements, write_entitlement);
    put_facts(top, document.facts);
    write(top.at("format"), "leeway-policy/1");
    put_list(top, "grants", document.grants, write_grant);
    write(top.at("id"), document.id.view());
    put_list(top, "measures", document.measures, write_measure);
    put_list(top, "overlays", document.overlays, write_overlay);
    put_protection(top, document);
    put_list(top, "roles", document.roles, write_role);
    put_list(top, "rules", document.rules, write_rule);
    put_set(top, "silence", document.silence, write_silence);
    top.text("source", document.source);
    top.flag("suspended", document.suspended);
    put_tables(top, document.tables);
    if (document.time_zone != "UTC") top.text("time_zone", document.time_zone);
    top.text("title", document.title);
    put_values(top, document.values);
    write(top.at("version"), document.version);
  }
  return out;
}

digest policy_digest(const policy_document& document) { return digest::of(normal_form(document)); }

}  // namespace leeway
