// SPDX-License-Identifier: Apache-2.0
// Input that somebody made up to get an approval, or to keep the machine busy.
#include "engine/support.hpp"

#include <leeway/engine/capability.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <string>

namespace {

using namespace leeway;
using namespace leeway::engine_test;

policy with_discretion() {
  return policy_of(R"("roles": [{"id": "agent", "escalate_to": ["lead"]}, {"id": "lead"}],
    "actions": [{"id": "w"}],
    "facts": {"contact.marks": "map<string, bool>", "contact.trip.late": "bool",
              "contact.trip.hours": "int"},
    "grants": [{"id": "G", "to": "agent", "for": ["w"], "up_to": "10 USD"},
               {"id": "GL", "to": "lead", "for": ["w"]}],
    "rules": [{"id": "R", "when": "'fraud' in contact.marks", "then": "deny"}],
    "discretion": [{"id": "D", "to": ["agent"], "for": ["*"], "up_to": "80 USD",
                    "per": ["agent.id"], "window": "calendar month", "amount": "200 USD"}])");
}

request asked_with(const char* contact, const char* amount = "5 USD") {
  const std::string text = std::string(R"({"id": "q", "at": "2026-06-15T12:00:00Z",
    "agent": {"id": "a-1", "role": "agent"}, "history": [],
    "action": {"kind": "w", "amount": ")") +
                           amount + R"("}, "contact": )" + contact + "}";
  return parse_request(text, "q").value();
}

TEST(HostileNote, OfNothingThatShowsIsNoJustification) {
  const policy p = with_discretion();
  request r = asked_with(R"({"marks": {}})", "20 USD");
  r.discretion = true;
  for (const char* note : {"", " \t\r\n", "\v\f", "\xC2\xA0", "\xE3\x80\x80", "\xE2\x80\x8B",
                           "\xEF\xBB\xBF \xE2\x80\xAE", "\xC2\xAD"}) {
    r.note = note;
    EXPECT_EQ(p.decide(r).outcome, outcome::escalate) << "of " << r.note.size() << " bytes";
  }
  for (const char* note : {"ok", " . ", "\xC3\xA9", "\xE5\xAE\xA2"}) {
    r.note = note;
    EXPECT_EQ(p.decide(r).outcome, outcome::approve) << note;
  }
}

TEST(HostileFacts, AnEntryThatIsUnknownClearsNoDenial) {
  const policy p = with_discretion();
  EXPECT_EQ(p.decide(asked_with(R"({"marks": {"vip": true}})")).outcome, outcome::approve);
  EXPECT_EQ(p.decide(asked_with(R"({"marks": {"fraud": true}})")).outcome, outcome::deny);
  EXPECT_EQ(p.decide(asked_with(R"({"marks": {"fraud": null}})")).outcome, outcome::escalate);
  EXPECT_EQ(p.decide(asked_with(R"({"marks": {"vip": null}})")).outcome, outcome::escalate);
}

TEST(HostileSignoffs, MoreThanAnybodyGivesAreInvalidInput) {
  const policy p = with_discretion();
  request r = asked_with(R"({"marks": {}})", "900 USD");
  for (int i = 0; i < 100; ++i) {
    r.signoffs.push_back(
        {.by = agent_id("s" + std::to_string(i)), .role = "lead", .at = r.at, .amount = usd(i)});
  }
  EXPECT_FALSE(p.check(r).has_errors());
  r.signoffs.push_back({.by = "s", .role = "lead", .at = r.at});
  EXPECT_TRUE(p.check(r).contains("too_many_signoffs"));
  EXPECT_EQ(p.decide(r).outcome, outcome::deny);
}

TEST(HostileUsage, ThatIsNegativeIsInvalidAndFreesNoBudget) {
  const policy p = policy_of(R"("roles": [{"id": "agent"}], "actions": [{"id": "w"}],
    "grants": [{"id": "G", "to": "agent", "for": ["w"]}],
    "budgets": [{"id": "B", "for": ["w"], "per": [], "window": "P1D", "amount": "10 USD",
                 "count": 1, "beyond": "deny"}])");
  usage_value of_amount{.amount = usd(-100), .count = 0};
  usage_value of_count{.amount = usd(0), .count = -1};
  for (const auto& negative : {of_amount, of_count}) {
    usage used = usage::unknown();
    used.set("B", negative);
    const decision d = p.decide(ask("w", usd(5)), used);
    EXPECT_EQ(d.outcome, outcome::deny);
    ASSERT_FALSE(d.findings.empty());
    EXPECT_EQ(d.findings.front().code, reason_code::invalid_request);
  }
}

TEST(HostilePolicy, OfManyGrantsThatNeverCoverIsAnsweredSoon) {
  // What would be covered is looked for grant by grant: trying all of them at the borders of all,
  // for every amount at which something may change, took minutes here.
  constexpr int many = 300;
  std::string grants;
  for (int i = 1; i <= many; ++i) {
    const auto n = std::to_string(i);
    grants += i == 1 ? "" : ",";
    grants.append(R"j({"id": "G)j").append(n);
    grants.append(R"j(", "to": "lead", "for": "*", "up_to": ")j").append(n);
    grants += R"j( USD", "when": "contact.n > 7 && action.amount > money(')j";
    grants += std::to_string(i + many) + R"j( USD')"})j";
  }
  const policy p = policy_of(R"("facts": {"contact.n": "int"}, "actions": [{"id": "w"}],
    "roles": [{"id": "agent", "escalate_to": ["lead"]}, {"id": "lead"}], "grants": [)" +
                             grants + "]");
  const auto before = std::chrono::steady_clock::now();
  const auto all = can(p, asked_with(R"({"n": 7})"));
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(60));
  ASSERT_EQ(all.size(), 1U);
  EXPECT_FALSE(all[0].allowed);
}

TEST(LoadPolicy, OfWhatIsNoFileIsRefused) {
  const auto folder = load_policy(std::filesystem::temp_directory_path().string());
  ASSERT_FALSE(folder);
  EXPECT_TRUE(folder.error().contains("cannot_read"));
}

TEST(LoadPolicy, ReadsNoMoreThanItWouldTake) {
  const char* endless = "/dev/zero";
  if (!std::filesystem::exists(endless)) GTEST_SKIP() << "there is no " << endless;
  const auto loaded = load_policy(endless);
  ASSERT_FALSE(loaded);
  EXPECT_TRUE(loaded.error().contains("document_too_large"));
}

}  // namespace
