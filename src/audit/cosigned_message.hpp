// SPDX-License-Identifier: Apache-2.0
// The Ed25519 cosignatures of c2sp.org/tlog-cosignature.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace leeway::audit {

inline constexpr std::size_t ed25519_signature_size = 64;
inline constexpr std::size_t timestamp_size = 8;

/// "Ed25519 signed message": a header, the time, and the text of the checkpoint.
[[nodiscard]] inline std::string cosigned_message(std::int64_t time, std::string_view text) {
  std::string out = "cosignature/v1\ntime " + std::to_string(time) + '\n';
  out += text;
  return out;
}

/// Big-endian.
[[nodiscard]] inline std::string timestamp_bytes(std::int64_t time) {
  std::string out;
  for (std::size_t i = timestamp_size; i-- > 0;) {
    out += static_cast<char>(static_cast<std::uint64_t>(time) >> (8 * i) & 0xFFU);
  }
  return out;
}

}  // namespace leeway::audit
