// SPDX-License-Identifier: Apache-2.0
/// \file
/// SHA-256 digests (FIPS 180-4), as they name policies and requests.
#ifndef LEEWAY_BASE_DIGEST_HPP
#define LEEWAY_BASE_DIGEST_HPP

#include <leeway/base/result.hpp>

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace leeway {

/// The SHA-256 digest of some bytes. A value; default-constructed it is all zero, which no known
/// input has, and `is_zero` tells so. Thread-safe.
class digest {
 public:
  static constexpr std::size_t size = 32;

  digest() = default;
  /// From the 32 raw bytes of a digest.
  explicit constexpr digest(const std::array<std::uint8_t, size>& bytes) noexcept : bytes_{bytes} {}

  /// The digest of `bytes`.
  /// \throws std::bad_alloc, or std::runtime_error when the cryptographic library is unusable.
  [[nodiscard]] static digest of(std::string_view bytes);

  /// Reads what `to_string` writes: "sha256:" and 64 lower-case hex digits, nothing else.
  [[nodiscard]] static result<digest> parse(std::string_view text);

  /// "sha256:" and 64 lower-case hex digits.
  [[nodiscard]] std::string to_string() const;
  /// The 64 hex digits alone.
  [[nodiscard]] std::string hex() const;

  [[nodiscard]] constexpr const std::array<std::uint8_t, size>& bytes() const noexcept {
    return bytes_;
  }
  [[nodiscard]] constexpr bool is_zero() const noexcept { return bytes_ == decltype(bytes_){}; }

  friend auto operator<=>(const digest&, const digest&) = default;

 private:
  std::array<std::uint8_t, size> bytes_{};
};

}  // namespace leeway

/// The first bytes of a digest are as good as any hash of it.
template <>
struct std::hash<leeway::digest> {
  std::size_t operator()(const leeway::digest& value) const noexcept {
    std::size_t out = 0;
    for (std::size_t i = 0; i < sizeof(out); ++i) out = (out << 8U) | value.bytes()[i];
    return out;
  }
};

#endif
