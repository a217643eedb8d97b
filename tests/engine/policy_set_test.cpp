// SPDX-License-Identifier: Apache-2.0
// Several policies and versions: which is a request's, suspension, and changes under load.
#include "engine/support.hpp"

#include <leeway/engine/policy_set.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <thread>

namespace leeway {
namespace {

using namespace engine_test;

// Everything up to `limit` dollars; in force from and until the dates.
policy version(const char* id, const char* name, const char* from, const char* until,
               int limit = 10) {
  auto date = [](const char* text) {
    return *text == '\0' ? std::string("null") : '"' + std::string(text) + '"';
  };
  auto p = parse_policy(
      R"({"format": "leeway-policy/1", "currency": "USD", "time_zone": "America/Denver",
          "roles": [{"id": "agent"}], "actions": [{"id": "waiver"}],
          "grants": [{"id": "G1", "to": "agent", "for": "waiver", "up_to": ")" +
      std::to_string(limit) + R"( USD"}], "id": ")" + id + R"(", "version": ")" + name +
      R"(", "effective": {"from": )" + date(from) + R"(, "until": )" + date(until) + "}}");
  if (!p) throw std::runtime_error(render(p.error()));
  return *std::move(p);
}

request on(const char* when) {
  request r = ask("waiver", usd(5));
  r.at = at(when);
  return r;
}

// The version chosen, or the error's code.
std::string chosen(const policy_set& from, const request& r) {
  const auto p = from.choose(r);
  return p ? p->id().str() + " " + p->version() : p.error().front().code;
}

TEST(PolicySet_is_asked, TheVersionThatBeganLastIsMeantAndTheOldOneNeedsNoEnd) {
  policy_set s;
  ASSERT_TRUE(s.add(version("p", "v1", "2026-01-01", "")));
  ASSERT_TRUE(s.add(version("p", "v2", "2026-07-01", "")));
  EXPECT_EQ(chosen(s, on("2026-06-30T12:00:00Z")), "p v1");
  EXPECT_EQ(chosen(s, on("2026-07-01T05:59:59Z")), "p v1") << "midnight is Denver's";
  EXPECT_EQ(chosen(s, on("2026-07-01T06:00:00Z")), "p v2");
  request as_of = on("2026-12-01T00:00:00Z");
  as_of.as_of = at("2026-03-01T00:00:00Z");
  EXPECT_EQ(chosen(s, as_of), "p v1");
}

TEST(PolicySet_is_asked, AfterItsEndAVersionAnswersItselfAndNoOlderOneComesBack) {
  policy_set s;
  ASSERT_TRUE(s.add(version("p", "v1", "2026-01-01", "")));
  ASSERT_TRUE(s.add(version("p", "v2", "2026-07-01", "2026-08-01")));
  EXPECT_EQ(chosen(s, on("2026-09-01T12:00:00Z")), "p v2");
  EXPECT_TRUE(says(s.decide(on("2026-09-01T12:00:00Z")), reason_code::policy_not_in_force));
}

TEST(PolicySet_is_asked, BeforeAnyBeganTheFirstAnswersThatItIsNotInForce) {
  policy_set s;
  ASSERT_TRUE(s.add(version("p", "v2", "2026-07-01", "")));
  ASSERT_TRUE(s.add(version("p", "v1", "2026-03-01", "")));
  EXPECT_EQ(chosen(s, on("2026-01-01T12:00:00Z")), "p v1");
  EXPECT_TRUE(says(s.decide(on("2026-01-01T12:00:00Z")), reason_code::policy_not_in_force));
}

TEST(PolicySet_is_asked, VersionsThatBeginTogetherAreAmbiguousUnlessOneIsNamed) {
  policy_set s;
  ASSERT_TRUE(s.add(version("p", "v1", "2026-01-01", "")));
  ASSERT_TRUE(s.add(version("p", "v2", "2026-01-01", "", 20)));
  request r = on("2026-06-01T00:00:00Z");
  EXPECT_EQ(chosen(s, r), "policy_ambiguous");
  r.policy_version = "v2";
  EXPECT_EQ(chosen(s, r), "p v2");
  r.policy_version = "v3";
  EXPECT_EQ(chosen(s, r), "policy_unknown");
  ASSERT_TRUE(s.add(version("p", "v4", "2026-02-01", "")));
  r.policy_version.clear();
  EXPECT_EQ(chosen(s, r), "p v4") << "what no longer is meant is no longer ambiguous";
}

TEST(PolicySet_is_asked, OfSeveralPoliciesTheOneInForceIsMeant) {
  policy_set s;
  ASSERT_TRUE(s.add(version("a", "1", "", "2026-03-01")));
  ASSERT_TRUE(s.add(version("b", "1", "2026-02-01", "")));
  EXPECT_EQ(chosen(s, on("2026-01-15T12:00:00Z")), "a 1");
  EXPECT_EQ(chosen(s, on("2026-02-15T12:00:00Z")), "policy_ambiguous");
  EXPECT_EQ(chosen(s, on("2026-03-15T12:00:00Z")), "b 1");
  request named = on("2026-02-15T12:00:00Z");
  named.policy = "a";
  EXPECT_EQ(chosen(s, named), "a 1");
}

TEST(PolicySet_is_asked, WithoutAChoiceTheRequestIsInvalidAndNeverApproved) {
  policy_set s;
  const decision none = s.decide(on("2026-06-01T00:00:00Z"));
  EXPECT_EQ(none.outcome, outcome::deny);
  EXPECT_TRUE(says(none, reason_code::invalid_request));
  EXPECT_TRUE(none.policy.id.empty());
  ASSERT_TRUE(s.add(version("a", "1", "", "")));
  ASSERT_TRUE(s.add(version("b", "1", "", "")));
  const decision two = s.decide(on("2026-06-01T00:00:00Z"), usage::empty());
  EXPECT_EQ(two.outcome, outcome::deny);
  EXPECT_TRUE(says(two, reason_code::invalid_request));
}

TEST(PolicySet_is_changed, AVersionStandsForOneContent) {
  policy_set s;
  ASSERT_TRUE(s.add(version("p", "v1", "", "")));
  EXPECT_TRUE(s.add(version("p", "v1", "", ""))) << "the same once more";
  const auto other = s.add(version("p", "v1", "", "", 20));
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().front().code, "version_reused");
  EXPECT_EQ(s.all().size(), 1U);
  EXPECT_TRUE(s.replace(version("p", "v1", "", "", 20)));
  EXPECT_FALSE(s.replace(version("p", "v2", "2026-01-01", "", 30)));
  EXPECT_EQ(s.all().size(), 2U);
  EXPECT_TRUE(s.find(version("p", "v1", "", "", 20).digest()));
  EXPECT_FALSE(s.find(version("p", "v1", "", "").digest()));
  EXPECT_TRUE(s.remove("p", "v2"));
  EXPECT_FALSE(s.remove("p", "v2"));
}

