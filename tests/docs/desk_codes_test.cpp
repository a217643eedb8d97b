// SPDX-License-Identifier: Apache-2.0
// docs/desk.md explains every code that a desk or a store can refuse with, and no other.
#include "docs/support.hpp"

#include <leeway/desk/standing.hpp>

#include <gmock/gmock.h>

#include <array>
#include <filesystem>
#include <set>
#include <string>
#include <string_view>

namespace leeway {
namespace {

using ::testing::IsEmpty;

bool is_code(const std::string& text) {
  return text.find('_') != std::string::npos && text.back() != '_' &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string::npos;
}

/// The string literals that stand right behind one of the openings; events have names of their own.
void collect(const std::string& source, bool is_of_events, std::set<std::string>& into) {
  constexpr std::array<std::string_view, 6> openings{"refuse(", "refused(", "fail(",
                                                     "error{",  "return ",  "{"};
  for (const std::string_view opening : openings) {
    for (auto at = source.find(opening); at != std::string::npos;
         at = source.find(opening, at + 1)) {
      const auto begin = source.find_first_not_of(" \n", at + opening.size());
      if (begin == std::string::npos || source[begin] != '"') continue;
      const std::string text = source.substr(begin + 1, source.find('"', begin + 1) - begin - 1);
      const bool is_plain = opening == "return " || opening == "{";
      if (is_code(text) && (!is_plain || (text.starts_with("store_") && !is_of_events)))
        into.insert(text);
    }
  }
}

std::set<std::string> codes_of_the_sources() {
  std::set<std::string> out;
  for (const auto& entry : std::filesystem::recursive_directory_iterator("src/desk")) {
    const auto name = entry.path().filename().string();
    if (entry.path().extension() != ".cpp") continue;
    collect(docs_test::read_file(entry.path()), name == "events.cpp", out);
  }
  for (int state = 1; state <= static_cast<int>(decision_state::superseded); ++state) {
    out.insert("is_" + std::string(to_string(static_cast<decision_state>(state))));
  }
  // Of choosing a policy.
  out.insert({"policy_unknown", "policy_ambiguous"});
  return out;
}

/// What stands in backticks in the first cells of the tables of "When things fail".
std::set<std::string> codes_of_the_page() {
  std::set<std::string> out;
  bool within = false;
  for (const std::string& line : docs_test::lines_of(docs_test::read_file("docs/desk.md"))) {
    if (line.starts_with("## ")) within = line == "## When things fail";
    if (!within || !line.starts_with("| `")) continue;
    const std::string cell = line.substr(0, line.find('|', 1));
    for (auto at = cell.find('`'); at != std::string::npos;) {
      const auto end = cell.find('`', at + 1);
      out.insert(cell.substr(at + 1, end - at - 1));
      at = cell.find('`', end + 1);
    }
  }
  return out;
}

std::set<std::string> without(std::set<std::string> all, const std::set<std::string>& taken) {
  for (const std::string& one : taken) all.erase(one);
  return all;
}

TEST(DeskPage, ExplainsEveryCode) {
  const auto there = codes_of_the_sources();
  EXPECT_GT(there.size(), 40U);
  EXPECT_THAT(without(there, codes_of_the_page()), IsEmpty());
}

TEST(DeskPage, ExplainsNoCodeThatThereIsNot) {
  EXPECT_THAT(without(codes_of_the_page(), codes_of_the_sources()), IsEmpty());
}

}  // namespace
}  // namespace leeway
