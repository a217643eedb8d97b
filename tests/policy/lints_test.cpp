// SPDX-License-Identifier: Apache-2.0
// Every lint: a policy that triggers it, byte for byte, and its mended twin that does not; each can
// be silenced, with a reason. LEEWAY_UPDATE_GOLDEN=1 rewrites the expectations.
#include "base/json/reader.hpp"
#include "base/json/writer.hpp"
#include "policy/support.hpp"

#include <leeway/policy/lint.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <set>

namespace leeway::policy_test {
namespace {

using json_value = nlohmann::ordered_json;

std::filesystem::path case_of(std::string_view code, const char* which) {
  return "tests/policy/lints/" + std::string(code) + which;
}

json_value tree_of(const std::filesystem::path& path) {
  const auto read = json::read(read_file(path), "p.json", {.comments = true});
  EXPECT_TRUE(read.has_value()) << path;
  return json::to_json(read->root());
}

std::set<std::string> codes(const diagnostics& found) {
  std::set<std::string> out;
  for (const diagnostic& one : found) out.insert(one.code);
  return out;
}

using strings = std::set<std::string>;

TEST(Lints, AreListedByCode) {
  for (std::size_t i = 1; i < all_lints().size(); ++i) {
    EXPECT_LT(all_lints()[i - 1].code, all_lints()[i].code);
  }
  for (const lint_text& one : all_lints()) {
    EXPECT_EQ(find_lint(one.code), &one);
    EXPECT_FALSE(one.meaning.empty() || one.remedy.empty()) << one.code;
  }
  EXPECT_EQ(find_lint("unknown_role"), nullptr);
}

TEST(Lints, EachHasACaseThatTriggersItAndNothingElse) {
  for (const lint_text& one : all_lints()) {
    const auto path = case_of(one.code, ".says.policy.json");
    ASSERT_TRUE(std::filesystem::exists(path)) << path;
    const auto result = check(read_file(path), path.filename().string());
    EXPECT_NE(result.policy, nullptr) << path << "\n" << render(result.found);
    EXPECT_EQ(codes(result.found), strings{std::string(one.code)}) << render(result.found);
    const auto expected = case_of(one.code, ".says.expected");
    if (std::getenv("LEEWAY_UPDATE_GOLDEN") != nullptr) {
      std::ofstream(expected, std::ios::binary) << render(result.found);
    }
    EXPECT_EQ(render(result.found), read_file(expected)) << path;
  }
}

TEST(Lints, EachHasACaseThatIsSilent) {
  for (const lint_text& one : all_lints()) {
    const auto path = case_of(one.code, ".silent.policy.json");
    ASSERT_TRUE(std::filesystem::exists(path)) << path;
    const auto result = check(read_file(path), path.filename().string());
    EXPECT_NE(result.policy, nullptr) << path;
    EXPECT_TRUE(result.found.empty()) << render(result.found);
  }
}

TEST(Lints, EachCanBeSilencedWithAReason) {
  for (const lint_text& one : all_lints()) {
    json_value doc = tree_of(case_of(one.code, ".says.policy.json"));
    doc["silence"].push_back({{"lint", one.code}, {"because", "it is meant"}});
    const auto result = check(doc.dump());
    ASSERT_NE(result.policy, nullptr) << render(result.found);
    EXPECT_TRUE(result.found.empty()) << render(result.found);
    ASSERT_FALSE(result.policy->silenced.empty()) << one.code;
    EXPECT_EQ(result.policy->silenced[0].because, "it is meant");
    EXPECT_EQ(result.policy->silenced[0].what.code, one.code);
  }
}

// A booking is as good a claim as a contact, where nothing lifts the limit.
TEST(Lints, OfSplittingAreSilentWhereAnotherKeyHoldsTheClaim) {
  json_value doc = tree_of(case_of("lint_splittable", ".says.policy.json"));
  auto& budget = doc["budgets"][0];
  budget["per"] = json_value::array({"subject.id"});
  EXPECT_EQ(codes(check(doc.dump()).found), strings{});
  budget["when"] = "contact.reason == 'x'";
  EXPECT_EQ(codes(check(doc.dump()).found), strings{"lint_splittable"});
  budget.erase("when");
  budget["beyond"] = {{"escalate", "lead"}};
  EXPECT_EQ(codes(check(doc.dump()).found), strings{"lint_splittable"});
}

TEST(Lints, AreSilencedOnlyWhereItIsSaid) {
  json_value doc = tree_of(case_of("lint_splittable", ".says.policy.json"));
  doc["silence"].push_back({{"lint", "lint_splittable"}, {"at", "G2"}, {"because", "x"}});
  const auto result = check(doc.dump());
  ASSERT_EQ(result.found.size(), 1U) << render(result.found);
  EXPECT_EQ(result.found[0].pointer, "/grants/0");
  ASSERT_EQ(result.policy->silenced.size(), 1U);
  EXPECT_EQ(result.policy->silenced[0].what.pointer, "/grants/1");
}

TEST(Lints, AListWithoutSourcesIsSilencedEntryByEntry) {
  json_value doc = tree_of(case_of("lint_no_source", ".silent.policy.json"));
  for (auto& grant : doc["grants"]) grant.erase("source");
  doc["silence"].push_back({{"lint", "lint_no_source"}, {"at", "G2"}, {"because", "x"}});
  const auto result = check(doc.dump());
  ASSERT_EQ(result.found.size(), 1U) << render(result.found);
  EXPECT_NE(result.found[0].message.find("`G1`"), std::string::npos);
  EXPECT_EQ(result.found[0].message.find("`G2`"), std::string::npos);
}

TEST(Lints, AreAllInTheTable) {
  for (const char* folder : {"tests/policy", "examples"}) {
    for (const auto& path : files(folder, ".policy.json")) {
      for (const diagnostic& one : check(read_file(path)).found) {
        if (one.level != severity::warning) continue;
        EXPECT_NE(find_lint(one.code), nullptr) << path << ": " << one.code;
      }
    }
  }
}

TEST(Lints, GiveWayToErrors) {
  json_value doc = tree_of(case_of("never_this_value", ".says.policy.json"));
  const json_value rule = doc["rules"][0];
  doc["rules"] = json_value::array();
  for (int i = 0; i < 300; ++i) {
    doc["rules"].push_back(rule);
    doc["rules"].back()["id"] = "R" + std::to_string(i);
  }
  doc["rules"].push_back({{"id", "Z"}, {"when", "customer.nobody"}, {"then", "deny"}});
  const auto result = check(doc.dump());
  EXPECT_EQ(result.policy, nullptr);
  EXPECT_TRUE(result.found.contains("unknown_name")) << "200 warnings must not hide an error";
  EXPECT_EQ(result.found.size(), diagnostics::default_limit);
  EXPECT_EQ(result.found.error_count(), 1U);
  EXPECT_EQ(result.found.warning_count(), 300U);
}

}  // namespace
}  // namespace leeway::policy_test
