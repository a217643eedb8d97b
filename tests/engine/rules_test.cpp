// SPDX-License-Identifier: Apache-2.0
#include "engine/support.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace leeway::engine_test {
namespace {

policy with_rules(const std::string& rules) {
  return policy_of(R"("roles": [{"id": "agent", "escalate_to": ["lead"]},
      {"id": "lead", "includes": ["agent"]}, {"id": "legal"}],
    "facts": {"contact.ok": "bool", "contact.a": "int", "contact.b": "int"},
    "actions": [{"id": "refund"}, {"id": "credit"}],
    "grants": [{"id": "G", "to": "agent", "for": "*"}], "rules": [)" +
                   rules + "]");
}

std::string decided(const policy& p, const request& r) { return answer(p.decide(r)); }

request knowing(bool ok) { return with_fact(ask("refund", usd(5)), "ok", ok); }

TEST(Rule, DeniesWithItsSentenceSourceAndRemedy) {
  const auto p = with_rules(R"({"id": "R", "when": "'fraud' in customer.flags", "then": "deny",
      "because": "confirmed fraud", "source": "section 7", "remedy": "send it to the desk"})");
  EXPECT_EQ(decided(p, ask("refund", usd(5))), "approve");
  auto r = ask("refund", usd(5));
  r.customer.flags = {"fraud"};
  const auto d = p.decide(r);
  EXPECT_EQ(answer(d), "deny");
  const auto* f = find(d, reason_code::rule_denies);
  ASSERT_NE(f, nullptr);
  EXPECT_EQ(f->because, "confirmed fraud");
  EXPECT_EQ(f->source, "section 7");
  EXPECT_EQ(f->remedy, "send it to the desk");
  EXPECT_EQ(f->rule, rule_id("R"));
  r.customer.flags.reset();
  EXPECT_EQ(decided(p, r), "escalate fact customer.flags");
}

TEST(Rule, SaysWhatTheOtherSideCameToUnlessTheConditionDoes) {
  const auto p = with_rules(R"x({"id": "A", "when": "contact.a != contact.b * 2", "then": "deny"},
      {"id": "B", "when": "contact.a < 7", "then": "deny"},
      {"id": "C", "when": "action.amount < money('30 USD')", "then": "deny"})x");
  const auto d = p.decide(with_fact(with_fact(ask("refund", usd(5)), "a", 5), "b", 4));
  const auto said = [&](std::string_view rule) {
    const auto one = std::ranges::find(d.findings, rule_id(rule), &finding::rule);
    return one == d.findings.end() ? std::string{} : evidence(*one).at(0);
  };
  EXPECT_EQ(said("A"), "contact.a != contact.b * 2 is true (found 5, against 8)");
  EXPECT_EQ(said("B"), "contact.a < 7 is true (found 5)");
  EXPECT_EQ(said("C"), "action.amount < money('30 USD') is true (found 5.00 USD)");
}

TEST(Rule, UnlessIsTheOppositeOfWhen) {
  const auto p = with_rules(R"({"id": "R", "unless": "contact.ok", "then": "deny"})");
  EXPECT_EQ(decided(p, knowing(true)), "approve");
  EXPECT_EQ(decided(p, knowing(false)), "deny");
  EXPECT_EQ(decided(p, ask("refund", usd(5))), "escalate fact contact.ok");
}

TEST(Rule, IsForItsActionsOnly) {
  const auto p = with_rules(R"({"id": "R", "for": "credit", "then": "deny"})");
  EXPECT_EQ(decided(p, ask("refund", usd(5))), "approve");
  EXPECT_EQ(decided(p, ask("credit", usd(5))), "deny");
}

TEST(Rule, EscalatesToTheRolesItNames) {
  const auto p =
      with_rules(R"({"id": "R", "when": "contact.ok", "then": {"escalate": ["lead", "legal"]}})");
  EXPECT_EQ(decided(p, knowing(true)), "escalate lead|legal");
  EXPECT_EQ(p.decide(knowing(true)).next, next_step::get_approval);
  EXPECT_EQ(decided(p, knowing(false)), "approve");
}

TEST(Rule, TheProposerMeetsAPlainApprovalForARoleHeld) {
  const auto p = with_rules(R"({"id": "R", "then": {"escalate": "lead"}})");
  EXPECT_EQ(decided(p, ask("refund", usd(5))), "escalate lead");
  EXPECT_EQ(decided(p, ask("refund", usd(5), "lead")), "approve");
}

TEST(Rule, TheProposerNeverIsTheSecondPerson) {
  const auto p = with_rules(R"({"id": "R", "then": {"second_person": "lead"}})");
  EXPECT_EQ(decided(p, ask("refund", usd(5), "lead")), "escalate distinct lead");
  EXPECT_EQ(decided(p, signed_by(ask("refund", usd(5), "lead"), "a-1", "lead")),
            "escalate distinct lead");
  EXPECT_EQ(decided(p, signed_by(ask("refund", usd(5), "lead"), "s-1", "lead")), "approve");
}

