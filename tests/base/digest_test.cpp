// SPDX-License-Identifier: Apache-2.0
#include <leeway/base/digest.hpp>

#include <gtest/gtest.h>

#include <string>
#include <unordered_set>

namespace leeway {
namespace {

constexpr const char* empty_text =
    "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

TEST(Digest, IsSha256) {
  // FIPS 180-4 examples.
  EXPECT_EQ(digest::of("").to_string(), empty_text);
  EXPECT_EQ(digest::of("abc").hex(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(digest::of(std::string(1000000, 'a')).hex(),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Digest, ReadsBackWhatItWrites) {
  const digest one = digest::of("leeway");
  const auto read = digest::parse(one.to_string());
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, one);
}

TEST(Digest, RefusesEverythingElse) {
  const std::string good = empty_text;
  std::string upper = good;
  upper[7] = 'E';
  for (const std::string& text :
       {std::string{}, std::string{"sha256:"}, good.substr(7), good + "0", good.substr(0, 70),
        " " + good, upper, "sha512:" + good.substr(7), good.substr(0, 70) + "g"}) {
    const auto read = digest::parse(text);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().code, "digest_syntax");
  }
}

TEST(Digest, OrdersAndHashesByItsBytes) {
  const digest a = digest::of("a");
  const digest b = digest::of("b");
  EXPECT_NE(a, b);
  EXPECT_EQ(a < b, a.hex() < b.hex());
  EXPECT_TRUE(digest{}.is_zero());
  EXPECT_FALSE(a.is_zero());
  const std::unordered_set<digest> set{a, b, a};
  EXPECT_EQ(set.size(), 2U);
}

}  // namespace
}  // namespace leeway
