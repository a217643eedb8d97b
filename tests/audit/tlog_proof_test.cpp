// SPDX-License-Identifier: Apache-2.0
#include "audit/base64.hpp"
#include "audit/note_support.hpp"
#include "audit/tree_support.hpp"
#include "base/random.hpp"

#include <leeway/audit/tlog_proof.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace leeway::audit {
namespace {

constexpr std::string_view first = "c2sp.org/tlog-proof@v1\n";

std::string code_of(std::string_view text) {
  const auto read = parse_proof(text);
  return read ? "good" : read.error().code;
}

class TlogProof : public testing::Test {
 protected:
  static constexpr std::size_t tree_size = 21;
  const signer_key log_{test::key_of("example.com/log", 1)};
  const std::vector<digest> leaves_{test::leaves(tree_size)};
  const test::kept_nodes nodes_{leaves_};
  const trust_policy trust_{trust_policy::of_logs({log_.verifier()})};

  tlog_proof proof_of(std::uint64_t index) const {
    return {.extra = {},
            .index = index,
            .hashes = prove_inclusion(index, tree_size, nodes_).value(),
            .checkpoint = test::checkpoint_of(
                log_, {.size = tree_size, .root = tree_root(tree_size, nodes_).value()})};
  }
};

TEST_F(TlogProof, ProvesEveryLeafAndNoOther) {
  for (std::size_t i = 0; i < tree_size; ++i) {
    const std::string text = write_proof(proof_of(i)).value();
    const auto read = parse_proof(text);
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(write_proof(*read).value(), text);
    const auto trusted = verify_proof(*read, leaves_[i], trust_);
    ASSERT_TRUE(trusted) << trusted.error().message;
    EXPECT_EQ(trusted->checkpoint.head.size, tree_size);
    EXPECT_EQ(verify_proof(*read, leaves_[(i + 1) % tree_size], trust_).error().code,
              "proof_mismatch");
  }
}

TEST_F(TlogProof, SaysWhyItIsNotBelieved) {
  const auto code = [&](const tlog_proof& proof, const trust_policy& trust) {
    return verify_proof(proof, leaves_[3], trust).error().code;
  };
  auto proof = proof_of(3);
  EXPECT_EQ(code(proof, trust_policy::of_logs({test::key_of("example.com/log", 2).verifier()})),
            "note_unverifiable");
  proof.index = 4;
  EXPECT_EQ(code(proof, trust_), "proof_mismatch");
  proof.index = tree_size;
  EXPECT_EQ(code(proof, trust_), "tree_index");
  proof = proof_of(3);
  proof.hashes.pop_back();
  EXPECT_EQ(code(proof, trust_), "proof_length");
  proof = proof_of(3);
  proof.checkpoint = "checkpoint\n";
  EXPECT_EQ(code(proof, trust_), "note_syntax");
}

TEST_F(TlogProof, CarriesExtraBytesThatNobodySigned) {
  auto proof = proof_of(3);
  proof.extra = std::string("a record\0\n", 10);
  const std::string text = write_proof(proof).value();
  EXPECT_TRUE(text.starts_with(std::string(first) + "extra " + base64::encode(*proof.extra) +
                               "\nindex 3\n"));
  const auto read = parse_proof(text).value();
  EXPECT_EQ(read, proof);
  EXPECT_TRUE(verify_proof(read, leaves_[3], trust_));
}

TEST_F(TlogProof, NoticesEveryFlippedBit) {
  auto proof = proof_of(20);
  const std::string text = write_proof(proof).value();
  for (std::size_t bit = 0; bit < text.size() * 8; ++bit) {
    std::string bad = text;
    bad[bit / 8] = static_cast<char>(static_cast<unsigned char>(bad[bit / 8]) ^ 1U << bit % 8);
    const auto read = parse_proof(bad);
    EXPECT_FALSE(read && verify_proof(*read, leaves_[20], trust_)) << bit;
  }
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto read = parse_proof(std::string_view(text).substr(0, i));
    EXPECT_FALSE(read && verify_proof(*read, leaves_[20], trust_)) << i;
  }
}

TEST(TlogProofForm, IsRefusedInEveryOther) {
  const std::string head{first};
  const std::string hash = base64::encode(std::string(32, 'x')) + '\n';
  const std::string end = "\ncheckpoint\n";
  ASSERT_EQ(code_of(head + "index 0\n" + hash + hash + end), "good");
  ASSERT_EQ(code_of(head + "extra eA==\nindex 0\n" + end), "good");
  const std::vector<std::string> bad{
      "",
      head,
      "\n" + head + "index 0\n" + end,
      "c2sp.org/tlog-proof@v2\nindex 0\n" + end,
      "c2sp.org/tlog-proof@v1 \nindex 0\n" + end,
      "c2sp.org/tlog-proof@v1\r\nindex 0\n" + end,
      head + "index 0\n",
      head + "index 0\n\n",
      head + "index 0\n" + hash,
      head + "index 0\n" + hash + "checkpoint\n",
      head + "\nindex 0\n" + end,
      head + "index\n" + end,
      head + "index \n" + end,
      head + "index  0\n" + end,
      head + "index 0 \n" + end,
      head + "index 00\n" + end,
      head + "index 01\n" + end,
      head + "index +1\n" + end,
      head + "index -1\n" + end,
      head + "index 0x1\n" + end,
      head + "index 9223372036854775808\n" + end,
      head + "Index 0\n" + end,
      head + "extra\nindex 0\n" + end,
      head + "extra \nindex 0\n" + end,
      head + "extra eA\nindex 0\n" + end,
      head + "extra eB==\nindex 0\n" + end,
      head + "extra eA==\nextra eA==\nindex 0\n" + end,
      head + "index 0\nextra eA==\n" + end,
      head + "index 0\nindex 0\n" + end,
      head + "index 0\neA==\n" + end,
      head + "index 0\n " + hash + end,
      head + "index 0\n" + base64::encode(std::string(33, 'x')) + '\n' + end,
      head + "index 0\n" + base64::encode(std::string(31, 'x')) + '\n' + end,
  };
  for (const std::string& one : bad) EXPECT_EQ(code_of(one), "proof_syntax") << one;
}

TEST(TlogProofForm, HasLimits) {
  const std::string head = std::string(first) + "index 0\n";
  const std::string hash = base64::encode(std::string(32, 'x')) + '\n';
  std::string hashes;
  for (std::size_t i = 0; i < most_proof_hashes; ++i) hashes += hash;
  EXPECT_EQ(code_of(head + hashes + "\nx"), "good");
  EXPECT_EQ(code_of(head + hashes + hash + "\nx"), "proof_syntax");
  EXPECT_EQ(code_of(head + "\n" + std::string(longest_proof, 'x')), "proof_syntax");
}

TEST(TlogProofForm, IsNotWrittenWhenItWouldNotBeRead) {
  EXPECT_FALSE(write_proof({.checkpoint = ""}));
  EXPECT_FALSE(write_proof({.extra = "", .checkpoint = "x"}));
  EXPECT_FALSE(write_proof({.index = largest_tree + 1, .checkpoint = "x"}));
  EXPECT_TRUE(write_proof({.extra = "x", .index = largest_tree, .checkpoint = "x"}));
}

}  // namespace
}  // namespace leeway::audit
