// SPDX-License-Identifier: Apache-2.0
#include "audit/base64.hpp"

#include "base/random.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace leeway::audit {
namespace {

TEST(Base64, IsThatOfRfc4648) {
  const std::pair<const char*, const char*> examples[]{{"", ""},
                                                       {"f", "Zg=="},
                                                       {"fo", "Zm8="},
                                                       {"foo", "Zm9v"},
                                                       {"foob", "Zm9vYg=="},
                                                       {"fooba", "Zm9vYmE="},
                                                       {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : examples) {
    EXPECT_EQ(base64::encode(bytes), text);
    EXPECT_EQ(base64::decode(text), bytes);
  }
  EXPECT_EQ(base64::encode("\xFB\xEF\xBE\xFF"), "++++/w==");
}

TEST(Base64, HasOneTextForOneSequenceOfBytes) {
  for (const char* bad :
       {"Z",      "Zg",       "Zg=",      "Zg===", "Zh==",  "Zm9=",   "Zm8",
        "Zm8=\n", "Z g=",     "Zg==Zg==", "=",     "==",    "====",   "=Zg=",
        "Z=g=",   "Zm9v====", "Zm-v",     "Zm_v",  "Zm9v ", "\nZm9v", "Zm9\xC3"}) {
    EXPECT_FALSE(base64::decode(bad)) << bad;
  }
}

TEST(Base64, ReadsBackWhatItWrites) {
  leeway::test::random_source random;
  SCOPED_TRACE(random.replay());
  for (int i = 0; i < 5000; ++i) {
    std::string bytes;
    for (auto left = random.between(0, 70); left > 0; --left) {
      bytes += static_cast<char>(random.between(0, 255));
    }
    const std::string text = base64::encode(bytes);
    ASSERT_EQ(base64::decode(text), bytes);
    if (text.empty()) continue;
    std::string other = text;
    auto& c = other[static_cast<std::size_t>(
        random.between(0, static_cast<std::int64_t>(text.size()) - 1))];
    c = static_cast<char>(random.between(0, 255));
    const auto read = base64::decode(other);
    ASSERT_TRUE(!read || base64::encode(*read) == other);
  }
}

}  // namespace
}  // namespace leeway::audit
