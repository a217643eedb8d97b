// SPDX-License-Identifier: Apache-2.0
// The online shop's policy against the rows of a public customer-service benchmark, read in place.
// What a row means as a request is said here, in the same way for every kind of action; what
// follows from it is the policy's to say.
#include "policies/rows.hpp"

#include <iostream>

namespace leeway::policies_test {
namespace {

constexpr std::string_view usd = "USD";

/// Both published texts are encoded in one document; docs/policies.md says how they differ.
const policy& shop() {
  static const policy it = example("tau-retail/tau-retail");
  return it;
}

/// The payment methods of the profile by id: their kinds, and the balances of those that have one.
void add_profile(const json& customer, json& to) {
  to["payment_methods"] = json::object();
  to["gift_cards"] = json::object();
  for (const json& method : customer.value("payment_methods", json::array())) {
    const auto id = method.at("id").get<std::string>();
    copy(method, "source", to["payment_methods"], id);
    copy_amount(method, "balance", to["gift_cards"], id, usd);
  }
}

/// Orders are always the customer's own in the rows.
json subject_of(const json& row) {
  const json* order = known(row, "order_or_reservation");
  if (order == nullptr) return json::object();
  json out{{"owner", row.at("customer").at("user_id")}};
  copy(*order, "order_id", out, "id");
  copy(*order, "status", out, "status");
  copy(*order, "original_payment_id", out, "original_payment");
  copy_amount(*order, "total_paid", out, "total_paid", usd);
  return out;
}

/// One fact of each item as a list over the items; unknown as soon as it is so of one item.
void lift(const json& items, std::string_view key, json& to, std::string_view name, bool amounts) {
  json list = json::array();
  for (const json& item : items) {
    const json* one = known(item, key);
    if (one == nullptr) return;
    list.push_back(amounts ? json(amount_text(*one, usd)) : *one);
  }
  to[std::string(name)] = std::move(list);
}

void add_items(const json& action, json& to) {
  const json* items = known(action, "items");
  if (items == nullptr || !items->is_array()) return;  // of a return only their number is given
  lift(*items, "old_price", to, "old_prices", true);
  lift(*items, "new_price", to, "new_prices", true);
  lift(*items, "same_product", to, "same_product", false);
  lift(*items, "new_item_available", to, "available", false);
}

/// By which method money comes or goes: an id under one of several names, or "the original one".
void add_payment(const json& row, json& to) {
  const json& action = row.at("action");
  copy(action, "payment_id", to, "payment");
  copy(action, "new_payment_id", to, "payment");
  if (action.value("refund_to_original", false)) {
    copy(row.at("order_or_reservation"), "original_payment_id", to, "refund_to");
  }
  copy(action, "refund_to_id", to, "refund_to");
}

/// What customers ask for that the policy's catalogue has no word for is `other`.
std::string kind_of(const json& action) {
  auto kind = action.at("kind").get<std::string>();
  const bool known_there = std::ranges::any_of(
      shop().document().actions, [&](const auto& one) { return one.id.str() == kind; });
  return known_there ? kind : "other";
}

json action_of(const json& row) {
  const json& action = row.at("action");
  json out{{"kind", kind_of(action)}};
  // Where the row's amount is a difference in price, the policy works out what goes back.
  if (!action.contains("price_difference")) copy_amount(action, "amount", out, "amount", usd);
  copy(action, "reason", out, "reason");
  add_items(action, out);
  add_payment(row, out);
  return out;
}

/// The benchmark's agent has identified every customer, and heard a yes, before it acts; each row
/// is put as the first action on its order.
json request_of(const json& row) {
  const json& customer = row.at("customer");
  const json& context = row.at("context");
  json out{{"id", row.at("id")},
           {"at", "2024-05-15T19:00:00Z"},  // no row has a time, and nothing turns on it
           {"agent", {{"id", "a-1"}, {"role", "agent"}}},
           {"customer", {{"id", customer.at("user_id")}}},
           {"contact",
            {{"id", row.at("id")},
             {"identified_as", customer.at("user_id")},
             {"confirmed", true},
             {"items_complete", true}}},
           {"subject", subject_of(row)},
           {"action", action_of(row)},
           {"history", json::array()}};
  if (const json* now = known(context, "now")) out["at"] = *now;
  copy(context, "customer_demands_human", out["contact"], "human_demanded");
  add_profile(customer, out["customer"]);
  return out;
}

TEST(RetailRows, AreDecidedAsTheBenchmarkExpects) {
  const auto rows = tau_rows("tau_retail.jsonl");
  if (rows.empty()) {
    GTEST_SKIP() << "no retail rows in " << shared_folder() << "; set LEEWAY_SHARED";
  }
  expect_outcomes(rows, {.policy_of = [](const json&) -> const policy& { return shop(); },
                         .request_of = request_of});
}

bool obliges(const decision& d, std::string_view id) {
  return std::ranges::any_of(d.obligations,
                             [&](const auto& one) { return one.id == id && one.certain; });
}

/// The benchmark's amount has a sign: what comes back to the customer of a cancelled or returned
/// order is positive, but of a difference in price it is negative. Here an amount is what goes
/// back, and what the customer pays is an obligation to charge it.
void expect_amount(const json& row, const decision& d) {
  const auto expected = money::parse(amount_text(row.at("expected_amount"), usd)).value();
  const auto none = money::parse("0 USD").value();
  ASSERT_TRUE(d.amount.has_value()) << reasons(d);
  if (!row.at("action").contains("price_difference")) {
    EXPECT_EQ(d.amount->to_string(), expected.to_string());
    return;
  }
  const auto back = expected < none ? checked_neg(expected).value() : none;
  EXPECT_EQ(d.amount->to_string(), back.to_string());
  EXPECT_EQ(obliges(d, "refund_difference"), expected < none);
  EXPECT_EQ(obliges(d, "charge_difference"), none < expected);
}

TEST(RetailRows, GiveTheAmountTheBenchmarkExpects) {
  const auto rows = tau_rows("tau_retail.jsonl");
  if (rows.empty()) {
    GTEST_SKIP() << "no retail rows in " << shared_folder() << "; set LEEWAY_SHARED";
  }
  int amounts = 0;
  for (const json& row : rows) {
    if (known(row, "expected_amount") == nullptr) continue;
    SCOPED_TRACE(row.at("id").get<std::string>());
    expect_amount(row, decide(shop(), request_of(row), {.offer = false}));
    ++amounts;
  }
  std::cout << "  " << amounts << " amounts\n";
}

}  // namespace
}  // namespace leeway::policies_test
