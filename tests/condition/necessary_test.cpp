// SPDX-License-Identifier: Apache-2.0
// What must be so for a condition to be true.
#include "condition/quick.hpp"
#include "condition/support.hpp"
#include "condition/writer.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

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

TEST(Necessary, IsFalseWithoutIt) {
  const world w;
  const std::uint64_t s = seed();
  SCOPED_TRACE(replay(s));
  writer random(s);
  int told = 0;
  for (int i = 0; i < 3000; ++i) {
    const std::string text = "(" + random.fact_test() + " && " + random.boolean(2) + ")";
    const auto out = w.build(text, {}, {.list_limit = 10});
    ASSERT_TRUE(out.code) << text;
    frame f = w.full();
    for (slot other = 0; other < f.size(); ++other) {
      if (random.below(2) == 0) f.set_unknown(other);
    }
    for (const equality& one : out.code->necessary()) {
      if (f.at(one.fact).status != binding::state::known) continue;
      if (std::ranges::find(one.any_of, *f.at(one.fact).content) != one.any_of.end()) continue;
      ++told;
      ASSERT_EQ(quick_truth(*out.code, w.env(), f), truth::no) << text;
    }
  }
  EXPECT_GT(told, 20);
}

}  // namespace
}  // namespace leeway::condition::test
