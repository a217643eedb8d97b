// SPDX-License-Identifier: Apache-2.0
// The reader is the gate: these try to break it.
#include "base/json/canonical.hpp"
#include "base/json/reader.hpp"
#include "base/text_support.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <random>
#include <string>
#include <string_view>

namespace leeway::json {
namespace {

constexpr std::string_view sample = R"({
  // a comment
  "format": "leeway-policy/1", "id": "northwind-\u00e9\ud83d\ude00", /* and another */
  "roles": [{"id": "agent", "escalate_to": ["team_lead"]}, {"id": "team_lead"}, {}, [], [[]]],
  "numbers": [0, -1, 1.5, -2.5e-3, 1E+9, 9223372036854775807, true, false, null],
  "text": "tab \t quote \" slash \/ euro )"
                                    "\xE2\x82\xAC"
                                    R"( \u20ac"
})";

// Whatever happened, it can be shown; a document can be walked, and its places are inside.
void expect_sound(std::string_view text, const result<document, diagnostics>& outcome) {
  if (!outcome) {
    ASSERT_TRUE(outcome.error().has_errors());
    for (const diagnostic& one : outcome.error()) {
      ASSERT_FALSE(one.code.empty());
      ASSERT_FALSE(one.message.empty()) << one.code;
      ASSERT_LE(one.span.offset, text.size());
      ASSERT_LE(one.span.end(), text.size()) << one.code;
      ASSERT_GE(one.place.line, 1U);
      ASSERT_FALSE(render(one).empty());
    }
    return;
  }
  ASSERT_FALSE(canonical(outcome->root()).empty());
  ASSERT_LE(outcome->root().span().end(), text.size());
  ASSERT_EQ(outcome->text(), text);
}

// Canonical text is the same document again.
void expect_stable(const document& doc) {
  const std::string once = canonical(doc.root());
  const auto again = read(once, "again");
  ASSERT_TRUE(again) << once;
  ASSERT_EQ(canonical(again->root()), once);
}

TEST(HostileJson, SampleIsGood) {
  const auto outcome = read(sample, "sample", {.comments = true});
  ASSERT_TRUE(outcome) << render(outcome.error());
  expect_stable(*outcome);
}

TEST(HostileJson, SurvivesTruncationAtEveryByte) {
  for (std::size_t length = 0; length < sample.size(); ++length) {
    // A copy of exactly that length, so that a sanitizer sees a read beyond its end.
    const std::string text{sample.substr(0, length)};
    const auto outcome = read(text, "cut", {.comments = true});
    ASSERT_FALSE(outcome) << length;
    expect_sound(text, outcome);
  }
}

TEST(HostileJson, RefusesInvalidUtf8AtEveryByte) {
  for (const std::string_view bad : {"\xFF", "\x80", "\xC3", "\xE2\x82", "\xED\xA0\x80", "\xC0\x80",
                                     "\xF4\x90\x80\x80", "\xF8\x88\x80\x80\x80"}) {
    for (std::size_t i = 0; i <= sample.size(); ++i) {
      std::string text{sample};
      text.insert(i, bad);
      const auto outcome = read(text, "bad", {.comments = true});
      ASSERT_FALSE(outcome) << i;
      ASSERT_EQ(outcome.error().front().code, "invalid_utf8") << i;
      ASSERT_NO_FATAL_FAILURE(expect_sound(text, outcome));
    }
  }
}

TEST(HostileJson, SurvivesEveryByteAtEveryPlace) {
  for (std::size_t i = 0; i < sample.size(); ++i) {
    std::string text{sample};
    for (unsigned byte = 0; byte < 256; byte += 1) {
      text[i] = static_cast<char>(byte);
      const auto outcome = read(text, "byte", {.comments = true});
      ASSERT_NO_FATAL_FAILURE(expect_sound(text, outcome)) << i << " " << byte;
    }
  }
}

