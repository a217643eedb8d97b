// SPDX-License-Identifier: Apache-2.0
#include "policies/collected.hpp"

namespace leeway::policies_test {
namespace {

/// The page's examples go by several names.
std::string circumstance_of(const std::string& named) {
  using names = std::vector<std::pair<std::string, std::string>>;
  static const names all{{"disaster", "natural_disaster"},
                         {"bereave", "bereavement"},
                         {"death", "bereavement"},
                         {"illness", "illness"},
                         {"hospital", "illness"},
                         {"emergency", "family_emergency"},
                         {"unsafe", "fleeing_unsafe_situation"},
                         {"unaware", "unaware_of_one_week_loan"},
                         {"one_week", "unaware_of_one_week_loan"},
                         {"other", "other"}};
  for (const auto& [part, circumstance] : all) {
    if (named.find(part) != std::string::npos) return circumstance;
  }
  ADD_FAILURE() << "the mapping has no word for circumstance " << named;
  return named;
}

void edmonton_facts(const json& row, json& request) {
  const json& facts = row.at("facts");
  if (const json* named = known(facts, "circumstance")) {
    request["contact"]["circumstance"] = circumstance_of(named->get<std::string>());
  }
  if (const json* beyond = known(facts, "outside_customer_control")) {
    request["contact"]["customer_responsible"] = !beyond->get<bool>();
  }
}

/// Both versions: what differs is the document and whose roles it names.
mapping edmonton(const std::string& document) {
  return {
      .documents = {"edmonton-library/" + document},
      .currency = "CAD",
      .actions = {{"late_fee_forgiveness", "late_fee_forgiveness"},
                  {"lost_charge_forgiveness", "lost_charge_forgiveness"}},
      .roles = {{"Staff member", {"staff"}},
                {"service manager", {"service_manager"}},
                {"Service manager", {"service_manager"}},
                {"Associate Manager, Circulation and Materials Delivery", {"associate_manager"}},
                {"Associate Manager, Circulation and Interlibrary Loan Services",
                 {"associate_manager"}}},
      .facts = {{"action.payment_type", {"action.payment_type"}},
                {"library_error", {"contact.library_error"}},
                {"history_reviewed", {"contact.history_reviewed"}},
                {"customer_responsible", {"contact.customer_responsible"}},
                {"circumstance", {"", form::ours}},
                {"outside_customer_control", {"", form::ours}},
                {"interlibrary_loan", {"contact.interlibrary_loan"}},
                {"charge_total", {"subject.charge_total", form::amount}},
                {"account_total", {"subject.account_total", form::amount}},
                {"customer_portion_paid", {"contact.customer_portion_paid"}},
                {"customer_asks_to_skip_pay_first", {"contact.asks_to_skip_pay_first"}}},
      .entries = {{"forgiven", "late_fee_forgiveness"}},
      .records = {{"payment_type:FORGIVEN", "payment_type.FORGIVEN"},
                  {"payment_type:CANCEL", "payment_type.CANCEL"}},
      .also = edmonton_facts,
  };
}

TEST(PublishedPolicies, EdmontonLibraryGivesWhatItsGuidelinesImply) {
  run_collected("04-", {{"A", edmonton("forgiving-fees")}, {"B", edmonton("forgiving-charges")}});
}

}  // namespace
}  // namespace leeway::policies_test
