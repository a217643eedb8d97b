// SPDX-License-Identifier: Apache-2.0
#include "engine/support.hpp"

#include <gtest/gtest.h>

namespace leeway::engine_test {
namespace {

policy with_measure(const std::string& measure, const std::string& when) {
  return policy_of(R"("roles": [{"id": "agent"}], "facts": {"entry.category": "string"},
      "actions": [{"id": "refund"}, {"id": "credit"}],
      "grants": [{"id": "G", "to": "agent", "for": "*"}],
      "measures": [{"id": "m", "per": "customer.id", )" +
                   measure + R"(}],
      "rules": [{"id": "R", "when": ")" +
                   when + R"(", "then": "deny"}])");
}

std::string decided(const policy& p, const request& r) { return answer(p.decide(r)); }

std::vector<history_entry> two() {
  return {entry("refund", usd(20), "2026-06-01T00:00:00Z"),
          entry("credit", usd(30), "2026-06-14T00:00:00Z")};
}

TEST(Measure, CountsEntriesOfItsKinds) {
  const auto refunds = with_measure(R"("kinds": "refund", "window": "P30D")", "usage.m >= 2");
  EXPECT_EQ(decided(refunds, after(ask("refund", usd(5)), two())), "approve");
  const auto all = with_measure(R"("kinds": "*", "window": "P30D")", "usage.m >= 2");
  EXPECT_EQ(decided(all, after(ask("refund", usd(5)), two())), "deny");
}

TEST(Measure, SumsAndTakesTheLargest) {
  const auto sum = with_measure(R"("kinds": "*", "window": "P30D", "take": "sum")",
                                "usage.m >= money('50 USD')");
  EXPECT_EQ(decided(sum, after(ask("refund", usd(5)), two())), "deny");
  EXPECT_EQ(decided(sum, ask("refund", usd(5))), "approve");
  const auto max =
      with_measure(R"("kinds": "*", "window": "P30D", "take": "max")", "usage.m > money('30 USD')");
  EXPECT_EQ(decided(max, after(ask("refund", usd(5)), two())), "approve");
}

TEST(Measure, TellsTheLastInstantOrThatThereIsNone) {
  const auto p = with_measure(R"("kinds": "*", "window": "lifetime", "take": "last_at")",
                              "has(usage.m) && at - usage.m < duration('36h')");
  EXPECT_EQ(decided(p, ask("refund", usd(5))), "approve");
  EXPECT_EQ(decided(p, after(ask("refund", usd(5)), two())), "approve");  // 36 hours, to the second
  auto later = two();
  later.back().at = at("2026-06-14T00:00:01Z");
  EXPECT_EQ(decided(p, after(ask("refund", usd(5)), later)), "deny");
}

TEST(Measure, TestsEntriesByWhere) {
  const auto p = with_measure(
      R"("kinds": "*", "window": "P30D", "where": "entry.category == 'goods'")", "usage.m >= 1");
  auto history = two();
  for (auto& e : history) e.attributes.emplace("category", "services");
  EXPECT_EQ(decided(p, after(ask("refund", usd(5)), history)), "approve");
  history.front().attributes.insert_or_assign("category", value("goods"));
  EXPECT_EQ(decided(p, after(ask("refund", usd(5)), history)), "deny");
  history.front().attributes.clear();
  EXPECT_EQ(decided(p, after(ask("refund", usd(5)), history)), "escalate fact usage.m");
}

TEST(Measure, WithoutHistoryIsUnknownNeverZero) {
  const auto p = with_measure(R"("kinds": "*", "window": "P30D")", "usage.m >= 1");
  auto r = ask("refund", usd(5));
  r.history.reset();
  EXPECT_EQ(decided(p, r), "escalate fact usage.m");
  EXPECT_EQ(answer(p.decide(r, usage::empty())), "approve");
  r.usage["m"].count = 1;
  EXPECT_EQ(decided(p, r), "deny");
}

TEST(Measure, IsKnownAsFarBackAsHistoryIsComplete) {
  const auto p = with_measure(R"("kinds": "*", "window": "P30D")", "usage.m >= 1");
  auto r = ask("refund", usd(5));
  r.history_since = at("2026-05-16T12:00:00Z");
  EXPECT_EQ(decided(p, r), "approve");
  r.history_since = at("2026-05-17T00:00:00Z");
  EXPECT_EQ(decided(p, r), "escalate fact usage.m");
}

TEST(Measure, AnEntryOfUnknownAmountMakesASumUnknownButNotACount) {
  auto history = two();
  history.front().amount.reset();
  const auto r = after(ask("refund", usd(5)), history);
  const auto sum =
      with_measure(R"("kinds": "*", "window": "P30D", "take": "sum")", "usage.m > money('90 USD')");
  EXPECT_EQ(decided(sum, r), "escalate fact usage.m");
  const auto count = with_measure(R"("kinds": "*", "window": "P30D")", "usage.m > 2");
  EXPECT_EQ(decided(count, r), "approve");
}

TEST(Usage, ThatIsNeededIsListedWithItsKeys) {
  const auto p = with_measure(R"("kinds": "*", "window": "P30D")", "usage.m >= 1");
  auto r = ask("refund", usd(5));
  auto needed = p.usage_needed(r);
  ASSERT_EQ(needed.size(), 1U);
  EXPECT_EQ(needed.front().id, rule_id("m"));
  EXPECT_EQ(needed.front().kind, usage_kind::measure);
  EXPECT_EQ(needed.front().keys, (usage_keys{{"customer.id", "c-1"}}));
  r.customer.id = {};
  needed = p.usage_needed(r);
  EXPECT_EQ(needed.front().missing, (names{"customer.id"}));
}

TEST(Usage, CountedForAnotherKeyIsUnknown) {
  const auto p = with_measure(R"("kinds": "*", "window": "P30D")", "usage.m >= 1");
  usage other;
  other.set("m", {.count = 0, .keys = usage_keys{{"customer.id", "c-2"}}});
  EXPECT_EQ(answer(p.decide(ask("refund", usd(5)), other)), "escalate fact usage.m");
  usage own;
  own.set("m", {.count = 0, .keys = usage_keys{{"customer.id", "c-1"}}});
  EXPECT_EQ(answer(p.decide(ask("refund", usd(5)), own)), "approve");
}

TEST(Usage, GrowsByTheEntryOfAnApprovedDecision) {
  const auto p = policy_of(R"("roles": [{"id": "agent"}], "actions": [{"id": "refund"}],
      "grants": [{"id": "G", "to": "agent", "for": "*"}],
      "budgets": [{"id": "B", "for": "*", "per": ["customer.id", "agent.id"], "window": "P30D",
                   "amount": "50 USD", "beyond": "deny"}])");
  auto r = ask("refund", usd(30));
  const auto first = p.decide(r);
  ASSERT_EQ(answer(first), "approve");
  r.history->push_back(p.entry_of(r, first));
  EXPECT_EQ(p.usage_of(r).find("B")->amount, usd(30));
  EXPECT_EQ(decided(p, r), "deny");
  r.action.amount = usd(20);
  EXPECT_EQ(decided(p, r), "approve");
}

}  // namespace
}  // namespace leeway::engine_test
