// SPDX-License-Identifier: Apache-2.0
#include <leeway/base/digest.hpp>

#include <openssl/evp.h>

#include <stdexcept>

namespace leeway {
namespace {

constexpr std::string_view prefix = "sha256:";
constexpr std::string_view hex_digits = "0123456789abcdef";

}  // namespace

digest digest::of(std::string_view bytes) {
  std::array<std::uint8_t, size> out{};
  unsigned int length = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), out.data(), &length, EVP_sha256(), nullptr) != 1 ||
      length != size) {
    throw std::runtime_error("the cryptographic library cannot compute SHA-256");
  }
  return digest{out};
}

result<digest> digest::parse(std::string_view text) {
  const auto refuse = [] {
    return fail("digest_syntax", "expected `sha256:` and 64 lower-case hex digits");
  };
  if (!text.starts_with(prefix) || text.size() != prefix.size() + 2 * size) return refuse();
  text.remove_prefix(prefix.size());
  std::array<std::uint8_t, size> out{};
  for (std::size_t i = 0; i < size; ++i) {
    const std::size_t high = hex_digits.find(text[2 * i]);
    const std::size_t low = hex_digits.find(text[2 * i + 1]);
    if (high == hex_digits.npos || low == hex_digits.npos) return refuse();
    out[i] = static_cast<std::uint8_t>(high << 4U | low);
  }
  return digest{out};
}

std::string digest::hex() const {
  std::string out;
  out.reserve(2 * size);
  for (const unsigned byte : bytes_) {
    out += hex_digits[byte >> 4U];
    out += hex_digits[byte & 0xFU];
  }
  return out;
}

std::string digest::to_string() const { return std::string{prefix} + hex(); }

}  // namespace leeway
