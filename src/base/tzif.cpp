// SPDX-License-Identifier: Apache-2.0
#include "base/tzif.hpp"

#include "base/text.hpp"

#include <leeway/base/time.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

namespace leeway::detail {
namespace {

constexpr std::int64_t seconds_per_day = 86'400;

// ---- POSIX TZ strings

/// Reads from the front of a text; every reader returns false, or nothing, when it finds no such
/// thing, and the caller gives up.
class cursor {
 public:
  explicit cursor(std::string_view text) : text_(text) {}

  [[nodiscard]] bool done() const { return text_.empty(); }

  bool eat(char c) {
    if (!text_.starts_with(c)) return false;
    text_.remove_prefix(1);
    return true;
  }

  bool name() {
    std::size_t length = 0;
    if (text_.starts_with('<')) {
      length = text_.find('>');
      if (length == std::string_view::npos) return false;
      text_.remove_prefix(length + 1);
      return length >= 4;
    }
    while (length < text_.size() && (is_upper(text_[length]) || is_lower(text_[length]))) ++length;
    text_.remove_prefix(length);
    return length >= 3;
  }

  std::optional<int> number(int least, int most) {
    std::size_t length = 0;
    int value = 0;
    while (length < text_.size() && length < 4 && is_digit(text_[length])) {
      value = value * 10 + (text_[length] - '0');
      ++length;
    }
    text_.remove_prefix(length);
    if (length == 0 || value < least || value > most) return std::nullopt;
    return value;
  }

  /// `[+-]hh[:mm[:ss]]` in seconds.
  std::optional<std::int32_t> time(int most_hours) {
    const bool negative = eat('-');
    if (!negative) static_cast<void>(eat('+'));
    const auto hours = number(0, most_hours);
    if (!hours) return std::nullopt;
    std::int32_t seconds = *hours * 3600;
    for (const int scale : {60, 1}) {
      if (!eat(':')) break;
      const auto part = number(0, 59);
      if (!part) return std::nullopt;
      seconds += *part * scale;
    }
    return negative ? -seconds : seconds;
  }

 private:
  std::string_view text_;
};

std::optional<change_rule> read_day(cursor& in) {
  change_rule out;
  if (in.eat('M')) {
    out.how = change_rule::form::month_week_day;
    const auto month = in.number(1, 12);
    if (!month || !in.eat('.')) return std::nullopt;
    const auto week = in.number(1, 5);
    if (!week || !in.eat('.')) return std::nullopt;
    const auto weekday = in.number(0, 6);
    if (!weekday) return std::nullopt;
    out.month = *month;
    out.week = *week;
    out.weekday = *weekday;
    return out;
  }
  const bool no_leap = in.eat('J');
  out.how = no_leap ? change_rule::form::julian_no_leap : change_rule::form::zero_based;
  const auto day = in.number(no_leap ? 1 : 0, 365);
  if (!day) return std::nullopt;
  out.day = *day;
  return out;
}

std::optional<change_rule> read_change(cursor& in) {
  if (!in.eat(',')) return std::nullopt;
  auto out = read_day(in);
  if (!out || !in.eat('/')) return out;
  const auto time = in.time(167);
  if (!time) return std::nullopt;
  out->time = *time;
  return out;
}

// ---- applying them

/// Days since 1970 of the rule's day in that year.
std::int64_t day_of(const change_rule& rule, std::int32_t year) noexcept {
  const std::int64_t new_year = days_from_civil({year, 1, 1});
  if (rule.how == change_rule::form::zero_based) return new_year + rule.day;
  if (rule.how == change_rule::form::julian_no_leap) {
    const bool past_leap_day = days_in_month(year, 2) == 29 && rule.day >= 60;
    return new_year + rule.day - 1 + (past_leap_day ? 1 : 0);
  }
  const civil_date first{year, static_cast<std::uint8_t>(rule.month), 1};
  const int weekday_of_first = first.weekday() % 7;  // 0 is Sunday, as in the rule
  int day = (rule.weekday - weekday_of_first + 7) % 7 + (rule.week - 1) * 7;
  if (day >= days_in_month(year, rule.month)) day -= 7;
  return days_from_civil(first) + day;
}

/// The calendar year of a count of seconds, kept away from the ends so that its neighbours exist.
std::int32_t year_of(std::int64_t seconds) noexcept {
  const std::int64_t days = seconds / seconds_per_day;
  const auto date = civil_date::from_days(days);
  if (!date) return days < 0 ? 2 : 9998;
  return std::clamp(date->year, 2, 9998);
}

}  // namespace

std::optional<posix_rules> parse_posix_tz(std::string_view text) {
  cursor in(text);
  posix_rules out;
  if (!in.name()) return std::nullopt;
  const auto standard = in.time(24);
  if (!standard) return std::nullopt;
  out.standard = -*standard;  // POSIX counts west as positive
  if (in.done()) return out;
  if (!in.name()) return std::nullopt;
  out.daylight = out.standard + 3600;
  cursor ahead = in;
  if (!ahead.eat(',')) {
    const auto daylight = in.time(24);
    if (!daylight) return std::nullopt;
    out.daylight = -*daylight;
  }
  const auto begins = read_change(in);
  if (!begins) return std::nullopt;
  const auto ends = read_change(in);
  if (!ends || !in.done()) return std::nullopt;
  out.begins = *begins;
  out.ends = *ends;
  return out;
}

offset_span tz_rules::after_last(std::int64_t t) const noexcept {
  offset_span out;
  if (!changes_.empty()) {
    out.begins = changes_.back().at;
    out.offset = changes_.back().offset;
  } else {
    out.offset = first_;
  }
  if (!tail_) return out;
  if (!tail_->daylight) {
    out.offset = tail_->standard;
    return out;
  }
  // The changes of the year and of its neighbours bracket t. Where summer time lasts all year, its
  // end and its next beginning fall together; the beginning sorts last, and so wins.
  const std::int32_t year = year_of(t);
  std::array<std::pair<std::int64_t, bool>, 6> near{};
  std::size_t used = 0;
  for (std::int32_t y = year - 1; y <= year + 1; ++y) {
    near[used++] = {
        day_of(tail_->begins, y) * seconds_per_day + tail_->begins.time - tail_->standard, true};
    near[used++] = {day_of(tail_->ends, y) * seconds_per_day + tail_->ends.time - *tail_->daylight,
                    false};
  }
  std::sort(near.begin(), near.end());
  for (const auto& [at, daylight] : near) {
    if (at > t) {
      out.ends = at;
      break;
    }
    out.begins = std::max(out.begins, at);
    out.offset = daylight ? *tail_->daylight : tail_->standard;
  }
  return out;
}

offset_span tz_rules::at(std::int64_t t) const noexcept {
  const auto next = std::upper_bound(changes_.begin(), changes_.end(), t,
                                     [](std::int64_t v, const change& c) { return v < c.at; });
  if (next == changes_.end()) return after_last(t);
  offset_span out;
  out.ends = next->at;
  if (next == changes_.begin()) {
    out.offset = first_;
  } else {
    out.begins = std::prev(next)->at;
    out.offset = std::prev(next)->offset;
  }
  return out;
}

// ---- TZif files

namespace {

failure<error> broken(const char* what) {
  return fail("zone_data",
              std::string("time-zone file ") + what + "; reinstall the system's tzdata");
}

/// A big-endian two's complement number of `size` bytes.
std::int64_t big_endian(std::string_view bytes, std::size_t at, std::size_t size) noexcept {
  std::uint64_t value = static_cast<signed char>(bytes[at]) < 0 ? ~std::uint64_t{0} : 0;
  for (std::size_t i = 0; i < size; ++i) {
    value = (value << 8) | static_cast<unsigned char>(bytes[at + i]);
  }
  return static_cast<std::int64_t>(value);
}

constexpr std::size_t header_size = 44;

struct header {
  char version{0};
  std::size_t isutcnt{0}, isstdcnt{0}, leapcnt{0}, timecnt{0}, typecnt{0}, charcnt{0};

