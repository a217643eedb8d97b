// SPDX-License-Identifier: Apache-2.0
// The airline's policy, in both wordings, against the rows of a public customer-service benchmark,
// read in place. What a row means as a request is said here; what may be done, the documents say.
#include "policies/rows.hpp"

#include <map>
#include <set>

namespace leeway::policies_test {
namespace {

constexpr std::string_view dollars = "USD";

/// The document of each text that rows name in `context.policy`.
const policy& document_of(const json& row) {
  static const std::map<std::string, policy> all = [] {
    std::map<std::string, policy> out;
    out.emplace("tau1_airline_wiki.md", example("tau-airline/airline-1"));
    out.emplace("tau2_airline_policy.md", example("tau-airline/airline-2"));
    return out;
  }();
  const auto name = row.at("context").at("policy").get<std::string>();
  const auto found = all.find(name);
  if (found == all.end()) throw std::runtime_error("no document encodes " + name);
  return found->second;
}

/// Where the offset from UTC stands in an instant such as `2024-05-15T15:00:00-05:00`.
std::size_t offset_in(const std::string& instant) {
  return instant.find_first_of("Z+-", instant.find('T'));
}

/// `created_at` is on the same clock as `now`, whose offset from UTC it leaves out.
std::string booked_at(const std::string& created, const std::string& now) {
  if (offset_in(created) != std::string::npos) return created;
  return created + now.substr(offset_in(now));
}

json subject_of(const json& row) {
  const json& reservation = row.at("order_or_reservation");
  json out = json::object();
  if (!reservation.is_object()) return out;
  copy(reservation, "reservation_id", out, "id");
  for (const char* name : {"cabin", "insurance", "passengers"}) copy(reservation, name, out, name);
  copy(reservation, "total_baggages", out, "baggages");
  copy(reservation, "nonfree_baggages", out, "paid_baggages");
  copy_amount(reservation, "total_paid", out, "total_paid", dollars);
  if (const json* created = known(reservation, "created_at")) {
    out["booked_at"] =
        booked_at(created->get<std::string>(), row.at("context").at("now").get<std::string>());
  }
  if (const json* segments = known(reservation, "segments")) {
    out["flight_statuses"] = json::array();
    for (const json& one : *segments) out["flight_statuses"].push_back(one.at("status"));
  }
  return out;
}

json contact_of(const json& row) {
  const json& context = row.at("context");
  json out{{"id", row.at("id")}};
  copy(row.at("action"), "reason", out, "reason");
  copy(context, "customer_asked", out, "compensation_asked");
  copy(context, "customer_wants_change_or_cancel", out, "wants_change_or_cancel");
  copy(context, "reservation_changed_or_cancelled", out, "changed_or_cancelled");
  // A row on a delay says apart whether the delay is confirmed: its claim is then another one.
  copy(context, "claim_confirmed", out, "complaint_confirmed");
  if (out.value("reason", "") == "delayed_flight") {
    copy(context, "delay_confirmed", out, "complaint_confirmed");
  }
  return out;
}

/// A row's `amount` is what is paid to the customer; but of changes it is the difference in price
/// with its sign (below zero is paid to the customer), and of what is added, what the customer
/// pays.
void put_amount(const json& action, json& out) {
  static const std::set<std::string> by_difference{"change_cabin", "change_flights",
                                                   "change_destination", "fare_difference_waiver"};
  const auto kind = action.at("kind").get<std::string>();
  copy_amount(action, "fee", out, "charge", dollars);
  const char* name = by_difference.contains(kind) ? "price_difference"
                     : kind.starts_with("add_")   ? "charge"
                                                  : "amount";
  copy_amount(action, "amount", out, name, dollars);
}

json request_of(const json& row) {
  const json& action = row.at("action");
  json out{{"id", row.at("id")},
           {"at", row.at("context").at("now")},
           {"agent", {{"id", "a-1"}, {"role", "agent"}}},
           {"customer", {{"id", row.at("customer").at("user_id")}}},
           {"contact", contact_of(row)},
           {"subject", subject_of(row)},
           {"action", {{"kind", action.at("kind")}}},
           {"history", json::array()}};  // no row tells of an earlier action on its reservation
  copy(row.at("customer"), "membership", out["customer"], "membership");
  copy(action, "scope", out["action"], "scope");
  copy(action, "new_total_baggages", out["action"], "new_baggages");
  copy(action, "origin_destination_trip_unchanged", out["action"], "route_unchanged");
  put_amount(action, out["action"]);
  return out;
}

money amount(const std::string& text) { return money::parse(text).value(); }

bool obliges(const decision& d, std::string_view id) {
  return std::ranges::any_of(d.obligations, [&](const obligation& o) { return o.id == id; });
}

bool approves_charge(const policy& by, json request, money charge) {
  request["action"]["charge"] = charge.to_string();
  return decide(by, request, {.offer = false}).outcome == outcome::approve;
}

/// A charge is right when the policy approves this one, and neither more nor less.
bool charge_is(const policy& by, const json& request, money expected) {
  const money cent(1, expected.cur());
  return approves_charge(by, request, expected) &&
         !approves_charge(by, request, checked_add(expected, cent).value()) &&
         !approves_charge(by, request, checked_sub(expected, cent).value());
}

/// Below zero the difference is due to the customer; above it the customer pays it.
bool difference_is(const decision& d, const json& request, money expected) {
  if (expected.is_negative()) return d.due && *d.due == checked_neg(expected).value();
  return !d.due && obliges(d, "collect_difference") == !expected.is_zero() &&
         amount(request["action"]["price_difference"].get<std::string>()) == expected;
}

bool amount_is(const json& row, money expected) {
  const policy& by = document_of(row);
  const json request = request_of(row);
  if (request["action"].contains("charge")) return charge_is(by, request, expected);
  const decision d = decide(by, request);
  if (request["action"].contains("price_difference")) return difference_is(d, request, expected);
  return amount_found(d, request) == expected;
}

std::vector<json> airline_rows() { return tau_rows("tau_airline.jsonl"); }

TEST(AirlineRows, AreDecidedAsTheBenchmarkExpects) {
  const auto rows = airline_rows();
  if (rows.empty()) GTEST_SKIP() << "no rows in " << shared_folder() << "; set LEEWAY_SHARED";
  expect_outcomes(rows, {.policy_of = document_of, .request_of = request_of});
}

TEST(AirlineRows, GiveTheAmountTheBenchmarkExpects) {
  const auto rows = airline_rows();
  if (rows.empty()) GTEST_SKIP() << "no rows in " << shared_folder() << "; set LEEWAY_SHARED";
  score amounts;
  for (const json& row : rows) {
    const json* expected = known(row, "expected_amount");
    if (expected == nullptr) continue;
    const std::string text = amount_text(*expected, dollars);
    amounts.add(row, amount_is(row, amount(text)), "another amount than " + text, "");
  }
  amounts.print();
  EXPECT_EQ(amounts.of("from_actions").wrong, 0);
  EXPECT_EQ(amounts.of_all_but("from_actions").wrong, 0);
}

}  // namespace
}  // namespace leeway::policies_test
