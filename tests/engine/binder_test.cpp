// SPDX-License-Identifier: Apache-2.0
#include "engine/support.hpp"

#include <gtest/gtest.h>

namespace leeway::engine_test {
namespace {

policy facts() {
  return policy_of(R"j("roles": [{"id": "agent"}],
    "facts": {"contact.late": "int", "contact.paid": "money", "contact.day": "date",
              "contact.score": "double", "contact.list": "list<int>",
              "contact.deep.er": "bool",
              "contact.proof": {"type": "bool", "default": false},
              "contact.voucher": {"type": "string", "optional": true},
              "subject.tier": {"type": "string", "one_of": ["basic", "plus"]}},
    "actions": [{"id": "refund"}],
    "grants": [{"id": "G", "to": "agent", "for": "*"}],
    "rules": [{"id": "R1", "when": "contact.proof", "then": {"oblige": {"id": "proof"}}},
              {"id": "R2", "when": "has(contact.voucher)", "then": {"oblige": {"id": "voucher"}}},
              {"id": "R3", "when": "contact.late > 3", "then": {"oblige": {"id": "late"}}},
              {"id": "R4", "when": "contact.deep.er", "then": {"oblige": {"id": "deep"}}}])j");
}

// `late!` for a certain obligation, `late?` for one that may apply.
names obliged(const request& r) {
  names out;
  for (const auto& o : facts().decide(r).obligations) out.push_back(o.id + (o.certain ? "!" : "?"));
  std::sort(out.begin(), out.end());
  return out;
}

void expect_refused(const request& r, const char* code) {
  const auto p = facts();
  const auto d = p.decide(r);
  EXPECT_EQ(answer(d), "deny") << code;
  EXPECT_TRUE(says(d, reason_code::invalid_request)) << code;
  EXPECT_TRUE(p.check(r).contains(code)) << render(p.check(r));
}

TEST(Facts, AbsentAreUnknownUnlessDeclaredOtherwise) {
  EXPECT_EQ(obliged(ask("refund", usd(5))), (names{"deep?", "late?"}));
}

TEST(Facts, AreTakenAsGiven) {
  auto r = with_fact(ask("refund", usd(5)), "late", 4);
  r = with_fact(with_fact(r, "voucher", "v"), "proof", true);
  r = with_fact(r, "deep", value::map({{value("er"), value(true)}}));
  EXPECT_EQ(obliged(r), (names{"deep!", "late!", "proof!", "voucher!"}));
}

TEST(Facts, ThatAreWholeNumbersMayComeAsDoubles) {
  // JSON does not tell `4.0` from `4`, and the canonical form that records keep writes both as `4`.
  auto r = with_fact(ask("refund", usd(5)), "late", 4.0);
  r = with_fact(r, "list", value::list({value(0.0), value(-2e2)}));
  EXPECT_FALSE(facts().check(r).has_errors());
  EXPECT_EQ(obliged(r), (names{"deep?", "late!"}));
  const auto again = parse_request(to_json(r), "again");
  ASSERT_TRUE(again);
  EXPECT_EQ(canonical_core(facts().decide(*again)), canonical_core(facts().decide(r)));
}

TEST(Facts, OfMinusZeroAreZero) {
  const auto p = policy_of(R"j("roles": [{"id": "agent"}], "facts": {"contact.score": "double"},
    "actions": [{"id": "refund"}], "grants": [{"id": "G", "to": "agent", "for": "*"}],
    "rules": [{"id": "R1", "when": "contact.score <= 0.0", "then": "deny"},
              {"id": "R2", "when": "customer.churn_risk <= 0.0", "then": "deny"}])j");
  auto r = with_fact(ask("refund", usd(5)), "score", -0.0);
  r.customer.churn_risk = -0.0;
  const decision d = p.decide(r);
  ASSERT_EQ(answer(d), "deny");
  for (const auto& f : d.findings) {
    for (const auto& atom : f.atoms) EXPECT_EQ(atom.actual.to_string(), "0.0");
  }
  const auto again = parse_request(to_json(r), "again");
  ASSERT_TRUE(again);
  EXPECT_EQ(to_json(p.decide(*again)), to_json(d));
}

TEST(Facts, OfAWrongTypeAreRefused) {
  const auto r = ask("refund", usd(5));
  expect_refused(with_fact(r, "late", "four"), "wrong_fact_type");
  expect_refused(with_fact(r, "late", 4.5), "wrong_fact_type");
  expect_refused(with_fact(r, "late", 1e30), "wrong_fact_type");
  expect_refused(with_fact(r, "paid", 4), "wrong_fact_type");
  expect_refused(with_fact(r, "day", "2026-02-30"), "wrong_fact_type");
  expect_refused(with_fact(r, "list", value::list({value(1), value("2")})), "wrong_fact_type");
  expect_refused(with_fact(r, "proof", 1), "wrong_fact_type");
}

// What conditions cost at most is checked with lists of 1000 items when the policy is loaded.
TEST(Facts, TooLargeToDecideOnAreRefused) {
  const auto list_of = [](std::size_t n) { return value::list(value::list_type(n, value(1))); };
  const auto r = ask("refund", usd(5));
  EXPECT_FALSE(facts().check(with_fact(r, "list", list_of(1000))).has_errors());
  expect_refused(with_fact(r, "list", list_of(1001)), "fact_too_large");
  EXPECT_FALSE(facts().check(with_fact(r, "voucher", std::string(65536, 'x'))).has_errors());
  expect_refused(with_fact(r, "voucher", std::string(65537, 'x')), "fact_too_large");
  const auto p = policy_of(R"j("roles": [{"id": "agent"}], "actions": [{"id": "refund"}],
    "grants": [{"id": "G", "to": "agent", "for": "*", "when": "!('fraud' in customer.flags)"}])j");
  auto flagged = r;
  flagged.customer.flags = std::vector<std::string>(1000, "new");
  EXPECT_EQ(answer(p.decide(flagged)), "approve");
  flagged.customer.flags = std::vector<std::string>(1001, "new");
  EXPECT_EQ(answer(p.decide(flagged)), "deny");
  EXPECT_TRUE(p.check(flagged).contains("fact_too_large"));
  flagged.customer.flags = std::vector<std::string>{std::string(65537, 'x')};
  EXPECT_EQ(answer(p.decide(flagged)), "deny");
}

TEST(Facts, WrittenAsTextAreReadByTheirDeclaredType) {
  auto r = with_fact(ask("refund", usd(5)), "paid", "4.00 USD");
  r = with_fact(with_fact(r, "day", "2026-02-28"), "score", 1);
  EXPECT_FALSE(facts().check(r).has_errors());
}

TEST(Facts, OutsideTheirOneOfAreRefused) {
  auto r = ask("refund", usd(5));
  r.subject.attributes.emplace("tier", "plus");
  EXPECT_FALSE(facts().check(r).has_errors());
  r.subject.attributes.insert_or_assign("tier", value("gold"));
  expect_refused(r, "fact_not_allowed");
}

TEST(Facts, UndeclaredAreWarnedAbout) {
  const auto p = facts();
  const auto r = with_fact(ask("refund", usd(5)), "lat", 4);
  const auto found = p.check(r);
  EXPECT_FALSE(found.has_errors());
  ASSERT_TRUE(found.contains("undeclared_fact"));
  EXPECT_NE(render(found).find("contact.late"), std::string::npos);
  EXPECT_EQ(answer(p.decide(r)), "approve");
}

TEST(Amounts, OfAnotherCurrencyOrBelowZeroAreRefused) {
  expect_refused(ask("refund", eur(5)), "wrong_currency");
  expect_refused(ask("refund", usd(-1)), "negative_amount");
  expect_refused(with_fact(ask("refund", usd(5)), "paid", eur(1)), "wrong_fact_type");
  expect_refused(after(ask("refund", usd(5)), {entry("refund", eur(1), "2026-06-01T00:00:00Z")}),
                 "wrong_currency");
  auto r = ask("refund", usd(5));
  r.signoffs.push_back({.by = "s-1", .role = "agent", .at = r.at, .amount = gbp(5)});
  expect_refused(r, "wrong_currency");
}

TEST(Amounts, AreRefusedWhereTheActionHasNone) {
  const auto p = policy_of(R"("roles": [{"id": "agent"}],
      "actions": [{"id": "exception", "amount": "none"}],
      "grants": [{"id": "G", "to": "agent", "for": "*"}])");
  EXPECT_EQ(answer(p.decide(ask("exception", {}))), "approve");
  const auto d = p.decide(ask("exception", usd(5)));
  EXPECT_EQ(answer(d), "deny");
}

TEST(Amounts, NearTheEndOfTheRangeAreNotAnError) {
  const auto p = policy_of(R"("roles": [{"id": "agent"}], "actions": [{"id": "refund"}],
      "grants": [{"id": "G", "to": "agent", "for": "*"}],
      "budgets": [{"id": "B", "for": "*", "per": "customer.id", "window": "lifetime",
                   "amount": "92233720368547758.07 USD", "beyond": "deny"}])");
  const money most(INT64_MAX, currency::usd());
  EXPECT_EQ(answer(p.decide(ask("refund", most))), "approve");
  EXPECT_EQ(answer(p.decide(
                after(ask("refund", most), {entry("refund", usd(0, 1), "2026-06-01T00:00:00Z")}))),
            "deny");
}

}  // namespace
}  // namespace leeway::engine_test