  [[nodiscard]] std::size_t body_size(std::size_t time_size) const noexcept {
    return timecnt * (time_size + 1) + typecnt * 6 + charcnt + leapcnt * (time_size + 4) +
           isstdcnt + isutcnt;
  }
};

std::optional<header> read_header(std::string_view bytes, std::size_t at) {
  if (bytes.size() < at + header_size || bytes.substr(at, 4) != "TZif") return std::nullopt;
  std::array<std::size_t, 6> counts{};
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const std::int64_t count = big_endian(bytes, at + 20 + 4 * i, 4);
    // No real zone has as many; bounding them keeps the sums below far from overflow.
    if (count < 0 || count > 1'000'000) return std::nullopt;
    counts[i] = static_cast<std::size_t>(count);
  }
  return header{bytes[at + 4], counts[0], counts[1], counts[2], counts[3], counts[4], counts[5]};
}

}  // namespace

result<tz_rules> tz_rules::parse(std::string_view bytes) {
  const auto old = read_header(bytes, 0);
  if (!old) return broken("is not in TZif format");
  if (old->version < '2') return broken("is of version 1, without 64-bit times");
  std::size_t at = header_size + old->body_size(4);
  const auto head = read_header(bytes, at);
  if (!head || head->typecnt == 0) return broken("has no 64-bit part");
  at += header_size;
  if (bytes.size() < at + head->body_size(8)) return broken("ends too early");
  if (head->leapcnt != 0) return broken("counts leap seconds");

  const std::size_t types_at = at + head->timecnt * 8;
  const std::size_t offsets_at = types_at + head->timecnt;
  std::vector<std::int32_t> offsets;
  for (std::size_t i = 0; i < head->typecnt; ++i) {
    const auto offset = static_cast<std::int32_t>(big_endian(bytes, offsets_at + 6 * i, 4));
    if (offset < -93'599 || offset > 93'599) return broken("has an offset beyond 26 hours");
    offsets.push_back(offset);
  }
  tz_rules out(offsets.front());
  std::int32_t current = out.first_;
  for (std::size_t i = 0; i < head->timecnt; ++i) {
    const std::int64_t when = big_endian(bytes, at + 8 * i, 8);
    const auto type = static_cast<unsigned char>(bytes[types_at + i]);
    if (type >= offsets.size()) return broken("names an offset that it does not have");
    if (i > 0 && when <= big_endian(bytes, at + 8 * (i - 1), 8)) return broken("is out of order");
    if (offsets[type] == current) continue;  // a new abbreviation only
    current = offsets[type];
    out.changes_.push_back({when, current});
  }
  std::string_view footer = bytes.substr(at + head->body_size(8));
  if (footer.size() < 2 || footer.front() != '\n') return broken("has no footer");
  footer.remove_prefix(1);
  const std::size_t end = footer.find('\n');
  if (end == std::string_view::npos) return broken("has no footer");
  if (end == 0) return out;
  out.tail_ = parse_posix_tz(footer.substr(0, end));
  if (!out.tail_) return broken("has a footer that is no POSIX rule");
  return out;
}

}  // namespace leeway::detail