// What other readers let pass.
bool is_stricter(const diagnostics& found) {
  return found.contains("duplicate_key") || found.contains("number_does_not_fit") ||
         found.contains("byte_order_mark") || found.contains("invalid_utf8");
}

std::string mutate(std::string text, std::mt19937_64& random) {
  constexpr std::string_view pieces[] = {"{",   "}",      "[",   "]",       ",",    ":",
                                         "\"",  "\\",     "\\u", "\\ud800", "0",    "-",
                                         "1e9", "e",      ".",   "null",    "/*",   "*/",
                                         "//",  "\n",     "\r",  "\x01",    "\xFF", "\xEF\xBB\xBF",
                                         " ",   "\"a\":", "'"};
  const auto below = [&random](std::size_t n) { return n == 0 ? 0 : random() % n; };
  for (auto count = 1 + below(4); count != 0; --count) {
    const std::size_t at = below(text.size() + 1);
    switch (below(4)) {
      case 0: text.insert(at, pieces[below(std::size(pieces))]); break;
      case 1: text.erase(at, below(8)); break;
      case 2: text.insert(at, text.substr(below(text.size() + 1), below(30))); break;
      default:
        if (at < text.size()) text[at] = static_cast<char>(random());
    }
  }
  return text;
}

TEST(HostileJson, SurvivesMutatedDocuments) {
  const std::uint64_t seed = test::seed();
  SCOPED_TRACE("LEEWAY_SEED=" + std::to_string(seed));
  std::mt19937_64 random{seed};
  int good = 0;
  for (int i = 0; i < 20000; ++i) {
    const std::string text = mutate(std::string{sample}, random);
    const auto outcome = read(text, "mutant", {.comments = random() % 2 == 0});
    ASSERT_NO_FATAL_FAILURE(expect_sound(text, outcome)) << text;
    if (!outcome) continue;
    ++good;
    ASSERT_NO_FATAL_FAILURE(expect_stable(*outcome));
  }
  EXPECT_GT(good, 0);
}

// Each value's own text, read alone, is that value again: so it stands where it is said to stand.
void expect_places(const document& doc, const node& value) {
  const auto alone = read(value.raw(), "alone");
  ASSERT_TRUE(alone) << value.raw();
  ASSERT_EQ(canonical(alone->root()), canonical(value));
  for (const node& item : value.items()) ASSERT_NO_FATAL_FAILURE(expect_places(doc, item));
  for (const member& one : value.members()) {
    const std::string_view raw = doc.text().substr(one.key_span.offset, one.key_span.length);
    const auto key = read(raw, "key");
    ASSERT_TRUE(key) << raw;
    ASSERT_EQ(key->root().string(), one.key);
    ASSERT_NO_FATAL_FAILURE(expect_places(doc, one.value));
  }
}

TEST(HostileJson, ReadsMutatedDocumentsAsAnotherReaderDoes) {
  const std::uint64_t seed = test::seed();
  SCOPED_TRACE("LEEWAY_SEED=" + std::to_string(seed));
  std::mt19937_64 random{seed};
  std::string plain{sample};  // comments are no JSON, and readers differ on them
  plain.erase(plain.find("// a comment"), 12);
  plain.erase(plain.find("/* and another */"), 17);
  int good = 0;
  for (int i = 0; i < 20000; ++i) {
    const std::string text = mutate(plain, random);
    const auto outcome = read(text, "mutant");
    const auto other = nlohmann::json::parse(text, nullptr, false);
    if (!outcome) {
      ASSERT_TRUE(other.is_discarded() || is_stricter(outcome.error())) << text;
      continue;
    }
    ++good;
    ASSERT_FALSE(other.is_discarded()) << text;
    ASSERT_EQ(canonical(outcome->root()), canonical(other)) << text;
    ASSERT_NO_FATAL_FAILURE(expect_places(*outcome, outcome->root())) << text;
  }
  EXPECT_GT(good, 100);
}

