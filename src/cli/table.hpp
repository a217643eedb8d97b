// SPDX-License-Identifier: Apache-2.0
// Decisions as a table, one line each.
#pragma once

#include <leeway/engine/decision.hpp>
#include <leeway/model/request.hpp>

#include <string>

namespace leeway::cli {

class terminal;

/// The column heads, in one line.
std::string table_head(const terminal& on);

/// Request, action, amount, outcome, what comes next, and what spoke; in one line. A cell that is
/// too long is cut, so that a stream needs no look ahead.
std::string table_row(const request& r, const decision& d, const terminal& on);

}  // namespace leeway::cli
