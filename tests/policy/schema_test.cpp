// SPDX-License-Identifier: Apache-2.0
// The published schema agrees with the loader as far as a schema can. The loader is the gate; this
// keeps what editors check from drifting away from it.
#include "base/json/reader.hpp"
#include "base/json/writer.hpp"
#include "policy/support.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include <optional>
#include <set>

namespace leeway::policy_test {
namespace {

constexpr const char* schema_file = "docs/schema/leeway-policy-1.schema.json";

std::optional<nlohmann::json> plain(const std::string& text) {
  const auto read = json::read(text, "p.json", {.comments = true});
  if (!read) return std::nullopt;
  return nlohmann::json::parse(json::dump(json::to_json(read->root())));
}

class published_schema {
 public:
  explicit published_schema(const char* file = schema_file) {
    source_ = nlohmann::json::parse(read_file(file));
    valijson::SchemaParser parser;
    parser.populateSchema(valijson::adapters::NlohmannJsonAdapter(source_), schema_);
  }

  /// Nothing when the document is valid, else what is wrong first.
  std::optional<std::string> refuses(const nlohmann::json& document) const {
    valijson::Validator validator;
    valijson::ValidationResults results;
    const valijson::adapters::NlohmannJsonAdapter target(document);
    if (validator.validate(schema_, target, &results)) return std::nullopt;
    valijson::ValidationResults::Error first;
    std::string text = "refused";
    while (results.popError(first)) {
      for (const auto& step : first.context) text += step;
      text += ": " + first.description + "\n";
    }
    return text;
  }

 private:
  nlohmann::json source_{};
  valijson::Schema schema_{};
};

/// What is wrong with the shape of a document, which a schema can say.
const std::set<std::string>& structural() {
  static const std::set<std::string> codes{
      "missing_key",     "unknown_key",   "wrong_type",   "unknown_word",     "bad_id",
      "bad_name",        "empty_list",    "empty_text",   "empty_expression", "unknown_type",
      "unknown_format",  "window_syntax", "date_syntax",  "several_effects",  "empty_table",
      "when_and_unless", "limit_missing", "bad_language", "window_anchor"};
  return codes;
}

/// What a schema cannot say, by code: references, money, types of constants against declarations,
/// expressions, and laws across entries. A code that appears in a broken document must be in one of
/// the two lists, so that a new one is thought about.
const std::set<std::string>& beyond_a_schema() {
  static const std::set<std::string> codes{
      // names that must exist, or must not exist twice
      "unknown_role", "unknown_action", "unknown_fact", "unknown_currency", "zone_unknown",
      "duplicate_id", "bad_fact_name",
      // `*` beside another name has the same code as a name that stands twice
      "repeated_name",
      // dates and windows of the right form that do not exist
      "date_range", "empty_dates", "window_empty",
      // a string may be an amount or an expression: which one was meant is not a matter of form
      "money_syntax", "money_currency", "money_decimals", "wrong_currency", "negative_amount",
      // constants against the type another key declares
      "wrong_constant", "type_mismatch", "default_not_allowed", "default_and_optional",
      "never_missing", "mixed_table", "overlapping_dates", "no_working_day", "dated_table",
      "unknown_row", "unknown_lint", "unknown_id",
      // laws across keys and entries
      "value_cycle", "includes_cycle", "escalation_cycle", "substitutes_itself", "nothing_due",
      "impossible_bound", "bound_missing", "window_missing", "total_missing", "no_amount_to_bound",
      "no_amount_to_pay", "different_roundings", "protected_fact", "computed_name", "reads_due",
      // expressions
      "syntax_error", "unknown_name", "unknown_function", "wrong_result", "no_null",
      "has_not_optional", "optional_unguarded", "protected_attribute", "amount_not_linear",
      "bad_pattern", "too_long", "too_costly"};
  return codes;
}

bool concerns_shape(const diagnostic& one) {
  // A constant of a fact is of the form its type asks for, which stands under another key.
  const bool constant =
      one.pointer.starts_with("/facts/") && (one.pointer.find("/default") != std::string::npos ||
                                             one.pointer.find("/one_of") != std::string::npos);
  return one.level == severity::error && structural().contains(one.code) && !constant;
}

TEST(PublishedSchema, AcceptsEveryGoodPolicy) {
  const published_schema schema;
  for (const auto& path : good_policies()) {
    const auto document = plain(read_file(path));
    ASSERT_TRUE(document.has_value()) << path;
    EXPECT_EQ(schema.refuses(*document), std::nullopt) << path;
  }
}

TEST(PublishedSchema, OfOverlaysSharesItsDefinitionsWithThatOfPolicies) {
  const auto policies = nlohmann::json::parse(read_file(schema_file));
  const auto overlays =
      nlohmann::json::parse(read_file("docs/schema/leeway-overlay-1.schema.json"));
  for (const auto& [name, definition] : overlays.at("definitions").items()) {
    EXPECT_EQ(definition, policies.at("definitions").at(name)) << name;
  }
  const auto& inside = policies.at("definitions").at("overlay").at("properties");
  for (const auto& [name, property] : inside.items()) {
    EXPECT_EQ(property, overlays.at("properties").at(name)) << name;
  }
}

TEST(PublishedSchema, OfOverlaysAcceptsTheExampleAndRefusesAGrant) {
  const published_schema schema("docs/schema/leeway-overlay-1.schema.json");
  auto example = *plain(read_file("examples/overlays/northwind-manila.overlay.json"));
  EXPECT_EQ(schema.refuses(example), std::nullopt);
  example["grants"] = nlohmann::json::array();
  EXPECT_NE(schema.refuses(example), std::nullopt);
}

TEST(PublishedSchema, AcceptsEveryNormalForm) {
  const published_schema schema;
  for (const auto& path : good_policies()) {
    const auto result = check(read_file(path));
    ASSERT_NE(result.policy, nullptr) << path;
    const auto document = plain(normal_form(result.policy->document));
    EXPECT_EQ(schema.refuses(*document), std::nullopt) << path;
  }
}

TEST(PublishedSchema, RefusesWhatHasTheWrongShape) {
  const published_schema schema;
  std::size_t refused = 0;
  for (const auto& path : files("tests/policy/broken", ".policy.json")) {
    const auto document = plain(read_file(path));
    if (!document) continue;
    const auto result = check(read_file(path));
    const bool shape = std::any_of(result.found.begin(), result.found.end(), concerns_shape);
    if (!shape) continue;
    ++refused;
    EXPECT_NE(schema.refuses(*document), std::nullopt) << path << "\n" << render(result.found);
  }
  EXPECT_GT(refused, 25U);
}

TEST(PublishedSchema, RefusesNothingThatTheLoaderTakes) {
  const published_schema schema;
  for (const char* folder : {"tests/policy/broken", "tests/policy/lint"}) {
    for (const auto& path : files(folder, ".policy.json")) {
      const auto document = plain(read_file(path));
      if (!document || !schema.refuses(*document)) continue;
      EXPECT_TRUE(check(read_file(path)).found.has_errors()) << path;
    }
  }
}

TEST(PublishedSchema, EveryCodeIsKnownToBeWithinOrBeyondIt) {
  for (const auto& path : files("tests/policy/broken", ".policy.json")) {
    if (!plain(read_file(path))) continue;
    for (const diagnostic& one : check(read_file(path)).found) {
      if (one.level != severity::error) continue;
      EXPECT_TRUE(structural().contains(one.code) || beyond_a_schema().contains(one.code))
          << path << ": " << one.code;
    }
  }
}

}  // namespace
}  // namespace leeway::policy_test
