// SPDX-License-Identifier: Apache-2.0
#include "base/json/canonical.hpp"
#include "base/json/reader.hpp"
#include "base/text_support.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

namespace leeway::json {
namespace {

using test::document_of;
using test::first_of;
using test::refusal_of;

TEST(JsonReader, ReadsEveryKindOfValue) {
  const document doc =
      document_of(R"({"n":null,"t":true,"f":false,"i":-12,"d":1.5,"s":"x","a":[1]})");
  const node& root = doc.root();
  ASSERT_TRUE(root.is(kind::object));
  EXPECT_TRUE(root.find("n")->is(kind::null));
  EXPECT_TRUE(root.find("t")->boolean());
  EXPECT_TRUE(root.find("f")->is(kind::boolean));
  EXPECT_FALSE(root.find("f")->boolean());
  EXPECT_EQ(root.find("i")->integer(), -12);
  EXPECT_EQ(root.find("i")->number(), -12.0);
  EXPECT_EQ(root.find("d")->number(), 1.5);
  EXPECT_EQ(root.find("s")->string(), "x");
  EXPECT_EQ(root.find("a")->items().size(), 1U);
  EXPECT_EQ(root.find("z"), nullptr);
  EXPECT_EQ(root.members().size(), 7U);
}

TEST(JsonReader, AnswersAnotherKindWithAnEmptyValue) {
  const document doc = document_of("7");
  EXPECT_EQ(doc.root().string(), "");
  EXPECT_TRUE(doc.root().items().empty());
  EXPECT_TRUE(doc.root().members().empty());
  EXPECT_FALSE(doc.root().boolean());
  EXPECT_EQ(doc.root().find("x"), nullptr);
}

TEST(JsonReader, KeepsThePlaceOfEveryToken) {
  const std::string text = " { \"a\" : [ 1 , \"b\\\"c\" , { } ] , \"d\":-1.5e3,\n\"e\":true } ";
  const document doc = document_of(text);
  const auto shown = [&text](source_span span) { return text.substr(span.offset, span.length); };
  const auto& members = doc.root().members();
  ASSERT_EQ(members.size(), 3U);
  EXPECT_EQ(shown(doc.root().span()), text.substr(1, text.size() - 2));
  EXPECT_EQ(shown(members[0].key_span), "\"a\"");
  EXPECT_EQ(shown(members[0].value.span()), "[ 1 , \"b\\\"c\" , { } ]");
  EXPECT_EQ(shown(members[0].value.items()[0].span()), "1");
  EXPECT_EQ(shown(members[0].value.items()[1].span()), "\"b\\\"c\"");
  EXPECT_EQ(shown(members[0].value.items()[2].span()), "{ }");
  EXPECT_EQ(members[1].value.raw(), "-1.5e3");
  EXPECT_EQ(members[2].value.raw(), "true");
  EXPECT_EQ(doc.place(members[2].key_span.offset), (source_place{2, 1}));
}

TEST(JsonReader, FindsTokensBehindComments) {
  const document doc = document_of(
      "// \"x\": 1 {\n{/* , : \" */\"a\"/**/:/*1*/2//\n,\"b\":\"//c\"}/* */", {.comments = true});
  ASSERT_EQ(doc.root().members().size(), 2U);
  EXPECT_EQ(doc.root().find("a")->raw(), "2");
  EXPECT_EQ(doc.root().find("b")->string(), "//c");
}

TEST(JsonReader, RefusesCommentsUnlessAsked) {
  EXPECT_EQ(first_of("{} // x"), "comment_not_allowed 1:4");
  EXPECT_EQ(first_of("[1,\n /* x */ 2]"), "comment_not_allowed 2:2");
  EXPECT_EQ(first_of("[1, /* x ", {.comments = true}), "unexpected_end 1:5");
  EXPECT_EQ(first_of("[1, / x ]", {.comments = true}), "syntax_error 1:5");
}

TEST(JsonReader, KeepsTextAcrossCopiesAndMoves) {
  document first = document_of("[12,\"ab\"]");
  const document copy = first;
  const document moved = std::move(first);
  EXPECT_EQ(copy.root().items()[0].raw(), "12");
  EXPECT_EQ(moved.root().items()[1].raw(), "\"ab\"");
  EXPECT_EQ(moved.text(), "[12,\"ab\"]");
  EXPECT_EQ(moved.file(), "test.json");
}

TEST(JsonReader, DecodesEscapes) {
  const document doc =
      document_of(R"(["\"\\\/\b\f\n\r\t","\u0041\u00e9\u20AC\ud83d\ude00","\u0000"])");
  const auto& items = doc.root().items();
  ASSERT_EQ(items.size(), 3U);
  EXPECT_EQ(items[0].string(), "\"\\/\b\f\n\r\t");
  EXPECT_EQ(items[1].string(), "A\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80");
  EXPECT_EQ(items[2].string(), std::string(1, '\0'));
}

TEST(JsonReader, DecodesLongStringsWhole) {
  // Longer than any buffer the parser has.
  std::string raw;
  std::string decoded;
  for (int i = 0; i < 5000; ++i) {
    raw += i % 7 == 0 ? "\\n" : "ab\\u00e9";
    decoded += i % 7 == 0 ? "\n" : "ab\xC3\xA9";
  }
  const document doc = document_of("{\"" + raw + "\":\"" + raw + "\"}");
  ASSERT_EQ(doc.root().members().size(), 1U);
  EXPECT_EQ(doc.root().members()[0].key, decoded);
  EXPECT_EQ(doc.root().members()[0].value.string(), decoded);
}

TEST(JsonReader, TellsIntegersFromNumbersByTheirToken) {
  const document doc = document_of("[0,-0,9223372036854775807,-9223372036854775808,1.0,1e2,-0.0]");
  const auto& items = doc.root().items();
  ASSERT_EQ(items.size(), 7U);
  EXPECT_EQ(items[1].integer(), 0);
  EXPECT_EQ(items[2].integer(), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(items[3].integer(), std::numeric_limits<std::int64_t>::min());
  EXPECT_TRUE(items[4].is(kind::number));
  EXPECT_EQ(items[5].number(), 100.0);
  EXPECT_TRUE(std::signbit(items[6].number()));
}

TEST(JsonReader, ReadsDoublesToTheNearest) {
  const document doc = document_of(
      "[0.1,123456789012345.678,5e-324,1.7976931348623157e308,"
      "9007199254740993.0,2.2250738585072011e-308]");
  const auto& items = doc.root().items();
  ASSERT_EQ(items.size(), 6U);
  EXPECT_EQ(items[0].number(), 0.1);
  EXPECT_EQ(items[1].number(), 123456789012345.678);
  EXPECT_EQ(items[2].number(), std::numeric_limits<double>::denorm_min());
  EXPECT_EQ(items[3].number(), std::numeric_limits<double>::max());
  EXPECT_EQ(items[4].number(), 9007199254740992.0);
  EXPECT_EQ(items[5].number(), 2.2250738585072011e-308);
}

TEST(JsonReader, RefusesNumbersThatDoNotFit) {
  for (const char* text :
       {"9223372036854775808", "-9223372036854775809", "18446744073709551616", "1e309", "-1e400",
        "123456789e301", "0.001e400", "1e99999999999", "1.5e2147483648"}) {
    EXPECT_EQ(first_of(text), "number_does_not_fit 1:1") << text;
  }
  EXPECT_EQ(first_of(std::string(400, '9') + ".5"), "number_does_not_fit 1:1");
}

TEST(JsonReader, TakesALargeDoubleInItsCanonicalForm) {
  for (const char* text : {"10000000000000000000", "-295147905179352830000", "9223372036854776000",
                           "100000000000000000000"}) {
    const document doc = document_of(text);
    EXPECT_TRUE(doc.root().is(kind::number)) << text;
    EXPECT_EQ(canonical(doc.root()), text);
  }
  EXPECT_EQ(first_of("1000000000000000000000"), "number_does_not_fit 1:1");
}

TEST(JsonReader, RoundsNumbersTooNearZero) {
  for (const char* text : {"1e-400", "123e-10000", "0.0001e-350", "0e400", "0.0e999"}) {
    const document doc = document_of(text);
    EXPECT_TRUE(doc.root().is(kind::number)) << text;
    EXPECT_EQ(doc.root().number(), 0.0) << text;
  }
  const document doc = document_of("0." + std::string(400, '0') + "1");
  EXPECT_TRUE(doc.root().is(kind::number));
}

TEST(JsonReader, ReportsAllDuplicateKeysAndNumbersAtOnce) {
  const diagnostics found =
      refusal_of("{\"a\": 1,\n \"b\": {\"x\": 1, \"x\": 2},\n \"a\": 1e999,\n \"\\u0061\": 3}");
  ASSERT_EQ(found.size(), 7U);
  EXPECT_EQ(found.error_count(), 4U);
  EXPECT_EQ(found[0].code, "duplicate_key");
  EXPECT_EQ(found[0].pointer, "/b/x");
  EXPECT_EQ(found[0].place, (source_place{2, 16}));
  EXPECT_EQ(found[1].level, severity::note);
  EXPECT_EQ(found[1].place, (source_place{2, 8}));
  EXPECT_EQ(found[2].code, "duplicate_key");
  EXPECT_EQ(found[2].place, (source_place{3, 2}));
  EXPECT_EQ(found[3].place, (source_place{1, 2}));
  EXPECT_EQ(found[4].code, "number_does_not_fit");
  EXPECT_EQ(found[4].pointer, "/a");
  EXPECT_EQ(found[5].place, (source_place{4, 2}));
}

TEST(JsonReader, ReportsWhatItFoundBeforeASyntaxErrorToo) {
  const diagnostics found = refusal_of("{\"a\": 1e999,\n \"b\" 2}");
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].code, "number_does_not_fit");
  EXPECT_EQ(found[1].code, "syntax_error");
  EXPECT_EQ(found[1].message, "expected `:`, found `2`");
  EXPECT_EQ(found[1].pointer, "/b");
}

