// SPDX-License-Identifier: Apache-2.0
#include "base/random.hpp"

#include <leeway/base/time.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <stdexcept>
#include <string>

namespace leeway {
namespace {

period of(const char* text) { return period::parse(text).value(); }
instant at(const char* text) { return instant::parse(text).value(); }
time_zone zone(const char* name) { return time_zone::find(name).value(); }

TEST(Period, ReadsIso8601) {
  EXPECT_EQ(of("P6M"), (period{.months = 6}));
  EXPECT_EQ(of("P90D"), (period{.days = 90}));
  EXPECT_EQ(of("P2W"), (period{.weeks = 2}));
  EXPECT_EQ(of("P1Y2M3DT4H"), (period{.years = 1, .months = 2, .days = 3, .hours = 4}));
  EXPECT_EQ(of("PT5M30S"), (period{.minutes = 5, .seconds = 30}));
  EXPECT_EQ(of("P0D"), period());
  EXPECT_EQ(of("P10000Y").years, 10'000);
}

TEST(Period, RefusesEverythingElseByCode) {
  for (const char* text : {"",
                           "P",
                           "PT",
                           "P1",
                           "1D",
                           "p1d",
                           "P1DT",
                           "P-1D",
                           "-P1D",
                           "P+1D",
                           "P1.5D",
                           "P0,5Y",
                           "P1D1M",
                           "P1D2D",
                           "P1H",
                           "PT1D",
                           "P01D",
                           "P1DT1H1H",
                           "P 1D",
                           "P1D ",
                           "PT1HT1M",
                           "P1X",
                           "P1Y2M3DT4H5S6M",
                           "PD"}) {
    const auto parsed = period::parse(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().code, "period_syntax") << text;
  }
  for (const char* text : {"P10001Y", "P99999999999999999999D", "PT9223372036854775807S"}) {
    const auto parsed = period::parse(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().code, "period_range") << text;
  }
}

TEST(Period, WritesThePartsThatAreNotZero) {
  for (const char* text : {"P6M", "P1Y2M3W4DT5H6M7S", "PT1M", "P1MT1M", "PT0S"}) {
    EXPECT_EQ(of(text).to_string(), text);
  }
  EXPECT_EQ(of("P0Y5D").to_string(), "P5D");
  EXPECT_EQ(of("P0D").to_string(), "PT0S");
}

TEST(Period, MonthsKeepTheWallClock) {
  const time_zone denver = zone("America/Denver");
  // Clocks went forward on 2026-03-08.
  EXPECT_EQ(add(at("2026-02-20T19:00:00Z"), of("P1M"), denver), at("2026-03-20T18:00:00Z"));
  EXPECT_EQ(subtract(at("2026-03-20T18:00:00Z"), of("P1M"), denver), at("2026-02-20T19:00:00Z"));
  // 02:30 on that day does not exist: the first instant after the gap.
  EXPECT_EQ(add(at("2026-02-08T09:30:00.5Z"), of("P1M"), denver), at("2026-03-08T09:00:00Z"));
}

TEST(Period, DaysAreOf24Hours) {
  const time_zone denver = zone("America/Denver");
  EXPECT_EQ(add(at("2026-03-07T19:00:00Z"), of("P1D"), denver), at("2026-03-08T19:00:00Z"));
  EXPECT_EQ(add(at("2026-03-07T19:00:00Z"), of("P1D"), denver),
            add(at("2026-03-07T19:00:00Z"), of("PT24H"), denver));
  EXPECT_EQ(subtract(at("2026-11-30T10:00:00Z"), of("P90D"), denver), at("2026-09-01T10:00:00Z"));
  EXPECT_EQ(subtract(at("2026-03-15T18:00:00Z"), of("P1W"), denver), at("2026-03-08T18:00:00Z"));
  // Months first, in local time; then the days.
  EXPECT_EQ(add(at("2026-02-08T19:00:00Z"), of("P1M1D"), denver), at("2026-03-09T18:00:00Z"));
}

TEST(Period, MonthsClampInLocalTime) {
  // 2026-03-31 in Auckland is still the 30th in UTC.
  EXPECT_EQ(subtract(at("2026-03-30T12:00:00Z"), of("P1M"), zone("Pacific/Auckland")),
            at("2026-02-27T12:00:00Z"));
  EXPECT_EQ(subtract(at("2026-03-30T12:00:00Z"), of("P1M"), time_zone()),
            at("2026-02-28T12:00:00Z"));
  EXPECT_EQ(add(at("2024-02-29T08:00:00Z"), of("P1Y"), time_zone()), at("2025-02-28T08:00:00Z"));
}

TEST(Period, StopsAtTheEndsOfTime) {
  EXPECT_EQ(add(at("9999-06-01T00:00:00Z"), of("P1Y"), time_zone()), instant::max());
  EXPECT_EQ(subtract(at("0001-06-01T00:00:00Z"), of("PT87658200H"), time_zone()), instant::min());
  EXPECT_EQ(subtract(at("2026-06-01T00:00:00Z"), of("P10000Y"), time_zone()), instant::min());
}

TEST(Period, AppliesToDates) {
  const civil_date date{2026, 3, 31};
  EXPECT_EQ(subtract(date, of("P1M1D")), (civil_date{2026, 2, 27}));
  EXPECT_EQ(add(date, of("P2W")), (civil_date{2026, 4, 14}));
  EXPECT_FALSE(add(date, of("P9000Y")));
  EXPECT_THROW(static_cast<void>(add(date, of("PT1H"))), std::logic_error);
  EXPECT_THROW(static_cast<void>(add(date, period{.days = -1})), std::logic_error);
}

TEST(Period, WithoutCalendarPartIsExact) {
  test::random_source random;
  SCOPED_TRACE(random.replay());
  const time_zone london = zone("Europe/London");
  for (int i = 0; i < 5'000; ++i) {
    const instant t = random.when(0, 4'000'000'000);
    const std::int64_t seconds = random.between(0, 10'000'000);
    const period p{.seconds = seconds};
    ASSERT_EQ(subtract(add(t, p, london), p, london), t) << t.to_string();
    ASSERT_EQ(add(t, p, london).seconds(), t.seconds() + seconds);
  }
}

}  // namespace
}  // namespace leeway
