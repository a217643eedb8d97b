// SPDX-License-Identifier: Apache-2.0
#include "base/text_support.hpp"

#include <leeway/base/diagnostic.hpp>

#include <gtest/gtest.h>

#include <random>
#include <sstream>
#include <string>
#include <vector>

namespace leeway {
namespace {

diagnostic about(std::string line, std::size_t caret, std::size_t length) {
  return {.code = "c",
          .message = "m",
          .file = "f",
          .place = {12, caret + 1},
          .line_text = std::move(line),
          .caret = caret,
          .caret_length = length};
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> out;
  std::istringstream in{text};
  for (std::string line; std::getline(in, line);) out.push_back(line);
  return out;
}

TEST(Render, ShowsThePlaceTheLineAndTheRemedy) {
  const diagnostic one{.code = "unknown_role",
                       .message = "unknown role `team_leed`",
                       .remedy = "did you mean `team_lead`?",
                       .file = "northwind.policy.json",
                       .place = {12, 36},
                       .line_text = R"(    {"id": "agent", "escalate_to": ["team_leed"]},)",
                       .caret = 36,
                       .caret_length = 11};
  EXPECT_EQ(render(one),
            "northwind.policy.json:12:36: error: unknown role `team_leed` [unknown_role]\n"
            "   12 |     {\"id\": \"agent\", \"escalate_to\": [\"team_leed\"]},\n"
            "      |                                     ^~~~~~~~~~~\n"
            "      = did you mean `team_lead`?\n");
}

TEST(Render, LeavesOutWhatIsNotKnown) {
  EXPECT_EQ(render(diagnostic{.level = severity::warning, .message = "odd"}), "warning: odd\n");
  EXPECT_EQ(render(diagnostic{.code = "c", .message = "m", .remedy = "r", .file = "f"}),
            "f: error: m [c]\n      = r\n");
  EXPECT_EQ(render(diagnostic{.message = "m", .place = {1, 1}}),
            "1:1: error: m\n    1 | \n      | ^\n");
}

TEST(Render, ShowsThePointerWhereThereIsNoLine) {
  diagnostic one{.code = "c", .message = "m", .pointer = "/grants/0/to"};
  EXPECT_EQ(render(one), "/grants/0/to: error: m [c]\n");
  one.file = "f";
  EXPECT_EQ(render(one), "f: /grants/0/to: error: m [c]\n");
  one.place = {2, 3};
  EXPECT_TRUE(render(one).starts_with("f:2:3: error: m [c]\n"));
}

TEST(Render, ExpandsTabsUnderTheCaret) {
  EXPECT_EQ(lines_of(render(about("\ta\tbc", 3, 2))),
            (std::vector<std::string>{"f:12:4: error: m [c]", "   12 |     a   bc",
                                      "      |         ^~"}));
}

TEST(Render, CountsColumnsOfWideAndCombiningCharacters) {
  const auto lines =
      lines_of(render(about("\xE4\xB8\xAD"
                            "e\xCC\x81x",
                            6, 1)));
  EXPECT_EQ(lines.at(2), "      |    ^");
}

TEST(Render, EscapesWhatCouldDriveATerminal) {
  diagnostic one = about("a\x1B[31mb\x9B\xC2\x9B\xFF\xE2\x80\xAE\xEF\xBB\xBFz", 17, 1);
  one.message = "bad `\x1B]0;x\x07`\nnext";
  one.file = "f\x1B";
  one.remedy = "r\r";
  one.code = "c\n";
  const std::string text = render(one);
  for (const char c : text) EXPECT_TRUE(c == '\n' || (c >= 0x20 && c < 0x7F)) << text;
  const auto lines = lines_of(text);
  ASSERT_EQ(lines.size(), 4U);
  EXPECT_EQ(lines[0], "f\\x1b:12:18: error: bad `\\x1b]0;x\\x07`\\x0anext [c\\x0a]");
  EXPECT_EQ(lines[1], "   12 | a\\x1b[31mb\\x9b\\u009b\\xff\\u202e\\ufeffz");
  EXPECT_EQ(lines[2].find('^'), lines[1].find('z'));
  EXPECT_EQ(lines[3], "      = r\\x0d");
}

TEST(Render, CutsLongLinesAroundTheCaret) {
  const std::string line = std::string(500, 'a') + "XY" + std::string(500, 'b');
  const auto lines = lines_of(render(about(line, 500, 2)));
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_LT(lines[1].size(), 120U);
  EXPECT_EQ(lines[2].find("^~"), lines[1].find("XY"));
  EXPECT_EQ(lines[2].size(), lines[1].find("XY") + 2);
  EXPECT_NE(lines[1].find("...a"), std::string::npos);
  EXPECT_TRUE(lines[1].ends_with("b..."));
  const auto first = lines_of(render(about(line, 0, 1)));
  EXPECT_TRUE(first[1].starts_with("   12 | aaa"));
  const auto last = lines_of(render(about(line, line.size(), 0)));
  EXPECT_TRUE(last[1].ends_with("bbb"));
  EXPECT_EQ(last[2].size(), last[1].size() + 1);
}

TEST(Render, KeepsTheMarksOnThePage) {
  const auto lines = lines_of(render(about(std::string(1000, 'x'), 10, 900)));
  EXPECT_LT(lines[2].size(), 120U);
}

TEST(Render, SurvivesAnythingInADiagnostic) {
  const std::uint64_t seed = test::seed();
  SCOPED_TRACE("LEEWAY_SEED=" + std::to_string(seed));
  std::mt19937_64 random{seed};
  for (int i = 0; i < 5000; ++i) {
    std::string line(random() % 300, ' ');
    for (char& c : line) c = static_cast<char>(random() % 3 == 0 ? random() : 'a' + random() % 26);
    const diagnostic one = about(line, random() % 320, random() % 320);
    const auto lines = lines_of(render(one));
    ASSERT_EQ(lines.size(), 3U) << printable(line);
    ASSERT_NE(lines[2].find('^'), std::string::npos);
    ASSERT_LT(lines[2].size(), 130U);
  }
}

TEST(Diagnostics, CountsWhatItDoesNotKeep) {
  diagnostics list;
  list.set_limit(2);
  for (int i = 0; i < 5; ++i) list.add({.code = "c", .message = "m"});
  list.add({.level = severity::warning, .message = "w"});
  EXPECT_EQ(list.size(), 2U);
  EXPECT_TRUE(list.full());
  EXPECT_EQ(list.error_count(), 5U);
  EXPECT_EQ(list.warning_count(), 1U);
  EXPECT_EQ(list.suppressed(), 4U);
  EXPECT_TRUE(render(list).ends_with("... and 4 more\n"));
  diagnostics other;
  other.merge(list);
  EXPECT_EQ(other.error_count(), 5U);
  EXPECT_EQ(other.suppressed(), 4U);
  EXPECT_EQ(other.size(), 2U);
}

TEST(Diagnostics, GiveTheLastWarningsPlaceToAnError) {
  diagnostics all;
  all.set_limit(3);
  all.add({.level = severity::warning, .code = "first"});
  all.add({.level = severity::warning, .code = "second"});
  all.add({.level = severity::note, .code = "of the second"});
  all.add({.level = severity::warning, .code = "third"});
  all.add({.level = severity::error, .code = "wrong"});
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].code, "first");
  EXPECT_EQ(all[1].code, "wrong");
  EXPECT_EQ(all.warning_count(), 3U);
  EXPECT_EQ(all.error_count(), 1U);
  EXPECT_EQ(all.suppressed(), 3U) << "two warnings, and the note of one of them";
}

