// SPDX-License-Identifier: Apache-2.0
#include "engine/support.hpp"

#include <gtest/gtest.h>

namespace leeway::engine_test {
namespace {

policy with_budget(const std::string& budget, const std::string& more = "") {
  return policy_of(R"("time_zone": "America/Denver",
    "roles": [{"id": "agent"}, {"id": "manager"}],
    "facts": {"contact.paid": "money", "contact.ok": "bool", "contact.late": "int"},
    "actions": [{"id": "refund"}, {"id": "credit"}, {"id": "exception", "amount": "none"}],
    "grants": [{"id": "G", "to": "agent", "for": "*"}], "budgets": [)" +
                   budget + "]" + more);
}

std::string decided(const policy& p, const request& r) { return answer(p.decide(r)); }

const char* const monthly = R"({"id": "B", "for": "refund", "per": "customer.id",
    "window": "P30D", "amount": "50 USD")";

TEST(Budget, BlocksAtTheCentAndNothingLiftsAHardOne) {
  const auto p = with_budget(std::string(monthly) + R"(, "beyond": "deny"})");
  const std::vector used{entry("refund", usd(30), "2026-06-01T00:00:00Z")};
  EXPECT_EQ(decided(p, after(ask("refund", usd(20)), used)), "approve");
  const auto over = after(ask("refund", usd(20, 1)), used);
  const auto d = p.decide(over);
  EXPECT_EQ(answer(d), "deny");
  EXPECT_TRUE(says(d, reason_code::over_budget));
  EXPECT_EQ(d.offer->amount, usd(20));
  EXPECT_EQ(decided(p, signed_by(over, "s-1", "manager")), "deny");
}

TEST(Budget, IsExceededOnlyWithTheApprovalItNames) {
  const auto p = with_budget(std::string(monthly) + R"(, "beyond": {"escalate": "manager"}})");
  const auto over = ask("refund", usd(50, 1));
  EXPECT_EQ(decided(p, ask("refund", usd(50))), "approve");
  EXPECT_EQ(decided(p, over), "escalate manager");
  const auto approved = p.decide(signed_by(over, "s-1", "manager"));
  EXPECT_EQ(answer(approved), "approve");
  EXPECT_TRUE(says(approved, reason_code::over_soft_budget));
  EXPECT_EQ(decided(p, signed_by(over, "s-1", "agent")), "escalate manager");
}

TEST(Budget, CountsActs) {
  const auto p = with_budget(R"({"id": "B", "for": "*", "per": "customer.id", "window": "lifetime",
      "count": 1, "beyond": "deny"})");
  EXPECT_EQ(decided(p, ask("exception", {})), "approve");
  auto e = entry("exception", usd(0), "2020-01-01T00:00:00Z");
  e.amount.reset();
  EXPECT_EQ(decided(p, after(ask("exception", {}), {e})), "deny");
}

TEST(Budget, CountsByItsKeys) {
  const auto p = with_budget(std::string(monthly) + R"(, "beyond": "deny"})");
  auto other = entry("refund", usd(50), "2026-06-01T00:00:00Z");
  other.keys["customer.id"] = "c-2";
  EXPECT_EQ(decided(p, after(ask("refund", usd(50)), {other})), "approve");
  other.keys.erase("customer.id");
  EXPECT_EQ(decided(p, after(ask("refund", usd(50)), {other})), "escalate fact usage.B");
  auto nameless = ask("refund", usd(5));
  nameless.customer.id = {};
  EXPECT_EQ(decided(p, nameless), "escalate fact customer.id");
}

