// SPDX-License-Identifier: Apache-2.0
#include "audit/note_support.hpp"
#include "audit/tree_support.hpp"

#include <leeway/audit/key_change.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace leeway::audit {
namespace {

constexpr const char* origin = "example.com/log";

/// A log of records whose third adds a key and whose sixth retires the first.
class KeyChange : public testing::Test {
 protected:
  KeyChange() {
    for (const char* one : {"a", "b", "", "c", "d", "", "e"}) records_.emplace_back(one);
    records_[2] = to_record(added_);
    records_[5] = to_record(retired_);
  }

  std::vector<digest> leaves() const {
    std::vector<digest> out;
    for (const auto& one : records_) out.push_back(leaf_hash(one));
    return out;
  }
  std::string checkpoint(std::uint64_t size, const std::vector<const signer_key*>& by) const {
    const test::kept_nodes nodes(leaves());
    const std::string text =
        write_checkpoint(
            {.origin = origin, .head = {.size = size, .root = tree_root(size, nodes).value()}})
            .value();
    std::vector<note_signature> signatures;
    for (const auto* key : by) signatures.push_back(key->sign(text));
    return test::note_of(text, std::move(signatures));
  }
  /// The history of the keys after so many records.
  key_history history(std::size_t count) const {
    auto out = key_history::begin(origin, {first_.verifier()}).value();
    for (std::size_t i = 0; i < count; ++i) {
      const auto change = parse_key_change(records_[i]);
      if (!change || !*change) continue;
      EXPECT_TRUE(out.take(**change, i));
    }
    return out;
  }
  std::string code(std::uint64_t size, std::uint64_t before,
                   const std::vector<const signer_key*>& by) const {
    const auto opened = history(static_cast<std::size_t>(size)).open(checkpoint(size, by), before);
    return opened ? "good" : opened.error().code;
  }
  tlog_proof proof(std::size_t index, std::uint64_t size,
                   const std::vector<const signer_key*>& by) const {
    const test::kept_nodes nodes(leaves());
    return {.extra = records_[index],
            .index = index,
            .hashes = prove_inclusion(index, size, nodes).value(),
            .checkpoint = checkpoint(size, by)};
  }

  const signer_key first_{test::key_of(origin, 1)};
  const signer_key second_{test::key_of(origin, 2)};
  const instant at_{instant::parse("2026-11-21T15:04:05Z").value()};
  const key_change added_{
      .event = key_event::added, .key = second_.verifier(), .at = at_, .number = 1};
  const key_change retired_{
      .event = key_event::retired, .key = first_.verifier(), .at = at_, .number = 2};
  std::vector<std::string> records_{};
};

TEST_F(KeyChange, IsARecordOfOneForm) {
  const std::string text = to_record(added_);
  EXPECT_EQ(text, R"({"desk":{"at":"2026-11-21T15:04:05Z","event":"log_key_added","key":")" +
                      second_.verifier().to_string() +
                      R"(","number":1},"format":"leeway-record/1"})");
  EXPECT_EQ(parse_key_change(text).value(), added_);
  EXPECT_EQ(parse_key_change(to_record(retired_)).value(), retired_);
  for (const std::string& other :
       {std::string(), std::string("x"), std::string("[]"), std::string(R"({"desk":1})"),
        std::string(R"({"desk":{"event":"settlement"},"format":"leeway-record/1"})")}) {
    EXPECT_EQ(parse_key_change(other).value(), std::nullopt) << other;
  }
  for (const std::string& bad :
       {text + " ", std::string(R"({"desk":{"event":"log_key_added"},"format":"leeway-record/1"})"),
        to_record({.key = second_.verifier().as_cosigner(), .at = at_, .number = 1})}) {
    EXPECT_EQ(parse_key_change(bad).error().code, "key_change_syntax") << bad;
  }
}

TEST_F(KeyChange, HandsOverInCheckpointsThatBothHaveSigned) {
  EXPECT_EQ(code(2, 0, {&first_}), "good");
  EXPECT_EQ(code(2, 0, {&second_}), "note_unverifiable");
  EXPECT_EQ(code(3, 2, {&first_, &second_}), "good");
  EXPECT_EQ(code(3, 2, {&first_}), "key_missing_signature");
  EXPECT_EQ(code(3, 2, {&second_}), "key_missing_signature");
  EXPECT_EQ(code(5, 3, {&second_, &first_}), "good");
  EXPECT_EQ(code(6, 5, {&second_}), "good");
  EXPECT_EQ(code(7, 6, {&second_}), "good");
  EXPECT_EQ(code(7, 6, {&first_}), "key_missing_signature");
}

TEST_F(KeyChange, NeverLetsAKeyVouchForItself) {
  // Added and the other retired between two checkpoints: the old key must sign once more.
  EXPECT_EQ(code(6, 2, {&second_}), "key_missing_signature");
  EXPECT_EQ(code(6, 2, {&first_, &second_}), "good");
}

TEST_F(KeyChange, IsRefusedWhenItMakesNoSense) {
  auto keys = key_history::begin(origin, {first_.verifier()}).value();
  const auto other = test::key_of("example.com/other", 3).verifier();
  const auto code = [&](key_event event, const verifier_key& key, std::uint64_t index) {
    const auto done = keys.take({.event = event, .key = key, .at = at_, .number = 1}, index);
    return done ? "good" : done.error().code;
  };
  EXPECT_EQ(code(key_event::added, first_.verifier(), 0), "key_change_known");
  EXPECT_EQ(code(key_event::added, other, 0), "key_change_origin");
  EXPECT_EQ(code(key_event::retired, second_.verifier(), 0), "key_change_known");
  EXPECT_EQ(code(key_event::retired, first_.verifier(), 0), "key_change_none");
  EXPECT_EQ(code(key_event::added, second_.verifier(), 4), "good");
  EXPECT_EQ(code(key_event::retired, first_.verifier(), 4), "key_change_order");
  EXPECT_EQ(code(key_event::retired, first_.verifier(), 5), "good");
  EXPECT_EQ(code(key_event::added, first_.verifier(), 6), "key_change_known");
  EXPECT_EQ(code(key_event::retired, second_.verifier(), 6), "key_change_none");
  EXPECT_FALSE(key_history::begin(origin, {}));
  EXPECT_FALSE(key_history::begin(origin, {other}));
}

TEST_F(KeyChange, IsFollowedByWhoHasTheOldKeyAlone) {
  const auto trust = trust_policy::of_logs({first_.verifier()});
  const auto code = [&](const tlog_proof& of) {
    const auto done = follow_key_change(of, trust);
    return done ? "good" : done.error().code;
  };
  const auto good = proof(2, 5, {&first_, &second_});
  ASSERT_EQ(code(good), "good");
  EXPECT_EQ(follow_key_change(good, trust).value(), second_.verifier());
  EXPECT_EQ(code(proof(2, 5, {&first_})), "key_missing_signature");
  EXPECT_EQ(code(proof(2, 5, {&second_})), "note_unverifiable");
  EXPECT_EQ(code(proof(5, 6, {&first_, &second_})), "key_change_syntax");  // retired
  EXPECT_EQ(code(proof(0, 5, {&first_, &second_})), "key_change_syntax");
  auto bare = good;
  bare.extra.reset();
  EXPECT_EQ(code(bare), "key_change_syntax");
  auto forged = good;
  forged.extra = to_record({.key = test::key_of(origin, 9).verifier(), .at = at_, .number = 1});
  EXPECT_EQ(code(forged), "proof_mismatch");
}

}  // namespace
}  // namespace leeway::audit
