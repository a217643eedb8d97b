// SPDX-License-Identifier: Apache-2.0
#ifndef LEEWAY_SRC_BASE_TEXT_HPP
#define LEEWAY_SRC_BASE_TEXT_HPP

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

namespace leeway::detail {

// Not std::isdigit: that one asks the locale, and is undefined for negative chars.
[[nodiscard]] constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
[[nodiscard]] constexpr bool is_upper(char c) noexcept { return c >= 'A' && c <= 'Z'; }
[[nodiscard]] constexpr bool is_lower(char c) noexcept { return c >= 'a' && c <= 'z'; }

[[nodiscard]] constexpr bool all_digits(std::string_view text) noexcept {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

/// Digits, and no zero in front of another digit.
[[nodiscard]] constexpr bool is_plain_number(std::string_view text) noexcept {
  return all_digits(text) && (text.size() == 1 || text.front() != '0');
}

[[nodiscard]] constexpr bool all_zeros(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(), [](char c) { return c == '0'; });
}

/// The value of a text that is all digits; nothing when it does not fit.
[[nodiscard]] constexpr std::optional<std::int64_t> to_int64(std::string_view digits) noexcept {
  std::int64_t value = 0;
  for (const char c : digits) {
    if (__builtin_mul_overflow(value, std::int64_t{10}, &value) ||
        __builtin_add_overflow(value, std::int64_t{c - '0'}, &value)) {
      return std::nullopt;
    }
  }
  return value;
}

/// Of a number in decimal notation that no double holds, whether it is too large rather than too
/// near zero: whether its first digit that counts stands before the point.
[[nodiscard]] constexpr bool is_huge(std::string_view number) noexcept {
  const std::size_t e = number.find_first_of("eE");
  const std::string_view digits = number.substr(0, e);
  const std::size_t point = std::min(digits.find('.'), digits.size());
  const std::size_t first = std::min(digits.find_first_of("123456789"), digits.size());
  if (e == std::string_view::npos) return first < point;
  std::string_view power = number.substr(e + 1);
  const bool negative = power.starts_with('-');
  if (negative || power.starts_with('+')) power.remove_prefix(1);
  const std::int64_t by = to_int64(power).value_or(INT64_MAX / 2);
  const auto place = static_cast<std::int64_t>(point) - static_cast<std::int64_t>(first);
  return place + (negative ? -by : by) > 0;
}

/// A double in decimal notation, without the locale; nothing when it is none, or too large. What is
/// too near zero is zero, as IEEE rounding has it.
[[nodiscard]] inline std::optional<double> to_double(std::string_view text) noexcept {
  double out = 0;
  const char* const last = text.data() + text.size();
  const auto read = std::from_chars(text.data(), last, out);
  if (read.ptr != last || read.ec == std::errc::invalid_argument) return std::nullopt;
  if (read.ec == std::errc{}) return out;
  if (is_huge(text)) return std::nullopt;
  return text.starts_with('-') ? -0.0 : 0.0;
}

/// User input for a message: in backticks, shortened, and in plain ASCII on one line whatever it
/// holds, so that a message is always valid UTF-8. What is read here is ASCII when it is right.
[[nodiscard]] inline std::string quoted(std::string_view text) {
  constexpr std::size_t longest = 64;
  std::string out = "`";
  for (const char c : text.substr(0, longest)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x80 && byte < 0xc0) continue;  // inside a character already shown as `?`
    out += byte < 0x20 || byte >= 0x7f || c == '`' ? '?' : c;
  }
  out += text.size() > longest ? "...`" : "`";
  return out;
}

/// Appends n with at least `width` digits.
inline void append_padded(std::string& out, std::int64_t n, std::size_t width) {
  // Two digits are what dates and times are made of.
  if (width == 2 && n >= 0 && n < 100) {
    out += static_cast<char>('0' + n / 10);
    out += static_cast<char>('0' + n % 10);
    return;
  }
  std::array<char, 20> digits{};
  const char* const end = std::to_chars(digits.data(), digits.data() + digits.size(), n).ptr;
  const auto count = static_cast<std::size_t>(end - digits.data());
  if (count < width) out.append(width - count, '0');
  out.append(digits.data(), count);
}

/// Appends nanoseconds (0..999999999) as the shortest fraction, `.5`; nothing for zero.
inline void append_fraction(std::string& out, std::int32_t nanos) {
  if (nanos == 0) return;
  out += '.';
  append_padded(out, nanos, 9);
  out.erase(out.find_last_not_of('0') + 1);
}

}  // namespace leeway::detail

#endif
