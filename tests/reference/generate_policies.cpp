// SPDX-License-Identifier: Apache-2.0
#include "reference/generate_policies.hpp"

#include <algorithm>
#include <utility>

namespace leeway::reference {
namespace {

using texts = std::vector<std::string>;

civil_date date_of(const char* text) { return civil_date::parse(text).value(); }

class widener {
 public:
  widener(dice& d, policy_document& p) : d_(d), source_(d), p_(p) {}

  void run() {
    for (auto& g : p_.grants) grant(g);
    for (auto& r : p_.rules) rule(r);
    for (auto& b : p_.budgets) budget(b);
    for (auto& o : p_.overlays) overlay(o);
    for (auto& e : p_.entitlements) entitlement(e);
    for (auto& x : p_.discretion) discretion(x);
    for (auto& m : p_.measures) measure(m);
    for (auto& r : p_.roles) {
      for (auto& s : r.substitutes) {
        if (d_.chance(30)) s.when = source_.of("bool", 3);
      }
    }
    whole_policy();
  }

 private:
  expression condition() { return source_.with_amount(static_cast<int>(d_.between(1, 4))); }
  expression plain(const char* type) {
    return source_.of(type, static_cast<int>(d_.between(1, 3)));
  }
  void maybe_replace(expression& e, int percent) {
    if (!e.empty() && d_.chance(percent)) e = condition();
  }
  // A bound that is an expression may turn out negative, or not be there at all.
  void maybe_replace(std::optional<quantity>& q, const char* type, int percent) {
    if (q && d_.chance(percent)) q = quantity(plain(type));
  }

  void bounds(bound_set& b) {
    if (!b.of.empty()) return;
    for (auto* q : {&b.under, &b.up_to, &b.over, &b.at_least}) maybe_replace(*q, "money", 12);
  }

  // A bound of another quantity than the amount.
  void of_another(grant_definition& g) {
    static const std::vector<std::pair<const char*, texts>> kinds{
        {"int", {"2", "5"}},
        {"double", {"1.5", "3.0"}},
        {"ratio", {"ratio('50%')", "ratio('1/3')"}},
        {"duration", {"duration('90m')", "duration('3h')"}},
        {"date", {"date('2026-06-15')", "date('2026-03-01')"}},
        {"timestamp", {"timestamp('2026-06-15T12:00:00Z')", "contact.t2"}},
        {"money", {"money('25 USD')", "subject.m2"}}};
    const auto& [type, limits] = d_.pick(kinds);
    g.bounds = {.of = plain(type)};
    auto& bound = d_.chance(50)   ? g.bounds.up_to
                  : d_.chance(50) ? g.bounds.under
                                  : g.bounds.at_least;
    bound = quantity(expression(d_.pick(limits)));
    const bool whole = std::string_view(type) == "int" || std::string_view(type) == "ratio";
    if (whole && d_.chance(30)) g.bounds.over = quantity(std::int64_t{0});
    if (!g.window || g.amount || g.count) return;
    g.count = quantity(std::int64_t{2});
  }

  void grant(grant_definition& g) {
    maybe_replace(g.when, 40);
    maybe_replace(g.unless, 40);
    bounds(g.bounds);
    const bool no_amount = g.actions == std::vector<action_kind>{"exception"};
    if (d_.chance(12) && !narrowed(g.id)) of_another(g);
    if (!no_amount) maybe_replace(g.amount, "money", 15);
    maybe_replace(g.count, "int", 15);
  }
  bool narrowed(const rule_id& id) const {
    return std::ranges::any_of(p_.overlays, [&](const auto& o) {
      return std::ranges::any_of(o.narrow, [&](const auto& n) { return n.grant == id; });
    });
  }

  void rule(rule_definition& r) {
    maybe_replace(r.when, 50);
    maybe_replace(r.unless, 50);
    if (d_.chance(15)) r.then.push_back({.what = effect::kind::deny});
    if (d_.chance(10)) {
      r.then.push_back({.what = effect::kind::second_person, .roles = {"r1"}});
    }
  }

  void budget(budget_definition& b) {
    maybe_replace(b.when, 50);
    maybe_replace(b.amount, "money", 12);
    maybe_replace(b.count, "int", 12);
    if (d_.chance(20)) b.counts = d_.chance(50) ? budget_counts::goodwill : budget_counts::all;
    static const texts wheres{
        "entry.customer.id == 'c-1' && entry.kind in ['credit', 'refund']",
        "entry.at > timestamp('2026-05-01T00:00:00Z')",
        "tables.prices[entry.category] > money('1 USD')",
        "entry.amount * 2 >= money('50 USD') || entry.reversed",
        "entry.contact.reason.startsWith('late')",
        "entry.severity > 2",
    };
    if (d_.chance(20)) b.where = d_.pick(wheres);
  }

