// SPDX-License-Identifier: Apache-2.0
#include "condition/support.hpp"
#include "condition/tables.hpp"

#include <gtest/gtest.h>

namespace leeway::condition::test {
namespace {

std::string shown(const issues& found) {
  std::string out;
  for (const issue& i : found) {
    out += (i.warning ? "warning " : "") + i.code + " " + std::to_string(i.offset) + "+" +
           std::to_string(i.length) + ": " + i.message + "; " + i.remedy + "\n";
  }
  return out;
}

TEST(Messages, SayWhatIsWrongWhereAndWhatToDo) {
  const world w;
  const auto cases = read_table("messages.txt");
  ASSERT_GE(cases.size(), 60U) << "run in the root of the sources";
  for (const table_case& c : cases) {
    const compiled out = w.build(c.expression, {value_kind::boolean});
    EXPECT_EQ(shown(out.found), c.expected) << "messages.txt:" << c.line << ": " << c.expression;
  }
}

TEST(Messages, KeepTheHouseStyle) {
  const world w;
  for (const table_case& c : read_table("messages.txt")) {
    for (const issue& i : w.build(c.expression, {value_kind::boolean}).found) {
      EXPECT_FALSE(i.message.empty() || i.message.ends_with('.')) << c.expression;
      EXPECT_FALSE(i.message[0] >= 'A' && i.message[0] <= 'Z') << c.expression;
      EXPECT_FALSE(i.remedy.empty()) << c.expression;
      EXPECT_LE(i.offset + i.length, c.expression.size()) << c.expression;
      EXPECT_GT(i.length, 0U) << c.expression;
    }
  }
}

TEST(Messages, ReportEverySlipOfAnExpressionAtOnce) {
  const world w;
  const auto out =
      w.build("contact.reasn == 'x' && contact.hours_late = 3 || foo(1) > action.amount");
  EXPECT_FALSE(out.code);
  EXPECT_EQ(out.found.size(), 3U);
}

}  // namespace
}  // namespace leeway::condition::test
