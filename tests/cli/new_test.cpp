// SPDX-License-Identifier: Apache-2.0
#include "cli/support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <iterator>
#include <string>

namespace leeway::cli_test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

std::string quoted(const fs::path& path) { return "'" + path.string() + "'"; }

std::ptrdiff_t files_in(const fs::path& folder) {
  return std::distance(fs::directory_iterator(folder), fs::directory_iterator());
}

/// The policy is accepted without a warning, and its cases pass and reach every branch.
void expect_good(const fs::path& policy, const fs::path& cases) {
  const auto check = leeway("check " + quoted(policy) + " 2>&1");
  EXPECT_EQ(check.code, 0) << check.text;
  EXPECT_THAT(check.text, HasSubstr("0 errors, 0 warnings"));
  const auto test =
      leeway("test --coverage-min 100 " + quoted(policy) + " " + quoted(cases) + " 2>&1");
  EXPECT_EQ(test.code, 0) << test.text;
}

TEST(New, WritesAPolicyThatPassesItsCases) {
  const scratch_folder folder;
  const auto run = leeway("new " + quoted(folder / "claims"));
  EXPECT_EQ(run.code, 0);
  EXPECT_THAT(run.text, HasSubstr("leeway test --watch "));
  expect_good(folder / "claims/claims.policy.json", folder / "claims/claims.cases.jsonl");
  EXPECT_THAT(contents(folder / "claims/claims.policy.json"), HasSubstr("\"id\": \"claims\""));
  EXPECT_EQ(files_in(folder / "claims"), 2);
}

TEST(New, TakesACurrencyAZoneAndAnId) {
  for (const char* code : {"EUR", "JPY", "KWD"}) {
    const scratch_folder folder;
    const auto run = leeway("new " + quoted(folder / "a.policy.json") +
                            " --id billing-2 --currency " + code + " --time-zone Europe/Madrid");
    EXPECT_EQ(run.code, 0) << code;
    expect_good(folder / "a.policy.json", folder / "a.cases.jsonl");
    const std::string text = contents(folder / "a.policy.json");
    EXPECT_THAT(text, HasSubstr("\"id\": \"billing-2\""));
    EXPECT_THAT(text, HasSubstr("\"time_zone\": \"Europe/Madrid\""));
    EXPECT_EQ(text.find("USD"), std::string::npos);
  }
}

TEST(New, ReplacesNothing) {
  const scratch_folder folder;
  write(folder / "a.cases.jsonl", "mine");
  const auto run = leeway("new " + quoted(folder / "a.policy.json") + " 2>&1");
  EXPECT_EQ(run.code, 1);
  EXPECT_THAT(run.text, HasSubstr("a.cases.jsonl` is there already; nothing was written"));
  EXPECT_EQ(contents(folder / "a.cases.jsonl"), "mine");
  EXPECT_EQ(files_in(folder.path()), 1);
}

TEST(New, LeavesNothingBehindWhenItFails) {
  const scratch_folder folder;
  const auto refused = [&](const std::string& arguments) {
    const auto run = leeway("new " + arguments + " 2>&1");
    EXPECT_NE(run.code, 0) << arguments;
    EXPECT_EQ(files_in(folder.path()), 0) << arguments;
    return run.text;
  };
  const std::string at = quoted(folder / "x");
  EXPECT_THAT(refused(at + " --currency EURO"), HasSubstr("did you mean `EUR`?"));
  EXPECT_THAT(refused(at + " --time-zone Mars"), HasSubstr("Mars"));
  EXPECT_THAT(refused(at + " --id 'a b'"), HasSubstr("`a b` is no id"));
  EXPECT_THAT(refused(quoted(folder / "x.json")), HasSubstr("ends in `.policy.json`"));
  EXPECT_THAT(refused("/proc/nowhere/x"), HasSubstr("cannot make the folder"));
}

}  // namespace
}  // namespace leeway::cli_test
