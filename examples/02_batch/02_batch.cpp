// SPDX-License-Identifier: Apache-2.0
// A batch: decide a file of requests, one a line, and sum them up by outcome.
//
//     02_batch northwind.policy.json requests.jsonl
//
// Memory does not grow with the file: a line is read, decided, counted and forgotten. Every line
// tells its own history; where one line's approval should count against the next one's budgets,
// decide at a leeway::desk instead.
#include <leeway/leeway.hpp>

#include <cstddef>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <map>
#include <optional>
#include <string>

namespace {

struct total {
  std::size_t count{};
  std::optional<leeway::money> amount{};  // absent once it is more than money can hold
};

void count(const leeway::decision& d, total& t) {
  ++t.count;
  if (t.amount && d.amount) t.amount = checked_add(*t.amount, *d.amount);
}

void print(leeway::outcome o, const total& t) {
  std::cout << std::left << std::setw(10) << to_string(o) << std::right << std::setw(4) << t.count
            << "  " << (t.amount ? t.amount->to_string() : "too much to add up") << '\n';
}

int fail(const std::string& why) {
  std::cerr << why << '\n';
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return fail("usage: 02_batch POLICY REQUESTS");
  const auto policy = leeway::load_policy(argv[1]);
  if (!policy) return fail(render(policy.error()));
  std::ifstream in(argv[2]);
  if (!in) return fail("cannot read " + std::string(argv[2]));

  const leeway::money nothing(0, policy->money_currency());
  std::map<leeway::outcome, total> totals{{leeway::outcome::approve, {.amount = nothing}},
                                          {leeway::outcome::escalate, {.amount = nothing}},
                                          {leeway::outcome::deny, {.amount = nothing}}};
  std::size_t number = 0;
  std::size_t unreadable = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    const auto r = leeway::parse_request(line, "line " + std::to_string(number));
    if (!r) {  // one bad line must not stop the night's run, nor go unseen
      std::cerr << render(r.error());
      ++unreadable;
      continue;
    }
    // Nobody will take up an offer here; not looking for one is faster.
    const auto d = policy->decide(*r, {.offer = false});
    count(d, totals.at(d.outcome));
  }
  if (in.bad()) return fail("cannot read on after line " + std::to_string(number));
  for (const auto& [outcome, sum] : totals) print(outcome, sum);
  std::cout << "unreadable" << std::setw(4) << unreadable << '\n';
  return unreadable == 0 ? 0 : 1;
}