struct refused {
  const char* text;
  const char* where;
  const char* message;
};

TEST(JsonReader, ExplainsSyntaxErrors) {
  const std::vector<refused> table{
      {"", "unexpected_end 1:1", "expected a value, found nothing"},
      {" \n ", "unexpected_end 2:2", "expected a value, found nothing"},
      {"[1,2", "unexpected_end 1:5", "the document ends too early"},
      {"{\"a\"", "unexpected_end 1:5", "the document ends too early"},
      {"\"abc", "unexpected_end 1:1", "this string does not end"},
      {"[\"abc\\", "unexpected_end 1:2", "this string does not end"},
      {"[1,]", "trailing_comma 1:3", "the last element cannot be followed by a comma"},
      {"{\"a\":1,}", "trailing_comma 1:7", "the last element cannot be followed by a comma"},
      {"[1,,2]", "syntax_error 1:4", "expected a value, found `,`"},
      {"[,1]", "syntax_error 1:2", "expected a value or `]`, found `,`"},
      {"[1 2]", "syntax_error 1:4", "expected `,` or `]`, found `2`"},
      {"[1:2]", "syntax_error 1:3", "expected `,` or `]`, found `:`"},
      {"{\"a\" 1}", "syntax_error 1:6", "expected `:`, found `1`"},
      {"{\"a\"::1}", "syntax_error 1:6", "expected a value, found `:`"},
      {"{\"a\":1 \"b\":2}", "syntax_error 1:8", "expected `,` or `}`, found `\"`"},
      {"{a:1}", "syntax_error 1:2", "expected a key in double quotes or `}`, found `a`"},
      {"{'a':1}", "syntax_error 1:2", "expected a key in double quotes or `}`, found `'`"},
      {"{\"a\":1,b:2}", "syntax_error 1:8", "expected a key in double quotes, found `b`"},
      {"[True]", "syntax_error 1:2", "expected a value or `]`, found `True`"},
      {"[tru]", "syntax_error 1:2", "expected a value or `]`, found `tru`"},
      {"NaN", "syntax_error 1:1", "expected a value, found `NaN`"},
      {"[01]", "syntax_error 1:2", "`01` is not a number as JSON writes it"},
      {"[-012]", "syntax_error 1:2", "`-012` is not a number as JSON writes it"},
      {"[1.5.2]", "syntax_error 1:2", "`1.5.2` is not a number as JSON writes it"},
      {"[1.]", "syntax_error 1:2", "`1.` is not a number as JSON writes it"},
      {"[-]", "syntax_error 1:2", "`-` is not a number as JSON writes it"},
      {"[+1]", "syntax_error 1:2", "`+1` is not a number as JSON writes it"},
      {"[.5]", "syntax_error 1:2", "`.5` is not a number as JSON writes it"},
      {"[1e]", "syntax_error 1:2", "`1e` is not a number as JSON writes it"},
      {"[0x1F]", "syntax_error 1:3", nullptr},
      {"[-Infinity]", "syntax_error 1:2", nullptr},
      {"[\"a\nb\"]", "control_character 1:4", "a string cannot hold a control character"},
      {"[\"a\tb\"]", "control_character 1:4", "a string cannot hold a control character"},
      {"[\"\\x41\"]", "invalid_escape 1:3", "this escape does not exist"},
      {"[\"\\u12G4\"]", "invalid_escape 1:3", "this escape does not exist"},
      {"[\"\\ud800\"]", "lone_surrogate 1:3", "half of a surrogate pair stands alone"},
      {"[\"\\udc00\"]", "lone_surrogate 1:3", "half of a surrogate pair stands alone"},
      {"[\"\\ud800\\u0041\"]", "lone_surrogate 1:3", nullptr},
      {"[\"\\ud800\\n\"]", "lone_surrogate 1:3", nullptr},
      {"{} {}", "trailing_content 1:4", "expected nothing more, found `{`"},
      {"[]]", "trailing_content 1:3", "expected nothing more, found `]`"},
      {"1,", "trailing_content 1:2", "expected nothing more, found `,`"},
      {"\xEF\xBB\xBF{}", "byte_order_mark 1:1", "the document begins with a byte order mark"},
      {"[\"\xFF\"]", "invalid_utf8 1:3", "this byte is not UTF-8"},
      {"[\"\xED\xA0\x80\"]", "invalid_utf8 1:3", "this byte is not UTF-8"},
      {"[\"\xC0\xAF\"]", "invalid_utf8 1:3", "this byte is not UTF-8"},
  };
  for (const refused& one : table) {
    const diagnostics found = refusal_of(one.text);
    ASSERT_EQ(found.size(), 1U) << one.text;
    EXPECT_EQ(first_of(one.text), one.where) << one.text << "\n" << render(found);
    if (one.message != nullptr) {
      EXPECT_EQ(found[0].message, one.message) << one.text;
    }
  }
}

