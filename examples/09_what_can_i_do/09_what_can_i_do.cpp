// SPDX-License-Identifier: Apache-2.0
// What an agent may do for this customer right now: each action with its largest amount, and what
// stands in the way of more. For the screen that is open before anything is proposed.
//
//     09_what_can_i_do northwind.policy.json
#include <leeway/leeway.hpp>

#include <iostream>
#include <string>

namespace {

std::string reach(const leeway::capability& c) {
  if (!c.allowed && !c.questions.empty()) return "not known yet";
  if (!c.allowed) return c.beyond_outcome == leeway::outcome::deny ? "no" : "not alone";
  if (c.largest.unlimited) return "any amount";
  if (!c.largest.amount) return "yes";
  // A fixed amount, and one that is due, is paid whole or not at all.
  const bool whole = c.mode == leeway::amount_mode::fixed || c.mode == leeway::amount_mode::due;
  return (whole ? "exactly " : "up to ") + c.largest.amount->to_string();
}

std::string who(const leeway::approval_choice& wanted) {
  std::string out;
  for (const auto& one : wanted.any_of) out += (out.empty() ? "" : " or ") + one.role.str();
  return out;
}

void show(const leeway::capability& c) {
  std::cout << c.action.str() << ": " << reach(c) << '\n';
  for (const auto& f : c.in_the_way) {
    if (!f.missing.empty()) continue;  // its question stands below
    // What stands in the way of `beyond`: of a cent more, where the action has an amount.
    const std::string more = c.allowed && c.beyond ? "for " + c.beyond->to_string() + ", " : "";
    std::cout << "  " << more << to_string(f.outcome) << ": " << sentence(f) << '\n';
  }
  for (const auto& wanted : c.approvals) std::cout << "  more with: " << who(wanted) << '\n';
  for (const auto& q : c.questions) {
    std::cout << "  ask: " << (q.ask.empty() ? q.fact : q.ask) << '\n';
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const auto policy = leeway::load_policy(argv[1]);
  if (!policy) {
    std::cerr << render(policy.error());
    return 1;
  }
  // Agent, customer and contact as in any request; nothing is proposed yet.
  leeway::request r{.id = "screen-1", .at = leeway::instant::parse("2026-11-21T15:04:05Z").value()};
  r.agent = {.id = "a-17", .role = "agent", .certifications = {{"refunds"}}};
  r.customer = {.id = "c-901", .flags = leeway::none};
  r.contact = {.id = "k-55", .reason = "staff", .attributes = {{"hours_late", 4}}};
  r.subject = {.id = "acct-3", .attributes = {{"tier", "basic"}}};

  // What was given before counts: 120 of the 150 dollars that one customer may have in 90 days.
  r.history = {{.id = "d-1",
                .kind = "fee_waiver",
                .amount = leeway::usd(120),
                .at = leeway::instant::parse("2026-10-30T09:00:00Z").value(),
                .keys = {{"customer.id", "c-901"}, {"contact.id", "k-41"}, {"agent.id", "a-12"}}}};

  for (const auto& one : leeway::can(*policy, r)) show(one);
}
