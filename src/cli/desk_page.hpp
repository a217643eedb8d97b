// SPDX-License-Identifier: Apache-2.0
// Where decisions and budgets stand, as people read it.
#pragma once

#include <leeway/desk/desk.hpp>
#include <leeway/desk/standing.hpp>

#include <string>

namespace leeway::cli {

class terminal;

/// All that a team lead needs to act on it. Texts from outside are made safe to print.
std::string standing_page(const standing& s, const terminal& on);

/// One budget, as text or as a line of JSON.
std::string budget_page(const budget_standing& b, bool json);

}  // namespace leeway::cli
