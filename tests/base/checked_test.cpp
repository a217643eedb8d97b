// SPDX-License-Identifier: Apache-2.0
#include "base/int128.hpp"
#include "base/random.hpp"

#include <leeway/base/checked.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

namespace leeway {
namespace {

constexpr auto biggest = std::numeric_limits<std::int64_t>::max();
constexpr auto smallest = std::numeric_limits<std::int64_t>::min();

TEST(CheckedAdd, ReportsOverflowInsteadOfWrapping) {
  static_assert(checked_add(1, 2) == 3);
  static_assert(!checked_add(biggest, 1));
  EXPECT_EQ(checked_add(biggest, smallest), -1);
  EXPECT_FALSE(checked_add(smallest, -1));
}

TEST(CheckedSub, ReportsOverflowInsteadOfWrapping) {
  EXPECT_EQ(checked_sub(1, 2), -1);
  EXPECT_EQ(checked_sub(-1, smallest), biggest);
  EXPECT_FALSE(checked_sub(0, smallest));
}

TEST(CheckedNeg, HasNoOppositeOfTheSmallest) {
  EXPECT_EQ(checked_neg(biggest), -biggest);
  EXPECT_FALSE(checked_neg(smallest));
}

TEST(CheckedArithmetic, AgreesWith128Bits) {
  test::random_source random;
  SCOPED_TRACE(random.replay());
  using detail::int128;
  const auto fit = [](int128 v) -> std::optional<std::int64_t> {
    if (!detail::fits_64(v)) return std::nullopt;
    return static_cast<std::int64_t>(v);
  };
  for (int i = 0; i < 20'000; ++i) {
    const std::int64_t a = random.any();
    const std::int64_t b = random.any();
    ASSERT_EQ(checked_add(a, b), fit(int128{a} + b)) << a << ' ' << b;
    ASSERT_EQ(checked_sub(a, b), fit(int128{a} - b)) << a << ' ' << b;
    ASSERT_EQ(checked_mul(a, b), fit(int128{a} * b)) << a << ' ' << b;
    ASSERT_EQ(checked_neg(a), fit(-int128{a})) << a;
  }
}

}  // namespace
}  // namespace leeway
