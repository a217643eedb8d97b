// SPDX-License-Identifier: Apache-2.0
// Facts of your own: the policy declares them, the request carries them, and what is still unknown
// is asked for until the answer is final.
//
//     05_custom_facts credit.policy.json
#include <leeway/leeway.hpp>

#include <functional>
#include <iostream>
#include <map>
#include <string>

namespace {

// What the application does when a fact is asked for. Here the answers are canned; yours puts the
// question into a form, or looks into another system.
using answer = std::function<void(leeway::request&)>;
const std::map<std::string, answer, std::less<>>& answers() {
  static const std::map<std::string, answer, std::less<>> all{
      // Attributes are typed: a number is a number, and an amount is leeway::money, never a double.
      {"contact.days_without_service",
       [](auto& r) { r.contact.attributes.insert_or_assign("days_without_service", 3); }},
      // Somebody looked, and there are none. Not having looked is another thing: unknown.
      {"customer.flags", [](auto& r) { r.customer.flags = leeway::none; }}};
  return all;
}

// Answers every question of a decision that it can. False: nothing new was learned.
bool ask(const leeway::decision& d, leeway::request& r) {
  bool learned = false;
  for (const auto& need : d.needs) {
    if (need.what != leeway::need::kind::fact) continue;
    std::cout << "  " << need.fact << ": " << need.ask << '\n';
    const auto found = answers().find(need.fact);
    if (found == answers().end()) continue;
    found->second(r);
    learned = true;
  }
  return learned;
}

void show(const leeway::decision& d) {
  std::cout << to_string(d.outcome) << ", " << to_string(d.next);
  if (d.offer && d.offer->amount) std::cout << ' ' << d.offer->amount->to_string();
  std::cout << '\n';
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const auto policy = leeway::load_policy(argv[1]);
  if (!policy) {
    std::cerr << render(policy.error());
    return 1;
  }
  leeway::request r{.id = "req-1", .at = leeway::instant::parse("2026-11-21T15:04:05Z").value()};
  r.agent = {.id = "a-17", .role = "agent"};
  r.customer = {.id = "c-901"};
  r.contact = {.id = "k-55"};
  r.subject = {.id = "line-3", .attributes = {{"plan", "home"}}};
  r.action = {.kind = "credit", .amount = leeway::usd(20)};
  r.history.emplace();  // this customer has had nothing yet: known, not left out

  // Ends: every round answers something that was unknown before, or stops.
  auto d = policy->decide(r);
  for (show(d); d.next == leeway::next_step::ask_facts && ask(d, r); show(d)) d = policy->decide(r);

  // An optional fact is never asked for: leaving it out says that there was no promise.
  r.contact.attributes.insert_or_assign("promised", leeway::usd(20));
  show(policy->decide(r));

  // A fact of another type is found before anything is decided (and would be denied, not guessed).
  r.contact.attributes.insert_or_assign("days_without_service", "three");
  for (const auto& problem : policy->check(r)) std::cout << problem.message << '\n';
}
