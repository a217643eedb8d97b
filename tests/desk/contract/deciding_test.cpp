// SPDX-License-Identifier: Apache-2.0
#include "desk/contract/support.hpp"

#include <algorithm>
#include <atomic>
#include <set>
#include <thread>

namespace leeway::desk_test {
namespace {

LEEWAY_ON_EVERY_STORE(Deciding);

outcome decided(desk& d, const request& r) {
  const auto a = d.decide(r);
  if (!a) throw std::runtime_error(render(a.error()));
  return a->decision.outcome;
}

TEST_P(Deciding, HoldsABudgetBetweenRequests) {
  const auto d = open();
  EXPECT_EQ(decided(*d, proposal("r1", 50)), outcome::approve);
  EXPECT_EQ(decided(*d, proposal("r2", 40)), outcome::approve);
  EXPECT_EQ(decided(*d, proposal("r3", 11)), outcome::deny);
  EXPECT_EQ(decided(*d, proposal("r4", 10)), outcome::approve);
  EXPECT_EQ(decided(*d, proposal("r5", 50, "c-2")), outcome::approve);
  EXPECT_EQ(used(*d, "B1", "customer.id", "c-1"), 100'00);
}

TEST_P(Deciding, SetsTheInstantByItsOwnClock) {
  const auto d = open();
  const auto a = d->decide(proposal("r1", 5));
  ASSERT_TRUE(a);
  EXPECT_EQ(a->decision.at, clock_.now());
  EXPECT_EQ(a->due, at("2026-03-17T12:00:00Z"));
  EXPECT_EQ(a->state, decision_state::approved);
}

TEST_P(Deciding, GivesARetryTheSameBytes) {
  const auto d = open();
  const auto first = d->decide(proposal("r1", 20));
  ASSERT_TRUE(first);
  clock_.pass(span(3600));
  request later = proposal("r1", 20);
  later.at = clock_.now();
  const auto again = d->decide(later);
  ASSERT_TRUE(again) << render(again.error());
  EXPECT_TRUE(again->repeated);
  EXPECT_EQ(again->json, first->json);
  EXPECT_EQ(again->id, first->id);
  EXPECT_EQ(again->decision.findings, first->decision.findings);
  EXPECT_EQ(used(*d, "B1", "customer.id", "c-1"), 20'00);
}

TEST_P(Deciding, RemembersADenial) {
  const auto d = open();
  EXPECT_EQ(decided(*d, proposal("r0", 50)), outcome::approve);
  request dear = proposal("r1", 50);
  EXPECT_EQ(decided(*d, dear), outcome::approve);
  const auto denied = d->decide(proposal("r2", 20));
  ASSERT_TRUE(denied);
  EXPECT_EQ(denied->decision.outcome, outcome::deny);
  ASSERT_TRUE(d->void_decision(d->show(request_key{"", "r0"})->id));
  const auto again = d->decide(proposal("r2", 20));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->json, denied->json);
}

TEST_P(Deciding, RefusesAnIdWithAnotherBody) {
  const auto d = open();
  EXPECT_EQ(decided(*d, proposal("r1", 20)), outcome::approve);
  EXPECT_EQ(code_of(d->decide(proposal("r1", 21))), "id_reused");
  // Ids are their caller's own.
  const auto other = d->decide(proposal("r1", 21), "till");
  ASSERT_TRUE(other) << render(other.error());
  EXPECT_NE(other->id, d->show(request_key{"", "r1"})->id);
}

TEST_P(Deciding, ConsumesNoIdForInvalidInput) {
  const auto d = open();
  request bad = proposal("r1", 5);
  bad.action.amount = eur(5);
  EXPECT_FALSE(d->decide(bad));
  EXPECT_EQ(decided(*d, proposal("r1", 5)), outcome::approve);
  EXPECT_EQ(code_of(d->decide(proposal("", 5))), "id_missing");
  EXPECT_EQ(code_of(d->decide(proposal("a\nb", 5))), "id_invalid");
}

TEST_P(Deciding, TakesSignOffsByResolvingOnly) {
  const auto d = open();
  request r = proposal("r1", 60);
  r.signoffs.push_back({.by = "l-1", .role = "lead", .at = clock_.now()});
  EXPECT_EQ(code_of(d->decide(r)), "signoffs_at_desk");
}

TEST_P(Deciding, LetsOneOfAChainHoldBudget) {
  const auto d = open();
  EXPECT_EQ(decided(*d, proposal("r1", 20)), outcome::approve);
  request second = proposal("r2", 20);
  second.supersedes = "r1";
  EXPECT_EQ(code_of(d->decide(second)), "superseded_approved");
  ASSERT_TRUE(d->void_decision(d->show(request_key{"", "r1"})->id));
  EXPECT_EQ(decided(*d, second), outcome::approve);
  request third = proposal("r3", 20);
  third.supersedes = "r2";
  EXPECT_EQ(code_of(d->decide(third)), "superseded_approved");
}

TEST_P(Deciding, LetsOneOfAChainHoldBudgetThatArrivesBackwards) {
  const auto d = open();
  request last = proposal("r3", 20);
  last.supersedes = "r2";
  request middle = proposal("r2", 20);
  middle.supersedes = "r1";
  EXPECT_EQ(decided(*d, last), outcome::approve);
  EXPECT_EQ(code_of(d->decide(middle)), "superseded_approved");
}

/// `what` supersedes `before`.
request instead_of(const char* before, request what) {
  what.supersedes = request_id(before);
  return what;
}

TEST_P(Deciding, LetsOneOfAChainHoldBudgetThatBecameKnownWhileItWaited) {
  const auto d = open();
  const resolution yes{.by = person("l-1", "lead"), .granted = true};
  const auto last = d->decide(instead_of("r2", proposal("r3", 60)));
  ASSERT_TRUE(last);
  ASSERT_EQ(last->state, decision_state::waiting);
  EXPECT_EQ(decided(*d, instead_of("r1", proposal("r2", 2000))), outcome::deny);
  ASSERT_TRUE(d->resolve(last->id, yes));
  // Whatever of it is superseded, it is the same chain.
  for (const char* before : {"r1", "r2", "r3"}) {
    EXPECT_EQ(code_of(d->decide(instead_of(before, proposal("r4", 20)))), "superseded_approved")
        << before;
  }
  EXPECT_EQ(code_of(d->decide(proposal("r1", 20))), "superseded_approved");
  EXPECT_EQ(used(*d, "B1", "customer.id", "c-1"), 60'00);
  // Given back, another may hold.
  ASSERT_TRUE(d->void_decision(last->id));
  EXPECT_EQ(decided(*d, instead_of("r3", proposal("r4", 20))), outcome::approve);
}

TEST_P(Deciding, GrantsNothingOfAChainThatIsHeldFurtherBack) {
  const auto d = open();
  const auto last = d->decide(instead_of("r2", proposal("r3", 60)));
  ASSERT_TRUE(last);
  ASSERT_EQ(last->state, decision_state::waiting);
  EXPECT_EQ(decided(*d, instead_of("r1", proposal("r2", 2000))), outcome::deny);
  EXPECT_EQ(decided(*d, instead_of("r1", proposal("r4", 20))), outcome::approve);
  EXPECT_EQ(code_of(d->resolve(last->id, {.by = person("l-1", "lead"), .granted = true})),
            "superseded_approved");
  EXPECT_EQ(used(*d, "B1", "customer.id", "c-1"), 20'00);
}

TEST_P(Deciding, RefusesLinkedRequestsOfWhichTheSumDoesNotFit) {
  const auto d = open_with({policy_of(R"("version": "1",
  "roles": [{"id": "agent"}], "actions": [{"id": "waiver"}],
  "grants": [{"id": "G1", "to": "agent", "for": ["waiver"]}],
  "measures": [{"id": "M1", "kinds": ["waiver"], "per": ["customer.id"], "window": "P30D",
                "take": "sum"}])")});
  constexpr std::int64_t dollars = 90'000'000'000'000'000;
  EXPECT_EQ(code_of(d->decide_linked({proposal("r1", dollars), proposal("r2", dollars)})),
            "store_conflict");
  EXPECT_EQ(used(*d, "M1", "customer.id", "c-1"), 0);
  // Each by itself fits; the second is one too many, whoever adds it.
  EXPECT_EQ(decided(*d, proposal("r1", dollars)), outcome::approve);
  EXPECT_EQ(code_of(d->decide(proposal("r2", dollars))), "store_conflict");
  EXPECT_EQ(used(*d, "M1", "customer.id", "c-1"), dollars * 100);
}

TEST_P(Deciding, SupersedesARequestForTheSameCustomer) {
  const auto d = open();
  request self = proposal("r0", 20);
  self.supersedes = "r0";
  EXPECT_EQ(code_of(d->decide(self)), "supersedes_itself");
  EXPECT_EQ(decided(*d, proposal("r1", 60)), outcome::escalate);
  request other = proposal("r2", 20, "c-2");
  other.supersedes = "r1";
  EXPECT_EQ(code_of(d->decide(other)), "supersedes_other_customer");
  EXPECT_EQ(d->show(request_key{"", "r1"})->state, decision_state::waiting);
  other.supersedes = "r9";
  for (const bool again : {false, true}) {
    const auto a = d->decide(other);
    ASSERT_TRUE(a) << render(a.error());
    EXPECT_EQ(a->repeated, again);
    EXPECT_TRUE(a->supersedes_unknown);
    EXPECT_NE(to_json(*a).find(R"("supersedes_unknown":true)"), std::string::npos);
  }
  request known = proposal("r3", 20);
  known.supersedes = "r1";
  EXPECT_FALSE(d->decide(known)->supersedes_unknown);
}

TEST_P(Deciding, SupersedesWhatWaits) {
  const auto d = open();
  const auto first = d->decide(proposal("r1", 60));
  ASSERT_TRUE(first);
  EXPECT_EQ(first->state, decision_state::waiting);
  request second = proposal("r2", 30);
  second.supersedes = "r1";
  EXPECT_EQ(decided(*d, second), outcome::approve);
  EXPECT_EQ(d->show(first->id)->state, decision_state::superseded);
  EXPECT_TRUE(d->inbox()->empty());
  EXPECT_EQ(code_of(d->resolve(first->id, {.by = person("l-1", "lead"), .granted = true})),
            "is_superseded");
}

TEST_P(Deciding, DecidesLinkedRequestsAllOrNone) {
  const auto d = open();
  const auto none = d->decide_linked({proposal("r1", 50), proposal("r2", 40), proposal("r3", 20)});
  ASSERT_TRUE(none) << render(none.error());
  EXPECT_FALSE(none->front().effective);
  EXPECT_EQ(none->at(2).decision.outcome, outcome::deny);
  EXPECT_EQ(used(*d, "B1", "customer.id", "c-1"), 0);
  EXPECT_EQ(code_of(d->show(request_key{"", "r1"})), "decision_unknown");

  const std::vector<request> fitting{proposal("r1", 50), proposal("r2", 40), proposal("r3", 10)};
  const auto all = d->decide_linked(fitting);
  ASSERT_TRUE(all) << render(all.error());
  EXPECT_TRUE(all->front().effective);
  EXPECT_EQ(used(*d, "B1", "customer.id", "c-1"), 100'00);
  const auto again = d->decide_linked(fitting);
  ASSERT_TRUE(again) << render(again.error());
  EXPECT_TRUE(again->at(1).repeated);
  EXPECT_EQ(used(*d, "B1", "customer.id", "c-1"), 100'00);
}

TEST_P(Deciding, AddsTheRequestsOwnHistory) {
  const auto d = open();
  const auto first = d->decide(proposal("r1", 40));
  ASSERT_TRUE(first);
  request r = proposal("r2", 41);
  // The caller tells of what the desk knows, and of something older.
  r.history = {{.id = first->id.str(),
                .kind = "waiver",
                .amount = usd(40),
                .at = clock_.now(),
                .keys = {{"customer.id", "c-1"}}},
               {.id = "old",
                .kind = "waiver",
                .amount = usd(20),
                .at = at("2026-03-01T00:00:00Z"),
                .keys = {{"customer.id", "c-1"}}}};
  EXPECT_EQ(decided(*d, r), outcome::deny);
  r.id = "r3";
  r.action.amount = usd(40);
  EXPECT_EQ(decided(*d, r), outcome::approve);
}

TEST_P(Deciding, KeepsAnUnknownPastALowerBound) {
  desk_options how = options();
  how.before = opening::unknown;
  const auto d = open(how);
  EXPECT_EQ(decided(*d, proposal("r1", 5)), outcome::escalate);
}

TEST_P(Deciding, NeverLetsTimeRunBackwards) {
  const auto d = open();
  EXPECT_EQ(decided(*d, proposal("r1", 50)), outcome::approve);
  const instant before = clock_.now();
  clock_.set(at("2025-03-10T12:00:00Z"));
  const auto a = d->decide(proposal("r2", 50));
  ASSERT_TRUE(a) << render(a.error());
  EXPECT_EQ(a->decision.at, before);
  EXPECT_EQ(decided(*d, proposal("r3", 1)), outcome::deny);
}

TEST_P(Deciding, DecidesNothingWhenTheClockJumpsAhead) {
  const auto d = open();
  EXPECT_EQ(decided(*d, proposal("r1", 50)), outcome::approve);
  clock_.set(at("2027-03-10T12:00:00Z"));
  EXPECT_EQ(code_of(d->decide(proposal("r2", 50))), "clock_jumped");
  clock_.set(at("2026-03-10T12:00:01Z"));
  EXPECT_EQ(decided(*d, proposal("r2", 50)), outcome::approve);
  clock_.set(at("2027-03-10T12:00:00Z"));
  d->accept_time();
  EXPECT_EQ(decided(*d, proposal("r3", 50)), outcome::approve);
}

TEST_P(Deciding, AnswersWhatWasDoneBeforeWhateverTheClockSays) {
  const auto d = open();
  const auto first = d->decide(proposal("r1", 50));
  ASSERT_TRUE(first);
  ASSERT_TRUE(d->settle(first->id));
  ASSERT_TRUE(d->decide(proposal("r2", 60)));
  ASSERT_TRUE(d->decide_linked({proposal("r3", 10), proposal("r4", 10)}));
  clock_.set(at("2027-03-10T12:00:00Z"));
  EXPECT_EQ(code_of(d->decide(proposal("r5", 1))), "clock_jumped");
  const auto again = d->decide(proposal("r1", 50));
  ASSERT_TRUE(again) << render(again.error());
  EXPECT_TRUE(again->repeated);
  EXPECT_EQ(again->json, first->json);
  EXPECT_EQ(again->state, decision_state::settled);
  EXPECT_TRUE(d->decide_linked({proposal("r3", 10), proposal("r4", 10)}));
  EXPECT_EQ(code_of(d->decide(proposal("r1", 49))), "id_reused");
  EXPECT_TRUE(d->settle(first->id));
  EXPECT_EQ(code_of(d->settle(first->id, {.amount = usd(1)})), "clock_jumped");
}

TEST_P(Deciding, EndsAtExactlyTheLimitUnderManyThreads) {
  const auto d = open_with({policy_of(R"("version": "1", "roles": [{"id": "agent"}],
    "actions": [{"id": "waiver"}],
    "grants": [{"id": "G1", "to": "agent", "for": ["waiver"], "up_to": "50 USD"}],
    "budgets": [{"id": "B1", "per": ["customer.id"], "for": ["*"], "window": "P90D",
                 "amount": "700 USD", "beyond": "deny"}])")});
  constexpr int threads = 16;
  constexpr int each = 10;
  std::atomic<int> approved{0};
  std::vector<std::thread> all;
  for (int t = 0; t < threads; ++t) {
    all.emplace_back([&, t] {
      for (int i = 0; i < each; ++i) {
        const auto a = d->decide(proposal(std::to_string(t) + '-' + std::to_string(i), 7));
        if (a && a->decision.outcome == outcome::approve) ++approved;
      }
    });
  }
  for (auto& one : all) one.join();
  EXPECT_EQ(approved.load(), 100);
  EXPECT_EQ(used(*d, "B1", "customer.id", "c-1"), 700'00);
}

TEST_P(Deciding, DecidesConcurrentDuplicatesOnce) {
  const auto d = open();
  std::mutex mutex;
  std::set<std::string> answers;
  std::atomic<int> first{0};
  std::vector<std::thread> all;
  for (int t = 0; t < 64; ++t) {
    all.emplace_back([&] {
      const auto a = d->decide(proposal("r1", 30));
      ASSERT_TRUE(a) << render(a.error());
      if (!a->repeated) ++first;
      const std::lock_guard lock(mutex);
      answers.insert(a->json);
    });
  }
  for (auto& one : all) one.join();
  EXPECT_EQ(answers.size(), 1U);
  EXPECT_EQ(first.load(), 1);
  EXPECT_EQ(used(*d, "B1", "customer.id", "c-1"), 30'00);
}

TEST_P(Deciding, KeepsEverythingWhenOpenedAgain) {
  if (!place_->is_durable()) GTEST_SKIP() << "nothing is durable here";
  std::string before;
  {
    const auto d = open();
    const auto a = d->decide(proposal("r1", 50));
    ASSERT_TRUE(a);
    before = a->json;
    ASSERT_TRUE(d->decide(proposal("r2", 60, "c-2")));
  }
  const auto d = open();
  const auto again = d->decide(proposal("r1", 50));
  ASSERT_TRUE(again) << render(again.error());
  EXPECT_TRUE(again->repeated);
  EXPECT_EQ(again->json, before);
  EXPECT_EQ(d->inbox()->size(), 1U);
  EXPECT_EQ(decided(*d, proposal("r3", 50)), outcome::approve);
  EXPECT_EQ(decided(*d, proposal("r4", 1)), outcome::deny);
}

TEST_P(Deciding, CountsAnewWhenAPolicyBeginsToCount) {
  const auto d = open();
  ASSERT_EQ(decided(*d, proposal("r1", 30)), outcome::approve);
  ASSERT_EQ(decided(*d, proposal("r2", 30)), outcome::approve);
  ASSERT_TRUE(d->void_decision(d->show(request_key{"", "r2"})->id));
  const policy next = policy_of(R"("version": "2", "effective": {"from": "2026-03-01"},
    "roles": [{"id": "agent"}], "actions": [{"id": "waiver"}],
    "grants": [{"id": "G1", "to": "agent", "for": ["waiver"], "up_to": "50 USD"}],
    "budgets": [{"id": "B9", "per": ["contact.id"], "for": ["*"], "window": "P10D",
                 "amount": "70 USD", "beyond": "deny"}])");
  ASSERT_TRUE(d->publish(next));
  EXPECT_EQ(used(*d, "B9", "contact.id", "k-1"), 30'00);
  EXPECT_EQ(decided(*d, proposal("r3", 40)), outcome::approve);
  EXPECT_EQ(decided(*d, proposal("r4", 1)), outcome::deny);
  // And what version 1 decides counts in version 2.
  request by_old = proposal("r5", 20, "c-5");
  by_old.contact.id = "k-5";
  by_old.policy = "p";
  by_old.policy_version = "1";
  EXPECT_EQ(decided(*d, by_old), outcome::approve);
  EXPECT_EQ(used(*d, "B9", "contact.id", "k-5"), 20'00);
  EXPECT_EQ(code_of(d->publish(policy_of(R"("version": "2", "roles": [{"id": "agent"}],
    "actions": [{"id": "other"}], "grants": [{"id": "G1", "to": "agent", "for": ["other"]}])"))),
            "version_reused");
}

TEST_P(Deciding, ChoosesAmongWhatIsNotSuspended) {
  const policy mistaken = policy_of(R"("version": "2", "roles": [{"id": "agent"}],
    "actions": [{"id": "waiver"}], "grants": [{"id": "G1", "to": "agent", "for": ["waiver"]}])");
  const auto d = open_with({sample(), mistaken});
  EXPECT_EQ(code_of(d->decide(proposal("r1", 5))), "policy_ambiguous");
  ASSERT_TRUE(d->suspend("p", "2", "published by mistake"));
  EXPECT_EQ(decided(*d, proposal("r1", 5)), outcome::approve);
  EXPECT_EQ(used(*d, "B1", "customer.id", "c-1"), 5'00);
}

TEST_P(Deciding, DeniesUnderASuspendedPolicy) {
  const auto d = open();
  ASSERT_TRUE(d->suspend("p", "", "a mistake in it"));
  EXPECT_EQ(decided(*d, proposal("r1", 5)), outcome::deny);
  ASSERT_TRUE(d->suspend("p", "1", std::nullopt));
  EXPECT_EQ(decided(*d, proposal("r2", 5)), outcome::approve);
  EXPECT_EQ(code_of(d->suspend("q", "", "why")), "policy_unknown");
}

}  // namespace
}  // namespace leeway::desk_test
