// SPDX-License-Identifier: Apache-2.0
#include "reference/cases.hpp"

#include "reference/smaller.hpp"

#include <algorithm>
#include <chrono>
#include <exception>
#include <functional>
#include <utility>

namespace leeway::reference {
namespace {

bool approves(const prepared& own, request r, const std::optional<money>& amount) {
  r.action.amount = amount;
  return decide(own, r).outcome == outcome::approve;
}

// An offer is approved, is less than proposed, and no sampled amount above it is approved.
std::string wrong_offer(const prepared& own, const request& r, const decision& d) {
  if (d.outcome == outcome::approve || !d.offer) return {};
  const auto& offered = d.offer->amount;
  if (offered && !approves(own, r, offered)) return "offered, and not approved: " + to_json(d);
  for (const auto& other : d.offer->alternatives) {
    auto instead = r;
    instead.action.kind = other.kind;
    if (!approves(own, instead, other.amount)) {
      return "alternative, and not approved: " + to_json(d);
    }
  }
  const auto* const action = own.action(r.action.kind);
  if (action == nullptr || action->amount != amount_mode::any || !d.amount) return {};
  const bool more_is_due = d.due && *d.amount < *d.due;
  if (more_is_due) return {};
  // Less than what is due is never offered.
  const auto low = std::max(offered ? offered->minor() + 1 : 1, d.due ? d.due->minor() : 0);
  const auto high = d.amount->minor() - 1;
  for (std::int64_t i = 0; i < 12 && low <= high; ++i) {
    const auto tried = i < 2 ? low + i : low + (high - low) / 11 * i;
    if (tried > high || !approves(own, r, money(tried, d.amount->cur()))) continue;
    return "approved above the offer: " + std::to_string(tried) + " " + to_json(d);
  }
  return {};
}

}  // namespace

std::string difference(const policy& p, const prepared& own, const request& r, bool offer) {
  const auto expected = decide(own, r);
  const auto d = p.decide(r, {.offer = offer});
  const auto found = core_of(d);
  if (expected != found) return "reference: " + to_text(expected) + "engine: " + to_text(found);
  return offer ? wrong_offer(own, r, d) : std::string{};
}

std::string to_lines(const differing& c) {
  return normal_form(c.document) + "\n" + to_json(c.asked) + "\n";
}

namespace {

using edit = std::function<void(differing&)>;

void add_quantity(std::optional<quantity>& q, std::vector<expression*>& out) {
  if (q && std::holds_alternative<expression>(*q)) out.push_back(&std::get<expression>(*q));
}

template <class Covering>
void add_covering(Covering& g, std::vector<expression*>& out) {
  out.push_back(&g.when), out.push_back(&g.unless), out.push_back(&g.bounds.of);
  for (auto* q : {&g.bounds.under, &g.bounds.up_to, &g.bounds.over, &g.bounds.at_least, &g.amount,
                  &g.count}) {
    add_quantity(*q, out);
  }
}

void add_rules(std::vector<rule_definition>& rules, std::vector<expression*>& out) {
  for (auto& r : rules) out.push_back(&r.when), out.push_back(&r.unless);
}

void add_budgets(std::vector<budget_definition>& budgets, std::vector<expression*>& out) {
  for (auto& b : budgets) {
    out.push_back(&b.when), out.push_back(&b.where);
    add_quantity(b.amount, out), add_quantity(b.count, out);
  }
}

std::vector<expression*> expressions_of(policy_document& p) {
  std::vector<expression*> out;
  for (auto& g : p.grants) add_covering(g, out);
  add_rules(p.rules, out);
  add_budgets(p.budgets, out);
  for (auto& m : p.measures) out.push_back(&m.where);
  for (auto& v : p.values) out.push_back(&v.definition);
  for (auto& a : p.actions) out.push_back(&a.fixed);
  for (auto& e : p.entitlements) {
    out.push_back(&e.when), out.push_back(&e.due);
    for (auto& r : e.required) out.push_back(&r.that);
    add_quantity(e.minimum, out), add_quantity(e.maximum, out);
  }
  for (auto& x : p.discretion) {
    out.push_back(&x.when);
    if (auto* up_to = std::get_if<expression>(&x.up_to)) out.push_back(up_to);
    add_quantity(x.amount, out), add_quantity(x.count, out);
  }
  for (auto& r : p.roles) {
    for (auto& s : r.substitutes) out.push_back(&s.when);
  }
  for (auto& o : p.overlays) {
    out.push_back(&o.applies);
    for (auto& n : o.narrow) add_covering(n, out);
    add_rules(o.rules, out);
    add_budgets(o.budgets, out);
    for (auto& v : o.values) out.push_back(&v.definition);
  }
  return out;
}

class shrinker {
 public:
  shrinker(differing from, bool offer) : best_(std::move(from)), offer_(offer) {}

