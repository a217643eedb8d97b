// SPDX-License-Identifier: Apache-2.0
#include "base/json/reader.hpp"
#include "base/json/writer.hpp"
#include "base/text_support.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

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

}  // namespace
}  // namespace leeway::json
