// SPDX-License-Identifier: Apache-2.0
// What a first user of the library stumbled over, kept as claims.
#include "engine/support.hpp"

#include <gtest/gtest.h>

namespace leeway::engine_test {
namespace {

TEST(Offer, NamesNoDueThatWouldItselfBeDenied) {
  const auto p = policy_of(R"j("roles": [{"id": "agent"}],
    "facts": {"contact.banned": {"type": "bool", "default": false}},
    "actions": [{"id": "walk"}],
    "grants": [{"id": "G1", "to": "agent", "for": "walk"}],
    "rules": [{"id": "R1", "when": "contact.banned", "then": "deny"}],
    "entitlements": [{"id": "E1", "for": "walk", "due": "money('240 USD')"}])j");
  const auto free = p.decide(ask("walk", usd(200)));
  ASSERT_TRUE(free.offer && free.offer->amount);
  EXPECT_EQ(*free.offer->amount, usd(240));
  EXPECT_EQ(free.next, next_step::offer_due);
  const auto banned = p.decide(with_fact(ask("walk", usd(200)), "banned", true));
  EXPECT_FALSE(banned.offer.has_value());
  EXPECT_EQ(banned.next, next_step::stop);
}

policy night_shift() {
  return policy_of(R"j("roles": [{"id": "agent", "escalate_to": ["boss"]},
      {"id": "boss", "substitutes": [{"role": "stand_in", "when": "contact.away"}]},
      {"id": "stand_in"}],
    "facts": {"contact.away": "bool"},
    "actions": [{"id": "comp"}],
    "grants": [{"id": "G1", "to": "agent", "for": "comp", "up_to": "30 USD"},
               {"id": "G2", "to": "boss", "for": "comp", "because": "the boss may"}],
    "rules": [{"id": "R1", "when": "action.amount > money('100 USD')",
               "then": {"escalate": ["boss"]}}],
    "budgets": [{"id": "B1", "for": "*", "per": ["customer.id"], "window": "P90D",
                 "amount": "110 USD", "beyond": {"escalate": ["boss"]}}])j");
}

TEST(Substitute, IsNamedInEveryNeedWhileInForce) {
  const auto r = ask("comp", usd(120));
  EXPECT_EQ(answer(night_shift().decide(with_fact(r, "away", false))), "escalate boss");
  EXPECT_EQ(answer(night_shift().decide(with_fact(r, "away", true))), "escalate stand_in");
}

TEST(Substitute, AndTheRoleItselfBothMeetTheNeed) {
  const auto r = with_fact(ask("comp", usd(120)), "away", true);
  EXPECT_EQ(answer(night_shift().decide(signed_by(r, "s-1", "stand_in"))), "approve");
  EXPECT_EQ(answer(night_shift().decide(signed_by(r, "b-1", "boss"))), "approve");
}

TEST(ApprovalGiven, QuotesTheGrantOfWhoApproved) {
  const auto r = with_fact(ask("comp", usd(90)), "away", false);
  const auto d = night_shift().decide(signed_by(r, "b-1", "boss"));
  const auto* f = find(d, reason_code::approval_given);
  ASSERT_NE(f, nullptr);
  EXPECT_EQ(f->rule, rule_id("G2"));
  EXPECT_NE(text(*f).find("approved by b-1"), std::string::npos) << text(*f);
}

TEST(OverLimit, TellsTheWidestBoundOfAQuantity) {
  const auto p = policy_of(R"j("roles": [{"id": "desk"}, {"id": "agent", "includes": ["desk"]}],
    "facts": {"contact.minutes": "int"}, "actions": [{"id": "late", "amount": "none"}],
    "grants": [{"id": "A", "to": "desk", "for": "late", "of": "contact.minutes",
                "up_to": 120},
               {"id": "B", "to": "agent", "for": "late", "of": "contact.minutes",
                "up_to": 240}])j");
  const auto d = p.decide(with_fact(ask("late", std::nullopt), "minutes", 241));
  const auto* f = find(d, reason_code::over_limit);
  ASSERT_NE(f, nullptr);
  EXPECT_EQ(f->rule, rule_id("B"));
}

TEST(Signoff, UnderTheProposersIdInAnotherSpellingIsTheirOwn) {
  const auto r = with_fact(ask("comp", usd(90)), "away", false);
  for (const char* by : {"a-1", "A-1", " a-1", "a-1\t"}) {
    const auto d = night_shift().decide(signed_by(r, by, "boss"));
    EXPECT_EQ(answer(d), "escalate boss") << by;
    EXPECT_TRUE(says(d, reason_code::signoff_not_valid)) << by;
  }
}

TEST(OneOf, HoldsForEachItemOfAList) {
  const auto p = policy_of(R"j("roles": [{"id": "agent"}],
    "facts": {"customer.flags": {"type": "list<string>", "one_of": ["vip", "do_not_rent"]}},
    "actions": [{"id": "comp"}], "grants": [{"id": "G1", "to": "agent", "for": "comp"}],
    "rules": [{"id": "R1", "when": "'do_not_rent' in customer.flags", "then": "deny"}])j");
  auto r = ask("comp", usd(10));
  r.customer.flags = std::vector<std::string>{"vip"};
  EXPECT_EQ(answer(p.decide(r)), "approve");
  r.customer.flags = std::vector<std::string>{"vip", "do-not-rent"};
  EXPECT_TRUE(p.check(r).contains("fact_not_allowed"));
  EXPECT_EQ(answer(p.decide(r)), "deny");
}

TEST(Check, WarnsOfRolesKindsAndKeysThePolicyDoesNotKnow) {
  auto r = with_fact(ask("comp", usd(10), "agnet"), "away", false);
  auto e = entry("cmop", usd(5), "2027-01-01T00:00:00Z");
  e.attributes.emplace("customer_id", "c-1");
  r = after(std::move(r), {e});
  const auto found = night_shift().check(r);
  EXPECT_FALSE(found.has_errors()) << render(found);
  for (const char* code : {"unknown_role", "unknown_kind", "entry_in_future", "undeclared_fact"}) {
    EXPECT_TRUE(found.contains(code)) << code << "\n" << render(found);
  }
}

TEST(Discretion, SaysWhatItLifted) {
  const auto p = policy_of(R"j("roles": [{"id": "agent"}, {"id": "boss"}],
    "actions": [{"id": "comp"}],
    "grants": [{"id": "G1", "to": "agent", "for": "comp", "up_to": "30 USD"}],
    "discretion": [{"id": "D1", "to": ["agent"], "for": "*", "up_to": "80 USD",
                    "per": ["agent.id"], "window": "calendar month", "amount": "200 USD"}])j");
  auto r = ask("comp", usd(50));
  r.discretion = true;
  r.note = "stranded with two children";
  const auto d = p.decide(r);
  EXPECT_EQ(answer(d), "approve");
  const auto* f = find(d, reason_code::lifted_by_discretion);
  ASSERT_NE(f, nullptr);
  EXPECT_EQ(f->rule, rule_id("D1"));
  r.history.reset();
  EXPECT_TRUE(says(p.decide(r), reason_code::discretion_unknown));
}

TEST(Note, IsKnownToBeEmptyWhereItIsLeftOut) {
  const auto p = policy_of(R"j("roles": [{"id": "agent"}], "actions": [{"id": "comp"}],
    "grants": [{"id": "G1", "to": "agent", "for": "comp"}],
    "rules": [{"id": "R1", "when": "request.note == ''", "then": "deny"}])j");
  auto r = ask("comp", usd(10));
  EXPECT_EQ(answer(p.decide(r)), "deny");
  r.note = "three calls";
  EXPECT_EQ(answer(p.decide(r)), "approve");
}

policy late_start() {
  return policy_of(R"j("roles": [{"id": "agent"}], "actions": [{"id": "credit", "amount": "due"}],
    "facts": {"contact.moved": "bool", "contact.ours": "bool", "contact.days": "int",
              "contact.cap": "money"},
    "grants": [{"id": "G1", "to": "agent", "for": "credit", "up_to": "90 USD"}],
    "entitlements": [{"id": "E1", "for": "credit", "when": "contact.ours",
                      "due": "money('2 USD') * contact.days", "maximum": "contact.cap",
                      "requires": [{"that": "!contact.moved"}]}])j");
}

TEST(Entitlement, AsksAtOnceForAllThatItTurnsOn) {
  const auto p = late_start();
  auto r = ask("credit", std::nullopt);
  EXPECT_EQ(answer(p.decide(r)),
            "escalate fact contact.cap, fact contact.days, fact contact.moved, fact contact.ours");
  r = with_fact(r, "ours", true);
  EXPECT_EQ(answer(p.decide(r)),
            "escalate fact contact.cap, fact contact.days, fact contact.moved");
}

TEST(Entitlement, AsksForNothingThatCannotMatter) {
  const auto p = late_start();
  const auto r = ask("credit", std::nullopt);
  EXPECT_EQ(answer(p.decide(with_fact(r, "ours", false))), "deny");
  EXPECT_EQ(answer(p.decide(with_fact(with_fact(r, "ours", true), "moved", true))), "deny");
  EXPECT_EQ(answer(p.decide(with_fact(r, "moved", true))), "escalate fact contact.ours");
}

TEST(Entitlement, OfSeveralAsksFirstWhichSpeaks) {
  const auto p =
      policy_of(R"j("roles": [{"id": "agent"}], "actions": [{"id": "credit", "amount": "due"}],
    "facts": {"contact.what": "string", "contact.days": "int", "contact.notice": "int"},
    "grants": [{"id": "G1", "to": "agent", "for": "credit"}],
    "entitlements": [{"id": "E1", "for": "credit", "when": "contact.what == 'late'",
                      "due": "money('2 USD') * contact.days"},
                     {"id": "E2", "for": "credit", "when": "contact.what == 'missed'",
                      "due": "money('2 USD') * contact.days * contact.notice"}])j");
  const auto r = ask("credit", std::nullopt);
  EXPECT_EQ(answer(p.decide(r)), "escalate fact contact.days, fact contact.what");
  EXPECT_EQ(answer(p.decide(with_fact(r, "what", "missed"))),
            "escalate fact contact.days, fact contact.notice");
}

TEST(Measure, WhoseKeyIsNotKnownAsksForTheKey) {
  const auto p = policy_of(R"j("roles": [{"id": "agent"}], "actions": [{"id": "comp"}],
    "facts": {"contact.issue": "string"},
    "measures": [{"id": "paid", "kinds": "comp", "per": "contact.issue", "window": "P90D"}],
    "grants": [{"id": "G1", "to": "agent", "for": "comp"}],
    "rules": [{"id": "R1", "when": "usage.paid > 2", "then": "deny"}])j");
  auto r = ask("comp", usd(10));
  EXPECT_EQ(answer(p.decide(r)), "escalate fact contact.issue");
  r = with_fact(r, "issue", "i-1");
  EXPECT_EQ(answer(p.decide(r)), "approve");
  r.history.reset();
  EXPECT_EQ(answer(p.decide(r)), "escalate fact usage.paid");
}

std::string remedy_of(const policy& p, const request& r) {
  const auto d = p.decide(r);
  const auto* f = find(d, reason_code::usage_unknown);
  return f == nullptr ? "none" : f->remedy;
}

TEST(UsageUnknown, TellsWhatOfTheHistoryIsMissing) {
  const auto p = policy_of(R"j("roles": [{"id": "agent"}], "actions": [{"id": "comp"}],
    "grants": [{"id": "G1", "to": "agent", "for": "comp"}],
    "budgets": [{"id": "B1", "for": "comp", "per": "customer.id", "window": "P90D",
                 "amount": "50 USD", "beyond": "deny"}])j");
  auto r = ask("comp", usd(10));
  r.history_since = at("2026-06-01T00:00:00Z");
  EXPECT_EQ(remedy_of(p, r),
            "`history` is complete from 2026-06-01T00:00:00Z only: `B1` needs it "
            "back to 2026-03-17T12:00:00Z");
  r.history.reset();
  EXPECT_EQ(remedy_of(p, r),
            "give the request its complete `history`, back to "
            "2026-03-17T12:00:00Z, or state `usage`");
  r = after(ask("comp", usd(10)), {entry("comp", usd(5), "2026-06-01T00:00:00Z")});
  r.history->front().keys.clear();
  EXPECT_EQ(remedy_of(p, r),
            "give each entry of `history` what it is counted by: "
            "`customer.id`, its `amount`; or state `usage`");
  r.customer.id = {};
  r.history = none;
  EXPECT_EQ(remedy_of(p, r), "");
}

TEST(UsageUnknown, TellsThatCustomerSinceSettlesForEver) {
  const auto p = policy_of(R"j("roles": [{"id": "agent"}], "actions": [{"id": "comp"}],
    "grants": [{"id": "G1", "to": "agent", "for": "comp"}],
    "budgets": [{"id": "B1", "for": "comp", "per": "contact.id", "window": "lifetime",
                 "amount": "50 USD", "beyond": "deny"}])j");
  auto r = ask("comp", usd(10));
  r.history_since = at("2020-01-01T00:00:00Z");
  EXPECT_NE(remedy_of(p, r).find("give `customer.since`"), std::string::npos);
  r.customer.since = civil_date::parse("2021-01-01").value();
  EXPECT_EQ(answer(p.decide(r)), "approve");
}

}  // namespace
}  // namespace leeway::engine_test