TEST(Budget, ARollingWindowLetsGoAtItsEdge) {
  const auto p = with_budget(R"({"id": "B", "for": "refund", "per": "customer.id",
      "window": "PT24H", "amount": "50 USD", "beyond": "deny"})");
  const auto ask_50 = ask("refund", usd(50));  // at 2026-06-15T12:00:00Z
  EXPECT_EQ(decided(p, after(ask_50, {entry("refund", usd(1), "2026-06-14T12:00:00Z")})),
            "approve");
  EXPECT_EQ(decided(p, after(ask_50, {entry("refund", usd(1), "2026-06-14T12:00:00.000000001Z")})),
            "deny");
  EXPECT_EQ(decided(p, after(ask_50, {entry("refund", usd(1), "2026-06-15T12:00:00Z")})), "deny");
  EXPECT_EQ(decided(p, after(ask_50, {entry("refund", usd(1), "2026-06-15T12:00:01Z")})),
            "approve");
}

TEST(Budget, ACalendarWindowBeginsAtLocalMidnight) {
  const auto p = with_budget(R"({"id": "B", "for": "refund", "per": "customer.id",
      "window": "calendar day", "amount": "50 USD", "beyond": "deny"})");
  const auto ask_50 = ask("refund", usd(50));
  EXPECT_EQ(decided(p, after(ask_50, {entry("refund", usd(1), "2026-06-15T05:59:59Z")})),
            "approve");
  const auto d = p.decide(after(ask_50, {entry("refund", usd(1), "2026-06-15T06:00:00Z")}));
  EXPECT_EQ(answer(d), "deny");
  ASSERT_EQ(d.limits.size(), 1U);
  EXPECT_EQ(d.limits.front().used, usd(1));
  EXPECT_EQ(d.limits.front().left, usd(49));
  EXPECT_EQ(d.limits.front().resets, at("2026-06-16T06:00:00Z"));
}

const char* const goodwill = R"({"id": "B", "for": "*", "per": "customer.id", "window": "lifetime",
    "amount": "10 USD", "beyond": "deny"})";
const char* const owed = R"(, "entitlements": [{"id": "E", "for": "refund", "due": "contact.paid",
    "when": "contact.ok", "above": "goodwill"}])";

TEST(Budget, ForEverythingSeesGoodwillOnly) {
  const auto p = with_budget(goodwill, owed);
  const auto r = with_fact(with_fact(ask("refund", usd(40)), "paid", usd(40)), "ok", true);
  EXPECT_EQ(decided(p, r), "approve");
  auto above = r;
  above.action.amount = usd(50);
  EXPECT_EQ(decided(p, above), "approve");
  above.action.amount = usd(50, 1);
  EXPECT_EQ(decided(p, above), "deny");
  auto paid = entry("refund", usd(45), "2026-01-01T00:00:00Z");
  paid.due = usd(40);
  above.action.amount = usd(45);
  EXPECT_EQ(decided(p, after(above, {paid})), "approve");
  above.action.amount = usd(45, 1);
  EXPECT_EQ(decided(p, after(above, {paid})), "deny");
}

TEST(Budget, ThatNamesAnActionSeesAllOfIt) {
  const auto p = with_budget(R"({"id": "B", "for": "refund", "per": "customer.id",
      "window": "lifetime", "amount": "10 USD", "beyond": "deny"})",
                             owed);
  const auto r = with_fact(with_fact(ask("refund", usd(40)), "paid", usd(40)), "ok", true);
  EXPECT_EQ(decided(p, r), "deny");
}

// Found by KnowingMore: a count of goodwill denied before it was known that nothing is goodwill.
TEST(Budget, OfGoodwillIsNotExceededWhileTheDueIsUnknown) {
  const auto p = with_budget(R"({"id": "B", "for": "*", "per": "customer.id",
      "window": "lifetime", "count": 1, "beyond": "deny"})",
                             owed);
  const auto used = entry("credit", usd(5), "2026-01-01T00:00:00Z");
  const auto r = after(with_fact(ask("refund", usd(40)), "paid", usd(40)), {used});
  EXPECT_EQ(decided(p, r), "escalate fact contact.ok");
  EXPECT_EQ(decided(p, with_fact(r, "ok", true)), "approve");
  EXPECT_EQ(decided(p, with_fact(r, "ok", false)), "deny");
}

