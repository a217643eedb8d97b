// SPDX-License-Identifier: Apache-2.0
// Overlays by example: what they narrow, what they say, and what is wrong with them.
#include "engine/support.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace leeway {
namespace {

using namespace engine_test;

const policy& base() {
  static const policy p = policy_of(R"(
    "facts": {"contact.minutes_late": "int", "contact.ok": "bool",
              "customer.race": {"type": "string", "protected": true}},
    "roles": [{"id": "agent", "escalate_to": ["lead"]}, {"id": "lead", "includes": ["agent"]}],
    "actions": [{"id": "waiver"}, {"id": "exception", "amount": "none"}],
    "grants": [
      {"id": "G1", "to": "agent", "for": "waiver", "up_to": "50 USD",
       "because": "fifty", "source": "2"},
      {"id": "G2", "to": "agent", "for": "exception", "of": "contact.minutes_late", "up_to": 30},
      {"id": "G3", "to": "lead", "for": "waiver", "up_to": "200 USD"}],
    "discretion": [{"id": "D1", "to": "agent", "for": "waiver", "up_to": "100 USD",
      "per": ["agent.id"],
      "window": "P30D", "amount": "200 USD"}])");
  return p;
}

std::string text_of(const std::string& members) {
  return R"({"format": "leeway-overlay/1", "id": "o", "version": "1", "for": "p", )" + members +
         "}";
}

policy with(const std::string& members) {
  auto o = parse_overlay(text_of(members));
  if (!o) throw std::runtime_error(render(o.error()));
  auto p = with_overlays(base(), {*o});
  if (!p) throw std::runtime_error(render(p.error()));
  return *std::move(p);
}

// The codes of what is wrong, each with its line and column.
std::string wrong(const std::string& members) {
  auto o = parse_overlay(text_of(members), "o.json");
  auto p = o ? with_overlays(base(), {*o}) : result<policy, diagnostics>(fail(o.error()));
  if (p) return "nothing";
  std::string out;
  for (const auto& one : p.error()) {
    out += (out.empty() ? "" : " ") + one.code;
    EXPECT_EQ(one.file, "o.json") << one.message;
    EXPECT_GT(one.place.line, 0U) << one.message;
  }
  return out;
}

request at_site(request r, const char* site) {
  r.agent.site = site;
  return r;
}

const std::string half =
    R"("applies": "agent.site == 'manila'", "narrow": [{"grant": "G1", "up_to": "25 USD",
       "because": "half", "source": "annex 1"}])";

TEST(Overlay_narrows, AGrantWhereItApplies) {
  const policy p = with(half);
  const auto d = p.decide(at_site(ask("waiver", usd(40)), "manila"));
  EXPECT_EQ(answer(d), "escalate lead");
  const auto* f = find(d, reason_code::over_limit);
  ASSERT_NE(f, nullptr);
  EXPECT_EQ(f->rule, rule_id("G1"));
  EXPECT_EQ(f->overlay, rule_id("o"));
  EXPECT_EQ(f->because, "half");
  EXPECT_EQ(f->source, "annex 1");
  EXPECT_EQ(f->bound->to_string(), "25.00 USD");
  EXPECT_EQ(d.offer->amount, usd(25));
  EXPECT_NE(to_json(d).find(R"("overlay":"o")"), std::string::npos);
  EXPECT_EQ(answer(p.decide(at_site(ask("waiver", usd(40)), "denver"))), "approve");
}

TEST(Overlay_narrows, ToTheLowerOfTwoLimitsThatAreBothExceeded) {
  const auto d = with(half).decide(at_site(ask("waiver", usd(70)), "manila"));
  EXPECT_EQ(find(d, reason_code::over_limit)->bound->to_string(), "25.00 USD");
}

TEST(Overlay_narrows, NothingForCertainWhereItIsNotKnownWhetherItApplies) {
  const policy p = with(half);
  EXPECT_EQ(answer(p.decide(ask("waiver", usd(40)))), "escalate fact agent.site");
  EXPECT_EQ(answer(p.decide(ask("waiver", usd(20)))), "approve") << "within both";
}

TEST(Overlay_narrows, TheQuantityThatTheGrantBounds) {
  const policy p = with(R"("narrow": [{"grant": "G2", "under": 11}])");
  EXPECT_EQ(answer(p.decide(with_fact(ask("exception", {}), "minutes_late", 10))), "approve");
  EXPECT_EQ(p.decide(with_fact(ask("exception", {}), "minutes_late", 11)).outcome, outcome::deny);
}

