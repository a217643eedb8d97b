// SPDX-License-Identifier: Apache-2.0
#include "cli/hook.hpp"

#include "cli/terminal.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace leeway::cli {

void call_hook(const std::string& command, const standing& s, terminal& to) {
  to.flush();
  std::FILE* pipe = ::popen(command.c_str(), "w");
  const std::string line = to_json(s) + '\n';
  const bool told = pipe != nullptr && std::fputs(line.c_str(), pipe) >= 0;
  const int status = pipe == nullptr ? -1 : ::pclose(pipe);
  if (!told || status != 0) {
    to.complain(fmt::format("the command to notify with failed: `{}`", printable(command)));
  }
}

}  // namespace leeway::cli
