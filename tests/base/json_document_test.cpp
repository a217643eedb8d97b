// SPDX-License-Identifier: Apache-2.0
#include "base/json/canonical.hpp"
#include "base/json/node.hpp"
#include "base/json/reader.hpp"
#include "base/text_support.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace leeway::json {
namespace {

using test::document_of;

TEST(JsonDocument, CountsLinesAtEveryKindOfLineEnd) {
  const document doc{"a\nb\r\nc\rd", "f"};
  EXPECT_EQ(doc.place(0), (source_place{1, 1}));
  EXPECT_EQ(doc.place(1), (source_place{1, 2}));
  EXPECT_EQ(doc.place(2), (source_place{2, 1}));
  EXPECT_EQ(doc.place(5), (source_place{3, 1}));
  EXPECT_EQ(doc.place(7), (source_place{4, 1}));
  EXPECT_EQ(doc.place(99), (source_place{4, 2}));
  EXPECT_EQ(doc.line_text(0), "a");
  EXPECT_EQ(doc.line_text(3), "b");
  EXPECT_EQ(doc.line_text(5), "c");
  EXPECT_EQ(doc.line_text(99), "d");
}

TEST(JsonDocument, HasAPlaceInAnEmptyText) {
  const document doc;
  EXPECT_EQ(doc.place(0), (source_place{1, 1}));
  EXPECT_EQ(doc.line_text(0), "");
  EXPECT_TRUE(doc.root().is(kind::null));
}

TEST(JsonDocument, FindsPlacesFromSeveralThreads) {
  const document doc{std::string(1000, '\n') + "x", "f"};
  std::vector<std::thread> threads;
  std::vector<source_place> found(4);
  for (auto& one : found) threads.emplace_back([&doc, &one] { one = doc.place(1000); });
  for (auto& one : threads) one.join();
  for (const auto& one : found) EXPECT_EQ(one, (source_place{1001, 1}));
}

TEST(JsonDocument, MapsDecodedOffsetsThroughEscapes) {
  //                              0123456789012345678901234567890123456
  const document doc = document_of(R"(["ab\"c\u00e9d\ud83d\ude00e\n\u0041f"])");
  const node& text = doc.root().items()[0];
  ASSERT_EQ(text.string(),
            "ab\"c\xC3\xA9"
            "d\xF0\x9F\x98\x80"
            "e\nAf");
  const auto raw = [&doc, &text](std::size_t i) { return doc.raw_offset(text, i); };
  EXPECT_EQ(raw(0), 2U);
  EXPECT_EQ(raw(2), 4U);   // the quote: its backslash
  EXPECT_EQ(raw(3), 6U);   // c
  EXPECT_EQ(raw(4), 7U);   // e acute
  EXPECT_EQ(raw(5), 7U);   // inside of it
  EXPECT_EQ(raw(6), 13U);  // d
  EXPECT_EQ(raw(7), 14U);  // the pair
  EXPECT_EQ(raw(10), 14U);
  EXPECT_EQ(raw(11), 26U);  // e
  EXPECT_EQ(raw(12), 27U);  // newline
  EXPECT_EQ(raw(13), 29U);  // A
  EXPECT_EQ(raw(14), 35U);  // f
  EXPECT_EQ(raw(15), 36U);  // the closing quote
  EXPECT_EQ(raw(1000), 36U);
  EXPECT_EQ(doc.raw_span(text, 7, 4), (source_span{14, 12}));
  EXPECT_EQ(doc.raw_span(text, 14, std::string::npos), (source_span{35, 1}));
}

