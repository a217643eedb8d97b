// SPDX-License-Identifier: Apache-2.0
#include "audit/base64.hpp"
#include "audit/note_support.hpp"

#include <leeway/audit/verifier_key.hpp>

#include <gtest/gtest.h>

#include <string>

namespace leeway::audit {
namespace {

constexpr const char* example =
    "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

TEST(VerifierKey, ReadsBackWhatItWrites) {
  const auto key = verifier_key::parse(example);
  ASSERT_TRUE(key) << key.error().message;
  EXPECT_EQ(key->name(), "example.com/foo");
  EXPECT_EQ(key->id(), 0x530d903aU);
  EXPECT_EQ(key->type(), key_type::ed25519);
  EXPECT_EQ(key->to_string(), example);
  EXPECT_EQ(verifier_key::make("example.com/foo", key_type::ed25519, key->public_key()).value(),
            *key);
}

TEST(VerifierKey, ReadsKeysOfEveryByte) {
  for (int i = 0; i < 200; ++i) {
    const auto key = test::key_of("log\xC3\xA9." + std::to_string(i), static_cast<std::uint8_t>(i));
    for (const auto& one : {key.verifier(), key.verifier().as_cosigner()}) {
      const auto read = verifier_key::parse(one.to_string());
      ASSERT_TRUE(read) << one.to_string();
      EXPECT_EQ(*read, one);
    }
    EXPECT_NE(key.verifier().id(), key.verifier().as_cosigner().id());
  }
}

TEST(VerifierKey, NamesWhatIsWrong) {
  const auto code = [](const std::string& text) {
    const auto read = verifier_key::parse(text);
    return read ? std::string("good") : read.error().code;
  };
  const std::string good = example;
  const std::string key = good.substr(25);
  EXPECT_EQ(code(good), "good");
  EXPECT_EQ(code(""), "key_syntax");
  EXPECT_EQ(code("example.com/foo"), "key_syntax");
  EXPECT_EQ(code("+530d903a+" + key), "key_syntax");
  EXPECT_EQ(code("a b+530d903a+" + key), "key_syntax");
  EXPECT_EQ(code("a\xE3\x80\x80+530d903a+" + key), "key_syntax");  // an ideographic space
  EXPECT_EQ(code("\xFF+530d903a+" + key), "key_syntax");
  EXPECT_EQ(code("example.com/foo+530d903+" + key), "key_syntax");
  EXPECT_EQ(code("example.com/foo+530d903a0+" + key), "key_syntax");
  EXPECT_EQ(code("example.com/foo+530D903A+" + key), "key_id");
  EXPECT_EQ(code("example.com/foo+530d903b+" + key), "key_id");
  EXPECT_EQ(code("example.com/fop+530d903a+" + key), "key_id");
  EXPECT_EQ(code(good + "="), "key_syntax");
  EXPECT_EQ(code(good + "\n"), "key_syntax");
  EXPECT_EQ(code("example.com/foo+530d903a+"), "key_syntax");
  EXPECT_EQ(code("example.com/foo+530d903a+AQ=="), "key_syntax");
  EXPECT_EQ(code("example.com/foo+530d903a+Ag=="), "key_type");
  EXPECT_EQ(code("example.com/foo+530d903a+/w=="), "key_type");
}

TEST(VerifierKey, RefusesNamesThatANoteCannotHold) {
  for (const char* bad : {"", " ", "a b", "a+b", "a\tb", "a\nb", "\x01", "\xC2\xA0",
                          "a\xE2\x80\xA8", "\xE1\x9A\x80", "\xED\xA0\x80"}) {
    const auto made = verifier_key::make(bad, key_type::ed25519, {});
    ASSERT_FALSE(made) << bad;
    EXPECT_EQ(made.error().code, "key_name");
  }
  for (const char* good : {"a", "example.com/log", "\xE2\x80\x94", "a\xE2\x80\x8B\x7F"}) {
    EXPECT_TRUE(verifier_key::make(good, key_type::ed25519, {})) << good;
  }
}

TEST(VerifierKey, VerifiesWhatItsSignerSigned) {
  const auto key = test::key_of("example.com/log");
  const auto other = test::key_of("example.com/log", 2);
  const auto signature = key.sign("text\n");
  EXPECT_TRUE(key.verifier().verifies("text\n", signature));
  EXPECT_FALSE(key.verifier().verifies("text", signature));
  EXPECT_FALSE(other.verifier().verifies("text\n", signature));
  for (std::size_t bit = 0; bit < signature.bytes.size() * 8; ++bit) {
    auto bad = signature;
    bad.bytes[bit / 8] =
        static_cast<char>(static_cast<unsigned char>(bad.bytes[bit / 8]) ^ 1U << bit % 8);
    EXPECT_FALSE(key.verifier().verifies("text\n", bad)) << bit;
  }
  auto bad = signature;
  bad.bytes += '\0';
  EXPECT_FALSE(key.verifier().verifies("text\n", bad));
  bad.bytes.resize(63);
  EXPECT_FALSE(key.verifier().verifies("text\n", bad));
  bad = signature;
  bad.name = "example.com/other";
  EXPECT_FALSE(key.verifier().verifies("text\n", bad));
  bad = signature;
  ++bad.key_id;
  EXPECT_FALSE(key.verifier().verifies("text\n", bad));
}

TEST(VerifierKey, VerifiesCosignaturesWithTheirTime) {
  const auto key = test::key_of("witness.example/w1");
  const verifier_key cosigner = key.verifier().as_cosigner();
  const auto signature = key.cosign("text\n", 1679315147);
  EXPECT_EQ(cosignature_time(signature), 1679315147);
  EXPECT_TRUE(cosigner.verifies("text\n", signature));
  EXPECT_FALSE(key.verifier().verifies("text\n", signature));
  auto later = signature;
  ++later.bytes[7];
  EXPECT_EQ(cosignature_time(later), 1679315148);
  EXPECT_FALSE(cosigner.verifies("text\n", later));
  auto plain = key.sign("text\n");
  plain.key_id = cosigner.id();
  EXPECT_FALSE(cosigner.verifies("text\n", plain));
  EXPECT_FALSE(cosignature_time(plain));
  auto beyond = signature;
  beyond.bytes[0] = '\x80';
  EXPECT_FALSE(cosignature_time(beyond));
  EXPECT_FALSE(cosigner.verifies("text\n", beyond));
  EXPECT_TRUE(cosigner.verifies("text\n", key.cosign("text\n", 0)));
  EXPECT_TRUE(cosigner.verifies("text\n", key.cosign("text\n", INT64_MAX)));
}

}  // namespace
}  // namespace leeway::audit
