// SPDX-License-Identifier: Apache-2.0
// Notes, keys, checkpoints and proofs of others: golang.org/x/mod, C2SP and transparency-dev.
#include "audit/base64.hpp"
#include "audit/cosigned_message.hpp"
#include "audit/note_support.hpp"
#include "base/text_support.hpp"

#include <leeway/audit/tlog_proof.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace leeway::audit {
namespace {

std::optional<nlohmann::json> vectors(const char* folder, const char* file) {
  const auto found = leeway::test::shared_folder(folder);
  if (!found) return std::nullopt;
  return nlohmann::json::parse(leeway::test::bytes_of(*found / file));
}

std::vector<std::string> names(const std::vector<verified_signature>& of) {
  std::vector<std::string> out;
  for (const auto& one : of) out.push_back(one.name);
  return out;
}
std::vector<std::string> names(const std::vector<note_signature>& of) {
  std::vector<std::string> out;
  for (const auto& one : of) out.push_back(one.name);
  return out;
}

class GoNotes : public testing::Test {
 protected:
  void SetUp() override {
    all_ = vectors("vectors/golang-mod-note", "note_vectors.json");
    if (!all_) GTEST_SKIP() << "the vectors of sumdb/note are not there";
  }
  std::string text(const char* key) const { return all_->at(key).get<std::string>(); }
  verifier_key key(const char* name) const { return verifier_key::parse(text(name)).value(); }

  std::optional<nlohmann::json> all_{};
};

TEST_F(GoNotes, AreOpenedOrRefusedAsThere) {
  for (const auto& one : all_->at("cases")) {
    const auto name = one.at("name").get<std::string>();
    std::vector<verifier_key> known;
    for (const auto& which : one.at("known"))
      known.push_back(key(which.get<std::string>().c_str()));
    const auto opened = open_note(one.at("msg").get<std::string>(), known);
    ASSERT_EQ(opened.has_value(), one.at("ok").get<bool>()) << name;
    if (!opened) continue;
    EXPECT_EQ(names(opened->verified), one.at("verified").get<std::vector<std::string>>()) << name;
    EXPECT_EQ(names(opened->unknown), one.at("unverified").get<std::vector<std::string>>()) << name;
    EXPECT_EQ(opened->text, text("text")) << name;
  }
  const auto invalid = base64::decode(text("case_invalid_utf8_b64"));
  ASSERT_TRUE(invalid);
  EXPECT_FALSE(open_note(*invalid, std::vector{key("vkey")}));
}

TEST_F(GoNotes, AreSignedAsThere) {
  // PRIVATE+KEY+<name>+<id>+<type and seed>
  const std::string secret = text("skey_test_only");
  const auto material = base64::decode(secret.substr(secret.rfind('+', secret.size() - 45) + 1));
  ASSERT_TRUE(material);
  ASSERT_EQ(material->size(), 33U);
  seed_bytes seed{};
  std::ranges::transform(material->substr(1), seed.begin(),
                         [](char c) { return static_cast<std::uint8_t>(c); });
  const auto peter = signer_key::from_seed("PeterNeumann", seed).value();
  const auto enoch = signer_key::from_seed("EnochRoot", {}).value();
  EXPECT_EQ(peter.verifier().to_string(), text("vkey"));
  EXPECT_EQ(enoch.verifier().to_string(), text("vkey2"));
  EXPECT_EQ(test::note_of(text("text"), {peter.sign(text("text")), enoch.sign(text("text"))}),
            text("text") + '\n' + text("sig1") + text("sig2"));
}

TEST_F(GoNotes, HaveKeysWithOneForm) {
  const std::string good = text("vkey");
  ASSERT_TRUE(verifier_key::parse(good));
  EXPECT_EQ(key("vkey").to_string(), good);
  for (const auto& bad : all_->at("bad_vkeys")) {
    EXPECT_FALSE(verifier_key::parse(bad.get<std::string>())) << bad;
  }
  for (std::size_t begin = 0; begin < good.size(); ++begin) {
    for (std::size_t length = 0; begin + length <= good.size(); ++length) {
      if (length == good.size()) continue;
      EXPECT_FALSE(verifier_key::parse(std::string_view(good).substr(begin, length)));
    }
    std::string next = good;
    ++next[begin];
    EXPECT_FALSE(verifier_key::parse(next)) << next;
  }
}

TEST(GoTrees, AreCheckpoints) {
  const auto all = vectors("vectors/golang-mod-note", "tlog_vectors.json");
  if (!all) GTEST_SKIP() << "the vectors of sumdb/tlog are not there";
  const auto& tree = all->at("format_tree");
  const auto golden = tree.at("golden").get<std::string>();
  const auto read = parse_checkpoint(golden);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->head.size, tree.at("n").get<std::uint64_t>());
  EXPECT_EQ(read->head.root, leaf_hash(tree.at("leaf").get<std::string>()));
  EXPECT_EQ(write_checkpoint(*read).value(), golden);
  for (const auto& bad : all->at("bad_trees")) {
    // Theirs has one origin; here it is whoever trusts a log that names it.
    const auto other = parse_checkpoint(bad.get<std::string>());
    EXPECT_TRUE(!other || other->origin != read->origin) << bad;
  }
}

