// SPDX-License-Identifier: Apache-2.0
#include "base/search.hpp"

#include "base/random.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace leeway::detail {
namespace {

TEST(A_search, FindsWhatStandsThere) {
  EXPECT_TRUE(contains("", ""));
  EXPECT_TRUE(contains("a", ""));
  EXPECT_FALSE(contains("", "a"));
  EXPECT_TRUE(contains("abababc", "ababc"));
  EXPECT_FALSE(contains("abababab", "ababc"));
  EXPECT_TRUE(contains(std::string("a\0b", 3), std::string("\0b", 2)));
}

TEST(A_search, AgreesWithThePlainSearch) {
  test::random_source random;
  SCOPED_TRACE(random.replay());
  const auto below = [&](std::size_t n) {
    return static_cast<std::size_t>(random.between(0, static_cast<std::int64_t>(n) - 1));
  };
  for (int round = 0; round < 5000; ++round) {
    // Few letters, and long enough that the library's own search is not taken.
    const std::size_t letters = 1 + below(3);
    const auto some = [&](std::size_t length) {
      std::string out;
      while (out.size() < length) out += static_cast<char>('a' + below(letters));
      return out;
    };
    std::string text = some(1200 + below(400));
    std::string part = some(15 + below(60));
    if (below(2) == 0) {  // one that repeats itself
      std::string period = part.substr(0, 1 + below(9));
      while (period.size() < part.size()) period += period;
      part = period;
    }
    if (below(2) == 0) text.replace(below(text.size()), 0, part);
    if (below(3) == 0) text.back() = 'z';
    ASSERT_EQ(contains(text, part), text.find(part) != std::string::npos)
        << "round " << round << ": `" << part << "` in `" << text << "`";
  }
}

TEST(A_search, TakesLinearTime) {
  const std::string text(4'000'000, 'a');
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_FALSE(contains(text, std::string(2'000'000, 'a') + "b"));
  EXPECT_FALSE(contains(text, "b" + std::string(2'000'000, 'a')));
  EXPECT_FALSE(contains(text, std::string(1'000'000, 'a') + "b" + std::string(1'000'000, 'a')));
  // Letter by letter each of them takes minutes.
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(20));
}

}  // namespace
}  // namespace leeway::detail