TEST(Overlay_narrows, OnlyWhileItIsInForce) {
  const policy p = with(half + R"(, "effective": {"from": "2026-07-01", "until": null})");
  EXPECT_EQ(answer(p.decide(at_site(ask("waiver", usd(40)), "manila"))), "approve");
  auto later = at_site(ask("waiver", usd(40)), "manila");
  later.at = at("2026-07-01T00:00:00Z");
  EXPECT_EQ(answer(p.decide(later)), "escalate lead");
}

TEST(Overlay_tightens, EvenWhereDiscretionLiftsWhatItAdds) {
  // The base does not know, and discretion lifts no unknown: an overlay that knows "no" must not
  // open the door.
  const policy unsure = policy_of(R"("facts": {"contact.ok": "bool"},
    "roles": [{"id": "agent"}], "actions": [{"id": "waiver"}],
    "grants": [{"id": "G1", "to": "agent", "for": "waiver", "when": "contact.ok"},
               {"id": "G2", "to": "agent", "for": "waiver", "up_to": "10 USD"}],
    "discretion": [{"id": "D1", "to": "agent", "for": "waiver", "up_to": "100 USD",
      "per": [], "window": "P30D", "amount": "200 USD"}])");
  const auto none = parse_overlay(text_of(R"("narrow": [{"grant": "G1", "under": "1 USD"}])"));
  const auto narrowed = with_overlays(unsure, {*none});
  ASSERT_TRUE(narrowed);
  auto r = ask("waiver", usd(40));
  r.discretion = true;
  r.note = "our fault";
  EXPECT_EQ(answer(unsure.decide(r)), "escalate fact contact.ok");
  EXPECT_EQ(answer(narrowed->decide(r)), "escalate fact contact.ok");
}

TEST(Overlay_adds, RulesAndBudgetsThatNameIt) {
  const policy p = with(R"("applies": "agent.site == 'manila'",
    "facts": {"contact.partner_code": "string"},
    "rules": [{"id": "O1", "when": "contact.partner_code == 'x'", "then": "deny"}],
    "budgets": [{"id": "O2", "for": ["*"], "per": ["agent.id"], "window": "P1D", "count": 1,
                 "beyond": "deny"}])");
  auto r = at_site(ask("waiver", usd(5)), "manila");
  EXPECT_EQ(answer(p.decide(r)), "escalate fact contact.partner_code");
  r = with_fact(r, "partner_code", "x");
  EXPECT_EQ(find(p.decide(r), reason_code::rule_denies)->overlay, rule_id("o"));
  r = with_fact(after(r, {entry("waiver", usd(1), "2026-06-15T11:00:00Z")}), "partner_code", "y");
  EXPECT_EQ(find(p.decide(r), reason_code::over_budget)->overlay, rule_id("o"));
  EXPECT_EQ(answer(p.decide(at_site(r, "denver"))), "approve");
}

TEST(Overlay_is_refused, WithAPlaceInItsOwnFile) {
  EXPECT_EQ(wrong(R"("narrow": [{"grant": "G9", "up_to": "25 USD"}])"), "unknown_grant");
  EXPECT_EQ(wrong(R"("narrow": [{"grant": "G1"}])"), "narrows_nothing");
  EXPECT_EQ(wrong(R"("narrow": [{"grant": "G1", "up_to": 25}])"), "type_mismatch");
  EXPECT_EQ(wrong(R"("narrow": [{"grant": "G1", "up_to": "25 EUR"}])"), "wrong_currency");
  EXPECT_EQ(
      wrong(R"("narrow": [{"grant": "G1", "under": "2 USD"}, {"grant": "G1", "when": "true"}])"),
      "duplicate_id");
  EXPECT_EQ(wrong(R"("rules": [{"id": "G1", "then": "deny"}])"), "duplicate_id");
  EXPECT_EQ(wrong(R"("facts": {"contact.ok": {"type": "bool", "default": true}})"), "duplicate_id");
  EXPECT_EQ(wrong(R"("facts": {"contact.reason": {"type": "string", "default": "x"}})"),
            "duplicate_id");
  EXPECT_EQ(wrong(R"("applies": "action.amount > money('5 USD') ")"), "reads_amount");
  EXPECT_EQ(wrong(R"("applies": "agent.sight == 'x'")"), "unknown_name");
  EXPECT_EQ(wrong(R"("grants": [])"), "unknown_key");
  EXPECT_EQ(wrong(R"("effective": {"from": "2026-02-01", "until": "2026-01-01"})"), "empty_dates");
}

