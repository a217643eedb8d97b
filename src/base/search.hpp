// SPDX-License-Identifier: Apache-2.0
#ifndef LEEWAY_SRC_BASE_SEARCH_HPP
#define LEEWAY_SRC_BASE_SEARCH_HPP

#include <string_view>

namespace leeway::detail {

/// Whether `part` stands somewhere in `text`. Takes time that grows with the two lengths added,
/// never multiplied, whatever they hold, and no memory.
[[nodiscard]] bool contains(std::string_view text, std::string_view part) noexcept;

}  // namespace leeway::detail

#endif
