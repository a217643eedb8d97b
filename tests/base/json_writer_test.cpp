// SPDX-License-Identifier: Apache-2.0
#include "base/json/reader.hpp"
#include "base/json/text_writer.hpp"
#include "base/json/writer.hpp"
#include "base/text_support.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstddef>
#include <random>
#include <string>

namespace leeway::json {
namespace {

TEST(JsonWriter, KeepsTheOrderOfKeys) {
  const document doc = test::document_of(R"({"z":[1,-2,1.5,"x",true,null],"a":{"c":{},"b":[]}})");
  EXPECT_EQ(dump(to_json(doc.root())), R"({"z":[1,-2,1.5,"x",true,null],"a":{"c":{},"b":[]}})");
  EXPECT_EQ(dump_pretty(nlohmann::ordered_json{{"b", 1}, {"a", 2}}),
            "{\n  \"b\": 1,\n  \"a\": 2\n}\n");
}

TEST(JsonWriter, WritesDiagnosticsForPrograms) {
  const diagnostics found = test::refusal_of("{\"a\":\n x}");
  EXPECT_EQ(dump(to_json(found)),
            R"([{"severity":"error","code":"syntax_error","message":"expected a value, found `x`",)"
            R"("remedy":"put text in double quotes","file":"test.json","pointer":"/a",)"
            R"("line":2,"column":2,"offset":7,"length":1}])");
}

TEST(JsonWriter, ReplacesWhatIsNotUtf8) {
  const diagnostic one{.code = "c",
                       .message =
                           "a\xFF\x80"
                           "b",
                       .file = "\xC3"};
  EXPECT_EQ(dump(to_json(one)),
            "{\"severity\":\"error\",\"code\":\"c\","
            "\"message\":\"a\xEF\xBF\xBD\xEF\xBF\xBD"
            "b\","
            "\"file\":\"\xEF\xBF\xBD\"}");
  EXPECT_EQ(dump(nlohmann::ordered_json("\xFF")), "\"\xEF\xBF\xBD\"");
}

// One value of random shape, in both forms.
void write_both(std::mt19937_64& random, int depth, text_writer& to, nlohmann::ordered_json& tree) {
  const auto below = [&random](std::size_t n) { return random() % n; };
  switch (below(depth == 0 ? 4 : 6)) {
    case 0: to.null(); return;
    case 1:
      to.boolean(true);
      tree = true;
      return;
    case 2:
      to.number(-depth);
      tree = -depth;
      return;
    case 3: {
      std::string text(below(below(4) == 0 ? 1500 : 40), 'x');
      for (auto count = below(4); count != 0 && !text.empty(); --count) {
        text[below(text.size())] = static_cast<char>(below(128));
      }
      if (below(3) == 0) text += "\xE2\x82\xAC";
      to.text(text);
      tree = text;
      return;
    }
    case 4:
      to.begin_array();
      tree = nlohmann::ordered_json::array();
      for (auto count = below(5); count != 0; --count) {
        write_both(random, depth - 1, to, tree.emplace_back());
      }
      to.end_array();
      return;
    default:
      to.begin_object();
      tree = nlohmann::ordered_json::object();
      for (auto count = below(5); count != 0; --count) {
        const std::string key = "key" + std::to_string(count);
        to.key(key);
        write_both(random, depth - 1, to, tree[key]);
      }
      to.end_object();
  }
}

TEST(TextWriter, WritesWhatATreeWouldBehindWhatIsThere) {
  const std::uint64_t seed = test::seed();
  SCOPED_TRACE("LEEWAY_SEED=" + std::to_string(seed));
  std::mt19937_64 random{seed};
  for (int i = 0; i < 2000; ++i) {
    std::string text = i % 2 == 0 ? "" : "before";
    nlohmann::ordered_json tree;
    text_writer to{text};
    write_both(random, 6, to, tree);
    to.finish();
    ASSERT_EQ(text, (i % 2 == 0 ? "" : "before") + tree.dump());
  }
}

TEST(TextWriter, TellsTextsThatAreNotUtf8Apart) {
  std::string text;
  text_writer to{text};
  to.begin_array();
  to.text("a\xFF\"");
  to.text("\xFE");
  to.end_array();
  to.finish();
  EXPECT_EQ(text,
            "[\"a\xEF\xBF\xBD"
            "ff\\\"\",\"\xEF\xBF\xBD"
            "fe\"]");
}

}  // namespace
}  // namespace leeway::json