TEST(Overlay_is_refused, ForAnotherPolicyAndTwiceWithOneId) {
  const auto other = parse_overlay(
      R"({"format": "leeway-overlay/1", "id": "o", "version": "1", "for": "q"})", "o.json");
  const auto refused = with_overlays(base(), {*other});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().front().code, "other_policy");
  EXPECT_EQ(refused.error().front().pointer, "/for");
  const auto one = parse_overlay(text_of(half));
  EXPECT_TRUE(with_overlays(base(), {*one, *one}).error().contains("duplicate_id"));
}

TEST(Overlay_names, AreReadByItAlone) {
  const auto inside = parse_policy(R"({"format": "leeway-policy/1", "id": "p", "version": "1",
    "currency": "USD", "roles": [{"id": "agent"}], "actions": [{"id": "waiver"}],
    "grants": [{"id": "G1", "to": "agent", "for": "waiver", "when": "contact.code == 1"}],
    "overlays": [{"id": "o", "version": "1", "facts": {"contact.code": "int"}}]})");
  ASSERT_FALSE(inside);
  EXPECT_TRUE(inside.error().contains("name_of_overlay"));
}

TEST(Overlay_in_force, IsInTheDigestAndInTheNormalForm) {
  const policy p = with(half);
  EXPECT_NE(p.digest(), base().digest());
  const auto back = parse_policy(normal_form(p.document()));
  ASSERT_TRUE(back) << render(back.error());
  EXPECT_EQ(back->digest(), p.digest());
}

// ------------------------------------------------------------------------------ protected facts

std::string refusal(const std::string& members) {
  const auto p = parse_policy(R"({"format": "leeway-policy/1", "id": "p", "version": "1",
    "currency": "USD", "facts": {"customer.race": {"type": "string", "protected": true},
      "customer.traits": {"type": "map<string, string>", "protected": true},
      "subject.group.faith": {"type": "string", "protected": true},
      "customer.segment": {"type": "string", "protected": true}},
    "roles": [{"id": "agent"}],
    "actions": [{"id": "waiver"}, {"id": "fee", "amount": "fixed"}], )" +
                              members + "}");
  if (p) return "nothing";
  std::string out;
  for (const auto& one : p.error()) out += (out.empty() ? "" : " ") + one.code;
  return out;
}

std::string granted(const std::string& more) {
  return refusal(R"("grants": [{"id": "G1", "to": "agent", "for": "waiver", "up_to": "5 USD"}], )" +
                 more);
}

const char* const of_totals = R"(
  "roles": [{"id": "agent", "escalate_to": ["lead"]}, {"id": "lead"}],
  "actions": [{"id": "waiver"}],
  "grants": [
    {"id": "G1", "to": "agent", "for": "waiver", "up_to": "30 USD", "per": ["contact.id"],
     "window": "lifetime"},
    {"id": "G2", "to": "lead", "for": "waiver", "up_to": "50 USD", "per": ["contact.id"],
     "window": "lifetime", "amount": "300 USD"}],
  "overlays": [{"id": "o", "version": "1", "narrow": [
    {"grant": "G1", "up_to": "20 USD"},
    {"grant": "G2", "amount": "100 USD", "count": 2}]}])";

decision after(const policy& p, const char* role, std::int64_t now, std::int64_t before) {
  auto r = ask("waiver", usd(now));
  r.agent.role = role_id(role);
  usage used = usage::empty();
  used.set("G1", {.amount = usd(before), .count = 1});
  used.set("G2", {.amount = usd(before), .count = before > 80 ? 2 : 1});
  return p.decide(r, used);
}

TEST(A_narrowing, BoundsTheTotalWhereTheUpperBoundOfItsGrantIsTheTotal) {
  const policy p = policy_of(of_totals);
  EXPECT_EQ(after(p, "agent", 10, 10).outcome, outcome::approve);
  const auto d = after(p, "agent", 11, 10);
  EXPECT_EQ(d.outcome, outcome::escalate);
  ASSERT_TRUE(d.offer);
  EXPECT_EQ(d.offer->amount, usd(10));
}

