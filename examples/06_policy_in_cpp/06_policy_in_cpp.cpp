// SPDX-License-Identifier: Apache-2.0
// A policy built in C++: for limits that live in your database, or in a test. It is the same
// document as the JSON form, checked by the same checker.
#include <leeway/leeway.hpp>

#include <iostream>

namespace {

leeway::policy_document goodwill(leeway::money agent_limit) {
  leeway::policy_document p{.id = "goodwill", .version = "7"};
  p.money_currency = agent_limit.cur();
  p.time_zone = "America/Denver";
  p.facts = {{.name = "customer.flags", .type = "list<string>", .ask = "which flags has it?"}};
  p.roles = {{.id = "agent", .escalate_to = {"team_lead"}}, {.id = "team_lead"}};
  p.actions = {{.id = "fee_waiver"}};
  p.grants = {{.id = "G1",
               .to = {"agent"},
               .actions = {"fee_waiver"},
               .bounds = {.up_to = agent_limit},
               .origin = {.source = "limits table", .because = "agents waive up to their limit"}},
              {.id = "G2",
               .to = {"team_lead"},
               .actions = {"fee_waiver"},
               .bounds = {.up_to = leeway::usd(250)},
               .origin = {.source = "limits table", .because = "team leads waive up to 250"}}};
  p.budgets = {{.id = "B1",
                .actions = {"*"},
                .per = {"contact.id"},
                .window = leeway::window::parse("lifetime").value(),
                .amount = leeway::usd(250),
                .origin = {.source = "limits table", .because = "250 dollars a contact"}}};
  p.rules = {{.id = "R1",
              .when = "'fraud' in customer.flags",
              .then = {{.what = leeway::effect::kind::deny}},
              .origin = {.source = "risk", .because = "confirmed fraud"}}};
  return p;
}

leeway::request waiver(leeway::money amount) {
  leeway::request r{.id = "req-1", .at = leeway::instant::parse("2026-11-21T15:04:05Z").value()};
  r.agent = {.id = "a-17", .role = "agent"};
  r.customer = {.id = "c-901", .flags = leeway::none};
  r.contact = {.id = "k-55"};
  r.action = {.kind = "fee_waiver", .amount = amount};
  return r;
}

}  // namespace

int main() {
  // What is wrong is told all at once; a pointer says where, for there is no line to show.
  auto broken = goodwill(leeway::usd(35));
  broken.grants[1].to = {"team_leed"};
  broken.rules[0].when = "'fraud' in customer.flag";
  if (const auto refused = leeway::compile_policy(broken); !refused) {
    for (const auto& slip : refused.error()) {
      std::cout << slip.pointer << ": " << slip.message << "; " << slip.remedy << '\n';
    }
  }

  const auto policy = leeway::compile_policy(goodwill(leeway::usd(35)));
  if (!policy) {
    std::cerr << render(policy.error());
    return 1;
  }
  for (const auto amount : {leeway::usd(35), leeway::usd(35, 01)}) {
    const auto d = policy->decide(waiver(amount), leeway::usage::empty());
    std::cout << amount.to_string() << ": " << to_string(d.outcome) << '\n';
  }

  // Another limit is another policy, and its digest says so: on every decision, in every record.
  const auto other = leeway::compile_policy(goodwill(leeway::usd(40))).value();
  std::cout << (policy->digest() == other.digest() ? "the same" : "another") << " policy\n";
}
