// SPDX-License-Identifier: Apache-2.0
#include "engine/generate_names.hpp"

#include <algorithm>
#include <utility>

namespace leeway::engine_test {
namespace {

const std::vector<action_kind> with_amount{"credit", "refund", "fixed_fee", "list_price", "delay"};
const text_list key_names{"customer.id", "contact.id",     "agent.id",   "agent.team",
                          "subject.id",  "contact.reason", "action.kind"};

std::vector<fact_declaration> fact_list() {
  auto required = [](const char* name, const char* type) {
    return fact_declaration{.name = name, .type = type};
  };
  std::vector<fact_declaration> out{
      required("contact.late", "int"),    required("contact.ok", "bool"),
      required("contact.div", "int"),     required("contact.paid", "money"),
      required("contact.share", "ratio"), required("contact.wait", "duration"),
      required("contact.day", "date"),    required("entry.category", "string"),
      required("action.grade", "int"),
  };
  out.push_back({.name = "contact.proof", .type = "bool", .default_value = value(false)});
  out.push_back({.name = "subject.age", .type = "int", .optional = true});
  out.push_back({.name = "subject.tier",
                 .type = "string",
                 .one_of = {value("basic"), value("plus"), value("gold")}});
  return out;
}

table_definition limit_table() {
  return {"limit", value::map({{value("basic"), value(usd(25))}, {value("plus"), value(usd(50))}})};
}

}  // namespace

std::string policy_source::literal() { return "money('" + d_.pick(amounts) + " USD')"; }

expression policy_source::usage_atom() {
  const auto& m = d_.pick(measures_);
  const std::string name = "usage." + m.id.str();
  switch (m.take) {
    case take::count: return name + " >= " + std::to_string(d_.between(1, 3));
    case take::sum:
    case take::max: return name + (d_.chance(50) ? " > " : " <= ") + literal();
    case take::last_at:
      return "has(" + name + ") && at - " + name + " < duration('" +
             std::to_string(d_.between(1, 100)) + "h')";
  }
  return "true";
}

expression policy_source::amount_atom() {
  static const text_list relations{" > ", " >= ", " < ", " <= "};
  if (d_.chance(15)) return "action.due" + d_.pick(relations) + literal();
  const std::string left = d_.chance(80) ? "action.amount" : "action.amount * 2";
  switch (d_.between(0, 4)) {
    case 4: return left + d_.pick(relations) + "action.due + " + literal();
    case 0: return left + d_.pick(relations) + "contact.paid";
    case 1: return left + d_.pick(relations) + "contact.paid * contact.share";
    default: return left + d_.pick(relations) + literal();
  }
}

expression policy_source::atom() {
  static const text_list atoms{
      "contact.ok",
      "contact.proof",
      "contact.late % contact.div == 0",
      "has(subject.age) && subject.age < 18",
      "'fraud' in customer.flags",
      "customer.flags.exists(f, f == 'vip')",
      "subject.tier == 'plus'",
      "subject.tier in ['basic', 'gold']",
      "contact.reason == 'weather'",
      "customer.segment != 'gold'",
      "agent.site == 'denver'",
      "tables.limit[subject.tier] > money('30 USD')",
      "contact.wait > duration('30m')",
      "contact.day < date('2026-06-01')",
      "contact.share >= ratio('50%')",
      "action.grade > 1",
      "values.late",
      "years_between(customer.since, start_of(at, 'day')) >= 2",
      "contact.paid > money('40 USD')",
      "customer.lifetime_value > money('1000 USD')",
      "action.kind == 'credit'",
  };
  const auto kind = d_.between(0, 9);
  if (kind < 2 && reads_amount_) return amount_atom();
  if (kind < 4 && !measures_.empty()) return usage_atom();
  if (kind < 5) {
    return "contact.late " + std::string(d_.chance(50) ? ">= " : "< ") +
           std::to_string(d_.between(0, 6));
  }
  return d_.pick(atoms);
}

expression policy_source::condition(int depth) {
  if (depth == 0 || d_.chance(50)) return atom();
  switch (d_.between(0, 3)) {
    case 0: return "(" + condition(depth - 1) + ") && (" + condition(depth - 1) + ")";
    case 1: return "(" + condition(depth - 1) + ") || (" + condition(depth - 1) + ")";
    case 2: return "!(" + condition(depth - 1) + ")";
    default:
      return "(" + condition(depth - 1) + ") ? (" + condition(depth - 1) + ") : (" +
             condition(depth - 1) + ")";
  }
}

expression policy_source::entry_condition() {
  static const text_list all{"entry.amount > money('5 USD')", "!entry.reversed", "entry.reversed",
                             "entry.category == 'goods'",
                             "entry.kind == 'credit' || entry.category != 'goods'"};
  return d_.chance(30) ? d_.pick(all) : expression{};
}

quantity policy_source::amount() {
  static const text_list expressions{"tables.limit[subject.tier]",
                                     "contact.paid",
                                     "contact.paid * contact.share",
                                     "contact.paid * 2",
                                     "min(contact.paid, money('80 USD'))",
                                     "action.due + money('20 USD')",
                                     "action.due"};
  if (d_.chance(25)) return expression(d_.pick(expressions));
  return money::parse(d_.pick(amounts) + " USD").value();
}

std::vector<role_id> policy_source::roles(std::int64_t most) {
  std::vector<role_id> all(role_names.begin(), role_names.end());
  return d_.some(all, 1, most);
}

std::vector<action_kind> policy_source::actions(std::int64_t most, int every) {
  if (d_.chance(every)) return {"*"};
  return d_.some(with_amount, 1, most);
}

text_list policy_source::keys(std::int64_t most) { return d_.some(key_names, 0, most); }

leeway::window policy_source::window() {
  static const text_list all{"P30D",
                             "P6M",
                             "P1Y",
                             "PT36H",
                             "calendar day",
                             "calendar week",
                             "calendar month",
                             "calendar quarter",
                             "calendar year from 04-06",
                             "lifetime"};
  return leeway::window::parse(d_.pick(all)).value();
}

void policy_source::dates(std::optional<civil_date>& from, std::optional<civil_date>& until) {
  if (!d_.chance(15)) return;
  if (d_.chance(50)) from = d_.chance(70) ? date_of("2026-01-01") : date_of("2026-06-16");
  if (d_.chance(50)) until = d_.chance(70) ? date_of("2027-01-01") : date_of("2026-06-17");
}

std::vector<role_definition> policy_source::role_list() {
  std::vector<role_definition> out;
  const auto size = static_cast<std::int64_t>(role_names.size());
  for (std::int64_t i = 0; i < size; ++i) {
    role_definition r{.id = role_names[static_cast<std::size_t>(i)]};
    for (std::int64_t j = 0; j < i; ++j) {
      if (d_.chance(25)) r.includes.emplace_back(role_names[static_cast<std::size_t>(j)]);
    }
    for (std::int64_t j = i + 1; j < size; ++j) {
      if (d_.chance(35)) r.escalate_to.emplace_back(role_names[static_cast<std::size_t>(j)]);
    }
    if (d_.chance(20)) {
      substitution s{.role = d_.pick(role_names)};
      if (s.role != r.id) {
        reads_amount_ = false;
        if (d_.chance(60)) s.when = condition(1);
        reads_amount_ = true;
        dates(s.from, s.until);
        r.substitutes.push_back(std::move(s));
      }
    }
    out.push_back(std::move(r));
  }
  return out;
}

void policy_source::bounds(grant_definition& g) {
  if (d_.chance(15)) {
    g.bounds.of = "contact.late";
    if (d_.chance(70)) g.bounds.up_to = quantity(d_.between(2, 6));
    if (!g.bounds.up_to || d_.chance(20)) g.bounds.at_least = quantity(d_.between(0, 2));
    return;
  }
  const bool unbounded = d_.chance(25);
  if (unbounded) return;
  if (d_.chance(50)) {
    g.bounds.under = amount();
  } else {
    g.bounds.up_to = amount();
  }
  if (d_.chance(10)) g.bounds.over = quantity(usd(4));
  if (d_.chance(10)) g.bounds.at_least = quantity(usd(2));
}

void policy_source::own_total(grant_definition& g) {
  if (!d_.chance(20)) return;
  g.window = window();
  g.per = keys(2);
  if (d_.chance(50)) g.amount = amount();
  const bool upper = g.bounds.of.empty() && (g.bounds.under || g.bounds.up_to);
  if (d_.chance(40) || (!upper && !g.amount)) g.count = quantity(d_.between(1, 3));
}

grant_definition policy_source::grant(const std::string& id) {
  grant_definition g{.id = id, .to = roles(2), .actions = actions(3, 20)};
  if (d_.chance(40)) g.when = condition();
  if (d_.chance(15)) g.unless = condition(1);
  bounds(g);
  own_total(g);
  const bool bounded = g.bounds.under || g.bounds.up_to || g.bounds.over || g.bounds.at_least;
  if (!bounded && d_.chance(30)) g.actions = {"exception"}, g.amount.reset();
  if (g.window && !g.amount && !g.count && !(bounded && g.bounds.of.empty())) {
    g.count = quantity(std::int64_t{2});
  }
  if (d_.chance(15)) g.certified = d_.some(text_list{"refunds", "fees"}, 1, 2);
  dates(g.from, g.until);
  return g;
}

effect policy_source::effect_of(effect::kind what) {
  effect e{.what = what};
  if (what == effect::kind::escalate) e.roles = roles(2);
  if (what == effect::kind::second_person && d_.chance(70)) e.roles = roles(2);
  if (what == effect::kind::oblige) {
    e.obligation = {.id = "todo" + std::to_string(d_.between(1, 3)), .to = "crm", .by = "P2D"};
  }
  return e;
}

rule_definition policy_source::rule(const std::string& id, effect::kind what) {
  rule_definition r{.id = id};
  if (d_.chance(60)) r.actions = actions(3, 30);
  if (d_.chance(70)) {
    r.when = condition();
  } else if (d_.chance(80)) {
    r.unless = condition();
  }
  r.then.push_back(effect_of(what));
  r.discretion = d_.chance(40);
  return r;
}

budget_definition policy_source::budget(const std::string& id, bool hard) {
  budget_definition b{.id = id, .actions = actions(3, 50), .per = keys(2), .window = window()};
  if (d_.chance(80)) b.amount = amount();
  if (!b.amount || d_.chance(20)) b.count = quantity(d_.between(1, 4));
  if (d_.chance(25)) b.when = condition(1);
  b.where = entry_condition();
  if (!hard) b.beyond_escalate = roles(2);
  return b;
}

std::vector<measure_definition> policy_source::measures() {
  std::vector<measure_definition> out;
  const auto size = d_.between(0, 3);
  for (std::int64_t i = 0; i < size; ++i) {
    measure_definition m{.id = "m" + std::to_string(i)};
    m.kinds = actions(2, 40);
    m.per = keys(2);
    m.window = window();
    m.where = entry_condition();
    m.take = static_cast<take>(d_.between(1, 4));
    out.push_back(std::move(m));
  }
  return out;
}

entitlement_definition policy_source::entitlement(const std::string& id, bool for_due) {
  static const text_list dues{"money('50 USD')", "contact.paid", "contact.paid * contact.share",
                              "money('12.50 USD') * contact.late", "tables.limit[subject.tier]"};
  static const text_list conditions{"contact.late >= 3", "contact.ok", "subject.tier == 'plus'",
                                    "contact.late % contact.div == 0", "values.late"};
  entitlement_definition e{.id = id};
  e.actions = for_due ? std::vector<action_kind>{"delay"}
                      : d_.some(std::vector<action_kind>{"credit", "refund", "delay"}, 1, 2);
  if (d_.chance(60)) e.when = d_.pick(conditions);
  e.due = d_.pick(dues);
  if (d_.chance(50)) e.required.push_back({.that = "contact.reason != 'weather'"});
  if (d_.chance(20)) e.required.push_back({.that = d_.pick(conditions)});
  if (d_.chance(20)) e.minimum = quantity(usd(2));
  if (d_.chance(20)) e.maximum = quantity(usd(60));
  e.below = d_.chance(30) ? due_policy::allow : due_policy::deny;
  switch (d_.between(0, 2)) {
    case 0: e.above = due_policy::deny; break;
    case 1: e.above = due_policy::goodwill; break;
    default: e.above = due_policy::escalate; e.above_escalate = roles(2);
  }
  return e;
}

discretion_definition policy_source::discretion(const std::string& id) {
  discretion_definition out{.id = id, .to = roles(3), .actions = actions(4, 70)};
  if (d_.chance(30)) out.when = condition(1);
  out.up_to = amount();
  out.per = keys(2);
  out.window = window();
  if (d_.chance(70)) out.amount = quantity(usd(d_.between(40, 300)));
  if (!out.amount || d_.chance(30)) out.count = quantity(d_.between(1, 3));
  return out;
}

narrowing_definition policy_source::narrowing(const grant_definition& of) {
  narrowing_definition n{.grant = of.id};
  if (d_.chance(40)) n.when = condition();
  if (d_.chance(20)) n.unless = condition(1);
  const bool no_amount =
      of.bounds.of.empty() && of.actions == std::vector<action_kind>{"exception"};
  if (!no_amount && d_.chance(60)) {
    const bool late = !of.bounds.of.empty();
    auto& bound = d_.chance(50) ? n.bounds.up_to : n.bounds.under;
    bound = late ? quantity(d_.between(1, 5)) : amount();
    if (d_.chance(20)) n.bounds.at_least = late ? quantity(std::int64_t{1}) : quantity(usd(3));
    if (d_.chance(10)) n.bounds.over = late ? quantity(std::int64_t{0}) : quantity(usd(1));
  }
  if (d_.chance(15)) n.certified = d_.some(text_list{"refunds", "partner"}, 1, 2);
  if (of.window && d_.chance(40)) n.amount = quantity(usd(d_.between(10, 120)));
  if (of.window && d_.chance(20)) n.count = quantity(d_.between(0, 2));
  dates(n.from, n.until);
  const bool nothing = n.when.empty() && n.unless.empty() && n.certified.empty() && !n.from &&
                       !n.until && !n.bounds.under && !n.bounds.up_to && !n.amount && !n.count;
  if (nothing) n.when = atom();
  return n;
}

overlay_definition policy_source::overlay(const std::string& id, const policy_document& base) {
  static const text_list whom{"agent.site == 'manila'", "agent.site == 'denver'", "true",
                              "subject.tier == 'basic'", "contact.late % contact.div == 0"};
  overlay_definition o{.id = id, .version = "1"};
  measures_ = base.measures;
  if (d_.chance(60)) {
    o.applies = d_.pick(whom);
  } else if (d_.chance(50)) {
    reads_amount_ = false;
    o.applies = condition();
    reads_amount_ = true;
  }
  dates(o.effective_from, o.effective_until);
  if (d_.chance(30)) {
    const std::string name = "contact." + id + "_ok";
    o.facts.push_back({.name = name, .type = "bool", .default_value = value(d_.chance(50))});
    o.values.push_back({id + "_fine", name + " && values.late"});
    o.rules.push_back({.id = id + "-own", .when = "values." + id + "_fine"});
    o.rules.back().then.push_back(effect_of(static_cast<effect::kind>(d_.between(1, 4))));
  }
  for (const auto& g : base.grants) {
    if (d_.chance(50)) o.narrow.push_back(narrowing(g));
  }
  for (auto i = d_.between(0, 2); i > 0; --i) {
    o.rules.push_back(
        rule(id + "-R" + std::to_string(i), static_cast<effect::kind>(d_.between(1, 4))));
  }
  if (d_.chance(40)) o.budgets.push_back(budget(id + "-B", d_.chance(50)));
  return o;
}

policy_document policy_source::document() {
  policy_document p;
  p.id = "generated";
  p.version = "1";
  p.money_currency = currency::usd();
  p.time_zone = d_.chance(50) ? "UTC" : "America/Denver";
  p.facts = fact_list();
  p.values = {{"late", "contact.late >= 3"}};
  p.tables = {limit_table()};
  p.measures = measures_ = measures();
  p.roles = role_list();
  p.actions = {{.id = "credit"},
               {.id = "refund"},
               {.id = "fixed_fee", .amount = amount_mode::fixed, .fixed = "contact.paid"},
               {.id = "list_price", .amount = amount_mode::fixed},
               {.id = "delay", .amount = amount_mode::due},
               {.id = "exception", .amount = amount_mode::no_amount}};
  auto repeat = [&](std::int64_t least, std::int64_t most, const char* prefix, auto make) {
    const auto size = d_.between(least, most);
    for (std::int64_t i = 0; i < size; ++i) make(prefix + std::to_string(i));
  };
  repeat(2, 7, "G", [&](const std::string& id) { p.grants.push_back(grant(id)); });
  repeat(0, 3, "B", [&](const std::string& id) { p.budgets.push_back(budget(id, d_.chance(50))); });
  repeat(0, 4, "R", [&](const std::string& id) {
    p.rules.push_back(rule(id, static_cast<effect::kind>(d_.between(1, 4))));
    if (d_.chance(20)) p.rules.back().then.push_back(effect_of(effect::kind::oblige));
  });
  p.entitlements.push_back(entitlement("E0", true));
  repeat(1, 2, "E1", [&](const std::string& id) {
    if (d_.chance(50)) p.entitlements.push_back(entitlement(id, false));
  });
  repeat(0, 2, "D", [&](const std::string& id) { p.discretion.push_back(discretion(id)); });
  p.protection = {{"en", "Made in good faith."}};
  const auto size = d_.chance(30) ? d_.between(1, 2) : 0;
  for (std::int64_t i = 0; i < size; ++i) {
    p.overlays.push_back(overlay("o" + std::to_string(i), p));
  }
  return p;
}

}  // namespace leeway::engine_test
