// SPDX-License-Identifier: Apache-2.0
// docs/lints.md explains exactly the lints there are, each with an example that triggers it.
#include "docs/support.hpp"

#include <leeway/leeway.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace leeway::docs_test {
namespace {

constexpr const char* page = "docs/lints.md";

struct section {
  std::string code{};
  std::size_t line{};
};

std::vector<section> sections() {
  std::vector<section> out;
  const auto lines = lines_of(read_file(page));
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].starts_with("### ")) out.push_back({lines[i].substr(4), i + 1});
  }
  return out;
}

TEST(LintsPage, HasASectionForEachLintAndNoOther) {
  std::vector<std::string> expected, found;
  for (const lint_text& one : all_lints()) expected.emplace_back(one.code);
  for (const section& one : sections()) found.push_back(one.code);
  EXPECT_EQ(found, expected);
}

TEST(LintsPage, ShowsForEachAPolicyThatTriggersItAndNothingElse) {
  const auto all = sections();
  const auto blocks = blocks_of(page);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::size_t end = i + 1 < all.size() ? all[i + 1].line : std::string::npos;
    std::size_t examples = 0;
    for (const block& b : blocks) {
      if (b.mark != "policy" || b.line < all[i].line || b.line > end) continue;
      ++examples;
      const auto loaded = parse_policy(b.text, all[i].code);
      ASSERT_TRUE(loaded) << render(loaded.error());
      EXPECT_FALSE(loaded->warnings().empty()) << all[i].code;
      for (const diagnostic& one : loaded->warnings()) EXPECT_EQ(one.code, all[i].code);
    }
    EXPECT_EQ(examples, 1U) << all[i].code;
  }
}

}  // namespace
}  // namespace leeway::docs_test
