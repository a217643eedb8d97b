// SPDX-License-Identifier: Apache-2.0
// The bank's policy against the rows of a public customer-service benchmark, read in place. What a
// row means as a request is said here, once for each kind of action, and nowhere else.
#include "policies/rows.hpp"

namespace leeway::policies_test {
namespace {

constexpr std::string_view usd = "USD";

/// A share such as 0.0975 as a ratio's text.
std::string ratio_text(const json& from) {
  return from.is_string() ? from.get<std::string>() : from.dump();
}

/// Rows are snapshots of a whole database: what they leave out of it was not there. (What they
/// state as null stays unknown.)
void state_unless_given(const json& row_part, std::string_view key, json& to, std::string_view name,
                        json otherwise) {
  if (!row_part.contains(key)) {
    to[std::string(name)] = std::move(otherwise);
  } else {
    copy(row_part, key, to, name);
  }
}

/// The card or account.
json subject_of(const json& row) {
  const json& account = row.at("order_or_reservation");
  const json& context = row.at("context");
  json out{{"id", account.value("account_id", "")}};
  for (const char* name : {"product", "age_days", "closure_record_past_year", "account_class"}) {
    copy(account, name, out, name);
  }
  copy_amount(account, "balance", out, "balance", usd);
  copy_amount(account, "credit_limit", out, "credit_limit", usd);
  if (const json* used = known(account, "utilization")) out["utilization"] = ratio_text(*used);
  copy(context, "on_time_payment_months", out, "on_time_months");
  state_unless_given(account, "pending_replacement", out, "pending_replacement", false);
  state_unless_given(context, "pending_disputes", out, "pending_disputes", false);
  state_unless_given(account, "past_due", out, "past_due", false);
  return out;
}

/// Earlier actions of this kind on this account, from "so many days ago"; null says there was none.
void add_earlier(const json& context, std::string_view days, json& request) {
  request["history"] = json::array();
  const json* ago = known(context, days);
  if (ago == nullptr) return;
  const auto zone = time_zone::find("America/New_York").value();
  const auto at = instant::parse(request["at"].get<std::string>()).value();
  const instant then = subtract(at, period{.days = ago->get<std::int64_t>()}, zone);
  request["history"].push_back({{"id", "earlier"},
                                {"kind", request["action"]["kind"]},
                                {"amount", "1.00 USD"},
                                {"at", then.to_string()},
                                {"subject.id", request["subject"]["id"]},
                                {"contact.id", "an earlier contact"}});
}

std::string one_of(const std::string& text, const std::set<std::string>& words,
                   const std::string& otherwise) {
  return words.contains(text) ? text : otherwise;
}

// Each of these adds what its kind of action turns on. `reason` is what the row gives as the
// action's reason, which each kind means differently.

void map_retention(const json& row, json& request) {
  if (const json* tier = known(row.at("order_or_reservation"), "tier")) {
    request["subject"]["card_tier"] = *tier;
  }
  static const std::set<std::string> reasons{"annual_fee",
                                             "not_using_card",
                                             "found_better_card",
                                             "unhappy_with_rewards",
                                             "simplifying_finances",
                                             "negative_experience",
                                             "other"};
  if (const json* reason = known(row.at("action"), "reason")) {
    request["contact"]["closure_reason"] = one_of(reason->get<std::string>(), reasons, "other");
  }
}

void map_fee_waiver(const json& row, json& request) {
  map_retention(row, request);
  request["action"].erase("amount");  // a year's fee, whatever it is
}

void map_credit_limit(const json& row, json& request) {
  copy(row.at("order_or_reservation"), "tier", request["subject"], "card_tier");
  add_earlier(row.at("context"), "days_since_last_approved_increase", request);
}

void map_provisional(const json& row, json& request) {
  json& contact = request["contact"];
  copy(row.at("order_or_reservation"), "tier", request["subject"], "card_tier");
  copy(row.at("customer"), "disputes_past_12m", request["customer"], "disputes_past_12m");
  copy(row.at("action"), "reason", contact, "dispute_reason");
  copy(row.at("action"), "days_since_purchase", contact, "days_since_purchase");
  copy(row.at("action"), "contacted_merchant", contact, "merchant_contacted");
}

/// No row gives the date of a statement, so no lateness after one is on record: a transaction of at
/// most 60 days counts as reported before its statement. What is older is not in time.
std::string reported(const json& action) {
  if (const json* days = known(action, "days_since_statement")) {
    const auto n = days->get<std::int64_t>();
    return n <= 2 ? "within_2_business_days" : n <= 60 ? "within_60_days" : "after_60_days";
  }
  return action.at("days_since_transaction").get<std::int64_t>() <= 60 ? "before_statement"
                                                                       : "after_60_days";
}

void map_debit(const json& row, json& request) {
  const json& action = row.at("action");
  const json& account = row.at("order_or_reservation");
  json& contact = request["contact"];
  copy(action, "reason", contact, "dispute_category");
  copy(action, "transaction_type", contact, "transaction_type");
  copy(action, "days_since_transaction", contact, "days_since_transaction");
  copy(action, "pin_compromised", contact, "pin_compromised");
  copy(action, "contacted_merchant", contact, "merchant_contacted");
  copy(action, "written_statement", contact, "written_statement");
  copy_amount(action, "amount", contact, "disputed_amount", usd);
  if (known(action, "days_since_transaction") != nullptr) contact["reported"] = reported(action);
  copy(account, "status", request["subject"], "status");
  copy(account, "tier", request["subject"], "account_tier");
  state_unless_given(account, "holds", request["subject"], "holds", false);
  state_unless_given(account, "open_disputes", request["subject"], "open_disputes", 0);
}

void map_account_credit(const json& row, json& request) {
  static const std::map<std::string, std::string> synonyms{{"missing_rebate", "rebate_credit"},
                                                           {"rebate", "rebate_credit"},
                                                           {"fee_mischarge", "fee_refund"}};
  json& contact = request["contact"];
  if (const json* reason = known(row.at("action"), "reason")) {
    const auto known_as = synonyms.find(reason->get<std::string>());
    contact["credit_reason"] = known_as == synonyms.end() ? *reason : json(known_as->second);
  }
  copy_amount(row.at("context"), "documented_correction", contact, "documented_correction", usd);
  copy(row.at("context"), "bank_error_confirmed", contact, "bank_error_confirmed");
  copy(row.at("context"), "significant_inconvenience", contact, "significant_inconvenience");
  add_earlier(row.at("context"), "days_since_last_credit", request);
}

using mapper = void (*)(const json&, json&);

mapper mapper_of(const std::string& kind) {
  static const std::map<std::string, mapper> all{
      {"retention_credit", map_retention},         {"annual_fee_waiver", map_fee_waiver},
      {"credit_limit_increase", map_credit_limit}, {"provisional_credit", map_provisional},
      {"debit_provisional_credit", map_debit},     {"account_credit", map_account_credit}};
  const auto found = all.find(kind);
  return found == all.end() ? nullptr : found->second;
}

json request_of(const json& row) {
  json out{{"id", row.at("id")},
           {"at", row.at("context").at("now")},
           {"agent", {{"id", "a-1"}, {"role", "agent"}}},
           {"customer", {{"id", row.at("customer").at("user_id")}}},
           // The benchmark's agent has verified every customer before it acts.
           {"contact", {{"id", row.at("id")}, {"identity_verified", true}}},
           {"subject", subject_of(row)},
           {"action", {{"kind", row.at("action").at("kind")}}},
           {"history", json::array()}};
  copy(row.at("customer"), "customer_since", out["customer"], "since");
  copy_amount(row.at("action"), "amount", out["action"], "amount", usd);
  if (const mapper map = mapper_of(row.at("action").at("kind").get<std::string>())) map(row, out);
  return out;
}

TEST(BankRows, AreDecidedAsTheBenchmarkExpects) {
  const auto rows = tau_rows("tau_banking.jsonl");
  if (rows.empty()) GTEST_SKIP() << "no bank rows in " << shared_folder() << "; set LEEWAY_SHARED";
  const policy bank = example("rho-bank/rho-bank");
  expect_outcomes(rows, {.policy_of = [&](const json&) -> const policy& { return bank; },
                         .request_of = request_of});
}

TEST(BankRows, GiveTheAmountTheBenchmarkExpects) {
  const auto rows = tau_rows("tau_banking.jsonl");
  if (rows.empty()) GTEST_SKIP() << "no bank rows in " << shared_folder() << "; set LEEWAY_SHARED";
  const policy bank = example("rho-bank/rho-bank");
  for (const json& row : rows) {
    const json* expected = known(row, "expected_amount");
    if (expected == nullptr) continue;
    SCOPED_TRACE(row.at("id").get<std::string>());
    const json request = request_of(row);
    const decision d = decide(bank, request);
    const auto found = amount_found(d, request);
    ASSERT_TRUE(found.has_value()) << reasons(d);
    EXPECT_EQ(found->to_string(), amount_text(*expected, usd));
  }
}

}  // namespace
}  // namespace leeway::policies_test
