// SPDX-License-Identifier: Apache-2.0
#include "base/random.hpp"

#include <leeway/base/time.hpp>

#include <date/tz.h>
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

namespace leeway {
namespace {

constexpr std::array names = {"America/Denver", "America/St_Johns", "America/Sao_Paulo",
                              "Europe/London",  "Europe/Dublin",    "Africa/Casablanca",
                              "Asia/Kolkata",   "Asia/Tehran",      "Australia/Lord_Howe",
                              "Pacific/Apia",   "Pacific/Auckland", "America/Havana",
                              "Asia/Kathmandu", "Antarctica/Troll", "America/Argentina/San_Luis",
                              "Asia/Gaza",      "Etc/GMT+5",        "US/Mountain"};

time_zone zone(const char* name) { return time_zone::find(name).value(); }
instant at(const char* text) { return instant::parse(text).value(); }

TEST(TimeZone, FindsNamesUtcAndOffsets) {
  EXPECT_EQ(zone("UTC"), time_zone());
  EXPECT_EQ(zone("UTC").name(), "UTC");
  EXPECT_EQ(zone("America/Denver").name(), "America/Denver");
  EXPECT_EQ(zone("America/Denver"), zone("America/Denver"));
  EXPECT_EQ(zone("+05:30").offset_at(instant()).seconds, 19'800);
  EXPECT_EQ(zone("-02:30").offset_at(instant()).seconds, -9'000);
  EXPECT_EQ(zone("02:30"), zone("+02:30"));
  EXPECT_EQ(zone("02:30").name(), "+02:30");
}

TEST(TimeZone, RefusesWhatIsNoZone) {
  for (const char* name : {"", "Denver/America", "america/denver", "../etc/passwd", "/etc/passwd",
                           "America/../America/Denver", "America", "America/", "localtime",
                           "right/UTC", "posix/UTC", "tzdata.zi", "America/Denver ", "Z"}) {
    const auto found = time_zone::find(name);
    ASSERT_FALSE(found) << name;
    EXPECT_EQ(found.error().code, "zone_unknown") << name;
  }
  for (const char* name : {"+5:30", "+0530", "+24:00", "-12:60", "+05:30:00", "-", "5"}) {
    const auto found = time_zone::find(name);
    ASSERT_FALSE(found) << name;
    EXPECT_EQ(found.error().code, "zone_syntax") << name;
  }
}

TEST(TimeZone, AgreesWithTheDateLibraryUntil2037) {
  test::random_source random;
  SCOPED_TRACE(random.replay());
  for (const char* name : names) {
    const auto* theirs = date::locate_zone(name);
    const time_zone ours = zone(name);
    for (int i = 0; i < 2'000; ++i) {
      const instant t = random.when(-2'500'000'000, 2'100'000'000);
      const auto info = theirs->get_info(date::sys_seconds(std::chrono::seconds(t.seconds())));
      ASSERT_EQ(ours.offset_at(t).seconds, info.offset.count()) << name << ' ' << t.to_string();
    }
  }
}

TEST(TimeZone, KeepsItsRulesBeyond2037) {
  EXPECT_EQ(zone("America/Denver").offset_at(at("2040-07-01T00:00:00Z")).seconds, -21'600);
  EXPECT_EQ(zone("America/Denver").offset_at(at("2040-12-01T00:00:00Z")).seconds, -25'200);
  EXPECT_EQ(zone("Europe/London").offset_at(at("2500-07-01T00:00:00Z")).seconds, 3'600);
  EXPECT_EQ(zone("Pacific/Auckland").offset_at(at("2500-01-01T00:00:00Z")).seconds, 46'800);
  EXPECT_EQ(zone("Asia/Kolkata").offset_at(at("9999-01-01T00:00:00Z")).seconds, 19'800);
}

TEST(TimeZone, LocalTimeReadsBack) {
  test::random_source random;
  SCOPED_TRACE(random.replay());
  for (const char* name : names) {
    const time_zone z = zone(name);
    for (int i = 0; i < 2'000; ++i) {
      const instant t = random.when(-5'000'000'000, 10'000'000'000);
      const local_time local = z.to_local(t);
      const int seconds = (local.hour * 60 + local.minute) * 60 + local.second;
      const instant back = z.to_instant(local.date, seconds, local.nanos);
      // The same instant, or the earlier of two that show the same local time.
      ASSERT_LE(back, t) << name << ' ' << t.to_string();
      ASSERT_EQ(z.to_local(back), local) << name << ' ' << t.to_string();
      ASSERT_EQ(z.date_of(t), local.date);
      const instant midnight = z.start_of_day(local.date);
      ASSERT_LE(midnight, t);
      ASSERT_EQ(z.date_of(midnight), local.date) << name << ' ' << t.to_string();
    }
  }
}

TEST(TimeZone, StretchesMeetAndHoldTheirInstant) {
  test::random_source random;
  SCOPED_TRACE(random.replay());
  for (const char* name : names) {
    const time_zone z = zone(name);
    for (int i = 0; i < 1'000; ++i) {
      const instant t = random.when(instant::min_seconds, instant::max_seconds);
      const zone_offset stretch = z.offset_at(t);
      ASSERT_LE(stretch.begins, t);
      if (!stretch.ends) continue;
      ASSERT_GT(*stretch.ends, t);
      ASSERT_EQ(z.offset_at(*stretch.ends).begins, *stretch.ends) << name << ' ' << t.to_string();
    }
  }
}

TEST(TimeZone, SkippedTimesGiveTheFirstInstantAfterTheGap) {
  const time_zone denver = zone("America/Denver");
  EXPECT_EQ(denver.to_instant({2026, 3, 8}, 2 * 3600 + 1800), at("2026-03-08T09:00:00Z"));
  // Midnight of this day was skipped in Sao Paulo.
  EXPECT_EQ(zone("America/Sao_Paulo").start_of_day({2018, 11, 4}), at("2018-11-04T03:00:00Z"));
  // This day was skipped in Samoa.
  EXPECT_EQ(zone("Pacific/Apia").start_of_day({2011, 12, 30}), at("2011-12-30T10:00:00Z"));
  EXPECT_EQ(zone("Pacific/Apia").start_of_day({2011, 12, 31}), at("2011-12-30T10:00:00Z"));
}

TEST(TimeZone, RepeatedTimesGiveTheEarlier) {
  EXPECT_EQ(zone("America/Denver").to_instant({2026, 11, 1}, 3600 + 1800),
            at("2026-11-01T07:30:00Z"));
  EXPECT_EQ(zone("America/Havana").start_of_day({2026, 11, 1}), at("2026-11-01T04:00:00Z"));
}

TEST(TimeZone, StaysWithinTheCalendarAtTheEndsOfTime) {
  EXPECT_EQ(zone("-07:00").date_of(instant::min()), (civil_date{1, 1, 1}));
  EXPECT_EQ(zone("+07:00").date_of(instant::max()), (civil_date{9999, 12, 31}));
  EXPECT_EQ(zone("+07:00").start_of_day({1, 1, 1}), instant::min());
  EXPECT_EQ(zone("-07:00").to_instant({9999, 12, 31}, 86'399), instant::max());
}

TEST(TimeZone, IsFoundByManyThreadsAtOnce) {
  std::vector<std::thread> threads;
  std::array<time_zone, 8> found{};
  for (time_zone& slot : found) {
    threads.emplace_back([&slot] { slot = zone("Asia/Tokyo"); });
  }
  for (std::thread& t : threads) t.join();
  for (const time_zone z : found) EXPECT_EQ(z, found.front());
}

TEST(TimeZoneDataVersion, IsNamedAsReleasesAre) {
  const std::string version = time_zone_data_version();
  if (version == "unknown") GTEST_SKIP() << "this system does not name its release of tzdata";
  EXPECT_EQ(version.substr(0, 2), "20");
}

}  // namespace
}  // namespace leeway