TEST(A_narrowing, MayNarrowATotalThatItsGrantNames) {
  const policy p = policy_of(of_totals);
  EXPECT_EQ(after(p, "lead", 50, 50).outcome, outcome::approve);
  EXPECT_NE(after(p, "lead", 50, 51).outcome, outcome::approve);
  EXPECT_NE(after(p, "lead", 1, 81).outcome, outcome::approve) << "twice is all";
}

TEST(A_narrowing, NarrowsNoTotalWhereThereIsNone) {
  EXPECT_EQ(wrong(R"("narrow": [{"grant": "G1", "amount": "5 USD"}])"), "total_missing");
}

TEST(Protected_facts, AreReadByNoConditionOnAnyPath) {
  const std::string no = "protected_attribute";
  for (const char* read :
       {"customer.race == 'x'", "customer.traits['a'] == 'x'", "'a' in customer.traits",
        "customer.segment == 'gold'", "subject.group.faith == 'x'", "has(customer.race)",
        "['x'].exists(v, v == customer.race)", "tables.t[customer.race] == 'y'",
        "customer.race in ['x']", "true ? true : customer.race == 'x'"}) {
    const std::string q = '"' + std::string(read) + '"';
    const std::string table = R"("tables": {"t": {"x": "y"}}, )";
    const auto refused = [&](const std::string& members) {
      const std::string found = granted(table + members);
      EXPECT_NE(found.find(no), std::string::npos) << members << ": " << found;
    };
    refused(R"("rules": [{"id": "R1", "when": )" + q + R"(, "then": "deny"}])");
    refused(R"("rules": [{"id": "R1", "unless": )" + q + R"(, "then": "deny"}])");
    refused(R"("values": {"v": )" + q + "}");
    refused(R"("budgets": [{"id": "B1", "for": "*", "per": [], "window": "P1D", "count": 1,
               "beyond": "deny", "when": )" +
            q + "}]");
    const std::string owed = R"j("entitlements": [{"id": "E1", "for": "waiver",
      "due": "money('5 USD')", )j";
    refused(std::string(owed).append(R"("when": )").append(q).append("}]"));
    refused(std::string(owed).append(R"("requires": [{"that": )").append(q).append("}]}]"));
    refused(R"("discretion": [{"id": "D1", "to": "agent", "for": "*", "up_to": "5 USD", "per": [],
      "window": "P1D", "count": 1, "when": )" +
            q + "}]");
    refused(R"("overlays": [{"id": "o", "version": "1", "applies": )" + q + "}]");
    refused(R"("overlays": [{"id": "o", "version": "1", "narrow": [{"grant": "G1", "when": )" + q +
            "}]}]");
    refused(R"("overlays": [{"id": "o", "version": "1", "rules": [{"id": "R1", "then": "deny",
               "when": )" +
            q + "}]}]");
  }
}

TEST(Protected_facts, BoundNothingAndAreCountedByNothing) {
  EXPECT_EQ(
      granted(R"("budgets": [{"id": "B1", "for": "*", "per": ["customer.race"], "window": "P1D",
    "count": 1, "beyond": "deny"}])"),
      "protected_fact");
  EXPECT_EQ(granted(R"("measures": [{"id": "m", "kinds": "*", "per": ["customer.segment"],
    "window": "P1D"}])"),
            "protected_fact");
  EXPECT_EQ(granted(R"("discretion": [{"id": "D1", "to": "agent", "for": "*", "up_to": "5 USD",
    "per": ["subject.group.faith"], "window": "P1D", "count": 1}])"),
            "protected_fact");
  EXPECT_EQ(refusal(R"("grants": [{"id": "G1", "to": "agent", "for": "waiver", "up_to": "5 USD",
    "window": "P1D", "per": ["customer.race"]}])"),
            "protected_fact");
  EXPECT_EQ(granted(R"("overlays": [{"id": "o", "version": "1", "budgets": [{"id": "B1", "for": "*",
    "per": ["customer.race"], "window": "P1D", "count": 1, "beyond": "deny"}]}])"),
            "protected_fact");
}

TEST(Protected_facts, AreNotReadThroughHistory) {
  for (const char* name :
       {"entry.customer.race", "entry.customer.segment", "entry.subject.group.faith"}) {
    const std::string found = granted(R"("measures": [{"id": "m", "kinds": "*", "per": [],
      "window": "P1D", "where": ")" + std::string(name) +
                                      R"( == 'x'"}])");
    EXPECT_NE(found.find("protected_attribute"), std::string::npos) << name << ": " << found;
  }
}

