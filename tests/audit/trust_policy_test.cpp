// SPDX-License-Identifier: Apache-2.0
#include "audit/note_support.hpp"

#include <leeway/audit/trust_policy.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace leeway::audit {
namespace {

class TrustPolicy : public testing::Test {
 protected:
  static std::string log(std::uint8_t number) {
    return test::key_of("log.example/" + std::to_string(number), number).verifier().to_string();
  }
  static verifier_key witness_key(std::uint8_t number) {
    const auto key = test::key_of("w.example/" + std::to_string(number), number);
    return key.verifier().as_cosigner();
  }
  static std::string witness(std::uint8_t number) { return witness_key(number).to_string(); }
  static std::string code(const std::string& text) {
    const auto read = trust_policy::parse(text);
    return read ? "good" : read.error().code;
  }
  static bool quorum(const trust_policy& of, const std::vector<std::uint8_t>& cosigned) {
    std::vector<verified_signature> all;
    for (const auto number : cosigned) {
      const auto key = witness_key(number);
      all.push_back({.name = key.name(), .key_id = key.id(), .time = 1});
    }
    return of.is_quorum(all);
  }
  /// The example of tlog-policy.
  std::string example() const {
    std::string out = "# an example\n\nlog " + log(9) + "\n";
    for (std::uint8_t i = 1; i <= 6; ++i) {
      const std::string name = (i <= 3 ? "X" : "Y") + std::to_string((i - 1) % 3 + 1);
      out += " witness\t" + name + "  " + witness(i) + " https://w.example/\t\n";
    }
    return out +
           "group X-witnesses 2 X1 X2 X3\n"
           "  # comment\n"
           "group Y-witnesses any Y1 Y2 Y3\n"
           "group X-and-Y all X-witnesses Y-witnesses\n"
           "quorum X-and-Y\n";
  }
};

TEST_F(TrustPolicy, CountsGroupsAsTheyAreDefined) {
  const auto read = trust_policy::parse(example());
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->keys().size(), 7U);
  EXPECT_TRUE(quorum(*read, {1, 2, 4}));
  EXPECT_TRUE(quorum(*read, {6, 3, 1}));
  EXPECT_TRUE(quorum(*read, {1, 2, 3, 4, 5, 6}));
  EXPECT_FALSE(quorum(*read, {1, 2}));
  EXPECT_FALSE(quorum(*read, {1, 4, 5, 6}));
  EXPECT_FALSE(quorum(*read, {1, 1, 4}));
  EXPECT_FALSE(quorum(*read, {4, 5, 6}));
  EXPECT_FALSE(quorum(*read, {}));
}

TEST_F(TrustPolicy, MayAskForOneWitnessOrNone) {
  const auto one =
      trust_policy::parse("witness a " + witness(1) + "\nwitness b " + witness(2) + "\nquorum b\n");
  ASSERT_TRUE(one) << one.error().message;
  EXPECT_TRUE(quorum(*one, {2}));
  EXPECT_FALSE(quorum(*one, {1}));
  const auto none = trust_policy::parse("quorum none\n");
  ASSERT_TRUE(none);
  EXPECT_TRUE(quorum(*none, {}));
  EXPECT_TRUE(quorum(trust_policy::of_logs({}), {}));
}

TEST_F(TrustPolicy, KnowsALogByItsOrigin) {
  const auto trust =
      trust_policy::parse("log " + log(1) + "\nlog " + log(2) + "\nquorum none\n").value();
  const auto key = test::key_of("log.example/1", 1).verifier();
  const std::vector<verified_signature> signatures{{.name = key.name(), .key_id = key.id()}};
  EXPECT_TRUE(trust.is_signed_by_log("log.example/1", signatures));
  EXPECT_FALSE(trust.is_signed_by_log("log.example/2", signatures));
  EXPECT_FALSE(trust.is_signed_by_log("log.example/3", signatures));
}

