// SPDX-License-Identifier: Apache-2.0
// What a user of the installed package writes first; it builds with no flag of ours.
#include <leeway/leeway.hpp>

#include <cstdio>

namespace {

constexpr const char* policy_text = R"({
  "format": "leeway-policy/1",
  "id": "consumer", "version": "1", "currency": "USD",
  "roles": [
    {"id": "agent", "escalate_to": ["team_lead"]},
    {"id": "team_lead", "includes": ["agent"]}
  ],
  "actions": [{"id": "fee_waiver"}],
  "grants": [
    {"id": "G1", "to": "agent", "for": ["fee_waiver"], "under": "50 USD"},
    {"id": "G2", "to": "team_lead", "for": ["fee_waiver"]}
  ]
})";

int failed(const char* what) {
  std::fprintf(stderr, "%s\n", what);
  return 1;
}

}  // namespace

int main() {
  auto policy = leeway::parse_policy(policy_text);
  if (!policy) return failed(render(policy.error()).c_str());

  leeway::request r{.id = "req-1", .at = leeway::now()};
  r.agent = {.id = "a-17", .role = "agent"};
  r.action = {.kind = "fee_waiver", .amount = leeway::usd(49, 99)};
  const auto approved = policy->decide(r, leeway::usage::empty());
  if (approved.outcome != leeway::outcome::approve) return failed("expected an approval");

  r.action.amount = leeway::usd(50);
  const auto escalated = policy->decide(r, leeway::usage::empty());
  if (escalated.outcome != leeway::outcome::escalate) return failed("expected an escalation");
  if (escalated.needs.front().any_of.front() != "team_lead") return failed("expected a team lead");

  const auto same = [&](const leeway::digest& wanted) {
    return wanted == policy->digest() ? &*policy : nullptr;
  };
  const auto replayed = leeway::replay_record(to_record(r, escalated), "record", same);
  return replayed && replayed->exact ? 0 : failed("the record did not replay");
}
