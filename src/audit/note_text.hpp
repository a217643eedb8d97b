// SPDX-License-Identifier: Apache-2.0
// The rules for text that notes, checkpoints and proofs have in common.
#pragma once

#include "base/text.hpp"
#include "base/utf8.hpp"

#include <leeway/base/digest.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace leeway::audit {

/// Between the name of a key and its signature stands this: em dash and a space.
inline constexpr std::string_view signature_mark = "\xE2\x80\x94 ";

/// Well-formed UTF-8 without ASCII control characters other than newline (signed-note, "Format").
[[nodiscard]] inline bool is_note_text(std::string_view text) noexcept {
  const bool controls = std::ranges::any_of(
      text, [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\n'; });
  return !controls && utf8::first_error(text) == text.size();
}

/// What Unicode calls White_Space.
[[nodiscard]] constexpr bool is_space(char32_t c) noexcept {
  return (c >= 0x09 && c <= 0x0D) || c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
         c == 0x3000;
}

/// Not empty, without Unicode spaces and plus characters (signed-note, "Format"); and what a note
/// may hold at all.
[[nodiscard]] inline bool is_key_name(std::string_view name) noexcept {
  if (name.empty() || !is_note_text(name) || name.find('+') != std::string_view::npos) return false;
  for (std::size_t i = 0; i < name.size();) {
    const auto one = utf8::decode(name, i);
    if (is_space(one.value)) return false;
    i += one.length;
  }
  return true;
}

/// Takes the first line, without its newline, off a text in which every line ends with one; nothing
/// when there is none.
[[nodiscard]] inline std::optional<std::string_view> take_line(std::string_view& text) noexcept {
  const auto end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const auto line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

/// A number of leaves or an index: ASCII decimal without leading zeroes, up to 2^63 - 1.
[[nodiscard]] constexpr std::optional<std::uint64_t> decimal(std::string_view text) noexcept {
  if (!detail::is_plain_number(text)) return std::nullopt;
  const auto value = detail::to_int64(text);
  if (!value) return std::nullopt;
  return static_cast<std::uint64_t>(*value);
}

/// A hash from its bytes; nothing when they are not 32.
[[nodiscard]] inline std::optional<digest> digest_of_bytes(std::string_view bytes) noexcept {
  if (bytes.size() != digest::size) return std::nullopt;
  std::array<std::uint8_t, digest::size> out{};
  std::ranges::transform(bytes, out.begin(), [](char c) { return static_cast<std::uint8_t>(c); });
  return digest{out};
}

[[nodiscard]] inline std::string_view bytes_of(const digest& hash) noexcept {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): the same bytes as characters.
  return {reinterpret_cast<const char*>(hash.bytes().data()), digest::size};
}

}  // namespace leeway::audit
