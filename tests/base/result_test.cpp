// SPDX-License-Identifier: Apache-2.0
#include <leeway/base/result.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

namespace leeway {
namespace {

result<int> half(int n) {
  if (n % 2 != 0) return fail("odd", "`" + std::to_string(n) + "` is odd; use an even number");
  return n / 2;
}

result<void> check(bool good) {
  if (!good) return fail("bad", "not good; be good");
  return {};
}

TEST(Result, HoldsAValueOrAnError) {
  const auto good = half(4);
  ASSERT_TRUE(good);
  EXPECT_EQ(*good, 2);
  const auto bad = half(3);
  ASSERT_FALSE(bad.has_value());
  EXPECT_EQ(bad.error().code, "odd");
  EXPECT_EQ(bad.value_or(7), 7);
  EXPECT_EQ(good.value_or(7), 2);
}

TEST(Result, ValueOfAnErrorThrowsItsMessage) {
  try {
    static_cast<void>(half(3).value());
    FAIL() << "did not throw";
  } catch (const std::logic_error& e) {
    EXPECT_NE(std::string(e.what()).find("`3` is odd"), std::string::npos);
  }
}

TEST(Result, OfVoidIsSuccessByDefault) {
  EXPECT_TRUE(check(true));
  EXPECT_NO_THROW(check(true).value());
  ASSERT_FALSE(check(false));
  EXPECT_EQ(check(false).error().code, "bad");
  EXPECT_THROW(check(false).value(), std::logic_error);
}

TEST(Result, MovesValuesThatCannotBeCopied) {
  const auto make = []() -> result<std::unique_ptr<int>> { return std::make_unique<int>(5); };
  std::unique_ptr<int> taken = *make();
  EXPECT_EQ(*taken, 5);
  EXPECT_EQ(*make().value(), 5);
}

TEST(Result, TakesAnErrorOfTheSameTypeAsTheValue) {
  const result<std::string, std::string> good("a");
  const result<std::string, std::string> bad(fail(std::string("b")));
  EXPECT_TRUE(good);
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error(), "b");
}

TEST(Result, TakesWhateverConvertsToTheValue) {
  const result<std::string> text("literal");
  EXPECT_EQ(text->size(), 7U);
  const result<std::vector<int>, int> bad = fail(3);
  EXPECT_EQ(bad.error(), 3);
  static_assert(!std::is_convertible_v<std::vector<int>, result<std::string>>);
}

}  // namespace
}  // namespace leeway