TEST_F(TrustPolicy, IsRefusedInEveryOtherForm) {
  const std::string w1 = "witness a " + witness(1) + "\n";
  const std::string w2 = "witness b " + witness(2) + "\n";
  const std::string end = "quorum none\n";
  ASSERT_EQ(code(w1 + w2 + "group g 2 a b\nquorum g\n"), "good");
  const std::vector<std::string> bad{
      "",
      w1,
      "quorum none",
      end + end,
      "quorum\n",
      "quorum a\n" + w1,
      "quorum none none\n",
      "Quorum none\n",
      "quorum none # comment\n",
      "log\n" + end,
      "log x\n" + end,
      "log " + log(1) + " url more\n" + end,
      "log " + log(1) + "\nlog " + log(1) + "\n" + end,
      "log " + log(1) + "\nlog " + test::key_of("other", 1).verifier().to_string() + "\n" + end,
      w1 + w1 + end,
      w1 + "witness b " + witness(1) + "\n" + end,
      w1 + "witness a " + witness(2) + "\n" + end,
      "witness none " + witness(1) + "\n" + end,
      "witness a\n" + end,
      w1 + "group a any a\n" + end,
      w1 + "group none any a\n" + end,
      w1 + "group g any none\n" + end,
      w1 + "group g any g\n" + end,
      w1 + "group g any b\n" + w2 + end,
      w1 + "group g any\n" + end,
      w1 + "group g 0 a\n" + end,
      w1 + "group g 2 a\n" + end,
      w1 + "group g 01 a\n" + end,
      w1 + "group g -1 a\n" + end,
      w1 + "group g some a\n" + end,
      w1 + w2 + "group g 2 a a\n" + end,
      w1 + w2 + "group g any a\ngroup h any a b\n" + end,
      "quorum none\r\n",
      "quorum none\n# \x01\n",
      "quorum none\n# \x7F\n",
  };
  for (const std::string& one : bad) EXPECT_EQ(code(one), "trust_policy_syntax") << one;
}

TEST_F(TrustPolicy, TakesNamesForBytes) {
  EXPECT_EQ(
      code("witness K " + witness(1) + "\nwitness \xE2\x84\xAA " + witness(2) + "\nwitness \xFF " +
           witness(3) + "\ngroup \x80 all K \xE2\x84\xAA \xFF\nquorum \x80\n"),
      "good");
}

TEST_F(TrustPolicy, CountsCosignaturesAlsoWhereThePlainKeyIsGiven) {
  const auto key = test::key_of("w.example/1", 1).verifier();
  const auto trust = trust_policy::parse("witness a " + key.to_string() + "\nquorum a\n").value();
  EXPECT_EQ(trust.keys(), std::vector{key.as_cosigner()});
  EXPECT_TRUE(quorum(trust, {1}));
  const std::vector<verified_signature> plain{{.name = key.name(), .key_id = key.id()}};
  EXPECT_FALSE(trust.is_quorum(plain));
}

TEST_F(TrustPolicy, SaysOnWhichLineItIsWrong) {
  EXPECT_TRUE(trust_policy::parse("# one\n\nquorum x\n").error().message.starts_with("line 3: "));
}

TEST_F(TrustPolicy, HasRoomForWhatTheSpecificationAsksFor) {
  std::string text;
  for (std::uint8_t i = 1; i <= 32; ++i) {
    const std::string n = std::to_string(i);
    text.append("log ").append(log(i));
    text.append("\nwitness w").append(n).append(" ");
    text.append(witness(static_cast<std::uint8_t>(i + 100)));
    text.append("\ngroup g").append(n).append(" any w").append(n);
    if (i > 1) text.append(" g").append(std::to_string(i - 1));
    text += '\n';
  }
  const auto read = trust_policy::parse(text + "quorum g32\n");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_TRUE(quorum(*read, {101}));
  EXPECT_FALSE(quorum(*read, {99}));
}

}  // namespace
}  // namespace leeway::audit
