// SPDX-License-Identifier: Apache-2.0
#include "policies/collected.hpp"

namespace leeway::policies_test {
namespace {

mapping housing21() {
  return {
      .documents = {"housing21/housing21"},
      .currency = "GBP",
      .actions = {{"goodwill_payment", "goodwill_payment"},
                  {"compensation", "compensation"},
                  {"heating_running_cost", "heating_running_cost"}},
      .roles = {{"Court staff", {"staff"}},
                {"staff", {"staff"}},
                {"HM", {"hm"}},
                {"ECM", {"ecm"}},
                {"RHM", {"rhm"}},
                {"HM/ECM", {"ecm", "hm"}},
                {"RHM/ECM", {"ecm", "rhm"}},
                {"Head of RL/EC", {"head"}}},
      // Null extra cost means that none was shown, which is how the policy reads absence.
      .facts = {{"incident", {"contact.incident"}},
                {"impact", {"contact.impact"}},
                {"days", {"contact.days_without_heating"}},
                {"shown_extra_cost", {"contact.shown_extra_cost", form::amount}}},
  };
}

TEST(PublishedPolicies, Housing21GivesWhatItsGuidanceImplies) {
  run_collected("01-", {{"", housing21()}});
}

}  // namespace
}  // namespace leeway::policies_test
