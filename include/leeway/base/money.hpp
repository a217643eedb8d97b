// SPDX-License-Identifier: Apache-2.0
#ifndef LEEWAY_BASE_MONEY_HPP
#define LEEWAY_BASE_MONEY_HPP

#include <leeway/base/currency.hpp>
#include <leeway/base/result.hpp>

#include <compare>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace leeway {

/// An exact amount: a signed 64-bit count of minor units of a currency. Trivially copyable; the
/// default is zero of no currency. Nothing here rounds: ratios of money are exact_money (ratio.hpp)
/// until they are rounded by name. Thread-safe.
class money {
 public:
  constexpr money() noexcept = default;
  /// `minor` counts minor units: money(4999, currency::usd()) is 49.99 USD.
  constexpr money(std::int64_t minor, currency cur) noexcept : minor_(minor), currency_(cur) {}

  /// Reads `"49.99 USD"`:
  ///
  ///     amount   = ["-"] whole ["." decimals] " " code
  ///     whole    = "0" | digit1-9 *digit
  ///     decimals = exactly as many digits as the currency's minor unit has
  ///
  /// The decimals may be left out together with the point (`50 USD`). Refused: a plus sign,
  /// grouping, leading zeros, other spacing, too few or too many decimals, `-0`, lower-case codes.
  /// Errors by precedence: `money_syntax`, `money_currency`, `money_decimals`, `money_range`.
  [[nodiscard]] static result<money> parse(std::string_view text);

  [[nodiscard]] constexpr std::int64_t minor() const noexcept { return minor_; }
  [[nodiscard]] constexpr currency cur() const noexcept { return currency_; }
  [[nodiscard]] constexpr bool is_zero() const noexcept { return minor_ == 0; }
  [[nodiscard]] constexpr bool is_negative() const noexcept { return minor_ < 0; }

  /// Canonical: always all decimals of the currency, `50.00 USD`, `50 JPY`. parse() reads it back.
  [[nodiscard]] std::string to_string() const;

  /// Amounts of different currencies are unequal, and unordered.
  friend constexpr bool operator==(money, money) noexcept = default;
  friend constexpr std::partial_ordering operator<=>(money a, money b) noexcept {
    if (a.currency_ != b.currency_) return std::partial_ordering::unordered;
    return a.minor_ <=> b.minor_;
  }

 private:
  std::int64_t minor_{0};
  currency currency_{};
};

/// a + b; nothing on overflow or when the currencies differ.
[[nodiscard]] std::optional<money> checked_add(money a, money b) noexcept;
/// a - b; nothing on overflow or when the currencies differ.
[[nodiscard]] std::optional<money> checked_sub(money a, money b) noexcept;
/// a * n; nothing on overflow.
[[nodiscard]] std::optional<money> checked_mul(money a, std::int64_t n) noexcept;
/// -a; nothing on overflow.
[[nodiscard]] std::optional<money> checked_neg(money a) noexcept;

namespace detail {

/// Amounts written in C++: hundredths take the sign of the whole part; a value out of range is a
/// programmer error (a compile error in a constant expression).
constexpr money of_hundredths(std::int64_t whole, std::int64_t hundredths, currency cur) {
  if (hundredths < 0 || hundredths > 99) throw std::logic_error("hundredths must be 0 to 99");
  std::int64_t minor = 0;
  if (__builtin_mul_overflow(whole, std::int64_t{100}, &minor) ||
      __builtin_add_overflow(minor, whole < 0 ? -hundredths : hundredths, &minor)) {
    throw std::logic_error("amount does not fit in 64 bits of minor units");
  }
  return {minor, cur};
}

}  // namespace detail

/// `usd(35, 00)` is 35.00 USD, `usd(-5, 50)` is -5.50 USD. Cents outside 0..99 or an amount that
/// does not fit are programmer errors: std::logic_error, or no compilation in a constant
/// expression.
[[nodiscard]] constexpr money usd(std::int64_t dollars, std::int64_t cents = 0) {
  return detail::of_hundredths(dollars, cents, currency::usd());
}
/// As usd(), in pounds sterling.
[[nodiscard]] constexpr money gbp(std::int64_t pounds, std::int64_t pence = 0) {
  return detail::of_hundredths(pounds, pence, currency::gbp());
}
/// As usd(), in euros.
[[nodiscard]] constexpr money eur(std::int64_t euros, std::int64_t cents = 0) {
  return detail::of_hundredths(euros, cents, currency::eur());
}

}  // namespace leeway

#endif
