// SPDX-License-Identifier: Apache-2.0
// The runner of collected cases itself: what it makes of a case, and that it lets nothing pass that
// its mapping does not know.
#include "policies/collected.hpp"

#include <gtest/gtest-spi.h>

namespace leeway::policies_test {
namespace {

mapping towns() {
  return {.documents = {"indiana-towns/waterloo"},
          .currency = "USD",
          .actions = {{"credit", "credit_adjustment"}},
          .roles = {{"Clerk", {"clerk_treasurer"}}, {"Council", {"town_council"}}},
          .facts = {{"confirmed", {"contact.report_confirms"}},
                    {"fee", {"subject.fee", form::amount}},
                    {"share", {"contact.share", form::ratio}},
                    {"kind", {"contact.kind", form::as_is, {{"leak at home", "leak"}}}},
                    {"remark", {"", form::comment}},
                    {"customer.tier", {"customer.tier"}}},
          .entries = {{"waiver", "credit_adjustment"}},
          .entry_facts = {{"site", {"agent.site"}}},
          .records = {{"report:council", "report_to_council_next_meeting"}}};
}

/// A case, with `change` merged over it.
json with(const char* change) {
  json row = json::parse(R"({"id": "x-1", "agent": {"role": "Clerk"}, "customer": {},
    "action": {"type": "credit", "amount": "5", "currency": "USD"}, "facts": {}, "history": [],
    "expect": {"outcome": "approve"}})");
  row.merge_patch(json::parse(change));
  return row;
}

void ask(const char* change) { (void)request_of(with(change), towns()); }

TEST(CollectedCases, PutEveryFactInItsForm) {
  const json request = request_of(
      with(R"({"as_of": "2024-02-29", "customer": {"tier": "plus"}, "facts": {"confirmed": true,
               "fee": 12.5, "share": 0.0975, "kind": "leak at home", "remark": "none of ours"}})"),
      towns());
  EXPECT_EQ(request["at"], "2024-02-29T12:00:00Z");
  EXPECT_EQ(request["agent"]["role"], "clerk_treasurer");
  EXPECT_EQ(request["action"]["amount"], "5.00 USD");
  EXPECT_EQ(request["contact"]["report_confirms"], true);
  EXPECT_EQ(request["contact"]["share"], "0.0975");
  EXPECT_EQ(request["contact"]["kind"], "leak");
  EXPECT_EQ(request["subject"]["fee"], "12.50 USD");
  EXPECT_EQ(request["customer"]["tier"], "plus");
}

TEST(CollectedCases, LeaveNullUnknown) {
  json change = with(R"({})");
  change["facts"]["confirmed"] = nullptr;
  EXPECT_FALSE(request_of(change, towns())["contact"].contains("report_confirms"));
}

TEST(CollectedCases, CountHistoryBackFromTheInstant) {
  const json request = request_of(with(R"({"as_of": "2024-03-01", "history": [
               {"type": "waiver", "days_ago": 1, "amount": "3.00", "site": "north"},
               {"type": "waiver", "date": "2023-12-31"}]})"),
                                  towns());
  ASSERT_EQ(request["history"].size(), 2U);
  EXPECT_EQ(request["history"][0]["at"], "2024-02-29T12:00:00Z");
  EXPECT_EQ(request["history"][0]["amount"], "3.00 USD");
  EXPECT_EQ(request["history"][0]["agent.site"], "north");
  EXPECT_EQ(request["history"][1]["at"], "2023-12-31T12:00:00Z");
}

TEST(CollectedCases, RefuseWhatTheMappingDoesNotKnow) {
  EXPECT_NONFATAL_FAILURE(ask(R"({"facts": {"weather": "rain"}})"), "the fact weather");
  EXPECT_NONFATAL_FAILURE(ask(R"({"facts": {"kind": "flood"}})"), "no word for kind");
  EXPECT_NONFATAL_FAILURE(ask(R"({"customer": {"age": 40}})"), "the fact customer.age");
  EXPECT_NONFATAL_FAILURE(ask(R"({"action": {"instrument": "cash"}})"), "action.instrument");
  EXPECT_NONFATAL_FAILURE(ask(R"({"agent": {"role": "Mayor"}})"), "the role");
  EXPECT_NONFATAL_FAILURE(ask(R"({"action": {"type": "loan"}})"), "the action");
  EXPECT_NONFATAL_FAILURE(ask(R"({"history": [{"type": "loan", "days_ago": 3}]})"), "the history");
  EXPECT_NONFATAL_FAILURE(
      ask(R"({"history": [{"type": "waiver", "days_ago": 3, "mood": "good"}]})"), "`mood`");
}

void hold(const char* expect) {
  decision d;
  d.outcome = outcome::escalate;
  d.needs.push_back({.what = need::kind::approval, .any_of = {role_id("town_council")}});
  d.obligations.push_back({.id = "report_to_council_next_meeting"});
  expect_as_stated(json{{"expect", json::parse(expect)}}, towns(), d);
}

TEST(CollectedCases, HoldTheDecisionAgainstWhatIsExpected) {
  hold(R"({"outcome": "escalate", "escalate_to": "Council", "records": ["report:council"]})");
  hold(R"({"outcome": ["deny", "escalate"], "escalate_to": null, "due": null})");
  EXPECT_NONFATAL_FAILURE(hold(R"({"outcome": "deny"})"), "escalate, not");
  EXPECT_NONFATAL_FAILURE(hold(R"({"outcome": "escalate", "escalate_to": "Clerk"})"),
                          "approval of");
  EXPECT_FATAL_FAILURE(hold(R"({"outcome": "escalate", "escalate_to": "Mayor"})"), "no role");
  EXPECT_FATAL_FAILURE(hold(R"({"outcome": "escalate", "due": "3.00"})"), "no due");
  EXPECT_NONFATAL_FAILURE(hold(R"({"outcome": "escalate", "records": ["photo"]})"), "photo");
}

}  // namespace
}  // namespace leeway::policies_test
