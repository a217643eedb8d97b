// SPDX-License-Identifier: Apache-2.0
#include "base/int128.hpp"
#include "base/random.hpp"

#include <leeway/base/money.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>
#include <type_traits>

namespace leeway {
namespace {

currency cur(const char* code) { return currency::find(code).value(); }

std::string code_of(std::string_view text) {
  const auto parsed = money::parse(text);
  return parsed ? "parsed" : parsed.error().code;
}

TEST(Money, ReadsAmountsOfTheCurrencysDecimals) {
  EXPECT_EQ(money::parse("49.99 USD").value(), money(4999, cur("USD")));
  EXPECT_EQ(money::parse("50 USD").value(), usd(50));
  EXPECT_EQ(money::parse("0 USD").value(), usd(0));
  EXPECT_EQ(money::parse("0.05 USD").value(), usd(0, 5));
  EXPECT_EQ(money::parse("-12.30 EUR").value(), eur(-12, 30));
  EXPECT_EQ(money::parse("500 JPY").value(), money(500, cur("JPY")));
  EXPECT_EQ(money::parse("1.234 KWD").value(), money(1234, cur("KWD")));
  EXPECT_EQ(money::parse("1.2345 CLF").value(), money(12345, cur("CLF")));
  EXPECT_EQ(money::parse("7 KWD").value(), money(7000, cur("KWD")));
}

TEST(Money, RefusesEverythingElseByCode) {
  for (const char* text :
       {"",           " ",          "USD",         "49.99",     "49.99USD",  "49.99  USD",
        " 49.99 USD", "49.99 USD ", "+1 USD",      "1,000 USD", "1_000 USD", "1'000 USD",
        "007 USD",    "00 USD",     "-0 USD",      "-0.00 USD", ".50 USD",   "1. USD",
        "1.2.3 USD",  "--1 USD",    "- USD",       "1e3 USD",   "0x1 USD",   "USD 5",
        "1,50 EUR",   "5\tUSD",     "\xD9\xA5 USD"}) {
    EXPECT_EQ(code_of(text), "money_syntax") << text;
  }
  for (const char* text :
       {"5 usd", "5 US", "5 XXX", "5 XAU", "5 HRK", "5 US\xC3\x90", "5 DOLLAR"}) {
    EXPECT_EQ(code_of(text), "money_currency") << text;
  }
  for (const char* text : {"49.9 USD", "49.999 USD", "5.0 JPY", "1.23 KWD", "1.234 CLF"}) {
    EXPECT_EQ(code_of(text), "money_decimals") << text;
  }
  for (const char* text : {"92233720368547758.08 USD", "-92233720368547758.09 USD",
                           "9223372036854775808 JPY", "99999999999999999999999999 USD"}) {
    EXPECT_EQ(code_of(text), "money_range") << text;
  }
}

TEST(Money, MessagesNameTheRemedy) {
  EXPECT_EQ(money::parse("49.9 USD").error().message,
            "`49.9 USD` has 1 decimal, and USD has 2; write it like `49.90 USD`");
  EXPECT_EQ(money::parse("-5.5 JPY").error().message,
            "`-5.5 JPY` has decimals, and JPY has none; write a whole number, like `-5 JPY`");
  EXPECT_EQ(money::parse("5 usd").error().message,
            "`usd` is not a currency; write it in upper case, `USD`");
  EXPECT_EQ(money::parse("007 USD").error().message, "`007 USD` has leading zeros; leave them out");
}

TEST(Money, MessagesAreOneLineOfAsciiWhateverTheInput) {
  EXPECT_EQ(money::parse("5\n\xE2\x82\xAC` USD").error().message.substr(0, 11), "`5??? USD` ");
  const std::string long_text(1000, 'x');
  EXPECT_LT(money::parse(long_text).error().message.size(), 200U);
}

TEST(Money, WritesAllDecimals) {
  EXPECT_EQ(usd(50).to_string(), "50.00 USD");
  EXPECT_EQ(usd(0, 5).to_string(), "0.05 USD");
  EXPECT_EQ(money(-5, cur("USD")).to_string(), "-0.05 USD");
  EXPECT_EQ(money(50, cur("JPY")).to_string(), "50 JPY");
  EXPECT_EQ(money(-1, cur("CLF")).to_string(), "-0.0001 CLF");
  EXPECT_EQ(money(std::numeric_limits<std::int64_t>::min(), cur("USD")).to_string(),
            "-92233720368547758.08 USD");
}

TEST(Money, ReadsBackWhatItWrites) {
  test::random_source random;
  SCOPED_TRACE(random.replay());
  for (int i = 0; i < 20'000; ++i) {
    const money m(random.any(), random.pick(all_currencies()));
    const auto back = money::parse(m.to_string());
    ASSERT_TRUE(back) << m.to_string() << ": " << back.error().message;
    ASSERT_EQ(*back, m) << m.to_string();
  }
}

TEST(Money, DifferentCurrenciesAreUnordered) {
  EXPECT_EQ(usd(5) <=> eur(5), std::partial_ordering::unordered);
  EXPECT_FALSE(usd(5) == eur(5));
  EXPECT_FALSE(usd(5) < eur(6));
  EXPECT_LT(usd(4, 99), usd(5));
  EXPECT_FALSE(checked_add(usd(1), eur(1)));
  EXPECT_FALSE(checked_sub(usd(1), eur(1)));
}

TEST(Money, ArithmeticAgreesWith128Bits) {
  test::random_source random;
  SCOPED_TRACE(random.replay());
  using detail::int128;
  const auto same = [](std::optional<money> got, int128 expected) {
    if (!detail::fits_64(expected)) return !got;
    return got == money(static_cast<std::int64_t>(expected), currency::usd());
  };
  for (int i = 0; i < 20'000; ++i) {
    const std::int64_t a = random.any();
    const std::int64_t b = random.any();
    const money x(a, currency::usd());
    const money y(b, currency::usd());
    ASSERT_TRUE(same(checked_add(x, y), int128{a} + b)) << a << ' ' << b;
    ASSERT_TRUE(same(checked_sub(x, y), int128{a} - b)) << a << ' ' << b;
    ASSERT_TRUE(same(checked_mul(x, b), int128{a} * b)) << a << ' ' << b;
    ASSERT_TRUE(same(checked_neg(x), -int128{a})) << a;
  }
}

TEST(Money, FactoriesAreCheckedConstants) {
  static_assert(usd(35, 00) == money(3500, currency::usd()));
  static_assert(gbp(-5, 50) == money(-550, currency::gbp()));
  static_assert(std::is_trivially_copyable_v<money> && sizeof(money) == 16);
  EXPECT_THROW(static_cast<void>(usd(1, 100)), std::logic_error);
  EXPECT_THROW(static_cast<void>(usd(std::numeric_limits<std::int64_t>::max())), std::logic_error);
}

}  // namespace
}  // namespace leeway
