// SPDX-License-Identifier: Apache-2.0
// Tells another program that something waits for a person.
#pragma once

#include <leeway/desk/standing.hpp>

#include <string>

namespace leeway::cli {

class terminal;

/// Runs a command of the shell with a standing as a line of JSON on its standard input, and waits
/// for it. A command that fails is told on standard error; the decision stands.
void call_hook(const std::string& command, const standing& s, terminal& to);

}  // namespace leeway::cli
