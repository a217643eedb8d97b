// SPDX-License-Identifier: Apache-2.0
// Canonical JSON (RFC 8785, "JCS"): the bytes that digests and signatures are taken over.
#ifndef LEEWAY_SRC_BASE_JSON_CANONICAL_HPP
#define LEEWAY_SRC_BASE_JSON_CANONICAL_HPP

#include "base/json/node.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace leeway::json {

/// The RFC 8785 form of a value: no white space, keys in UTF-16 code-unit order, shortest
/// numbers as ECMAScript prints them, the fewest escapes.
///
/// One deliberate difference: an integer outside +-2^53 is printed in full. RFC 8785 would round it
/// to a double, and two different integers would share a digest.
///
/// \throws std::invalid_argument for a number that is not finite, text that is not UTF-8, or binary
/// or discarded values: check with `is_utf8` what comes from outside. Nodes of a read document
/// never throw.
[[nodiscard]] std::string canonical(const nlohmann::json& value);
[[nodiscard]] std::string canonical(const nlohmann::ordered_json& value);
[[nodiscard]] std::string canonical(const node& value);

/// A double as ECMAScript's Number::toString prints it; "0" for negative zero.
/// \throws std::invalid_argument unless it is finite.
[[nodiscard]] std::string canonical_number(double value);
/// Appends a quoted string with the fewest escapes. `text` must be valid UTF-8.
void append_quoted(std::string& out, std::string_view text);
/// Whether a JSON string holds the text as it is, and it is ASCII.
[[nodiscard]] bool is_plain(std::string_view text) noexcept;
/// Whether `a` comes before `b` by UTF-16 code units; both valid UTF-8.
[[nodiscard]] bool utf16_less(std::string_view a, std::string_view b) noexcept;
/// Whether the bytes are well-formed UTF-8 (no surrogates, no overlong forms).
[[nodiscard]] bool is_utf8(std::string_view bytes) noexcept;
/// Where the first malformed sequence begins; the size when there is none.
[[nodiscard]] std::size_t utf8_error(std::string_view bytes) noexcept;

}  // namespace leeway::json

#endif
