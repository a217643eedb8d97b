// SPDX-License-Identifier: Apache-2.0
#include "condition/calendar.hpp"

#include <algorithm>

namespace leeway::condition {

namespace {

/// 0 for a Monday: 1970-01-01 was a Thursday.
std::size_t day_of_week(std::int64_t day) {
  return static_cast<std::size_t>(((day + 3) % 7 + 7) % 7);
}

}  // namespace

working_calendar::working_calendar(const std::vector<int>& weekend,
                                   const std::vector<civil_date>& holidays) {
  for (const int one : weekend) {
    if (one >= 1 && one <= 7) off_[static_cast<std::size_t>(one - 1)] = true;
  }
  week_ = std::count(off_.begin(), off_.end(), false);
  for (const civil_date one : holidays) {
    const std::int64_t day = days_from_civil(one);
    if (!off_[day_of_week(day)]) holidays_.push_back(day);
  }
  std::sort(holidays_.begin(), holidays_.end());
  holidays_.erase(std::unique(holidays_.begin(), holidays_.end()), holidays_.end());
}

bool working_calendar::works(std::int64_t day) const {
  return !off_[day_of_week(day)] && !std::binary_search(holidays_.begin(), holidays_.end(), day);
}

bool working_calendar::works(civil_date day) const { return works(days_from_civil(day)); }

std::int64_t working_calendar::worked(std::int64_t a, std::int64_t b) const {
  const std::int64_t weeks = (b - a) / 7;
  std::int64_t out = weeks * week_;
  for (std::int64_t day = a + weeks * 7 + 1; day <= b; ++day) {
    if (!off_[day_of_week(day)]) ++out;
  }
  const auto first = std::upper_bound(holidays_.begin(), holidays_.end(), a);
  const auto last = std::upper_bound(first, holidays_.end(), b);
  return out - (last - first);
}

std::int64_t working_calendar::between(civil_date a, civil_date b) const {
  const std::int64_t from = days_from_civil(a), to = days_from_civil(b);
  return from <= to ? worked(from, to) : -worked(to, from);
}

// The count of days worked only grows with the days, so halving finds where it reaches `n`.
std::optional<civil_date> working_calendar::later(std::int64_t start, std::int64_t n) const {
  std::int64_t low = start + 1;
  std::int64_t high = days_from_civil({9999, 12, 31});
  if (low > high || worked(start, high) < n) return std::nullopt;
  while (low < high) {
    const std::int64_t middle = low + (high - low) / 2;
    if (worked(start, middle) >= n) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return civil_date::from_days(low);
}

// Here the day itself does not count, and the one that is found does.
std::optional<civil_date> working_calendar::earlier(std::int64_t start, std::int64_t n) const {
  std::int64_t low = days_from_civil({1, 1, 1});
  std::int64_t high = start - 1;
  if (low > high || worked(low - 1, high) < n) return std::nullopt;
  while (low < high) {
    const std::int64_t middle = low + (high - low + 1) / 2;
    if (worked(middle - 1, start - 1) >= n) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return civil_date::from_days(low);
}

std::optional<civil_date> working_calendar::add(civil_date day, std::int64_t n) const {
  if (n == 0) return day;
  const std::int64_t start = days_from_civil(day);
  return n > 0 ? later(start, n) : earlier(start, n == INT64_MIN ? INT64_MAX : -n);
}

}  // namespace leeway::condition
