// SPDX-License-Identifier: Apache-2.0
#include "policies/collected.hpp"

namespace leeway::policies_test {
namespace {

/// Failures that the annex does not name are `other`; cash at a shop is one of the shop's.
void rbi_facts(const json& row, json& request) {
  static const std::set<std::string> named{"atm_no_cash",         "card_to_card",
                                           "pos_no_confirmation", "card_not_present",
                                           "imps_transfer",       "upi_transfer"};
  const json* kind = known(row.at("facts"), "transaction");
  if (kind == nullptr) return;
  const auto name = kind->get<std::string>();
  const bool shop = name == "pos_cash" || name == "cash_at_pos";
  request["contact"]["transaction"] = shop                   ? "pos_no_confirmation"
                                      : named.contains(name) ? name
                                                             : "other";
}

mapping rbi() {
  return {
      .documents = {"rbi/rbi"},
      .currency = "INR",
      .actions = {{"delay_compensation", "delay_compensation"}},
      .roles = {{"bank service officer", {"service_officer"}},
                {"automatic process", {"automatic"}},
                {"staff", {"staff"}},
                {"branch staff", {"staff"}}},
      // Whether the customer complained is of no consequence: nobody needs to.
      .facts = {{"transaction", {"", form::ours}},
                {"transaction_date", {"contact.transaction_date"}},
                {"reversed_on_T_plus", {"contact.reversed_after_days"}},
                {"customer_complained", {"", form::comment}}},
      .also = rbi_facts,
  };
}

TEST(PublishedPolicies, TheReserveBankGivesWhatItsCircularImplies) {
  run_collected("13-", {{"", rbi()}});
}

}  // namespace
}  // namespace leeway::policies_test
