// SPDX-License-Identifier: Apache-2.0
#include "desk/contract/plain_task.hpp"
#include "desk/contract/support.hpp"

#include <leeway/engine/json.hpp>

#include <stdexcept>

namespace leeway::desk_test {
namespace {

LEEWAY_ON_EVERY_STORE(Life);

answer approved(desk& d, const request& r) {
  auto a = d.decide(r);
  if (!a) throw std::runtime_error(render(a.error()));
  if (a->state != decision_state::approved) throw std::runtime_error("not approved: " + a->json);
  return *std::move(a);
}

answer waiting(desk& d, const request& r) {
  auto a = d.decide(r);
  if (!a) throw std::runtime_error(render(a.error()));
  if (a->state != decision_state::waiting) throw std::runtime_error("does not wait: " + a->json);
  return *std::move(a);
}

request credit(const char* id, std::int64_t dollars, const char* customer = "c-1") {
  request r = proposal(id, dollars, customer);
  r.action.kind = "credit";
  return r;
}

TEST_P(Life, ChargesTheActualCost) {
  const auto d = open();
  const answer a = approved(*d, proposal("r1", 50));
  const auto settled = d->settle(a.id, {.amount = usd(30), .by = "till", .note = "part"});
  ASSERT_TRUE(settled) << render(settled.error());
  EXPECT_EQ(settled->state, decision_state::settled);
  EXPECT_EQ(settled->charged, usd(30));
  EXPECT_EQ(used(*d, "B1", "customer.id", "c-1"), 30'00);
  EXPECT_EQ(d->history(a.id)->size(), 2U);
  // Again is a retry; another amount, or anything else, is refused.
  EXPECT_TRUE(d->settle(a.id, {.amount = usd(30)}));
  EXPECT_EQ(d->history(a.id)->size(), 2U);
  EXPECT_EQ(code_of(d->settle(a.id, {.amount = usd(20)})), "is_settled");
  EXPECT_EQ(code_of(d->void_decision(a.id)), "is_settled");
}

TEST_P(Life, ChargesNoMoreThanIsHeld) {
  const auto d = open();
  const answer a = approved(*d, proposal("r1", 50));
  EXPECT_EQ(code_of(d->settle(a.id, {.amount = usd(50, 1)})), "above_hold");
  EXPECT_EQ(code_of(d->settle(a.id, {.amount = eur(5)})), "wrong_currency");
  EXPECT_EQ(code_of(d->settle(a.id, {.amount = usd(-5)})), "negative_amount");
  EXPECT_EQ(code_of(d->settle("dec-nothing")), "decision_unknown");
  ASSERT_TRUE(d->settle(a.id));
  EXPECT_EQ(used(*d, "B1", "customer.id", "c-1"), 50'00);
}

TEST_P(Life, GivesBackWhatIsVoided) {
  const auto d = open();
  const answer a = approved(*d, proposal("r1", 50));
  const auto voided = d->void_decision(a.id, "a-1", "the customer declined");
  ASSERT_TRUE(voided);
  EXPECT_EQ(voided->state, decision_state::voided);
  EXPECT_EQ(voided->note, "the customer declined");
  EXPECT_EQ(used(*d, "B1", "customer.id", "c-1"), 0);
  EXPECT_TRUE(d->void_decision(a.id));
  EXPECT_EQ(code_of(d->settle(a.id)), "is_voided");
}

TEST_P(Life, ExpiresWhatIsNotSettledInTime) {
  const auto d = open();
  const answer a = approved(*d, proposal("r1", 50));
  const answer b = approved(*d, proposal("r2", 50));
  ASSERT_TRUE(d->settle(b.id));
  clock_.pass(span(7 * 86'400 - 1));
  EXPECT_TRUE(d->expire()->empty());
  EXPECT_EQ(used(*d, "B1", "customer.id", "c-1"), 100'00);
  clock_.pass(span(1));
  const auto expired = d->expire();
  ASSERT_TRUE(expired) << render(expired.error());
  ASSERT_EQ(expired->size(), 1U);
  EXPECT_EQ(expired->front().id, a.id);
  EXPECT_EQ(expired->front().state, decision_state::expired);
  EXPECT_EQ(used(*d, "B1", "customer.id", "c-1"), 50'00);
  EXPECT_EQ(code_of(d->settle(a.id)), "is_expired");
}

TEST_P(Life, NoticesAnExpiryWhenItIsSettledTooLate) {
  const auto d = open();
  const answer a = approved(*d, proposal("r1", 50));
  clock_.pass(span(8 * 86'400));
  EXPECT_EQ(code_of(d->settle(a.id)), "is_expired");
  EXPECT_EQ(d->show(a.id)->state, decision_state::expired);
  EXPECT_EQ(used(*d, "B1", "customer.id", "c-1"), 0);
}

TEST_P(Life, LetsAnApproverGrant) {
  const auto d = open();
  const answer a = waiting(*d, proposal("r1", 60));
  EXPECT_EQ(used(*d, "B1", "customer.id", "c-1"), 0);
  const auto inbox = d->inbox({"lead"});
  ASSERT_TRUE(inbox);
  ASSERT_EQ(inbox->size(), 1U);
  EXPECT_EQ(inbox->front().request.action.amount, usd(60));
  EXPECT_FALSE(inbox->front().why.empty());
  EXPECT_EQ(inbox->front().due, at("2026-03-10T16:00:00Z"));
  EXPECT_TRUE(d->inbox({"agent"})->empty());

  const resolution yes{.by = person("l-1", "lead"), .granted = true};
  const auto granted = d->resolve(a.id, yes);
  ASSERT_TRUE(granted) << render(granted.error());
  EXPECT_EQ(granted->state, decision_state::approved);
  EXPECT_EQ(used(*d, "B1", "customer.id", "c-1"), 60'00);
  EXPECT_TRUE(d->inbox()->empty());
  EXPECT_TRUE(d->resolve(a.id, yes));
  EXPECT_EQ(d->history(a.id)->size(), 2U);
  EXPECT_EQ(code_of(d->resolve(a.id, {.by = person("l-2", "lead"), .granted = true})),
            "is_approved");
  ASSERT_TRUE(d->settle(a.id));
}

TEST_P(Life, LetsAnApproverGrantAnotherAmount) {
  const auto d = open();
  approved(*d, proposal("r0", 50));
  const answer a = waiting(*d, proposal("r1", 60, "c-2"));
  EXPECT_EQ(
      code_of(d->resolve(a.id, {.by = person("l-1", "lead"), .granted = true, .amount = usd(61)})),
      "above_proposed");
  const auto granted =
      d->resolve(a.id, {.by = person("l-1", "lead"), .granted = true, .amount = usd(55)});
  ASSERT_TRUE(granted) << render(granted.error());
  EXPECT_EQ(granted->amount, usd(55));
  EXPECT_EQ(used(*d, "B1", "customer.id", "c-2"), 55'00);
}

TEST_P(Life, DeclinesWithAReason) {
  const auto d = open();
  const answer a = waiting(*d, proposal("r1", 60));
  EXPECT_EQ(code_of(d->resolve(a.id, {.by = person("l-1", "lead")})), "reason_missing");
  EXPECT_EQ(code_of(d->resolve(a.id, {.by = person("l-1", "lead"), .note = " \t\xC2\xA0"})),
            "reason_missing");
  EXPECT_EQ(code_of(d->resolve(a.id, {.by = person("a-2", "agent"), .note = "no"})),
            "approver_not_competent");
  const auto declined = d->resolve(a.id, {.by = person("l-1", "lead"), .note = "not our fault"});
  ASSERT_TRUE(declined) << render(declined.error());
  EXPECT_EQ(declined->state, decision_state::declined);
  EXPECT_EQ(declined->note, "not our fault");
  EXPECT_EQ(code_of(d->resolve(a.id, {.by = person("l-1", "lead"), .granted = true})),
            "is_declined");
}

TEST_P(Life, TakesAnotherCompetentPersonToGrant) {
  const auto d = open();
  const answer a = waiting(*d, proposal("r1", 60));
  EXPECT_EQ(code_of(d->resolve(a.id, {.by = person("A-1 ", "lead"), .granted = true})),
            "approver_is_proposer");
  EXPECT_EQ(code_of(d->resolve(a.id, {.by = person("a-2", "agent"), .granted = true})),
            "approver_not_competent");
  EXPECT_EQ(code_of(d->resolve(a.id, {.by = person("", "lead"), .granted = true})),
            "approver_unknown");
  EXPECT_EQ(d->show(a.id)->state, decision_state::waiting);
}

// A smaller amount the proposer could have had alone; granting it is still for those who are asked.
TEST_P(Life, TakesWhoIsAskedToGrantLess) {
  const auto d = open();
  const answer a = waiting(*d, proposal("r1", 60));
  const auto by = [&](const char* id, const char* role) {
    return code_of(d->resolve(a.id, {.by = person(id, role), .granted = true, .amount = usd(20)}));
  };
  EXPECT_EQ(by("a-2", "agent"), "approver_not_competent");
  EXPECT_EQ(by("l-1", "boss"), "approver_unknown");
  EXPECT_EQ(code_of(d->resolve(a.id, {.by = person("l-1", "boss"), .note = "no"})),
            "approver_unknown");
  EXPECT_EQ(by("m-1", "manager"), "none");
  EXPECT_EQ(used(*d, "B1", "customer.id", "c-1"), 20'00);
  // A lead could have signed for 40 dollars, but not for what is asked.
  request much = credit("r2", 90, "c-2");
  ASSERT_TRUE(d->publish(policy_of(R"("version": "2", "effective": {"from": "2026-01-01"},
    "roles": [{"id": "agent", "escalate_to": ["lead"]},
              {"id": "lead", "includes": ["agent"], "escalate_to": ["manager"]},
              {"id": "manager", "includes": ["lead"]}],
    "actions": [{"id": "credit"}],
    "grants": [{"id": "G1", "to": "lead", "for": ["credit"], "up_to": "50 USD"},
               {"id": "G2", "to": "manager", "for": ["credit"], "up_to": "250 USD"}])")));
  const answer b = waiting(*d, much);
  EXPECT_EQ(
      code_of(d->resolve(b.id, {.by = person("l-1", "lead"), .granted = true, .amount = usd(40)})),
      "approver_not_competent");
  EXPECT_EQ(code_of(d->resolve(
                b.id, {.by = person("m-1", "manager"), .granted = true, .amount = usd(40)})),
            "none");
}

TEST_P(Life, AsksForWhatAnApproversBudgetIsKeptBy) {
  const auto d = open_with({policy_of(R"("version": "1",
    "roles": [{"id": "agent", "escalate_to": ["lead"]}, {"id": "lead", "includes": ["agent"]}],
    "actions": [{"id": "waiver"}],
    "grants": [{"id": "G1", "to": "agent", "for": ["waiver"], "up_to": "50 USD"},
               {"id": "G2", "to": "lead", "for": ["waiver"], "up_to": "250 USD"}],
    "budgets": [{"id": "B-team", "per": ["agent.team"], "for": ["waiver"], "window": "P7D",
                 "amount": "300 USD", "beyond": "deny"}])")});
  request r = proposal("r1", 60);
  r.agent.team = "t-1";
  const answer a = waiting(*d, r);
  const auto refused = d->resolve(a.id, {.by = person("l-1", "lead"), .granted = true});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().front().code, "approver_unknown");
  EXPECT_NE(render(refused.error()).find("--team"), std::string::npos) << render(refused.error());
  agent lead = person("l-1", "lead");
  lead.team = "t-2";
  EXPECT_TRUE(d->resolve(a.id, {.by = lead, .granted = true}));
}

TEST_P(Life, HoldsAnApproverToTheirOwnBudget) {
  const auto d = open();
  // B2: 400 dollars of credits a day and agent; leads may grant up to 250 each.
  for (const char* id : {"r1", "r2", "r3"}) {
    request r = credit(id, 90, id);
    r.agent.id = std::string("a-") + id;
    const answer a = waiting(*d, r);
    const auto granted = d->resolve(a.id, {.by = person("l-1", "lead"), .granted = true});
    ASSERT_TRUE(granted) << render(granted.error());
  }
  EXPECT_EQ(used(*d, "B2", "agent.id", "l-1"), 270'00);
  EXPECT_EQ(used(*d, "B2", "agent.id", "a-r1"), 90'00);
  request r4 = credit("r4", 100, "c-4");
  request r5 = credit("r5", 40, "c-5");
  const answer a4 = waiting(*d, r4);
  ASSERT_TRUE(d->resolve(a4.id, {.by = person("l-1", "lead"), .granted = true}));
  const answer a5 = waiting(*d, r5);
  EXPECT_EQ(code_of(d->resolve(a5.id, {.by = person("l-1", "lead"), .granted = true})),
            "approver_over_budget");
  EXPECT_TRUE(d->resolve(a5.id, {.by = person("l-2", "lead"), .granted = true}));
  // Given back, it is theirs again.
  ASSERT_TRUE(d->void_decision(a4.id));
  EXPECT_EQ(used(*d, "B2", "agent.id", "l-1"), 270'00);
}

/// Above 60 dollars the legal department must approve as well; 400 dollars a day and agent.
policy two_approvers() {
  return policy_of(R"json("version": "two",
  "roles": [{"id": "agent", "escalate_to": ["lead"]}, {"id": "lead", "includes": ["agent"]},
            {"id": "legal"}],
  "actions": [{"id": "waiver"}],
  "grants": [{"id": "G1", "to": "agent", "for": ["waiver"], "up_to": "50 USD"},
             {"id": "G2", "to": "lead", "for": ["*"], "up_to": "350 USD"}],
  "budgets": [{"id": "B2", "per": ["agent.id"], "for": ["*"], "window": "calendar day",
               "amount": "400 USD", "beyond": "deny"}],
  "rules": [{"id": "R1", "when": "action.amount > money('60 USD')",
             "then": {"escalate": ["legal"]}}])json");
}

TEST_P(Life, HoldsEarlierApproversToTheirOwnBudgetToo) {
  const auto d = open_with({two_approvers()});
  std::vector<answer> all;
  for (const char* id : {"r1", "r2"}) {
    request r = proposal(id, 300, id);
    r.agent.id = std::string("a-") + id;
    all.push_back(waiting(*d, r));
    // Nothing is charged yet, so there is room for both.
    const auto said = d->resolve(all.back().id, {.by = person("l-1", "lead"), .granted = true});
    ASSERT_TRUE(said) << render(said.error());
    ASSERT_EQ(said->state, decision_state::waiting);
  }
  const auto first = d->resolve(all[0].id, {.by = person("g-1", "legal"), .granted = true});
  ASSERT_TRUE(first) << render(first.error());
  EXPECT_EQ(first->state, decision_state::approved);
  const auto second = d->resolve(all[1].id, {.by = person("g-2", "legal"), .granted = true});
  ASSERT_EQ(code_of(second), "approver_over_budget");
  EXPECT_NE(second.error().front().message.find("l-1"), std::string::npos);
  EXPECT_EQ(used(*d, "B2", "agent.id", "l-1"), 300'00);
  EXPECT_EQ(used(*d, "B2", "agent.id", "g-2"), 0);
  EXPECT_EQ(d->show(all[1].id)->state, decision_state::waiting);
  // What there is room for can be granted.
  const auto less =
      d->resolve(all[1].id, {.by = person("g-2", "legal"), .granted = true, .amount = usd(100)});
  ASSERT_TRUE(less) << render(less.error());
  EXPECT_EQ(less->state, decision_state::approved);
  EXPECT_EQ(used(*d, "B2", "agent.id", "l-1"), 400'00);
}

TEST_P(Life, TakesAGrantAgainAfterSomebodyElseGaveLess) {
  const auto d = open_with({two_approvers()});
  const answer a = waiting(*d, proposal("r1", 100));
  const resolution lead{.by = person("l-1", "lead"), .granted = true};
  ASSERT_TRUE(d->resolve(a.id, lead));
  ASSERT_TRUE(d->resolve(a.id, lead));
  EXPECT_EQ(d->history(a.id)->size(), 2U);
  const resolution legal{.by = person("g-1", "legal"), .granted = true, .amount = usd(70)};
  ASSERT_TRUE(d->resolve(a.id, legal));
  for (const resolution& again : {lead, legal}) {
    const auto same = d->resolve(a.id, again);
    ASSERT_TRUE(same) << render(same.error());
    EXPECT_EQ(same->amount, usd(70));
  }
  EXPECT_EQ(d->history(a.id)->size(), 3U);
  // Another amount than their own is no retry.
  EXPECT_EQ(
      code_of(d->resolve(a.id, {.by = person("l-1", "lead"), .granted = true, .amount = usd(70)})),
      "is_approved");
}

TEST_P(Life, CountsWhatWasGrantedLateInWhatIsPublishedNext) {
  const std::string roles = R"(
  "roles": [{"id": "agent", "escalate_to": ["lead"]}, {"id": "lead", "includes": ["agent"]}],
  "actions": [{"id": "waiver"}],
  "grants": [{"id": "G1", "to": "agent", "for": ["waiver"], "up_to": "50 USD"},
             {"id": "G2", "to": "lead", "for": ["*"], "up_to": "250 USD"}])";
  const auto d = open_with({policy_of(R"("version": "1",)" + roles)});
  const answer granted = waiting(*d, proposal("r1", 100));
  const answer old = approved(*d, proposal("r0", 20));
  // What is counted is when it took effect, not when it was proposed.
  clock_.pass(span(60 * 86'400));
  ASSERT_TRUE(d->resolve(granted.id, {.by = person("l-1", "lead"), .granted = true}));
  ASSERT_TRUE(d->settle(old.id));
  clock_.pass(span(3600));
  ASSERT_TRUE(
      d->publish(policy_of(R"("version": "2", "effective": {"from": "2026-05-09"},)" + roles + R"(,
  "budgets": [{"id": "B", "per": ["customer.id"], "for": ["*"], "window": "P7D",
               "amount": "120 USD", "beyond": "deny"}])")));
  EXPECT_EQ(used(*d, "B", "customer.id", "c-1"), 100'00);
  const auto more = d->decide(proposal("r2", 30));
  ASSERT_TRUE(more) << render(more.error());
  EXPECT_EQ(more->state, decision_state::denied);
  approved(*d, proposal("r3", 20));
  EXPECT_EQ(used(*d, "B", "customer.id", "c-1"), 120'00);
}

TEST_P(Life, DeniesAGrantThatWouldExceedAHardBudget) {
  const auto d = open();
  const answer a = waiting(*d, proposal("r1", 60));
  approved(*d, proposal("r2", 50));
  EXPECT_EQ(code_of(d->resolve(a.id, {.by = person("l-1", "lead"), .granted = true})),
            "grant_denied");
  EXPECT_EQ(d->show(a.id)->state, decision_state::waiting);
  EXPECT_TRUE(d->resolve(a.id, {.by = person("l-1", "lead"), .granted = true, .amount = usd(50)}));
}

TEST_P(Life, PassesOnAtTheDeadline) {
  desk_options how = options();
  std::vector<std::string> told;
  how.on_waiting = [&](const standing& s) { told.push_back(s.waits_for().front().str()); };
  const auto d = open(how);
  const answer a = waiting(*d, proposal("r1", 60));
  clock_.pass(span(4 * 3600));
  const auto passed = d->expire();
  ASSERT_TRUE(passed) << render(passed.error());
  ASSERT_EQ(passed->size(), 1U);
  EXPECT_EQ(passed->front().waits_for(), std::vector<role_id>{"manager"});
  EXPECT_EQ(passed->front().due, at("2026-03-10T20:00:00Z"));
  EXPECT_EQ(told, (std::vector<std::string>{"lead", "manager"}));
  EXPECT_TRUE(d->inbox({"lead"})->empty());
  // Nobody is left to pass it on to: it is told, once, and waits on.
  clock_.pass(span(4 * 3600));
  const auto overdue = d->expire();
  ASSERT_TRUE(overdue) << render(overdue.error());
  ASSERT_EQ(overdue->size(), 1U);
  EXPECT_EQ(overdue->front().state, decision_state::waiting);
  EXPECT_EQ(overdue->front().due, std::nullopt);
  EXPECT_NE(d->history(a.id)->back().find(R"("event":"overdue")"), std::string::npos);
  EXPECT_EQ(told, (std::vector<std::string>{"lead", "manager", "manager"}));
  EXPECT_TRUE(d->expire()->empty());
  EXPECT_EQ(d->inbox({"manager"})->size(), 1U);
  EXPECT_TRUE(d->resolve(a.id, {.by = person("m-1", "manager"), .granted = true}));
}

TEST_P(Life, ReviewsAnActOfDiscretion) {
  const auto d = open();
  request r = proposal("r1", 70);
  r.discretion = true;
  r.note = "long wait";
  const answer a = approved(*d, r);
  EXPECT_EQ(used(*d, "D1", "agent.id", "a-1"), 70'00);
  const auto inbox = d->inbox({"lead"});
  ASSERT_TRUE(inbox);
  ASSERT_EQ(inbox->size(), 1U);
  EXPECT_EQ(inbox->front().ratification_due, at("2026-03-24T12:00:00Z"));
  EXPECT_EQ(code_of(d->ratify(a.id, {.by = person("a-1", "lead")})), "approver_is_proposer");
  EXPECT_EQ(code_of(d->ratify(a.id, {.by = person("a-2", "agent")})), "approver_not_competent");
  const auto done = d->ratify(
      a.id,
      {.by = person("l-1", "lead"), .verdict = ratification_state::coached, .note = "ask first"});
  ASSERT_TRUE(done) << render(done.error());
  EXPECT_EQ(done->ratification, ratification_state::coached);
  EXPECT_TRUE(d->inbox()->empty());
  EXPECT_EQ(code_of(d->ratify(a.id, {.by = person("l-2", "lead")})), "ratification_done");
  const answer plain = approved(*d, proposal("r2", 5));
  EXPECT_EQ(code_of(d->ratify(plain.id, {.by = person("l-1", "lead")})), "no_ratification_due");
}

TEST_P(Life, TellsWhenAGrantLeavesAReviewToDo) {
  desk_options how = options();
  std::vector<std::string> told;
  how.on_waiting = [&](const standing& s) {
    told.push_back(std::string(to_string(s.state)) + ' ' + std::string(to_string(s.ratification)));
  };
  const auto d = open_with({policy_of(R"json("version": "both",
  "roles": [{"id": "agent", "escalate_to": ["lead"]}, {"id": "lead"}, {"id": "legal"}],
  "actions": [{"id": "waiver"}],
  "grants": [{"id": "G1", "to": "agent", "for": ["waiver"], "up_to": "50 USD"}],
  "discretion": [{"id": "D1", "to": ["agent"], "for": ["waiver"], "up_to": "80 USD",
                  "per": ["agent.id"], "window": "calendar month", "amount": "200 USD"}],
  "rules": [{"id": "R1", "when": "action.amount > money('60 USD')",
             "then": {"escalate": ["legal"]}}])json")},
                           how);
  request r = proposal("r1", 70);
  r.discretion = true;
  r.note = "long wait";
  const answer a = waiting(*d, r);
  const auto granted = d->resolve(a.id, {.by = person("g-1", "legal"), .granted = true});
  ASSERT_TRUE(granted) << render(granted.error());
  EXPECT_EQ(granted->ratification, ratification_state::due);
  ASSERT_TRUE(d->settle(a.id));
  EXPECT_EQ(told, (std::vector<std::string>{"waiting not_due", "approved due"}));
}

request outside_the_lines(const char* id) {
  request r = proposal(id, 70);
  r.discretion = true;
  r.note = "the driver never came";
  return r;
}

TEST_P(Life, ReviewsNothingThatWasNotDone) {
  const auto d = open();
  const answer voided = approved(*d, outside_the_lines("r1"));
  EXPECT_EQ(d->inbox({"lead"})->size(), 1U);
  ASSERT_TRUE(d->void_decision(voided.id));
  EXPECT_TRUE(d->inbox()->empty());
  const review upheld{.by = person("l-1", "lead")};
  EXPECT_EQ(code_of(d->ratify(voided.id, upheld)), "is_voided");
  const answer expired = approved(*d, outside_the_lines("r2"));
  clock_.pass(span(7 * 86'400));
  ASSERT_EQ(d->expire()->size(), 1U);
  EXPECT_TRUE(d->inbox()->empty());
  EXPECT_EQ(code_of(d->ratify(expired.id, upheld)), "is_expired");
}

TEST_P(Life, TellsAReviewThatIsLate) {
  const auto d = open();
  const answer a = approved(*d, outside_the_lines("r1"));
  const auto settled = d->settle(a.id);
  ASSERT_TRUE(settled) << render(settled.error());
  EXPECT_EQ(settled->due, settled->ratification_due);
  clock_.pass(span(14 * 86'400));
  const auto late = d->expire();
  ASSERT_TRUE(late) << render(late.error());
  ASSERT_EQ(late->size(), 1U);
  EXPECT_EQ(late->front().state, decision_state::settled);
  EXPECT_NE(d->history(a.id)->back().find(R"("event":"overdue")"), std::string::npos);
  EXPECT_TRUE(d->expire()->empty());
  EXPECT_EQ(d->inbox({"lead"})->size(), 1U);
  EXPECT_TRUE(d->ratify(a.id, {.by = person("l-1", "lead")}));
  EXPECT_TRUE(d->inbox()->empty());
}

TEST_P(Life, ListsTheOldestFirst) {
  const auto d = open();
  for (const char* id : {"r3", "r1", "r2"}) {
    waiting(*d, proposal(id, 60, id));
    clock_.pass(span(1));
  }
  const auto all = d->inbox();
  ASSERT_TRUE(all);
  ASSERT_EQ(all->size(), 3U);
  EXPECT_EQ(all->at(0).key.id, "r3");
  EXPECT_EQ(all->at(2).key.id, "r2");
  const auto first = d->inbox({}, 1);
  ASSERT_EQ(first->size(), 1U);
  EXPECT_EQ(d->inbox({}, 5, decision_place{first->front().at, first->front().id})->size(), 2U);
}

/// Makes what is stored of a decision something that no desk wrote.
void spoil(store& books, const decision_id& id) {
  std::int64_t publications = 0;
  const auto published = books.policies();
  ASSERT_TRUE(published);
  for (const stored_policy& p : *published) publications += p.number;
  plain_task task(
      [&](store_query& q) {
        q.publications = publications;
        q.decisions = {id};
      },
      [&](const store_view& view, store_change& change) {
        stored_decision d = *view.decisions.front();
        ++d.number;
        d.body = "{";
        change.at = view.not_before;
        change.records.push_back({.subject = id.str(), .number = d.number, .body = "{}"});
        change.decisions = {std::move(d)};
        return verdict::write;
      });
  const auto done = books.run(task);
  ASSERT_TRUE(done) << done.error().message;
}

TEST_P(Life, GoesOnBehindWhatCannotBeRead) {
  const auto books = place_->open();
  const auto opened = desk::open(books, options());
  ASSERT_TRUE(opened);
  desk& d = **opened;
  ASSERT_TRUE(d.publish(sample()));
  std::vector<decision_id> all;
  for (const char* id : {"r1", "r2", "r3"}) {
    all.push_back(waiting(d, proposal(id, 60, id)).id);
    clock_.pass(span(1));
  }
  spoil(*books, all.front());
  const auto inbox = d.inbox();
  ASSERT_TRUE(inbox) << render(inbox.error());
  ASSERT_EQ(inbox->size(), 3U);
  // It is told with what is known of it.
  EXPECT_EQ(inbox->front().key.id, "r1");
  ASSERT_EQ(inbox->front().why.size(), 1U);
  EXPECT_NE(inbox->front().why.front().find("cannot be read"), std::string::npos);
  EXPECT_NE(to_json(inbox->front()).find("cannot be read"), std::string::npos);
  EXPECT_EQ(d.inbox({"lead"})->size(), 3U);
  clock_.pass(span(4 * 3600));
  for (const char* next : {"r2", "r3"}) {
    const auto passed = d.expire(1);
    ASSERT_TRUE(passed) << render(passed.error());
    ASSERT_EQ(passed->size(), 1U);
    EXPECT_EQ(passed->front().key.id, next);
  }
  // Where nothing else is due, it is an error.
  EXPECT_EQ(code_of(d.expire()), "store_failed");
}

TEST_P(Life, RecordsEveryTransition) {
  const auto d = open();
  const answer a = waiting(*d, proposal("r1", 60));
  ASSERT_TRUE(d->resolve(a.id, {.by = person("l-1", "lead"), .granted = true}));
  ASSERT_TRUE(d->settle(a.id));
  const auto records = d->history(a.id);
  ASSERT_TRUE(records);
  ASSERT_EQ(records->size(), 3U);
  EXPECT_NE(records->at(0).find(R"("event":"decision")"), std::string::npos);
  EXPECT_NE(records->at(1).find(R"("event":"resolution")"), std::string::npos);
  EXPECT_NE(records->at(2).find(R"("event":"settlement")"), std::string::npos);
  // Those that decide replay under their policy.
  const policy p = sample();
  for (const auto at : {0U, 1U}) {
    const auto replayed = replay_record(records->at(at), "record", [&](const digest& of) {
      return of == p.digest() ? &p : nullptr;
    });
    ASSERT_TRUE(replayed) << render(replayed.error());
    EXPECT_TRUE(replayed->exact) << replayed->pointer;
  }
}

}  // namespace
}  // namespace leeway::desk_test
