// SPDX-License-Identifier: Apache-2.0
#ifndef LEEWAY_BASE_CURRENCY_HPP
#define LEEWAY_BASE_CURRENCY_HPP

#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace leeway {

/// A currency of ISO 4217 (list one, as of 2025): the active national currencies and funds codes
/// that have a minor unit. Four bytes, trivially copyable; the default is "no currency", which no
/// amount of a policy may have.
///
/// Codes whose minor unit is "N.A." in the standard (precious metals XAU XAG XPT XPD, bond units
/// XBA..XBD, XDR, XSU, XUA, XTS, XXX) are not currencies here: an amount of them has no exact
/// smallest step. find() answers nothing for them, as it does for withdrawn codes (HRK, SLL, VEF,
/// ZWL, ANG, CUC).
///
/// Order is that of the three letters; "no currency" comes first. Thread-safe.
class currency {
 public:
  /// No currency.
  constexpr currency() noexcept = default;

  /// The currency with this code, in upper case exactly; nothing when there is none.
  [[nodiscard]] static std::optional<currency> find(std::string_view code) noexcept;

  /// False for "no currency".
  [[nodiscard]] constexpr bool valid() const noexcept { return key_ != 0; }
  /// Three upper-case letters with static lifetime; `???` for "no currency".
  [[nodiscard]] std::string_view code() const noexcept;
  /// The standard's three-digit number, 0 for "no currency".
  [[nodiscard]] int numeric() const noexcept;
  /// Decimals of the minor unit: 0, 2, 3 or 4.
  [[nodiscard]] constexpr int exponent() const noexcept { return exponent_; }
  /// The standard's English name, static lifetime; empty for "no currency".
  [[nodiscard]] std::string_view name() const noexcept;

  friend constexpr bool operator==(currency, currency) noexcept = default;
  friend constexpr std::strong_ordering operator<=>(currency a, currency b) noexcept {
    return a.key_ <=> b.key_;
  }

  /// The US dollar, pound sterling and euro, for amounts written in C++.
  [[nodiscard]] static constexpr currency usd() noexcept { return {pack('U', 'S', 'D'), 2}; }
  [[nodiscard]] static constexpr currency gbp() noexcept { return {pack('G', 'B', 'P'), 2}; }
  [[nodiscard]] static constexpr currency eur() noexcept { return {pack('E', 'U', 'R'), 2}; }

 private:
  friend struct currency_table;

  constexpr currency(std::uint16_t key, std::uint8_t exponent) noexcept
      : key_(key), exponent_(exponent) {}

  /// Five bits a letter, first letter highest, A is 1: orders like the letters; 0 is no currency.
  static constexpr std::uint16_t pack(char a, char b, char c) noexcept {
    return static_cast<std::uint16_t>(((a - 'A' + 1) << 10) | ((b - 'A' + 1) << 5) | (c - 'A' + 1));
  }

  std::uint16_t key_{0};
  std::uint8_t exponent_{0};
};

/// Every currency find() knows, sorted by code; static lifetime.
[[nodiscard]] std::span<const currency> all_currencies() noexcept;

}  // namespace leeway

#endif