  differing run() {
    while (round() && std::chrono::steady_clock::now() < until_) {
    }
    return best_;
  }

 private:
  bool differs(const differing& c) const {
    const auto loaded = compile_policy(c.document);
    if (!loaded) return false;
    try {
      return !difference(*loaded, prepare(c.document), c.asked, offer_).empty();
    } catch (const std::exception&) {
      return false;
    }
  }

  bool attempt(const edit& change) {
    differing smaller = best_;
    change(smaller);
    if (to_lines(smaller).size() >= to_lines(best_).size() || !differs(smaller)) return false;
    best_ = std::move(smaller);
    return true;
  }

  // Drops the items of a list one by one, from the end.
  template <class Of>
  bool drop(Of list_of) {
    bool any = false;
    for (std::size_t i = list_of(best_).size(); i-- > 0;) {
      any |= attempt([&](differing& c) {
        auto& list = list_of(c);
        if (i < list.size()) list.erase(std::next(list.begin(), static_cast<std::ptrdiff_t>(i)));
      });
    }
    return any;
  }

  bool entries() {
    bool any = drop([](differing& c) -> auto& { return c.document.overlays; });
    any |= drop([](differing& c) -> auto& { return c.document.rules; });
    any |= drop([](differing& c) -> auto& { return c.document.budgets; });
    any |= drop([](differing& c) -> auto& { return c.document.grants; });
    any |= drop([](differing& c) -> auto& { return c.document.entitlements; });
    any |= drop([](differing& c) -> auto& { return c.document.discretion; });
    any |= drop([](differing& c) -> auto& { return c.document.measures; });
    any |= drop([](differing& c) -> auto& { return c.document.roles; });
    any |= drop([](differing& c) -> auto& { return c.document.actions; });
    any |= drop([](differing& c) -> auto& { return c.document.values; });
    any |= drop([](differing& c) -> auto& { return c.document.tables; });
    any |= drop([](differing& c) -> auto& { return c.document.facts; });
    any |= drop([](differing& c) -> auto& { return c.document.calendar.holidays; });
    for (std::size_t i = 0; i < best_.document.overlays.size(); ++i) {
      any |= drop([i](differing& c) -> auto& { return c.document.overlays[i].rules; });
      any |= drop([i](differing& c) -> auto& { return c.document.overlays[i].budgets; });
      any |= drop([i](differing& c) -> auto& { return c.document.overlays[i].narrow; });
    }
    return any;
  }

