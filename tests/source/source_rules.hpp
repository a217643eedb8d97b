// SPDX-License-Identifier: Apache-2.0
// The rules that the sources of this project keep and no compiler checks. Pure: a rule sees a path
// and a text, so that it can be tested on sources that break it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace source_rules {

/// One file, by its path relative to the root of the sources, with `/` between folders.
struct source_file {
  std::string path{};
  std::string text{};
};

/// A place where a rule is broken. `line` counts from 1.
struct finding {
  std::string path{};
  std::size_t line{};
  std::string message{};
};

/// An include directive, with what stands between the brackets or quotes.
struct include_directive {
  std::size_t line{};
  std::string target{};
  bool quoted{};
};

/// The include directives of C++ text, in order.
std::vector<include_directive> includes_of(std::string_view text);

/// C++ text with comments and the contents of literals blanked; line breaks stay where they are.
std::string code_only(std::string_view text);

/// True when `word` occurs in `text` and no identifier character touches it at the ends where the
/// word itself has one.
bool contains_word(std::string_view text, std::string_view word);

/// Includes of a module only go down: base, model, condition, policy, engine, desk, cli.
std::vector<finding> check_layers(const source_file& file);

/// Public headers include the standard library, leeway and nlohmann/json_fwd.hpp, nothing else.
std::vector<finding> check_public_header(const source_file& file);

/// Words that have no place in this file: floating point near money, the system clock, std::regex
/// and such.
std::vector<finding> check_banned_words(const source_file& file);

/// The SPDX line first (second after `#!`), ASCII only, at most 100 columns in C++, no tabs in C++.
std::vector<finding> check_form(const source_file& file);

/// No file names one of these places of this machine: the sources are built elsewhere too.
std::vector<finding> check_places(const source_file& file, const std::vector<std::string>& places);

/// `cmake` (the text of the nearest CMakeLists.txt) names `file`, by its path relative to it, or by
/// its stem.
bool is_listed(std::string_view cmake, std::string_view relative_path);

}  // namespace source_rules