TEST(JsonDocument, MapsEveryOffsetOfRandomStrings) {
  const std::uint64_t seed = test::seed();
  SCOPED_TRACE("LEEWAY_SEED=" + std::to_string(seed));
  std::mt19937_64 random{seed};
  const std::vector<std::pair<std::string, std::string>> units{
      {"a", "a"},
      {"\\n", "\n"},
      {"\\\\", "\\"},
      {"\\u0000", std::string(1, '\0')},
      {"\\u00E9", "\xC3\xA9"},
      {"\xC3\xA9", "\xC3\xA9"},
      {"\\u20ac", "\xE2\x82\xAC"},
      {"\\uD83D\\uDE00", "\xF0\x9F\x98\x80"},
      {"\xF0\x9F\x98\x80", "\xF0\x9F\x98\x80"}};
  for (int round = 0; round < 200; ++round) {
    std::string raw = "[\"";
    std::vector<std::size_t> expected;
    for (auto count = random() % 20; count != 0; --count) {
      const auto& [written, decoded] = units[random() % units.size()];
      const bool literal = written == decoded;
      for (std::size_t i = 0; i < decoded.size(); ++i)
        expected.push_back(raw.size() + (literal ? i : 0));
      raw += written;
    }
    expected.push_back(raw.size());
    raw += "\"]";
    const document doc = document_of(raw);
    const node& text = doc.root().items()[0];
    ASSERT_EQ(text.string().size() + 1, expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
      ASSERT_EQ(doc.raw_offset(text, i), expected[i]) << raw << " " << i;
    }
  }
}

TEST(JsonDocument, MakesADiagnosticWithEverythingInIt) {
  const document doc = document_of("{\n  \"when\": \"a \\\"b\\\" < 3\"\n}");
  const node& when = *doc.root().find("when");
  const diagnostic one = doc.at(doc.raw_span(when, 6, 1), "/when", "bad_operator", "no", "yes");
  EXPECT_EQ(one.level, severity::error);
  EXPECT_EQ(one.code, "bad_operator");
  EXPECT_EQ(one.file, "test.json");
  EXPECT_EQ(one.pointer, "/when");
  EXPECT_EQ(one.place, (source_place{2, 20}));
  EXPECT_EQ(one.line_text, "  \"when\": \"a \\\"b\\\" < 3\"");
  EXPECT_EQ(one.line_text.substr(one.caret, one.caret_length), "<");
  EXPECT_EQ(one.span.length, 1U);
}

TEST(JsonDocument, MarksOnlyTheBracketOfAnObject) {
  const document doc = document_of("[{\"a\": 1}]");
  EXPECT_EQ(doc.at(doc.root().items()[0], "/0", "c", "m").caret_length, 1U);
  EXPECT_EQ(doc.at(doc.root().items()[0].members()[0], "/0/a", "c", "m").caret_length, 3U);
}

TEST(JsonDocument, KeepsOnlyAnExcerptOfALongLine) {
  std::string text = "[\"";
  for (int i = 0; i < 100000; ++i) text += "\xE2\x82\xAC";
  text += "\", 1]";
  const document doc = document_of(text);
  const diagnostic one = doc.at(doc.root().items()[1], "/1", "c", "m");
  EXPECT_LT(one.line_text.size(), 600U);
  EXPECT_EQ(one.line_text.substr(one.caret, one.caret_length), "1");
  EXPECT_TRUE(one.line_text.starts_with("..."));
  EXPECT_EQ(one.place.column, 100006U);
  EXPECT_TRUE(is_utf8(one.line_text));
  const diagnostic other = doc.at(doc.root().items()[0], "/0", "c", "m");
  EXPECT_TRUE(other.line_text.ends_with("..."));
  EXPECT_TRUE(is_utf8(other.line_text));
}

TEST(JsonPointer, EscapesAsTheStandardAsks) {
  EXPECT_EQ(pointer_to("", "a"), "/a");
  EXPECT_EQ(pointer_to("/a", "m~n/o"), "/a/m~0n~1o");
  EXPECT_EQ(pointer_to("/a", std::size_t{3}), "/a/3");
  EXPECT_EQ(pointer_to("", ""), "/");
}

}  // namespace
}  // namespace leeway::json
