// SPDX-License-Identifier: Apache-2.0
#include "policies/collected.hpp"

namespace leeway::policies_test {
namespace {

std::map<std::string, std::set<std::string>> town_roles() {
  return {{"Water department staff", {"staff"}},
          {"Utility office staff", {"staff"}},
          {"staff", {"staff"}},
          {"Clerk-Treasurer", {"clerk_treasurer"}},
          {"Town Council", {"town_council"}}};
}

mapping waterloo() {
  return {.documents = {"indiana-towns/waterloo"},
          .currency = "USD",
          .actions = {{"credit_adjustment", "credit_adjustment"}},
          .roles = town_roles(),
          .facts = {{"written_request", {"contact.written_request"}},
                    {"investigation_report", {"contact.investigation_report"}},
                    {"report_confirms", {"contact.report_confirms"}}}};
}

/// The ordinance's reasons go by several names.
std::string cedar_lake_reason(const std::string& category, const std::string& named) {
  using names = std::vector<std::pair<std::string, std::string>>;
  static const names ministerial{{"nsf_fee", "nsf_fee"},
                                 {"nsf", "nsf_cheque"},
                                 {"bankrupt", "bankruptcy"},
                                 {"post", "posting_error"},
                                 {"new_home", "new_home_proration"},
                                 {"rat", "new_home_proration"}};
  static const names penalty{{"post", "postal_delay"},
                             {"owner", "ownership_change"},
                             {"automatic", "wrong_automatic_penalty"},
                             {"unusual", "other_unusual_circumstance"}};
  if (category != "ministerial" && category != "penalty_fee") return named;
  for (const auto& [part, reason] : category == "ministerial" ? ministerial : penalty) {
    if (named.find(part) != std::string::npos) return reason;
  }
  return named;
}

void cedar_lake_facts(const json& row, json& request) {
  json& contact = request["contact"];
  if (contact.contains("category") && contact.contains("reason")) {
    contact["reason"] = cedar_lake_reason(contact["category"].get<std::string>(),
                                          contact["reason"].get<std::string>());
  }
  for (std::size_t i = 0; i < row.at("history").size(); ++i) {
    const bool penalty = row["history"][i].at("type").get<std::string>().starts_with("penalty");
    request["history"][i]["category"] = penalty ? "penalty_fee" : "ministerial";
  }
}

mapping cedar_lake() {
  return {.documents = {"indiana-towns/cedar-lake"},
          .currency = "USD",
          .actions = {{"account_adjustment", "account_adjustment"}},
          .roles = town_roles(),
          .facts = {{"category", {"contact.category"}},
                    {"reason", {"contact.reason"}},
                    {"one_month_late_fee", {"subject.one_month_late_fee", form::amount}}},
          .entries = {{"penalty_adjustment", "account_adjustment"},
                      {"penalty_fee_adjustment", "account_adjustment"},
                      {"ministerial_adjustment", "account_adjustment"}},
          .also = cedar_lake_facts};
}

TEST(PublishedPolicies, IndianaTownsGiveWhatTheirOrdinancesImply) {
  run_collected("15-", {{"waterloo", waterloo()}, {"cedar_lake", cedar_lake()}});
}

}  // namespace
}  // namespace leeway::policies_test
