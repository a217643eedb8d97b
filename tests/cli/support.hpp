// SPDX-License-Identifier: Apache-2.0
// Runs the program, and keeps files of a test's own.
#pragma once

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>

namespace leeway::cli_test {

struct run_result {
  int code{};
  std::string text{};  ///< standard output, then standard error where it was asked for
};

/// Runs a line of the shell and takes what it prints.
inline run_result shell(const std::string& line) {
  run_result out;
  std::FILE* pipe = ::popen(line.c_str(), "r");
  if (pipe == nullptr) return out;
  char buffer[4096];
  for (std::size_t n = 0; (n = std::fread(buffer, 1, sizeof buffer, pipe)) != 0;) {
    out.text.append(buffer, n);
  }
  const int status = ::pclose(pipe);
  out.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return out;
}

/// Runs `leeway <arguments>`; arguments may redirect.
inline run_result leeway(const std::string& arguments) {
  return shell(std::string("NO_COLOR=1 '") + LEEWAY_PROGRAM + "' " + arguments);
}

inline std::string contents(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline void write(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

/// A folder of this test's own, removed at its end.
class scratch_folder {
 public:
  scratch_folder() {
    std::string name = (std::filesystem::temp_directory_path() / "leeway-cli-XXXXXX").string();
    if (::mkdtemp(name.data()) != nullptr) path_ = name;
  }
  ~scratch_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  scratch_folder(const scratch_folder&) = delete;
  scratch_folder& operator=(const scratch_folder&) = delete;
  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_{};
};

/// The folder of third-party material; nothing where it is absent.
inline std::optional<std::filesystem::path> shared_file(const std::string& name) {
  const char* const told = std::getenv("LEEWAY_SHARED");
  const std::filesystem::path root = told != nullptr ? told : "../shared";
  auto out = root / name;
  return std::filesystem::exists(out) ? std::optional(out) : std::nullopt;
}

}  // namespace leeway::cli_test
