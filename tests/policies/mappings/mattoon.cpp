// SPDX-License-Identifier: Apache-2.0
#include "policies/collected.hpp"

namespace leeway::policies_test {
namespace {

mapping mattoon() {
  return {
      .documents = {"mattoon/mattoon"},
      .currency = "USD",
      .actions = {{"account_adjustment", "account_adjustment"},
                  {"fee_waiver", "fee_waiver"},
                  {"penalty_waiver", "fee_waiver"},
                  {"waiver", "fee_waiver"}},
      .roles = {{"Utility office staff", {"staff"}},
                {"staff", {"staff"}},
                {"City Treasurer", {"treasurer"}},
                {"Commissioner of Finance", {"commissioner_of_finance"}},
                {"Commissioner of the Water and Sewer Utilities", {"commissioner_of_utilities"}},
                {"City Council", {"city_council"}}},
      .facts = {{"written_finding_of_billing_error", {"contact.written_finding"}},
                {"commissioner_of_finance_absent", {"contact.commissioner_of_finance_absent"}},
                {"customer_reason", {"contact.reason"}}},
  };
}

TEST(PublishedPolicies, MattoonGivesWhatItsOrdinanceImplies) {
  run_collected("02-", {{"", mattoon()}});
}

}  // namespace
}  // namespace leeway::policies_test
