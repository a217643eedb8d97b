// SPDX-License-Identifier: Apache-2.0
// A decision in memory that is warm allocates nothing. A program of its own: it counts every
// allocation.
#include "condition/allocations.hpp"

#include <leeway/engine/json.hpp>
#include <leeway/engine/policy.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <new>
#include <string>
#include <thread>
#include <vector>

namespace leeway::engine_test {
namespace {

constexpr const char* document = R"doc({
  "format": "leeway-policy/1", "id": "memory", "version": "1", "currency": "USD",
  "facts": {"customer.tenure_days": "int", "contact.hours_late": "int",
            "customer.tier": {"type": "string", "one_of": ["bronze", "silver"]}},
  "roles": [{"id": "agent", "escalate_to": ["manager_of_the_whole_floor"]},
            {"id": "manager_of_the_whole_floor", "includes": ["agent"]}],
  "actions": [{"id": "credit"}, {"id": "cutoff_exception", "amount": "none"}],
  "grants": [
    {"id": "G1", "to": "agent", "for": ["credit"], "up_to": "50 USD",
     "because": "small credits are the agent's own to decide"},
    {"id": "G2", "to": "agent", "for": ["cutoff_exception"], "of": "contact.hours_late",
     "up_to": 24},
    {"id": "G3", "to": "manager_of_the_whole_floor", "for": "*"}],
  "budgets": [{"id": "B1", "per": ["contact.id"], "for": "*", "window": "lifetime",
               "amount": "400 USD", "beyond": "deny"}],
  "rules": [
    {"id": "a_rule_with_a_long_name",
     "when": "customer.tenure_days < 30 && action.amount > money('10 USD')",
     "then": {"escalate": ["manager_of_the_whole_floor"]}},
    {"id": "R2", "when": "customer.tier == 'silver' && contact.hours_late > 72",
     "then": "deny", "because": "nothing is done so late, whoever asks", "remedy": "open a claim"},
    {"id": "R3", "when": "customer.tier == 'bronze' && contact.hours_late > 80", "then": "deny"},
    {"id": "R4", "when": "customer.tier == 'bronze'",
     "then": {"oblige": {"id": "note_on_account"}}}],
  "protection": {"en": "Made in good faith within the policy. It is not held against the agent."}
})doc";

request asked(const char* kind, std::int64_t cents, std::int64_t tenure, std::int64_t late,
              const char* tier) {
  request r{.id = "a-request-with-a-long-id", .at = *instant::parse("2026-11-21T15:04:05Z")};
  r.agent = {.id = "a-1", .role = "agent"};
  r.customer = {.id = "c-1", .attributes = {{"tenure_days", value(tenure)}, {"tier", value(tier)}}};
  r.contact = {.id = "a-contact-with-a-long-id", .attributes = {{"hours_late", value(late)}}};
  r.action = {.kind = kind};
  if (cents != 0) r.action.amount = money(cents, currency::usd());
  return r;
}

TEST(Deciding, AllocatesNothingOnceWarm) {
  const auto p = parse_policy(document);
  ASSERT_TRUE(p) << render(p.error());
  std::vector<request> all;
  for (const char* tier : {"bronze", "silver"}) {
    for (const std::int64_t cents : {500, 4900, 6000, 500000}) {
      for (const std::int64_t tenure : {3, 300}) {
        for (const std::int64_t late : {1, 100}) {
          all.push_back(asked("credit", cents, tenure, late, tier));
          all.push_back(asked("cutoff_exception", 0, tenure, late, tier));
        }
      }
    }
  }
  const auto none_used = usage::empty();
  for (const bool reasons : {true, false}) {
    decision d;
    const decide_options options{.offer = false, .reasons = reasons};
    for (int round = 0; round < 3; ++round) {
      for (const auto& r : all) p->decide(r, none_used, options, d);
    }
    std::size_t outcomes[4]{};
    const std::size_t before = test::allocations();
    for (const auto& r : all) {
      p->decide(r, none_used, options, d);
      ++outcomes[static_cast<std::size_t>(d.outcome)];
    }
    EXPECT_EQ(test::allocations(), before) << (reasons ? "with" : "without") << " reasons";
    for (const auto o : {outcome::approve, outcome::escalate, outcome::deny}) {
      EXPECT_NE(outcomes[static_cast<std::size_t>(o)], 0U) << to_string(o);
    }
  }
}

TEST(Deciding, NeverApprovesWhereMemoryRunsOut) {
  const auto p = parse_policy(document);
  ASSERT_TRUE(p) << render(p.error());
  const auto none_used = usage::empty();
  const auto small = asked("credit", 500, 300, 1, "bronze");
  const auto large = asked("credit", 500000, 3, 100, "silver");
  for (const auto& r : {small, large}) {
    const auto fresh = p->decide(r, none_used);
    std::size_t failed = 0;
    for (std::size_t most = 0; most < 400; ++most) {
      auto d = p->decide(small, none_used, {.offer = false});
      ASSERT_EQ(d.outcome, outcome::approve);
      // On a thread of its own nothing is warm, and what is used again is an approval.
      std::thread([&] {
        bool ran_out = false;
        test::fail_after(most);
        try {
          p->decide(r, none_used, {}, d);
        } catch (const std::bad_alloc&) {
          ran_out = true;
        }
        test::let_allocate();
        EXPECT_EQ(d.outcome, ran_out ? outcome::deny : fresh.outcome) << most;
        failed += ran_out ? 1U : 0U;
        p->decide(r, none_used, {}, d);
        EXPECT_EQ(to_json(d), to_json(fresh)) << most;
      }).join();
    }
    EXPECT_GT(failed, 0U);
  }
}

TEST(Deciding, StillWorksWhileItsThreadEnds) {
  const auto p = parse_policy(document);
  ASSERT_TRUE(p) << render(p.error());
  const auto r = asked("credit", 6000, 3, 100, "silver");
  const auto fresh = p->decide(r, usage::empty());
  struct at_the_end {
    const policy* by{};
    const request* of{};
    decision* into{};
    at_the_end() = default;
    at_the_end(const at_the_end&) = delete;
    at_the_end(at_the_end&&) = delete;
    at_the_end& operator=(const at_the_end&) = delete;
    at_the_end& operator=(at_the_end&&) = delete;
    ~at_the_end() { by->decide(*of, usage::empty(), {}, *into); }
  };
  decision last;
  std::thread([&] {
    // Made before what deciding keeps for its thread, so it ends after it.
    thread_local at_the_end end;
    end.by = &*p;
    end.of = &r;
    end.into = &last;
    for (int i = 0; i < 3; ++i) EXPECT_EQ(to_json(p->decide(r, usage::empty())), to_json(fresh));
  }).join();
  EXPECT_EQ(to_json(last), to_json(fresh));
}

}  // namespace
}  // namespace leeway::engine_test
