// SPDX-License-Identifier: Apache-2.0
// What the command line says before the verbs read it: help, colour, and words that are nearly one.
#pragma once

#include "cli/terminal.hpp"

#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace leeway::cli {

/// The arguments behind the program's name.
using arguments = std::vector<std::string>;

/// Takes `--color WHEN` out of the arguments, wherever it stands. An error: the message.
std::optional<std::string> take_colour(arguments& args, colouring& when);

/// `help VERB` as `VERB --help`.
void turn_help(arguments& args);

/// What to say of a verb or an option that the program does not have; nothing when all are known.
std::optional<std::string> unknown_word(const CLI::App& program, const arguments& args);

}  // namespace leeway::cli
