// SPDX-License-Identifier: Apache-2.0
// What an author sees: every error with its place, a caret and a remedy, byte for byte.
//
// LEEWAY_UPDATE_GOLDEN=1 rewrites the expectations. Read what it writes.
#include "policy/support.hpp"

#include <gtest/gtest.h>

#include <set>

namespace leeway::policy_test {
namespace {

void compare(const std::filesystem::path& path) {
  std::filesystem::path expected = path;
  expected.replace_extension().replace_extension(".expected");
  const auto result = check(read_file(path), path.filename().string());
  const std::string text = render(result.found);
  if (std::getenv("LEEWAY_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(expected, std::ios::binary) << text;
    return;
  }
  ASSERT_TRUE(std::filesystem::exists(expected)) << path << " has no .expected";
  EXPECT_EQ(text, read_file(expected)) << path;
}

TEST(BrokenPolicies, AreReportedByteForByte) {
  const auto all = files("tests/policy/broken", ".policy.json");
  EXPECT_GE(all.size(), 70U);
  for (const auto& path : all) compare(path);
}

TEST(BrokenPolicies, AreAllRefused) {
  for (const auto& path : files("tests/policy/broken", ".policy.json")) {
    const auto result = check(read_file(path), path.filename().string());
    EXPECT_TRUE(result.found.has_errors()) << path;
    EXPECT_EQ(result.policy, nullptr) << path;
  }
}

TEST(BrokenPolicies, HaveAPlaceForEveryError) {
  for (const auto& path : files("tests/policy/broken", ".policy.json")) {
    const auto result = check(read_file(path), path.filename().string());
    for (const diagnostic& one : result.found) {
      EXPECT_GE(one.place.line, 1U) << path << "\n" << render(one);
      EXPECT_FALSE(one.code.empty()) << path;
      // House style: messages start lower-case and carry no full stop.
      EXPECT_FALSE(one.message.ends_with('.')) << one.message;
      EXPECT_FALSE(one.message.empty() || (one.message[0] >= 'A' && one.message[0] <= 'Z'))
          << one.message;
    }
  }
}

TEST(BrokenPolicies, NameNoErrorTwiceAtOnePlace) {
  for (const auto& path : files("tests/policy/broken", ".policy.json")) {
    const auto result = check(read_file(path), path.filename().string());
    std::set<std::string> seen;
    for (const diagnostic& one : result.found) {
      EXPECT_TRUE(seen.insert(render(one)).second) << path << "\n" << render(one);
    }
  }
}

TEST(LintedPolicies, AreWarnedByteForByte) {
  for (const auto& path : files("tests/policy/lint", ".policy.json")) {
    compare(path);
    const auto result = check(read_file(path));
    EXPECT_NE(result.policy, nullptr) << path;
    EXPECT_GT(result.found.warning_count(), 0U) << path;
  }
}

TEST(GoodPolicies, Load) {
  ASSERT_FALSE(good_policies().empty());
  for (const auto& path : good_policies()) {
    const auto result = check(read_file(path), path.filename().string());
    EXPECT_NE(result.policy, nullptr) << path << "\n" << render(result.found);
  }
}

}  // namespace
}  // namespace leeway::policy_test
