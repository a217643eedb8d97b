// SPDX-License-Identifier: Apache-2.0
#ifndef LEEWAY_BASE_WINDOW_HPP
#define LEEWAY_BASE_WINDOW_HPP

#include <leeway/base/result.hpp>
#include <leeway/base/time.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace leeway {

/// Stored: never renumber.
enum class calendar_unit : std::uint8_t { day = 0, week = 1, month = 2, quarter = 3, year = 4 };

/// `day`, `week`, `month`, `quarter`, `year`; static lifetime.
[[nodiscard]] std::string_view to_string(calendar_unit unit) noexcept;

/// A month and a day from which years or quarters are counted, such as 6 April.
struct month_day {
  std::uint8_t month{1};
  std::uint8_t day{1};

  friend bool operator==(const month_day&, const month_day&) = default;
};

/// Which entries of history count at an instant. No window reaches past the instant it is asked
/// about.
///
/// - rolling, of length W: (at - W, at], so an entry exactly W old has left. At - W is subtract(at,
///   W, zone).
/// - calendar: the entries up to `at` in the same local day, week (from Monday), month, quarter or
///   year. Quarters and years may be counted from a day other than 1 January.
/// - lifetime: every entry up to `at`.
///
/// Immutable, cheap to copy, thread-safe.
class window {
 public:
  enum class kind : std::uint8_t { rolling = 0, calendar = 1, lifetime = 2 };

  /// Lifetime.
  window() = default;

  /// Errors: `window_empty` when the period is zero, `window_range` when it is not valid().
  [[nodiscard]] static result<window> rolling(const period& length);
  /// Errors: `window_anchor`: only quarters and years take an anchor, it must be a day of every
  /// year (not 29 February), and a quarter's must be one of days 1 to 28.
  [[nodiscard]] static result<window> calendar(calendar_unit unit, month_day anchor = {});
  [[nodiscard]] static window lifetime() noexcept;

  /// Reads `"P90D"`, `"calendar month"`, `"calendar year from 04-06"`, `"lifetime"`:
  ///
  ///     window = period | "calendar " unit [" from " MM-DD] | "lifetime"
  ///     unit   = "day" | "week" | "month" | "quarter" | "year"
  ///
  /// Errors: `window_syntax`, and those of period::parse(), rolling() and calendar().
  [[nodiscard]] static result<window> parse(std::string_view text);

  [[nodiscard]] kind which() const noexcept { return kind_; }
  /// The length of a rolling window; zero for the others.
  [[nodiscard]] const period& length() const noexcept { return length_; }
  /// The unit of a calendar window; meaningless for the others.
  [[nodiscard]] calendar_unit unit() const noexcept { return unit_; }
  [[nodiscard]] month_day anchor() const noexcept { return anchor_; }

  /// Canonical: an anchor of 1 January is left out. parse() reads it back.
  [[nodiscard]] std::string to_string() const;

  /// Whether an entry of instant `entry` counts at `at`.
  [[nodiscard]] bool contains(instant entry, instant at, time_zone zone) const;

  /// Where the window that ends at `at` begins; nothing when it has no beginning (lifetime, or a
  /// rolling one longer than time itself). EXCLUSIVE for rolling windows (at - W itself does not
  /// count), inclusive for calendar ones: first() is the same edge and always inclusive.
  [[nodiscard]] std::optional<instant> begins(instant at, time_zone zone) const;

  /// The earliest instant at which an entry would count at `at`: contains(entry, at) is
  /// first(at) <= entry <= at. For a lifetime window instant::min().
  [[nodiscard]] instant first(instant at, time_zone zone) const;

  /// When an entry stops counting: the smallest t >= entry with !contains(entry, t); nothing when
  /// it never does within the range of instants. It counts at every instant from `entry` up to, not
  /// including, that one.
  ///
  /// Rolling windows of months can count an entry again: subtracting P1M takes both 28 and 31 March
  /// to 28 February, so what left on the 28th at noon is seen again on the 31st in the morning.
  /// Likewise for an hour where clocks are set back. Days, weeks, hours in UTC never do. Use
  /// contains() to decide, leaves() to tell.
  [[nodiscard]] std::optional<instant> leaves(instant entry, time_zone zone) const;
  /// The same; nothing also when the entry does not count at `at`. This is when it next stops
  /// counting after `at`.
  [[nodiscard]] std::optional<instant> leaves(instant entry, instant at, time_zone zone) const;

  friend bool operator==(const window&, const window&) = default;

 private:
  kind kind_{kind::lifetime};
  calendar_unit unit_{calendar_unit::day};
  month_day anchor_{};
  period length_{};
};

}  // namespace leeway

#endif
