// SPDX-License-Identifier: Apache-2.0
#include "base/random.hpp"

#include <leeway/base/time.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>

namespace leeway {
namespace {

instant at(const char* text) { return instant::parse(text).value(); }
civil_date day(const char* text) { return civil_date::parse(text).value(); }
duration span(const char* text) { return duration::parse(text).value(); }

TEST(Instant, ReadsRfc3339) {
  EXPECT_EQ(at("1970-01-01T00:00:00Z"), instant());
  EXPECT_EQ(at("2026-11-21T15:04:05Z").seconds(), 1795273445);
  EXPECT_EQ(at("2026-11-21T08:04:05-07:00"), at("2026-11-21T15:04:05Z"));
  EXPECT_EQ(at("2026-11-21T20:34:05.25+05:30"), at("2026-11-21T15:04:05.250Z"));
  EXPECT_EQ(at("1969-12-31T23:59:59.999999999Z").seconds(), -1);
  EXPECT_EQ(at("1969-12-31T23:59:59.999999999Z").nanos(), 999'999'999);
  EXPECT_EQ(at("0001-01-01T00:00:00Z"), instant::min());
  EXPECT_EQ(at("9999-12-31T23:59:59.999999999Z"), instant::max());
  EXPECT_EQ(at("2024-02-29T00:00:00-00:00").to_string(), "2024-02-29T00:00:00Z");
}

TEST(Instant, RefusesEverythingElseByCode) {
  for (const char* text :
       {"", "2026-11-21", "2026-11-21T15:04:05", "2026-11-21t15:04:05Z", "2026-11-21T15:04:05z",
        "2026-11-21 15:04:05Z", "2026-11-21T15:04Z", "2026-11-21T15:04:05.Z",
        "2026-11-21T15:04:05.1234567890Z", "2026-11-21T15:04:05+0530", "2026-11-21T15:04:05+24:00",
        "2026-11-21T15:04:05+05:60", "2026-11-21T15:04:05Z ", "+2026-11-21T15:04:05Z",
        "2026-11-21T15:04:05,5Z", "20261121T150405Z", "2026-W47-6T15:04:05Z"}) {
    const auto parsed = instant::parse(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().code, "instant_syntax") << text;
  }
  EXPECT_EQ(instant::parse("2016-12-31T23:59:60Z").error().code, "instant_leap_second");
  for (const char* text : {"2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z",
                           "2026-01-00T00:00:00Z", "2026-04-31T00:00:00Z", "2026-01-01T24:00:00Z",
                           "2026-01-01T00:60:00Z", "2026-01-01T00:00:61Z", "0000-01-01T00:00:00Z",
                           "0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01"}) {
    const auto parsed = instant::parse(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().code, "instant_range") << text;
  }
}

TEST(Instant, WritesTheShortestFraction) {
  EXPECT_EQ(at("2026-11-21T15:04:05.500000000Z").to_string(), "2026-11-21T15:04:05.5Z");
  EXPECT_EQ(at("0001-01-01T00:00:00.000000001Z").to_string(), "0001-01-01T00:00:00.000000001Z");
  EXPECT_EQ(instant::max().to_string(), "9999-12-31T23:59:59.999999999Z");
}

TEST(Instant, ReadsBackWhatItWrites) {
  test::random_source random;
  SCOPED_TRACE(random.replay());
  for (int i = 0; i < 20'000; ++i) {
    const instant t = random.when(instant::min_seconds, instant::max_seconds + 1);
    ASSERT_EQ(instant::parse(t.to_string()).value(), t) << t.to_string();
  }
}

TEST(Instant, ArithmeticIsCheckedAndInverse) {
  EXPECT_FALSE(checked_add(instant::max(), span("1ns")));
  EXPECT_FALSE(checked_sub(instant::min(), span("1ns")));
  EXPECT_EQ(checked_sub(instant::max(), instant::min())->seconds(), 315'537'897'599);
  EXPECT_EQ(checked_add(at("2026-03-01T00:00:00Z"), span("-0.5s")), at("2026-02-28T23:59:59.5Z"));
  test::random_source random;
  SCOPED_TRACE(random.replay());
  for (int i = 0; i < 20'000; ++i) {
    const instant a = random.when(instant::min_seconds, instant::max_seconds + 1);
    const instant b = random.when(instant::min_seconds, instant::max_seconds + 1);
    const duration d = checked_sub(a, b).value();
    ASSERT_EQ(checked_add(b, d), a) << a.to_string() << ' ' << b.to_string();
    ASSERT_EQ(checked_sub(a, d), b) << a.to_string() << ' ' << b.to_string();
    ASSERT_EQ(d < duration(), a < b);
  }
}

TEST(Duration, ReadsUnitsExactly) {
  EXPECT_EQ(span("1h30m").to_string(), "5400s");
  EXPECT_EQ(span("-1.5s").to_string(), "-1.5s");
  EXPECT_EQ(span("-1.5s").seconds(), -1);
  EXPECT_EQ(span("-1.5s").nanos(), -500'000'000);
  EXPECT_EQ(span("100ms").to_string(), "0.1s");
  EXPECT_EQ(span("1us").nanos(), 1000);
  EXPECT_EQ(span("1ns").to_string(), "0.000000001s");
  EXPECT_EQ(span("+0.25h").seconds(), 900);
  EXPECT_EQ(span("0").to_string(), "0s");
  EXPECT_EQ(span("-0s").to_string(), "0s");
  EXPECT_EQ(span("1.000000000000000s").seconds(), 1);
  EXPECT_EQ(span("315576000000s").seconds(), duration::max_seconds);
}

TEST(Duration, RefusesEverythingElseByCode) {
  for (const char* text :
       {"", "-", "1", "s", "1d", "1.s", ".5s", "1h 30m", "1H", "--1s", "1e3s", "0.5ns",
        "0.0000000001s", "0.0005us0.1ns", "1s-1s", "P1D", "inf", "00"}) {
    const auto parsed = duration::parse(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().code, "duration_syntax") << text;
  }
  for (const char* text : {"315576000000.000000001s", "87660001h", "9223372036854775808s",
                           "-315576000001s", "9999999999999999999999h"}) {
    const auto parsed = duration::parse(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().code, "duration_range") << text;
  }
}

TEST(Duration, OrdersAndReadsBackWhatItWrites) {
  test::random_source random;
  SCOPED_TRACE(random.replay());
  const auto any = [&random] {
    return duration::make(random.between(-1'000'000, 1'000'000), random.any()).value_or(duration());
  };
  for (int i = 0; i < 20'000; ++i) {
    const duration a = any();
    const duration b = any();
    ASSERT_EQ(duration::parse(a.to_string()).value(), a) << a.to_string();
    ASSERT_EQ(a < b, checked_sub(a, b).value() < duration());
    ASSERT_EQ(checked_add(a, negated(a)), duration());
    ASSERT_EQ(checked_mul(a, 3), checked_add(checked_add(a, a).value(), a));
  }
}

TEST(Duration, ArithmeticIsChecked) {
  const duration most = duration::make(duration::max_seconds).value();
  EXPECT_FALSE(checked_add(most, span("1ns")));
  EXPECT_FALSE(checked_sub(negated(most), span("1ns")));
  EXPECT_FALSE(checked_mul(most, 2));
  EXPECT_FALSE(checked_mul(most, std::numeric_limits<std::int64_t>::min()));
  EXPECT_EQ(checked_sub(most, most), duration());
}

TEST(CivilDate, ReadsStrictly) {
  EXPECT_EQ(day("2026-11-21"), (civil_date{2026, 11, 21}));
  EXPECT_EQ(day("2024-02-29").to_string(), "2024-02-29");
  for (const char* text :
       {"", "2026-1-1", "2026/01/01", "20260101", "2026-01-01T00:00:00Z", " 2026"}) {
    EXPECT_EQ(civil_date::parse(text).error().code, "date_syntax") << text;
  }
  for (const char* text : {"2026-02-29", "2100-02-29", "2026-00-10", "2026-13-10", "2026-10-00",
                           "2026-04-31", "0000-01-01"}) {
    EXPECT_EQ(civil_date::parse(text).error().code, "date_range") << text;
  }
}

TEST(CivilDate, RoundTripsEveryDayOfTheCalendar) {
  const std::int64_t first = days_from_civil({1, 1, 1});
  const std::int64_t last = days_from_civil({9999, 12, 31});
  EXPECT_EQ(first, -719'162);
  EXPECT_EQ(last, 2'932'896);
  EXPECT_FALSE(civil_date::from_days(first - 1));
  EXPECT_FALSE(civil_date::from_days(last + 1));
  // Counted independently, one day after the other.
  civil_date expected{1, 1, 1};
  int weekday = 1;
  int of_year = 1;
  for (std::int64_t n = first; n <= last; ++n) {
    const auto got = civil_date::from_days(n);
    ASSERT_TRUE(got && *got == expected) << n;
    ASSERT_EQ(days_from_civil(expected), n);
    ASSERT_EQ(expected.weekday(), weekday) << expected.to_string();
    ASSERT_EQ(expected.day_of_year(), of_year) << expected.to_string();
    weekday = weekday % 7 + 1;
    ++of_year;
    if (expected.day < days_in_month(expected.year, expected.month)) {
      ++expected.day;
    } else if (expected.month < 12) {
      expected = {expected.year, static_cast<std::uint8_t>(expected.month + 1), 1};
    } else {
      expected = {expected.year + 1, 1, 1};
      of_year = 1;
    }
  }
}

TEST(CivilDate, MonthsClampToTheEndOfTheMonth) {
  EXPECT_EQ(add_months(day("2026-01-31"), 1), day("2026-02-28"));
  EXPECT_EQ(add_months(day("2024-01-31"), 1), day("2024-02-29"));
  EXPECT_EQ(add_months(day("2026-03-31"), -13), day("2025-02-28"));
  EXPECT_EQ(add_months(day("2024-02-29"), 12), day("2025-02-28"));
  EXPECT_FALSE(add_months(day("9999-12-01"), 1));
  EXPECT_FALSE(add_months(day("0001-01-31"), -1));
  EXPECT_FALSE(add_days(day("9999-12-31"), 1));
  EXPECT_FALSE(add_days(day("2026-01-01"), std::numeric_limits<std::int64_t>::max()));
}

TEST(CivilDate, CountsCompleteMonthsAndYears) {
  EXPECT_EQ(months_between(day("2026-01-31"), day("2026-02-28")), 1);
  EXPECT_EQ(months_between(day("2026-01-31"), day("2026-02-27")), 0);
  EXPECT_EQ(months_between(day("2026-02-28"), day("2026-01-31")), -1);
  EXPECT_EQ(years_between(day("2021-03-02"), day("2026-03-01")), 4);
  EXPECT_EQ(years_between(day("2021-03-02"), day("2026-03-02")), 5);
  EXPECT_EQ(years_between(day("2004-02-29"), day("2022-02-28")), 18);
  EXPECT_EQ(days_between(day("2026-02-28"), day("2026-03-01")), 1);
  test::random_source random;
  SCOPED_TRACE(random.replay());
  for (int i = 0; i < 20'000; ++i) {
    const civil_date a = civil_date::from_days(random.between(-200'000, 200'000)).value();
    const civil_date b = civil_date::from_days(random.between(-200'000, 200'000)).value();
    const civil_date low = std::min(a, b);
    const civil_date high = std::max(a, b);
    const std::int64_t n = months_between(low, high);
    ASSERT_LE(add_months(low, n).value(), high) << low.to_string() << ' ' << high.to_string();
    ASSERT_GT(add_months(low, n + 1).value(), high) << low.to_string() << ' ' << high.to_string();
  }
}

}  // namespace
}  // namespace leeway
