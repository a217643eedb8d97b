// SPDX-License-Identifier: Apache-2.0
// Text tables of cases: `> expression` and below it, indented by two, what it gives.
#ifndef LEEWAY_TESTS_CONDITION_TABLES_HPP
#define LEEWAY_TESTS_CONDITION_TABLES_HPP

#include <fstream>
#include <string>
#include <vector>

namespace leeway::condition::test {

struct table_case {
  std::string expression{};
  std::string expected{};  ///< its lines, each closed by a newline
  std::size_t line{};
};

/// The cases of tests/condition/<name>; lines that begin with `#` are comments.
inline std::vector<table_case> read_table(const std::string& name) {
  std::vector<table_case> out;
  std::ifstream in("tests/condition/" + name);
  std::string line;
  for (std::size_t number = 1; std::getline(in, line); ++number) {
    if (line.starts_with("> ")) {
      out.push_back({line.substr(2), "", number});
    } else if (line.starts_with("  ") && !out.empty()) {
      out.back().expected += line.substr(2) + "\n";
    }
  }
  return out;
}

}  // namespace leeway::condition::test

#endif
