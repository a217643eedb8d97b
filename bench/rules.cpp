// SPDX-License-Identifier: Apache-2.0
#include "bench/rules.hpp"

#include "bench/draw.hpp"

#include <algorithm>

namespace leeway_bench {
namespace {

constexpr std::size_t kinds = 50;

std::string kind_name(std::size_t n) { return "kind-" + std::to_string(n); }
std::string reason_name(std::size_t n) { return "reason-" + std::to_string(n); }
std::size_t reasons(std::size_t rules) { return std::max<std::size_t>(1, rules / kinds); }

/// What a rule asks besides kind and reason.
std::string further(draw& from) {
  const auto amount = "action.amount > money('" + std::to_string(from.between(20, 400)) + " USD')";
  switch (from.between(1, 4)) {
    case 1: return amount;
    case 2: return amount + " && agent.tier == " + std::to_string(from.between(1, 4));
    case 3: return amount + " && customer.tenure_days < " + std::to_string(from.between(10, 900));
    default: return "(customer.tier == 'bronze' || customer.tier == 'silver') && " + amount;
  }
}

std::string effect(draw& from) {
  const auto n = from.between(1, 10);
  if (n == 1) return R"("deny")";
  if (n == 2) return R"({"oblige": {"id": "note_on_account"}})";
  return R"({"escalate": ["manager"]})";
}

std::string rule(std::size_t i, draw& from) {
  return R"({"id": "R)" + std::to_string(i) + R"(", "for": [")" + kind_name(i % kinds) +
         R"("], "when": "contact.reason == ')" + reason_name(i / kinds) + "' && " + further(from) +
         R"(", "then": )" + effect(from) + R"(, "because": "rule )" + std::to_string(i) +
         R"( of the handbook", "source": "section )" + std::to_string(i / 100) + R"("})";
}

constexpr const char* head = R"({
"format": "leeway-policy/1", "id": "handbook", "version": "1", "currency": "USD",
"facts": {"agent.tier": "int", "customer.tenure_days": "int",
  "customer.tier": {"type": "string", "one_of": ["bronze", "silver", "gold", "platinum"]}},
"roles": [{"id": "agent", "escalate_to": ["manager"]}, {"id": "manager"}],
"grants": [{"id": "G1", "to": "agent", "for": "*", "up_to": "500 USD"},
  {"id": "G2", "to": "manager", "for": "*"}],
"silence": [{"lint": "lint_splittable", "because": "made up for measuring"}],
)";

}  // namespace

std::string policy_of_rules(std::size_t rules) {
  std::string out = head;
  out += "\"actions\": [";
  for (std::size_t k = 0; k < kinds; ++k) {
    out += std::string(k == 0 ? "" : ", ") + R"({"id": ")" + kind_name(k) + R"("})";
  }
  out += "],\n\"rules\": [";
  draw from(21);
  for (std::size_t i = 0; i < rules; ++i) {
    out += i == 0 ? "\n" : ",\n";
    out += rule(i, from);
  }
  out += "\n]}\n";
  return out;
}

std::vector<leeway::request> requests_for_rules(std::size_t rules, std::size_t count) {
  std::vector<leeway::request> out(count);
  draw from(22);
  const auto last_reason = static_cast<std::int64_t>(reasons(rules)) - 1;
  for (std::size_t i = 0; i < count; ++i) {
    leeway::request& r = out[i];
    r.id = "q-" + std::to_string(i);
    r.at = leeway::instant::make(1'767'225'600 + from.between(0, 365 * 86'400 - 1)).value();
    r.agent.id = "a-" + std::to_string(from.between(1, 400));
    r.agent.role = "agent";
    r.agent.attributes = {{"tier", from.between(1, 4)}};
    r.customer.id = "c-" + std::to_string(from.between(1, 1'000'000));
    const char* const tiers[] = {"bronze", "silver", "gold", "platinum"};
    r.customer.attributes = {{"tier", tiers[from.between(0, 3)]},
                             {"tenure_days", from.between(0, 2999)}};
    r.contact.id = "k-" + std::to_string(i);
    r.contact.reason = reason_name(static_cast<std::size_t>(from.between(0, last_reason)));
    r.action.kind = kind_name(i % kinds);
    r.action.amount = leeway::money(from.between(1, 12'000), leeway::currency::usd());
  }
  return out;
}

}  // namespace leeway_bench
