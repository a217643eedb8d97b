// SPDX-License-Identifier: Apache-2.0
#include "desk/faults/auditor.hpp"

#include <leeway/base/money.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>

namespace leeway::desk_test {
namespace {

using nlohmann::json;

constexpr std::int64_t limit = 100'00;
constexpr std::int64_t window = 90 * std::int64_t{86'400};

std::int64_t cents_in(const json& amount) {
  return money::parse(amount.get<std::string>()).value().minor();
}
instant instant_in(const json& text) { return instant::parse(text.get<std::string>()).value(); }

}  // namespace

void auditor::wrong(const stored_record& at, const std::string& what) {
  found_.push_back("record " + std::to_string(at.position) + " (" + at.subject + "): " + what);
}

std::int64_t auditor::used(const std::string& customer, instant at) const {
  const instant from = checked_add(at, *duration::make(-window)).value();
  std::int64_t sum = 0;
  for (const auto& [id, one] : acts_) {
    if (one.customer == customer && from < one.at && one.at <= at) sum += one.cents;
  }
  return sum;
}

std::vector<std::string> auditor::audit(store& books) {
  *this = {};
  constexpr std::size_t page = 500;
  while (true) {
    const auto records = books.records_after(last_position_, page);
    if (!records) return {records.error().message};
    for (const stored_record& one : *records) read(one);
    if (records->size() < page) return found_;
  }
}

void auditor::read(const stored_record& one) {
  if (one.position != last_position_ + 1) wrong(one, "a gap before it");
  last_position_ = one.position;
  const json body = json::parse(one.body);
  const json& desk = body.at("desk");
  if (instant_in(desk.at("at")) < latest_) wrong(one, "time ran backwards");
  latest_ = std::max(latest_, instant_in(desk.at("at")));
  if (desk.contains("policy")) return;
  const std::string id = desk.at("decision");
  const std::string event = desk.at("event");
  const std::string state = desk.at("state");
  const instant at = instant_in(desk.at("at"));
  const std::int64_t number = ++numbers_[id];
  if (desk.at("number") != number || one.number != number) wrong(one, "its number");
  const std::string request =
      desk.value("caller", "") + "/" + desk.at("request").get<std::string>();
  if (requests_.try_emplace(request, id).first->second != id) wrong(one, "a second effect");

  if (body.contains("request")) {
    customers_[id] = body.at("request").at("customer").at("id");
    const auto& b1 = body.at("decision").at("usage").at("values").at("B1");
    if (cents_in(b1.at("amount")) != used(customers_[id], at)) wrong(one, "the usage it saw");
  }
  if (state == "approved" && (event == "decision" || event == "resolution")) {
    acts_[id] = {customers_[id], at, cents_in(desk.at("amount"))};
    ++approvals_;
    if (used(customers_[id], at) > limit) wrong(one, "over the limit");
  } else if (event == "settlement") {
    const std::int64_t cents = cents_in(desk.at("amount"));
    if (!acts_.contains(id) || cents > acts_[id].cents) wrong(one, "settled above the hold");
    acts_[id].cents = cents;
  } else if (event == "void" || event == "expiry") {
    acts_.erase(id);
  }
}

}  // namespace leeway::desk_test