TEST(Diagnostics, HasNoErrorsInWarnings) {
  diagnostics list;
  EXPECT_FALSE(list.has_errors());
  list.add({.level = severity::warning, .code = "lint"});
  list.add({.level = severity::note});
  EXPECT_FALSE(list.has_errors());
  EXPECT_TRUE(list.contains("lint"));
  EXPECT_FALSE(list.contains("other"));
  list.add({});
  EXPECT_TRUE(list.has_errors());
}

TEST(Diagnostics, SortsByPlaceAndKeepsNotesWithTheirOwner) {
  diagnostics list;
  const auto add = [&list](severity level, std::size_t line, const char* code) {
    list.add({.level = level, .code = code, .place = {line, 1}});
  };
  add(severity::error, 9, "d");
  add(severity::note, 1, "d1");
  add(severity::error, 2, "a");
  add(severity::warning, 5, "b");
  add(severity::note, 99, "b1");
  add(severity::note, 3, "b2");
  add(severity::error, 5, "c");
  list.sort();
  std::string order;
  for (const diagnostic& one : list) order += one.code + " ";
  EXPECT_EQ(order, "a b b1 b2 c d d1 ");
}

TEST(DidYouMean, FindsTheNearest) {
  const std::vector<std::string> known{"team_lead", "manager", "agent", "legal", "id"};
  EXPECT_EQ(did_you_mean("team_leed", known), "team_lead");
  EXPECT_EQ(did_you_mean("agnet", known), "agent");
  EXPECT_EQ(did_you_mean("Manager", known), "manager");
  EXPECT_EQ(did_you_mean("TEAM_LEAD", known), "team_lead");
  EXPECT_EQ(did_you_mean("teamlead", known), "team_lead");
  EXPECT_EQ(did_you_mean("di", known), "id");
  EXPECT_EQ(did_you_mean("supervisor", known), std::nullopt);
  EXPECT_EQ(did_you_mean("xy", known), std::nullopt);
  EXPECT_EQ(did_you_mean("", known), std::nullopt);
  EXPECT_EQ(did_you_mean(std::string(1000, 'a'), known), std::nullopt);
  EXPECT_EQ(suggestion("agnet", known), "did you mean `agent`?");
  EXPECT_EQ(suggestion("supervisor", known), "");
}

TEST(DidYouMean, BreaksTiesTheSameWayInAnyOrder) {
  EXPECT_EQ(did_you_mean("bat", std::vector<std::string>{"cat", "bar", "rat"}), "bar");
  EXPECT_EQ(did_you_mean("bat", std::vector<std::string>{"rat", "cat", "bar"}), "bar");
}

TEST(DidYouMean, NeverSuggestsTheWordItself) {
  EXPECT_EQ(did_you_mean("abc", std::vector<std::string>{"abc"}), std::nullopt);
}

TEST(DidYouMean, SurvivesLongCandidates) {
  const std::vector<std::string> known{std::string(100, 'a'), std::string(5000, 'b')};
  EXPECT_EQ(did_you_mean(std::string(64, 'a'), known), std::nullopt);
  EXPECT_EQ(did_you_mean(std::string(64, 'a'), std::vector<std::string>{std::string(70, 'a')}),
            std::string(70, 'a'));
}

}  // namespace
}  // namespace leeway
