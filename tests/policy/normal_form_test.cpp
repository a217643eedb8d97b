// SPDX-License-Identifier: Apache-2.0
// The normal form: the same meaning gives the same digest, another meaning another.
#include "base/json/reader.hpp"
#include "base/json/writer.hpp"
#include "policy/support.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <functional>
#include <random>
#include <set>

namespace leeway::policy_test {
namespace {

using json_value = nlohmann::ordered_json;

json_value parse(const std::string& text) {
  const auto read = json::read(text, "p.json", {.comments = true});
  EXPECT_TRUE(read.has_value());
  return json::to_json(read->root());
}

std::string everything() { return read_file("tests/policy/valid/everything.policy.json"); }

policy_document load(const std::string& text) {
  auto loaded = policy_detail::load_document(text, "p.json");
  EXPECT_FALSE(loaded.found.has_errors()) << render(loaded.found);
  return loaded.content;
}

std::string digest_of(const std::string& text) { return policy_digest(load(text)).to_string(); }

/// Lists in which order means something: none. Objects never have an order.
void shuffle(json_value& v, std::mt19937_64& random) {
  if (v.is_object()) {
    std::vector<std::pair<std::string, json_value>> members;
    for (auto& [key, one] : v.items()) members.emplace_back(key, one);
    std::shuffle(members.begin(), members.end(), random);
    v = json_value::object();
    for (auto& [key, one] : members) {
      shuffle(one, random);
      v[key] = one;
    }
  } else if (v.is_array()) {
    std::shuffle(v.begin(), v.end(), random);
    for (auto& one : v) shuffle(one, random);
  }
}

TEST(NormalForm, IsItselfADocumentWithTheSameDigest) {
  for (const auto& path : good_policies()) {
    const std::string once = normal_form(load(read_file(path)));
    const auto again = check(once);
    ASSERT_NE(again.policy, nullptr) << path << "\n" << render(again.found);
    EXPECT_EQ(normal_form(again.policy->document), once) << path;
    EXPECT_EQ(again.policy->content_digest, digest::of(once)) << path;
  }
}

TEST(NormalForm, IgnoresOrderCommentsAndLayout) {
  const std::uint64_t seed = seed_or(20261121);
  SCOPED_TRACE("LEEWAY_SEED=" + std::to_string(seed));
  std::mt19937_64 random(seed);
  for (const auto& path : good_policies()) {
    const std::string text = read_file(path);
    const std::string expected = digest_of(text);
    for (int round = 0; round < 20; ++round) {
      json_value shuffled = parse(text);
      // A default is one value, so its order counts: list defaults stay as they are.
      const json_value facts = shuffled.value("facts", json_value::object());
      shuffle(shuffled, random);
      if (!facts.empty()) shuffled["facts"] = facts;
      const std::string out = round % 2 == 0 ? shuffled.dump() : shuffled.dump(3);
      EXPECT_EQ(digest_of("// a comment\n" + out + "/* and one */"), expected) << path;
    }
  }
}

TEST(NormalForm, LeavesOutWhatABudgetCountsAnyway) {
  const auto digest = [](const char* actions, const char* counts) {
    return digest_of(std::string(R"({"format": "leeway-policy/1", "id": "p", "version": "1",
      "currency": "USD", "roles": [{"id": "agent"}], "actions": [{"id": "refund"}],
      "budgets": [{"id": "B", "per": [], "window": "P1D", "count": 1, "beyond": "deny",
                   "for": ")") +
                     actions + '"' + counts + "}]}");
  };
  EXPECT_EQ(digest("*", R"(, "counts": "goodwill")"), digest("*", ""));
  EXPECT_EQ(digest("refund", R"(, "counts": "all")"), digest("refund", ""));
  EXPECT_NE(digest("*", R"(, "counts": "all")"), digest("*", ""));
  EXPECT_NE(digest("refund", R"(, "counts": "goodwill")"), digest("refund", ""));
}

TEST(NormalForm, TakesOneNameForAListOfOne) {
  const std::string head = R"({"format": "leeway-policy/1", "id": "p", "version": "1",
    "currency": "USD", "roles": [{"id": "a"}], "actions": [{"id": "x"}],)";
  EXPECT_EQ(
      digest_of(head + R"("grants": [{"id": "G", "to": "a", "for": "x", "up_to": "5 USD"}]})"),
      digest_of(head + R"("time_zone": "UTC", "suspended": false, "effective": {"from": null},
              "rules": [],
              "grants": [{"for": ["x"], "to": ["a"], "id": "G", "up_to": "5.00 USD"}]})"));
  EXPECT_EQ(digest_of(head + R"("rules": [{"id": "R", "when": " a ", "then": "deny"}]})"),
            digest_of(head + R"("rules": [{"id": "R", "for": "*", "when": "a", "then": ["deny"],
              "discretion": false}]})"));
  EXPECT_EQ(digest_of(head + R"("protection": "You are safe."})"),
            digest_of(head + R"("protection": {"en": "You are safe."}})"));
}

/// Calls `visit` with every place of a document: a value that can be changed in place.
void each_leaf(json_value& v, const std::string& at,
               const std::function<void(json_value&, const std::string&)>& visit) {
  if (v.is_structured()) {
    for (auto& [key, one] : v.items()) {
      each_leaf(one, std::string(at).append("/").append(key), visit);
    }
  } else {
    visit(v, at);
  }
}

/// Another value that the loader takes in the same place.
std::vector<json_value> others(const json_value& v) {
  if (v.is_boolean()) return {!v.get<bool>()};
  if (v.is_number_integer()) return {v.get<std::int64_t>() + 1};
  if (v.is_number()) return {v.get<double>() + 0.25};
  const std::string text = v.get<std::string>();
  return {text + "x",   "lifetime",      "P77D",
          "2026-03-03", "77.77 EUR",     "77%",
          "fixed",      "any",           "count",
          "sum",        "half_even",     "half_down",
          "allow",      "deny",          "goodwill",
          "int",        "second_person", "2026-03-03T00:00:00Z",
          "7s",         "USD",           "Europe/Paris",
          "string",     "monday",        json_value{{"escalate", {"manager"}}}};
}

TEST(NormalForm, ChangesWithEveryLeafOfTheDocument) {
  const std::string expected = digest_of(everything());
  json_value doc = parse(everything());
  std::size_t changed = 0;
  each_leaf(doc, "", [&](json_value& leaf, const std::string& at) {
    if (at == "/$schema" || at == "/format") return;
    // Another type would not fit the constants beside it.
    if (at.ends_with("/type") && (at.find("hours_late") == std::string::npos)) return;
    const json_value kept = leaf;
    bool seen = false;
    for (const json_value& other : others(kept)) {
      if (other == kept) continue;
      leaf = other;
      const auto loaded = policy_detail::load_document(doc.dump(), "p.json");
      if (loaded.found.has_errors()) continue;
      seen = true;
      EXPECT_NE(policy_digest(loaded.content).to_string(), expected) << at << " = " << other;
    }
    EXPECT_TRUE(seen) << "no other value could be tried at " << at;
    leaf = kept;
    ++changed;
  });
  EXPECT_GT(changed, 200U);
}

TEST(NormalForm, ChangesWithEveryKeyThatCanBeLeftOut) {
  const std::string expected = digest_of(everything());
  const json_value whole = parse(everything());
  std::size_t tried = 0;
  std::function<void(const json_value&, const nlohmann::json_pointer<std::string>&)> walk =
      [&](const json_value& v, const nlohmann::json_pointer<std::string>& at) {
        for (auto& [key, one] : v.items()) {
          const bool item = v.is_array();
          const auto below = item ? at / std::stoul(key) : at / key;
          if (one.is_structured()) walk(one, below);
          if (below.to_string() == "/$schema") continue;
          json_value less = whole;
          if (item) {
            less[at].erase(std::stoul(key));
          } else {
            less[at].erase(key);
          }
          const auto loaded = policy_detail::load_document(less.dump(), "p.json");
          if (loaded.found.has_errors()) continue;
          ++tried;
          EXPECT_NE(policy_digest(loaded.content).to_string(), expected) << below.to_string();
        }
      };
  walk(whole, nlohmann::json_pointer<std::string>());
  EXPECT_GT(tried, 150U);
}

TEST(NormalForm, ExistsForAnyBytesADocumentMayHold) {
  policy_document broken;
  broken.title = "\xff\xfe";
  broken.facts.push_back({.name = "x\xff", .type = "\x01", .default_value = value("\xc0")});
  broken.facts.push_back({.name = "nan", .default_value = value(std::nan(""))});
  EXPECT_FALSE(normal_form(broken).empty());
  policy_document other = broken;
  other.title = "\xff\xfd";
  EXPECT_NE(policy_digest(broken), policy_digest(other));
}

}  // namespace
}  // namespace leeway::policy_test
