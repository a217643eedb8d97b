// SPDX-License-Identifier: Apache-2.0
// What your organisation promises about its policy, as GoogleTest, so that no edit of the document
// breaks it unseen. (For plain examples a case file and `leeway test` need no C++ at all.)
//
//     07_test_your_policy northwind.policy.json
#include <leeway/leeway.hpp>

#include <gtest/gtest.h>

#include <string>

namespace {

std::string path;  // of the policy under test

// Loaded once. A policy that does not load fails every test, with its diagnostics.
const leeway::policy& northwind() {
  static const leeway::policy loaded = [] {
    auto p = leeway::load_policy(path);
    if (!p) throw std::runtime_error(render(p.error()));
    return *std::move(p);
  }();
  return loaded;
}

// A request that nothing speaks against; each test changes what it is about.
leeway::request waiver(leeway::money amount, const char* role = "agent") {
  leeway::request r{.id = "req-1", .at = leeway::instant::parse("2026-11-21T15:04:05Z").value()};
  r.agent = {.id = "a-17", .role = leeway::role_id(role)};
  r.customer = {.id = "c-901", .flags = leeway::none};
  r.contact = {.id = "k-55"};
  r.action = {.kind = "fee_waiver", .amount = amount};
  return r;
}

leeway::outcome decide(const leeway::request& r) {
  return northwind().decide(r, leeway::usage::empty(), {.offer = false}).outcome;
}

// A bound is tested on both of its sides.
TEST(Northwind, LetsAnAgentWaiveUnderFiftyDollars) {
  EXPECT_EQ(decide(waiver(leeway::usd(49, 99))), leeway::outcome::approve);
  EXPECT_EQ(decide(waiver(leeway::usd(50, 00))), leeway::outcome::escalate);
}

TEST(Northwind, SendsWhatIsOverTheLimitToTheTeamLead) {
  const auto d = northwind().decide(waiver(leeway::usd(50)), leeway::usage::empty());
  ASSERT_EQ(d.needs.size(), 1U);
  EXPECT_EQ(d.needs[0].any_of, std::vector<leeway::role_id>{"team_lead"});
  EXPECT_EQ(d.offer.value().amount, leeway::usd(49, 99));
}

// A promise over many requests is a loop, not an example.
TEST(Northwind, NeverApprovesWhereThereIsFraudWhateverTheRoleAndAmount) {
  for (const char* role : {"agent", "team_lead", "manager"}) {
    for (int dollars = 1; dollars <= 300; ++dollars) {
      auto r = waiver(leeway::usd(dollars), role);
      r.customer.flags = {{"fraud"}};
      ASSERT_EQ(decide(r), leeway::outcome::deny) << role << ' ' << dollars;
      r.customer.flags.reset();  // nobody looked: it may be there
      ASSERT_NE(decide(r), leeway::outcome::approve) << role << ' ' << dollars;
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);  // takes its own arguments away
  if (argc != 2) return 2;
  path = argv[1];
  return RUN_ALL_TESTS();
}
