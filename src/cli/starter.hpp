// SPDX-License-Identifier: Apache-2.0
// The documents that `leeway new` writes, as they stand in src/cli/starter/: a policy in USD and
// UTC with the id `starter-goodwill`, and its cases. Made by CMake.
#pragma once

#include <string_view>

namespace leeway::cli {

extern const std::string_view starter_policy;
extern const std::string_view starter_cases;

}  // namespace leeway::cli
