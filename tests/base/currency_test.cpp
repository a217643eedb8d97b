// SPDX-License-Identifier: Apache-2.0
#include <leeway/base/currency.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <type_traits>

namespace leeway {
namespace {

TEST(Currency, IsSmallAndTriviallyCopyable) {
  static_assert(sizeof(currency) <= 4);
  static_assert(std::is_trivially_copyable_v<currency>);
  EXPECT_FALSE(currency().valid());
  EXPECT_EQ(currency().code(), "???");
  EXPECT_EQ(currency().name(), "");
}

TEST(Currency, KnowsExponents) {
  struct expected {
    const char* code;
    int exponent;
    int numeric;
  };
  for (const expected& e :
       {expected{"USD", 2, 840}, {"EUR", 2, 978}, {"GBP", 2, 826}, {"JPY", 0, 392}, {"KRW", 0, 410},
        {"CLP", 0, 152},         {"ISK", 0, 352}, {"VND", 0, 704}, {"XOF", 0, 952}, {"UGX", 0, 800},
        {"UYI", 0, 940},         {"BHD", 3, 48},  {"IQD", 3, 368}, {"JOD", 3, 400}, {"KWD", 3, 414},
        {"LYD", 3, 434},         {"OMR", 3, 512}, {"TND", 3, 788}, {"CLF", 4, 990}, {"UYW", 4, 927},
        {"CHE", 2, 947},         {"MGA", 2, 969}, {"SLE", 2, 925}, {"VED", 2, 926}, {"VES", 2, 928},
        {"XCG", 2, 532},         {"ZWG", 2, 924}}) {
    const auto found = currency::find(e.code);
    ASSERT_TRUE(found) << e.code;
    EXPECT_EQ(found->code(), e.code);
    EXPECT_EQ(found->exponent(), e.exponent) << e.code;
    EXPECT_EQ(found->numeric(), e.numeric) << e.code;
    EXPECT_FALSE(found->name().empty()) << e.code;
  }
}

TEST(Currency, RefusesCodesWithoutMinorUnitsAndWithdrawnOnes) {
  for (const char* code : {"XXX", "XTS", "XAU", "XAG", "XDR", "XUA", "XBA", "HRK", "SLL", "ZWL",
                           "ANG", "CUC", "DEM", "usd", "US", "USDX", "", "U$D"}) {
    EXPECT_FALSE(currency::find(code)) << code;
  }
}

TEST(Currency, ListIsSortedWithoutDoubles) {
  const auto all = all_currencies();
  EXPECT_EQ(all.size(), 166U);
  EXPECT_TRUE(std::is_sorted(all.begin(), all.end()));
  std::set<int> numbers;
  std::string before;
  for (const currency c : all) {
    EXPECT_LT(before, c.code());
    before = c.code();
    EXPECT_EQ(currency::find(c.code()), c);
    EXPECT_TRUE(numbers.insert(c.numeric()).second) << c.code();
  }
}

TEST(Currency, FactoriesAgreeWithTheList) {
  EXPECT_EQ(currency::find("USD"), currency::usd());
  EXPECT_EQ(currency::find("GBP"), currency::gbp());
  EXPECT_EQ(currency::find("EUR"), currency::eur());
}

}  // namespace
}  // namespace leeway
