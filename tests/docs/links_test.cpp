// SPDX-License-Identifier: Apache-2.0
// Every relative link of the documentation leads somewhere.
#include "docs/support.hpp"

#include <gtest/gtest.h>

#include <string>

namespace leeway::docs_test {
namespace {

namespace fs = std::filesystem;

/// The targets of `[text](target)` on a line.
std::vector<std::string> targets_in(const std::string& line) {
  std::vector<std::string> out;
  for (auto at = line.find("]("); at != std::string::npos; at = line.find("](", at + 1)) {
    const auto end = line.find(')', at);
    if (end != std::string::npos) out.push_back(line.substr(at + 2, end - at - 2));
  }
  return out;
}

bool is_elsewhere(const std::string& target) {
  return target.starts_with("https://") || target.starts_with("http://") || target.starts_with('#');
}

TEST(Links, LeadToFilesThatExist) {
  for (const fs::path& page : pages()) {
    bool code = false;
    for (const std::string& line : lines_of(read_file(page))) {
      if (line.starts_with("```")) code = !code;
      if (code) continue;
      for (const std::string& target : targets_in(line)) {
        if (is_elsewhere(target)) continue;
        const fs::path file = page.parent_path() / target.substr(0, target.find('#'));
        EXPECT_TRUE(fs::exists(file)) << page << " links to " << target;
      }
    }
  }
}

}  // namespace
}  // namespace leeway::docs_test
