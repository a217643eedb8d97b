// SPDX-License-Identifier: Apache-2.0
#include "policy/entries.hpp"

#include <string>
#include <utility>

namespace leeway::policy_detail {
namespace {

using json::kind;
using json::node;

/// Calls `read(fields&)` for each item of the array at `key`, and keeps what it returns.
template <class Entry, class Read>
void read_list(fields& top, std::string_view key, std::vector<Entry>& into, Read read) {
  const node* list = top.optional_array(key);
  if (list == nullptr) return;
  const std::string pointer = top.pointer_of(key);
  for (std::size_t i = 0; i < list->items().size(); ++i) {
    fields in(top.doc(), list->items()[i], json::pointer_to(pointer, i), top.out());
    into.push_back(read(in));
    in.finish();
  }
}

substitution read_substitution(fields& in) {
  substitution out;
  if (auto role = in.required_string("role")) out.role = role_id(std::move(*role));
  out.when = in.condition("when");
  out.from = in.date("from");
  out.until = in.date("until");
  out.origin = in.origin();
  return out;
}

role_definition read_role(fields& in) {
  role_definition out;
  out.id = role_id(in.id());
  out.title = in.words("title");
  for (auto& name : in.names_or_none("includes", presence::optional)) {
    out.includes.emplace_back(std::move(name));
  }
  for (auto& name : in.names_or_none("escalate_to", presence::optional)) {
    out.escalate_to.emplace_back(std::move(name));
  }
  read_list(in, "substitutes", out.substitutes, read_substitution);
  return out;
}

void read_amount_mode(fields& in, action_definition& out) {
  const node* found = in.optional_any("amount");
  if (found == nullptr) return;
  if (found->is(kind::object)) {
    fields mode(in.doc(), *found, in.pointer_of("amount"), in.out());
    out.amount = amount_mode::fixed;
    out.fixed = mode.condition("fixed", presence::required);
    mode.finish();
    return;
  }
  static const std::vector<std::string> words{"any", "none", "fixed", "due"};
  const auto word = in.choice("amount", words);
  if (word == "none") out.amount = amount_mode::no_amount;
  if (word == "fixed") out.amount = amount_mode::fixed;
  if (word == "due") out.amount = amount_mode::due;
}

action_definition read_action(fields& in) {
  action_definition out;
  out.id = action_kind(in.id());
  out.title = in.words("title");
  read_amount_mode(in, out);
  return out;
}

grant_definition read_grant(fields& in) {
  grant_definition out;
  out.id = rule_id(in.id());
  out.to = in.ids<role_id>("to", presence::required);
  out.actions = in.ids<action_kind>("for", presence::required);
  out.when = in.condition("when");
  out.unless = in.condition("unless");
  out.bounds.of = in.condition("of");
  out.bounds.under = in.amount("under");
  out.bounds.up_to = in.amount("up_to");
  out.bounds.over = in.amount("over");
  out.bounds.at_least = in.amount("at_least");
  out.certified = in.names("certified", presence::optional);
  out.from = in.date("from");
  out.until = in.date("until");
  out.per = in.names_or_none("per", presence::optional);
  out.window = in.period("window", presence::optional);
  out.amount = in.amount("amount");
  out.count = in.amount("count");
  out.origin = in.origin();
  return out;
}

measure_definition read_measure(fields& in) {
  measure_definition out;
  out.id = rule_id(in.id());
  out.actions = in.ids<action_kind>("for", presence::optional);
  out.kinds = in.ids<action_kind>("kinds", presence::required);
  out.per = in.names_or_none("per", presence::required);
  out.window = in.period("window", presence::required).value_or(leeway::window{});
  out.where = in.condition("where");
  static const std::vector<std::string> words{"count", "sum", "max", "last_at"};
  const auto take = in.choice("take", words);
  if (take == "sum") out.take = take::sum;
  if (take == "max") out.take = take::max;
  if (take == "last_at") out.take = take::last_at;
  out.origin = in.origin();
  return out;
}

void read_beyond(fields& in, budget_definition& out) {
  const node* found = in.required_any("beyond");
  if (found == nullptr) return;
  if (found->is(kind::object)) {
    fields beyond(in.doc(), *found, in.pointer_of("beyond"), in.out());
    out.beyond_escalate = beyond.ids<role_id>("escalate", presence::required);
    beyond.finish();
    return;
  }
  if (found->is(kind::string) && found->string() == "deny") return;
  in.not_one_of(*found, in.pointer_of("beyond"), {"deny", "{\"escalate\": [...]}"},
                "a hard budget says \"deny\", a soft one {\"escalate\": [\"role\"]}");
}

budget_definition read_budget(fields& in) {
  budget_definition out;
  out.id = rule_id(in.id());
  out.actions = in.ids<action_kind>("for", presence::required);
  out.per = in.names_or_none("per", presence::required);
  out.window = in.period("window", presence::required).value_or(leeway::window{});
  out.amount = in.amount("amount");
  out.count = in.amount("count");
  out.when = in.condition("when");
  out.where = in.condition("where");
  static const std::vector<std::string> words{"goodwill", "all"};
  const auto counts = in.choice("counts", words);
  if (counts == "goodwill") out.counts = budget_counts::goodwill;
  if (counts == "all") out.counts = budget_counts::all;
  read_beyond(in, out);
  out.remedy = in.words("remedy");
  out.origin = in.origin();
  return out;
}

obligation_definition read_obligation(fields& in) {
  obligation_definition out;
  out.id = in.id();
  out.to = in.words("to");
  out.by = in.words("by");
  out.text = in.words("text");
  return out;
}

/// One effect in its object form: exactly one of the three keys.
effect read_effect_object(fields& in) {
  effect out;
  const bool escalates = in.has("escalate");
  const bool second = in.has("second_person");
  const bool obliges = in.has("oblige");
  if (escalates) {
    out.what = effect::kind::escalate;
    out.roles = in.ids<role_id>("escalate", presence::required);
  }
  if (second) {
    out.what = effect::kind::second_person;
    out.roles = in.ids<role_id>("second_person", presence::required);
  }
  if (obliges) {
    out.what = effect::kind::oblige;
    if (const node* one = in.required_object("oblige")) {
      fields inner(in.doc(), *one, in.pointer_of("oblige"), in.out());
      out.obligation = read_obligation(inner);
      inner.finish();
    }
  }
  in.finish();
  if (int{escalates} + int{second} + int{obliges} > 1) {
    in.fail_here("several_effects", "one effect, but several keys",
                 "write an array with one object for each");
  }
  if (!escalates && !second && !obliges) {
    in.fail_here("missing_key", "an effect without `escalate`, `second_person` or `oblige`",
                 "write \"deny\", \"second_person\", {\"escalate\": [\"role\"]} or {\"oblige\": "
                 "{\"id\": \"...\"}}");
  }
  return out;
}

effect read_effect(fields& rule, const node& found, const std::string& pointer) {
  if (found.is(kind::object)) {
    fields in(rule.doc(), found, pointer, rule.out());
    return read_effect_object(in);
  }
  effect out;
  if (found.is(kind::string) && found.string() == "second_person") {
    out.what = effect::kind::second_person;
  } else if (!found.is(kind::string) || found.string() != "deny") {
    rule.not_one_of(found, pointer,
                    {"deny", "second_person", "{\"escalate\": [...]}", "{\"oblige\": {...}}"});
  }
  return out;
}

void read_effects(fields& in, rule_definition& out) {
  const node* found = in.required_any("then");
  if (found == nullptr) return;
  const std::string pointer = in.pointer_of("then");
  if (!found->is(kind::array)) {
    out.then.push_back(read_effect(in, *found, pointer));
    return;
  }
  if (found->items().empty()) {
    in.complain(*found, pointer, "empty_list", "a rule without an effect",
                "write \"deny\", {\"escalate\": [\"role\"]} ...");
  }
  for (std::size_t i = 0; i < found->items().size(); ++i) {
    out.then.push_back(read_effect(in, found->items()[i], json::pointer_to(pointer, i)));
  }
}

rule_definition read_rule(fields& in) {
  rule_definition out;
  out.id = rule_id(in.id());
  out.actions = in.ids<action_kind>("for", presence::optional);
  out.when = in.condition("when");
  out.unless = in.condition("unless");
  read_effects(in, out);
  out.remedy = in.words("remedy");
  out.discretion = in.optional_boolean("discretion").value_or(false);
  out.origin = in.origin();
  return out;
}

requirement read_requirement(fields& in) {
  requirement out;
  out.that = in.condition("that", presence::required);
  out.because = in.words("because");
  out.remedy = in.words("remedy");
  return out;
}

void read_above(fields& in, entitlement_definition& out) {
  const node* found = in.optional_any("above");
  if (found == nullptr) return;
  if (found->is(kind::object)) {
    fields above(in.doc(), *found, in.pointer_of("above"), in.out());
    out.above = due_policy::escalate;
    out.above_escalate = above.ids<role_id>("escalate", presence::required);
    above.finish();
    return;
  }
  const bool word = found->is(kind::string);
  if (word && found->string() == "deny") return;
  if (word && found->string() == "goodwill") {
    out.above = due_policy::goodwill;
    return;
  }
  in.not_one_of(*found, in.pointer_of("above"), {"deny", "goodwill", "{\"escalate\": [...]}"});
}

void read_rounding(fields& in, entitlement_definition& out) {
  static const std::vector<std::string> words{"half_even", "half_up", "half_down", "up",
                                              "down",      "ceiling", "floor"};
  if (const auto word = in.choice("rounding", words)) out.rounding = *parse_rounding(*word);
}

entitlement_definition read_entitlement(fields& in) {
  entitlement_definition out;
  out.id = rule_id(in.id());
  out.actions = in.ids<action_kind>("for", presence::required);
  out.when = in.condition("when");
  out.due = in.condition("due", presence::required);
  read_list(in, "requires", out.required, read_requirement);
  out.minimum = in.amount("minimum");
  out.maximum = in.amount("maximum");
  read_rounding(in, out);
  static const std::vector<std::string> words{"deny", "allow"};
  if (in.choice("below", words) == "allow") out.below = due_policy::allow;
  read_above(in, out);
  out.origin = in.origin();
  return out;
}

discretion_definition read_discretion(fields& in) {
  discretion_definition out;
  out.id = rule_id(in.id());
  out.to = in.ids<role_id>("to", presence::required);
  out.actions = in.ids<action_kind>("for", presence::required);
  out.when = in.condition("when");
  if (in.required_any("up_to") != nullptr) {
    if (auto limit = in.amount("up_to")) out.up_to = std::move(*limit);
  }
  out.per = in.names_or_none("per", presence::required);
  out.window = in.period("window", presence::required).value_or(leeway::window{});
  out.amount = in.amount("amount");
  out.count = in.amount("count");
  out.origin = in.origin();
  return out;
}

silence_definition read_silence(fields& in) {
  silence_definition out;
  if (auto lint = in.required_string("lint")) out.lint = std::move(*lint);
  out.at = in.names("at", presence::optional);
  if (in.required_any("because") != nullptr) out.because = in.words("because");
  return out;
}

narrowing_definition read_narrowing(fields& in) {
  narrowing_definition out;
  if (auto grant = in.required_string("grant")) out.grant = rule_id(std::move(*grant));
  out.when = in.condition("when");
  out.unless = in.condition("unless");
  out.bounds.under = in.amount("under");
  out.bounds.up_to = in.amount("up_to");
  out.bounds.over = in.amount("over");
  out.bounds.at_least = in.amount("at_least");
  out.amount = in.amount("amount");
  out.count = in.amount("count");
  out.certified = in.names("certified", presence::optional);
  out.from = in.date("from");
  out.until = in.date("until");
  out.origin = in.origin();
  return out;
}

}  // namespace

overlay_definition read_overlay(fields& in) {
  overlay_definition out;
  out.id = rule_id(in.id());
  out.version = in.id("version");
  out.title = in.words("title");
  out.source = in.words("source");
  out.applies = in.condition("applies");
  if (const node* effective = in.optional_object("effective")) {
    fields dates(in.doc(), *effective, in.pointer_of("effective"), in.out());
    out.effective_from = dates.date("from");
    out.effective_until = dates.date("until");
    dates.finish();
  }
  read_names(in, out.facts, out.values, out.tables);
  read_list(in, "measures", out.measures, read_measure);
  read_list(in, "narrow", out.narrow, read_narrowing);
  read_list(in, "rules", out.rules, read_rule);
  read_list(in, "budgets", out.budgets, read_budget);
  return out;
}

void read_entries(fields& top, policy_document& into) {
  read_list(top, "roles", into.roles, read_role);
  read_list(top, "actions", into.actions, read_action);
  read_list(top, "grants", into.grants, read_grant);
  read_list(top, "measures", into.measures, read_measure);
  read_list(top, "budgets", into.budgets, read_budget);
  read_list(top, "rules", into.rules, read_rule);
  read_list(top, "entitlements", into.entitlements, read_entitlement);
  read_list(top, "discretion", into.discretion, read_discretion);
  read_list(top, "silence", into.silence, read_silence);
  read_list(top, "overlays", into.overlays, read_overlay);
}

}  // namespace leeway::policy_detail
