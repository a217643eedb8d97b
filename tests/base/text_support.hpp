// SPDX-License-Identifier: Apache-2.0
// What the tests of the text half of base share.
#ifndef LEEWAY_TESTS_BASE_TEXT_SUPPORT_HPP
#define LEEWAY_TESTS_BASE_TEXT_SUPPORT_HPP

#include "base/json/reader.hpp"

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <random>
#include <string>
#include <string_view>

namespace leeway::test {

/// A folder of the third-party material, or nothing where it is absent.
inline std::optional<std::filesystem::path> shared_folder(const char* below) {
  const char* const told = std::getenv("LEEWAY_SHARED");
  const std::filesystem::path root = told != nullptr ? told : "../shared";
  if (std::filesystem::is_directory(root / below)) return root / below;
  return std::nullopt;
}

inline std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream in{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

/// The seed of a random test: LEEWAY_SEED to replay one. A test prints it when it fails.
inline std::uint64_t seed() {
  if (const char* const told = std::getenv("LEEWAY_SEED")) return std::strtoull(told, nullptr, 10);
  return std::random_device{}();
}

/// The document of text that must be good; an empty one, and a failure by the caller, otherwise.
inline json::document document_of(std::string_view text, json::read_options options = {}) {
  auto read = json::read(text, "test.json", options);
  return read ? *std::move(read) : json::document{};
}

/// The diagnostics of text that must be bad; none when it is good.
inline diagnostics refusal_of(std::string_view text, json::read_options options = {}) {
  auto read = json::read(text, "test.json", options);
  return read ? diagnostics{} : std::move(read).error();
}

/// "code line:column" of the first diagnostic; empty when the text is good.
inline std::string first_of(std::string_view text, json::read_options options = {}) {
  const diagnostics found = refusal_of(text, options);
  if (found.empty()) return {};
  const diagnostic& one = found.front();
  return one.code + " " + std::to_string(one.place.line) + ":" + std::to_string(one.place.column);
}

}  // namespace leeway::test

#endif