TEST(Rule, ASecondPersonWithoutRolesIsAnyCompetentOne) {
  const auto p = with_rules(R"({"id": "R", "then": "second_person"})");
  EXPECT_EQ(decided(p, ask("refund", usd(5))), "escalate distinct agent");
  EXPECT_EQ(decided(p, signed_by(ask("refund", usd(5)), "s-1", "lead")), "approve");
  EXPECT_EQ(decided(p, signed_by(ask("refund", usd(5)), "s-1", "legal")),
            "escalate distinct agent");
}

TEST(Rule, ListsObligationsAlsoThoseThatMayApply) {
  const auto p = with_rules(R"({"id": "R", "when": "contact.ok",
      "then": {"oblige": {"id": "note", "to": "crm", "by": "P2D", "text": "note it"}}})");
  const auto sure = p.decide(knowing(true));
  EXPECT_EQ(answer(sure), "approve");
  ASSERT_EQ(sure.obligations.size(), 1U);
  EXPECT_EQ(sure.obligations.front(), (obligation{"note", "crm", "P2D", "note it", "R", true}));
  const auto perhaps = p.decide(ask("refund", usd(5)));
  EXPECT_EQ(answer(perhaps), "approve");
  ASSERT_EQ(perhaps.obligations.size(), 1U);
  EXPECT_FALSE(perhaps.obligations.front().certain);
  EXPECT_TRUE(p.decide(knowing(false)).obligations.empty());
}

TEST(Rule, ObligesNothingWhereItIsDenied) {
  const auto p = with_rules(R"({"id": "R", "then": ["deny", {"oblige": {"id": "note"}}]})");
  EXPECT_TRUE(p.decide(ask("refund", usd(5))).obligations.empty());
}

// Found by Order/Replay: the same effect twice made two findings, and the order of two told.
TEST(Rule, HoldsItsEffectsAsASet) {
  const auto once =
      with_rules(R"({"id": "R", "then": [{"oblige": {"id": "a"}}, {"oblige": {"id": "b"}}]})");
  const auto twice = with_rules(R"({"id": "R", "then": [{"oblige": {"id": "b"}},
      {"oblige": {"id": "a"}}, {"oblige": {"id": "b"}}]})");
  EXPECT_EQ(once.digest(), twice.digest());
  EXPECT_EQ(canonical_core(once.decide(ask("refund", usd(5)))),
            canonical_core(twice.decide(ask("refund", usd(5)))));
}

// What is stated is not told as not known: it is asked whether it is right.
TEST(Rule, TellsAConditionThatFailsOnStatedFactsAsWhatItIs) {
  const auto asked = with_fact(with_fact(ask("refund", usd(5)), "a", 4), "b", 0);
  for (const char* const then : {R"("deny")", R"({"oblige": {"id": "note"}})"}) {
    const auto p = with_rules(R"({"id": "R", "when": "contact.a / contact.b > 1", "then": )" +
                              std::string(then) + "}");
    const auto d = p.decide(asked);
    bool told = false;
    for (const auto& f : d.findings) {
      const auto said = text(f);
      EXPECT_EQ(said.find("not known:"), std::string::npos) << said;
      told = told ||
             said.ends_with("cannot be worked out from contact.a and contact.b: division by zero");
    }
    EXPECT_TRUE(told) << then;
    for (const auto& n : d.needs) EXPECT_EQ(n.ask, "is `" + n.fact + "` right as stated?");
  }
  const auto p = with_rules(R"({"id": "R", "when": "contact.a > 1", "then": "deny"})");
  const auto unknown = p.decide(ask("refund", usd(5)));
  ASSERT_EQ(unknown.needs.size(), 1U);
  EXPECT_EQ(unknown.needs[0].ask, "");
}

TEST(Rule, AConditionThatCannotBeComputedNeitherGrantsNorClears) {
  const auto p = with_rules(R"({"id": "R", "when": "contact.a / contact.b > 1", "then": "deny"})");
  const auto d = p.decide(with_fact(with_fact(ask("refund", usd(5)), "a", 4), "b", 0));
  EXPECT_EQ(d.outcome, outcome::escalate);
  EXPECT_TRUE(says(d, reason_code::condition_error));
  EXPECT_EQ(answer(p.decide(with_fact(with_fact(ask("refund", usd(5)), "a", 4), "b", 4))),
            "approve");
}

TEST(Rule, AnUnknownThatNothingTurnsOnIsNotAskedFor) {
  const auto p =
      with_rules(R"({"id": "R", "when": "contact.ok && contact.a > 3", "then": "deny"})");
  EXPECT_EQ(decided(p, knowing(false)), "approve");
  EXPECT_EQ(decided(p, with_fact(ask("refund", usd(5)), "a", 1)), "approve");
  EXPECT_EQ(decided(p, knowing(true)), "escalate fact contact.a");
}

TEST(Rule, ADenialIsFinalWhateverElseIsUnknown) {
  const auto p = with_rules(R"({"id": "R1", "then": "deny"},
      {"id": "R2", "when": "contact.ok", "then": "deny"},
      {"id": "R3", "then": {"escalate": "legal"}})");
  const auto d = p.decide(ask("refund", usd(5)));
  EXPECT_EQ(answer(d), "deny");
  EXPECT_TRUE(d.needs.empty());
}

}  // namespace
}  // namespace leeway::engine_test
