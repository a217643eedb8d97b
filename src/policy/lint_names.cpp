// SPDX-License-Identifier: Apache-2.0
// What is declared and never read, and what does not say where it comes from.
#include "policy/check.hpp"
#include "policy/fields.hpp"

#include <algorithm>

namespace leeway::policy_detail {
namespace {

/// One warning for a whole list: a policy without sources should not drown the rest.
template <class Entry>
void lint_sources(check_context& c, std::string_view list, const std::vector<Entry>& entries) {
  std::vector<std::string> without;
  for (const Entry& one : entries) {
    if (!one.origin.source.empty()) continue;
    if (!c.is_silenced("lint_no_source", one.id.str())) {
      without.push_back(one.id.str());
      continue;
    }
    c.warning(item(list, static_cast<std::size_t>(&one - entries.data())), "lint_no_source",
              "no `source` says where in your own policy this stands",
              "decisions quote it, so that people can check");
  }
  if (without.empty()) return;
  c.warning(std::string(list), "lint_no_source",
            "no `source` says where in your own policy these stand: " + listed(without),
            "decisions quote it, so that people can check");
}

void lint_unused_facts(check_context& c) {
  for (const auto* list : {&c.into().facts, &c.into().entry_facts}) {
    for (const compiled_fact& one : *list) {
      if (one.declared == nullptr || one.declared->protected_attribute) continue;
      const bool used =
          list == &c.into().facts ? c.read.contains(one.where) : c.mentioned.contains(one.name);
      // A limit on what values a fact may take has a use of its own.
      if (used || !one.declared->one_of.empty()) continue;
      c.warning(pointer_of_fact(c.doc(), one.name), "lint_unused_fact",
                "the fact " + ticked(one.name) + " is never read", "remove it, or read it");
    }
  }
}

bool mentions(const std::set<std::string>& all, const std::string& name) {
  if (all.contains(name)) return true;
  const auto next = all.lower_bound(name + ".");
  return next != all.end() && next->starts_with(name + ".");
}

void lint_unused_names(check_context& c) {
  const auto warn = [&](const std::string& pointer, const char* code, const std::string& name) {
    if (mentions(c.mentioned, name)) return;
    c.warning(pointer, code, ticked(name) + " is never read", "remove it, or read it");
  };
  for (const scope& in : scopes_of(c.doc())) {
    for (const auto& v : in.values) {
      warn(field(in.at("/values"), v.name), "lint_unused_value", "values." + v.name);
    }
    for (const auto& t : in.tables) {
      warn(field(in.at("/tables"), t.name), "lint_unused_table", "tables." + t.name);
    }
    for (std::size_t i = 0; i < in.measures.size(); ++i) {
      warn(field(item(in.at("/measures"), i), "id"), "lint_unused_measure",
           "usage." + in.measures[i].id.str());
    }
  }
}

/// Kinds of history may be of systems this policy knows nothing of; a near miss is a typing error.
void lint_kinds(check_context& c) {
  std::vector<std::string> known;
  for (const compiled_action& a : c.into().actions) known.push_back(a.id.str());
  for (std::size_t i = 0; i < c.doc().measures.size(); ++i) {
    const auto& kinds = c.doc().measures[i].kinds;
    for (std::size_t k = 0; k < kinds.size(); ++k) {
      if (kinds[k] == action_kind("*") || c.into().find_action(kinds[k].view())) continue;
      std::string near = suggestion(kinds[k].view(), known);
      if (near.empty()) continue;
      c.warning(item(field(item("/measures", i), "kinds"), k), "lint_unknown_kind",
                ticked(kinds[k].view()) + " is no action of this policy", std::move(near));
    }
  }
}

void lint_calendar(check_context& c) {
  const calendar_definition& calendar = c.doc().calendar;
  const calendar_definition plain{};
  const bool given = calendar.weekend != plain.weekend || !calendar.holidays.empty();
  const auto calls = {"working_days_between", "add_working_days", "is_working_day"};
  const bool counts = std::any_of(calls.begin(), calls.end(),
                                  [&](const char* name) { return c.mentioned.contains(name); });
  if (given && !counts) {
    c.warning("/calendar", "lint_unused_calendar", "nothing counts working days",
              "remove the calendar, or count with `working_days_between`");
  }
  if (calendar.holidays.empty() || !c.doc().effective_from) return;
  const civil_date last = *std::max_element(calendar.holidays.begin(), calendar.holidays.end());
  if (last >= *c.doc().effective_from) return;
  c.warning("/calendar/holidays", "lint_old_holidays",
            "the last holiday is " + last.to_string() + ", and the policy begins on " +
                c.doc().effective_from->to_string(),
            "list the holidays of the years in which it is in force");
}

}  // namespace

void lint_names(check_context& c) {
  lint_sources(c, "/grants", c.doc().grants);
  lint_sources(c, "/budgets", c.doc().budgets);
  lint_sources(c, "/rules", c.doc().rules);
  lint_sources(c, "/entitlements", c.doc().entitlements);
  lint_sources(c, "/discretion", c.doc().discretion);
  lint_unused_facts(c);
  lint_unused_names(c);
  lint_kinds(c);
  lint_calendar(c);
}

}  // namespace leeway::policy_detail
