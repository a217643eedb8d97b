// SPDX-License-Identifier: Apache-2.0
// Policies that change while threads decide: a new version is published, then suspended, then back.
// Nobody waits, nobody restarts, and every decision names the version that made it.
//
//     04_swap_policies waivers-1.policy.json waivers-2.policy.json
#include <leeway/leeway.hpp>

#include <array>
#include <atomic>
#include <iostream>
#include <set>
#include <stop_token>
#include <string>
#include <thread>

namespace {

leeway::request waiver(const char* at = "2026-11-21T15:04:05Z") {
  return {.id = "req-1",
          .at = leeway::instant::parse(at).value(),
          .agent = {.id = "a-17", .role = "agent"},
          .contact = {.id = "k-55"},
          .action = {.kind = "fee_waiver", .amount = leeway::usd(40)}};
}

// A document with errors changes nothing: what was in force stays in force.
bool publish(leeway::policy_set& to, const char* path) {
  const auto loaded = leeway::load_policy(path);
  if (loaded) to.replace(*loaded);
  if (!loaded) std::cerr << render(loaded.error());
  return loaded.has_value();
}

// One thread of the application: it decides over and over, and notes what it saw.
struct clerk {
  std::atomic<unsigned> rounds{};
  std::set<std::string> saw{};  // the thread's own until it has ended
  std::jthread thread{};        // last, so that it ends before what it uses

  void start(const leeway::policy_set& policies) {
    thread = std::jthread([this, &policies](const std::stop_token& stop) {
      while (!stop.stop_requested()) {
        const auto d = policies.decide(waiver(), leeway::usage::empty(), {.offer = false});
        saw.insert("version " + d.policy.version + ": " + std::string(to_string(d.outcome)));
        ++rounds;
        rounds.notify_all();
      }
    });
  }
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  leeway::policy_set policies;  // outlives the threads that decide by it
  if (!publish(policies, argv[1])) return 1;
  std::array<clerk, 3> clerks;
  for (clerk& one : clerks) one.start(policies);

  const auto look = [&](const char* step, const leeway::request& r = waiver()) {
    for (const clerk& one : clerks) {  // for two rounds: the second began after the change
      for (int i = 0; i < 2; ++i) one.rounds.wait(one.rounds.load());
    }
    const auto d = policies.decide(r, leeway::usage::empty(), {.offer = false});
    std::cout << step << ": version " << d.policy.version << ", " << to_string(d.outcome) << '\n';
  };
  look("before");
  if (!publish(policies, argv[2])) return 1;
  look("published");
  look("last week's", waiver("2026-11-14T15:04:05Z"));  // by what was in force then
  policies.suspend("northwind-waivers", "2", "the limits are being looked at");
  look("suspended");
  policies.resume("northwind-waivers", "2");
  look("resumed");
  for (clerk& one : clerks) {
    one.thread = {};  // tells it to stop, and waits
    for (const auto& what : one.saw) std::cout << "seen by a thread: " << what << '\n';
  }
}
