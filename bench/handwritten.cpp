// SPDX-License-Identifier: Apache-2.0
#include "bench/handwritten.hpp"

namespace leeway_bench {
namespace {

// Amounts are in cents.

bool denied(facts& f, std::string_view kind) {
  return f.amount_cents() > 100'000 || f.fraud_flag() || f.suspended() ||
         (kind == "cutoff_exception" && f.hours_past_cutoff() > 72);
}

bool beyond_tier(std::int64_t tier, std::int64_t amount) {
  return (tier == 1 && amount > 2'500) || (tier == 2 && amount > 5'000) ||
         (tier == 3 && amount > 20'000) || (tier == 4 && amount > 100'000);
}

bool escalated(facts& f, std::string_view kind) {
  const std::int64_t amount = f.amount_cents();
  return beyond_tier(f.agent_tier(), amount) || f.credits_count() >= 3 ||
         f.credits_cents() + amount > 15'000 || (amount > 1'000 && f.tenure_days() < 30) ||
         (kind == "upgrade" && f.customer_tier() == "bronze");
}

bool high(std::string_view tier) { return tier == "gold" || tier == "platinum"; }

bool approved(facts& f, std::string_view kind) {
  const std::int64_t amount = f.amount_cents();
  if (kind == "fee_waiver") return amount <= 5'000;
  if (kind == "credit") {
    return (amount <= 5'000 && f.tenure_days() >= 90) ||
           (amount <= 10'000 && high(f.customer_tier()));
  }
  if (kind == "refund") return amount <= 2'500 || (amount <= 10'000 && f.tenure_days() >= 365);
  if (kind == "upgrade") return high(f.customer_tier());
  if (kind == "cutoff_exception") {
    return f.hours_past_cutoff() <= 24 ||
           (f.hours_past_cutoff() <= 72 && f.customer_tier() == "platinum");
  }
  return false;
}

}  // namespace

leeway::outcome handwritten(const leeway::request& r) {
  if (!r.action.amount) return leeway::outcome::escalate;
  facts f(r);
  const std::string_view kind = r.action.kind.view();
  if (denied(f, kind)) return leeway::outcome::deny;
  if (escalated(f, kind) || !approved(f, kind) || f.missing()) return leeway::outcome::escalate;
  return leeway::outcome::approve;
}

}  // namespace leeway_bench
