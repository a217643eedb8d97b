// SPDX-License-Identifier: Apache-2.0
// UTF-8 as RFC 3629 has it: no surrogates, no overlong forms, nothing above U+10FFFF.
#ifndef LEEWAY_SRC_BASE_UTF8_HPP
#define LEEWAY_SRC_BASE_UTF8_HPP

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace leeway::utf8 {

/// The code point at the beginning of some text, and how many bytes it takes. Malformed: length 0.
struct code_point {
  char32_t value{};
  std::size_t length{};
};

[[nodiscard]] constexpr unsigned byte_at(std::string_view text, std::size_t i) noexcept {
  return static_cast<unsigned char>(text[i]);
}

[[nodiscard]] constexpr bool is_continuation(char c) noexcept {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

/// Decodes the code point at `i`; `i` must be inside.
[[nodiscard]] constexpr code_point decode(std::string_view text, std::size_t i) noexcept {
  const unsigned lead = byte_at(text, i);
  if (lead < 0x80U) return {static_cast<char32_t>(lead), 1};
  const std::size_t length = lead >= 0xF0U ? 4 : lead >= 0xE0U ? 3 : 2;
  if (lead < 0xC2U || lead > 0xF4U || text.size() - i < length) return {};
  std::uint32_t value = lead & (0x7FU >> length);
  for (std::size_t k = 1; k < length; ++k) {
    if (!is_continuation(text[i + k])) return {};
    value = (value << 6U) | (byte_at(text, i + k) & 0x3FU);
  }
  const bool overlong = (length == 3 && value < 0x800U) || (length == 4 && value < 0x10000U);
  const bool surrogate = value >= 0xD800U && value <= 0xDFFFU;
  if (overlong || surrogate || value > 0x10FFFFU) return {};
  return {static_cast<char32_t>(value), length};
}

/// Where the first malformed sequence begins; the size when there is none.
[[nodiscard]] inline std::size_t first_error(std::string_view text) noexcept {
  std::size_t i = 0;
  while (i < text.size()) {
    // Eight ASCII bytes at a time: nearly everything that is read is ASCII.
    while (text.size() - i >= sizeof(std::uint64_t)) {
      std::uint64_t block = 0;
      std::memcpy(&block, text.data() + i, sizeof block);
      if ((block & 0x8080808080808080U) != 0) break;
      i += sizeof block;
    }
    if (i == text.size()) break;
    const auto one = decode(text, i);
    if (one.length == 0) return i;
    i += one.length;
  }
  return text.size();
}

/// How many code points there are in well-formed text.
[[nodiscard]] inline std::size_t size(std::string_view text) noexcept {
  std::size_t out = 0;
  for (const char c : text) out += is_continuation(c) ? 0U : 1U;
  return out;
}

/// So much of the beginning of a text as fits into `most` bytes, without a code point cut through.
[[nodiscard]] inline std::string_view beginning(std::string_view text, std::size_t most) noexcept {
  if (text.size() <= most) return text;
  while (most > 0 && is_continuation(text[most])) --most;
  return text.substr(0, most);
}

}  // namespace leeway::utf8

#endif
