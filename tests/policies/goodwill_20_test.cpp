// SPDX-License-Identifier: Apache-2.0
// The policy of the benchmarks against the requests and outcomes of the workload it encodes, read
// in place: every outcome, and the rule that decided among the findings.
#include "policies/support.hpp"

#include <algorithm>

namespace leeway::policies_test {
namespace {

json read(const std::filesystem::path& path) {
  std::ifstream in(path);
  return json::parse(in);
}

std::string cents(const json& n) {
  return money(n.get<std::int64_t>(), currency::usd()).to_string();
}

json request_of(const json& row) {
  return {{"id", "q-1"},
          {"at", "2026-06-15T12:00:00Z"},
          {"agent",
           {{"id", "a-1"},
            {"role", "agent"},
            {"tier", row.at("agent_tier")},
            {"suspended", row.at("agent_suspended")}}},
          {"customer",
           {{"id", "c-1"},
            {"fraud_flag", row.at("fraud_flag")},
            {"tier", row.at("customer_tier")},
            {"tenure_days", row.at("tenure_days")},
            {"credits_90d_count", row.at("credits_90d_count")},
            {"credits_90d", cents(row.at("credits_90d_cents"))}}},
          {"contact", {{"id", "k-1"}, {"hours_past_cutoff", row.at("hours_past_cutoff")}}},
          {"action", {{"kind", row.at("action")}, {"amount", cents(row.at("amount_cents"))}}}};
}

/// Whether a finding of this rule asks for what the decision came to.
bool decided_by(const decision& d, const std::string& rule) {
  return std::ranges::any_of(d.findings, [&](const finding& f) {
    return f.rule.view() == rule && f.outcome == d.outcome;
  });
}

TEST(GoodwillTwenty, GivesEveryExpectedOutcomeByTheRuleThatIsExpected) {
  const auto folder = shared_folder() / "bench";
  if (!std::filesystem::exists(folder / "requests.json")) {
    GTEST_SKIP() << "no workload in " << folder << "; set LEEWAY_SHARED";
  }
  const auto loaded = load_policy("bench/goodwill_20.policy.json");
  ASSERT_TRUE(loaded) << join(loaded.error());
  EXPECT_TRUE(loaded->warnings().empty()) << join(loaded->warnings());
  const json requests = read(folder / "requests.json");
  const json expected = read(folder / "expected.json");
  ASSERT_EQ(requests.size(), expected.size());
  for (std::size_t i = 0; i < requests.size(); ++i) {
    const auto r = parse_request(request_of(requests[i]).dump());
    ASSERT_TRUE(r) << requests[i] << join(r.error());
    const decision d = loaded->decide(*r, usage::empty(), {.offer = false});
    EXPECT_EQ(to_string(d.outcome), expected[i].at("outcome").get<std::string>()) << requests[i];
    const json& rule = expected[i].at("rule");
    if (!rule.is_null()) {
      EXPECT_TRUE(decided_by(d, rule.get<std::string>())) << requests[i] << rule;
    }
  }
}

}  // namespace
}  // namespace leeway::policies_test
