// SPDX-License-Identifier: Apache-2.0
#include "policies/collected.hpp"

namespace leeway::policies_test {
namespace {

/// A delay of null is no alternate at all; a delay that is left out is not known.
void alternate(const json& row, json& request) {
  const json& facts = row.at("facts");
  const auto delay = facts.find("alternate_arrival_delay_min");
  if (delay == facts.end() || facts.contains("alternate_offered")) return;
  request["contact"]["alternate_offered"] = !delay->is_null();
}

mapping denied_boarding() {
  return {
      .documents = {"us-dot/denied-boarding-2019", "us-dot/denied-boarding-2021",
                    "us-dot/denied-boarding-2025"},
      .currency = "USD",
      .at = "2025-06-01T12:00:00Z",
      .actions = {{"denied_boarding_compensation", "denied_boarding_compensation"},
                  {"fare_difference_refund", "fare_difference_refund"}},
      .roles = {{"airport customer service agent", {"airport_agent"}}},
      .facts = {{"one_way_fare", {"contact.one_way_fare", form::amount}},
                {"alternate_arrival_delay_min", {"contact.alternate_delay_minutes"}},
                {"alternate_offered", {"contact.alternate_offered"}},
                {"involuntary", {"contact.involuntary"}},
                {"oversold", {"contact.oversold"}},
                {"interstate", {"contact.interstate"}},
                {"checked_in_on_time", {"contact.checked_in_on_time"}},
                {"ticketing_complied", {"contact.complied_with_ticketing"}},
                {"substitution",
                 {"contact.smaller_aircraft",
                  form::as_is,
                  {{"none", "none"},
                   {"smaller_aircraft_safety", "safety"},
                   {"smaller_aircraft_operational", "operational"},
                   {"smaller_aircraft_commercial", "commercial"}}}},
                {"seats", {"contact.seats"}},
                {"weight_balance_limit", {"contact.weight_balance_limit"}},
                {"other_section", {"contact.other_section"}},
                {"fare_difference", {"contact.fare_difference", form::amount}}},
      .also = alternate,
  };
}

TEST(PublishedPolicies, UsDotGivesWhatTheRegulationImplies) {
  run_collected("09-", {{"", denied_boarding()}});
}

}  // namespace
}  // namespace leeway::policies_test
