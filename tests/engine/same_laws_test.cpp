// SPDX-License-Identifier: Apache-2.0
// Decided again, in another way or from what was written, it is the same.
#include "engine/evaluate.hpp"
#include "engine/laws.hpp"
#include "policy/compiled.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

namespace leeway::engine_test {
namespace {

// ------------------------------------------------------------------------------ replay

TEST(Replay, IsExact) {
  for_all([](const policy& p, const sample& s) -> std::string {
    dice d(s.seed);
    const auto r = sometimes_less(d, s.asked);
    const auto record = to_record(r, p.decide(r));
    const auto again = replay_record(record, "record", [&](const digest& wanted) {
      return wanted == p.digest() ? &p : nullptr;
    });
    if (!again) return render(again.error()) + record;
    return again->exact ? "" : again->pointer + ": " + again->recorded + " <> " + again->replayed;
  });
}

TEST(Replay, OfARequestReadBackIsTheSame) {
  for_all([](const policy& p, const sample& s) -> std::string {
    dice d(s.seed);
    const auto r = sometimes_less(d, s.asked);
    const auto back = parse_request(to_json(r));
    if (!back) return render(back.error());
    if (to_json(*back) != to_json(r)) return to_json(*back) + "\n" + to_json(r);
    const auto first = p.decide(r);
    const auto second = p.decide(*back);
    return canonical_core(first) == canonical_core(second) ? "" : both_said("core", first, second);
  });
}

TEST(Replay, OfAPolicyReadBackIsTheSame) {
  for_all(
      [](const policy& p, const sample& s) -> std::string {
        const auto back = parse_policy(normal_form(s.document));
        if (!back) return render(back.error());
        if (back->digest() != p.digest()) return "another digest";
        const auto first = p.decide(s.asked);
        const auto second = back->decide(s.asked);
        return canonical_core(first) == canonical_core(second) ? ""
                                                               : both_said("core", first, second);
      },
      40);
}

// ------------------------------------------------------------------------------ in place

// The one decision of all samples, each of another policy.
decision& used_before() {
  static decision d;
  return d;
}

TEST(Deciding, IsTheSameInMemoryUsedBefore) {
  for_all(
      [](const policy& p, const sample& s) -> std::string {
        const auto used = p.usage_of(s.asked);
        const auto fresh = p.decide(s.asked, used);
        p.decide(s.asked, used, {}, used_before());
        return to_json(fresh) == to_json(used_before()) &&
                       canonical_core(fresh) == canonical_core(used_before())
                   ? std::string{}
                   : both_said("not the same", fresh, used_before());
      },
      60);
}

TEST(Deciding, WithoutReasonsComesToTheSame) {
  for_all(
      [](const policy& p, const sample& s) -> std::string {
        const auto used = p.usage_of(s.asked);
        for (const bool offer : {false, true}) {
          auto whole = p.decide(s.asked, used, {.offer = offer});
          const auto bare = p.decide(s.asked, used, {.offer = offer, .reasons = false});
          for (auto& n : whole.needs) n.rules.clear();
          const bool same =
              whole.outcome == bare.outcome && whole.next == bare.next &&
              whole.amount == bare.amount && whole.due == bare.due && whole.offer == bare.offer &&
              whole.basis == bare.basis && whole.ratification == bare.ratification &&
              whole.discretion == bare.discretion && whole.protection == bare.protection &&
              whole.obligations == bare.obligations;
          if (!same) return both_said("not the same", whole, bare);
          const bool asks = whole.outcome == outcome::escalate;
          if (asks && !(whole.needs == bare.needs)) return both_said("other needs", whole, bare);
          const bool denied = whole.outcome == outcome::deny;
          if (!denied && !(whole.limits == bare.limits)) return both_said("limits", whole, bare);
        }
        return {};
      },
      60);
}

// So many rules on one fact that an index is worth it.
policy with_rules_on_one_fact(policy_document of) {
  for (const auto& [name, type] :
       {std::pair("contact.reason", "string"), {"contact.late", "int"}}) {
    const bool there = std::ranges::find(of.facts, name, &fact_declaration::name) != of.facts.end();
    if (!there) of.facts.push_back({.name = name, .type = type});
  }
  const char* const reasons[] = {"late_fee", "weather", "late_fee", "outage", "weather",
                                 "strike",   "outage",  "late_fee", "strike", "weather"};
  for (std::size_t i = 0; i < std::size(reasons); ++i) {
    const auto id = "Y" + std::to_string(i);
    of.rules.push_back(
        {.id = rule_id(id),
         .when = std::string("contact.reason == '") + reasons[i] + "' && contact.late > " +
                 std::to_string(i),
         .then = {{.what = effect::kind::oblige, .obligation = {.id = "todo" + id}}}});
  }
  return compiled(of);
}

// Traced, every rule is asked; otherwise only those that the known facts do not rule out.
TEST(Deciding, LosesNothingByTheIndexOfRules) {
  for_all(
      [](const policy&, const sample& s) -> std::string {
        const auto p = with_rules_on_one_fact(s.document);
        const auto& by_action = p.impl().of_action;
        if (std::ranges::any_of(by_action, [](const auto& a) { return a.rule_buckets.empty(); })) {
          return "no index of rules";
        }
        const auto used = p.usage_of(s.asked);
        engine::trace seen;
        decision traced;
        engine::decide_traced(p.impl(), s.asked, used, {}, &seen, nullptr, traced);
        const auto plain = p.decide(s.asked, used);
        return canonical_core(plain) == canonical_core(traced)
                   ? std::string{}
                   : both_said("not the same", plain, traced);
      },
      60);
}

}  // namespace
}  // namespace leeway::engine_test
