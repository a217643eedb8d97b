// SPDX-License-Identifier: Apache-2.0
#include "condition/support.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace leeway::condition::test {
namespace {

TEST(Environment, KeepsTheSlotOfANameDeclaredAgain) {
  environment env(currency::usd(), time_zone{});
  const slot first = env.declare({.path = "a.b", .static_type = value_kind::integer});
  env.declare({.path = "a.c", .static_type = value_kind::integer});
  EXPECT_EQ(env.declare({.path = "a.b", .static_type = value_kind::string}), first);
  EXPECT_EQ(env.size(), 2U);
  EXPECT_TRUE(env.find("a.b")->static_type.is(value_kind::string));
}

TEST(Environment, NeverSuggestsAProtectedName) {
  const world w;
  const auto names = w.env().names();
  EXPECT_EQ(std::count(names.begin(), names.end(), "customer.age"), 0);
  EXPECT_EQ(std::count(names.begin(), names.end(), "values.late"), 1);
  EXPECT_EQ(std::count(names.begin(), names.end(), "tables.limit"), 1);
}

TEST(Environment, TheLongestDeclaredPathWins) {
  world w;
  w.declare("contact.extra.a", "string");
  frame f = w.full();
  f.set(*w.env().slot_of("contact.extra.a"), "long");
  EXPECT_EQ(w.eval("contact.extra.a", f), "'long'");
  EXPECT_EQ(w.eval("contact.extra.b", f), "2");
}

TEST(Guards, AreSeenThroughConnectivesNegationsAndValues) {
  world w;
  w.define("seated", "has(subject.seats) && contact.proof");
  for (const char* const good :
       {"has(subject.seats) && subject.seats > 1", "!has(subject.seats) || subject.seats > 1",
        "has(subject.seats) ? subject.seats > 1 : false", "values.seated && subject.seats > 1",
        "!(!has(subject.seats) || contact.proof) && subject.seats > 1",
        "has(subject.seats) && contact.delays.exists(d, d > subject.seats)",
        "!has(subject.seats) ? true : subject.seats > 1"}) {
    EXPECT_TRUE(w.build(good).code) << good;
  }
  for (const char* const bad :
       {"subject.seats > 1 && has(subject.seats)", "has(subject.seats) || subject.seats > 1",
        "(has(subject.seats) || contact.proof) && subject.seats > 1",
        "(has(subject.seats) && contact.proof) || subject.seats > 1",
        "has(subject.seats) ? true : subject.seats > 1", "has(subject.tier) && subject.seats > 1",
        "!values.seated && subject.seats > 1"}) {
    EXPECT_EQ(world::refusal(w.build(bad)), "refused: optional_unguarded") << bad;
  }
}

}  // namespace
}  // namespace leeway::condition::test