TEST(Protected_facts, AreNotTheHandleOfWhatIsBelowThem) {
  EXPECT_EQ(refusal(R"("grants": [{"id": "G1", "to": "agent", "for": "waiver",
    "when": "customer.traits.a == 'x'"}])")
                .find("nothing"),
            std::string::npos);
  EXPECT_EQ(refusal(R"("grants": [{"id": "G1", "to": "agent", "for": "waiver",
    "when": "subject.group == subject.group"}])")
                .find("nothing"),
            std::string::npos);
}

TEST(Protected_facts, ChangeNoDecisionAndStandInNoExplanation) {
  const policy& p = base();
  auto r = ask("waiver", usd(60));
  const auto without = p.decide(r);
  r.customer.attributes.insert_or_assign("race", value("a-telling-value"));
  const auto with_it = p.decide(r);
  EXPECT_EQ(canonical_core(without), canonical_core(with_it));
  EXPECT_EQ(to_json(with_it).find("a-telling-value"), std::string::npos);
  EXPECT_EQ(canonical_core(with_it).find("a-telling-value"), std::string::npos);
}

TEST(Protected_facts, EnterNoHistoryEntry) {
  const policy& p = base();
  auto r = ask("waiver", usd(5));
  r.customer.attributes.insert_or_assign("race", value("a-telling-value"));
  const auto e = p.entry_of(r, p.decide(r));
  EXPECT_FALSE(e.keys.contains("customer.race"));
}

// ------------------------------------------------------------------------------ lints

std::string lints_of(const policy& p) {
  std::string out;
  for (const diagnostic& one : p.warnings()) {
    if (one.code != "lint_no_source") out += one.code + " " + one.pointer + "\n";
  }
  return out;
}

TEST(Overlay_is_linted, NothingOfThePolicyGivesWayToWhatOnlySpeaksForSome) {
  const auto p = policy_of(R"(
    "facts": {"contact.late": "bool"},
    "roles": [{"id": "agent"}], "actions": [{"id": "waiver"}],
    "grants": [{"id": "G1", "to": "agent", "for": "waiver", "up_to": "50 USD"},
               {"id": "G2", "to": "agent", "for": "waiver", "up_to": "40 USD",
                 "when": "contact.late"}],
    "rules": [{"id": "R1", "when": "contact.late", "then": "deny"}],
    "budgets": [{"id": "B1", "for": ["waiver"], "per": ["contact.id"], "window": "lifetime",
                 "amount": "90 USD", "beyond": "deny"}])");
  const auto o = parse_overlay(text_of(R"(
    "applies": "agent.site == 'x'", "narrow": [{"grant": "G1", "under": "20 USD"}],
    "rules": [{"id": "O1", "then": "deny"}],
    "budgets": [{"id": "O2", "for": ["waiver"], "per": ["contact.id"], "window": "lifetime",
                 "amount": "30 USD", "beyond": "deny"}])"));
  ASSERT_TRUE(o) << render(o.error());
  policy_document document = p.document();
  document.overlays.push_back(o->definition());
  const auto both = compile_policy(document);
  ASSERT_TRUE(both) << render(both.error());
  EXPECT_EQ(lints_of(p), "lint_redundant_grant /grants/1/id\n");
  EXPECT_EQ(lints_of(*both), "") << "an overlay narrows what covered the other";
}

TEST(Overlay_is_linted, WhatItDeclaresAndNobodyReadsIsToldInItsOwnFile) {
  const auto o = parse_overlay(text_of(R"("facts": {"contact.odd": "int"}, "values": {"v": "1"},
                 "rules": [{"id": "O1", "when": "agent.site == 'x'", "then": "deny"}])"),
                               "o.json");
  ASSERT_TRUE(o) << render(o.error());
  const auto p = with_overlays(base(), {*o});
  ASSERT_TRUE(p) << render(p.error());
  std::string found;
  for (const diagnostic& one : p->warnings()) {
    if (one.file == "o.json") found += one.code + " " + std::to_string(one.place.line) + "\n";
  }
  EXPECT_EQ(found, "lint_unused_fact 1\nlint_unused_value 1\n");
}

}  // namespace
}  // namespace leeway
