// SPDX-License-Identifier: Apache-2.0
#ifndef LEEWAY_SRC_BASE_INT128_HPP
#define LEEWAY_SRC_BASE_INT128_HPP

#include <cstdint>
#include <limits>
#include <numeric>
#include <optional>
#include <string>

namespace leeway::detail {

/// Wide enough for any product of two 64-bit numbers, and for the sum of two such products whose
/// denominators are positive.
__extension__ typedef __int128 int128;
__extension__ typedef unsigned __int128 uint128;

[[nodiscard]] constexpr bool fits_64(int128 v) noexcept {
  return v >= std::numeric_limits<std::int64_t>::min() &&
         v <= std::numeric_limits<std::int64_t>::max();
}

[[nodiscard]] constexpr int128 abs_128(int128 v) noexcept { return v < 0 ? -v : v; }

/// The greatest common divisor of |a| and |b|; 1 when both are zero.
[[nodiscard]] constexpr int128 gcd_128(int128 a, int128 b) noexcept {
  a = abs_128(a);
  b = abs_128(b);
  while (b != 0) {
    // Division of 64 bits is several times faster than of 128, and nearly every step is one.
    if (fits_64(a) && fits_64(b)) {
      return std::gcd(static_cast<std::int64_t>(a), static_cast<std::int64_t>(b));
    }
    const int128 rest = a % b;
    a = b;
    b = rest;
  }
  return a == 0 ? 1 : a;
}

/// A fraction in lowest terms with a positive denominator.
struct fraction {
  std::int64_t num{0};
  std::int64_t den{1};
};

/// num/den reduced; nothing when den is zero or the reduced parts do not fit in 64 bits.
[[nodiscard]] constexpr std::optional<fraction> reduce(int128 num, int128 den) noexcept {
  if (den == 0) return std::nullopt;
  if (den < 0) {
    num = -num;
    den = -den;
  }
  const int128 g = gcd_128(num, den);
  num /= g;
  den /= g;
  if (!fits_64(num) || !fits_64(den)) return std::nullopt;
  return fraction{static_cast<std::int64_t>(num), static_cast<std::int64_t>(den)};
}

/// Decimal digits of v with `decimals` of them after a point; no point when there are none.
[[nodiscard]] std::string to_decimal(int128 v, int decimals);

/// num/den (den > 0) as a decimal when at most 18 decimals suffice, else as `num/den` in lowest
/// terms.
[[nodiscard]] std::string to_decimal_or_fraction(int128 num, int128 den);

}  // namespace leeway::detail

#endif
