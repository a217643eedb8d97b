// SPDX-License-Identifier: Apache-2.0
#include "policies/collected.hpp"

namespace leeway::policies_test {
namespace {

/// Why a smaller aircraft came, from `smaller_aircraft_safety` and its like.
void substitution(const json& facts, json& request) {
  const json* stated = known(facts, "substitution");
  if (stated == nullptr) return;
  const auto named = stated->get<std::string>();
  const auto says = [&](const char* part) { return named.find(part) != std::string::npos; };
  if (named != "none" && !says("aircraft")) {
    ADD_FAILURE() << "the mapping has no word for substitution " << named;
  }
  request["contact"]["smaller_aircraft"] = !says("smaller")    ? "none"
                                           : says("safety")    ? "safety"
                                           : says("operation") ? "operational"
                                                               : "commercial";
}

/// A delay of null is no alternate at all; a delay that is left out is not known.
void alternate(const json& facts, json& request) {
  const auto delay = facts.find("alternate_arrival_delay_min");
  if (delay == facts.end() || facts.contains("alternate_offered")) return;
  request["contact"]["alternate_offered"] = !delay->is_null();
}

const std::map<std::string, json>& sections() {
  static const std::map<std::string, json> all{{"none", "none"},
                                               {"false", "none"},
                                               {"same", "same_or_higher"},
                                               {"higher", "same_or_higher"},
                                               {"same_or_higher", "same_or_higher"},
                                               {"true", "same_or_higher"},
                                               {"lower", "lower"}};
  return all;
}

void denied_boarding_facts(const json& row, json& request) {
  alternate(row.at("facts"), request);
  substitution(row.at("facts"), request);
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
                {"ticketing_rules_met", {"contact.complied_with_ticketing"}},
                {"substitution", {"", form::ours}},
                {"seats", {"contact.seats"}},
                {"weight_balance_limit", {"contact.weight_balance_limit"}},
                {"other_section", {"contact.other_section", form::as_is, sections()}},
                {"seated_in_other_section", {"contact.other_section", form::as_is, sections()}},
                {"fare_difference", {"contact.fare_difference", form::amount}}},
      .also = denied_boarding_facts,
  };
}

TEST(PublishedPolicies, UsDotGivesWhatTheRegulationImplies) {
  run_collected("09-", {{"", denied_boarding()}});
}

}  // namespace
}  // namespace leeway::policies_test