TEST(HostileJson, RefusesDeepNestingWithoutRecursing) {
  for (const std::string_view open : {"[", "{\"a\":", "[{\"a\":"}) {
    std::string text;
    for (int i = 0; i < 100000; ++i) text += open;
    const auto outcome = read(text, "deep", {.max_depth = 1000000});
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().front().code, "nested_too_deeply");
  }
}

TEST(HostileJson, ReadsUpToTheDepthCeiling) {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  const read_options most{.max_depth = depth_ceiling};
  const auto outcome = read(nested(depth_ceiling), "deep", most);
  ASSERT_TRUE(outcome);
  EXPECT_EQ(canonical(outcome->root()), nested(depth_ceiling));
  EXPECT_FALSE(read(nested(depth_ceiling + 1), "deep", most));
  EXPECT_TRUE(read(nested(64), "deep"));
  EXPECT_FALSE(read(nested(65), "deep"));
}

TEST(HostileJson, RefusesMoreThanSixteenMegabytes) {
  std::string text(std::size_t{16} << 20U, ' ');
  text.back() = '1';
  EXPECT_TRUE(read(text, "large"));
  text += ' ';
  const auto outcome = read(text, "large");
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().front().code, "document_too_large");
  EXPECT_NE(render(outcome.error()).find("16777217 bytes"), std::string::npos);
}

TEST(HostileJson, ReportsManyErrorsInOneHugeLineInBoundedTimeAndSpace) {
  // A million keys that are all the same, on one line.
  std::string text = "{";
  while (text.size() < (std::size_t{8} << 20U)) text += "\"k\":1e999,";
  text += "\"k\":0}";
  const auto start = std::chrono::steady_clock::now();
  const auto outcome = read(text, "many");
  const auto took = std::chrono::steady_clock::now() - start;
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().size(), diagnostics::default_limit);
  EXPECT_GT(outcome.error().error_count(), 1000000U);
  for (const diagnostic& one : outcome.error()) EXPECT_LT(one.line_text.size(), 1000U);
  EXPECT_LT(took, std::chrono::seconds{20});
}

TEST(HostileJson, RefusesMoreValuesThanMemoryShouldHold) {
  std::string text = "[0";
  while (text.size() < (std::size_t{4} << 20U)) text += ",0";
  const auto outcome = read(text + "]", "values");
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().front().code, "too_many_values");
  EXPECT_TRUE(read("[1,{\"a\":2}]", "values", {.max_values = 4}));
  for (const char* more : {"[1,[2],3]", "[1,{\"a\":2},{}]", "[1,2,3,\"x\"]", "[1,2,3,null]"}) {
    EXPECT_EQ(test::refusal_of(more, {.max_values = 3}).front().code, "too_many_values") << more;
  }
}

TEST(HostileJson, EchoesOnlyABitOfHugeKeys) {
  const std::string key = "\"" + std::string(std::size_t{1} << 20U, 'k') + "\"";
  std::string text = "{" + key + ":{" + key + ":1," + key + ":[1e999";
  for (int i = 0; i < 100; ++i) text += ",1e999";
  text += "]}}";
  const auto outcome = read(text, "keys");
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().error_count(), 102U);
  EXPECT_LT(render(outcome.error()).size(), 100000U);
  for (const diagnostic& one : outcome.error()) {
    EXPECT_LT(one.message.size() + one.pointer.size() + one.line_text.size(), 4000U);
  }
}

TEST(HostileJson, SortsKeysThatShareALongPrefixQuicklyEnough) {
  std::string text = "{";
  for (int i = 0; i < 20000; ++i) {
    text.append(i == 0 ? "" : ",").append("\"").append(200, 'k').append(std::to_string(i));
    text += "\":0";
  }
  text += "}";
  const auto outcome = read(text, "prefix");
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->root().members().size(), 20000U);
}

}  // namespace
}  // namespace leeway::json