TEST(PolicySet_is_changed, AddingAVersionSwitchedOffSwitchesItOff) {
  policy_set s;
  const auto v1 = version("p", "v1", "2026-01-01", "");
  ASSERT_TRUE(s.add(v1));
  ASSERT_TRUE(s.add(v1.suspended("a mistake in it")));
  ASSERT_TRUE(s.add(v1));
  EXPECT_TRUE(says(s.decide(on("2026-06-01T00:00:00Z")), reason_code::policy_suspended));
  EXPECT_EQ(s.all().size(), 1U);
}

TEST(PolicySet_is_changed, ASuspendedVersionDeniesSaysWhyAndNothingTakesItsPlace) {
  policy_set s;
  ASSERT_TRUE(s.add(version("p", "v1", "2026-01-01", "")));
  ASSERT_TRUE(s.add(version("p", "v2", "2026-07-01", "")));
  const request r = on("2026-08-01T00:00:00Z");
  EXPECT_EQ(s.decide(r).outcome, outcome::approve);
  EXPECT_TRUE(s.suspend("p", "v2", "a slip in section 3"));
  const decision d = s.decide(r);
  EXPECT_EQ(d.outcome, outcome::deny);
  ASSERT_TRUE(says(d, reason_code::policy_suspended));
  EXPECT_EQ(find(d, reason_code::policy_suspended)->detail, "a slip in section 3");
  EXPECT_EQ(d.policy.version, "v2");
  EXPECT_EQ(s.decide(on("2026-06-01T00:00:00Z")).outcome, outcome::approve);
  EXPECT_FALSE(s.choose(r)->in_force(r.at));

  EXPECT_TRUE(s.suspend("p", "", "all of it"));
  EXPECT_EQ(s.decide(on("2026-06-01T00:00:00Z")).outcome, outcome::deny);
  EXPECT_EQ(find(s.decide(r), reason_code::policy_suspended)->detail, "a slip in section 3");
  EXPECT_TRUE(s.resume("p", ""));
  EXPECT_FALSE(s.resume("p", ""));
  EXPECT_EQ(s.decide(r).outcome, outcome::deny) << "its own suspension stays";
  EXPECT_TRUE(s.resume("p", "v2"));
  EXPECT_EQ(s.decide(r).outcome, outcome::approve);
}

TEST(PolicySet_is_changed, WhatIsSuspendedMakesNothingAmbiguous) {
  policy_set s;
  ASSERT_TRUE(s.add(version("a", "1", "", "")));
  ASSERT_TRUE(s.add(version("b", "1", "", "")));
  const request r = on("2026-06-01T00:00:00Z");
  EXPECT_EQ(chosen(s, r), "policy_ambiguous");
  ASSERT_TRUE(s.suspend("a", "", "withdrawn"));
  EXPECT_EQ(chosen(s, r), "b 1");
  ASSERT_TRUE(s.add(version("b", "2", "", "", 20)));
  EXPECT_EQ(chosen(s, r), "policy_ambiguous");
  ASSERT_TRUE(s.suspend("b", "1", "it began together with 2"));
  EXPECT_EQ(chosen(s, r), "b 2");
  ASSERT_TRUE(s.suspend("b", "2", "a slip"));
  EXPECT_EQ(chosen(s, r), "policy_ambiguous") << "each of them denies";
  request named = r;
  named.policy = "a";
  EXPECT_TRUE(says(s.decide(named), reason_code::policy_suspended));
}

