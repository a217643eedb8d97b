// SPDX-License-Identifier: Apache-2.0
#include "base/random.hpp"

#include <leeway/base/window.hpp>

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <string>

namespace leeway {
namespace {

window of(const char* text) { return window::parse(text).value(); }
instant at(const char* text) { return instant::parse(text).value(); }
time_zone zone(const char* name) { return time_zone::find(name).value(); }

instant after(instant t, std::int64_t nanos) {
  return checked_add(t, duration::make(0, nanos).value()).value();
}

TEST(Window, ReadsAndWritesItsForms) {
  for (const char* text : {"P90D", "P6M", "PT12H", "lifetime", "calendar day", "calendar week",
                           "calendar month", "calendar quarter", "calendar year",
                           "calendar year from 04-06", "calendar quarter from 02-15"}) {
    EXPECT_EQ(of(text).to_string(), text);
    EXPECT_EQ(window::parse(of(text).to_string()).value(), of(text));
  }
  EXPECT_EQ(of("calendar year from 01-01"), of("calendar year"));
}

TEST(Window, RefusesEverythingElseByCode) {
  const auto code = [](const char* text) {
    const auto parsed = window::parse(text);
    return parsed ? "parsed" : parsed.error().code;
  };
  for (const char* text : {"", "90 days", "calendar", "calendar ", "calendar decade", "Lifetime",
                           "calendar year from", "calendar year from 4-6", "calendar  year",
                           "calendar year from 13-01", "calendar year since 04-06"}) {
    EXPECT_EQ(code(text), "window_syntax") << text;
  }
  EXPECT_EQ(code("P0D"), "window_empty");
  EXPECT_EQ(code("P1.5D"), "period_syntax");
  EXPECT_EQ(code("P99999Y"), "period_range");
  for (const char* text :
       {"calendar month from 04-06", "calendar year from 02-29", "calendar quarter from 01-31"}) {
    EXPECT_EQ(code(text), "window_anchor") << text;
  }
  EXPECT_FALSE(window::rolling(period{.days = -1}));
}

TEST(Window, RollingCoversAfterItsBeginningUpToNow) {
  const window w = of("P90D");
  const instant now = at("2026-11-21T15:04:05Z");
  const instant edge = at("2026-08-23T15:04:05Z");
  EXPECT_EQ(w.begins(now, time_zone()), edge);
  EXPECT_FALSE(w.contains(edge, now, time_zone()));
  EXPECT_TRUE(w.contains(after(edge, 1), now, time_zone()));
  EXPECT_TRUE(w.contains(now, now, time_zone()));
  EXPECT_FALSE(w.contains(after(now, 1), now, time_zone()));
  EXPECT_EQ(w.leaves(edge, time_zone()), now);
}

TEST(Window, RollingMonthsFollowTheCalendar) {
  const window w = of("P6M");
  EXPECT_EQ(w.begins(at("2026-08-31T12:00:00Z"), time_zone()), at("2026-02-28T12:00:00Z"));
  EXPECT_EQ(w.leaves(at("2026-02-28T12:00:00Z"), time_zone()), at("2026-08-28T12:00:00Z"));
  // No day of February is the 30th less six months: what happened then leaves with 1 March.
  EXPECT_EQ(of("P1M").leaves(at("2026-01-30T12:00:00Z"), time_zone()), at("2026-03-01T00:00:00Z"));
}

TEST(Window, CalendarUnitsBeginAtLocalMidnight) {
  const time_zone denver = zone("America/Denver");
  const instant t = at("2026-11-21T15:04:05Z");  // a Saturday
  EXPECT_EQ(of("calendar day").begins(t, denver), at("2026-11-21T07:00:00Z"));
  EXPECT_EQ(of("calendar week").begins(t, denver), at("2026-11-16T07:00:00Z"));
  EXPECT_EQ(of("calendar month").begins(t, denver), at("2026-11-01T06:00:00Z"));
  EXPECT_EQ(of("calendar quarter").begins(t, denver), at("2026-10-01T06:00:00Z"));
  EXPECT_EQ(of("calendar year").begins(t, denver), at("2026-01-01T07:00:00Z"));
  EXPECT_EQ(of("calendar month").leaves(t, denver), at("2026-12-01T07:00:00Z"));
}

TEST(Window, UnitsMayBeCountedFromAnotherDay) {
  const window tax_year = of("calendar year from 04-06");
  EXPECT_EQ(tax_year.begins(at("2026-04-05T23:00:00Z"), time_zone()), at("2025-04-06T00:00:00Z"));
  EXPECT_EQ(tax_year.begins(at("2026-04-06T00:00:00Z"), time_zone()), at("2026-04-06T00:00:00Z"));
  EXPECT_EQ(tax_year.leaves(at("2026-03-01T00:00:00Z"), time_zone()), at("2026-04-06T00:00:00Z"));
  const window quarter = of("calendar quarter from 02-15");
  EXPECT_EQ(quarter.begins(at("2026-02-14T00:00:00Z"), time_zone()), at("2025-11-15T00:00:00Z"));
  EXPECT_EQ(quarter.begins(at("2026-07-01T00:00:00Z"), time_zone()), at("2026-05-15T00:00:00Z"));
  EXPECT_EQ(of("calendar year from 08-31").begins(at("2026-09-30T00:00:00Z"), time_zone()),
            at("2026-08-31T00:00:00Z"));
}

TEST(Window, LifetimeHoldsAllThatHasHappened) {
  const window w = of("lifetime");
  EXPECT_TRUE(w.contains(instant::min(), instant::max(), time_zone()));
  EXPECT_FALSE(w.contains(instant::max(), instant::min(), time_zone()));
  EXPECT_FALSE(w.begins(instant(), time_zone()));
  EXPECT_FALSE(w.leaves(instant(), time_zone()));
  EXPECT_EQ(w, window());
}

TEST(Window, WorksAtTheEndsOfTime) {
  for (const char* text : {"P90D", "P6M", "P10000Y", "calendar day", "calendar week",
                           "calendar quarter from 02-15", "calendar year from 12-31", "lifetime"}) {
    for (const char* name : {"UTC", "-11:00", "+13:00", "America/Denver"}) {
      for (const instant t : {instant::min(), after(instant::min(), 1), instant::max()}) {
        EXPECT_TRUE(of(text).contains(t, t, zone(name))) << text << ' ' << name;
        const auto leaves = of(text).leaves(t, zone(name));
        EXPECT_TRUE(!leaves || *leaves > t) << text << ' ' << name;
      }
    }
  }
}

/// Zones with every kind of change: at midnight, over midnight (00:01 back to 23:01), of half an
/// hour, of a whole day left out, in both hemispheres.
constexpr std::array zones = {
    "UTC",          "America/Denver", "America/St_Johns",    "America/Havana",  "America/Sao_Paulo",
    "Pacific/Apia", "Europe/London",  "Australia/Lord_Howe", "Pacific/Auckland"};

constexpr std::array windows = {"PT36H",
                                "P1D",
                                "P7D",
                                "P90D",
                                "P1M",
                                "P6M",
                                "P1Y",
                                "P1M15DT6H",
                                "calendar day",
                                "calendar week",
                                "calendar month",
                                "calendar quarter",
                                "calendar year",
                                "calendar year from 04-06",
                                "calendar quarter from 02-15"};

/// An instant near a change of the clocks every other time, so that these are not rare.
instant interesting(test::random_source& random, time_zone z) {
  const instant t = random.when(300'000'000, 2'500'000'000);
  const zone_offset stretch = z.offset_at(t);
  if (random.between(0, 1) == 0 || !stretch.ends) return t;
  const std::int64_t away = random.between(-3, 3) * 86'400 + random.between(-5'400, 5'400);
  return instant::make(stretch.ends->seconds() + away).value();
}

TEST(Window, LeavesIsWhenAnEntryFirstStopsCounting) {
  test::random_source random;
  SCOPED_TRACE(random.replay());
  for (int i = 0; i < 3'000; ++i) {
    const char* name = random.pick(zones);
    const time_zone z = zone(name);
    const char* text = random.pick(windows);
    const window w = of(text);
    const instant entry = interesting(random, z);
    SCOPED_TRACE(std::string(text) + ' ' + name + ' ' + entry.to_string());
    const auto leaves = w.leaves(entry, z);
    ASSERT_TRUE(leaves);
    ASSERT_GT(*leaves, entry);
    ASSERT_TRUE(w.contains(entry, entry, z));
    ASSERT_TRUE(w.contains(entry, after(*leaves, -1), z));
    ASSERT_FALSE(w.contains(entry, *leaves, z));
    for (int n = 0; n < 20; ++n) {
      const instant t = random.when(entry.seconds() + 1, leaves->seconds() + 1);
      if (t >= *leaves) continue;
      ASSERT_TRUE(w.contains(entry, t, z)) << t.to_string();
      ASSERT_EQ(w.leaves(entry, t, z), leaves) << t.to_string();
    }
    ASSERT_FALSE(w.leaves(entry, *leaves, z));
  }
}

TEST(Window, ContainsIsFromFirstUpToNow) {
  test::random_source random;
  SCOPED_TRACE(random.replay());
  for (int i = 0; i < 5'000; ++i) {
    const char* name = random.pick(zones);
    const time_zone z = zone(name);
    const char* text = random.pick(windows);
    const window w = of(text);
    const instant t = interesting(random, z);
    SCOPED_TRACE(std::string(text) + ' ' + name + ' ' + t.to_string());
    const instant first = w.first(t, z);
    ASSERT_LE(first, t);
    ASSERT_TRUE(w.contains(first, t, z));
    ASSERT_TRUE(w.contains(t, t, z));
    ASSERT_FALSE(w.contains(after(first, -1), t, z));
    ASSERT_FALSE(w.contains(after(t, 1), t, z));
    const bool rolling = w.which() == window::kind::rolling;
    ASSERT_EQ(after(*w.begins(t, z), rolling ? 1 : 0), first);
  }
}

TEST(Window, CalendarUnitsFollowOneAnother) {
  test::random_source random;
  SCOPED_TRACE(random.replay());
  for (int i = 0; i < 5'000; ++i) {
    const char* name = random.pick(zones);
    const time_zone z = zone(name);
    const char* text = random.pick(windows);
    const window w = of(text);
    if (w.which() != window::kind::calendar) continue;
    const instant t = interesting(random, z);
    SCOPED_TRACE(std::string(text) + ' ' + name + ' ' + t.to_string());
    const instant ends = w.leaves(t, z).value();
    ASSERT_EQ(w.begins(ends, z), ends);
    ASSERT_EQ(w.begins(after(ends, -1), z), w.begins(t, z));
  }
}

}  // namespace
}  // namespace leeway
