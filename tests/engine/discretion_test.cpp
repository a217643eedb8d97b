// SPDX-License-Identifier: Apache-2.0
#include "engine/support.hpp"

#include <gtest/gtest.h>

namespace leeway::engine_test {
namespace {

const char* const act_and_fund = R"("up_to": "80 USD", "per": "agent.id",
    "window": "calendar month", "amount": "200 USD")";

policy with(const std::string& more, const std::string& limits = act_and_fund) {
  return policy_of(R"("roles": [{"id": "agent", "escalate_to": ["lead"]}, {"id": "lead"},
      {"id": "guest", "substitutes": [{"role": "agent"}]}],
    "facts": {"contact.ok": "bool", "contact.paid": "money"},
    "actions": [{"id": "refund"}, {"id": "credit"}, {"id": "upgrade"}],
    "grants": [{"id": "G1", "to": "agent", "for": "refund", "up_to": "50 USD"},
               {"id": "G2", "to": "lead", "for": "credit"}],
    "protection": {"en": "It is not held against you."},
    "discretion": [{"id": "D", "to": "agent", "for": "*", )" +
                   limits + "}]" + more);
}

std::string decided(const policy& p, const request& r) { return answer(p.decide(r)); }

request freely(request r) {
  r.discretion = true;
  r.note = "a long wait, and our fault";
  return r;
}

history_entry earlier(money amount) {
  auto e = entry("refund", amount, "2026-06-02T00:00:00Z");
  e.attributes.emplace("basis", "discretion");
  return e;
}

TEST(Discretion, LiftsTheAuthorityFinding) {
  const auto p = with("");
  EXPECT_EQ(decided(p, ask("refund", usd(80))), "deny");
  const auto d = p.decide(freely(ask("refund", usd(80))));
  EXPECT_EQ(answer(d), "approve");
  EXPECT_EQ(d.basis, basis::discretion);
  EXPECT_EQ(d.discretion, rule_id("D"));
  EXPECT_TRUE(d.ratification);
  EXPECT_EQ(d.protection, "It is not held against you.");
  EXPECT_TRUE(find(d, reason_code::over_limit)->lifted);
  EXPECT_EQ(decided(p, ask("credit", usd(5))), "escalate lead");
  EXPECT_EQ(decided(p, freely(ask("credit", usd(5)))), "approve");
}

TEST(Discretion, ThatIsNotNeededChangesNothing) {
  const auto d = with("").decide(freely(ask("refund", usd(50))));
  EXPECT_EQ(answer(d), "approve");
  EXPECT_EQ(d.basis, basis::policy);
  EXPECT_FALSE(d.ratification);
}

TEST(Discretion, TakesAskingAndAJustification) {
  const auto p = with("");
  auto r = freely(ask("refund", usd(80)));
  r.note = " \n";
  const auto d = p.decide(r);
  EXPECT_EQ(answer(d), "deny");
  EXPECT_TRUE(says(d, reason_code::justification_missing));
  r = freely(ask("refund", usd(80)));
  r.discretion = false;
  EXPECT_EQ(decided(p, r), "deny");
}

TEST(Discretion, HasALimitForOneActAtTheCent) {
  const auto p = with("");
  const auto d = p.decide(freely(ask("refund", usd(80, 1))));
  EXPECT_EQ(answer(d), "deny");
  EXPECT_TRUE(says(d, reason_code::discretion_exceeded));
  EXPECT_EQ(d.offer->amount, usd(80));
}

TEST(Discretion, HasAFundThatActsOfDiscretionUse) {
  const auto p = with("");
  EXPECT_EQ(decided(p, after(freely(ask("refund", usd(80))), {earlier(usd(120))})), "approve");
  EXPECT_EQ(decided(p, after(freely(ask("refund", usd(80))), {earlier(usd(120, 1))})), "deny");
  EXPECT_EQ(decided(p, after(freely(ask("refund", usd(80))),
                             {entry("refund", usd(500), "2026-06-02T00:00:00Z")})),
            "approve");
}

TEST(Discretion, FromAFundThatIsNotKnownIsAsked) {
  const auto p = with("");
  auto r = freely(ask("refund", usd(80)));
  r.history.reset();
  EXPECT_EQ(decided(p, r), "escalate fact usage.D");
}

TEST(Discretion, MayCountActs) {
  const auto p = with("", R"("up_to": "80 USD", "per": "agent.id", "window": "calendar month",
      "count": 1)");
  EXPECT_EQ(decided(p, freely(ask("refund", usd(80)))), "approve");
  EXPECT_EQ(decided(p, after(freely(ask("refund", usd(80))), {earlier(usd(1))})), "deny");
}

TEST(Discretion, LiftsOnlyRulesThatSaySo) {
  const auto lifts =
      with(R"(, "rules": [{"id": "R", "for": "refund", "then": "deny", "discretion": true}])");
  EXPECT_EQ(decided(lifts, ask("refund", usd(5))), "deny");
  EXPECT_EQ(decided(lifts, freely(ask("refund", usd(5)))), "approve");
  const auto stays = with(R"(, "rules": [{"id": "R", "for": "refund", "then": "deny"}])");
  EXPECT_EQ(decided(stays, freely(ask("refund", usd(5)))), "deny");
  const auto soft =
      with(R"(, "rules": [{"id": "R", "then": {"escalate": "lead"}, "discretion": true}])");
  EXPECT_EQ(decided(soft, freely(ask("refund", usd(5)))), "approve");
}

TEST(Discretion, NeverLiftsABudgetADistinctNeedAnUnknownOrTheDue) {
  const auto hard = with(R"(, "budgets": [{"id": "B", "for": "refund", "per": "contact.id",
      "window": "lifetime", "amount": "60 USD", "beyond": "deny"}])");
  EXPECT_EQ(decided(hard, freely(ask("refund", usd(60)))), "approve");
  EXPECT_EQ(decided(hard, freely(ask("refund", usd(60, 1)))), "deny");
  const auto distinct =
      with(R"(, "rules": [{"id": "R", "then": {"second_person": "lead"}, "discretion": true}])");
  EXPECT_EQ(decided(distinct, freely(ask("refund", usd(5)))), "escalate distinct lead");
  const auto unknown =
      with(R"(, "rules": [{"id": "R", "when": "contact.ok", "then": "deny", "discretion": true}])");
  EXPECT_EQ(decided(unknown, freely(ask("refund", usd(5)))), "escalate fact contact.ok");
  const auto due =
      with(R"(, "entitlements": [{"id": "E", "for": "refund", "due": "contact.paid"}])");
  EXPECT_EQ(decided(due, with_fact(freely(ask("refund", usd(5))), "paid", usd(6))), "deny");
  EXPECT_EQ(decided(with(""), freely(ask("upgrade", usd(5)))), "deny");
}

