// SPDX-License-Identifier: Apache-2.0
#ifndef LEEWAY_BASE_CHECKED_HPP
#define LEEWAY_BASE_CHECKED_HPP

#include <cstdint>
#include <optional>

namespace leeway {

/// Checked 64-bit arithmetic: the result, or nothing when it does not fit. No operation in Leeway
/// that touches money or time wraps; the overloads for money, ratio, duration and instant (in their
/// own headers) carry the same names.
///
/// Thread-safe; never throw.

/// a + b, or nothing on overflow.
[[nodiscard]] constexpr std::optional<std::int64_t> checked_add(std::int64_t a,
                                                                std::int64_t b) noexcept {
  std::int64_t out = 0;
  if (__builtin_add_overflow(a, b, &out)) return std::nullopt;
  return out;
}

/// a - b, or nothing on overflow.
[[nodiscard]] constexpr std::optional<std::int64_t> checked_sub(std::int64_t a,
                                                                std::int64_t b) noexcept {
  std::int64_t out = 0;
  if (__builtin_sub_overflow(a, b, &out)) return std::nullopt;
  return out;
}

/// a * b, or nothing on overflow.
[[nodiscard]] constexpr std::optional<std::int64_t> checked_mul(std::int64_t a,
                                                                std::int64_t b) noexcept {
  std::int64_t out = 0;
  if (__builtin_mul_overflow(a, b, &out)) return std::nullopt;
  return out;
}

/// -a, or nothing for the smallest integer, which has no opposite.
[[nodiscard]] constexpr std::optional<std::int64_t> checked_neg(std::int64_t a) noexcept {
  return checked_sub(0, a);
}

}  // namespace leeway

#endif
