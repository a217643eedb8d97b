// SPDX-License-Identifier: Apache-2.0
// Sign-offs and four eyes: an agent proposes more than they may decide, a colleague looks at it,
// the team lead approves it, and each signature is bound to what was seen.
//
//     08_signoffs credits.policy.json
#include <leeway/leeway.hpp>

#include <iostream>
#include <string>

namespace {

const leeway::instant now = leeway::instant::parse("2026-11-21T15:04:05Z").value();

// A signature on what the signer saw. Who they are and which role they hold is yours to vouch for:
// take both from your sign-on, never from the request of the agent.
leeway::signoff sign(const leeway::request& seen, const char* by, const char* role) {
  return {.by = leeway::agent_id(by),
          .role = leeway::role_id(role),
          .at = now,
          .request = leeway::request_digest(seen)};
}

std::string wanted(const leeway::need& need) {
  std::string out;
  for (const auto& role : need.any_of) out += (out.empty() ? "" : " or ") + role.str();
  return need.distinct ? out + ", another person than the proposer" : out;
}

void show(const char* what, const leeway::result<leeway::decision, leeway::diagnostics>& answer) {
  std::cout << what << ": ";
  if (!answer) return void(std::cout << answer.error().front().message << '\n');
  std::cout << to_string(answer->outcome) << '\n';
  for (const auto& need : answer->needs) std::cout << "  wanted: " << wanted(need) << '\n';
}

// The same proposal with new evidence is a new request that supersedes the one before; the desk
// approves only one of such a chain, so nothing is paid twice.
leeway::request again(const leeway::request& before, const char* id) {
  leeway::request r = before;
  r.supersedes = before.id;
  r.id = leeway::request_id(id);
  return r;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const auto policy = leeway::load_policy(argv[1]);
  if (!policy) {
    std::cerr << render(policy.error());
    return 1;
  }
  leeway::memory_desk desk(leeway::opening::empty);
  leeway::request r{.id = "req-1", .at = now};
  r.agent = {.id = "a-17", .role = "agent"};
  r.customer = {.id = "c-901"};
  r.contact = {.id = "k-55"};
  r.action = {.kind = "credit", .amount = leeway::usd(150)};
  show("proposed", desk.decide(*policy, r));

  r = again(r, "req-2");
  r.signoffs = {sign(r, "a-17", "agent")};
  show("signed by the proposer", desk.decide(*policy, r));

  r = again(r, "req-3");
  r.signoffs = {sign(r, "a-18", "agent")};
  show("signed by a colleague", desk.decide(*policy, r));

  r = again(r, "req-4");
  r.signoffs.push_back(sign(r, "l-2", "team_lead"));
  auto more = r;
  more.id = "req-5";
  more.action.amount = leeway::usd(450);
  show("signed by both, then raised", desk.decide(*policy, more));
  show("signed by both", desk.decide(*policy, r));
  show("sent again under another id", desk.decide(*policy, again(r, "req-6")));
}
