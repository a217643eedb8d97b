// SPDX-License-Identifier: Apache-2.0
#include "engine/support.hpp"

#include <gtest/gtest.h>

namespace leeway::engine_test {
namespace {

policy with(const std::string& more) {
  return policy_of(R"("roles": [{"id": "agent", "escalate_to": ["lead"]}, {"id": "lead"}],
    "facts": {"contact.paid": "money", "contact.share": "ratio"}, )" +
                   more);
}

const char* const one_action = R"("actions": [{"id": "refund"}],
    "grants": [{"id": "G", "to": "agent", "for": "refund"}], )";

std::optional<money> offered(const policy& p, const request& r) {
  const auto d = p.decide(r);
  return d.offer ? d.offer->amount : std::nullopt;
}

TEST(Offer, IsTheRestOfTheTightestBudget) {
  const auto p = with(std::string(one_action) + R"("budgets": [
      {"id": "B1", "for": "*", "per": "customer.id", "window": "P30D", "amount": "50 USD",
       "beyond": "deny"},
      {"id": "B2", "for": "*", "per": "contact.id", "window": "lifetime", "amount": "40 USD",
       "beyond": {"escalate": "lead"}}])");
  EXPECT_EQ(offered(p, ask("refund", usd(60))), usd(40));
  auto elsewhere = entry("refund", usd(30), "2026-06-01T00:00:00Z");
  elsewhere.keys["contact.id"] = "k-2";
  EXPECT_EQ(offered(p, after(ask("refund", usd(60)), {elsewhere})), usd(20));
  elsewhere.amount = usd(50);
  EXPECT_FALSE(offered(p, after(ask("refund", usd(60)), {elsewhere})));
}

TEST(Offer, MeetsThresholdsInConditionsAtTheCent) {
  const auto p = with(std::string(one_action) + R"j("rules": [
      {"id": "R", "when": "action.amount * 3 > contact.paid * contact.share", "then": "deny"}])j");
  auto r = with_fact(with_fact(ask("refund", usd(60)), "paid", usd(100)), "share",
                     ratio::parse("50%").value());
  EXPECT_EQ(offered(p, r), usd(16, 66));
}

TEST(Offer, PassesOverAmountsThatAreDenied) {
  const auto p = with(std::string(one_action) + R"j("rules": [
      {"id": "R", "when": "action.amount > money('10 USD') && action.amount != money('20 USD')",
       "then": "deny"}])j");
  EXPECT_EQ(offered(p, ask("refund", usd(60))), usd(20));
  EXPECT_EQ(offered(p, ask("refund", usd(19))), usd(10));
}

TEST(Offer, NeverIsLessThanTheDue) {
  const auto p = with(R"("actions": [{"id": "refund"}],
      "grants": [{"id": "G", "to": "agent", "for": "refund", "up_to": "30 USD"}],
      "entitlements": [{"id": "E", "for": "refund", "due": "contact.paid", "above": "goodwill"}])");
  EXPECT_EQ(offered(p, with_fact(ask("refund", usd(60)), "paid", usd(25))), usd(30));
  EXPECT_FALSE(offered(p, with_fact(ask("refund", usd(60)), "paid", usd(35))));
}

TEST(Offer, NamesOtherActionsThatWouldBeApproved) {
  const auto p = with(R"("actions": [{"id": "refund"}, {"id": "credit"}, {"id": "points"},
        {"id": "exception", "amount": "none"}, {"id": "fee", "amount": {"fixed": "contact.paid"}}],
      "grants": [{"id": "G1", "to": "agent", "for": "credit", "up_to": "10 USD"},
                 {"id": "G2", "to": "agent", "for": ["exception", "fee"]}])");
  const auto d = p.decide(with_fact(ask("refund", usd(60)), "paid", usd(7)));
  ASSERT_TRUE(d.offer);
  EXPECT_FALSE(d.offer->amount);
  const std::vector<offer::alternative> all{
      {"credit", usd(10)}, {"exception", std::nullopt}, {"fee", usd(7)}};
  EXPECT_EQ(d.offer->alternatives, all);
}

// Found by Offer laws: an alternative read a measure that was counted for the proposed action.
TEST(Offer, CountsMeasuresOfAnAlternativeByItsOwnKind) {
  const auto p = with(R"("actions": [{"id": "refund"}, {"id": "credit"}],
      "grants": [{"id": "G", "to": "agent", "for": "credit"}],
      "measures": [{"id": "m", "kinds": "*", "per": "action.kind", "window": "P30D"}],
      "rules": [{"id": "R", "when": "usage.m >= 1", "then": "deny"}])");
  auto e = entry("credit", usd(5), "2026-06-01T00:00:00Z");
  const auto d = p.decide(after(ask("refund", usd(60)), {e}));
  EXPECT_FALSE(d.offer);
}

TEST(Offer, IsNotLookedForWhenNotAsked) {
  const auto p = with(R"("actions": [{"id": "refund"}],
      "grants": [{"id": "G", "to": "agent", "for": "refund", "up_to": "30 USD"}])");
  EXPECT_FALSE(p.decide(ask("refund", usd(60)), {.offer = false}).offer);
  EXPECT_TRUE(p.decide(ask("refund", usd(60))).offer);
}

}  // namespace
}  // namespace leeway::engine_test