TEST(JsonReader, CountsColumnsInCodePoints) {
  EXPECT_EQ(first_of("{\"\xE2\x82\xAC\xF0\x9F\x98\x80\": x}"), "syntax_error 1:8");
}

TEST(JsonReader, GivesThePointerOfASyntaxError) {
  EXPECT_EQ(refusal_of("{\"a/b\": [1, {\"c\": x}]}").front().pointer, "/a~1b/1/c");
}

TEST(JsonReader, HoldsItsLimits) {
  EXPECT_TRUE(read("[[1]]", "f", {.max_depth = 2}));
  EXPECT_EQ(first_of("[[[1]]]", {.max_depth = 2}), "nested_too_deeply 1:3");
  EXPECT_EQ(first_of("[[{}]]", {.max_depth = 2}), "nested_too_deeply 1:3");
  EXPECT_TRUE(read("[1]", "f", {.max_bytes = 3}));
  EXPECT_EQ(refusal_of("[1] ", {.max_bytes = 3}).front().code, "document_too_large");
  const diagnostics few = refusal_of("[1e999,1e999,1e999,1e999]", {.max_errors = 2});
  EXPECT_EQ(few.size(), 2U);
  EXPECT_EQ(few.error_count(), 4U);
  EXPECT_EQ(few.suppressed(), 2U);
}

