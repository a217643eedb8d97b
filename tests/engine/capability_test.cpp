// SPDX-License-Identifier: Apache-2.0
// What may be done, and how a decision is explained, by examples.
#include "engine/support.hpp"

#include <leeway/engine/capability.hpp>
#include <leeway/engine/explanation.hpp>

#include <gtest/gtest.h>

namespace leeway::engine_test {
namespace {

const std::string ladder = R"(
  "roles": [{"id": "agent", "escalate_to": ["lead"]},
            {"id": "lead", "title": "Team lead", "includes": ["agent"], "escalate_to": ["chief"]},
            {"id": "chief", "includes": ["lead"]}],
  "actions": [{"id": "credit"}, {"id": "upgrade"}],
  "grants": [{"id": "G1", "to": "agent", "for": ["credit"], "up_to": "50 USD"},
             {"id": "G2", "to": "lead", "for": ["credit"], "up_to": "100 USD"},
             {"id": "G3", "to": "chief", "for": ["*"]}])";

request open_request() {
  auto r = ask("", std::nullopt);
  r.action.kind = {};
  return r;
}

const capability& of(const std::vector<capability>& all, const char* kind) {
  for (const auto& c : all) {
    if (c.action.view() == kind) return c;
  }
  throw std::runtime_error("no such action");
}

TEST(Capability, HasTheLargestAmountAndWhoCouldApproveMore) {
  const auto all = can(policy_of(ladder), open_request());
  ASSERT_EQ(all.size(), 2U);
  const auto& credit = of(all, "credit");
  EXPECT_EQ(credit.largest.amount, usd(50));
  EXPECT_EQ(credit.beyond, usd(50, 1));
  EXPECT_EQ(credit.in_the_way.front().rule, "G1");
  ASSERT_EQ(credit.approvals.size(), 1U);
  EXPECT_EQ(credit.approvals.front().any_of.front().title, "Team lead");
  EXPECT_EQ(credit.approvals.front().any_of.front().up_to.amount, usd(100));
  const auto& upgrade = of(all, "upgrade");
  EXPECT_FALSE(upgrade.allowed);
  EXPECT_TRUE(upgrade.approvals.front().any_of.front().up_to.unlimited);
}

TEST(Capability, ReportsGapsBelowTheLargestAmount) {
  const auto p = policy_of(ladder + R"-(, "rules": [{"id": "R1", "then": "deny",
    "when": "action.amount > money('20 USD') && action.amount < money('30 USD')"}])-");
  const auto all = can(p, open_request());
  const std::vector<amount_range> expected{{usd(0, 1), usd(20)}, {usd(30), usd(50)}};
  EXPECT_EQ(of(all, "credit").ranges, expected);
}

TEST(Capability, AsksUsageForEachActionByItself) {
  const auto p = policy_of(ladder + R"(, "budgets": [{"id": "B1", "for": ["credit", "upgrade"],
    "per": ["action.kind"], "window": "P30D", "amount": "60 USD", "beyond": "deny"}])");
  auto chief = after(open_request(), {entry("credit", usd(45), "2026-06-10T12:00:00Z")});
  chief.agent.role = "chief";
  const auto all = can(p, chief);
  EXPECT_EQ(of(all, "credit").largest.amount, usd(15));
  EXPECT_EQ(of(all, "upgrade").largest.amount, usd(60));
}

TEST(Capability, OfASuspendedPolicyIsNothing) {
  const auto all = can(policy_of(ladder).suspended("a fault in it"), open_request());
  for (const auto& c : all) {
    EXPECT_FALSE(c.allowed);
    ASSERT_EQ(c.in_the_way.size(), 1U);
    EXPECT_EQ(c.in_the_way.front().code, reason_code::policy_suspended);
  }
}

TEST(Explanation, NamesEveryRoleThatCouldApprove) {
  const auto e = explain(policy_of(ladder), ask("credit", usd(70)));
  ASSERT_EQ(e.approvals.size(), 1U);
  ASSERT_EQ(e.approvals.front().any_of.size(), 2U);
  EXPECT_EQ(e.approvals.front().any_of[0].role, "lead");
  EXPECT_EQ(e.approvals.front().any_of[1].role, "chief");
  EXPECT_EQ(e.approvals.front().any_of[1].steps, 2);
  EXPECT_EQ(e.answer,
            "Not alone: get the approval of Team lead. Or offer 50.00 USD, which you may do now.");
}

TEST(Explanation, SaysWhenABudgetFreesUp) {
  const auto p = policy_of(ladder + R"(, "budgets": [{"id": "B1", "for": ["credit"],
    "per": ["customer.id"], "window": "P30D", "amount": "60 USD", "beyond": "deny"}])");
  const auto e =
      explain(p, after(ask("credit", usd(40)), {entry("credit", usd(45), "2026-06-10T12:00:00Z")}));
  ASSERT_EQ(e.releases.size(), 1U);
  EXPECT_EQ(e.releases.front().rule, "B1");
  EXPECT_EQ(e.releases.front().at, at("2026-07-10T12:00:00Z"));
  EXPECT_TRUE(e.answer.starts_with("No")) << e.answer;
}

TEST(Explanation, TellsWhatWasSilentAndWhy) {
  const auto p = policy_of(ladder + R"(, "facts": {"contact.fraud": "bool"},
    "rules": [{"id": "R1", "when": "contact.fraud", "then": "deny"}])");
  const auto e =
      explain(p, with_fact(ask("credit", usd(20)), "fraud", value(false)), {.all = true});
  ASSERT_EQ(e.silent.size(), 3U);
  EXPECT_EQ(e.silent[0].why, "for lead, whom it would let do this");
  EXPECT_EQ(e.silent[2].why, "its condition does not hold");
  ASSERT_EQ(e.silent[2].readings.size(), 1U);
  EXPECT_EQ(e.silent[2].readings.front().tree.truth, false);
}

}  // namespace
}  // namespace leeway::engine_test
