// SPDX-License-Identifier: Apache-2.0
// Each rule finds what breaks it, and nothing else.
#include "source/source_rules.hpp"

#include <gtest/gtest.h>

namespace source_rules {
namespace {

TEST(CodeOnly, BlanksCommentsAndLiteralsAndKeepsLines) {
  EXPECT_EQ(code_only("int a; // double\nint b;"), "int a;          \nint b;");
  EXPECT_EQ(code_only("a /* double\n */ b"), "a          \n    b");
  EXPECT_EQ(code_only(R"(f("double \" x", 'd', 1'000);)"), "f(             ,    , 1'000);");
  EXPECT_EQ(code_only("R\"x(double)\" )x\" + y"), "                 + y");
}

TEST(ContainsWord, LooksAtWholeIdentifiers) {
  EXPECT_TRUE(contains_word("double x", "double"));
  EXPECT_FALSE(contains_word("double_entry x", "double"));
  EXPECT_TRUE(contains_word("x = std::time(nullptr)", "std::time("));
  EXPECT_FALSE(contains_word("snprintf(x)", "printf("));
}

TEST(IncludesOf, ReadsBothForms) {
  const auto found = includes_of("// x\n#include <a/b.hpp>\n  # include \"c.hpp\" // why\n");
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].target, "a/b.hpp");
  EXPECT_FALSE(found[0].quoted);
  EXPECT_EQ(found[1].target, "c.hpp");
  EXPECT_EQ(found[1].line, 3U);
  EXPECT_TRUE(found[1].quoted);
}

TEST(Layers, AllowIncludesThatGoDownOrStay) {
  EXPECT_TRUE(check_layers({"src/engine/a.cpp",
                            "#include <leeway/base/money.hpp>\n#include \"engine/b.hpp\"\n"
                            "#include \"policy/c.hpp\"\n#include <vector>\n"})
                  .empty());
}

TEST(Layers, RefuseIncludesThatGoUp) {
  const auto found =
      check_layers({"include/leeway/base/a.hpp", "\n#include <leeway/model/b.hpp>\n"});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].line, 2U);
  EXPECT_EQ(check_layers({"src/policy/a.cpp", "#include \"engine/b.hpp\"\n"}).size(), 1U);
}

TEST(Layers, KeepAuditOnBaseAlone) {
  const auto broken = [](const char* path, const std::string& target) {
    return check_layers({path, "#include " + target + "\n"}).size();
  };
  EXPECT_EQ(broken("src/audit/a.cpp", "\"base/text.hpp\""), 0U);
  EXPECT_EQ(broken("src/audit/a.cpp", "<leeway/audit/note.hpp>"), 0U);
  EXPECT_EQ(broken("src/desk/a.cpp", "<leeway/audit/note.hpp>"), 0U);
  EXPECT_EQ(broken("src/cli/a.cpp", "<leeway/audit/note.hpp>"), 0U);
  EXPECT_EQ(broken("src/audit/a.cpp", "<leeway/model/value.hpp>"), 1U);
  EXPECT_EQ(broken("src/engine/a.cpp", "<leeway/audit/note.hpp>"), 1U);
  EXPECT_EQ(broken("src/base/a.cpp", "\"audit/base64.hpp\""), 1U);
}

TEST(Layers, RefuseTheUmbrellaInsideAModule) {
  EXPECT_EQ(check_layers({"src/base/a.cpp", "#include <leeway/leeway.hpp>\n"}).size(), 1U);
  EXPECT_TRUE(check_layers({"examples/a.cpp", "#include <leeway/leeway.hpp>\n"}).empty());
}

TEST(Layers, RefuseAModuleWithoutAPlace) {
  EXPECT_EQ(check_layers({"src/misc/a.cpp", ""}).size(), 1U);
}

TEST(PublicHeader, IncludesTheStandardLeewayAndForwardDeclaredJsonOnly) {
  const std::string path = "include/leeway/base/a.hpp";
  EXPECT_TRUE(check_public_header({path,
                                   "#include <vector>\n#include <leeway/base/b.hpp>\n"
                                   "#include <nlohmann/json_fwd.hpp>\n"})
                  .empty());
  for (const std::string target :
       {"<nlohmann/json.hpp>", "<boost/json.hpp>", "<fmt/core.h>", "\"base/x.hpp\"", "<time.h>"}) {
    EXPECT_EQ(check_public_header({path, "#include " + target + "\n"}).size(), 1U) << target;
  }
}

