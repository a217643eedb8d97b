// SPDX-License-Identifier: Apache-2.0
// Reads the documentation as a reader sees it: fenced blocks, and what stands before them.
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace leeway::docs_test {

/// A fenced block of a page.
struct block {
  std::string language{};  ///< `json`, `console`, `cpp` ...
  std::string mark{};      ///< of `<!-- mark -->` on the line before it; empty: none
  std::string text{};
  std::size_t line{};  ///< of the opening fence
};

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

inline std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> out;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) out.push_back(line);
  return out;
}

inline std::string mark_in(const std::string& line) {
  const std::string open = "<!-- ";
  const std::string close = " -->";
  if (!line.starts_with(open) || !line.ends_with(close)) return {};
  return line.substr(open.size(), line.size() - open.size() - close.size());
}

inline std::vector<block> blocks_of(const std::filesystem::path& page) {
  std::vector<block> out;
  bool inside = false;
  std::string before;
  std::size_t number = 0;
  for (const std::string& line : lines_of(read_file(page))) {
    ++number;
    if (line.starts_with("```")) {
      if (!inside) out.push_back({line.substr(3), mark_in(before), {}, number});
      inside = !inside;
    } else if (inside) {
      out.back().text += line + '\n';
    }
    before = line;
  }
  return out;
}

/// README.md, CHANGELOG.md and every page below docs/. Tests run in the root of the sources.
inline std::vector<std::filesystem::path> pages() {
  std::vector<std::filesystem::path> out{"README.md", "CHANGELOG.md"};
  for (const auto& one : std::filesystem::recursive_directory_iterator("docs")) {
    if (one.path().extension() == ".md") out.push_back(one.path());
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace leeway::docs_test
