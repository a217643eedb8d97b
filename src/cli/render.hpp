// SPDX-License-Identifier: Apache-2.0
// A decision as an agent reads it.
#pragma once

#include <leeway/engine/decision.hpp>
#include <leeway/engine/policy.hpp>
#include <leeway/model/request.hpp>

#include <string>

namespace leeway::cli {

class terminal;

/// The answer first, then what to do, then why; ends in a newline. Texts from outside are made safe
/// to print.
std::string render(const policy& under, const request& r, const decision& d, const terminal& on);

/// What is still wanted, in one line: `approval of `team_lead` or `manager``.
std::string describe(const need& n);

/// `deny rule_denies R1: confirmed fraud (section 7)`.
std::string describe(const finding& f);

}  // namespace leeway::cli
