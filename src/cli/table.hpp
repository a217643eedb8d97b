// SPDX-License-Identifier: Apache-2.0
// Decisions as a table, one line each.
#pragma once

#include "cli/render.hpp"

#include <leeway/engine/decision.hpp>
#include <leeway/model/request.hpp>

#include <optional>
#include <string>

namespace leeway::cli {

/// The column heads, in one line.
std::string table_head(const terminal& on);

/// Request, action, amount, outcome, what comes next, and what spoke; in one line. A cell that is
/// too long is cut, so that a stream needs no look ahead. At a desk outcome and what comes next are
/// as they stand now.
std::string table_row(const request& r, const decision& d, const terminal& on,
                      const std::optional<desk_place>& at = std::nullopt);

}  // namespace leeway::cli
