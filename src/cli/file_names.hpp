// SPDX-License-Identifier: Apache-2.0
// What files are called, where a folder is given.
#pragma once

#include <string_view>

namespace leeway::cli {

inline constexpr std::string_view policy_suffix = ".policy.json";
inline constexpr std::string_view overlay_suffix = ".overlay.json";
inline constexpr std::string_view cases_suffix = ".cases.jsonl";

}  // namespace leeway::cli
