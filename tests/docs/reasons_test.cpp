// SPDX-License-Identifier: Apache-2.0
// docs/reasons.md lists exactly the reason codes there are, in the library's own words.
#include "docs/support.hpp"

#include <leeway/engine/decision.hpp>

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

namespace leeway {
namespace {

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(' ');
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

/// The cells of a table's row.
std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> out;
  for (std::size_t at = 1; at < line.size();) {
    const auto end = std::min(line.find('|', at), line.size());
    out.push_back(trimmed(line.substr(at, end - at)));
    at = end + 1;
  }
  return out;
}

struct row {
  std::string number{};
  std::string code{};
  std::string meaning{};
};

std::vector<row> rows() {
  std::vector<row> out;
  for (const std::string& line : docs_test::lines_of(docs_test::read_file("docs/reasons.md"))) {
    if (!line.starts_with("| ") || line.starts_with("| no.")) continue;
    const auto cells = cells_of(line);
    if (cells.size() == 4) out.push_back({cells[0], cells[1], cells[3]});
  }
  return out;
}

TEST(ReasonsPage, ListsExactlyTheCodesThereAreInTheirOrder) {
  std::vector<std::string> listed;
  for (const row& one : rows()) listed.push_back(one.number + ' ' + one.code);
  std::vector<std::string> expected;
  for (const reason_code code : all_reason_codes()) {
    expected.push_back(std::to_string(static_cast<int>(code)) + " `" +
                       std::string(to_string(code)) + '`');
  }
  EXPECT_EQ(listed, expected);
}

TEST(ReasonsPage, GivesTheMeaningThatDecisionsGive) {
  for (const row& one : rows()) {
    const auto code = parse_reason_code(one.code.substr(1, one.code.size() - 2));
    ASSERT_TRUE(code.has_value()) << one.code;
    EXPECT_EQ(one.meaning, meaning(*code)) << one.code;
  }
}

}  // namespace
}  // namespace leeway
