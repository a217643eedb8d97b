// SPDX-License-Identifier: Apache-2.0
// Hostile and careless documents: no crash, and whatever is refused is refused at a place.
#include "base/json/reader.hpp"
#include "base/json/writer.hpp"
#include "policy/support.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <random>

namespace leeway::policy_test {
namespace {

using random_source = std::mt19937_64;

std::size_t below(random_source& random, std::size_t end) {
  return std::uniform_int_distribution<std::size_t>(0, end - 1)(random);
}

void expect_sound(const std::string& text) {
  const auto result = check(text, "mutated.json");
  EXPECT_EQ(result.policy == nullptr, result.found.has_errors()) << text;
  if (result.policy != nullptr) return;
  bool placed = false;
  for (const diagnostic& one : result.found) {
    placed = placed || (one.level == severity::error && one.place.line >= 1);
  }
  EXPECT_TRUE(placed) << text;
  EXPECT_FALSE(render(result.found).empty());
}

std::string mutate_bytes(std::string text, random_source& random) {
  static const std::string pieces[] = {"\"", "{",       "}",    "[",     "]", ",",    ":",
                                       "\\", "\\u00e9", "null", "1e999", "-", "\xff", "USD",
                                       "*",  " && ",    "(",    "'",     "//"};
  for (std::size_t i = 0, n = 1 + below(random, 4); i < n && !text.empty(); ++i) {
    const std::size_t at = below(random, text.size());
    switch (below(random, 4)) {
      case 0: text.erase(at, 1 + below(random, 12)); break;
      case 1: text.insert(at, pieces[below(random, std::size(pieces))]); break;
      case 2: text[at] = static_cast<char>(below(random, 256)); break;
      default: std::swap(text[at], text[below(random, text.size())]); break;
    }
  }
  return text;
}

using json_value = nlohmann::ordered_json;

void collect(json_value& v, std::vector<json_value*>& out) {
  out.push_back(&v);
  if (!v.is_structured()) return;
  for (auto& one : v) collect(one, out);
}

/// Keeps it JSON, so that what is tested lies behind the reader.
std::string mutate_tree(json_value doc, random_source& random) {
  for (std::size_t i = 0, n = 1 + below(random, 3); i < n; ++i) {
    std::vector<json_value*> all;
    collect(doc, all);
    json_value& target = *all[below(random, all.size())];
    const json_value source = *all[below(random, all.size())];
    switch (below(random, 6)) {
      case 0: target = nullptr; break;
      case 1: target = static_cast<std::int64_t>(random()); break;
      case 2: target = source; break;
      case 3: target = json_value::array({source, source}); break;
      case 4:
        if (target.is_structured() && !target.empty()) target.erase(target.begin());
        break;
      default:
        if (target.is_string() && !target.get<std::string>().empty()) {
          std::string text = target.get<std::string>();
          text[below(random, text.size())] = "x.( *'-"[below(random, 7)];
          target = text;
        }
    }
  }
  return doc.dump(1, ' ', false, json_value::error_handler_t::replace);
}

TEST(MutatedPolicies, NeverCrashAndAreRefusedAtAPlace) {
  const std::uint64_t seed = seed_or(std::random_device{}());
  std::printf("LEEWAY_SEED=%llu\n", static_cast<unsigned long long>(seed));
  SCOPED_TRACE("LEEWAY_SEED=" + std::to_string(seed));
  random_source random(seed);
  const std::string text = read_file("tests/policy/valid/everything.policy.json");
  const auto read = json::read(text, "p.json", {.comments = true});
  ASSERT_TRUE(read.has_value());
  const json_value tree = json::to_json(read->root());
  for (int i = 0; i < 400; ++i) expect_sound(mutate_bytes(text, random));
  for (int i = 0; i < 1200; ++i) expect_sound(mutate_tree(tree, random));
}

TEST(MutatedPolicies, SurviveBeingCutAnywhere) {
  const std::string text = read_file("tests/policy/valid/northwind.policy.json");
  for (std::size_t i = 0; i < text.size(); i += 13) expect_sound(text.substr(0, i));
}

TEST(MutatedPolicies, ReportABoundedNumberOfErrors) {
  std::string text = R"({"format": "leeway-policy/1", "id": "p", "version": "1", "currency": "USD",
    "roles": [)";
  for (int i = 0; i < 5000; ++i) text += "{\"id\": \"a b\", \"nonsense\": 1},";
  text += R"({"id": "z"}], "actions": [{"id": "x"}]})";
  const auto result = check(text);
  EXPECT_EQ(result.policy, nullptr);
  EXPECT_LE(result.found.size(), diagnostics::default_limit);
  EXPECT_GT(result.found.suppressed(), 9000U);
}

TEST(HostilePolicies, AreRefusedForTheirSize) {
  const std::string head = R"({"format": "leeway-policy/1", "id": "p", "version": "1",
    "currency": "USD", "actions": [{"id": "x"}], )";
  std::string roles = head + "\"roles\": [{\"id\": \"r0\"}";
  for (int i = 1; i < 20000; ++i) {
    roles +=
        ",{\"id\":\"r" + std::to_string(i) + "\",\"includes\":\"r" + std::to_string(i - 1) + "\"}";
  }
  const auto many = check(roles + "]}");
  ASSERT_EQ(many.found.error_count(), 1U);
  EXPECT_EQ(many.found[0].code, "too_many");

  std::string values = head + "\"roles\": [{\"id\": \"r\"}], \"values\": {\"v0\": \"true\"";
  for (int i = 1; i < 5000; ++i) {
    values += ",\"v" + std::to_string(i) + "\":\"values.v" + std::to_string(i - 1) + "\"";
  }
  // From the far end, so that the whole chain is met at once.
  std::string reversed = head + "\"roles\": [{\"id\": \"r\"}], \"values\": {\"w\": \"true\"";
  for (int i = 4999; i > 0; --i) {
    reversed += ",\"v" + std::to_string(i) + "\":\"values.v" + std::to_string(i - 1) + "\"";
  }
  EXPECT_TRUE(check(values + "}}").found.contains("nested_too_deeply"));
  const auto deep = check(reversed + ",\"v0\": \"true\"}}");
  EXPECT_TRUE(deep.found.contains("nested_too_deeply"));
}

}  // namespace
}  // namespace leeway::policy_test
