// SPDX-License-Identifier: Apache-2.0
#include "base/tzif.hpp"

#include "base/random.hpp"

#include <leeway/base/time.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <string>

namespace leeway::detail {
namespace {

std::int64_t at(const char* text) { return instant::parse(text).value().seconds(); }

std::string number(std::uint64_t value, std::size_t size) {
  std::string out;
  for (std::size_t i = size; i-- > 0;) out += static_cast<char>(value >> (8 * i));
  return out;
}

std::string header(std::size_t leaps, std::size_t times, std::size_t types, std::size_t chars) {
  std::string out = "TZif2" + std::string(15, '\0') + number(0, 8);
  return out + number(leaps, 4) + number(times, 4) + number(types, 4) + number(chars, 4);
}

/// A slim file: one change, from local mean time to standard time in 1900, then the footer.
std::string slim_file(const std::string& footer) {
  std::string out = header(0, 0, 1, 1) + std::string(7, '\0');
  out += header(0, 1, 2, 4) + number(static_cast<std::uint64_t>(-2208988800), 8) + '\1';
  out += number(static_cast<std::uint32_t>(-25196), 4) + std::string(2, '\0');
  out += number(static_cast<std::uint32_t>(-25200), 4) + std::string(2, '\0');
  return out + std::string("LMT\0", 4) + '\n' + footer + '\n';
}

TEST(PosixTz, ReadsTheFormsInUse) {
  for (const char* text : {"MST7MDT,M3.2.0,M11.1.0", "<+0330>-3:30", "IST-1GMT0,M10.5.0,M3.5.0/1",
                           "<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "EST5EDT,0/0,J365/25", "UTC0",
                           "XXX3EDT4,0/0,J365/23", "IST-2IDT,M3.4.4/26,M10.5.0"}) {
    EXPECT_TRUE(parse_posix_tz(text)) << text;
  }
  for (const char* text : {"", "MST", "MST7MDT", "MST7MDT,M3.2.0", "MST7MDT,M13.2.0,M11.1.0", "M7",
                           "<+03-3", "MST7MDT,M3.2.0,M11.1.0,", "MST25", "MST7MDT,M3.2.7,M11.1.0",
                           "MST7MDT,M3.2.0/168,M11.1.0", "MST7:60"}) {
    EXPECT_FALSE(parse_posix_tz(text)) << text;
  }
}

TEST(TzRules, FollowTheFooterAfterTheLastChange) {
  const auto rules = tz_rules::parse(slim_file("MST7MDT,M3.2.0,M11.1.0"));
  ASSERT_TRUE(rules) << rules.error().message;
  EXPECT_EQ(rules->at(at("1850-01-01T00:00:00Z")).offset, -25196);
  EXPECT_EQ(rules->at(at("2040-03-11T08:59:59Z")).offset, -25200);
  const offset_span summer = rules->at(at("2040-03-11T09:00:00Z"));
  EXPECT_EQ(summer.offset, -21600);
  EXPECT_EQ(summer.begins, at("2040-03-11T09:00:00Z"));
  EXPECT_EQ(summer.ends, at("2040-11-04T08:00:00Z"));
  EXPECT_EQ(rules->at(summer.ends).offset, -25200);
}

TEST(TzRules, KeepSummerTimeAllYear) {
  const auto rules = tz_rules::parse(slim_file("XXX3EDT4,0/0,J365/23"));
  ASSERT_TRUE(rules);
  for (const char* t : {"2030-01-01T02:59:59Z", "2030-01-01T03:00:00Z", "2030-07-01T00:00:00Z",
                        "2031-01-01T03:00:00Z"}) {
    EXPECT_EQ(rules->at(at(t)).offset, -4 * 3600) << t;
  }
}

TEST(TzRules, RefuseBrokenFilesWithoutReadingPastThem) {
  const std::string good = slim_file("MST7MDT,M3.2.0,M11.1.0");
  for (std::size_t size = 0; size < good.size(); ++size) {
    const auto parsed = tz_rules::parse(std::string_view(good).substr(0, size));
    ASSERT_FALSE(parsed) << size;
    ASSERT_EQ(parsed.error().code, "zone_data");
  }
  test::random_source random;
  SCOPED_TRACE(random.replay());
  for (int i = 0; i < 20'000; ++i) {
    std::string bytes = good;
    for (std::int64_t n = random.between(1, 3); n > 0; --n) {
      const auto where =
          static_cast<std::size_t>(random.between(0, static_cast<std::int64_t>(bytes.size()) - 1));
      bytes[where] = static_cast<char>(random.between(-128, 127));
    }
    // Whatever it is, reading and asking must end, within bounds (the sanitizers watch).
    if (const auto rules = tz_rules::parse(bytes)) {
      const std::int64_t t = random.between(instant::min_seconds, instant::max_seconds);
      const offset_span span = rules->at(t);
      ASSERT_LE(span.begins, t);
      ASSERT_GT(span.ends, t);
    }
  }
}

}  // namespace
}  // namespace leeway::detail
