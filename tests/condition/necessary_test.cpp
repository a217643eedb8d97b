// SPDX-License-Identifier: Apache-2.0
// What must be so for a condition to be true.
#include "condition/quick.hpp"
#include "condition/support.hpp"
#include "condition/writer.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace leeway::condition::test {
namespace {

std::string shown(const world& w, const program& p) {
  std::string out;
  for (const equality& one : p.necessary()) {
    out += (out.empty() ? "" : "; ") + w.env().at(one.fact).path + " is";
    for (const value& v : one.any_of) out += " " + v.to_string();
  }
  return out;
}

TEST(Necessary, IsWhatEveryWayToTrueAsks) {
  world w;
  w.define("ours", "agent.id == 'a-17' && contact.proof");
  struct example {
    const char* expression;
    const char* necessary;
  };
  for (const example& one : {
           example{"contact.reason == 'late_fee'", "contact.reason is 'late_fee'"},
           {"'x' == contact.reason && contact.hours_late == 3 && contact.hours_late / 0 == 1",
            "contact.reason is 'x'; contact.hours_late is 3"},
           {"contact.reason in ['x', 'y'] && !contact.proof",
            "contact.reason is 'x' 'y'; contact.proof is false"},
           {"contact.reason == 'x' || contact.reason == 'y'", "contact.reason is 'x' 'y'"},
           {"contact.reason == 'x' || contact.hours_late == 3", ""},
           {"!(contact.proof || contact.reason != 'x')",
            "contact.proof is false; contact.reason is 'x'"},
           {"values.ours && contact.hours_late > 3", "agent.id is 'a-17'; contact.proof is true"},
           {"contact.proof ? contact.reason == 'x' : contact.reason == 'y'", ""},
           {"contact.reason != 'x'", ""},
           {"contact.paid == money('3 USD')", ""},
           {"'gold' in customer.flags", ""},
       }) {
    const auto out = w.build(one.expression);
    ASSERT_TRUE(out.code) << one.expression;
    EXPECT_EQ(shown(w, *out.code), one.necessary) << one.expression;
  }
}

std::string one_of(writer& random, const std::vector<std::string>& texts) {
  return texts[random.below(texts.size())];
}

/// True only where a fact is one of a few values; or, `denied`, false only there.
std::string test_of_a_fact(writer& random, bool denied) {
  if (denied) {
    return one_of(random, {"contact.reason != 'x'", "contact.hours_late != 3", "!contact.proof",
                           "(contact.reason != 'x' && 'y' != contact.reason)"});
  }
  return one_of(random, {"contact.reason == 'x'", "'late_fee' == contact.reason",
                         "contact.reason in ['x', 'late_fee', 'y']", "contact.hours_late == 4",
                         "contact.hours_late in [1, 2]", "contact.proof", "contact.proof == false",
                         "(contact.reason == 'x' || contact.reason == 'late_fee')"});
}

/// With anything else beside it.
std::string condition_with(writer& random) {
  const bool denied = random.below(3) == 0;
  std::string sides[] = {test_of_a_fact(random, denied), random.boolean(2)};
  if (random.below(2) == 0) std::swap(sides[0], sides[1]);
  return denied ? "!(" + sides[0] + " || " + sides[1] + ")" : sides[0] + " && " + sides[1];
}

value another(const value& than) {
  if (than.is(value_kind::boolean)) return !than.as_bool();
  if (than.is(value_kind::integer)) return 987'654;
  return "elsewhere";
}

TEST(Necessary, IsFalseWithoutIt) {
  const world w;
  const std::uint64_t s = seed();
  SCOPED_TRACE(replay(s));
  writer random(s);
  int told = 0;
  for (int i = 0; i < 3000; ++i) {
    const std::string text = condition_with(random);
    const auto out = w.build(text, {}, {.list_limit = 10});
    ASSERT_TRUE(out.code) << text;
    ASSERT_FALSE(out.code->necessary().empty()) << text;
    frame f = w.full();
    for (slot other = 0; other < f.size(); ++other) {
      if (random.below(2) == 0) f.set_unknown(other);
    }
    for (const equality& one : out.code->necessary()) {
      const value other = another(one.any_of.front());
      if (std::ranges::find(one.any_of, other) != one.any_of.end()) continue;
      frame without = f;
      without.set(one.fact, other);
      ++told;
      ASSERT_EQ(quick_truth(*out.code, w.env(), without), truth::no) << text;
      ASSERT_TRUE(evaluate(*out.code, w.env(), without).is_false()) << text;
    }
  }
  EXPECT_GT(told, 3000);
}

}  // namespace
}  // namespace leeway::condition::test
