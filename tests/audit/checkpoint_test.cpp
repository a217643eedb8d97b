// SPDX-License-Identifier: Apache-2.0
#include "audit/note_support.hpp"

#include <leeway/audit/checkpoint.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace leeway::audit {
namespace {

const std::string root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";

TEST(Checkpoint, ReadsBackWhatItWrites) {
  for (const std::uint64_t size : {std::uint64_t{0}, std::uint64_t{20852163}, largest_tree}) {
    for (const auto& extensions :
         {std::vector<std::string>{}, std::vector<std::string>{"a", " ", "b c"}}) {
      const checkpoint one{.origin = "example.com/a log",
                           .head = {.size = size, .root = leaf_hash("x")},
                           .extensions = extensions};
      const auto text = write_checkpoint(one);
      ASSERT_TRUE(text) << text.error().message;
      EXPECT_EQ(parse_checkpoint(*text).value(), one);
    }
  }
  const auto read = parse_checkpoint("example.com/behind-the-sofa\n20852163\n" + root + "\n");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->origin, "example.com/behind-the-sofa");
  EXPECT_EQ(read->head.size, 20852163U);
}

TEST(Checkpoint, IsRefusedInEveryOtherForm) {
  const std::string good = "log\n5\n" + root + "\n";
  ASSERT_TRUE(parse_checkpoint(good));
  const std::vector<std::string> bad{
      "",
      "\n",
      "log\n",
      "log\n5\n",
      "log\n5\n" + root,
      "log\n5\n\n" + root + "\n",
      "\n5\n" + root + "\n",
      good + "\n",
      good + "a\n\n",
      good + "a",
      "log\n\n" + root + "\n",
      "log\n05\n" + root + "\n",
      "log\n00\n" + root + "\n",
      "log\n+5\n" + root + "\n",
      "log\n-5\n" + root + "\n",
      "log\n-0\n" + root + "\n",
      "log\n 5\n" + root + "\n",
      "log\n5 \n" + root + "\n",
      "log\n5.0\n" + root + "\n",
      "log\n5e0\n" + root + "\n",
      "log\n0x5\n" + root + "\n",
      "log\n1_000\n" + root + "\n",
      "log\n\xD9\xA5\n" + root + "\n",  // an Arabic-Indic five
      "log\n9223372036854775808\n" + root + "\n",
      "log\n18446744073709551616\n" + root + "\n",
      "log\n99999999999999999999999999999999\n" + root + "\n",
      "log\n5\n" + root.substr(0, 43) + "\n",
      "log\n5\n" + root + "=\n",
      "log\n5\n" + root + " \n",
      "log\n5\n" + root.substr(0, 40) + "\n",
      "log\n5\n" + root + root + "\n",
      "log\n5\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n",  // bits behind the last byte
      "log\r\n5\r\n" + root + "\r\n",
      "log\t\n5\n" + root + "\n",
      "l\xFFog\n5\n" + root + "\n",
      good + std::string(longest_note, 'a') + "\n",
  };
  for (const std::string& one : bad) {
    const auto read = parse_checkpoint(one);
    ASSERT_FALSE(read) << one.substr(0, 200);
    EXPECT_EQ(read.error().code, "checkpoint_syntax");
  }
}

TEST(Checkpoint, IsNotWrittenWhenItWouldNotBeRead) {
  EXPECT_FALSE(write_checkpoint({.origin = ""}));
  EXPECT_FALSE(write_checkpoint({.origin = "a\nb"}));
  EXPECT_FALSE(write_checkpoint({.origin = "a\n5"}));
  EXPECT_FALSE(write_checkpoint({.origin = "a", .head = {.size = largest_tree + 1}}));
  EXPECT_FALSE(write_checkpoint({.origin = "a", .extensions = {""}}));
  EXPECT_FALSE(write_checkpoint({.origin = "a", .extensions = {"x\ny"}}));
}

class OpenCheckpoint : public testing::Test {
 protected:
  const signer_key log_{test::key_of("example.com/log", 1)};
  const signer_key witness_{test::key_of("witness.example/w", 2)};
  const tree_head head_{.size = 5, .root = leaf_hash("root")};

  static std::string code(std::string_view note, const trust_policy& trust) {
    const auto opened = open_checkpoint(note, trust);
    return opened ? "good" : opened.error().code;
  }
  trust_policy witnessed() const {
    return trust_policy::parse("log " + log_.verifier().to_string() + "\nwitness w " +
                               witness_.verifier().as_cosigner().to_string() + "\nquorum w\n")
        .value();
  }
};

TEST_F(OpenCheckpoint, TrustsItsLog) {
  const auto note = test::checkpoint_of(log_, head_);
  const auto trust = trust_policy::of_logs({log_.verifier()});
  const auto opened = open_checkpoint(note, trust);
  ASSERT_TRUE(opened) << opened.error().message;
  EXPECT_EQ(opened->checkpoint.head, head_);
  EXPECT_EQ(opened->note.verified.size(), 1U);
  EXPECT_EQ(code(note, trust_policy::of_logs({witness_.verifier()})), "note_unverifiable");
  EXPECT_EQ(code(note, trust_policy::of_logs({})), "note_unverifiable");
}

TEST_F(OpenCheckpoint, TakesNoOtherLogsWord) {
  // A trusted log signs what claims to be the checkpoint of another one.
  const std::string text = write_checkpoint({.origin = "example.com/log", .head = head_}).value();
  const signer_key other = test::key_of("example.com/other", 3);
  const auto note = test::note_of(text, {other.sign(text)});
  EXPECT_EQ(code(note, trust_policy::of_logs({log_.verifier(), other.verifier()})),
            "log_not_trusted");
}

TEST_F(OpenCheckpoint, TakesNoOtherTextForACheckpoint) {
  const auto note = test::note_of("hello\n", {log_.sign("hello\n")});
  EXPECT_EQ(code(note, trust_policy::of_logs({log_.verifier()})), "checkpoint_syntax");
}

TEST_F(OpenCheckpoint, WantsTheQuorum) {
  const std::string text =
      write_checkpoint({.origin = log_.verifier().name(), .head = head_}).value();
  const auto signed_by = [&](std::vector<note_signature> signatures) {
    return test::note_of(text, std::move(signatures));
  };
  const auto cosigned = witness_.cosign(text, 1700000000);
  EXPECT_EQ(code(signed_by({log_.sign(text), cosigned}), witnessed()), "good");
  EXPECT_EQ(code(signed_by({log_.sign(text)}), witnessed()), "quorum_missing");
  EXPECT_EQ(code(signed_by({log_.sign(text), witness_.sign(text)}), witnessed()), "quorum_missing");
  EXPECT_EQ(code(signed_by({cosigned}), witnessed()), "log_not_trusted");
  EXPECT_EQ(code(signed_by({log_.sign(text), witness_.cosign(text + "x\n", 1)}), witnessed()),
            "note_signature_invalid");
}

}  // namespace
}  // namespace leeway::audit
