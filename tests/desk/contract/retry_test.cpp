// SPDX-License-Identifier: Apache-2.0
// Who asks again is told what was decided, and where it stands now.
#include "desk/contract/support.hpp"

#include <gmock/gmock.h>

namespace leeway::desk_test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

LEEWAY_ON_EVERY_STORE(Retrying);

answer asked(desk& d, const request& r) {
  auto a = d.decide(r);
  if (!a) throw std::runtime_error(render(a.error()));
  return *std::move(a);
}

TEST_P(Retrying, TellsToDoOnlyWhatIsHeld) {
  const auto d = open();
  const answer first = asked(*d, proposal("r1", 20));
  EXPECT_EQ(first.next, next_step::do_it);
  EXPECT_EQ(first.amount, usd(20));
  EXPECT_THAT(to_json(first), HasSubstr(R"("next":"do_it")"));
  EXPECT_THAT(to_json(first), HasSubstr(R"("desk":{"state":"approved","amount":"20.00 USD")"));
  EXPECT_THAT(to_json(first), HasSubstr(R"("repeated":false})"));
  ASSERT_TRUE(d->void_decision(first.id));
  const answer again = asked(*d, proposal("r1", 20));
  EXPECT_EQ(again.state, decision_state::voided);
  EXPECT_EQ(again.next, next_step::stop);
  EXPECT_EQ(again.amount, std::nullopt);
  EXPECT_EQ(again.json, first.json);
  EXPECT_EQ(again.decision.next, next_step::do_it);
  EXPECT_THAT(to_json(again), Not(HasSubstr("do_it")));
  EXPECT_THAT(to_json(again), HasSubstr(R"("desk":{"state":"voided","repeated":true}})"));
}

TEST_P(Retrying, TellsWhatWasGrantedMeanwhile) {
  const auto d = open();
  const answer first = asked(*d, proposal("r1", 60));
  EXPECT_EQ(first.next, next_step::get_approval);
  ASSERT_TRUE(
      d->resolve(first.id, {.by = person("l-1", "lead"), .granted = true, .amount = usd(55)}));
  const answer granted = asked(*d, proposal("r1", 60));
  EXPECT_EQ(granted.next, next_step::do_it);
  EXPECT_EQ(granted.amount, usd(55));
  EXPECT_EQ(granted.json, first.json);
  ASSERT_TRUE(d->settle(first.id, {.amount = usd(50)}));
  const answer settled = asked(*d, proposal("r1", 60));
  EXPECT_EQ(settled.next, next_step::stop);
  EXPECT_EQ(settled.amount, usd(50));
}

TEST_P(Retrying, TellsWhatWasDeclinedOrSuperseded) {
  const auto d = open();
  const answer first = asked(*d, proposal("r1", 60));
  ASSERT_TRUE(d->resolve(first.id, {.by = person("l-1", "lead"), .note = "not our delay"}));
  EXPECT_EQ(asked(*d, proposal("r1", 60)).next, next_step::stop);
  asked(*d, proposal("r2", 60));
  request third = proposal("r3", 40);
  third.supersedes = "r2";
  asked(*d, third);
  const answer superseded = asked(*d, proposal("r2", 60));
  EXPECT_EQ(superseded.state, decision_state::superseded);
  EXPECT_EQ(superseded.next, next_step::stop);
}

// Nobody called `expire` yet: who asks again notices.
TEST_P(Retrying, NoticesThatAHoldRanOut) {
  const auto d = open();
  const answer first = asked(*d, proposal("r1", 20));
  clock_.pass(span(7 * 86'400));
  const answer again = asked(*d, proposal("r1", 20));
  EXPECT_EQ(again.state, decision_state::expired);
  EXPECT_EQ(again.next, next_step::stop);
  EXPECT_EQ(d->history(first.id)->size(), 2U);
  EXPECT_EQ(used(*d, "B1", "customer.id", "c-1"), 0);
}

TEST_P(Retrying, TellsWhatWasSaidWhateverBecameOfThePolicy) {
  const auto d = open();
  const answer first = asked(*d, proposal("r1", 20));
  ASSERT_TRUE(d->suspend("p", "", "a mistake in it"));
  EXPECT_EQ(asked(*d, proposal("r1", 20)).decision.findings, first.decision.findings);
  const answer denied = asked(*d, proposal("r2", 20));
  EXPECT_EQ(denied.state, decision_state::denied);
  ASSERT_TRUE(d->suspend("p", "", std::nullopt));
  EXPECT_EQ(asked(*d, proposal("r2", 20)).decision.findings, denied.decision.findings);
  EXPECT_FALSE(denied.decision.findings.empty());
  // Two versions that begin together: none is meant without being named, but this was decided.
  ASSERT_TRUE(d->publish(policy_of(R"("version": "2", "roles": [{"id": "agent"}],
    "actions": [{"id": "waiver"}], "grants": [{"id": "G1", "to": "agent", "for": ["waiver"]}])")));
  EXPECT_EQ(code_of(d->decide(proposal("r3", 20))), "policy_ambiguous");
  EXPECT_EQ(asked(*d, proposal("r1", 20)).decision.findings, first.decision.findings);
}

}  // namespace
}  // namespace leeway::desk_test
