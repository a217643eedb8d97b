// SPDX-License-Identifier: Apache-2.0
// Grants, measures, budgets, rules, entitlements and discretion.
#include "policy/check.hpp"
#include "policy/fields.hpp"

#include <algorithm>
#include <tuple>

namespace leeway::policy_detail {
namespace {

using condition::type;

void not_both(check_context& c, const std::string& pointer, const expression& when,
              const expression& unless) {
  if (when.empty() || unless.empty()) return;
  c.error(field(pointer, "unless"), "when_and_unless", "both `when` and `unless`",
          "join them in one `when`: `(...) && !(...)`");
}

/// Bounds that no amount can meet: whole steps, so `over 1, under 2` is one of them too.
void check_contradiction(check_context& c, const std::string& pointer, const bound_set& from,
                         const compiled_grant& g) {
  const auto under = constant_of(g.under), up_to = constant_of(g.up_to);
  const auto over = constant_of(g.over), at_least = constant_of(g.at_least);
  std::int64_t low = g.of ? INT64_MIN : 0;
  std::int64_t high = INT64_MAX;
  if (at_least) low = std::max(low, *at_least);
  if (over) low = std::max(low, *over == INT64_MAX ? *over : *over + 1);
  if (up_to) high = std::min(high, *up_to);
  if (under) high = std::min(high, *under == INT64_MIN ? *under : *under - 1);
  if (low <= high) return;
  const std::string upper = under && *under - 1 == high ? "under" : "up_to";
  std::string text = std::string(g.of ? "no value" : "no amount") + " is " +
                     (upper == "under" ? "under" : "at most") + " `" +
                     written(upper == "under" ? *from.under : *from.up_to) + "`";
  if (over && *over + 1 == low)
    text += " and over `" + written(*from.over) + "`";
  else if (at_least)
    text += " and at least `" + written(*from.at_least) + "`";
  c.error(field(pointer, upper), "impossible_bound", text,
          "this grant would never apply: correct one of the bounds");
}

/// The type a grant bounds: the amount's, or that of `of`. Nothing when `of` is wrong.
std::optional<type> bounded_type(check_context& c, const std::string& pointer,
                                 const grant_definition& from, compiled_grant& g) {
  if (from.bounds.of.empty()) return type(value_kind::money);
  static const std::vector<type> ordered{
      value_kind::integer,  value_kind::money, value_kind::ratio,    value_kind::number,
      value_kind::duration, value_kind::date,  value_kind::timestamp};
  g.of = c.compile(field(pointer, "of"), from.bounds.of, *c.into().env, ordered,
                   amount_use::forbidden, "of");
  if (!g.of) return std::nullopt;
  return g.of->result_type();
}

void check_bounds(check_context& c, const std::string& pointer, const grant_definition& from,
                  compiled_grant& g) {
  const bound_set& b = from.bounds;
  const bool any = b.under || b.up_to || b.over || b.at_least;
  if (!b.of.empty() && !any) {
    c.entry_error(pointer, "bound_missing", "`of` names a quantity that nothing bounds",
                  "add `under`, `up_to`, `over` or `at_least`, or leave `of` out");
  }
  const auto t = bounded_type(c, pointer, from, g);
  if (!t) return;
  // A quantity such as days past a date may well be negative; an amount of money may not.
  const bool negative = g.of && !t->is(value_kind::money);
  g.under = c.bound(field(pointer, "under"), b.under, *t, negative, "under");
  g.up_to = c.bound(field(pointer, "up_to"), b.up_to, *t, negative, "up_to");
  g.over = c.bound(field(pointer, "over"), b.over, *t, negative, "over");
  g.at_least = c.bound(field(pointer, "at_least"), b.at_least, *t, negative, "at_least");
  check_contradiction(c, pointer, b, g);
  if (!any || g.of || g.actions.every) return;
  for (std::size_t i = 0; i < from.actions.size(); ++i) {
    const auto action = c.into().find_action(from.actions[i].view());
    if (!action || c.mode_of(*action) != amount_mode::no_amount) continue;
    c.error(item(field(pointer, "for"), i), "no_amount_to_bound",
            ticked(from.actions[i].view()) + " has no amount that could be bounded",
            "bound another quantity with `of`, or grant it separately without bounds");
  }
}

void check_own_total(check_context& c, const std::string& pointer, const grant_definition& from,
                     compiled_grant& g) {
  const bool limits = from.amount || from.count;
  g.per = c.keys(field(pointer, "per"), from.per);
  g.window = from.window;
  g.amount = c.amount(field(pointer, "amount"), from.amount, "amount");
  g.count = c.count(field(pointer, "count"), from.count, "count");
  if (!from.window && (limits || !from.per.empty())) {
    c.entry_error(pointer, "window_missing", "a grant with a total of its own needs a `window`",
                  "add \"window\": \"P30D\" or such, or make it a budget");
  }
  const bool upper = from.bounds.of.empty() && (from.bounds.under || from.bounds.up_to);
  if (from.window && !limits && !upper) {
    c.entry_error(pointer, "total_missing",
                  "a grant with a `window` needs something to hold its total against",
                  "add `amount` or `count`, or bound the amount with `up_to`");
  }
  if (from.amount && c.all_without_amount(g.actions)) {
    c.error(field(pointer, "amount"), "no_amount_to_bound", "none of its actions has an amount",
            "limit their `count`");
  }
}

compiled_grant check_grant(check_context& c, const std::string& pointer,
                           const grant_definition& from) {
  compiled_grant g{.id = from.id, .from = from.from, .until = from.until, .origin = &from};
  if (from.to.empty()) c.error(field(pointer, "to"), "empty_list", "a grant to nobody");
  if (from.actions.empty()) c.error(field(pointer, "for"), "empty_list", "a grant for no action");
  g.to = c.roles(field(pointer, "to"), from.to);
  g.actions = c.actions(field(pointer, "for"), from.actions);
  // Unlike a rule's, a grant's two conditions are both asked: certainly when, certainly not unless.
  g.when = c.condition(field(pointer, "when"), from.when);
  g.unless = c.condition(field(pointer, "unless"), from.unless);
  check_bounds(c, pointer, from, g);
  g.certified = check_certified(c, pointer, from.certified);
  if (!g.certified.empty()) g.certifications = c.into().env->slot_of("agent.certifications");
  c.dates(pointer, from.from, from.until);
  check_own_total(c, pointer, from, g);
  return g;
}

auto effect_key(const compiled_effect& e) {
  const auto& o = e.origin->obligation;
  return std::tie(e.what, e.roles, o.id, o.to, o.by, o.text);
}

// The normal form holds effects as a set: in which order, and how often, must not change a
// decision.
void in_fixed_order(std::vector<compiled_effect>& effects) {
  std::sort(effects.begin(), effects.end(),
            [](const auto& a, const auto& b) { return effect_key(a) < effect_key(b); });
  const auto same = std::unique(effects.begin(), effects.end(), [](const auto& a, const auto& b) {
    return effect_key(a) == effect_key(b);
  });
  effects.erase(same, effects.end());
}

void check_effects(check_context& c, const std::string& pointer, const rule_definition& from,
                   compiled_rule& into) {
  const std::string then = field(pointer, "then");
  if (from.then.empty()) {
    c.error(then, "empty_list", "a rule without an effect", "write \"deny\" or such");
  }
  for (std::size_t i = 0; i < from.then.size(); ++i) {
    const effect& e = from.then[i];
    const std::string at = item(then, i);
    const bool second = e.what == effect::kind::second_person;
    compiled_effect out{.what = e.what, .roles = {}, .origin = &e};
    if (e.what == effect::kind::oblige) {
      if (!is_id(e.obligation.id)) {
        c.error(field(field(at, "oblige"), "id"), "bad_id",
                "an obligation needs an id of letters, digits, `_`, `.` and `-`");
      }
    } else if (e.what == effect::kind::escalate || second) {
      out.roles = c.roles(field(at, second ? "second_person" : "escalate"), e.roles);
      if (e.roles.empty() && !second) {
        c.error(field(at, "escalate"), "empty_list", "an escalation to nobody",
                "name the roles that may approve");
      }
      c.named_roles.insert(out.roles.begin(), out.roles.end());
    }
    into.then.push_back(std::move(out));
  }
  in_fixed_order(into.then);
}

void check_due_limits(check_context& c, const std::string& pointer,
                      const entitlement_definition& from, compiled_entitlement& into) {
  into.minimum = c.amount(field(pointer, "minimum"), from.minimum, "minimum");
  into.maximum = c.amount(field(pointer, "maximum"), from.maximum, "maximum");
  c.refuse_due(field(pointer, "minimum"), from.minimum, into.minimum, "minimum");
  c.refuse_due(field(pointer, "maximum"), from.maximum, into.maximum, "maximum");
  const auto low = constant_of(into.minimum), high = constant_of(into.maximum);
  if (low && high && *low > *high) {
    c.error(field(pointer, "minimum"), "impossible_bound",
            "the minimum `" + written(*from.minimum) + "` is more than the maximum `" +
                written(*from.maximum) + "`",
            "less than the minimum is zero, so nothing would ever be due");
  }
}

void check_above(check_context& c, const std::string& pointer, const entitlement_definition& from,
                 compiled_entitlement& into) {
  const std::string above = field(pointer, "above");
  into.above_escalate = c.roles(field(above, "escalate"), from.above_escalate);
  c.named_roles.insert(into.above_escalate.begin(), into.above_escalate.end());
  if (from.above == due_policy::escalate && from.above_escalate.empty()) {
    c.error(above, "empty_list", "an escalation to nobody", "name the roles that may approve");
  }
  if (from.above == due_policy::allow) {
    c.error(above, "unknown_word", "what is above the due cannot simply be allowed",
            "use `deny`, `goodwill` or {\"escalate\": [...]}");
  }
  if (from.below != due_policy::deny && from.below != due_policy::allow) {
    c.error(field(pointer, "below"), "unknown_word", "`below` is `deny` or `allow`");
  }
}

compiled_entitlement check_entitlement(check_context& c, const std::string& pointer,
                                       const entitlement_definition& from) {
  compiled_entitlement e{.id = from.id, .origin = &from};
  if (from.actions.empty()) {
    c.error(field(pointer, "for"), "empty_list", "an entitlement that no action pays");
  }
  e.actions = c.actions(field(pointer, "for"), from.actions);
  for (const index action : e.actions.actions) {
    if (c.mode_of(action) != amount_mode::no_amount) continue;
    c.error(field(pointer, "for"), "no_amount_to_pay",
            ticked(c.into().actions[action].id.view()) + " has no amount, so it cannot pay a due",
            "pay it by an action with an amount");
  }
  // What is owed cannot turn on what happens to be proposed.
  e.when = c.condition(field(pointer, "when"), from.when, amount_use::forbidden);
  if (from.due.empty()) c.error(field(pointer, "due"), "empty_expression", "nothing is due");
  e.due = c.compile(field(pointer, "due"), from.due, *c.into().env, {type(value_kind::money)},
                    amount_use::forbidden, "due");
  c.refuse_due(field(pointer, "when"), from.when, e.when, "when");
  c.refuse_due(field(pointer, "due"), from.due, e.due, "due");
  for (std::size_t i = 0; i < from.required.size(); ++i) {
    const std::string at = field(item(field(pointer, "requires"), i), "that");
    if (from.required[i].that.empty()) c.error(at, "empty_expression", "empty expression");
    e.required.push_back(
        {c.condition(at, from.required[i].that, amount_use::forbidden), &from.required[i]});
    c.refuse_due(at, from.required[i].that, e.required.back().that, "that");
  }
  check_due_limits(c, pointer, from, e);
  check_above(c, pointer, from, e);
  return e;
}

compiled_discretion check_discretion(check_context& c, const std::string& pointer,
                                     const discretion_definition& from) {
  compiled_discretion d{.id = from.id, .window = from.window, .origin = &from};
  if (from.to.empty()) c.error(field(pointer, "to"), "empty_list", "discretion for nobody");
  if (from.actions.empty())
    c.error(field(pointer, "for"), "empty_list", "discretion for no action");
  d.to = c.roles(field(pointer, "to"), from.to);
  c.named_roles.insert(d.to.begin(), d.to.end());
  d.actions = c.actions(field(pointer, "for"), from.actions);
  d.when = c.condition(field(pointer, "when"), from.when);
  if (!c.blamed_below(field(pointer, "up_to"))) {
    if (auto limit = c.amount(field(pointer, "up_to"), from.up_to, "up_to")) {
      d.up_to = std::move(*limit);
    }
  }
  d.per = c.keys(field(pointer, "per"), from.per);
  if (!from.amount && !from.count) {
    c.entry_error(pointer, "limit_missing", "discretion with neither `amount` nor `count`",
                  "a fund needs a limit: add \"amount\": \"200 USD\" or \"count\": 3, or such");
  }
  d.amount = c.amount(field(pointer, "amount"), from.amount, "amount");
  d.count = c.count(field(pointer, "count"), from.count, "count");
  return d;
}

/// Rounding happens once, over the sum of what speaks: it must be one.
void check_roundings(check_context& c) {
  std::map<index, std::pair<rounding, std::string>> first;
  const auto& all = c.doc().entitlements;
  for (std::size_t i = 0; i < c.into().entitlements.size(); ++i) {
    for (const index action : c.into().entitlements[i].actions.actions) {
      const auto [known, added] =
          first.emplace(action, std::pair{all[i].rounding, all[i].id.str()});
      if (added || known->second.first == all[i].rounding) continue;
      c.error(field(item("/entitlements", i), "rounding"), "different_roundings",
              "rounds " + ticked(to_string(all[i].rounding)) + ", but " +
                  ticked(known->second.second) + " rounds what " +
                  ticked(c.into().actions[action].id.view()) + " pays " +
                  ticked(to_string(known->second.first)),
              "what entitlements owe is added up and rounded once: use one rounding");
      break;
    }
  }
}

void check_due_actions(check_context& c) {
  for (std::size_t i = 0; i < c.doc().actions.size(); ++i) {
    const action_definition& a = c.doc().actions[i];
    if (a.amount != amount_mode::due || a.id.empty()) continue;
    const auto at = c.into().find_action(a.id.view());
    const auto& all = c.into().entitlements;
    const bool paid = std::any_of(all.begin(), all.end(),
                                  [&](const auto& e) { return at && e.actions.contains(*at); });
    if (paid || c.blamed_below("/entitlements")) continue;
    c.error(field(item("/actions", i), "amount"), "nothing_due",
            ticked(a.id.view()) + " pays what is due, but no entitlement is for it",
            "add an entitlement, or let its amount be `any`");
  }
}

template <class From, class To, class Check>
void each(check_context& c, std::string_view list, const std::vector<From>& from,
          std::vector<To>& into, Check check) {
  for (std::size_t i = 0; i < from.size(); ++i) {
    const std::string pointer = item(list, i);
    c.entry_id(pointer, from[i].id);
    into.push_back(check(c, pointer, from[i]));
  }
}

template <class List>
void sort_by_id(List& list) {
  std::sort(list.begin(), list.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
}

}  // namespace

std::vector<std::string> check_certified(check_context& c, const std::string& pointer,
                                         const std::vector<std::string>& from) {
  if (from.empty()) return {};
  std::vector<std::string> out = from;
  std::sort(out.begin(), out.end());
  c.read.insert(*c.into().env->slot_of("agent.certifications"));
  for (std::size_t i = 0; i < from.size(); ++i) {
    if (!from[i].empty()) continue;
    c.error(item(field(pointer, "certified"), i), "empty_text",
            "a certification must not be empty");
  }
  return out;
}

compiled_measure check_measure(check_context& c, const std::string& pointer,
                               const measure_definition& from) {
  compiled_measure m{.id = from.id, .window = from.window, .take = from.take, .origin = &from};
  m.actions = c.actions(field(pointer, "for"), from.actions);
  if (from.actions.empty()) m.actions = c.actions(pointer, {action_kind("*")});
  if (from.kinds.empty()) c.error(field(pointer, "kinds"), "empty_list", "a measure of nothing");
  for (const action_kind& kind : from.kinds) {
    if (kind == action_kind("*")) m.every_kind = true;
    m.kinds.push_back(kind.str());
  }
  std::sort(m.kinds.begin(), m.kinds.end());
  m.per = c.keys(field(pointer, "per"), from.per);
  m.where = c.entry_condition(field(pointer, "where"), from.where);
  if (const auto slot = c.into().env->slot_of("usage." + from.id.str())) m.result = *slot;
  return m;
}

compiled_budget check_budget(check_context& c, const std::string& pointer,
                             const budget_definition& from) {
  compiled_budget b{.id = from.id, .window = from.window, .origin = &from};
  if (from.actions.empty()) c.error(field(pointer, "for"), "empty_list", "a budget for no action");
  b.actions = c.actions(field(pointer, "for"), from.actions);
  b.per = c.keys(field(pointer, "per"), from.per);
  if (!from.amount && !from.count) {
    c.entry_error(pointer, "limit_missing", "a budget with neither `amount` nor `count`",
                  "add \"amount\": \"100 USD\" or \"count\": 3, or such");
  }
  b.amount = c.amount(field(pointer, "amount"), from.amount, "amount");
  b.count = c.count(field(pointer, "count"), from.count, "count");
  if (from.amount && c.all_without_amount(b.actions)) {
    c.error(field(pointer, "amount"), "no_amount_to_bound", "none of its actions has an amount",
            "limit their `count`");
  }
  b.when = c.condition(field(pointer, "when"), from.when);
  b.where = c.entry_condition(field(pointer, "where"), from.where);
  b.goodwill_only = from.counts ? *from.counts == budget_counts::goodwill : b.actions.every;
  b.beyond_escalate = c.roles(field(field(pointer, "beyond"), "escalate"), from.beyond_escalate);
  c.named_roles.insert(b.beyond_escalate.begin(), b.beyond_escalate.end());
  return b;
}

compiled_rule check_rule(check_context& c, const std::string& pointer,
                         const rule_definition& from) {
  compiled_rule r{.id = from.id, .origin = &from};
  r.actions = from.actions.empty() ? c.actions(pointer, {action_kind("*")})
                                   : c.actions(field(pointer, "for"), from.actions);
  not_both(c, pointer, from.when, from.unless);
  r.when = c.condition(field(pointer, "when"), from.when);
  r.unless = c.condition(field(pointer, "unless"), from.unless);
  check_effects(c, pointer, from, r);
  if (std::ranges::any_of(from.then,
                          [](const effect& e) { return e.what == effect::kind::deny; })) {
    c.warn_of_absorbed(field(pointer, "when"), r.when);
    c.warn_of_absorbed(field(pointer, "unless"), r.unless);
  }
  return r;
}

void check_entries(check_context& c) {
  compiled_policy& p = c.into();
  each(c, "/grants", p.document.grants, p.grants, check_grant);
  each(c, "/measures", p.document.measures, p.measures, check_measure);
  each(c, "/budgets", p.document.budgets, p.budgets, check_budget);
  each(c, "/rules", p.document.rules, p.rules, check_rule);
  each(c, "/entitlements", p.document.entitlements, p.entitlements, check_entitlement);
  each(c, "/discretion", p.document.discretion, p.discretion, check_discretion);
  check_roundings(c);
  check_due_actions(c);
  sort_by_id(p.grants);
  check_overlays(c);
  sort_by_id(p.measures);
  sort_by_id(p.budgets);
  sort_by_id(p.rules);
  sort_by_id(p.entitlements);
  sort_by_id(p.discretion);
}

}  // namespace leeway::policy_detail