  void overlay(overlay_definition& o) {
    if (!o.applies.empty() && d_.chance(30)) o.applies = source_.of("bool", 2);
    for (auto& r : o.rules) rule(r);
    for (auto& b : o.budgets) budget(b);
    for (auto& n : o.narrow) {
      maybe_replace(n.when, 30);
      maybe_replace(n.unless, 30);
    }
  }

  void entitlement(entitlement_definition& e) {
    if (d_.chance(30)) e.when = source_.of("bool", 3);
    if (d_.chance(40)) e.due = plain("money");
    if (d_.chance(30)) e.required.push_back({.that = source_.of("bool", 2)});
    if (d_.chance(15)) e.minimum = quantity(plain("money"));
    if (d_.chance(15)) e.maximum = quantity(plain("money"));
  }

  void discretion(discretion_definition& x) {
    if (d_.chance(25)) x.when = condition();
    if (d_.chance(15)) x.up_to = quantity(plain("money"));
    maybe_replace(x.amount, "money", 15);
    maybe_replace(x.count, "int", 15);
  }

  void measure(measure_definition& m) {
    if (d_.chance(15)) m.actions = {"credit", "delay"};
    if (d_.chance(10)) m.kinds.emplace_back("elsewhere");
    if (d_.chance(10)) m.where = "entry.amount > money('10 USD') && entry.category != 'a'";
  }

  void whole_policy() {
    p_.facts.push_back({.name = "entry.severity", .type = "int", .default_value = value(3)});
    if (d_.chance(20)) {
      p_.facts.push_back(
          {.name = "agent.site", .type = "string", .default_value = value("denver")});
    }
    if (d_.chance(20)) {
      p_.facts.push_back({.name = "customer.segment", .type = "string", .optional = true});
    }
    if (d_.chance(10)) p_.effective_from = date_of(d_.chance(50) ? "2026-01-01" : "2026-06-15");
    if (d_.chance(10)) p_.effective_until = date_of(d_.chance(50) ? "2027-01-01" : "2026-06-16");
    if (d_.chance(1)) p_.suspended = true;
    if (d_.chance(30)) {
      const auto mode = static_cast<rounding>(d_.between(0, 6));
      for (auto& e : p_.entitlements) e.rounding = mode;
    }
    for (auto& a : p_.actions) {
      if (a.amount == amount_mode::fixed && !a.fixed.empty() && d_.chance(20)) {
        a.fixed = plain("money");
      }
    }
  }

  dice& d_;
  expression_source source_;
  policy_document& p_;
};

}  // namespace

generated random_policy(dice& d) {
  while (true) {
    generated out{engine_test::policy_source(d).document(), {}};
    add_world(out.document);
    if (d.chance(80)) widener(d, out.document).run();
    auto loaded = compile_policy(out.document);
    if (!loaded) continue;
    out.compiled.emplace(*std::move(loaded));
    return out;
  }
}

request random_request(dice& d) {
  auto r = engine_test::full_request(d);
  if (!d.chance(35)) r = engine_test::with_less(d, r);
  for (auto& [name, content] : random_facts(d, d.chance(50) ? 100 : 80)) {
    const bool subject = name.starts_with("subject.");
    auto& group = subject ? r.subject.attributes : r.contact.attributes;
    group.emplace(name.substr(8), content);
  }
  if (d.chance(5))
    r.as_of =
        instant::parse(d.chance(50) ? "2026-06-15T06:30:00Z" : "2026-12-31T23:59:59Z").value();
  if (d.chance(3)) r.note = " \t";
  if (d.chance(2)) r.agent.role = "stranger";
  if (d.chance(1)) r.action.kind = "unheard_of";
  if (d.chance(1)) r = engine_test::broken(d, std::move(r));
  if (r.history) {
    for (auto& e : *r.history) {
      if (d.chance(10)) e.attributes.emplace("severity", d.between(0, 5));
      if (d.chance(3)) e.kind = "elsewhere";
    }
  }
  for (auto& s : r.signoffs) {
    if (d.chance(10)) s.by = d.chance(50) ? r.agent.id : agent_id(" S-1 ");
    if (d.chance(3)) s.role = "stranger";
  }
  if (d.chance(5) && !r.signoffs.empty()) {
    auto bound = r;
    if (d.chance(30)) bound.contact.reason = "another";
    r.signoffs.front().request = request_digest(bound);
  }
  return r;
}

}  // namespace leeway::reference
