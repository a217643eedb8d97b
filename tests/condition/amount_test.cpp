// SPDX-License-Identifier: Apache-2.0
#include "condition/support.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace leeway::condition::test {
namespace {

using amounts = std::vector<std::int64_t>;

amounts candidates(const world& w, std::string_view text, const frame& f) {
  const auto c = w.build(text, {}, {.amount_allowed_as_result = true});
  amounts out;
  if (c.code) amount_candidates(*c.code, w.env(), f, out);
  return out;
}

TEST(AmountCandidates, StandNextToTheThreshold) {
  const world w;
  EXPECT_EQ(candidates(w, "action.amount > money('30 USD')", w.full()),
            (amounts{2999, 3000, 3001}));
  EXPECT_EQ(candidates(w, "money('30 USD') >= action.amount", w.full()),
            (amounts{2999, 3000, 3001}));
}

TEST(AmountCandidates, StandOnBothSidesOfAThresholdThatIsNotWhole) {
  const world w;
  EXPECT_EQ(candidates(w, "action.amount * 3 > money('1 USD')", w.full()),
            (amounts{32, 33, 34, 35}));
  EXPECT_EQ(
      candidates(w, "action.amount * ratio('30%') + money('1 USD') <= contact.paid", w.full()),
      (amounts{32999, 33000, 33001}));
}

TEST(AmountCandidates, ReachThroughValuesNegationsAndBranches) {
  const world w;
  EXPECT_EQ(candidates(w, "!values.over_cap", w.full()), (amounts{4999, 5000, 5001}));
  EXPECT_EQ(candidates(w, "contact.proof ? -action.amount < money('-2 USD') : true", w.full()),
            (amounts{199, 200, 201}));
  EXPECT_EQ(candidates(w, "values.double_amount > contact.paid && contact.proof", w.full()),
            (amounts{4999, 5000, 5001}));
}

TEST(AmountCandidates, AreNoneWhenOtherFactsAreUnknown) {
  const world w;
  frame f = w.blank();
  f.set(*w.env().slot_of("action.amount"), usd(40));
  EXPECT_EQ(candidates(w, "action.amount > contact.paid", f), amounts{});
  EXPECT_EQ(candidates(w, "action.amount > contact.paid || action.amount == money('1 USD')", f),
            (amounts{99, 100, 101}));
}

TEST(AmountCandidates, AreNoneWithoutTheAmount) {
  const world w;
  EXPECT_EQ(candidates(w, "contact.paid > money('1 USD')", w.full()), amounts{});
}

TEST(AmountCandidates, AreCompleteForEveryAmount) {
  // Between two neighbouring candidates the truth is the same everywhere.
  const world w;
  const auto c = w.build(
      "action.amount * 7 > money('3 USD') && (action.amount - money('0.10 USD') < contact.paid * "
      "ratio('1/9') || action.amount == money('20 USD'))");
  ASSERT_TRUE(c.code);
  frame f = w.full();
  amounts found;
  amount_candidates(*c.code, w.env(), f, found);
  bool before = false;
  for (std::int64_t a = 0; a < 3000; ++a) {
    f.set(*w.env().slot_of("action.amount"), money(a, currency::usd()));
    const bool now = evaluate(*c.code, w.env(), f).is_true();
    if (a > 0 && now != before) {
      EXPECT_TRUE(std::binary_search(found.begin(), found.end(), a)) << a;
      EXPECT_TRUE(std::binary_search(found.begin(), found.end(), a - 1)) << a;
    }
    before = now;
  }
}

TEST(AmountResult, IsForThoseWhoAllowIt) {
  const world w;
  const std::vector<type> wanted = {value_kind::money};
  EXPECT_FALSE(w.build("action.amount * 2", wanted).code);
  EXPECT_TRUE(w.build("action.amount * 2", wanted, {.amount_allowed_as_result = true}).code);
}

}  // namespace
}  // namespace leeway::condition::test
