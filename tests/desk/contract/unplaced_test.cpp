// SPDX-License-Identifier: Apache-2.0
// Acts that lack a part of what a budget is kept by may be anybody's: limits count them for
// everybody.
#include "desk/contract/support.hpp"

namespace leeway::desk_test {
namespace {

LEEWAY_ON_EVERY_STORE(Unplaced);

/// A policy of the same actions that keeps no budget, so it wants no key.
policy free_policy() {
  auto made = parse_policy(R"({"format": "leeway-policy/1", "id": "q", "version": "1",
    "currency": "USD", "roles": [{"id": "agent"}],
    "actions": [{"id": "waiver"}, {"id": "visit", "amount": "none"}],
    "grants": [{"id": "G1", "to": "agent", "for": ["*"]}]})");
  if (!made) throw std::runtime_error(render(made.error()));
  return *std::move(made);
}

/// By nobody knows whom for.
request keyless(const char* id, std::int64_t dollars) {
  request r = proposal(id, dollars, "");
  r.policy = "q";
  if (dollars == 0) r.action = {.kind = "visit"};
  return r;
}
request of_p(const char* id, std::int64_t dollars, const char* customer = "c-1") {
  request r = proposal(id, dollars, customer);
  r.policy = "p";
  return r;
}

answer decided(desk& d, const request& r) {
  auto a = d.decide(r);
  if (!a) throw std::runtime_error(render(a.error()));
  return *std::move(a);
}

TEST_P(Unplaced, OfNoAmountNarrowNobody) {
  const auto d = open_with({sample(), free_policy()});
  EXPECT_EQ(decided(*d, keyless("q1", 0)).state, decision_state::approved);
  EXPECT_EQ(decided(*d, of_p("r1", 50)).state, decision_state::approved);
  EXPECT_EQ(decided(*d, of_p("r2", 50)).state, decision_state::approved);
  EXPECT_EQ(decided(*d, of_p("r3", 1)).state, decision_state::denied);
  const auto b1 = d->budget("p", "B1", {{"customer.id", "c-2"}});
  ASSERT_TRUE(b1) << render(b1.error());
  EXPECT_FALSE(b1->used.at_least);
  EXPECT_EQ(b1->used.amount, usd(0));
  EXPECT_EQ(b1->used.count, 1);
  EXPECT_EQ(b1->without_key, usd(0));
  EXPECT_EQ(b1->acts_without_key, 1);
}

TEST_P(Unplaced, CountForEverybody) {
  const auto d = open_with({sample(), free_policy()});
  const answer lost = decided(*d, keyless("q1", 30));
  EXPECT_EQ(lost.state, decision_state::approved);
  EXPECT_EQ(decided(*d, of_p("r1", 50)).state, decision_state::approved);
  EXPECT_EQ(decided(*d, of_p("r2", 21)).state, decision_state::denied);
  EXPECT_EQ(decided(*d, of_p("r3", 20)).state, decision_state::approved);
  EXPECT_EQ(decided(*d, of_p("r4", 50, "c-2")).state, decision_state::approved);
  EXPECT_EQ(decided(*d, of_p("r5", 21, "c-2")).state, decision_state::denied);
  EXPECT_EQ(used(*d, "B1", "customer.id", "c-1"), 100'00);
  EXPECT_EQ(used(*d, "B1", "customer.id", "c-3"), 30'00);
  EXPECT_EQ(d->budget("p", "B1", {{"customer.id", "c-1"}})->without_key, usd(30));
  // Settled for less, and released, like any other.
  ASSERT_TRUE(d->settle(lost.id, {.amount = usd(10)}));
  EXPECT_EQ(used(*d, "B1", "customer.id", "c-1"), 80'00);
  const answer other = decided(*d, keyless("q2", 5));
  EXPECT_EQ(used(*d, "B1", "customer.id", "c-1"), 85'00);
  ASSERT_TRUE(d->void_decision(other.id));
  EXPECT_EQ(used(*d, "B1", "customer.id", "c-1"), 80'00);
  // When they leave the window they do so for everybody.
  clock_.pass(span(91 * 86'400));
  EXPECT_EQ(used(*d, "B1", "customer.id", "c-1"), 0);
}

// A condition may read a measure either way, so what may be theirs makes it a lower bound.
TEST_P(Unplaced, MakeAMeasureALowerBound) {
  const auto d = open_with({sample(), free_policy()});
  decided(*d, keyless("q1", 30));
  const auto waivers = d->budget("p", "waivers", {{"customer.id", "c-1"}});
  ASSERT_TRUE(waivers) << render(waivers.error());
  EXPECT_TRUE(waivers->used.at_least);
  EXPECT_EQ(waivers->used.count, 0);
}

TEST_P(Unplaced, CountForABudgetThatIsPublishedLater) {
  const auto d = open_with({free_policy()});
  decided(*d, keyless("q1", 30));
  decided(*d, keyless("q2", 0));
  ASSERT_TRUE(d->publish(sample()));
  EXPECT_EQ(used(*d, "B1", "customer.id", "c-1"), 30'00);
  EXPECT_EQ(decided(*d, of_p("r1", 50)).state, decision_state::approved);
  EXPECT_EQ(decided(*d, of_p("r2", 21)).state, decision_state::denied);
}

// Whether it counts for the budget is not known, so it is taken to.
TEST_P(Unplaced, AreLikeThoseOfWhichItIsNotKnownWhetherTheyCount) {
  const auto d = open_with({policy_of(R"("version": "1",
    "facts": {"entry.tier": "string"},
    "roles": [{"id": "agent"}], "actions": [{"id": "waiver"}],
    "grants": [{"id": "G1", "to": "agent", "for": ["waiver"], "up_to": "60 USD"}],
    "budgets": [{"id": "B1", "per": ["customer.id"], "for": ["waiver"], "window": "P90D",
                 "where": "entry.tier == 'plus'", "amount": "100 USD", "beyond": "deny"}])")});
  EXPECT_EQ(decided(*d, proposal("r1", 60)).state, decision_state::approved);
  EXPECT_EQ(used(*d, "B1", "customer.id", "c-1"), 60'00);
  EXPECT_EQ(decided(*d, proposal("r2", 60)).state, decision_state::denied);
  EXPECT_EQ(decided(*d, proposal("r3", 40)).state, decision_state::approved);
  EXPECT_EQ(decided(*d, proposal("r4", 60, "c-2")).state, decision_state::approved);
}

}  // namespace
}  // namespace leeway::desk_test
