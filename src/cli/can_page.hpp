// SPDX-License-Identifier: Apache-2.0
// What an agent may do, as a page and as a table.
#pragma once

#include <leeway/engine/capability.hpp>
#include <leeway/model/request.hpp>

#include <string>
#include <vector>

namespace leeway::cli {

class terminal;

/// Each action with its largest amount, what stands in the way of more, who could approve more.
std::string can_page(const policy& p, const request& r, const std::vector<capability>& all,
                     const terminal& on);

/// The same, a line for each action.
std::string can_table(const std::vector<capability>& all, const terminal& on);

}  // namespace leeway::cli