// Found by KnowingMore: a count that was within hid a limit that was not known.
TEST(Budget, WithAnUnknownLimitNeverApproves) {
  const auto p = with_budget(R"({"id": "B", "for": "refund", "per": "customer.id",
      "window": "P30D", "amount": "contact.paid", "count": 3, "beyond": "deny"})");
  EXPECT_EQ(decided(p, ask("refund", usd(5))), "escalate fact contact.paid");
  EXPECT_EQ(decided(p, with_fact(ask("refund", usd(5)), "paid", usd(5))), "approve");
  EXPECT_EQ(decided(p, with_fact(ask("refund", usd(5)), "paid", usd(4, 99))), "deny");
}

TEST(Budget, WithoutHistoryIsUnknownNeverZero) {
  const auto p = with_budget(std::string(monthly) + R"(, "beyond": "deny"})");
  auto r = ask("refund", usd(5));
  r.history.reset();
  const auto d = p.decide(r);
  EXPECT_EQ(answer(d), "escalate fact usage.B");
  EXPECT_TRUE(says(d, reason_code::usage_unknown));
  EXPECT_EQ(answer(p.decide(r, usage::unknown())), "escalate fact usage.B");
  EXPECT_EQ(answer(p.decide(r, usage::empty())), "approve");
  r.usage["B"].amount = usd(45);
  EXPECT_EQ(decided(p, r), "approve");
  r.usage["B"].amount = usd(45, 1);
  EXPECT_EQ(decided(p, r), "deny");
}

std::string claim_policy() {
  return R"x(
    "facts": {"contact.late": "bool"}, "roles": [{"id": "agent"}],
    "actions": [{"id": "claim"}, {"id": "pay", "amount": "due"}],
    "grants": [{"id": "G", "to": "agent", "for": "*", "up_to": "400 USD"}],
    "budgets": [{"id": "B", "for": "*", "per": "contact.id", "window": "lifetime",
      "amount": "50 USD", "count": 1, "beyond": "deny"}],
    "entitlements": [{"id": "E", "for": ["claim", "pay"], "above": "goodwill",
      "due": "contact.late ? money('250 USD') : money('0 USD')"}]
)x";
}

TEST(Budget, ThatWaitsForWhatIsDueDoesNotAskForHistory) {
  const auto p = policy_of(claim_policy());
  auto r = ask("claim", usd(250));
  const auto d = p.decide(r);
  EXPECT_EQ(answer(d), "escalate fact contact.late");
  EXPECT_TRUE(says(d, reason_code::budget_unknown));
  EXPECT_FALSE(says(d, reason_code::usage_unknown));
  for (const auto& f : d.findings) EXPECT_EQ(f.remedy, "") << f.rule.str();
  EXPECT_EQ(decided(p, with_fact(r, "late", true)), "approve");
  r.history.reset();
  EXPECT_TRUE(says(p.decide(with_fact(r, "late", false)), reason_code::over_budget));
}

TEST(Budget, OfGoodwillIsSilentAboutAnActionThatPaysWhatIsDue) {
  const auto p = policy_of(claim_policy());
  auto r = ask("pay", usd(250));
  r.action.amount.reset();
  EXPECT_EQ(answer(p.decide(r)), "escalate fact contact.late");
  EXPECT_FALSE(says(p.decide(r), reason_code::budget_unknown));
  r.action.amount = usd(250);  // more than is due would be goodwill
  EXPECT_TRUE(says(p.decide(r), reason_code::budget_unknown));
}

