// SPDX-License-Identifier: Apache-2.0
// Which days are worked, and counting them in a bounded number of steps.
#pragma once

#include <leeway/base/time.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace leeway::condition {

/// A week with its days off, and holidays. Immutable; share freely between threads.
class working_calendar {
 public:
  /// Monday to Friday, no holidays.
  working_calendar() : working_calendar({6, 7}, {}) {}
  /// `weekend`: ISO weekdays, 1 is Monday. Where it names all seven, no day is worked.
  working_calendar(const std::vector<int>& weekend, const std::vector<civil_date>& holidays);

  bool works(civil_date day) const;
  /// Days worked after `a`, up to and including `b`; the other way round when `b` is before `a`,
  /// and negative. Takes steps in proportion to the logarithm of the number of holidays.
  std::int64_t between(civil_date a, civil_date b) const;
  /// The `n`th day worked after `day`; before it when `n` is negative; `day` itself for 0. Nothing
  /// when it is outside years 1 to 9999.
  std::optional<civil_date> add(civil_date day, std::int64_t n) const;

 private:
  /// Days worked among (a, b], by number of day; a <= b.
  std::int64_t worked(std::int64_t a, std::int64_t b) const;
  bool works(std::int64_t day) const;
  std::optional<civil_date> later(std::int64_t start, std::int64_t n) const;
  std::optional<civil_date> earlier(std::int64_t start, std::int64_t n) const;

  std::array<bool, 7> off_{};             // by days since a Monday
  std::int64_t week_{};                   // days worked in a week without holidays
  std::vector<std::int64_t> holidays_{};  // sorted, once each, none of them off anyway
};

}  // namespace leeway::condition
