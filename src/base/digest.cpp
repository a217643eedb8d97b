// SPDX-License-Identifier: Apache-2.0
#include <leeway/base/digest.hpp>

#include <openssl/evp.h>

#include <algorithm>
#include <stdexcept>

namespace leeway {
namespace {

constexpr std::string_view prefix = "sha256:";
constexpr std::string_view hex_digits = "0123456789abcdef";

// Looked up once: the library would look it up, by name, for each digest. Never freed, because
// what is destroyed last may still take a digest.
const EVP_MD* sha256() {
  static const EVP_MD* const method = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return method;
}

}  // namespace

digest digest::of(std::string_view bytes) {
  std::array<std::uint8_t, size> out{};
  unsigned int length = 0;
  const bool done =
      sha256() != nullptr &&
      EVP_Digest(bytes.data(), bytes.size(), out.data(), &length, sha256(), nullptr) == 1 &&
      length == size;
  if (!done) throw std::runtime_error("the cryptographic library cannot compute SHA-256");
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

std::string digest::hex() const { return to_string().substr(prefix.size()); }

std::string digest::to_string() const {
  std::array<char, prefix.size() + 2 * size> out{};
  auto* to = std::ranges::copy(prefix, out.begin()).out;
  for (const unsigned byte : bytes_) {
    *to++ = hex_digits[byte >> 4U];
    *to++ = hex_digits[byte & 0xFU];
  }
  return {out.data(), out.size()};
}

}  // namespace leeway
