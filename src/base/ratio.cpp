// SPDX-License-Identifier: Apache-2.0
#include "base/int128.hpp"
#include "base/text.hpp"

#include <leeway/base/ratio.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

namespace leeway {
namespace detail {

std::string to_decimal(int128 v, int decimals) {
  // The smallest number has no opposite, but its distance from zero has a place here.
  uint128 large = v < 0 ? -static_cast<uint128>(v) : static_cast<uint128>(v);
  std::array<char, 64> room{};  // 39 digits at most, a point and a sign
  char* const end = room.data() + room.size();
  char* at = end;
  int count = 0;
  const auto put = [&](unsigned digit) {
    *--at = static_cast<char>('0' + digit);
    if (++count == decimals) *--at = '.';
  };
  // Nearly every number fits 64 bits, which are divided much faster.
  for (; large > UINT64_MAX; large /= 10) put(static_cast<unsigned>(large % 10));
  auto rest = static_cast<std::uint64_t>(large);
  for (; rest != 0 || count <= decimals; rest /= 10) put(static_cast<unsigned>(rest % 10));
  if (v < 0) *--at = '-';
  return {at, end};
}

std::string to_decimal_or_fraction(int128 num, int128 den) {
  const int128 g = gcd_128(num, den);
  num /= g;
  den /= g;
  constexpr int most_decimals = 18;
  int128 power = 1;
  for (int decimals = 0; decimals <= most_decimals; ++decimals, power *= 10) {
    if (power % den == 0) return to_decimal(num * (power / den), decimals);
  }
  return to_decimal(num, 0) + '/' + to_decimal(den, 0);
}

}  // namespace detail

namespace {

using detail::int128;
using detail::quoted;

// 10^37 is the largest power of ten below 2^127 / 10, so that as many digits always fit.
constexpr std::size_t most_digits = 37;

std::optional<ratio> make_ratio(int128 num, int128 den) noexcept {
  const auto f = detail::reduce(num, den);
  if (!f) return std::nullopt;
  return ratio::make(f->num, f->den);
}

std::optional<exact_money> make_money(int128 num, int128 den, currency cur) noexcept {
  const auto f = detail::reduce(num, den);
  if (!f) return std::nullopt;
  return exact_money::make(f->num, f->den, cur);
}

int128 cross(std::int64_t a, std::int64_t b) noexcept { return int128{a} * b; }

std::strong_ordering compare(int128 a, int128 b) noexcept {
  if (a == b) return std::strong_ordering::equal;
  return a < b ? std::strong_ordering::less : std::strong_ordering::greater;
}

failure<error> bad_ratio(std::string_view text) {
  return fail("ratio_syntax",
              quoted(text) + " is not a ratio; write it like `12.5%`, `0.125`, `1/8` or `3`");
}

failure<error> out_of_range(std::string_view text) {
  return fail("ratio_range", quoted(text) +
                                 " is out of range; numerator and denominator in lowest "
                                 "terms must fit in 64 bits");
}

/// A text of at most most_digits digits.
int128 to_int128(std::string_view digits) noexcept {
  int128 value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}

result<ratio> finish(std::string_view text, bool negative, int128 num, int128 den) {
  if (den == 0) {
    return fail("ratio_zero_denominator", quoted(text) + " divides by zero; use another divisor");
  }
  if (negative && num == 0) {
    return fail("ratio_syntax", quoted(text) + " is a negative zero; leave the minus out");
  }
  if (const auto made = make_ratio(negative ? -num : num, den)) return *made;
  return out_of_range(text);
}

result<ratio> parse_fraction(std::string_view text, bool negative, std::string_view body,
                             std::size_t slash) {
  const std::string_view num = body.substr(0, slash);
  const std::string_view den = body.substr(slash + 1);
  if (!detail::is_plain_number(num) || !detail::is_plain_number(den)) return bad_ratio(text);
  if (num.size() > most_digits || den.size() > most_digits) return out_of_range(text);
  return finish(text, negative, to_int128(num), to_int128(den));
}

result<ratio> parse_decimal(std::string_view text, bool negative, std::string_view body) {
  const bool percent = body.ends_with('%');
  if (percent) body.remove_suffix(1);
  const std::size_t point = body.find('.');
  const std::string_view whole = body.substr(0, point);
  std::string_view decimals;
  if (point != std::string_view::npos) {
    decimals = body.substr(point + 1);
    if (!detail::all_digits(decimals)) return bad_ratio(text);
    decimals = decimals.substr(0, decimals.find_last_not_of('0') + 1);
  }
  if (!detail::is_plain_number(whole)) return bad_ratio(text);
  const std::size_t places = decimals.size() + (percent ? 2 : 0);
  if (whole.size() + places > most_digits) return out_of_range(text);
  int128 den = 1;
  for (std::size_t i = 0; i < places; ++i) den *= 10;
  return finish(text, negative, to_int128(std::string(whole).append(decimals)), den);
}

}  // namespace

std::optional<ratio> ratio::make(std::int64_t num, std::int64_t den) noexcept {
  const auto f = detail::reduce(num, den);
  if (!f) return std::nullopt;
  return ratio(f->num, f->den);
}

result<ratio> ratio::parse(std::string_view text) {
  std::string_view body = text;
  const bool negative = body.starts_with('-');
  if (negative) body.remove_prefix(1);
  const std::size_t slash = body.find('/');
  if (slash != std::string_view::npos) return parse_fraction(text, negative, body, slash);
  return parse_decimal(text, negative, body);
}

std::string ratio::to_string() const { return detail::to_decimal_or_fraction(num_, den_); }

std::strong_ordering operator<=>(ratio a, ratio b) noexcept {
  return compare(cross(a.num_, b.den_), cross(b.num_, a.den_));
}

std::optional<ratio> checked_add(ratio a, ratio b) noexcept {
  return make_ratio(cross(a.num(), b.den()) + cross(b.num(), a.den()), cross(a.den(), b.den()));
}

std::optional<ratio> checked_sub(ratio a, ratio b) noexcept {
  return make_ratio(cross(a.num(), b.den()) - cross(b.num(), a.den()), cross(a.den(), b.den()));
}

std::optional<ratio> checked_mul(ratio a, ratio b) noexcept {
  return make_ratio(cross(a.num(), b.num()), cross(a.den(), b.den()));
}

std::optional<ratio> checked_div(ratio a, ratio b) noexcept {
  return make_ratio(cross(a.num(), b.den()), cross(a.den(), b.num()));
}

std::optional<ratio> checked_neg(ratio a) noexcept { return make_ratio(-int128{a.num()}, a.den()); }

namespace {

constexpr std::array<std::string_view, 7> rounding_names = {
    "half_even", "half_up", "half_down", "up", "down", "ceiling", "floor"};

/// One step away from zero, or none, for a remainder of `rest` (not zero) over `den`.
std::optional<bool> steps_away(rounding mode, bool negative, bool odd, std::int64_t rest,
                               std::int64_t den) noexcept {
  const std::strong_ordering half = rest <=> den - rest;
  switch (mode) {
    case rounding::half_even: return half > 0 || (half == 0 && odd);
    case rounding::half_up: return half >= 0;
    case rounding::half_down: return half > 0;
    case rounding::up: return true;
    case rounding::down: return false;
    case rounding::ceiling: return !negative;
    case rounding::floor: return negative;
  }
  return std::nullopt;
}

}  // namespace

std::string_view to_string(rounding mode) noexcept {
  const auto i = static_cast<std::size_t>(mode);
  return i < rounding_names.size() ? rounding_names[i] : std::string_view("unknown");
}

result<rounding> parse_rounding(std::string_view text) {
  const auto* found = std::find(rounding_names.begin(), rounding_names.end(), text);
  if (found != rounding_names.end()) return static_cast<rounding>(found - rounding_names.begin());
  return fail("rounding_unknown",
              quoted(text) +
                  " is not a rounding; use `half_even`, `half_up`, `half_down`, `up`, "
                  "`down`, `ceiling` or `floor`");
}

std::optional<exact_money> exact_money::make(std::int64_t num, std::int64_t den,
                                             currency cur) noexcept {
  const auto f = detail::reduce(num, den);
  if (!f) return std::nullopt;
  return exact_money(f->num, f->den, cur);
}

std::optional<money> exact_money::round(rounding mode) const noexcept {
  if (is_whole()) return money(num_, currency_);
  const bool negative = num_ < 0;
  const std::int64_t toward_zero = num_ / den_;
  const std::int64_t rest = negative ? -(num_ % den_) : num_ % den_;
  const auto away = steps_away(mode, negative, toward_zero % 2 != 0, rest, den_);
  if (!away) return std::nullopt;
  // The quotient is at most half the range, because den is at least 2 here: a step cannot overflow.
  const std::int64_t step = negative ? -1 : 1;
  return money(*away ? toward_zero + step : toward_zero, currency_);
}

std::string exact_money::to_string() const {
  if (const auto amount = whole()) return amount->to_string();
  int128 den = den_;
  for (int i = 0; i < currency_.exponent(); ++i) den *= 10;
  std::string out = detail::to_decimal_or_fraction(num_, den);
  out += ' ';
  out += currency_.code();
  return out;
}

std::partial_ordering operator<=>(exact_money a, exact_money b) noexcept {
  if (a.currency_ != b.currency_) return std::partial_ordering::unordered;
  return compare(cross(a.num_, b.den_), cross(b.num_, a.den_));
}

std::optional<exact_money> checked_add(exact_money a, exact_money b) noexcept {
  if (a.cur() != b.cur()) return std::nullopt;
  return make_money(cross(a.num(), b.den()) + cross(b.num(), a.den()), cross(a.den(), b.den()),
                    a.cur());
}

std::optional<exact_money> checked_sub(exact_money a, exact_money b) noexcept {
  if (a.cur() != b.cur()) return std::nullopt;
  return make_money(cross(a.num(), b.den()) - cross(b.num(), a.den()), cross(a.den(), b.den()),
                    a.cur());
}

std::optional<exact_money> checked_mul(exact_money a, std::int64_t n) noexcept {
  return make_money(cross(a.num(), n), a.den(), a.cur());
}

std::optional<exact_money> checked_mul(exact_money a, ratio r) noexcept {
  return make_money(cross(a.num(), r.num()), cross(a.den(), r.den()), a.cur());
}

std::optional<exact_money> checked_div(exact_money a, std::int64_t n) noexcept {
  return make_money(a.num(), cross(a.den(), n), a.cur());
}

std::optional<exact_money> checked_div(exact_money a, ratio r) noexcept {
  return make_money(cross(a.num(), r.den()), cross(a.den(), r.num()), a.cur());
}

std::optional<exact_money> checked_neg(exact_money a) noexcept {
  return make_money(-int128{a.num()}, a.den(), a.cur());
}

std::optional<ratio> exact_ratio(exact_money a, exact_money b) noexcept {
  if (a.cur() != b.cur()) return std::nullopt;
  return make_ratio(cross(a.num(), b.den()), cross(a.den(), b.num()));
}

}  // namespace leeway
