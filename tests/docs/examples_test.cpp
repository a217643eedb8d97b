// SPDX-License-Identifier: Apache-2.0
// Examples of the interchange forms, marked `<!-- policy -->`, `<!-- request -->`, `<!-- decision
// -->` or
// `<!-- record -->` in any page, are read by the library; decisions and records are real output.
#include "docs/support.hpp"

#include <leeway/leeway.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <optional>
#include <string>

namespace leeway::docs_test {
namespace {

using nlohmann::json;

constexpr const char* elided_digest = "sha256:...";

struct example {
  std::filesystem::path page{};
  block content{};
  std::string where() const { return page.string() + ":" + std::to_string(content.line); }
};

std::vector<example> examples_of(const std::string& mark) {
  std::vector<example> out;
  for (const auto& page : pages()) {
    for (const block& b : blocks_of(page)) {
      if (b.mark == mark) out.push_back({page, b});
    }
  }
  return out;
}

policy northwind() {
  return load_policy("examples/01_first_decision/northwind.policy.json").value();
}

request example_request() {
  return parse_request(read_file("examples/01_first_decision/waiver.request.json")).value();
}

/// The digest and ids derived from it change with every edit of the policy, and texts are for
/// people.
json comparable(const std::string& text) {
  json out = json::parse(text);
  out.erase("decision");
  out["policy"].erase("digest");
  for (json& reason : out["reasons"]) reason.erase("text");
  return out;
}

void replace_all(std::string& text, const std::string& from, const std::string& to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

TEST(Examples, PoliciesLoad) {
  for (const example& one : examples_of("policy")) {
    const auto loaded = parse_policy(one.content.text, one.where());
    EXPECT_TRUE(loaded) << (loaded ? "" : render(loaded.error()));
  }
}

TEST(Examples, RequestsAreRead) {
  const auto found = examples_of("request");
  EXPECT_FALSE(found.empty());
  for (const example& one : found) {
    const auto read = parse_request(one.content.text, one.where());
    EXPECT_TRUE(read) << (read ? "" : render(read.error()));
  }
}

TEST(Examples, TheRequestPageShowsTheRequestOfTheExample) {
  for (const example& one : examples_of("request")) {
    if (one.page != "docs/formats/request.md") continue;
    EXPECT_EQ(to_json(parse_request(one.content.text).value()), to_json(example_request()));
  }
}

TEST(Examples, DecisionsAreWhatTheLibraryDecides) {
  const auto found = examples_of("decision");
  EXPECT_FALSE(found.empty());
  for (const example& one : found) {
    const json decided = comparable(to_json(northwind().decide(example_request())));
    EXPECT_EQ(comparable(one.content.text), decided) << one.where() << "\n" << decided.dump(1);
  }
}

TEST(Examples, RecordsReplay) {
  const policy under = northwind();
  const auto found = examples_of("record");
  EXPECT_FALSE(found.empty());
  for (const example& one : found) {
    std::string text = one.content.text;
    replace_all(text, elided_digest, under.digest().to_string());
    json record = json::parse(text);
    record["tzdata"] = std::string(time_zone_data_version());
    record["decision"]["tzdata"] = record["tzdata"];
    const auto done = replay_record(record.dump(), one.where(), [&](const digest& wanted) {
      return wanted == under.digest() ? &under : nullptr;
    });
    ASSERT_TRUE(done) << render(done.error());
    EXPECT_TRUE(done->exact) << one.where() << " " << done->pointer << ": recorded "
                             << done->recorded << ", replayed " << done->replayed;
  }
}

}  // namespace
}  // namespace leeway::docs_test
