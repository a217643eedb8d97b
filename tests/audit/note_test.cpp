// SPDX-License-Identifier: Apache-2.0
#include "audit/base64.hpp"
#include "audit/note_support.hpp"
#include "base/random.hpp"

#include <leeway/audit/note.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace leeway::audit {
namespace {

const std::string mark = "\xE2\x80\x94 ";

std::string line_of(const std::string& name, const std::string& bytes) {
  return mark + name + ' ' + base64::encode(bytes) + '\n';
}

std::string code_of(std::string_view bytes) {
  const auto read = parse_note(bytes);
  return read ? "good" : read.error().code;
}

TEST(Note, IsTextAnEmptyLineAndSignatures) {
  const std::string bytes = "a\n\nb\n\n" + line_of("x", "1234s") + line_of("y", "5678tt");
  const auto note = parse_note(bytes);
  ASSERT_TRUE(note) << note.error().message;
  EXPECT_EQ(note->text, "a\n\nb\n");
  ASSERT_EQ(note->signatures.size(), 2U);
  EXPECT_EQ(note->signatures[0],
            (note_signature{.name = "x", .key_id = 0x31323334U, .bytes = "s"}));
  EXPECT_EQ(note->signatures[1].bytes, "tt");
  EXPECT_EQ(write_note(*note).value(), bytes);
}

TEST(Note, MayHoldAnyText) {
  const std::string end = line_of("x", "1234s");
  for (const std::string text :
       {"\n", "\n\n\n", "a\n\n\n", "\x7F \xE2\x80\xA8\n", "\xE2\x80\x94 x eA==\n"}) {
    std::string bytes = text;
    bytes += '\n';
    bytes += end;
    const auto note = parse_note(bytes);
    ASSERT_TRUE(note) << text;
    EXPECT_EQ(note->text, text);
  }
}

TEST(Note, IsRefusedInEveryOtherForm) {
  const std::string text = "text\n\n";
  const std::string end = line_of("x", "1234s");
  ASSERT_EQ(code_of(text + end), "good");
  const std::vector<std::string> bad{
      "",
      "\n",
      "\n\n",
      text,
      "text\n" + end,
      end,
      '\n' + end,
      "text" + end,
      text + '\n',
      text + end.substr(0, end.size() - 1),
      text + end + '\n',
      text + end + "more\n",
      text + "more\n" + end,
      text + end + '\n' + end + "more",
      text + ' ' + end,
      text + "- x " + base64::encode("1234s") + '\n',
      text + "\xE2\x80\x93 x " + base64::encode("1234s") + '\n',
      text + "\xE2\x80\x94x " + base64::encode("1234s") + '\n',
      text + mark + '\n',
      text + mark + "x\n",
      text + mark + "x \n",
      text + mark + " " + base64::encode("1234s") + '\n',
      text + mark + "x  " + base64::encode("1234s") + '\n',
      text + mark + "x " + base64::encode("1234s") + " \n",
      text + mark + "x " + base64::encode("1234s") + "\r\n",
      text + mark + "x " + base64::encode("1234") + '\n',
      text + mark + "x MTIzNHM\n",
      text + mark + "x MTIzNHN=\n",
      text + line_of("a+b", "1234s"),
      text + line_of("a b", "1234s"),
      text + line_of("a\xC2\xA0"
                     "b",
                     "1234s"),
      "te\rxt\n\n" + end,
      "te\txt\n\n" + end,
      std::string("te\0xt\n\n", 7) + end,
      "\xFF\n\n" + end,
      "\xC0\x80\n\n" + end,
      "\xED\xA0\x80\n\n" + end,
      "\xEF\xBB\n\n" + end,
      text + line_of("\xC3", "1234s"),
  };
  for (const std::string& one : bad) EXPECT_EQ(code_of(one), "note_syntax") << one;
}

TEST(Note, HasLimits) {
  std::string note = "text\n\n";
  for (std::size_t i = 0; i < most_signatures; ++i) note += line_of("x", "1234s");
  EXPECT_EQ(code_of(note), "good");
  EXPECT_EQ(code_of(note + line_of("x", "1234s")), "note_syntax");
  const std::string end = "\n\n" + line_of("x", "1234s");
  EXPECT_EQ(code_of(std::string(longest_note - end.size(), 'a') + end), "good");
  EXPECT_EQ(code_of(std::string(longest_note - end.size() + 1, 'a') + end), "note_syntax");
}

TEST(Note, IsNotWrittenWhenItWouldNotBeRead) {
  const note_signature one{.name = "x", .key_id = 1, .bytes = "s"};
  EXPECT_TRUE(write_note({.text = "text\n", .signatures = {one}}));
  EXPECT_FALSE(write_note({.text = "text", .signatures = {one}}));
  EXPECT_FALSE(write_note({.text = "", .signatures = {one}}));
  EXPECT_FALSE(write_note({.text = "text\n", .signatures = {}}));
  EXPECT_FALSE(write_note({.text = "te\txt\n", .signatures = {one}}));
  EXPECT_FALSE(write_note({.text = "text\n", .signatures = {{.name = "a b", .bytes = "s"}}}));
  EXPECT_FALSE(write_note({.text = "text\n", .signatures = {{.name = "x", .bytes = ""}}}));
  EXPECT_FALSE(write_note(
      {.text = "text\n", .signatures = {{.name = "x 1\n\n\xE2\x80\x94 y", .bytes = "s"}}}));
}

class OpenNote : public testing::Test {
 protected:
  const signer_key log_{test::key_of("example.com/log", 1)};
  const signer_key next_{test::key_of("example.com/log", 2)};
  const signer_key witness_{test::key_of("witness.example/w", 3)};
  const std::string text_{"text\n"};

