// SPDX-License-Identifier: Apache-2.0
// The part of the standard's conformance suite that a strict, typed subset can be asked for.
#include "condition/support.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>
#include <limits>
#include <optional>

namespace leeway::condition::test {
namespace {

using json = nlohmann::json;

std::optional<std::filesystem::path> cases_file() {
  const char* const told = std::getenv("LEEWAY_SHARED");
  const std::filesystem::path root = told != nullptr ? told : "../shared";
  auto out = root / "cel" / "cases.json";
  if (std::filesystem::exists(out)) return out;
  return std::nullopt;
}

double number_of(const std::string& text) {
  if (text == "NaN") return std::numeric_limits<double>::quiet_NaN();
  if (text == "Infinity") return std::numeric_limits<double>::infinity();
  if (text == "-Infinity") return -std::numeric_limits<double>::infinity();
  return std::stod(text);
}

value value_of(const json& j) {
  const std::string kind = j.begin().key();
  const json& content = j.begin().value();
  if (kind == "bool") return content.get<bool>();
  if (kind == "int") return static_cast<std::int64_t>(std::stoll(content.get<std::string>()));
  if (kind == "double") return number_of(content.get<std::string>());
  if (kind == "string") return content.get<std::string>();
  if (kind == "duration") {
    return duration::make(content[0].get<std::int64_t>(), content[1].get<std::int64_t>()).value();
  }
  if (kind == "timestamp") {
    return instant::make(content[0].get<std::int64_t>(), content[1].get<std::int32_t>()).value();
  }
  if (kind == "list") {
    value::list_type items;
    for (const json& item : content) items.push_back(value_of(item));
    return value::list(std::move(items));
  }
  value::map_type entries;
  for (const json& row : content) entries.emplace_back(value_of(row[0]), value_of(row[1]));
  return value::map(std::move(entries));
}

type type_of_json(const json& j) {
  if (j.is_string()) return type_of(j.get<std::string>());
  if (j.contains("list")) return type::list_of(type_of_json(j["list"]));
  return type::map_of(type_of_json(j["map"][0]), type_of_json(j["map"][1]));
}

/// Empty when the case gives what the standard says, else what it gave.
std::string run_case(const json& c) {
  environment env(currency::usd(), time_zone{});
  std::vector<std::pair<slot, value>> known;
  const json types = c.value("type_env", json::object());
  for (const auto& [name, type_json] : types.items()) {
    const slot s = env.declare({.path = name, .static_type = type_of_json(type_json)});
    if (c["bindings"].contains(name)) known.emplace_back(s, value_of(c["bindings"][name]));
  }
  frame f(env);
  for (auto& [s, v] : known) f.set(s, v);
  const compiled out = compile(c["expr"].get<std::string>(), env);
  const bool fails = c.contains("error");
  if (!out.code) {
    return "refused: " + (out.found.empty() ? std::string("?") : out.found.front().message);
  }
  if (c.contains("deduced_type") && out.code->result_type() != type_of_json(c["deduced_type"])) {
    return "type " + out.code->result_type().to_string();
  }
  const evaluation e = evaluate(*out.code, env, f);
  if (fails) {
    return e.status == evaluation::state::failed ? "" : "no error";
  }
  if (e.status != evaluation::state::known) return "failed: " + e.error;
  const value wanted = value_of(c["value"]);
  return *e.result == wanted ? "" : "found " + e.result->to_string();
}

TEST(Conformance, GivesWhatTheStandardSays) {
  const auto path = cases_file();
  if (!path) GTEST_SKIP() << "the conformance cases are not here: set LEEWAY_SHARED";
  std::ifstream in(*path);
  const json cases = json::parse(in);
  std::size_t passed = 0;
  for (const json& c : cases) {
    const std::string wrong = run_case(c);
    if (wrong.empty()) {
      ++passed;
      continue;
    }
    ADD_FAILURE() << c["file"] << " " << c["section"] << " " << c["name"] << ": " << c["expr"]
                  << "\n  " << wrong;
  }
  RecordProperty("passed", static_cast<int>(passed));
  EXPECT_EQ(passed, cases.size());
  EXPECT_GE(cases.size(), 300U);
}

}  // namespace
}  // namespace leeway::condition::test
