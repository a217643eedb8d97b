// SPDX-License-Identifier: Apache-2.0
#include "condition/lexer.hpp"

#include <gtest/gtest.h>

namespace leeway::condition {
namespace {

std::vector<token> tokens(std::string_view text, std::size_t wrong = 0) {
  issues found;
  auto out = tokenize(text, found);
  EXPECT_EQ(found.size(), wrong) << text;
  return out;
}

TEST(Lexer, KnowsWhereEveryTokenStands) {
  const auto out = tokens(" a.b  >= 0x1F // late\n&& 'x'");
  ASSERT_EQ(out.size(), 8U);
  EXPECT_EQ(out[0].offset, 1U);
  EXPECT_EQ(out[3].kind, token_kind::greater_equal);
  EXPECT_EQ(out[4].magnitude, 31U);
  EXPECT_EQ(out[4].length, 4U);
  EXPECT_EQ(out[5].kind, token_kind::logic_and);
  EXPECT_EQ(out[6].text, "x");
  EXPECT_EQ(out[7].kind, token_kind::end);
}

TEST(Lexer, ResolvesEscapesAndLeavesRawStringsAlone) {
  EXPECT_EQ(tokens(R"('\x41\u00e9\U0001F600\101\n')")[0].text,
            "A\xC3\xA9\xF0\x9F\x98\x80"
            "A\n");
  EXPECT_EQ(tokens(R"(r'\x41\'')")[0].text, R"(\x41\')");
  EXPECT_EQ(tokens("'''a'b\n'''")[0].text, "a'b\n");
}

TEST(Lexer, RoundsWhatIsTooSmallAndRefusesWhatIsTooLarge) {
  EXPECT_EQ(tokens("1e-400")[0].number, 0.0);
  EXPECT_EQ(tokens("1e-9999")[0].number, 0.0);
  tokens("1e400", 1);
  tokens("1e9999", 1);
  EXPECT_TRUE(tokens("99999999999999999999")[0].out_of_range);
}

TEST(Lexer, GoesOnAfterWhatItCannotRead) {
  const auto out = tokens("a ? \x01 : ~b", 2);
  EXPECT_EQ(out.size(), 5U);
  EXPECT_EQ(tokens("'open", 1)[0].kind, token_kind::string);
  tokens("a \xFF b", 1);
}

}  // namespace
}  // namespace leeway::condition
