// SPDX-License-Identifier: Apache-2.0
#include "condition/support.hpp"
#include "condition/tables.hpp"

#include <gtest/gtest.h>

namespace leeway::condition::test {
namespace {

void expect_values(const char* table, std::size_t least) {
  const world w;
  const auto cases = read_table(table);
  ASSERT_GE(cases.size(), least) << "run in the root of the sources";
  for (const table_case& c : cases) {
    EXPECT_EQ(w.eval(c.expression) + "\n", c.expected)
        << table << ":" << c.line << ": " << c.expression;
  }
}

TEST(Evaluator, GivesTheValuesOfTheTable) { expect_values("values.txt", 60); }

TEST(Evaluator, GivesWhatTheStandardGives) { expect_values("standard.txt", 400); }

TEST(Evaluator, CarriesWhatIsUnknownThrough) {
  const world w;
  const auto cases = read_table("unknowns.txt");
  ASSERT_GE(cases.size(), 20U) << "run in the root of the sources";
  for (const table_case& c : cases) {
    EXPECT_EQ(w.eval(c.expression, w.blank()) + "\n", c.expected)
        << "unknowns.txt:" << c.line << ": " << c.expression;
  }
}

TEST(Evaluator, TellsUnknownFromFailedAndNamesBoth) {
  const world w;
  const auto c = w.build("contact.proof && contact.hours_late / 0 == 1");
  frame f = w.full();
  f.set_unknown(*w.env().slot_of("contact.proof"));
  const evaluation e = evaluate(*c.code, w.env(), f);
  EXPECT_EQ(e.status, evaluation::state::unknown);
  EXPECT_EQ(e.missing, std::vector<slot>{*w.env().slot_of("contact.proof")});
  EXPECT_EQ(e.error, "division by zero");
  EXPECT_EQ(e.involved, std::vector<slot>{*w.env().slot_of("contact.hours_late")});
}

TEST(Evaluator, RefusesFactsThatAreNotAsDeclared) {
  const world w;
  const auto c = w.build("contact.hours_late > 3");
  frame f = w.full();
  f.set(*w.env().slot_of("contact.hours_late"), "four");
  EXPECT_EQ(w.shown(evaluate(*c.code, w.env(), f)),
            "failed: `contact.hours_late` holds a `string`, not a `int`");
  f.set(*w.env().slot_of("contact.delays"), value::list({"x"}));
  const auto inside = w.build("contact.delays.exists(d, d > 3)");
  EXPECT_EQ(evaluate(*inside.code, w.env(), f).status, evaluation::state::failed);
}

TEST(Evaluator, RefusesAmountsOfAnotherCurrency) {
  const world w;
  const auto c = w.build("contact.paid > money('5 USD')");
  frame f = w.full();
  f.set(*w.env().slot_of("contact.paid"), eur(100));
  EXPECT_EQ(w.shown(evaluate(*c.code, w.env(), f)),
            "failed: `contact.paid` is not in the policy's currency");
}

TEST(Evaluator, IsTotalOnAFrameThatIsTooSmall) {
  world w;
  const frame small = w.blank();
  w.declare("contact.later", "int");
  EXPECT_EQ(w.eval("contact.later > 3", small), "unknown contact.later");
}

TEST(Program, KnowsWhatItReads) {
  const world w;
  const auto c = w.build("values.over_cap && has(subject.tier)");
  ASSERT_TRUE(c.code);
  EXPECT_TRUE(c.code->reads_amount());
  const std::vector<slot> expected = {*w.env().slot_of("action.amount"),
                                      *w.env().slot_of("contact.paid"),
                                      *w.env().slot_of("subject.tier")};
  EXPECT_EQ(c.code->reads(), expected);
}

}  // namespace
}  // namespace leeway::condition::test