TEST(PolicySet_is_changed, ASuspensionHoldsForWhatIsAddedLater) {
  policy_set s;
  EXPECT_FALSE(s.suspend("p", "", "not yet")) << "nothing here is meant";
  ASSERT_TRUE(s.add(version("p", "v1", "", "")));
  EXPECT_TRUE(says(s.decide(on("2026-06-01T00:00:00Z")), reason_code::policy_suspended));
}

TEST(PolicySet_is_changed, ARecordOfASuspendedVersionReplays) {
  policy_set s;
  const policy p = version("p", "v1", "", "");
  ASSERT_TRUE(s.add(p));
  s.suspend("p", "v1", "a slip");
  const request r = on("2026-06-01T00:00:00Z");
  const decision d = s.decide(r);
  EXPECT_EQ(d.policy.digest, p.digest());
  const auto again = replay_record(
      to_record(r, d), "r", [&](const digest& of) { return of == p.digest() ? &p : nullptr; });
  ASSERT_TRUE(again) << render(again.error());
  EXPECT_TRUE(again->exact) << again->pointer;
}

TEST(PolicySet_under_load, EveryDecisionIsOneVersionsOwnWhileTheyAreSwapped) {
  const request r = ask("waiver", usd(15));
  std::vector<policy> versions;
  std::map<digest, outcome> own;
  for (int i = 0; i < 4; ++i) {
    versions.push_back(version("p", "v1", "", "", 5 + 5 * i));
    own[versions.back().digest()] = versions.back().decide(r).outcome;
  }
  policy_set s;
  s.replace(versions.front());
  std::atomic<bool> done{false};
  std::atomic<int> wrong{0}, decided{0};
  std::vector<std::thread> readers;
  for (int t = 0; t < 3; ++t) {
    readers.emplace_back([&] {
      while (!done || decided < 300) {
        const decision d = s.decide(r);
        const bool suspended = says(d, reason_code::policy_suspended);
        const auto known = own.find(d.policy.digest);
        const bool right =
            known != own.end() && d.outcome == (suspended ? outcome::deny : known->second);
        if (!right) ++wrong;
        ++decided;
      }
    });
  }
  for (int i = 0; i < 400; ++i) {
    s.replace(versions[static_cast<std::size_t>(i) % versions.size()]);
    if (i % 7 == 0) s.suspend("p", "v1", "for a moment");
    if (i % 7 == 3) s.resume("p", "v1");
  }
  done = true;
  for (auto& one : readers) one.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_GE(decided, 300);
}

policy speaking(const char* protection) {
  return policy_of(std::string(R"("roles": [{"id": "agent"}], "actions": [{"id": "waiver"}],
    "grants": [{"id": "G1", "to": "agent", "for": "waiver"}], "protection": )") +
                   protection);
}

std::string told(const policy& p, const char* language) {
  return p.decide(ask("waiver", usd(5)), {.language = language}).protection;
}

TEST(Protection_is_told, InTheLanguageAskedForOrTheNearestOne) {
  const policy p = speaking(R"({"de": "D", "en": "E", "es": "S", "es-MX": "M", "zh-Hant": "Z"})");
  EXPECT_EQ(told(p, ""), "E");
  EXPECT_EQ(told(p, "es"), "S");
  EXPECT_EQ(told(p, "es-MX"), "M");
  EXPECT_EQ(told(p, "ES-mx"), "M") << "tags have no case";
  EXPECT_EQ(told(p, "es-MX-x-old"), "M") << "a single letter goes with what follows it";
  EXPECT_EQ(told(p, "es-AR"), "S");
  EXPECT_EQ(told(p, "zh-Hant-TW"), "Z");
  EXPECT_EQ(told(p, "zh-Hans"), "E") << "a longer tag is not what was asked for";
  EXPECT_EQ(told(p, "fr"), "E");
  EXPECT_EQ(told(p, "---"), "E");
}

TEST(Protection_is_told, WithoutEnglishInTheFirstAndWithoutAnyNotAtAll) {
  EXPECT_EQ(told(speaking(R"({"tl": "T", "es": "S"})"), "fr"), "S");
  EXPECT_EQ(told(speaking(R"("only this")"), "fr"), "only this");
  EXPECT_EQ(told(policy_of(R"("roles": [{"id": "agent"}], "actions": [{"id": "waiver"}],
    "grants": [{"id": "G1", "to": "agent", "for": "waiver"}])"),
                 "es"),
            "");
}

}  // namespace
}  // namespace leeway
