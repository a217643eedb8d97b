// SPDX-License-Identifier: Apache-2.0
// The published policies against cases in the form in which they were collected. Only the mapping
// below knows that form: role names, facts, records. Other cases of the same form run alike.
#include "policies/support.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <set>

namespace leeway::policies_test {
namespace {

/// Where one collected policy stands among the examples, and what its words mean there.
struct mapping {
  std::string document{};
  std::string currency{};
  std::map<std::string, std::set<std::string>> roles{};  ///< `RHM/ECM` is either of two
  std::function<void(const json& facts, json& request)> facts{};
  std::function<void(const json& entry, json& mapped)> history{};
};

void housing_facts(const json& facts, json& request) {
  json& contact = request["contact"];
  copy(facts, "incident", contact, "incident");
  copy(facts, "impact", contact, "impact");
  copy(facts, "days", contact, "days_without_heating");
  // Null means that none was shown, which is how the policy reads absence.
  copy_amount(facts, "shown_extra_cost", contact, "shown_extra_cost", "GBP");
}

void mattoon_facts(const json& facts, json& request) {
  json& contact = request["contact"];
  copy(facts, "written_finding_of_billing_error", contact, "written_finding");
  copy(facts, "commissioner_of_finance_absent", contact, "commissioner_of_finance_absent");
  copy(facts, "customer_reason", contact, "reason");
  const std::string kind = request["action"]["kind"].get<std::string>();
  if (kind.find("waive") != std::string::npos) request["action"]["kind"] = "fee_waiver";
}

void waterloo_facts(const json& facts, json& request) {
  for (const char* name : {"written_request", "investigation_report", "report_confirms"}) {
    copy(facts, name, request["contact"], name);
  }
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

void cedar_lake_facts(const json& facts, json& request) {
  json& contact = request["contact"];
  copy(facts, "category", contact, "category");
  copy(facts, "reason", contact, "reason");
  if (contact.contains("category") && contact.contains("reason")) {
    contact["reason"] = cedar_lake_reason(contact["category"].get<std::string>(),
                                          contact["reason"].get<std::string>());
  }
  copy_amount(facts, "one_month_late_fee", request["subject"], "one_month_late_fee", "USD");
}

void cedar_lake_history(const json& entry, json& mapped) {
  const bool penalty = entry.at("type").get<std::string>().starts_with("penalty");
  mapped["kind"] = "account_adjustment";
  mapped["category"] = penalty ? "penalty_fee" : "ministerial";
}

const std::map<std::string, mapping>& mappings() {
  static const std::map<std::string, mapping> all{
      {"01-housing21-compensation",
       {"housing21/housing21",
        "GBP",
        {{"HM", {"hm"}},
         {"ECM", {"ecm"}},
         {"RHM", {"rhm"}},
         {"HM/ECM", {"ecm", "hm"}},
         {"RHM/ECM", {"ecm", "rhm"}},
         {"Head of RL/EC", {"head"}}},
        housing_facts,
        {}}},
      {"02-mattoon-il-adjustment-tiers",
       {"mattoon/mattoon",
        "USD",
        {{"City Treasurer", {"treasurer"}},
         {"Commissioner of Finance", {"commissioner_of_finance"}},
         {"Commissioner of the Water and Sewer Utilities", {"commissioner_of_utilities"}},
         {"City Council", {"city_council"}}},
        mattoon_facts,
        {}}},
      {"15-indiana-town-utilities/waterloo",
       {"indiana-towns/waterloo",
        "USD",
        {{"Clerk-Treasurer", {"clerk_treasurer"}}, {"Town Council", {"town_council"}}},
        waterloo_facts,
        {}}},
      {"15-indiana-town-utilities/cedar_lake",
       {"indiana-towns/cedar-lake",
        "USD",
        {{"Clerk-Treasurer", {"clerk_treasurer"}}, {"Town Council", {"town_council"}}},
        cedar_lake_facts,
        cedar_lake_history}},
  };
  return all;
}

std::string key_of(const json& row) {
  const json* part = known(row, "sub_policy");
  return row.at("policy").get<std::string>() + (part ? "/" + part->get<std::string>() : "");
}

/// A date stands for noon UTC of it.
std::string instant_of(const json& date) {
  const auto text = date.get<std::string>();
  return text.find('T') == std::string::npos ? text + "T12:00:00Z" : text;
}

json request_of(const json& row, const mapping& m) {
  const auto role = m.roles.find(row.at("agent").at("role").get<std::string>());
  const json* as_of = known(row, "as_of");
  json out{
      {"id", row.at("id")},
      {"at", as_of ? instant_of(*as_of) : "2025-03-03T12:00:00Z"},
      // Whoever the policy does not name is one of the staff.
      {"agent", {{"id", "a-1"}, {"role", role == m.roles.end() ? "staff" : *role->second.begin()}}},
      {"customer", {{"id", "c-1"}}},
      {"contact", {{"id", "k-1"}}},
      {"subject", {{"id", "account-1"}}},
      {"action", {{"kind", row.at("action").at("type")}}},
      {"history", json::array()}};
  copy_amount(row.at("action"), "amount", out["action"], "amount", m.currency);
  m.facts(row.at("facts"), out);
  for (const json& one : row.at("history")) {
    json entry{{"id", "h-" + std::to_string(out["history"].size())},
               {"kind", one.value("type", "")},
               {"at", instant_of(one.at("date"))},
               {"subject.id", "account-1"}};
    copy_amount(one, "amount", entry, "amount", m.currency);
    if (m.history) m.history(one, entry);
    out["history"].push_back(entry);
  }
  return out;
}

bool wants_approval_of(const decision& d, const std::set<std::string>& roles) {
  return std::ranges::any_of(d.needs, [&](const need& one) {
    std::set<std::string> any_of;
    for (const role_id& role : one.any_of) any_of.insert(role.str());
    return one.what == need::kind::approval && any_of == roles;
  });
}

bool has_obligation(const decision& d, const std::string& id) {
  return std::ranges::any_of(d.obligations, [&](const obligation& one) { return one.id == id; });
}

void expect_as_stated(const json& row, const mapping& m, const decision& d) {
  const json& expect = row.at("expect");
  EXPECT_EQ(to_string(d.outcome), expect.at("outcome").get<std::string>()) << reasons(d);
  if (const json* to = known(expect, "escalate_to")) {
    const auto roles = m.roles.find(to->get<std::string>());
    ASSERT_NE(roles, m.roles.end()) << "no role is mapped from " << *to;
    EXPECT_TRUE(wants_approval_of(d, roles->second)) << reasons(d);
  }
  if (const json* due = known(expect, "due")) {
    ASSERT_TRUE(d.due.has_value()) << reasons(d);
    EXPECT_EQ(d.due->to_string(), amount_text(*due, m.currency));
  }
  for (const json& record : expect.value("records", json::array())) {
    EXPECT_TRUE(has_obligation(d, record.get<std::string>())) << record;
  }
}

/// Runs every case of the collected files whose names begin with `number`.
void run_cases(const std::string& number) {
  const auto folder = shared_folder() / "policies";
  if (!std::filesystem::is_directory(folder)) {
    GTEST_SKIP() << "no collected policies in " << folder << "; set LEEWAY_SHARED";
  }
  std::map<std::string, policy> loaded;
  std::size_t count = 0;
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    const std::string name = file.path().filename().string();
    if (!name.starts_with(number) || !name.ends_with(".cases.jsonl")) continue;
    for (const json& row : read_lines(file.path())) {
      SCOPED_TRACE(row.at("id").get<std::string>() + ": " + row.value("basis", ""));
      const auto m = mappings().find(key_of(row));
      ASSERT_NE(m, mappings().end()) << "no mapping for " << key_of(row);
      const std::string& document = m->second.document;
      auto by = loaded.find(document);
      if (by == loaded.end()) by = loaded.emplace(document, example(document)).first;
      expect_as_stated(row, m->second, decide(by->second, request_of(row, m->second)));
      ++count;
    }
  }
  if (count == 0) GTEST_SKIP() << "no cases of " << number << " in " << folder;
  ::testing::Test::RecordProperty("cases", static_cast<int>(count));
}

TEST(PublishedPolicies, Housing21GivesWhatItsGuidanceImplies) { run_cases("01-"); }

TEST(PublishedPolicies, MattoonGivesWhatItsOrdinanceImplies) { run_cases("02-"); }

TEST(PublishedPolicies, IndianaTownsGiveWhatTheirOrdinancesImply) { run_cases("15-"); }

}  // namespace
}  // namespace leeway::policies_test
