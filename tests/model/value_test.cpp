// SPDX-License-Identifier: Apache-2.0
#include <leeway/model/value.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <stdexcept>

namespace leeway {
namespace {

std::vector<value> one_of_each() {
  return {true,
          7,
          1.5,
          "x",
          instant{},
          duration{},
          civil_date{2026, 1, 31},
          usd(5),
          ratio(3),
          value::list({1, 2}),
          value::map({{"a", 1}})};
}

TEST(Value, KnowsItsKind) {
  const auto values = one_of_each();
  for (std::size_t i = 0; i < values.size(); ++i) {
    EXPECT_EQ(static_cast<std::size_t>(values[i].kind()), i + 1);
  }
}

TEST(Value, IsNeverEqualAcrossKinds) {
  const auto values = one_of_each();
  for (std::size_t i = 0; i < values.size(); ++i) {
    for (std::size_t j = 0; j < values.size(); ++j) {
      EXPECT_EQ(values[i] == values[j], i == j);
      EXPECT_EQ(value::order(values[i], values[j]) == 0, i == j);
    }
  }
  EXPECT_FALSE(value(1) == value(1.0));
}

TEST(Value, ThrowsWhenReadAsAnotherKind) {
  EXPECT_THROW(static_cast<void>(value(1).as_string()), std::logic_error);
  EXPECT_THROW(static_cast<void>(value("1").as_int()), std::logic_error);
  EXPECT_THROW(static_cast<void>(value(1).find("a")), std::logic_error);
}

TEST(Value, OrdersNumbersWithWhatIsNoNumberLast) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_TRUE(value::order(nan, nan) == 0);
  EXPECT_TRUE(value::order(1.0, nan) < 0);
  EXPECT_TRUE(value::order(-0.0, 0.0) == 0);
  EXPECT_FALSE(value(nan) == value(nan));
}

TEST(ValueMap, IsSortedAndKeepsTheLastOfARepeatedKey) {
  const value m = value::map({{"b", 1}, {"a", 2}, {"b", 3}});
  ASSERT_EQ(m.as_map().size(), 2U);
  EXPECT_EQ(m.as_map()[0].first.as_string(), "a");
  ASSERT_NE(m.find("b"), nullptr);
  EXPECT_EQ(m.find("b")->as_int(), 3);
  EXPECT_EQ(m.find("c"), nullptr);
  EXPECT_EQ(m.find(1), nullptr);
  EXPECT_EQ(m, value::map({{"b", 3}, {"a", 2}}));
}

TEST(Value, IsWrittenInThePolicysNotation) {
  EXPECT_EQ(value(true).to_string(), "true");
  EXPECT_EQ(value(-3).to_string(), "-3");
  EXPECT_EQ(value(2.0).to_string(), "2.0");
  EXPECT_EQ(value(0.4).to_string(), "0.4");
  EXPECT_EQ(value(1e300).to_string(), "1e+300");
  EXPECT_EQ(value("it's\n\x01").to_string(), "'it\\'s\\n\\x01'");
  EXPECT_EQ(value(usd(62)).to_string(), "62.00 USD");
  EXPECT_EQ(value(ratio::parse("12.5%").value()).to_string(), "0.125");
  EXPECT_EQ(value(civil_date{2026, 1, 31}).to_string(), "2026-01-31");
  EXPECT_EQ(value::list({1, 2}).to_string(), "[1, 2]");
  EXPECT_EQ(value::map({{"a", value::list({})}}).to_string(), "{'a': []}");
}

TEST(Value, MoneyStaysExact) {
  const auto third = checked_mul(exact_money(usd(10)), ratio::make(1, 3).value()).value();
  EXPECT_EQ(value(third).to_string(), "10/3 USD");
  EXPECT_FALSE(value(third) == value(usd(3, 33)));
}

}  // namespace
}  // namespace leeway
