// SPDX-License-Identifier: Apache-2.0
#include "bench/goodwill.hpp"

#include "bench/draw.hpp"

#include <array>
#include <cstdlib>
#include <iostream>
#include <string>

namespace leeway_bench {
namespace {

constexpr std::array kinds{"credit", "cutoff_exception", "fee_waiver", "refund", "upgrade"};
constexpr std::array tiers{"bronze", "silver", "gold", "platinum"};

template <class Names>
const char* one_of(const Names& names, draw& from) {
  return names[static_cast<std::size_t>(from.between(0, std::ssize(names) - 1))];
}

std::string numbered(const char* prefix, std::int64_t n) { return prefix + std::to_string(n); }

void draw_agent(draw& from, leeway::agent& a) {
  a.id = numbered("a-", from.between(1, 400));
  a.role = "agent";
  a.attributes = {{"tier", from.between(1, 4)}, {"suspended", from.in_hundred(1)}};
}

void draw_customer(draw& from, leeway::customer& c) {
  c.id = numbered("c-", from.between(1, 1'000'000));
  c.flags = leeway::none;
  const auto tenure = from.in_hundred(10) ? from.between(0, 29) : from.between(30, 2999);
  const auto count = from.in_hundred(10) ? from.between(3, 5) : from.between(0, 2);
  const auto cents = from.in_hundred(80) ? from.between(0, 4000) : from.between(0, 20'000);
  c.attributes = {{"fraud_flag", from.in_hundred(4)},
                  {"tier", one_of(tiers, from)},
                  {"tenure_days", tenure},
                  {"credits_90d_count", count},
                  {"credits_90d", leeway::money(cents, leeway::currency::usd())}};
}

leeway::request draw_request(std::size_t i, draw& from) {
  leeway::request r;
  r.id = "q-" + std::to_string(i);
  // A year of decisions from 1 January 2026 on.
  r.at = leeway::instant::make(1'767'225'600 + from.between(0, 365 * 86'400 - 1)).value();
  draw_agent(from, r.agent);
  draw_customer(from, r.customer);
  r.contact.id = "k-" + std::to_string(i);
  const auto hours = from.in_hundred(70) ? from.between(0, 23) : from.between(0, 99);
  r.contact.attributes = {{"hours_past_cutoff", hours}};
  r.action.kind = one_of(kinds, from);
  const auto cents = from.in_hundred(70) ? from.between(1, 6000) : from.between(1, 120'000);
  r.action.amount = leeway::money(cents, leeway::currency::usd());
  return r;
}

}  // namespace

const leeway::policy& goodwill_20() {
  static const leeway::policy it = [] {
    auto loaded = leeway::load_policy(LEEWAY_BENCH_POLICY);
    if (!loaded) {
      std::cerr << leeway::render(loaded.error());
      std::exit(EXIT_FAILURE);  // NOLINT(concurrency-mt-unsafe): before any thread
    }
    return *std::move(loaded);
  }();
  return it;
}

std::size_t request_count() {
  static const std::size_t count = [] {
    const char* told = std::getenv("LEEWAY_BENCH_REQUESTS");  // NOLINT(concurrency-mt-unsafe)
    return told == nullptr ? std::size_t{100'000} : std::stoull(told);
  }();
  return count;
}

const std::vector<leeway::request>& goodwill_requests() {
  static const std::vector<leeway::request> all = [] {
    std::vector<leeway::request> out;
    out.reserve(request_count());
    draw from(20);
    for (std::size_t i = 0; i < request_count(); ++i) out.push_back(draw_request(i, from));
    return out;
  }();
  return all;
}

}  // namespace leeway_bench
