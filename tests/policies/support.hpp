// SPDX-License-Identifier: Apache-2.0
// Reading other people's cases, and putting them as requests to an example policy.
#pragma once

#include <leeway/leeway.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace leeway::policies_test {

using json = nlohmann::ordered_json;

/// Where material that is read in place lies: LEEWAY_SHARED, else `shared` beside the sources.
/// Tests run in the root of the sources.
inline std::filesystem::path shared_folder() {
  const char* named = std::getenv("LEEWAY_SHARED");  // NOLINT(concurrency-mt-unsafe)
  return named != nullptr ? std::filesystem::path(named) : std::filesystem::path("../shared");
}

/// The objects of a file of JSON Lines.
inline std::vector<json> read_lines(const std::filesystem::path& path) {
  std::vector<json> out;
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    if (!line.empty()) out.push_back(json::parse(line));
  }
  return out;
}

/// An amount with two decimals, from its text: `"19.40"`, `12.5`, `20`. A number's text is the
/// shortest that reads back the same, so it is the one that was written; nothing is calculated.
inline std::string amount_text(const json& from, std::string_view currency) {
  std::string text = from.is_string() ? from.get<std::string>() : from.dump();
  const std::size_t point = text.find('.');
  if (point == std::string::npos) {
    text += ".00";
  } else {
    while (text.size() - point < 3) text += '0';
    while (text.size() - point > 3 && text.back() == '0') text.pop_back();
  }
  return text + ' ' + std::string(currency);
}

/// The value at `key`, or nullptr when it is missing or null: both are unknown to a policy.
inline const json* known(const json& in, std::string_view key) {
  const auto found = in.find(key);
  return found == in.end() || found->is_null() ? nullptr : &*found;
}

/// Copies `from[key]` to `to[name]`; what is missing or null stays unknown.
inline void copy(const json& from, std::string_view key, json& to, std::string_view name) {
  if (const json* one = known(from, key)) to[std::string(name)] = *one;
}
inline void copy_amount(const json& from, std::string_view key, json& to, std::string_view name,
                        std::string_view currency) {
  if (const json* one = known(from, key)) to[std::string(name)] = amount_text(*one, currency);
}

inline std::string join(const diagnostics& found) {
  std::string out;
  for (const diagnostic& one : found) out += one.message + "; ";
  return out;
}

/// A policy of examples/policies, by its path there.
inline policy example(const std::string& name) {
  auto loaded = load_policy("examples/policies/" + name + ".policy.json");
  if (!loaded) throw std::runtime_error(name + ": " + join(loaded.error()));
  return *std::move(loaded);
}

/// Decides a request as a caller would send it.
inline decision decide(const policy& by, const json& asked, const decide_options& options = {}) {
  auto r = parse_request(asked.dump());
  if (!r) throw std::runtime_error(asked.dump() + ": " + join(r.error()));
  return by.decide(*r, options);
}

/// What spoke against approving, for people.
inline std::string reasons(const decision& d) {
  std::string out;
  for (const finding& one : d.findings) {
    if (one.outcome == outcome::approve) continue;
    out += "\n      " + std::string(to_string(one.code)) + " " + one.rule.str() + ": " + text(one);
  }
  return out;
}

}  // namespace leeway::policies_test
