// SPDX-License-Identifier: Apache-2.0
// Base 64 as RFC 4648, section 4, has it: with padding, one text for one sequence of bytes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace leeway::audit::base64 {

[[nodiscard]] std::string encode(std::string_view bytes);

/// Nothing for what `encode` does not write: other characters (line ends too), missing or
/// superfluous padding, bits behind the last byte.
[[nodiscard]] std::optional<std::string> decode(std::string_view text);

}  // namespace leeway::audit::base64
