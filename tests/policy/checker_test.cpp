// SPDX-License-Identifier: Apache-2.0
// What checking makes of a document: resolved, sorted, compiled; also without a source to point at.
#include "policy/check.hpp"
#include "policy/support.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace leeway::policy_test {
namespace {

using policy_detail::dotted_names;

/// The smallest policy that is good, built in C++.
policy_document small() {
  policy_document p;
  p.id = "small";
  p.version = "1";
  p.money_currency = currency::usd();
  p.roles = {{.id = "lead", .includes = {"agent"}}, {.id = "agent", .escalate_to = {"lead"}}};
  p.actions = {{.id = "refund"}, {.id = "exception", .amount = amount_mode::no_amount}};
  p.grants = {{.id = "G2", .to = {"lead"}, .actions = {"*"}},
              {.id = "G1", .to = {"agent"}, .actions = {"refund"}, .bounds = {.up_to = usd(50)}}};
  return p;
}

std::vector<std::string> codes(const diagnostics& found) {
  std::vector<std::string> out;
  for (const diagnostic& one : found) {
    if (one.level == severity::error) out.push_back(one.code + " " + one.pointer);
  }
  return out;
}

using strings = std::vector<std::string>;

TEST(CheckPolicy, SortsAndResolves) {
  const auto result = check(small());
  ASSERT_NE(result.policy, nullptr) << render(result.found);
  const auto& p = *result.policy;
  ASSERT_EQ(p.roles.size(), 2U);
  EXPECT_EQ(p.roles[0].id, role_id("agent"));
  EXPECT_EQ(p.roles[0].includes, (std::vector<policy_detail::index>{0}));
  EXPECT_EQ(p.roles[0].escalate_to, (std::vector<policy_detail::index>{1}));
  EXPECT_EQ(p.roles[1].includes, (std::vector<policy_detail::index>{0, 1}));
  EXPECT_EQ(p.grants[0].id, rule_id("G1"));
  EXPECT_EQ(p.find_role("lead"), 1U);
  EXPECT_EQ(p.find_role("boss"), std::nullopt);
  EXPECT_EQ(p.find_action("refund"), 1U);
  EXPECT_FALSE(p.grants[0].actions.every);
  EXPECT_TRUE(p.grants[0].actions.contains(1));
  EXPECT_FALSE(p.grants[0].actions.contains(0));
  EXPECT_TRUE(p.grants[1].actions.every);
  EXPECT_EQ(std::get<money>(p.grants[0].up_to->content), usd(50));
  EXPECT_EQ(p.grants[0].origin, &p.document.grants[1]) << "origin points into the own copy";
  EXPECT_EQ(p.content_digest, policy_digest(small()));
}

TEST(CheckPolicy, GivesTheSameForAnyOrder) {
  policy_document other = small();
  std::reverse(other.grants.begin(), other.grants.end());
  std::reverse(other.roles.begin(), other.roles.end());
  std::reverse(other.actions.begin(), other.actions.end());
  const auto a = check(small()), b = check(other);
  ASSERT_NE(b.policy, nullptr);
  EXPECT_EQ(a.policy->content_digest, b.policy->content_digest);
  EXPECT_EQ(a.policy->grants[0].to, b.policy->grants[0].to);
  EXPECT_EQ(a.policy->grants[0].actions.actions, b.policy->grants[0].actions.actions);
}

TEST(CheckPolicy, FindsTheSameErrorsWithoutASource) {
  policy_document p = small();
  p.id = "a b";
  p.money_currency = {};
  p.time_zone = "Mars/Olympus";
  p.roles[0].includes = {"agnt"};
  p.roles.push_back({.id = "agent"});
  p.grants[0].when = "contact.weather";
  p.grants[1].bounds.up_to = std::int64_t{50};
  p.rules = {{.id = "G1", .then = {{.what = effect::kind::escalate}}}};
  const auto result = check(p);
  EXPECT_EQ(result.policy, nullptr);
  const strings expected{"bad_id /id",
                         "unknown_currency /currency",
                         "zone_unknown /time_zone",
                         "unknown_role /roles/0/includes/0",
                         "duplicate_id /roles/2/id",
                         "unknown_name /grants/0/when",
                         "type_mismatch /grants/1/up_to",
                         "duplicate_id /rules/0/id",
                         "empty_list /rules/0/then/0/escalate"};
  strings found = codes(result.found);
  strings wanted = expected;
  std::sort(found.begin(), found.end());
  std::sort(wanted.begin(), wanted.end());
  EXPECT_EQ(found, wanted) << render(result.found);
}

TEST(CheckPolicy, RefusesConstantsThatCannotBeWrittenDown) {
  policy_document p = small();
  p.tables = {{"third", value::map({{"a", *ratio::make(1, 3)}})},
              {"dates", value::map({{"a", civil_date{2026, 1, 1}}})},
              {"by_number", value::map({{std::int64_t{1}, true}})},
              {"looks_like_money", value::map({{"a", "5.00 USD"}})},
              {"whole", value::map({{"a", 1.0}})},
              {"empty", value::map({})}};
  p.facts = {{.name = "contact.a", .type = "double", .default_value = value(std::nan(""))},
             {.name = "contact.b",
              .type = "money",
              .default_value = value(*checked_div(exact_money(usd(1)), 3))},
             {.name = "contact.c", .type = "int", .default_value = value("x")}};
  const auto result = check(p);
  EXPECT_EQ(codes(result.found).size(), 9U) << render(result.found);
}

TEST(CheckPolicy, DeclaresHistoryUnderItsOwnNames) {
  policy_document p = small();
  p.facts = {{.name = "subject.account", .type = "string"},
             {.name = "customer.region", .type = "string", .protected_attribute = true},
             {.name = "entry.category", .type = "string"}};
  p.measures = {{.id = "a",
                 .kinds = {"*"},
                 .where = "entry.subject.account == 'x' && entry.category == 'y' && "
                          "entry.amount > money('1 USD') && !entry.reversed"}};
  EXPECT_NE(check(p).policy, nullptr) << render(check(p).found);
  p.measures[0].where = "entry.customer.region == 'north'";
  EXPECT_EQ(codes(check(p).found), (strings{"protected_attribute /measures/0/where"}));
}

TEST(CheckPolicy, TypesUsageByItsMeasure) {
  policy_document p = small();
  p.measures = {{.id = "n", .kinds = {"*"}},
                {.id = "s", .kinds = {"*"}, .take = take::sum},
                {.id = "m", .kinds = {"*"}, .take = take::max},
                {.id = "l", .kinds = {"*"}, .take = take::last_at}};
  p.rules = {{.id = "R1",
              .when = "usage.n > 3 && usage.s > money('1 USD') && usage.m > money('1 USD') && "
                      "has(usage.l) && at - usage.l < duration('1h')",
              .then = {{}}}};
  EXPECT_NE(check(p).policy, nullptr) << render(check(p).found);
  p.rules[0].when = "at - usage.l < duration('1h')";
  EXPECT_EQ(codes(check(p).found), (strings{"optional_unguarded /rules/0/when"}));
}

TEST(CheckPolicy, CompilesValuesInAnyOrder) {
  policy_document p = small();
  p.facts = {{.name = "contact.x", .type = "int"}};
  p.values = {{"a", "values.b + 1"}, {"b", "values.c + 1"}, {"c", "contact.x"}};
  p.rules = {{.id = "R1", .when = "values.a > 3", .then = {{}}}};
  const auto result = check(p);
  ASSERT_NE(result.policy, nullptr) << render(result.found);
  const auto slot = result.policy->env->slot_of("contact.x");
  EXPECT_EQ(result.policy->rules[0].when->reads(), (std::vector<condition::slot>{*slot}));
}

TEST(CheckPolicy, TurnsWholeBoundsIntoTheTypeTheyBound) {
  policy_document p = small();
  p.facts = {{.name = "contact.score", .type = "double"},
             {.name = "contact.share", .type = "ratio"}};
  p.grants[0].bounds = {.of = "contact.score", .up_to = std::int64_t{-3}};
  p.grants[1] = {.id = "G1",
                 .to = {"agent"},
                 .actions = {"exception"},
                 .bounds = {.of = "contact.share", .under = std::int64_t{1}}};
  const auto result = check(p);
  ASSERT_NE(result.policy, nullptr) << render(result.found);
  const auto& under = std::get<policy_detail::code_ptr>(result.policy->grants[0].under->content);
  const auto& up_to = std::get<policy_detail::code_ptr>(result.policy->grants[1].up_to->content);
  EXPECT_TRUE(under->result_type().is(value_kind::ratio));
  EXPECT_TRUE(up_to->result_type().is(value_kind::number));
}

TEST(CheckPolicy, IgnoresAnUnreadableDocument) {
  for (const char* text : {"", "[1]", "{\"format\": \"leeway-policy/9\"}", "{"}) {
    const auto result = check(text);
    EXPECT_EQ(result.policy, nullptr);
    EXPECT_EQ(result.found.error_count(), 1U) << render(result.found);
  }
}

TEST(DottedNames, AreFoundOutsideStringsAndComments) {
  EXPECT_EQ(dotted_names("values.a && contact . reason == 'values.b' // values.c"),
            (strings{"values.a", "contact.reason"}));
  EXPECT_EQ(dotted_names("r'\\' + x.y + \"\"\"a\"values.z\"\"\" + tables.t[k].u"),
            (strings{"r", "x.y", "tables.t", "k"}));
  EXPECT_EQ(dotted_names("'it\\'s' == a.b.size()"), (strings{"a.b.size"}));
  EXPECT_EQ(dotted_names("'never closed values.x"), strings{});
}

TEST(Locator, TakesASingleNameForTheFirstOfAList) {
  const auto result = check(R"({"format": "leeway-policy/1", "id": "p", "version": "1",
    "currency": "USD", "roles": [{"id": "a"}], "actions": [{"id": "x"}],
    "rules": [{"id": "R", "then": {"escalate": "b"}}]})");
  ASSERT_EQ(result.found.error_count(), 1U) << render(result.found);
  EXPECT_EQ(result.found[0].pointer, "/rules/0/then/escalate");
  EXPECT_EQ(result.found[0].place.line, 3U);
}

TEST(Locator, PointsIntoExpressionsBehindEscapes) {
  const auto result = check(R"({"format": "leeway-policy/1", "id": "p", "version": "1",
    "currency": "USD", "roles": [{"id": "a"}], "actions": [{"id": "x"}],
    "rules": [{"id": "R", "when": "contact.reason == \"\u00e9\" && nope", "then": "deny"}]})");
  ASSERT_EQ(result.found.error_count(), 1U) << render(result.found);
  const diagnostic& one = result.found[0];
  EXPECT_EQ(one.line_text.substr(one.caret, one.caret_length), "nope");
}

}  // namespace
}  // namespace leeway::policy_test
