// SPDX-License-Identifier: Apache-2.0
#include "policies/collected.hpp"

namespace leeway::policies_test {
namespace {

std::map<std::string, std::set<std::string>> with_staff(
    std::map<std::string, std::set<std::string>> roles) {
  roles.insert({{"staff", {"staff"}}, {"clerk", {"staff"}}, {"Utility clerk", {"staff"}}});
  return roles;
}

/// Whose account or property an earlier one was. Every case is about the same one unless it says.
void place_history(const json& row, json& request) {
  for (std::size_t i = 0; i < row.at("history").size(); ++i) {
    const json& from = row["history"][i];
    json& entry = request["history"][i];
    for (const char* key : {"account", "property"}) {
      if (from.value(key, "same") != "same") entry["subject.id"] = "account-2";
    }
    if (from.value("customer", "same") != "same") entry["customer.id"] = "c-2";
  }
}

std::map<std::string, target> places() {
  return {{"account", {"", form::ours}},
          {"property", {"", form::ours}},
          {"customer", {"", form::ours}}};
}

/// Whoever is neither the owner nor on record is somebody else, and a form that is not both
/// submitted and dated is not in order.
void ottawa_facts(const json& row, json& request) {
  place_history(row, request);
  const json& facts = row.at("facts");
  if (const json* by = known(facts, "by")) {
    const bool may = *by == "property_owner" || *by == "person_on_record";
    request["contact"]["asked_by"] = may ? *by : json("other");
  }
  if (const json* form = known(facts, "form")) {
    request["contact"]["form_dated"] = *form == "submitted_and_dated";
  }
}

mapping ottawa() {
  return {.documents = {"us-utilities/ottawa"},
          .currency = "USD",
          .actions = {{"penalty_waiver", "penalty_waiver"}},
          .roles = with_staff({{"Office clerk", {"clerk"}}}),
          .facts = {{"by", {"", form::ours}},
                    {"form", {"", form::ours}},
                    {"charges_paid_before_next_cycle", {"contact.charges_paid"}},
                    {"penalty", {"contact.penalty", form::amount}}},
          .entries = {{"penalty_waiver", "penalty_waiver"}},
          .entry_facts = places(),
          .also = ottawa_facts};
}

void thousand_oaks_facts(const json& row, json& request) {
  place_history(row, request);
  const json& facts = row.at("facts");
  request["action"].erase("amount");  // worked out by billing
  const json* leak = known(facts, "leak");
  const json* unexplained = known(facts, "unexplained");
  if (leak == nullptr && unexplained == nullptr) return;
  const bool leaked = leak != nullptr && leak->get<bool>();
  // Without a leak it is unexplained, unless it is said that it is not.
  const bool known_cause = unexplained != nullptr && !unexplained->get<bool>();
  request["contact"]["use"] = leaked ? "leak" : known_cause ? "explained" : "unexplained";
}

mapping thousand_oaks() {
  return {.documents = {"us-utilities/thousand-oaks"},
          .currency = "USD",
          .actions = {{"high_use_adjustment", "high_use_adjustment"}},
          .roles = with_staff({{"Director of Finance", {"director_of_finance"}},
                               {"Public Works Director", {"public_works_director"}},
                               {"Public Works Director or Director of Finance",
                                {"director_of_finance", "public_works_director"}}}),
          .facts = {{"leak", {"", form::ours}},
                    {"unexplained", {"", form::ours}},
                    {"leak_corrected", {"contact.leak_corrected"}},
                    {"bill", {"contact.bill", form::amount}},
                    {"expected_bill", {"contact.expected_bill", form::amount}}},
          .entries = {{"high_use_adjustment", "high_use_adjustment"}},
          .entry_facts = places(),
          .also = thousand_oaks_facts};
}

void fulton_facts(const json& row, json& request) {
  place_history(row, request);
  if (const json* service = known(row.at("facts"), "service")) {
    request["action"]["kind"] = service->get<std::string>() + "_adjustment";
  }
}

mapping fulton() {
  return {
      .documents = {"us-utilities/fulton"},
      .currency = "USD",
      .actions = {{"billing_adjustment", "water_adjustment"},
                  {"water_adjustment", "water_adjustment"},
                  {"sewer_adjustment", "sewer_adjustment"}},
      .roles = with_staff({{"City Manager", {"city_manager"}},
                           {"City Manager's representative", {"representative"}},
                           {"City Manager or representative", {"city_manager", "representative"}}}),
      .facts = {{"service", {"", form::ours}},
                {"negligent", {"contact.negligent"}},
                {"leak_in_period", {"contact.leak"}},
                {"disputed_bill", {"contact.disputed_bill", form::amount}},
                {"avg_prior_3_months", {"contact.average_bill", form::amount}}},
      .entries = {{"water_adjustment", "water_adjustment"},
                  {"sewer_adjustment", "sewer_adjustment"},
                  {"billing_adjustment", "water_adjustment"}},
      .entry_facts = places(),
      .also = fulton_facts};
}

void hilshire_facts(const json& row, json& request) {
  place_history(row, request);
  if (request["action"].contains("amount")) request["action"]["kind"] = "leak_credit_amount";
}

mapping hilshire() {
  return {.documents = {"us-utilities/hilshire"},
          .currency = "USD",
          .actions = {{"leak_credit", "leak_credit"}},
          .roles = with_staff({{"City Administrator", {"city_administrator"}}}),
          .facts = {{"documents", {"contact.documents"}},
                    {"months_since_repair", {"contact.months_since_repair"}},
                    {"billing_cycles", {"contact.billing_cycles"}},
                    {"charge_above_average", {"contact.charge_above_average", form::amount}}},
          .entries = {{"leak_credit", "leak_credit"}},
          .entry_facts = places(),
          .also = hilshire_facts};
}

TEST(PublishedPolicies, FourUtilitiesGiveWhatTheirFrequencyCapsImply) {
  run_collected("19-", {{"ottawa", ottawa()},
                        {"thousand_oaks", thousand_oaks()},
                        {"fulton", fulton()},
                        {"hilshire", hilshire()}});
}

}  // namespace
}  // namespace leeway::policies_test
