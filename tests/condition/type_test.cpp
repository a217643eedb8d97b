// SPDX-License-Identifier: Apache-2.0
#include "condition/type.hpp"

#include <gtest/gtest.h>

namespace leeway::condition {
namespace {

TEST(Type, ReadsAndWritesTheSameText) {
  for (const char* const text : {"bool", "int", "double", "string", "timestamp", "duration", "date",
                                 "money", "ratio", "list<string>", "map<int, list<money>>"}) {
    const auto t = type::parse(text);
    ASSERT_TRUE(t) << text;
    EXPECT_EQ(t->to_string(), text);
  }
  EXPECT_EQ(type::parse(" map< string ,int > ").value().to_string(), "map<string, int>");
}

TEST(Type, RefusesWhatIsNoType) {
  constexpr const char* too_deep =
      "list<list<list<list<list<list<list<list<list<list<int>>>>>>>>>>";
  for (const char* const text : {"", "Bool", "list", "list<>", "list<int", "map<money, int>",
                                 "map<int>", "int int", too_deep}) {
    const auto t = type::parse(text);
    ASSERT_FALSE(t) << text;
    EXPECT_EQ(t.error().code, "type_syntax");
  }
}

TEST(Type, AnEmptyLiteralFitsEveryListOrMap) {
  const type ints = type::list_of(value_kind::integer);
  EXPECT_TRUE(type::empty_list().fits(ints));
  EXPECT_FALSE(ints.fits(type::empty_list()));
  EXPECT_FALSE(type::empty_map().fits(ints));
  EXPECT_TRUE(type::list_of(type::empty_list()).fits(type::list_of(ints)));
}

TEST(Type, JoinsToTheFullerOfTwo) {
  const type ints = type::list_of(value_kind::integer);
  EXPECT_EQ(join(type::empty_list(), ints), ints);
  EXPECT_EQ(join(ints, type::nothing()), ints);
  EXPECT_FALSE(join(ints, type::list_of(value_kind::string)));
  EXPECT_FALSE(join(value_kind::integer, value_kind::number));
}

}  // namespace
}  // namespace leeway::condition