  static std::string code(std::string_view note, const std::vector<verifier_key>& known) {
    const auto opened = open_note(note, known);
    return opened ? "good" : opened.error().code;
  }
};

TEST_F(OpenNote, SaysWhoHasSigned) {
  const auto note = test::note_of(
      text_, {log_.sign(text_), next_.sign(text_), witness_.cosign(text_, 1700000000)});
  const auto opened =
      open_note(note, std::vector{log_.verifier(), witness_.verifier().as_cosigner()});
  ASSERT_TRUE(opened) << opened.error().message;
  EXPECT_EQ(opened->text, text_);
  ASSERT_EQ(opened->verified.size(), 2U);
  EXPECT_EQ(opened->verified[0],
            (verified_signature{.name = "example.com/log", .key_id = log_.verifier().id()}));
  EXPECT_EQ(opened->verified[1].time, 1700000000);
  ASSERT_EQ(opened->unknown.size(), 1U);
  EXPECT_EQ(opened->unknown[0].key_id, next_.verifier().id());
}

TEST_F(OpenNote, NeedsOneKnownKey) {
  const auto note = test::note_of(text_, {log_.sign(text_)});
  EXPECT_EQ(code(note, {}), "note_unverifiable");
  EXPECT_EQ(code(note, {next_.verifier()}), "note_unverifiable");  // shares the name
  EXPECT_EQ(code(note, {log_.verifier().as_cosigner()}), "note_unverifiable");
  auto renamed = log_.sign(text_);
  renamed.name = "example.com/other";  // shares the id
  EXPECT_EQ(code(test::note_of(text_, {renamed}), {log_.verifier()}), "note_unverifiable");
  EXPECT_EQ(code(note, {next_.verifier(), log_.verifier()}), "good");
}

TEST_F(OpenNote, RefusesAnySignatureOfAKnownKeyThatDoesNotHold) {
  const auto wrong = log_.sign("other\n");
  EXPECT_EQ(code(test::note_of(text_, {wrong}), {log_.verifier()}), "note_signature_invalid");
  EXPECT_EQ(
      code(test::note_of(text_, {next_.sign(text_), wrong}), {log_.verifier(), next_.verifier()}),
      "note_signature_invalid");
  EXPECT_EQ(code(test::note_of(text_, {log_.sign(text_), wrong}), {log_.verifier()}),
            "note_signature_invalid");
  EXPECT_EQ(code(test::note_of(text_, {next_.sign(text_), wrong}), {next_.verifier()}), "good");
}

TEST_F(OpenNote, CountsAKeyOnce) {
  const auto known = std::vector{log_.verifier()};
  const auto opened = open_note(test::note_of(text_, {log_.sign(text_), next_.sign(text_),
                                                      log_.sign(text_), next_.sign(text_)}),
                                known);
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->verified.size(), 1U);
  EXPECT_EQ(opened->unknown.size(), 1U);
}

TEST_F(OpenNote, RefusesKnownKeysThatCannotBeToldApart) {
  const auto note = test::note_of(text_, {log_.sign(text_)});
  EXPECT_EQ(code(note, {log_.verifier(), log_.verifier()}), "note_keys_ambiguous");
}

TEST_F(OpenNote, NoticesEveryFlippedBit) {
  const auto note =
      test::note_of("example.com/log\n5\ntext\n", {log_.sign("example.com/log\n5\ntext\n")});
  const auto known = std::vector{log_.verifier()};
  ASSERT_EQ(code(note, known), "good");
  for (std::size_t bit = 0; bit < note.size() * 8; ++bit) {
    std::string bad = note;
    bad[bit / 8] = static_cast<char>(static_cast<unsigned char>(bad[bit / 8]) ^ 1U << bit % 8);
    EXPECT_NE(code(bad, known), "good") << bit;
  }
  for (std::size_t i = 0; i < note.size(); ++i)
    EXPECT_NE(code(note.substr(0, i), known), "good") << i;
}

TEST(Note, IsWrittenAsItWasRead) {
  // Random lines put together: whatever is read is written back, byte for byte.
  leeway::test::random_source random;
  SCOPED_TRACE(random.replay());
  const std::vector<std::string> pieces{"\n", "\n\n",     "a",        mark,
                                        "x",  " ",        "MTIzNHM=", "MTIzNHN0",
                                        "=",  "\xC3\xA9", "+",        line_of("y", "1234s"),
                                        "\t", "text\n"};
  int read = 0;
  for (int i = 0; i < 50000; ++i) {
    std::string bytes;
    for (auto left = random.between(1, 9); left > 0; --left) bytes += random.pick(pieces);
    const auto note = parse_note(bytes);
    if (!note) continue;
    ++read;
    ASSERT_EQ(write_note(*note).value(), bytes);
  }
  EXPECT_GT(read, 50);
}

}  // namespace
}  // namespace leeway::audit