  bool details() {
    bool any = false;
    for (std::size_t i = 0; i < best_.document.grants.size(); ++i) {
      auto of = [i](differing& c) -> auto& { return c.document.grants[i]; };
      any |= attempt([&](auto& c) { of(c).bounds = {}; });
      any |= attempt([&](auto& c) { of(c).certified.clear(); });
      any |= attempt([&](auto& c) { of(c).from.reset(), of(c).until.reset(); });
      any |= attempt([&](auto& c) {
        of(c).window.reset(), of(c).per.clear(), of(c).amount.reset(), of(c).count.reset();
      });
      any |= drop([&](differing& c) -> auto& { return of(c).to; });
      any |= drop([&](differing& c) -> auto& { return of(c).actions; });
      any |= drop([&](differing& c) -> auto& { return of(c).per; });
    }
    for (std::size_t i = 0; i < best_.document.rules.size(); ++i) {
      any |= drop([i](differing& c) -> auto& { return c.document.rules[i].then; });
      any |= drop([i](differing& c) -> auto& { return c.document.rules[i].actions; });
    }
    for (std::size_t i = 0; i < best_.document.roles.size(); ++i) {
      any |= drop([i](differing& c) -> auto& { return c.document.roles[i].substitutes; });
      any |= drop([i](differing& c) -> auto& { return c.document.roles[i].includes; });
      any |= drop([i](differing& c) -> auto& { return c.document.roles[i].escalate_to; });
    }
    for (std::size_t i = 0; i < best_.document.budgets.size(); ++i) {
      any |= drop([i](differing& c) -> auto& { return c.document.budgets[i].per; });
      any |= attempt([i](auto& c) { c.document.budgets[i].count.reset(); });
      any |= attempt([i](auto& c) { c.document.budgets[i].amount.reset(); });
    }
    for (std::size_t i = 0; i < best_.document.entitlements.size(); ++i) {
      any |= drop([i](differing& c) -> auto& { return c.document.entitlements[i].required; });
      any |= attempt([i](auto& c) { c.document.entitlements[i].minimum.reset(); });
      any |= attempt([i](auto& c) { c.document.entitlements[i].maximum.reset(); });
    }
    return any;
  }

  bool expressions() {
    bool any = false;
    for (std::size_t i = 0; i < expressions_of(best_.document).size(); ++i) {
      any |= attempt([&](differing& c) { expressions_of(c.document)[i]->clear(); });
      const auto text = *expressions_of(best_.document)[i];
      for (const auto& one : smaller(text)) {
        const bool done = attempt([&](differing& c) { *expressions_of(c.document)[i] = one; });
        any |= done;
        if (done || std::chrono::steady_clock::now() > until_) break;
      }
    }
    return any;
  }

  bool asked() {
    bool any = drop([](differing& c) -> auto& { return c.asked.signoffs; });
    if (best_.asked.history) {
      any |= drop([](differing& c) -> auto& { return *c.asked.history; });
    }
    any |= drop([](differing& c) -> auto& { return c.asked.usage; });
    any |= drop([](differing& c) -> auto& { return c.asked.contact.attributes; });
    any |= drop([](differing& c) -> auto& { return c.asked.subject.attributes; });
    any |= drop([](differing& c) -> auto& { return c.asked.action.attributes; });
    any |= drop([](differing& c) -> auto& { return c.asked.agent.roles; });
    any |= attempt([](differing& c) { c.asked.discretion = false; });
    any |= attempt([](differing& c) { c.asked.note.clear(); });
    any |= attempt([](differing& c) { c.asked.agent.team.reset(), c.asked.agent.site.reset(); });
    any |= attempt([](differing& c) { c.asked.history_since.reset(); });
    any |= attempt([](differing& c) { c.asked.as_of.reset(); });
    any |= attempt([](differing& c) {
      auto& x = c.asked.customer;
      x.since.reset(), x.segment.reset(), x.lifetime_value.reset(), x.flags.reset();
    });
    return any;
  }

  bool round() {
    bool any = entries();
    any |= details();
    any |= asked();
    any |= expressions();
    return any;
  }

  differing best_;
  bool offer_;
  std::chrono::steady_clock::time_point until_ =
      std::chrono::steady_clock::now() + std::chrono::seconds(40);
};

}  // namespace

differing shrunk(differing from, bool offer) { return shrinker(std::move(from), offer).run(); }

}  // namespace leeway::reference
