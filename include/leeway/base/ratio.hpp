// SPDX-License-Identifier: Apache-2.0
#ifndef LEEWAY_BASE_RATIO_HPP
#define LEEWAY_BASE_RATIO_HPP

#include <leeway/base/money.hpp>
#include <leeway/base/result.hpp>

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace leeway {

/// An exact rational number num/den: in lowest terms, den > 0, both in 64 bits. Equal ratios have
/// equal parts. Arithmetic is exact through 128 bits, and nothing when the reduced result does not
/// fit. Thread-safe.
class ratio {
 public:
  /// Zero.
  constexpr ratio() noexcept = default;
  /// A whole number.
  constexpr explicit ratio(std::int64_t whole) noexcept : num_(whole) {}

  /// num/den in lowest terms; nothing when den is zero or the reduced parts do not fit.
  [[nodiscard]] static std::optional<ratio> make(std::int64_t num, std::int64_t den) noexcept;

  /// Reads `"12.5%"`, `"0.125"`, `"1/8"` or `"3"`, with an optional leading minus:
  ///
  ///     ratio   = ["-"] (decimal ["%"] | digits "/" digits)
  ///     decimal = digits ["." digits]
  ///
  /// Refused: a plus sign, grouping, spaces, exponents, a bare point, leading zeros, `-0`.
  /// Errors by precedence: `ratio_syntax`, `ratio_zero_denominator`, `ratio_range`.
  [[nodiscard]] static result<ratio> parse(std::string_view text);

  [[nodiscard]] constexpr std::int64_t num() const noexcept { return num_; }
  /// Always positive.
  [[nodiscard]] constexpr std::int64_t den() const noexcept { return den_; }
  [[nodiscard]] constexpr bool is_zero() const noexcept { return num_ == 0; }
  [[nodiscard]] constexpr bool is_negative() const noexcept { return num_ < 0; }

  /// Canonical: `3`, `0.125`, and `1/3` where 18 decimals do not suffice. parse() reads it back.
  [[nodiscard]] std::string to_string() const;

  friend constexpr bool operator==(ratio, ratio) noexcept = default;
  /// Exact.
  friend std::strong_ordering operator<=>(ratio a, ratio b) noexcept;

 private:
  constexpr ratio(std::int64_t num, std::int64_t den) noexcept : num_(num), den_(den) {}

  std::int64_t num_{0};
  std::int64_t den_{1};
};

/// Exact; nothing when the reduced result does not fit, or for a division by zero.
[[nodiscard]] std::optional<ratio> checked_add(ratio a, ratio b) noexcept;
[[nodiscard]] std::optional<ratio> checked_sub(ratio a, ratio b) noexcept;
[[nodiscard]] std::optional<ratio> checked_mul(ratio a, ratio b) noexcept;
[[nodiscard]] std::optional<ratio> checked_div(ratio a, ratio b) noexcept;
[[nodiscard]] std::optional<ratio> checked_neg(ratio a) noexcept;

/// How an exact amount becomes a whole number of minor units. Stored: never renumber.
enum class rounding : std::uint8_t {
  half_even = 0,  ///< To the nearest; a tie to the even neighbour. The default everywhere.
  half_up = 1,    ///< To the nearest; a tie away from zero.
  half_down = 2,  ///< To the nearest; a tie toward zero.
  up = 3,         ///< Away from zero.
  down = 4,       ///< Toward zero.
  ceiling = 5,    ///< Toward positive infinity.
  floor = 6,      ///< Toward negative infinity.
};

/// `half_even`, `half_up`, `half_down`, `up`, `down`, `ceiling`, `floor`; static lifetime.
[[nodiscard]] std::string_view to_string(rounding mode) noexcept;
/// The inverse of to_string(). Error: `rounding_unknown`.
[[nodiscard]] result<rounding> parse_rounding(std::string_view text);

/// An amount before rounding: an exact rational number of minor units of a currency, in lowest
/// terms. What `money * ratio` is until it is assigned. Thread-safe.
class exact_money {
 public:
  /// Zero of no currency.
  constexpr exact_money() noexcept = default;
  /// A whole amount.
  constexpr exact_money(money amount) noexcept : num_(amount.minor()), currency_(amount.cur()) {}

  /// num/den minor units; nothing when den is zero or the reduced parts do not fit.
  [[nodiscard]] static std::optional<exact_money> make(std::int64_t num, std::int64_t den,
                                                       currency cur) noexcept;

  /// Minor units are num()/den(), in lowest terms, den() > 0.
  [[nodiscard]] constexpr std::int64_t num() const noexcept { return num_; }
  [[nodiscard]] constexpr std::int64_t den() const noexcept { return den_; }
  [[nodiscard]] constexpr currency cur() const noexcept { return currency_; }
  /// True when it is a whole number of minor units, so that rounding changes nothing.
  [[nodiscard]] constexpr bool is_whole() const noexcept { return den_ == 1; }
  [[nodiscard]] constexpr bool is_zero() const noexcept { return num_ == 0; }
  [[nodiscard]] constexpr bool is_negative() const noexcept { return num_ < 0; }

  /// The amount as money, when it is whole.
  [[nodiscard]] constexpr std::optional<money> whole() const noexcept {
    if (!is_whole()) return std::nullopt;
    return money(num_, currency_);
  }
  /// A whole number of minor units; nothing when it does not fit, or for a value that is no
  /// rounding.
  [[nodiscard]] std::optional<money> round(rounding mode = rounding::half_even) const noexcept;

  /// In major units: `6.25 USD` when whole, `0.00625 USD` when its decimals end (at most 18), else
  /// `20/3 USD`.
  [[nodiscard]] std::string to_string() const;

  /// Amounts of different currencies are unequal, and unordered. Exact.
  friend constexpr bool operator==(exact_money, exact_money) noexcept = default;
  friend std::partial_ordering operator<=>(exact_money a, exact_money b) noexcept;

 private:
  constexpr exact_money(std::int64_t num, std::int64_t den, currency cur) noexcept
      : num_(num), den_(den), currency_(cur) {}

  std::int64_t num_{0};
  std::int64_t den_{1};
  currency currency_{};
};

/// Exact; nothing when the currencies differ, the reduced result does not fit, or for a division by
/// zero. `money` converts, so `checked_mul(usd(50), percent)` is an exact_money.
[[nodiscard]] std::optional<exact_money> checked_add(exact_money a, exact_money b) noexcept;
[[nodiscard]] std::optional<exact_money> checked_sub(exact_money a, exact_money b) noexcept;
[[nodiscard]] std::optional<exact_money> checked_mul(exact_money a, std::int64_t n) noexcept;
[[nodiscard]] std::optional<exact_money> checked_mul(exact_money a, ratio r) noexcept;
[[nodiscard]] std::optional<exact_money> checked_div(exact_money a, std::int64_t n) noexcept;
[[nodiscard]] std::optional<exact_money> checked_div(exact_money a, ratio r) noexcept;
[[nodiscard]] std::optional<exact_money> checked_neg(exact_money a) noexcept;

/// a / b as a pure number; nothing when the currencies differ, b is zero, or the reduced result
/// does not fit.
[[nodiscard]] std::optional<ratio> exact_ratio(exact_money a, exact_money b) noexcept;

}  // namespace leeway

#endif
