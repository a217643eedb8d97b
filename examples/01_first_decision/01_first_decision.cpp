// SPDX-License-Identifier: Apache-2.0
// A first decision: load a policy, propose an action, act on the answer, keep the record.
//
//     01_first_decision northwind.policy.json
#include <leeway/leeway.hpp>

#include <cstdio>
#include <string>
#include <vector>

namespace {

int report(const leeway::diagnostics& problems) {
  std::fputs(render(problems).c_str(), stderr);
  return 1;
}

void show(const char* line, const std::string& what) { std::printf("%s%s\n", line, what.c_str()); }

void ask(const leeway::decision& d) {
  for (const auto& need : d.needs) {
    for (const auto& role : need.any_of) show("  ask for the approval of: ", role.str());
    if (!need.fact.empty()) show("  ask the customer: ", need.ask.empty() ? need.fact : need.ask);
  }
  if (d.offer && d.offer->amount) show("  or offer alone: ", d.offer->amount->to_string());
}

void explain(const std::vector<leeway::finding>& findings) {
  for (const auto& f : findings) {
    if (f.outcome == leeway::outcome::deny) show("  because: ", text(f));
  }
}

void act_on(const leeway::request& r, const leeway::decision& d) {
  show(r.id.str().c_str(), ": " + std::string(to_string(d.outcome)));
  switch (d.outcome) {
    case leeway::outcome::approve:
      show("  do it: ", r.action.kind.str() + ' ' + r.action.amount->to_string());
      break;
    case leeway::outcome::escalate: ask(d); break;
    case leeway::outcome::deny: explain(d.findings); break;
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;

  // The first decision.
  auto policy = leeway::load_policy(argv[1]);
  if (!policy) return report(policy.error());  // every diagnostic, with its place
  leeway::request r{.id = "req-1", .at = leeway::instant::parse("2026-11-21T15:04:05Z").value()};
  r.agent = {.id = "a-17", .role = "agent"};
  r.customer = {.id = "c-901", .flags = leeway::none};  // known to be empty; left out is unknown
  r.contact = {.id = "k-55"};
  r.action = {.kind = "fee_waiver", .amount = leeway::usd(35, 00)};
  const auto unused = leeway::usage::empty();  // nothing was used before: stated, not assumed
  act_on(r, policy->decide(r, unused));

  // More than the agent may give alone.
  r.id = "req-2";
  r.action.amount = leeway::usd(62, 00);
  act_on(r, policy->decide(r, unused));

  // The same, with nobody having looked at the customer's flags: unknown is not "none".
  r.id = "req-3";
  r.customer.flags = {};
  act_on(r, policy->decide(r, unused));

  // And with a flag that the policy rules out.
  r.id = "req-4";
  r.customer.flags = {{"fraud"}};
  const auto d = policy->decide(r, unused);
  act_on(r, d);

  // One self-contained line, to be kept: `leeway audit replay` decides it again.
  show("record: ", std::to_string(to_record(r, d).size()) + " bytes");
  return 0;
}
