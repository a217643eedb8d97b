// SPDX-License-Identifier: Apache-2.0
#include "base/int128.hpp"
#include "base/random.hpp"

#include <leeway/base/ratio.hpp>

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <limits>
#include <string>

namespace leeway {
namespace {

using detail::int128;

constexpr std::array modes = {rounding::half_even, rounding::half_up, rounding::half_down,
                              rounding::up,        rounding::down,    rounding::ceiling,
                              rounding::floor};

ratio r(std::int64_t num, std::int64_t den) { return ratio::make(num, den).value(); }

exact_money cents(std::int64_t num, std::int64_t den) {
  return exact_money::make(num, den, currency::usd()).value();
}

// Digit by digit, as one writes a number by hand.
std::string decimal_by_hand(detail::int128 v, int decimals) {
  std::string digits;
  for (detail::int128 rest = v; rest != 0; rest /= 10) {
    const int digit = static_cast<int>(rest % 10);
    digits.insert(0, 1, static_cast<char>('0' + (digit < 0 ? -digit : digit)));
  }
  const auto least = static_cast<std::size_t>(decimals) + 1;
  if (digits.size() < least) digits.insert(0, least - digits.size(), '0');
  if (decimals > 0) digits.insert(digits.size() - static_cast<std::size_t>(decimals), 1, '.');
  return (v < 0 ? "-" : "") + digits;
}

TEST(Decimal, IsWrittenAsByHand) {
  test::random_source random;
  SCOPED_TRACE(random.replay());
  constexpr auto largest = static_cast<detail::int128>(~detail::uint128{0} >> 1U);
  for (int decimals = 0; decimals <= 18; ++decimals) {
    for (const detail::int128 v : {detail::int128{0}, largest, -largest, -largest - 1}) {
      ASSERT_EQ(detail::to_decimal(v, decimals), decimal_by_hand(v, decimals));
    }
    for (int i = 0; i < 2000; ++i) {
      const detail::int128 v = detail::int128{random.any()} * (i % 2 == 0 ? 1 : random.any());
      ASSERT_EQ(detail::to_decimal(v, decimals), decimal_by_hand(v, decimals));
    }
  }
}

TEST(Ratio, ReadsPercentDecimalFractionAndWhole) {
  EXPECT_EQ(ratio::parse("12.5%").value(), r(1, 8));
  EXPECT_EQ(ratio::parse("0.125").value(), r(1, 8));
  EXPECT_EQ(ratio::parse("1/8").value(), r(1, 8));
  EXPECT_EQ(ratio::parse("2/16").value(), r(1, 8));
  EXPECT_EQ(ratio::parse("3").value(), ratio(3));
  EXPECT_EQ(ratio::parse("-150%").value(), r(-3, 2));
  EXPECT_EQ(ratio::parse("0%").value(), ratio());
  EXPECT_EQ(ratio::parse("0.50000000000000000000000000000000000000000").value(), r(1, 2));
  EXPECT_EQ(ratio::parse("9223372036854775807").value().num(), INT64_MAX);
  EXPECT_EQ(ratio::parse("-9223372036854775808").value().num(), INT64_MIN);
}

TEST(Ratio, RefusesEverythingElseByCode) {
  for (const char* text : {"",    "-",     "%",    ".5",    "5.",    "+1",   "1e3",  " 1", "1 %",
                           "1%%", "1/",    "/2",   "1/2/3", "1/2%",  "1/-2", "--1",  "01", "1/02",
                           "-0",  "-0.0%", "-0/5", "1,5",   "0.5.5", "nan",  "1/0.5"}) {
    const auto parsed = ratio::parse(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().code, "ratio_syntax") << text;
  }
  EXPECT_EQ(ratio::parse("1/0").error().code, "ratio_zero_denominator");
  for (const char* text :
       {"9223372036854775808", "1/9223372036854775808", "0.0000000000000000001234567",
        "1000000000000000000000000000000000000000", "1/1000000000000000000000000000000000000000"}) {
    const auto parsed = ratio::parse(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().code, "ratio_range") << text;
  }
}

TEST(Ratio, IsReducedWithAPositiveDenominator) {
  EXPECT_EQ(r(6, -4).num(), -3);
  EXPECT_EQ(r(6, -4).den(), 2);
  EXPECT_EQ(r(0, -7), ratio());
  EXPECT_FALSE(ratio::make(1, 0));
  EXPECT_EQ(r(INT64_MIN, INT64_MIN), ratio(1));
  EXPECT_FALSE(ratio::make(1, INT64_MIN));
  EXPECT_EQ(r(2, INT64_MIN), r(-1, std::int64_t{1} << 62));
}

TEST(Ratio, WritesDecimalsWhereTheyEnd) {
  EXPECT_EQ(r(1, 8).to_string(), "0.125");
  EXPECT_EQ(r(-1, 8).to_string(), "-0.125");
  EXPECT_EQ(r(1, 3).to_string(), "1/3");
  EXPECT_EQ(ratio(-3).to_string(), "-3");
  EXPECT_EQ(r(1, std::int64_t{1} << 20).to_string(), "1/1048576");
}

TEST(Ratio, LawsHoldForAnyNumbers) {
  test::random_source random;
  SCOPED_TRACE(random.replay());
  for (int i = 0; i < 20'000; ++i) {
    const auto a = ratio::make(random.any(), random.any());
    const auto b = ratio::make(random.any(), random.any());
    if (!a || !b) continue;
    ASSERT_EQ(ratio::parse(a->to_string()).value(), *a) << a->to_string();
    const int128 left = int128{a->num()} * b->den();
    const int128 right = int128{b->num()} * a->den();
    ASSERT_EQ(*a < *b, left < right);
    ASSERT_EQ(*a == *b, left == right);
    ASSERT_EQ(checked_add(*a, *b), checked_add(*b, *a));
    ASSERT_EQ(checked_mul(*a, *b), checked_mul(*b, *a));
    if (const auto sum = checked_add(*a, *b)) {
      ASSERT_EQ(checked_sub(*sum, *b), *a);
    }
    if (const auto product = checked_mul(*a, *b); product && !b->is_zero()) {
      ASSERT_EQ(checked_div(*product, *b), *a);
    }
    if (const auto opposite = checked_neg(*a)) {
      ASSERT_EQ(checked_add(*a, *opposite), ratio());
    }
  }
}

TEST(Ratio, DivisionByZeroIsNothing) {
  EXPECT_FALSE(checked_div(ratio(1), ratio()));
  EXPECT_FALSE(checked_div(usd(1), ratio()));
  EXPECT_FALSE(checked_div(usd(1), 0));
  EXPECT_FALSE(exact_ratio(usd(1), usd(0)));
}

TEST(Rounding, NamesReadBack) {
  for (const rounding mode : modes) EXPECT_EQ(parse_rounding(to_string(mode)).value(), mode);
  EXPECT_EQ(parse_rounding("nearest").error().code, "rounding_unknown");
}

TEST(Rounding, OfTiesAndOfSigns) {
  struct expected {
    rounding mode;
    std::array<std::int64_t, 6> of;  // 5/2, 7/2, -5/2, 7/3, 8/3, -7/3
  };
  for (const expected& e : {expected{rounding::half_even, {2, 4, -2, 2, 3, -2}},
                            {rounding::half_up, {3, 4, -3, 2, 3, -2}},
                            {rounding::half_down, {2, 3, -2, 2, 3, -2}},
                            {rounding::up, {3, 4, -3, 3, 3, -3}},
                            {rounding::down, {2, 3, -2, 2, 2, -2}},
                            {rounding::ceiling, {3, 4, -2, 3, 3, -2}},
                            {rounding::floor, {2, 3, -3, 2, 2, -3}}}) {
    const std::array amounts = {cents(5, 2), cents(7, 2), cents(-5, 2),
                                cents(7, 3), cents(8, 3), cents(-7, 3)};
    for (std::size_t i = 0; i < amounts.size(); ++i) {
      EXPECT_EQ(amounts[i].round(e.mode)->minor(), e.of[i]) << to_string(e.mode) << ' ' << i;
    }
  }
}

/// The definition: `error` is the rounded value less num/den, in den-ths.
bool obeys(rounding mode, int128 num, int128 den, int128 error, std::int64_t rounded) {
  const int128 size = detail::abs_128(error);
  const bool grew = error != 0 && (num < 0) == (error < 0);
  const bool tie = 2 * size == den;
  switch (mode) {
    case rounding::half_even: return 2 * size <= den && (!tie || rounded % 2 == 0);
    case rounding::half_up: return 2 * size <= den && (!tie || grew);
    case rounding::half_down: return 2 * size <= den && (!tie || !grew);
    case rounding::up: return size < den && (error == 0 || grew);
    case rounding::down: return size < den && !grew;
    case rounding::ceiling: return size < den && error >= 0;
    case rounding::floor: return size < den && error <= 0;
  }
  return false;
}

TEST(Rounding, FollowsItsDefinitionForAnyAmount) {
  test::random_source random;
  SCOPED_TRACE(random.replay());
  for (int i = 0; i < 20'000; ++i) {
    const auto amount = exact_money::make(random.any(), random.any(), currency::usd());
    if (!amount) continue;
    for (const rounding mode : modes) {
      const auto rounded = amount->round(mode);
      ASSERT_TRUE(rounded);
      const int128 error = int128{rounded->minor()} * amount->den() - amount->num();
      ASSERT_TRUE(obeys(mode, amount->num(), amount->den(), error, rounded->minor()))
          << to_string(mode) << ' ' << amount->num() << '/' << amount->den();
    }
  }
}

TEST(ExactMoney, StaysExactUntilItIsRounded) {
  const auto part = checked_mul(usd(50), ratio::parse("12.5%").value());
  ASSERT_TRUE(part);
  EXPECT_TRUE(part->is_whole());
  EXPECT_EQ(part->to_string(), "6.25 USD");
  const auto third = checked_div(usd(1), 3).value();
  EXPECT_FALSE(third.is_whole());
  EXPECT_EQ(checked_mul(third, 3)->whole(), usd(1));
  EXPECT_EQ(third.round()->to_string(), "0.33 USD");
}

TEST(ExactMoney, WritesMajorUnits) {
  EXPECT_EQ(cents(5, 8).to_string(), "0.00625 USD");
  EXPECT_EQ(cents(2000, 3).to_string(), "20/3 USD");
  EXPECT_EQ(cents(-1, 3).to_string(), "-1/300 USD");
  EXPECT_EQ(exact_money(usd(20)).to_string(), "20.00 USD");
}

TEST(ExactMoney, ComparesExactlyAndOnlyWithinACurrency) {
  EXPECT_LT(cents(1, 3), cents(34, 100));
  EXPECT_GT(cents(1, 3), cents(33, 100));
  EXPECT_EQ(exact_money(usd(1)), cents(100, 1));
  EXPECT_TRUE(usd(1) < cents(201, 2));
  EXPECT_EQ(exact_money(usd(1)) <=> exact_money(eur(1)), std::partial_ordering::unordered);
  EXPECT_FALSE(checked_add(exact_money(usd(1)), exact_money(eur(1))));
  EXPECT_FALSE(exact_ratio(usd(1), eur(1)));
  EXPECT_EQ(exact_ratio(usd(1), usd(8)), r(1, 8));
}

TEST(ExactMoney, ReportsWhatDoesNotFit) {
  const exact_money big = money(INT64_MAX, currency::usd());
  EXPECT_FALSE(checked_mul(big, 2));
  EXPECT_TRUE(checked_mul(big, r(1, 2)));
  EXPECT_FALSE(checked_mul(big, r(3, 2)));
  EXPECT_FALSE(checked_neg(exact_money(money(INT64_MIN, currency::usd()))));
}

}  // namespace
}  // namespace leeway
