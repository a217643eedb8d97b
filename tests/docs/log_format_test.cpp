// SPDX-License-Identifier: Apache-2.0
// The proof, key and trust policy that docs/formats/log.md shows belong together, and hold.
#include "docs/support.hpp"

#include <leeway/audit/tlog_proof.hpp>

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace leeway::docs_test {
namespace {

constexpr const char* page = "docs/formats/log.md";

std::string shown(const std::string& mark) {
  for (const block& one : blocks_of(page)) {
    if (one.mark == mark) return one.text;
  }
  return {};
}

TEST(LogFormat, ShowsAProofThatHolds) {
  std::string key_line = shown("verifier-key");
  ASSERT_FALSE(key_line.empty());
  key_line.pop_back();
  const auto key = audit::verifier_key::parse(key_line);
  ASSERT_TRUE(key) << key.error().message;
  const auto proof = audit::parse_proof(shown("tlog-proof"));
  ASSERT_TRUE(proof) << proof.error().message;
  EXPECT_EQ(proof->extra, R"({"n":1})");
  const auto leaf = audit::leaf_hash(*proof->extra);
  EXPECT_TRUE(audit::verify_proof(*proof, leaf, audit::trust_policy::of_logs({*key})));
  const auto trust = audit::trust_policy::parse(shown("trust-policy"));
  ASSERT_TRUE(trust) << trust.error().message;
  const auto witnessed = audit::verify_proof(*proof, leaf, *trust);
  ASSERT_TRUE(witnessed) << witnessed.error().message;
  EXPECT_EQ(witnessed->note.verified.size(), 2U);
}

TEST(LogFormat, ExplainsEveryCodeOfTheModule) {
  const std::string text = read_file(page);
  std::set<std::string> codes;
  for (const auto& file : std::filesystem::directory_iterator("src/audit")) {
    const std::string source = read_file(file.path());
    for (auto at = source.find("fail(\""); at != std::string::npos;
         at = source.find("fail(\"", at + 1)) {
      const auto begin = at + 6;
      codes.insert(source.substr(begin, source.find('"', begin) - begin));
    }
  }
  EXPECT_GT(codes.size(), 20U);
  for (const std::string& code : codes) {
    EXPECT_NE(text.find('`' + code + '`'), std::string::npos) << code;
  }
}

}  // namespace
}  // namespace leeway::docs_test