std::vector<std::filesystem::path> vectors(const char* below) {
  std::vector<std::filesystem::path> out;
  const auto folder = test::shared_folder(below);
  if (!folder) return out;
  for (const auto& one : std::filesystem::directory_iterator{*folder}) out.push_back(one.path());
  std::sort(out.begin(), out.end());
  return out;
}

TEST(JsonReader, AgreesWithTheParsingTestSuite) {
  const auto files = vectors("vectors/json-parsing/test_parsing");
  if (files.empty()) GTEST_SKIP() << "the JSON parsing vectors are not there";
  std::size_t checked = 0;
  for (const auto& path : files) {
    const std::string name = path.filename().string();
    const auto outcome = read(test::bytes_of(path), name);
    // By design: a key twice in an object is refused.
    const bool duplicate = name.starts_with("y_object_duplicated_key");
    if (name.starts_with("y_")) {
      EXPECT_EQ(outcome.has_value(), !duplicate) << name;
    } else if (name.starts_with("n_")) {
      EXPECT_FALSE(outcome.has_value()) << name;
    }
    if (!outcome) {
      EXPECT_TRUE(outcome.error().has_errors()) << name;
      EXPECT_FALSE(render(outcome.error()).empty()) << name;
    }
    ++checked;
  }
  EXPECT_GE(checked, 300U);
}

TEST(JsonReader, SurvivesTheTransformTestSuite) {
  const auto files = vectors("vectors/json-parsing/test_transform");
  if (files.empty()) GTEST_SKIP() << "the JSON parsing vectors are not there";
  for (const auto& path : files) {
    const std::string name = path.filename().string();
    const auto outcome = read(test::bytes_of(path), name);
    const bool same_key = name.starts_with("object_same_key");
    const bool invalid = name.find("invalid_codepoint") != std::string::npos;
    const bool too_large = name == "number_9223372036854775808.json" ||
                           name == "number_-9223372036854775809.json" ||
                           name == "number_10000000000000000999.json";
    EXPECT_EQ(outcome.has_value(), !same_key && !invalid && !too_large) << name;
  }
}

}  // namespace
}  // namespace leeway::json
