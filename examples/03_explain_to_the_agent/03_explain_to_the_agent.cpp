// SPDX-License-Identifier: Apache-2.0
// What the agent's screen shows beside a decision: what to say, what to ask, who decides, and what
// would help.
//
//     03_explain_to_the_agent northwind.policy.json requests.jsonl
#include <leeway/leeway.hpp>

#include <fstream>
#include <iostream>
#include <string>

namespace {

void line(const char* label, const std::string& what) {
  if (!what.empty()) std::cout << "  " << label << ": " << what << '\n';
}

// The policy's own sentences, and where each one stands. Left out: what approves, and what turns on
// a fact that is still to be asked for, which would sound as if it were so.
void because(const leeway::decision& d) {
  for (const auto& f : d.findings) {
    if (f.outcome == leeway::outcome::approve || f.lifted || !f.missing.empty()) continue;
    line("because", sentence(f) + (f.source.empty() ? "" : " (" + f.source + ')'));
  }
}

std::string who(const leeway::approval_choice& wanted) {
  std::string out;
  for (const auto& one : wanted.any_of) {
    out += (out.empty() ? "" : " or ") + one.role.str();
    if (one.up_to.amount) out += " (up to " + one.up_to.amount->to_string() + ')';
  }
  return wanted.distinct ? out + ", somebody else than you" : out;
}

void tell(const leeway::request& r, const leeway::explanation& e) {
  std::cout << r.id.str() << ": " << e.answer << '\n';
  because(e.decision);
  for (const auto& q : e.questions) line("ask", q.ask.empty() ? q.fact : q.ask);
  for (const auto& a : e.approvals) line("who decides", who(a));
  for (const auto& hint : e.remedies) line("would help", hint.text);
  const auto& offer = e.decision.offer;
  if (offer && offer->amount) line("you may offer", offer->amount->to_string());
  for (const auto& o : e.decision.obligations) line("also", o.text);
}

int fail(const std::string& why) {
  std::cerr << why << '\n';
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return fail("usage: 03_explain_to_the_agent POLICY REQUESTS");
  const auto policy = leeway::load_policy(argv[1]);
  if (!policy) return fail(render(policy.error()));
  std::ifstream in(argv[2]);
  if (!in) return fail("cannot read " + std::string(argv[2]));
  for (std::string text; std::getline(in, text);) {
    const auto r = leeway::parse_request(text, argv[2]);
    if (!r) return fail(render(r.error()));
    // Explaining decides, too: `e.decision` is what decide() gives, so there is no second answer.
    tell(*r, leeway::explain(*policy, *r));
  }
  return in.bad() ? fail("cannot read on") : 0;
}
