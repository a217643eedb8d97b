// SPDX-License-Identifier: Apache-2.0
#include "policies/collected.hpp"

#include <cmath>

namespace leeway::policies_test {
namespace {

/// Hours, whole or not, as a duration.
std::string duration_of(const json& hours) {
  return std::to_string(std::llround(hours.get<double>() * 3600)) + "s";
}

/// "So many payments this financial year" are entries of history, just before the case.
void add_payments(const json& count, json& request) {
  const auto at = instant::parse(request["at"].get<std::string>()).value();
  const auto zone = time_zone::find("UTC").value();
  for (std::int64_t i = 0; i < count.get<std::int64_t>(); ++i) {
    request["history"].push_back({{"id", "paid-" + std::to_string(i)},
                                  {"kind", "gss_payment"},
                                  {"amount", "50.00 GBP"},
                                  {"at", subtract(at, period{.hours = 1}, zone).to_string()},
                                  {"failure", "low_pressure"},
                                  {"subject.id", request["subject"]["id"]}});
  }
}

void water_facts(const json& row, json& request) {
  const json& facts = row.at("facts");
  json& contact = request["contact"];
  if (const json* hours = known(facts, "hours")) contact["interruption"] = duration_of(*hours);
  if (const json* hours = known(facts, "notice_hours")) contact["notice"] = duration_of(*hours);
  // An appointment that was changed, told as one that was not kept.
  if (contact.value("failure", "") == "appointment_not_kept" && contact.contains("notice")) {
    contact["failure"] = "appointment_changed";
  }
  if (facts.value("ongoing", false)) contact["failure"] = "ongoing_low_pressure";
  if (facts.value("vexatious", false)) contact["query_pursued"] = false;
  if (const json* count = known(facts, "payments_this_financial_year")) {
    add_payments(*count, request);
  }
}

mapping water_gss() {
  return {
      .documents = {"water-gss/water-gss"},
      .currency = "GBP",
      .at = "2025-09-01T12:00:00Z",
      .actions = {{"gss_payment", "gss_payment"}},
      .roles = {{"customer service adviser", {"adviser"}},
                {"automatic process", {"automatic"}},
                {"staff", {"staff"}}},
      .facts = {{"customer.segment", {"customer.segment"}},
                {"failure", {"contact.failure"}},
                {"missed_by", {"contact.ended_by"}},
                {"cancelled_by", {"contact.ended_by"}},
                {"notice_hours", {"", form::ours}},
                {"hours", {"", form::ours}},
                {"working_days_to_reply", {"contact.working_days_to_reply"}},
                {"vexatious", {"", form::ours}},
                {"ongoing", {"", form::ours}},
                {"working_days_unpaid", {"contact.working_days_unpaid"}},
                {"claimed_months_after", {"contact.claimed_after_months"}},
                {"payments_this_financial_year", {"", form::ours}}},
      .also = water_facts,
  };
}

TEST(PublishedPolicies, WaterCompaniesGiveWhatTheirStandardsImply) {
  run_collected("17-", {{"", water_gss()}});
}

}  // namespace
}  // namespace leeway::policies_test
