// SPDX-License-Identifier: Apache-2.0
// Approvals and four eyes at a desk: an agent proposes more than they may decide, a colleague looks
// at it, the team lead approves it, and nobody can approve what is their own.
//
//     08_signoffs credits.policy.json
#include <leeway/leeway.hpp>

#include <iostream>
#include <string>

namespace {

// Who they are and which role they hold is yours to vouch for: take both from your sign-on, never
// from the request of the agent.
leeway::agent person(const char* id, const char* role) { return {.id = id, .role = role}; }

std::string waits_for(const leeway::standing& s) {
  std::string out;
  for (const auto& role : s.waits_for()) out += (out.empty() ? "" : " or ") + role.str();
  return out.empty() ? out : ", waits for " + out;
}

void show(const char* what, const leeway::result<leeway::standing, leeway::diagnostics>& now) {
  std::cout << what << ": ";
  if (!now) return void(std::cout << now.error().front().code << '\n');
  std::cout << to_string(now->state) << waits_for(*now) << '\n';
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const auto policy = leeway::load_policy(argv[1]);
  if (!policy) return std::cerr << render(policy.error()), 1;
  const auto desk = leeway::desk::open(leeway::make_memory_store());
  if (!desk || !(*desk)->publish(*policy)) return 1;
  leeway::desk& at = **desk;

  leeway::request r{.id = "req-1"};
  r.agent = person("a-17", "agent");
  r.customer = {.id = "c-901"};
  r.contact = {.id = "k-55"};
  r.action = {.kind = "credit", .amount = leeway::usd(150)};
  const auto proposed = at.decide(r);
  if (!proposed) return std::cerr << render(proposed.error()), 1;
  const leeway::decision_id id = proposed->id;
  show("proposed", at.show(id));

  show("by the proposer", at.resolve(id, {.by = person("a-17", "agent"), .granted = true}));
  show("by a colleague", at.resolve(id, {.by = person("a-18", "agent"), .granted = true}));
  show("by the colleague again", at.resolve(id, {.by = person("a-18", "agent"), .granted = true}));
  show("by the team lead", at.resolve(id, {.by = person("l-2", "team_lead"), .granted = true}));

  // New evidence would be a new id that supersedes the old one; this is the same thing again.
  r.supersedes = r.id;
  r.id = "req-2";
  const auto again = at.decide(r);
  std::cout << "sent again under another id: " << (again ? "decided" : again.error().front().code)
            << '\n';
  show("settled", at.settle(id, {.amount = leeway::usd(140)}));
}
