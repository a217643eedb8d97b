// SPDX-License-Identifier: Apache-2.0
// The laws of the decision algebra, on random policies and requests.
#include "engine/laws.hpp"

#include "engine/needs.hpp"
#include "policy/compiled.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <tuple>

namespace leeway::engine_test {
namespace {

// Whether whatever satisfies the needs of `by` satisfies these.
bool at_most(const policy& p, const reusable_vector<need>& needs, const reusable_vector<need>& by) {
  return std::all_of(needs.begin(), needs.end(), [&](const need& n) {
    return std::any_of(by.begin(), by.end(),
                       [&](const need& other) { return engine::implied(p.impl(), n, other); });
  });
}

// ------------------------------------------------------------------------------ order

template <class... Lists>
void shuffle_all(dice& d, Lists&... lists) {
  (d.shuffle(lists), ...);
}

policy_document shuffled(dice& d, policy_document p) {
  shuffle_all(d, p.facts, p.values, p.tables, p.roles, p.actions, p.grants, p.measures, p.budgets,
              p.rules, p.entitlements, p.discretion);
  for (auto& f : p.facts) d.shuffle(f.one_of);
  for (auto& r : p.roles) shuffle_all(d, r.includes, r.escalate_to, r.substitutes);
  for (auto& g : p.grants) shuffle_all(d, g.to, g.actions, g.certified, g.per);
  for (auto& m : p.measures) shuffle_all(d, m.kinds, m.per);
  for (auto& b : p.budgets) shuffle_all(d, b.actions, b.per, b.beyond_escalate);
  for (auto& r : p.rules) {
    shuffle_all(d, r.actions, r.then);
    for (auto& e : r.then) d.shuffle(e.roles);
  }
  for (auto& e : p.entitlements) shuffle_all(d, e.actions, e.required, e.above_escalate);
  for (auto& x : p.discretion) shuffle_all(d, x.to, x.actions, x.per);
  d.shuffle(p.overlays);
  for (auto& o : p.overlays) {
    shuffle_all(d, o.facts, o.values, o.tables, o.measures, o.narrow, o.rules, o.budgets);
    for (auto& n : o.narrow) d.shuffle(n.certified);
  }
  return p;
}

TEST(Order, OfAPolicyNeverMatters) {
  for_all([](const policy& p, const sample& s) -> std::string {
    dice d(s.seed);
    const auto other = compiled(shuffled(d, s.document));
    if (other.digest() != p.digest()) return "another digest";
    const auto r = sometimes_less(d, s.asked);
    const auto first = p.decide(r);
    const auto second = other.decide(r);
    if (canonical_core(first) != canonical_core(second)) return both_said("core", first, second);
    return to_json(first) == to_json(second) ? "" : to_json(first) + "\n" + to_json(second);
  });
}

TEST(Order, OfARequestsListsNeverMatters) {
  for_all(
      [](const policy& p, const sample& s) -> std::string {
        dice d(s.seed);
        auto r = s.asked;
        shuffle_all(d, *r.history, r.signoffs, *r.agent.certifications, *r.customer.flags);
        const auto first = p.decide(s.asked);
        const auto second = p.decide(r);
        return canonical_core(first) == canonical_core(second) ? ""
                                                               : both_said("core", first, second);
      },
      60);
}

// ------------------------------------------------------------------------------ tightening

std::string tightens(const policy& p, const sample& s, const policy_document& more) {
  dice d(s.seed + 1);
  const auto r = sometimes_less(d, s.asked);
  const auto before = p.decide(r);
  const auto tighter = compiled(more);
  const auto after = tighter.decide(r);
  if (rank(after) < rank(before)) return both_said("more permissive", before, after);
  const bool compare = r.signoffs.empty() && after.outcome == outcome::escalate;
  if (compare && !at_most(tighter, before.needs, after.needs)) {
    return both_said("needs something less", before, after);
  }
  return {};
}

law adding_a_rule(effect::kind what) {
  return [what](const policy& p, const sample& s) {
    dice d(s.seed);
    auto more = s.document;
    policy_source source(d);
    more.rules.push_back(source.rule("Z", what));
    return tightens(p, s, more);
  };
}

law adding_a_budget(bool hard) {
  return [hard](const policy& p, const sample& s) {
    dice d(s.seed);
    auto more = s.document;
    more.budgets.push_back(policy_source(d).budget("Z", hard));
    return tightens(p, s, more);
  };
}

TEST(Adding, ADenyRuleNeverPermitsMore) { for_all(adding_a_rule(effect::kind::deny)); }
TEST(Adding, AnEscalateRuleNeverPermitsMore) { for_all(adding_a_rule(effect::kind::escalate)); }
TEST(Adding, ASecondPersonRuleNeverPermitsMore) {
  for_all(adding_a_rule(effect::kind::second_person));
}
TEST(Adding, AnObligationChangesNoOutcome) {
  for_all(
      [](const policy& p, const sample& s) -> std::string {
        dice d(s.seed);
        auto more = s.document;
        more.rules.push_back(policy_source(d).rule("Z", effect::kind::oblige));
        const auto before = p.decide(s.asked);
        const auto after = compiled(more).decide(s.asked);
        return rank(before) == rank(after) && before.needs == after.needs
                   ? ""
                   : both_said("another outcome", before, after);
      },
      60);
}
TEST(Adding, AHardBudgetNeverPermitsMore) { for_all(adding_a_budget(true)); }
TEST(Adding, ASoftBudgetNeverPermitsMore) { for_all(adding_a_budget(false)); }

// ------------------------------------------------------------------------------ knowing more

std::string stays(const decision& less, const decision& more) {
  if (less.outcome == outcome::escalate || less.outcome == more.outcome) return {};
  return both_said("it did not stay", less, more);
}

TEST(KnowingMore, LeavesApproveAndDeny) {
  for_all(
      [](const policy& p, const sample& s) -> std::string {
        dice d(s.seed);
        const auto less = p.decide(with_less(d, s.asked));
        return stays(less, p.decide(s.asked));
      },
      160);
}

TEST(KnowingMore, StepByStepLeavesApproveAndDeny) {
  for_all(
      [](const policy& p, const sample& s) -> std::string {
        dice d(s.seed);
        const auto some = with_less(d, s.asked);
        const auto least = with_less(d, some);
        return stays(p.decide(least), p.decide(some));
      },
      160);
}

TEST(KnowingMore, FromNothingAtAllLeavesApproveAndDeny) {
  for_all([](const policy& p, const sample& s) -> std::string {
    dice d(s.seed);
    const auto nothing = p.decide(with_less(d, s.asked, true));
    if (auto why = stays(nothing, p.decide(s.asked)); !why.empty()) return why;
    return stays(nothing, p.decide(with_less(d, s.asked)));
  });
}

TEST(KnowingMore, OfUsageLeavesApproveAndDeny) {
  for_all(
      [](const policy& p, const sample& s) -> std::string {
        dice d(s.seed);
        const auto all = p.usage_of(s.asked);
        usage some;
        for (const auto& [id, v] : all.values()) {
          if (d.chance(30)) continue;
          auto known = v;
          if (d.chance(30)) {  // a lower bound
            known.at_least = true;
            if (known.amount) known.amount = money(known.amount->minor() / 2, known.amount->cur());
            if (known.count) known.count = *known.count / 2;
            known.last_at.reset();
          }
          some.set(id, known);
        }
        return stays(p.decide(s.asked, some), p.decide(s.asked, all));
      },
      120);
}

// ------------------------------------------------------------------------------ total

TEST(Deciding, IsTotalAndDeterministic) {
  for_all([](const policy& p, const sample& s) -> std::string {
    dice d(s.seed);
    const auto r = with_less(d, s.asked);
    for (const auto& used : {usage::unknown(), usage::empty(), p.usage_of(r)}) {
      const auto first = p.decide(r, used);
      if (canonical_core(first) != canonical_core(p.decide(r, used))) return "another answer";
      if (to_json(first).empty()) return "no text";
      for (const auto& f : first.findings) (void)text(f);
    }
    return {};
  });
}

TEST(Deciding, NeverApprovesABrokenRequest) {
  for_all([](const policy& p, const sample& s) -> std::string {
    dice d(s.seed);
    const auto r = broken(d, sometimes_less(d, s.asked));
    const auto out = p.decide(r);
    if (out.outcome != outcome::deny) return said("not denied", out);
    for (const auto& used : {usage::unknown(), usage::empty()}) {
      if (p.decide(r, used).outcome != outcome::deny) return "not denied";
    }
    return p.check(r).has_errors() ? "" : "check finds nothing";
  });
}

TEST(Deciding, IsTheJoinOfItsFindings) {
  for_all(
      [](const policy& p, const sample& s) -> std::string {
        dice d(s.seed);
        const auto out = p.decide(sometimes_less(d, s.asked));
        auto join = outcome::approve;
        for (const auto& f : out.findings) {
          if (!f.lifted) join = std::max(join, f.outcome);
          if (f.lifted && f.outcome != outcome::approve) return said("lifted and not", out);
          if (f.outcome == outcome::escalate && f.needs.empty()) return said("needs nothing", out);
        }
        if (join != out.outcome) return said("not the join", out);
        if ((out.outcome == outcome::escalate) == out.needs.empty()) return said("needs", out);
        for (const auto& n : out.needs) {
          const bool of_role = n.what == need::kind::approval;
          if (of_role ? n.any_of.empty() : n.fact.empty()) return said("an empty need", out);
          if (n.rules.empty() && of_role && out.findings.empty()) return said("needs", out);
        }
        return {};
      },
      120);
}

TEST(Deciding, ApprovesNothingOnUnknownUsageThatABudgetCaps) {
  for_all(
      [](const policy& p, const sample& s) -> std::string {
        const auto out = p.decide(s.asked, usage::unknown());
        if (out.outcome != outcome::approve) return {};
        for (const auto& f : out.findings) {
          // What adds nothing to a budget needs no figure.
          if (f.code == reason_code::within_budget && f.actual) {
            return said("within what is not known", out);
          }
        }
        return {};
      },
      60);
}

// ------------------------------------------------------------------------------ the join

need random_need(dice& d) {
  need n;
  static const std::vector<role_id> roles{"r0", "r1", "r2", "r3", "r4"};
  static const std::vector<std::string> facts{"contact.late", "contact.ok", "customer.id"};
  static const std::vector<rule_id> rules{"R0", "R1", "B0"};
  n.rules = d.some(rules, 1, 2);
  if (d.chance(20)) {
    n.what = need::kind::fact;
    n.fact = d.pick(facts);
    return n;
  }
  n.any_of = d.some(roles, 1, 3);
  n.distinct = d.chance(30);
  return n;
}

reusable_vector<need> joined(const policy& p, reusable_vector<need> a,
                             const reusable_vector<need>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return engine::joined(p.impl(), std::move(a));
}

// What a set of needs asks for, whoever asks.
auto asked_of(const reusable_vector<need>& needs) {
  std::set<std::tuple<need::kind, std::vector<role_id>, bool, std::string>> out;
  for (const auto& n : needs) out.emplace(n.what, n.any_of, n.distinct, n.fact);
  return out;
}

TEST(JoinOfNeeds, IsASemilattice) {
  for_all(
      [](const policy& p, const sample& s) -> std::string {
        dice d(s.seed);
        auto set = [&] {
          reusable_vector<need> out;
          for (auto i = d.between(0, 4); i > 0; --i) out.push_back(random_need(d));
          return engine::joined(p.impl(), out);
        };
        for (int i = 0; i < 20; ++i) {
          const auto a = set(), b = set(), c = set();
          if (asked_of(joined(p, a, a)) != asked_of(a)) return "not idempotent";
          if (asked_of(joined(p, a, b)) != asked_of(joined(p, b, a))) return "not commutative";
          if (asked_of(joined(p, joined(p, a, b), c)) != asked_of(joined(p, a, joined(p, b, c)))) {
            return "not associative";
          }
          if (!at_most(p, a, joined(p, a, b))) return "not an upper bound";
        }
        return {};
      },
      60);
}

// ------------------------------------------------------------------------------ widening

// A grant that is unknown makes an unknown of a denial, which discretion may lift no more.
request without_discretion(request r) {
  r.discretion = false;
  return r;
}

TEST(Widening, ByAGrantNeverPermitsLess) {
  for_all(
      [](const policy& p, const sample& s) -> std::string {
        dice d(s.seed);
        auto more = s.document;
        more.grants.push_back(policy_source(d).grant("Z"));
        const auto r = without_discretion(sometimes_less(d, s.asked));
        const auto first = p.decide(r);
        const auto second = compiled(more).decide(r);
        return rank(second) <= rank(first) ? "" : both_said("less permissive", first, second);
      },
      120);
}

TEST(Widening, ByAHigherBoundNeverPermitsLess) {
  for_all([](const policy& p, const sample& s) -> std::string {
    dice d(s.seed);
    auto more = s.document;
    for (auto& g : more.grants) {
      for (auto* q : {&g.bounds.under, &g.bounds.up_to}) {
        if (!*q) continue;
        if (auto* m = std::get_if<money>(&**q)) {
          *m = money(m->minor() + d.between(1, 3000), m->cur());
        }
        if (auto* n = std::get_if<std::int64_t>(&**q)) ++*n;
      }
    }
    const auto r = without_discretion(sometimes_less(d, s.asked));
    const auto first = p.decide(r);
    const auto second = compiled(more).decide(r);
    return rank(second) <= rank(first) ? "" : both_said("less permissive", first, second);
  });
}

}  // namespace
}  // namespace leeway::engine_test
