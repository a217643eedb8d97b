// SPDX-License-Identifier: Apache-2.0
// What is due, as conditions and bounds read it.
#include "engine/support.hpp"

#include <gtest/gtest.h>

namespace leeway::engine_test {
namespace {

// 250 USD are due for a delay that is not the weather's; agents may add 50 of goodwill.
policy claims(const std::string& more = "") {
  return policy_of(R"x("roles": [{"id": "agent"}, {"id": "lead"}],
    "facts": {"contact.late": "bool", "contact.paid": "money"},
    "actions": [{"id": "claim"}, {"id": "credit"}, {"id": "exception", "amount": "none"}],
    "grants": [{"id": "G", "to": "agent", "for": "claim", "up_to": "action.due + money('50 USD')"},
               {"id": "H", "to": "agent", "for": "credit", "when": "action.due == money('0 USD')"},
               {"id": "I", "to": "agent", "for": "exception",
                "unless": "action.due > money('0 USD')"}],
    "entitlements": [{"id": "E", "for": "claim", "when": "contact.late", "above": "goodwill",
      "due": "contact.paid * ratio('1/3')", "maximum": "250 USD", "minimum": "3 USD",
      "requires": [{"that": "contact.reason != 'weather'", "because": "the weather"}]}])x" +
                   more);
}

request claim(money amount, money paid, const char* reason = "crew") {
  auto r = with_fact(with_fact(ask("claim", amount), "late", true), "paid", paid);
  r.contact.reason = reason;
  return r;
}

std::string decided(const policy& p, const request& r) { return answer(p.decide(r)); }

TEST(ActionDue, IsWhatTheEntitlementsComeTo) {
  const auto p = claims();
  EXPECT_EQ(decided(p, claim(usd(300), usd(900))), "approve");  // the maximum and 50
  const auto d = p.decide(claim(usd(300, 1), usd(900)));
  EXPECT_EQ(answer(d), "deny");
  EXPECT_EQ(d.offer->amount, usd(300));
  EXPECT_EQ(decided(p, claim(usd(83, 33), usd(100))), "approve");  // rounded
  EXPECT_EQ(decided(p, claim(usd(83, 34), usd(100))), "deny");
  EXPECT_EQ(decided(p, claim(usd(52, 66), usd(8))), "deny");  // less than the minimum is zero
  EXPECT_EQ(decided(p, claim(usd(50), usd(8))), "approve");
}

TEST(ActionDue, IsZeroWhereARequirementIsNotMet) {
  const auto p = claims();
  const auto d = p.decide(claim(usd(300), usd(900), "weather"));
  EXPECT_EQ(answer(d), "deny");
  EXPECT_EQ(d.offer->amount, usd(50));
  EXPECT_EQ(decided(p, claim(usd(50), usd(900), "weather")), "approve");
}

TEST(ActionDue, IsZeroWhereNoEntitlementSpeaks) {
  const auto p = claims();
  EXPECT_EQ(decided(p, with_fact(claim(usd(50), usd(900)), "late", false)), "approve");
  EXPECT_EQ(decided(p, with_fact(claim(usd(50, 1), usd(900)), "late", false)), "deny");
  EXPECT_EQ(decided(p, ask("credit", usd(5))), "approve");
  EXPECT_EQ(decided(p, ask("exception", {})), "approve");
}

TEST(ActionDue, IsUnknownWhileItIsAndWantsTheFactsItTurnsOn) {
  auto r = claim(usd(60), usd(900));
  r.contact.attributes.clear();
  EXPECT_EQ(decided(claims(), r), "escalate fact contact.late, fact contact.paid");
  EXPECT_EQ(decided(claims(), with_fact(r, "late", true)), "escalate fact contact.paid");
}

TEST(ActionDue, IsReadByRulesBudgetsAndDiscretion) {
  const auto p = claims(R"x(, "rules": [{"id": "R", "when": "action.amount > action.due * 2",
      "then": "deny"}], "budgets": [{"id": "B", "for": "claim", "per": "contact.id",
      "window": "lifetime", "when": "action.due > money('200 USD')", "amount": "action.due",
      "beyond": "deny"}])x");
  EXPECT_EQ(decided(p, claim(usd(60), usd(90))), "approve");
  EXPECT_TRUE(says(p.decide(claim(usd(60, 1), usd(90))), reason_code::rule_denies));
  EXPECT_EQ(decided(p, claim(usd(250), usd(900))), "approve");
  EXPECT_TRUE(says(p.decide(claim(usd(250, 1), usd(900))), reason_code::over_budget));
}

TEST(ActionDue, IsNeverStatedByARequest) {
  auto r = claim(usd(300), usd(900), "weather");
  r.action.attributes.emplace("due", usd(250));
  const auto d = claims().decide(r);
  EXPECT_EQ(answer(d), "deny");
  EXPECT_TRUE(says(d, reason_code::invalid_request));
  EXPECT_EQ(find(d, reason_code::invalid_request)->detail,
            "`action.due` is not for a request to state: what is due is computed");
}

TEST(ActionDue, MoreThanAnAmountCanHoldIsUnknown) {
  const auto p = policy_of(R"x("roles": [{"id": "agent"}], "actions": [{"id": "claim"}],
    "facts": {"contact.paid": "money"},
    "grants": [{"id": "G", "to": "agent", "for": "claim"}],
    "entitlements": [{"id": "E", "for": "claim", "due": "contact.paid * 3"}])x");
  const auto huge = money(9'000'000'000'000'000'000, currency::usd());
  EXPECT_NE(p.decide(claim(usd(1), huge)).outcome, outcome::approve);
}

}  // namespace
}  // namespace leeway::engine_test
