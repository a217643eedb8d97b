// SPDX-License-Identifier: Apache-2.0
// What the tests of policy documents share.
#pragma once

#include "policy/compiled.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

namespace leeway::policy_test {

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

/// The files below `folder` whose names end so, sorted. Tests run in the root of the sources.
inline std::vector<std::filesystem::path> files(const std::filesystem::path& folder,
                                                const std::string& suffix) {
  std::vector<std::filesystem::path> out;
  if (!std::filesystem::exists(folder)) return out;
  for (const auto& one : std::filesystem::recursive_directory_iterator(folder)) {
    if (one.path().string().ends_with(suffix)) out.push_back(one.path());
  }
  std::sort(out.begin(), out.end());
  return out;
}

/// Every policy of the repository that is meant to be good.
inline std::vector<std::filesystem::path> good_policies() {
  auto out = files("tests/policy/valid", ".policy.json");
  for (auto& one : files("examples/policies", ".policy.json")) out.push_back(std::move(one));
  return out;
}

struct outcome {
  policy_detail::loaded_document loaded{};
  diagnostics found{};
  std::shared_ptr<const policy_detail::compiled_policy> policy{};
};

inline outcome check(std::string_view text, std::string_view file = "p.json") {
  outcome out;
  out.loaded = policy_detail::load_document(text, file);
  out.found = out.loaded.found;
  const policy_detail::locator where(out.loaded.source);
  out.policy = policy_detail::check_policy(out.loaded.content, where, out.found);
  return out;
}

/// A document as C++ code would build it: nothing to point at.
inline outcome check(const policy_document& document) {
  outcome out;
  out.policy = policy_detail::check_policy(document, {}, out.found);
  return out;
}

/// The seed of a property: LEEWAY_SEED replays one.
inline std::uint64_t seed_or(std::uint64_t fallback) {
  const char* text = std::getenv("LEEWAY_SEED");
  return text == nullptr ? fallback : std::strtoull(text, nullptr, 10);
}

}  // namespace leeway::policy_test
