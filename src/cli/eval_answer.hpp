// SPDX-License-Identifier: Apache-2.0
// What an expression came to, as a program reads it: docs/formats/eval.md.
#pragma once

#include "cli/scope.hpp"

#include <leeway/base/diagnostic.hpp>

#include <nlohmann/json_fwd.hpp>

#include <string_view>
#include <vector>

namespace leeway::cli {

class terminal;

/// `{"value": ...}`, `{"unknown": [...]}` or `{"error": "..."}`, and the type.
nlohmann::ordered_json tree_of(const answer& a);
/// `{"error": "..."}` of a line that asks nothing.
nlohmann::ordered_json tree_of_refusal(const diagnostics& why);

/// How `leeway eval --jsonl` begins every line.
struct eval_defaults {
  scope names;
  std::vector<std::string> inputs{};
};

/// Answers each line of the inputs on a line. The result is the exit code.
int eval_stream(const eval_defaults& defaults, terminal& to);

}  // namespace leeway::cli
