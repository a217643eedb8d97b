// SPDX-License-Identifier: Apache-2.0
// The cookbook shows what stands in examples/cookbook: its fragments, its cases, every recipe.
// That the cases pass, and reach every branch, is a test of the program (`leeway test`).
#include "docs/support.hpp"

#include <leeway/leeway.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cctype>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace leeway::docs_test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

const fs::path page = "docs/cookbook.md";
const fs::path folder = "examples/cookbook";
constexpr const char* mark = "recipe ";

/// Without white space, so that lines may be broken elsewhere.
std::string dense(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (std::isspace(static_cast<unsigned char>(c)) == 0) out += c;
  }
  return out;
}

/// The parts between lines of `...`, each without the comma that follows it in the file.
std::vector<std::string> pieces_of(const std::string& fragment) {
  std::vector<std::string> out(1);
  for (const std::string& line : lines_of(fragment)) {
    if (line == "...") {
      out.emplace_back();
    } else {
      out.back() += dense(line);
    }
  }
  for (std::string& one : out) {
    if (one.ends_with(',')) one.pop_back();
  }
  return out;
}

/// `02-limit` of `02-limit.policy.json`, and of an older version, `02-limit.2025.policy.json`.
std::string recipe_of(const fs::path& file) {
  const std::string name = file.filename().string();
  return name.substr(0, name.find('.'));
}

std::vector<fs::path> policies() {
  std::vector<fs::path> out;
  for (const auto& one : fs::directory_iterator(folder)) {
    if (one.path().string().ends_with(".policy.json")) out.push_back(one.path());
  }
  return out;
}

std::map<std::string, json> cases_of(const std::string& recipe) {
  std::map<std::string, json> out;
  for (const std::string& line : lines_of(read_file(folder / (recipe + ".cases.jsonl")))) {
    const json one = json::parse(line);
    out.emplace(one.at("name").get<std::string>(), one.at("expect"));
  }
  return out;
}

/// The two cells of `| a | b |`.
std::pair<std::string, std::string> cells_of(const std::string& row) {
  const std::size_t between = row.find(" | ", 2);
  return {row.substr(2, between - 2), row.substr(between + 3, row.size() - between - 5)};
}

/// What stands between backticks.
std::vector<std::string> quoted_in(const std::string& text) {
  std::vector<std::string> out;
  for (auto at = text.find('`'); at != std::string::npos;) {
    const auto end = text.find('`', at + 1);
    if (end == std::string::npos) break;
    out.push_back(text.substr(at + 1, end - at - 1));
    at = text.find('`', end + 1);
  }
  return out;
}

/// `12-own-part` of `## 12. Own part`: how readers of Markdown name a heading in links.
std::string anchor_of(const std::string& heading) {
  std::string out;
  for (const char c : heading.substr(heading.find(' ') + 1)) {
    const auto u = static_cast<unsigned char>(c);
    if (c == ' ') out += '-';
    if (std::isalnum(u) != 0 || c == '-' || c == '_') out += static_cast<char>(std::tolower(u));
  }
  return out;
}

void expect_case_is_as_shown(const std::string& recipe, const std::string& row) {
  const auto [name, decision] = cells_of(row);
  const auto cases = cases_of(recipe);
  const auto found = cases.find(name);
  ASSERT_NE(found, cases.end()) << recipe << " has no case `" << name << '`';
  const json& expect = found->second;
  const std::string outcome = decision.substr(0, decision.find(':'));
  EXPECT_EQ(outcome, expect.at("outcome").get<std::string>()) << recipe << ": " << name;
  for (const std::string& word : quoted_in(decision)) {
    EXPECT_NE(expect.dump().find('"' + word + '"'), std::string::npos)
        << recipe << ": " << name << " does not say `" << word << '`';
  }
}

TEST(Cookbook, ShowsWhatStandsInItsPolicies) {
  std::set<std::string> shown;
  for (const block& b : blocks_of(page)) {
    if (!b.mark.starts_with(mark)) continue;
    const std::string name = b.mark.substr(std::string(mark).size());
    shown.insert(recipe_of(name));
    const fs::path file = folder / (name + ".policy.json");
    ASSERT_TRUE(fs::exists(file)) << file;
    const std::string text = dense(read_file(file));
    for (const std::string& piece : pieces_of(b.text)) {
      EXPECT_NE(text.find(piece), std::string::npos)
          << page << ':' << b.line << " shows what is not in " << file << ": " << piece;
    }
  }
  for (const fs::path& file : policies()) {
    EXPECT_TRUE(shown.contains(recipe_of(file))) << page << " does not show " << file;
  }
}

TEST(Cookbook, ShowsCasesAsTheyAre) {
  std::string recipe;
  bool inside = false;
  std::map<std::string, int> rows;
  for (const std::string& line : lines_of(read_file(page))) {
    if (mark_in(line).starts_with(mark)) {
      recipe = recipe_of(mark_in(line).substr(std::string(mark).size()));
    }
    if (line == "| case | decision |") {
      inside = true;
    } else if (!line.starts_with('|')) {
      inside = false;
    } else if (inside && line != "|---|---|") {
      expect_case_is_as_shown(recipe, line);
      ++rows[recipe];
    }
  }
  for (const fs::path& file : policies()) {
    EXPECT_GE(rows[recipe_of(file)], 2) << page << " shows too few cases of " << file;
  }
}

TEST(Cookbook, HasRecipesThatLoadWithoutAWarning) {
  EXPECT_GE(policies().size(), 20U);
  for (const fs::path& file : policies()) {
    const auto loaded = load_policy(file.string());
    ASSERT_TRUE(loaded) << render(loaded.error());
    EXPECT_EQ(loaded->warnings().warning_count(), 0U) << render(loaded->warnings());
  }
}

TEST(Cookbook, HasAnIndexThatLeadsToEveryRecipe) {
  const std::string text = read_file(page);
  std::set<std::string> anchors;
  for (const std::string& line : lines_of(text)) {
    if (line.starts_with("## ")) anchors.insert(anchor_of(line));
  }
  for (const std::string& one : anchors) {
    EXPECT_NE(text.find("](#" + one + ')'), std::string::npos) << "the index leaves out " << one;
  }
  for (auto at = text.find("](#"); at != std::string::npos; at = text.find("](#", at + 1)) {
    const std::string target = text.substr(at + 3, text.find(')', at) - at - 3);
    EXPECT_TRUE(anchors.contains(target)) << "no recipe is called " << target;
  }
}

}  // namespace
}  // namespace leeway::docs_test