// What is due and what is goodwill, of named actions and of all.
TEST(Budget, CountsGoodwillOrAllAsItSays) {
  const auto with = [](const char* which, const char* counts) {
    return policy_of(std::string(R"x("facts": {"contact.paid": "money"}, "roles": [{"id": "agent"}],
      "actions": [{"id": "claim"}, {"id": "credit"}],
       "grants": [{"id": "G", "to": "agent", "for": "*"}],
      "entitlements": [{"id": "E", "for": "claim", "due": "contact.paid", "above": "goodwill"}],
      "budgets": [{"id": "B", "for": ")x") +
                     which + R"(", "per": "contact.id", "window": "lifetime", "amount": "50 USD",
        "count": 2, "beyond": "deny")" +
                     counts + "}]");
  };
  auto paid = [](const policy& p, money amount, std::vector<history_entry> used = {}) {
    return decided(p, after(with_fact(ask("claim", amount), "paid", usd(100)), std::move(used)));
  };
  auto before = entry("claim", usd(100), "2026-06-01T00:00:00Z");
  before.due = usd(100);
  auto credit = entry("credit", usd(40), "2026-06-01T00:00:00Z");
  const auto named = with("claim", R"(, "counts": "goodwill")");
  EXPECT_EQ(paid(named, usd(150)), "approve");
  EXPECT_EQ(paid(named, usd(150, 1)), "deny");
  EXPECT_EQ(paid(named, usd(150), {before, before}), "approve");  // purely due: neither counts
  EXPECT_EQ(paid(named, usd(150), {credit}), "approve");          // of another action
  EXPECT_EQ(paid(with("claim", ""), usd(100)), "deny");
  EXPECT_EQ(paid(with("claim", R"(, "counts": "all")"), usd(100)), "deny");
  EXPECT_EQ(paid(with("*", ""), usd(150)), "approve");
  EXPECT_EQ(paid(with("*", ""), usd(150), {credit}), "deny");
  EXPECT_EQ(paid(with("*", R"(, "counts": "goodwill")"), usd(150)), "approve");
  EXPECT_EQ(paid(with("*", R"(, "counts": "all")"), usd(100)), "deny");
}

TEST(Budget, ThatOneProposalExceedsAloneIsExceededWhateverWasUsed) {
  const auto p = with_budget(std::string(monthly) + R"(, "beyond": "deny"})");
  auto r = ask("refund", usd(50, 1));
  r.history.reset();
  EXPECT_EQ(decided(p, r), "deny");
}

TEST(Budget, IsKnownAsFarBackAsHistoryIsComplete) {
  const auto p = with_budget(std::string(monthly) + R"(, "beyond": "deny"})");
  auto r = ask("refund", usd(5));
  r.history_since = at("2026-05-16T12:00:00Z");  // where P30D begins
  EXPECT_EQ(decided(p, r), "approve");
  r.history_since = at("2026-05-16T12:00:01Z");
  EXPECT_EQ(decided(p, r), "escalate fact usage.B");
}

TEST(Budget, LeavesReversedEntriesOut) {
  const auto p = with_budget(std::string(monthly) + R"(, "beyond": "deny"})");
  auto back = entry("refund", usd(50), "2026-06-01T00:00:00Z");
  EXPECT_EQ(decided(p, after(ask("refund", usd(50)), {back})), "deny");
  back.reversed = true;
  EXPECT_EQ(decided(p, after(ask("refund", usd(50)), {back})), "approve");
  const auto asks = with_budget(std::string(monthly) + R"(, "beyond": "deny",
      "where": "entry.reversed || !entry.reversed"})");
  EXPECT_EQ(decided(asks, after(ask("refund", usd(50)), {back})), "deny");
}

TEST(Budget, HasAConditionThatIsThreeValued) {
  const auto p = with_budget(std::string(monthly) + R"(, "beyond": "deny", "when": "contact.ok"})");
  const auto over = ask("refund", usd(51));
  EXPECT_EQ(decided(p, with_fact(over, "ok", true)), "deny");
  EXPECT_EQ(decided(p, with_fact(over, "ok", false)), "approve");
  EXPECT_EQ(decided(p, over), "escalate fact contact.ok");
  EXPECT_EQ(decided(p, ask("refund", usd(50))), "approve");
}

}  // namespace
}  // namespace leeway::engine_test