TEST(BannedWords, KeepFloatingPointOutOfMoneyCodeOnly) {
  EXPECT_EQ(check_banned_words({"src/base/money_text.cpp", "double x;"}).size(), 1U);
  EXPECT_EQ(check_banned_words({"include/leeway/base/ratio.hpp", "float x;"}).size(), 1U);
  EXPECT_TRUE(check_banned_words({"src/base/money.cpp", "// no double here"}).empty());
  EXPECT_TRUE(check_banned_words({"src/condition/value.cpp", "double x;"}).empty());
}

TEST(BannedWords, LeaveTheSystemClockToTheBaseClock) {
  const std::string reads = "auto t = std::chrono::system_clock::now();";
  EXPECT_FALSE(check_banned_words({"src/engine/a.cpp", reads}).empty());
  EXPECT_FALSE(check_banned_words({"tests/desk/a.cpp", reads}).empty());
  EXPECT_TRUE(check_banned_words({"src/base/clock.cpp", reads}).empty());
}

TEST(BannedWords, KnowRegexPrintingAndHeaders) {
  EXPECT_FALSE(check_banned_words({"src/condition/a.cpp", "std::regex r;"}).empty());
  EXPECT_FALSE(check_banned_words({"src/cli/a.hpp", "#include <iostream>"}).empty());
  EXPECT_TRUE(check_banned_words({"src/cli/a.cpp", "#include <iostream>"}).empty());
  EXPECT_FALSE(check_banned_words({"src/base/a.cpp", "std::cout << 1;"}).empty());
  EXPECT_TRUE(check_banned_words({"src/cli/a.cpp", "std::cout << 1;"}).empty());
}

TEST(Form, WantsTheLicenseFirst) {
  EXPECT_TRUE(check_form({"a.cpp", "// SPDX-License-Identifier: Apache-2.0\n"}).empty());
  EXPECT_TRUE(check_form({"a", "#!/bin/sh\n# SPDX-License-Identifier: Apache-2.0\n"}).empty());
  EXPECT_EQ(check_form({"a.cpp", "\n// SPDX-License-Identifier: Apache-2.0\n"}).size(), 1U);
}

TEST(Form, WantsAsciiAndOneHundredColumns) {
  const std::string first = "// SPDX-License-Identifier: Apache-2.0\n";
  EXPECT_EQ(check_form({"a.cpp", first + "// \xc3\xa9\n"}).size(), 1U);
  EXPECT_EQ(check_form({"a.cpp", first + "\tint a;\n"}).size(), 1U);
  EXPECT_TRUE(check_form({"a.cpp", first + std::string(100, 'a') + "\n"}).empty());
  EXPECT_EQ(check_form({"a.cpp", first + std::string(101, 'a') + "\n"}).size(), 1U);
  EXPECT_TRUE(check_form({"a.cpp", first + "// https://" + std::string(100, 'a')}).empty());
}

TEST(Places, AreNamedAsWholePathsOnly) {
  EXPECT_EQ(check_places({"a.cpp", "x = \"/home/ann/leeway/data\";"}, {"/home/ann/leeway/"}).size(),
            1U);
  EXPECT_TRUE(check_places({"a.cpp", "#include <include/leeway/x.hpp>"}, {"/leeway/"}).empty());
}

TEST(Listed, NamesThePathOrTheExample) {
  EXPECT_TRUE(is_listed("leeway_add_module(base SOURCES money.cpp x.cpp)", "money.cpp"));
  EXPECT_FALSE(is_listed("leeway_add_module(base SOURCES money.cpp x.cpp)", "y.cpp"));
  EXPECT_FALSE(is_listed("SOURCES my_money.cpp", "money.cpp"));
  EXPECT_TRUE(is_listed("leeway_add_example(01_first)", "01_first.cpp"));
}

}  // namespace
}  // namespace source_rules
