// SPDX-License-Identifier: Apache-2.0
#include "base/json/canonical.hpp"

#include "base/json/reader.hpp"
#include "base/json/writer.hpp"
#include "base/text_support.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <bit>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <limits>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

namespace leeway::json {
namespace {

std::string canonical_of(std::string_view text) {
  return canonical(test::document_of(text).root());
}

TEST(Canonical, PrintsNumbersAsEcmaScriptDoes) {
  EXPECT_EQ(canonical_number(0.0), "0");
  EXPECT_EQ(canonical_number(-0.0), "0");
  EXPECT_EQ(canonical_number(1.0), "1");
  EXPECT_EQ(canonical_number(-1.5), "-1.5");
  EXPECT_EQ(canonical_number(0.1), "0.1");
  EXPECT_EQ(canonical_number(1e20), "100000000000000000000");
  EXPECT_EQ(canonical_number(123456789012345680000.0), "123456789012345680000");
  EXPECT_EQ(canonical_number(1e21), "1e+21");
  EXPECT_EQ(canonical_number(1.5e300), "1.5e+300");
  EXPECT_EQ(canonical_number(1e-6), "0.000001");
  EXPECT_EQ(canonical_number(1.5e-6), "0.0000015");
  EXPECT_EQ(canonical_number(1e-7), "1e-7");
  EXPECT_EQ(canonical_number(12345.678), "12345.678");
  EXPECT_EQ(canonical_number(5e-324), "5e-324");
  EXPECT_EQ(canonical_number(std::numeric_limits<double>::max()), "1.7976931348623157e+308");
}

TEST(Canonical, RefusesWhatJsonCannotHold) {
  EXPECT_THROW((void)canonical_number(std::numeric_limits<double>::infinity()),
               std::invalid_argument);
  EXPECT_THROW((void)canonical(nlohmann::json(std::numeric_limits<double>::quiet_NaN())),
               std::invalid_argument);
  EXPECT_THROW((void)canonical(nlohmann::json("\xFF")), std::invalid_argument);
  EXPECT_THROW((void)canonical(nlohmann::json{{"\xFF", 1}}), std::invalid_argument);
  EXPECT_THROW((void)canonical(nlohmann::json::binary({1})), std::invalid_argument);
}

TEST(Canonical, KeepsLargeIntegersWhole) {
  EXPECT_EQ(canonical_of("[9007199254740993,-9223372036854775808]"),
            "[9007199254740993,-9223372036854775808]");
  EXPECT_EQ(canonical(nlohmann::json(18446744073709551615ULL)), "18446744073709551615");
}

TEST(Canonical, EscapesAsLittleAsItMust) {
  EXPECT_EQ(
      canonical_of(R"("\u0041\/\u20ac\u000f\u0008\u0009\u000a\u000c\u000d\u0022\u005c\u007f")"),
      "\"A/\xE2\x82\xAC\\u000f\\b\\t\\n\\f\\r\\\"\\\\\x7F\"");
}

TEST(Canonical, EscapesTheSameAtEveryPlace) {
  // Eight bytes are looked at together, so what stands around a character must not matter.
  for (char c = '\0'; c < '\x7F'; ++c) {
    for (std::size_t i = 0; i < 20; ++i) {
      std::string text(20, static_cast<char>(c ^ 1));
      text[i] = c;
      std::string quoted;
      append_quoted(quoted, text);
      ASSERT_EQ(quoted, nlohmann::json(text).dump()) << static_cast<int>(c) << " at " << i;
      text.replace(i, 1, "\xE2\x82\xAC");
      quoted.clear();
      append_quoted(quoted, text);
      ASSERT_EQ(quoted, nlohmann::json(text).dump()) << static_cast<int>(c) << " around " << i;
    }
  }
}

TEST(Canonical, SortsKeysByUtf16CodeUnits) {
  // U+1F600 is D83D DE00 in UTF-16, so it stands before U+FB33 and U+E000, but behind U+D7FF.
  EXPECT_EQ(canonical_of(R"({"\ufb33":1,"\ud83d\ude00":2,"\ue000":3,"\ud7ff":4,"\u20ac":5,"a":6})"),
            "{\"a\":6,\"\xE2\x82\xAC\":5,\"\xED\x9F\xBF\":4,\"\xF0\x9F\x98\x80\":2,"
            "\"\xEE\x80\x80\":3,\"\xEF\xAC\xB3\":1}");
  EXPECT_TRUE(utf16_less("", "a"));
  EXPECT_TRUE(utf16_less("a", "ab"));
  EXPECT_FALSE(utf16_less("a", "a"));
}

TEST(Canonical, IsTheSameForEveryModel) {
  const std::string text = R"({"b":[1,2.50,{"z":null,"a":true}],"a":"x","\u00e9":-0.0})";
  const document doc = test::document_of(text);
  const std::string expected = "{\"a\":\"x\",\"b\":[1,2.5,{\"a\":true,\"z\":null}],\"\xC3\xA9\":0}";
  EXPECT_EQ(canonical(doc.root()), expected);
  EXPECT_EQ(canonical(to_json(doc.root())), expected);
  EXPECT_EQ(canonical(nlohmann::json::parse(text)), expected);
}

TEST(Canonical, ReadsBackEveryDouble) {
  const std::uint64_t seed = test::seed();
  SCOPED_TRACE("LEEWAY_SEED=" + std::to_string(seed));
  std::mt19937_64 random{seed};
  for (int i = 0; i < 100000; ++i) {
    const double value = std::bit_cast<double>(random());
    if (!(value - value == 0)) continue;  // not finite
    const std::string text = canonical_number(value);
    double back = 0;
    std::from_chars(text.data(), text.data() + text.size(), back);
    ASSERT_EQ(back, value) << text;
  }
}

TEST(Canonical, AgreesWithTheStandardsVectors) {
  const auto folder = test::shared_folder("vectors/jcs/testdata");
  if (!folder) GTEST_SKIP() << "the RFC 8785 vectors are not there";
  std::size_t checked = 0;
  for (const auto& one : std::filesystem::directory_iterator{*folder / "input"}) {
    const auto name = one.path().filename();
    const auto read = json::read(test::bytes_of(one.path()), name.string());
    ASSERT_TRUE(read) << render(read.error());
    const std::string expected = test::bytes_of(*folder / "output" / name);
    EXPECT_EQ(canonical(read->root()), expected) << name;
    EXPECT_EQ(canonical(to_json(read->root())), expected) << name;
    EXPECT_EQ(canonical_of(expected), expected) << name;
    ++checked;
  }
  EXPECT_EQ(checked, 6U);
}

TEST(Canonical, AgreesWithTheEcmaScriptNumbers) {
  const auto folder = test::shared_folder("vectors/jcs");
  if (!folder) GTEST_SKIP() << "the ECMAScript numbers are not there";
  std::ifstream in{*folder / "es6numbers_10000.txt"};
  std::string line;
  std::size_t checked = 0;
  while (std::getline(in, line)) {
    const std::size_t comma = line.find(',');
    std::uint64_t bits = 0;
    std::from_chars(line.data(), line.data() + comma, bits, 16);
    const std::string expected = line.substr(comma + 1);
    ASSERT_EQ(canonical_number(std::bit_cast<double>(bits)), expected) << line;
    // The reader takes what is printed for the very same number.
    ASSERT_EQ(canonical_of(expected), expected) << line;
    ++checked;
  }
  EXPECT_EQ(checked, 10000U);
}

TEST(Utf8, KnowsWellFormedText) {
  for (const char* good :
       {"", "a", "\x7F", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80",
        "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"}) {
    EXPECT_TRUE(is_utf8(good)) << good;
    EXPECT_TRUE(is_utf8("1234567890" + std::string{good}));
  }
  for (const char* bad : {"\x80", "\xBF", "\xC0\x80", "\xC1\xBF", "\xC2", "\xC2z", "\xE0\x9F\xBF",
                          "\xED\xA0\x80", "\xED\xBF\xBF", "\xE2\x82", "\xF0\x8F\xBF\xBF",
                          "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xF0\x90\x80", "\xFF"}) {
    EXPECT_FALSE(is_utf8(bad));
    EXPECT_EQ(utf8_error("1234567890" + std::string{bad} + "1234567890"), 10U);
  }
}

}  // namespace
}  // namespace leeway::json
