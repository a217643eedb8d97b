// SPDX-License-Identifier: Apache-2.0
#include "policies/collected.hpp"

namespace leeway::policies_test {
namespace {

const std::map<std::string, json>& invoice_statuses() {
  static const std::map<std::string, json> all{{"draft_period_open", "draft"},
                                               {"draft", "draft"},
                                               {"open", "open"},
                                               {"paid", "paid"},
                                               {"uncollectible", "uncollectible"},
                                               {"void", "void"},
                                               {"finalised_paid", "paid"},
                                               {"finalised_open", "open"},
                                               {"finalised_uncollectible", "uncollectible"}};
  return all;
}

/// A number of percent as the text of a ratio.
void usage_increase(const json& row, json& request) {
  if (const json* percent = known(row.at("facts"), "usage_increase_pct")) {
    request["contact"]["usage_increase"] = percent->dump() + "%";
  }
}

mapping posthog() {
  return {
      .documents = {"posthog/refunds"},
      .currency = "USD",
      .actions = {{"refund", "refund"},
                  {"credit", "credit"},
                  {"create_invoice", "create_invoice"},
                  {"modify_invoice", "modify_invoice"}},
      .roles = {{"Support", {"support"}},
                {"RevOps", {"revops"}},
                {"Account Executive", {"account_executive"}}},
      .facts = {{"customer.monthly_spend", {"customer.monthly_spend", form::amount}},
                {"action.instrument", {"action.instrument"}},
                {"action.window_to_fix_given", {"action.window_to_fix_given"}},
                {"action.warning_given", {"action.warning_given"}},
                {"scenario", {"contact.scenario"}},
                {"days_since_billing", {"contact.days_since_billing"}},
                {"signs_of_abuse", {"contact.signs_of_abuse"}},
                {"reasonable_explanation", {"contact.reasonable_explanation"}},
                {"something_seems_off", {"contact.something_seems_off"}},
                {"something_off", {"contact.something_seems_off"}},
                {"incident_number", {"contact.incident_number"}},
                {"first_bill", {"contact.first_bill"}},
                {"usage_increase_pct", {"", form::ours}},
                {"has_revenue", {"contact.has_revenue"}},
                {"hobby_project", {"contact.hobby_project"}},
                {"first_occurrence", {"contact.first_occurrence"}},
                {"spike_ceased", {"contact.spike_ceased"}},
                {"measures_taken", {"contact.measures_taken"}},
                {"fix_made", {"contact.fix_made"}},
                {"extraordinary", {"contact.extraordinary"}},
                {"extraordinary_circumstances", {"contact.extraordinary"}},
                {"vendor_bug", {"contact.extraordinary"}},
                {"fixed_fee", {"contact.fixed_fee"}},
                {"invoice_status", {"subject.invoice_status", form::as_is, invoice_statuses()}},
                {"bill", {"subject.bill", form::amount}},
                {"price_at_baseline_usage", {"subject.price_at_baseline", form::amount}},
                {"overage", {"subject.overage", form::amount}}},
      .entries = {{"refund", "refund"}, {"credit", "credit"}, {"refund_request", "refund_request"}},
      .also = usage_increase,
  };
}

TEST(PublishedPolicies, PosthogGivesWhatItsHandbookImplies) {
  run_collected("07-", {{"", posthog()}});
}

}  // namespace
}  // namespace leeway::policies_test