TEST(C2spExamples, AreReadAndVerified) {
  const auto all = vectors("vectors/c2sp-examples", "c2sp_examples.json");
  if (!all) GTEST_SKIP() << "the examples of C2SP are not there";
  const auto& note = all->at("signed_note");
  const auto key = verifier_key::parse(note.at("vkey").get<std::string>());
  ASSERT_TRUE(key) << key.error().message;
  const auto opened = open_note(note.at("note").get<std::string>(), std::vector{*key});
  ASSERT_TRUE(opened) << opened.error().message;
  EXPECT_EQ(opened->text, "This is an example message.\n");

  for (const char* which : {"checkpoint_example", "cosigned_checkpoint_example"}) {
    const auto bytes = all->at(which).get<std::string>();
    const auto parsed = parse_note(bytes);
    ASSERT_TRUE(parsed) << parsed.error().message;
    EXPECT_EQ(write_note(*parsed).value(), bytes);
    const auto checkpoint = parse_checkpoint(parsed->text);
    ASSERT_TRUE(checkpoint) << checkpoint.error().message;
    EXPECT_EQ(write_checkpoint(*checkpoint).value(), parsed->text);
  }
}

TEST(C2spExamples, TellTheTimeOfACosignature) {
  const auto all = vectors("vectors/c2sp-examples", "c2sp_examples.json");
  if (!all) GTEST_SKIP() << "the examples of C2SP are not there";
  const auto note = parse_note(all->at("cosigned_checkpoint_example").get<std::string>()).value();
  const auto time = all->at("cosigned_timestamp").get<std::int64_t>();
  EXPECT_EQ(cosignature_time(note.signatures.back()), time);
  EXPECT_EQ(cosigned_message(time, note.text),
            all->at("cosignature_v1_message").get<std::string>());
}

TEST(TransparencyDevFormats, AreRefusedWhereTheyAreBad) {
  const auto all = vectors("vectors/transparency-dev-formats", "format_vectors.json");
  if (!all) GTEST_SKIP() << "the vectors of transparency-dev are not there";
  for (const auto& bad : all->at("checkpoint_parse_bad")) {
    EXPECT_FALSE(parse_checkpoint(bad.get<std::string>())) << bad;
  }
  for (const auto& bad : all->at("tlog_proof_bad")) {
    EXPECT_FALSE(parse_proof(bad.get<std::string>())) << bad;
  }
}

TEST(TransparencyDevFormats, HaveKeysOfCosigners) {
  const auto all = vectors("vectors/transparency-dev-formats", "format_vectors.json");
  if (!all) GTEST_SKIP() << "the vectors of transparency-dev are not there";
  for (const auto& text : all->at("cosig_vkeys_ok")) {
    const auto key = verifier_key::parse(text.get<std::string>());
    ASSERT_TRUE(key) << key.error().message;
    const verifier_key cosigner = key->as_cosigner();
    EXPECT_EQ(cosigner.type(), key_type::cosignature);
    EXPECT_EQ(cosigner == *key, key->type() == key_type::cosignature);
  }
  const auto& timed = all->at("cosig_timestamp");
  const auto bytes = base64::decode(timed.at("b64").get<std::string>());
  ASSERT_TRUE(bytes);
  EXPECT_EQ(cosignature_time({.bytes = bytes->substr(4)}), timed.at("unix").get<std::int64_t>());
}

}  // namespace
}  // namespace leeway::audit
