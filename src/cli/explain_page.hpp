// SPDX-License-Identifier: Apache-2.0
// An explanation as an agent and an auditor read it.
#pragma once

#include <leeway/engine/explanation.hpp>
#include <leeway/model/request.hpp>

#include <string>

namespace leeway::cli {

class terminal;

/// The answer first, then what would change it, then why. Trees and silent entries are shown where
/// the explanation has them. Ends in a newline; texts from outside are made safe to print.
std::string explanation_page(const policy& p, const request& r, const explanation& e,
                             const terminal& on);

}  // namespace leeway::cli
