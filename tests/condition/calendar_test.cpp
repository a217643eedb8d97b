// SPDX-License-Identifier: Apache-2.0
// Working days, against counting them one by one.
#include "condition/calendar.hpp"

#include "condition/support.hpp"

#include <gtest/gtest.h>

namespace leeway::condition::test {
namespace {

civil_date day(std::int64_t n) { return civil_date::from_days(n).value(); }

std::int64_t counted(const working_calendar& c, std::int64_t a, std::int64_t b) {
  std::int64_t out = 0;
  for (std::int64_t n = a + 1; n <= b; ++n) out += c.works(day(n)) ? 1 : 0;
  return out;
}

TEST(WorkingCalendar, AgreesWithCountingDayByDay) {
  const std::uint64_t s = seed();
  SCOPED_TRACE(replay(s));
  std::mt19937_64 random(s);
  const auto below = [&](int end) {
    return std::uniform_int_distribution<int>(0, end - 1)(random);
  };
  for (int round = 0; round < 300; ++round) {
    std::vector<int> weekend;
    for (int i = 1; i <= 7; ++i) {
      if (weekend.size() < 6 && below(3) == 0) weekend.push_back(i);
    }
    std::vector<civil_date> holidays;
    for (int i = below(30); i > 0; --i) holidays.push_back(day(20000 + below(120)));
    const working_calendar c(weekend, holidays);
    const std::int64_t a = 20000 + below(120), b = a + below(60);
    EXPECT_EQ(c.between(day(a), day(b)), counted(c, a, b));
    EXPECT_EQ(c.between(day(b), day(a)), -counted(c, a, b));
    const std::int64_t n = 1 + below(40);
    const auto later = c.add(day(a), n);
    ASSERT_TRUE(later.has_value());
    EXPECT_TRUE(c.works(*later));
    EXPECT_EQ(counted(c, a, days_from_civil(*later)), n);
    const auto earlier = c.add(day(a), -n);
    ASSERT_TRUE(earlier.has_value());
    EXPECT_TRUE(c.works(*earlier));
    EXPECT_EQ(counted(c, days_from_civil(*earlier) - 1, a - 1), n);
  }
}

TEST(WorkingCalendar, HasNoDaysOutsideTheYears) {
  const working_calendar plain;
  EXPECT_EQ(plain.add({9999, 12, 31}, 1), std::nullopt);
  EXPECT_EQ(plain.add({1, 1, 1}, -1), std::nullopt);
  EXPECT_EQ(plain.add({1, 1, 1}, 0), (civil_date{1, 1, 1}));
  EXPECT_EQ(plain.add({9999, 12, 30}, 1), (civil_date{9999, 12, 31})) << "a Friday";
  const working_calendar never({1, 2, 3, 4, 5, 6, 7}, {});
  EXPECT_EQ(never.add({2026, 1, 1}, 1), std::nullopt);
  EXPECT_EQ(never.add({2026, 1, 1}, -1), std::nullopt);
}

}  // namespace
}  // namespace leeway::condition::test