TEST(Discretion, IsForItsRolesOnly) {
  EXPECT_EQ(decided(with(""), freely(ask("refund", usd(80), "lead"))), "deny");
}

// Found by KnowingMore: a denial that discretion might lift once the role is known was final.
TEST(Discretion, OfARoleThatIsNotKnownIsAsked) {
  const auto p = with(R"(, "rules": [{"id": "R", "then": "deny", "discretion": true}])");
  EXPECT_EQ(decided(p, freely(ask("refund", usd(5), ""))), "escalate fact agent.role");
}

// Found by KnowingMore: whether less would be covered turned on usage that was not known.
TEST(Discretion, OfALimitThatIsNotKnownIsAsked) {
  const auto p = policy_of(R"("roles": [{"id": "agent"}, {"id": "lead"}],
      "facts": {"contact.late": "int"}, "actions": [{"id": "refund"}],
      "grants": [{"id": "G", "to": "lead", "for": "refund", "of": "contact.late", "up_to": 3,
                  "per": [], "window": "P30D", "count": 1}],
      "discretion": [{"id": "D", "to": "agent", "for": "*", "up_to": "50 USD", "per": [],
                      "window": "P1Y", "amount": "275 USD"}])");
  const auto r = with_fact(freely(ask("refund", usd(25))), "late", 4);
  EXPECT_EQ(decided(p, r), "approve");
  usage fund_only;
  fund_only.set("D", {.amount = usd(0), .count = 0});
  EXPECT_EQ(answer(p.decide(r, fund_only)), "escalate fact usage.G");
}

}  // namespace
}  // namespace leeway::engine_test
