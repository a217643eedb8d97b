// SPDX-License-Identifier: Apache-2.0
#include "base/json/object_reader.hpp"
#include "base/json/reader.hpp"
#include "base/text_support.hpp"

#include <leeway/base/result.hpp>

#include <gtest/gtest.h>

#include <charconv>
#include <string>
#include <string_view>
#include <vector>

namespace leeway::json {
namespace {

// Reads an object from text, and keeps what the reader refers to.
struct opened {
  document doc;
  diagnostics found{};
  object_reader in;

  explicit opened(std::string_view text)
      : doc{test::document_of(text)}, in{doc, doc.root(), "", found} {}

  [[nodiscard]] std::string only() const {
    return found.size() == 1 ? found[0].code + " " + found[0].pointer + ": " + found[0].message
                             : std::to_string(found.size()) + " diagnostics";
  }
};

result<int> parse_even(std::string_view text) {
  int value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  if (value % 2 != 0) return leeway::fail("odd_number", "`" + std::string{text} + "` is odd");
  return value;
}

TEST(ObjectReader, ReadsEveryType) {
  opened o{R"({"s":"x","b":true,"i":3,"n":4.5,"m":5,"a":[1],"o":{},"l":["p","q"],"e":"8"})"};
  EXPECT_EQ(o.in.required_string("s"), "x");
  EXPECT_EQ(o.in.required_boolean("b"), true);
  EXPECT_EQ(o.in.required_int64("i"), 3);
  EXPECT_EQ(o.in.required_number("n"), 4.5);
  EXPECT_EQ(o.in.optional_number("m"), 5.0);
  ASSERT_NE(o.in.required_array("a"), nullptr);
  ASSERT_NE(o.in.optional_object("o"), nullptr);
  EXPECT_EQ(o.in.required_strings("l"), (std::vector<std::string>{"p", "q"}));
  EXPECT_EQ(o.in.parsed<int>("e", parse_even, "an even number"), 8);
  EXPECT_TRUE(o.in.has("s"));
  EXPECT_FALSE(o.in.is_null("s"));
  o.in.finish();
  EXPECT_TRUE(o.found.empty()) << render(o.found);
}

TEST(ObjectReader, ReportsMissingKeysOnlyWhenRequired) {
  opened o{"{}"};
  EXPECT_EQ(o.in.optional_string("a"), std::nullopt);
  EXPECT_EQ(o.in.optional_array("b"), nullptr);
  EXPECT_EQ(o.in.optional_parsed<int>("c", parse_even, "an even number"), std::nullopt);
  EXPECT_TRUE(o.found.empty());
  EXPECT_EQ(o.in.required_string("a"), std::nullopt);
  EXPECT_EQ(o.only(), "missing_key : missing key `a`");
}

TEST(ObjectReader, ReportsWrongTypes) {
  const auto first = [](std::string_view text, auto&& ask) {
    opened o{text};
    ask(o.in);
    return o.only();
  };
  EXPECT_EQ(first(R"({"a/b":[]})", [](auto& in) { (void)in.required_string("a/b"); }),
            "wrong_type /a~1b: expected a string, found an array");
  EXPECT_EQ(first(R"({"a":1.5})", [](auto& in) { (void)in.optional_int64("a"); }),
            "wrong_type /a: expected an integer, found a number");
  EXPECT_EQ(first(R"({"a":"1"})", [](auto& in) { (void)in.required_number("a"); }),
            "wrong_type /a: expected a number, found a string");
  EXPECT_EQ(first(R"({"a":null})", [](auto& in) { (void)in.optional_boolean("a"); }),
            "wrong_type /a: expected true or false, found null");
  EXPECT_EQ(first(R"({"a":false})", [](auto& in) { (void)in.optional_object("a"); }),
            "wrong_type /a: expected an object, found false");
  EXPECT_EQ(first(R"({"a":{}})", [](auto& in) { (void)in.optional_strings("a"); }),
            "wrong_type /a: expected an array of strings, found an object");
  EXPECT_EQ(first(R"({"a":["x",2]})", [](auto& in) { (void)in.optional_strings("a"); }),
            "wrong_type /a/1: expected a string, found an integer");
  EXPECT_EQ(
      first(R"({"a":7})",
            [](auto& in) { (void)in.template parsed<int>("a", parse_even, "an even number"); }),
      "wrong_type /a: expected an even number, found an integer");
}

TEST(ObjectReader, ReportsWhatAParserRefuses) {
  opened o{R"({"a":"7"})"};
  EXPECT_EQ(o.in.parsed<int>("a", parse_even, "an even number"), std::nullopt);
  EXPECT_EQ(o.only(), "odd_number /a: `7` is odd");
  opened p{R"({"a":"7"})"};
  const auto never = [](std::string_view) { return std::optional<int>{}; };
  EXPECT_EQ(p.in.parsed<int>("a", never, "a number of wonders"), std::nullopt);
  EXPECT_EQ(p.only(), "invalid_value /a: expected a number of wonders, found `7`");
}

TEST(ObjectReader, ReportsEveryUnknownKeyWithTheNearestKnownOne) {
  opened o{R"({"escalte_to":1,"id":2,"zzz":3,"note":4})"};
  (void)o.in.required_int64("id");
  (void)o.in.optional_string("escalate_to");
  o.in.ignore("note");
  o.in.finish();
  ASSERT_EQ(o.found.size(), 2U);
  EXPECT_EQ(o.found[0].code, "unknown_key");
  EXPECT_EQ(o.found[0].pointer, "/escalte_to");
  EXPECT_EQ(o.found[0].message, "unknown key `escalte_to`");
  EXPECT_EQ(o.found[0].remedy,
            "did you mean `escalate_to`? known here: `id`, `escalate_to`, `note`");
  EXPECT_EQ(o.found[1].remedy, "known here: `id`, `escalate_to`, `note`");
  EXPECT_EQ(o.found[1].place, (source_place{1, 24}));
}

TEST(ObjectReader, KnowsEveryKeyOfManyAskedForAndTellsEachOnce) {
  std::string text = "{\"x\":0";
  for (int i = 0; i < 100; ++i) text.append(",\"k").append(std::to_string(i)).append("\":0");
  opened o{text + "}"};
  std::vector<std::string> keys;
  for (int i = 0; i < 100; ++i) keys.push_back("k" + std::to_string(i));
  for (const std::string& key : keys) (void)o.in.required_int64(key);
  for (const std::string& key : keys) (void)o.in.has(key);
  o.in.finish();
  ASSERT_EQ(o.only(), "unknown_key /x: unknown key `x`");
  EXPECT_TRUE(o.found[0].remedy.starts_with("known here: `k0`, `k1`, ")) << o.found[0].remedy;
  EXPECT_TRUE(o.found[0].remedy.ends_with(", `k98`, `k99`")) << o.found[0].remedy;
}

TEST(ObjectReader, TakesNullForAbsenceWhereItIsTold) {
  opened o{R"({"a":null,"b":null,"c":null,"d":1})"};
  EXPECT_EQ(o.in.optional_string("a", null_is::absence), std::nullopt);
  EXPECT_EQ(o.in.optional_array("b", null_is::absence), nullptr);
  EXPECT_EQ(o.in.optional_parsed<int>("c", parse_even, "an even number", null_is::absence),
            std::nullopt);
  EXPECT_TRUE(o.found.empty()) << render(o.found);
  EXPECT_EQ(o.in.optional_string("d", null_is::absence), std::nullopt);
  EXPECT_EQ(o.only(), "wrong_type /d: expected a string, found an integer");
  o.in.finish();
  EXPECT_EQ(o.found.size(), 1U);
}

TEST(ObjectReader, SaysOnceThatItIsNoObject) {
  opened o{"[1]"};
  EXPECT_FALSE(o.in.valid());
  EXPECT_EQ(o.in.required_string("a"), std::nullopt);
  EXPECT_EQ(o.in.required_object("b"), nullptr);
  EXPECT_EQ(o.in.parsed<int>("c", parse_even, "an even number"), std::nullopt);
  o.in.finish();
  EXPECT_EQ(o.only(), "wrong_type : expected an object, found an array");
}

TEST(ObjectReader, ReportsOwnErrorsAtAKeyOrHere) {
  opened o{R"({"a": 1})"};
  o.in.fail_at("a", "too_small", "too small", "take more");
  o.in.fail_at("b", "absent", "there is none");
  o.in.fail_here("odd", "this is odd");
  ASSERT_EQ(o.found.size(), 3U);
  EXPECT_EQ(o.found[0].pointer, "/a");
  EXPECT_EQ(o.found[0].span, (source_span{6, 1}));
  EXPECT_EQ(o.found[1].span, (source_span{0, 1}));
  EXPECT_EQ(o.found[2].pointer, "");
}

TEST(ObjectReader, StaysQuickWithAMillionUnknownKeys) {
  std::string text = "{\"known\":0";
  for (int i = 0; i < 300000; ++i) text.append(",\"k").append(std::to_string(i)).append("\":0");
  text += "}";
  opened o{text};
  (void)o.in.required_int64("known");
  o.in.finish();
  EXPECT_EQ(o.found.error_count(), 300000U);
  EXPECT_EQ(o.found.size(), diagnostics::default_limit);
}

}  // namespace
}  // namespace leeway::json
