// SPDX-License-Identifier: Apache-2.0
#include "policies/collected.hpp"

namespace leeway::policies_test {
namespace {

mapping automatic_compensation() {
  return {
      .documents = {"ofcom/automatic-compensation-2019", "ofcom/automatic-compensation-2026"},
      .currency = "GBP",
      .at = "2026-05-15T12:00:00Z",
      .actions = {{"automatic_compensation", "automatic_compensation"}},
      .roles = {{"billing agent", {"billing_agent"}}},
      .facts = {{"customer.segment", {"customer.segment"}},
                {"provider_in_scheme", {"contact.provider_in_scheme"}},
                {"trigger", {"contact.trigger"}},
                {"count", {"contact.count"}},
                {"cancel_notice_h", {"contact.cancel_notice_hours"}},
                {"reported", {"contact.reported"}},
                {"total_loss", {"contact.total_loss"}},
                {"symptom",
                 {"contact.symptom",
                  form::as_is,
                  {{"no_service", "no_service"},
                   {"slow_speed", "slow_speed"},
                   {"slow_speeds", "slow_speed"},
                   {"intermittent", "intermittent"},
                   {"intermittent_fault", "intermittent"},
                   {"other", "other"}}}},
                {"calendar_days_after_two_full_working_days",
                 {"contact.days_beyond_two_working_days"}},
                {"promised", {"contact.promised"}},
                {"started", {"contact.started"}}},
  };
}

TEST(PublishedPolicies, OfcomGivesWhatTheSchemeImplies) {
  run_collected("11-", {{"", automatic_compensation()}});
}

}  // namespace
}  // namespace leeway::policies_test
