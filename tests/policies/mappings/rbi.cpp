// SPDX-License-Identifier: Apache-2.0
#include "policies/collected.hpp"

namespace leeway::policies_test {
namespace {

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
      .facts = {{"transaction",
                 {"contact.transaction",
                  form::as_is,
                  {{"atm_no_cash", "atm_no_cash"},
                   {"card_to_card", "card_to_card"},
                   {"pos_no_confirmation", "pos_no_confirmation"},
                   {"pos_cash", "pos_no_confirmation"},
                   {"cash_at_pos", "pos_no_confirmation"},
                   {"card_not_present", "card_not_present"},
                   {"upi_transfer", "upi_transfer"},
                   {"imps_transfer", "imps_transfer"},
                   {"other", "other"}}}},
                {"transaction_date", {"contact.transaction_date"}},
                {"reversed_on_T_plus", {"contact.reversed_after_days"}},
                {"customer_complained", {"", form::comment}}},
  };
}

TEST(PublishedPolicies, TheReserveBankGivesWhatItsCircularImplies) {
  run_collected("13-", {{"", rbi()}});
}

}  // namespace
}  // namespace leeway::policies_test
