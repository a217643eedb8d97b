// SPDX-License-Identifier: Apache-2.0
#include "engine/support.hpp"

#include <gtest/gtest.h>

namespace leeway::engine_test {
namespace {

policy with_entitlements(const std::string& entitlements) {
  return policy_of(R"j("roles": [{"id": "agent"}, {"id": "manager"}],
    "facts": {"contact.late": "int", "contact.paid": "money", "contact.ok": "bool"},
    "actions": [{"id": "refund"}, {"id": "delay", "amount": "due"},
                {"id": "fee", "amount": {"fixed": "contact.paid"}}],
    "grants": [{"id": "G", "to": "agent", "for": "*"}],
    "entitlements": [{"id": "Z", "for": "delay", "due": "money('1 USD')", "when": "false"}, )j" +
                   entitlements + "]");
}

std::string decided(const policy& p, const request& r) { return answer(p.decide(r)); }

request refund(money amount, money paid) { return with_fact(ask("refund", amount), "paid", paid); }

TEST(Entitlement, LessThanTheDueIsDeniedWithTheDueAsOffer) {
  const auto p = with_entitlements(R"({"id": "E", "for": "refund", "due": "contact.paid"})");
  const auto d = p.decide(refund(usd(39, 99), usd(40)));
  EXPECT_EQ(answer(d), "deny");
  EXPECT_TRUE(says(d, reason_code::below_due));
  EXPECT_EQ(d.due, usd(40));
  EXPECT_EQ(d.offer->amount, usd(40));
  EXPECT_EQ(d.next, next_step::offer_due);
  EXPECT_EQ(decided(p, refund(usd(40), usd(40))), "approve");
}

TEST(Entitlement, BelowMayBeAllowed) {
  const auto p =
      with_entitlements(R"({"id": "E", "for": "refund", "due": "contact.paid", "below": "allow"})");
  EXPECT_EQ(decided(p, refund(usd(5), usd(40))), "approve");
  const auto d = p.decide(refund(usd(40, 1), usd(40)));
  EXPECT_EQ(answer(d), "deny");
  EXPECT_EQ(d.offer->amount, usd(40));
}

TEST(Entitlement, AboveTheDueIsDeniedGoodwillOrEscalated) {
  const auto above = refund(usd(40, 1), usd(40));
  const std::string start = R"({"id": "E", "for": "refund", "due": "contact.paid", "above": )";
  EXPECT_EQ(decided(with_entitlements(start + R"("deny"})"), above), "deny");
  EXPECT_EQ(decided(with_entitlements(start + R"("goodwill"})"), above), "approve");
  EXPECT_EQ(decided(with_entitlements(start + R"({"escalate": "manager"}})"), above),
            "escalate manager");
}

TEST(Entitlement, OwesNothingWhenARequirementIsNotMet) {
  const auto p = with_entitlements(R"({"id": "E", "for": "delay", "due": "contact.paid",
      "requires": [{"that": "contact.ok", "because": "weather is excluded",
                    "remedy": "use goodwill"}]})");
  auto r = with_fact(ask("delay", {}), "paid", usd(40));
  EXPECT_EQ(decided(p, r), "escalate fact contact.ok");
  EXPECT_EQ(p.decide(with_fact(r, "ok", true)).amount, usd(40));
  const auto d = p.decide(with_fact(r, "ok", false));
  EXPECT_EQ(answer(d), "deny");
  EXPECT_TRUE(says(d, reason_code::nothing_due));
  const auto* f = find(d, reason_code::requirement_not_met);
  ASSERT_NE(f, nullptr);
  EXPECT_EQ(f->because, "weather is excluded");
  EXPECT_EQ(f->remedy, "use goodwill");
}

// Found by Order: requirements were told in the order of the file.
TEST(Entitlement, HoldsItsRequirementsAsASet) {
  const std::string start = R"({"id": "E", "for": "delay", "due": "contact.paid", "requires": [)";
  const std::string ok = R"({"that": "contact.ok"})", late = R"({"that": "contact.late > 3"})";
  const auto first = with_entitlements(start + ok + ", " + late + "]}");
  const auto second = with_entitlements(start + late + ", " + ok + "]}");
  const auto none_met = with_fact(with_fact(ask("delay", {}), "ok", false), "late", 1);
  EXPECT_EQ(to_json(first.decide(none_met)), to_json(second.decide(none_met)));
  EXPECT_EQ(to_json(first.decide(ask("delay", {}))), to_json(second.decide(ask("delay", {}))));
}

TEST(Entitlement, AFailedRequirementIsEnoughWhateverElseIsUnknown) {
  const auto p = with_entitlements(R"({"id": "E", "for": "delay", "due": "contact.paid",
      "requires": [{"that": "contact.ok"}, {"that": "contact.late > 3"}]})");
  EXPECT_EQ(decided(p, with_fact(ask("delay", {}), "ok", false)), "deny");
}

