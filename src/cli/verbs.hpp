// SPDX-License-Identifier: Apache-2.0
// The verbs of the program. Each adds itself to the command line; what it returns runs it.
#pragma once

#include <functional>

namespace CLI {
class App;
}

namespace leeway::cli {

class terminal;

/// A verb on the command line, and what it does when it was given. The result is the exit code.
struct verb {
  CLI::App* command{};
  std::function<int(terminal&)> run{};
};

verb add_check(CLI::App& program);
verb add_decide(CLI::App& program);
verb add_explain(CLI::App& program);
verb add_can(CLI::App& program);
verb add_test(CLI::App& program);
verb add_audit(CLI::App& program);
verb add_desk(CLI::App& program);
verb add_eval(CLI::App& program);
verb add_new(CLI::App& program);
verb add_completion(CLI::App& program);

}  // namespace leeway::cli