TEST(Entitlement, ThoseThatSpeakAddUp) {
  const auto p = with_entitlements(
      R"j({"id": "E1", "for": "delay", "due": "money('10 USD')", "when": "contact.late >= 3"},
         {"id": "E2", "for": "delay", "due": "money('5 USD')", "when": "contact.late >= 5"})j");
  EXPECT_EQ(p.decide(with_fact(ask("delay", {}), "late", 5)).due, usd(15));
  EXPECT_EQ(p.decide(with_fact(ask("delay", {}), "late", 3)).due, usd(10));
  EXPECT_EQ(decided(p, with_fact(ask("delay", usd(10)), "late", 5)), "deny");
  EXPECT_EQ(decided(p, ask("delay", {})), "escalate fact contact.late");
}

TEST(Entitlement, RoundsThenAppliesMinimumAndMaximum) {
  const auto p = with_entitlements(R"j({"id": "E", "for": "delay",
      "due": "contact.paid * ratio('50%')", "minimum": "2 USD", "maximum": "5 USD"})j");
  auto due = [&](money paid) { return p.decide(with_fact(ask("delay", {}), "paid", paid)).due; };
  EXPECT_EQ(due(usd(5, 1)), usd(2, 50));  // 2.505: half to even
  EXPECT_EQ(due(usd(5, 3)), usd(2, 52));  // 2.515
  EXPECT_EQ(due(usd(3, 99)), usd(2));     // 1.995 rounds to 2.00, which is enough
  EXPECT_EQ(due(usd(3, 98)), usd(0));     // 1.99
  EXPECT_EQ(due(usd(10, 2)), usd(5));
}

TEST(Entitlement, RoundsAsItSays) {
  const auto p = with_entitlements(R"j({"id": "E", "for": "refund",
      "due": "contact.paid * ratio('50%')", "rounding": "half_up"})j");
  EXPECT_EQ(p.decide(refund(usd(2, 51), usd(5, 1))).due, usd(2, 51));
}

TEST(Entitlement, ThatDoesNotSpeakChangesNothing) {
  const auto p = with_entitlements(
      R"({"id": "E", "for": "refund", "due": "contact.paid", "when": "contact.ok"})");
  const auto r = with_fact(refund(usd(5), usd(40)), "ok", false);
  const auto d = p.decide(r);
  EXPECT_EQ(answer(d), "approve");
  EXPECT_FALSE(d.due);
  EXPECT_EQ(decided(p, refund(usd(5), usd(40))), "escalate fact contact.ok");
}

TEST(Amount, DuePaysExactlyTheDue) {
  const auto p = with_entitlements(R"({"id": "E", "for": "delay", "due": "contact.paid"})");
  const auto r = with_fact(ask("delay", {}), "paid", usd(40));
  const auto d = p.decide(r);
  EXPECT_EQ(answer(d), "approve");
  EXPECT_EQ(d.amount, usd(40));
  auto other = r;
  other.action.amount = usd(41);
  EXPECT_EQ(decided(p, other), "deny");
  EXPECT_EQ(p.decide(other).offer->amount, usd(40));
}

// Found by Offer: an action that pays its due was offered the due only.
TEST(Amount, DueWithGoodwillAboveIsOfferedAsFarAsTheAuthorityReaches) {
  const auto p = policy_of(R"j("roles": [{"id": "agent"}],
      "actions": [{"id": "delay", "amount": "due"}],
      "grants": [{"id": "G", "to": "agent", "for": "delay", "under": "50 USD"}],
      "entitlements": [{"id": "E", "for": "delay", "due": "money('33.32 USD')",
        "above": "goodwill"}])j");
  const auto d = p.decide(ask("delay", usd(100)));
  EXPECT_EQ(answer(d), "deny");
  EXPECT_EQ(d.offer->amount, usd(49, 99));
}

TEST(Amount, FixedIsTheFactAndNeverOfferedInPart) {
  const auto p = with_entitlements(R"j({"id": "E", "for": "delay", "due": "money('1 USD')"})j");
  const auto d = p.decide(with_fact(ask("fee", {}), "paid", usd(40)));
  EXPECT_EQ(answer(d), "approve");
  EXPECT_EQ(d.amount, usd(40));
  const auto other = p.decide(with_fact(ask("fee", usd(39)), "paid", usd(40)));
  EXPECT_EQ(answer(other), "deny");
  EXPECT_TRUE(says(other, reason_code::amount_not_fixed));
  EXPECT_FALSE(other.offer && other.offer->amount);
  EXPECT_EQ(decided(p, ask("fee", usd(40))), "escalate fact contact.paid");
}

}  // namespace
}  // namespace leeway::engine_test
