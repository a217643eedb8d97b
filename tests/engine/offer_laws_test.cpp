// SPDX-License-Identifier: Apache-2.0
// What is offered would be approved, and is the most that would.
#include "engine/laws.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace leeway::engine_test {
namespace {

// Amounts next to which something may change, whatever the policy.
std::vector<std::int64_t> probes(dice& d, std::int64_t below) {
  std::vector<std::int64_t> out;
  for (std::int64_t near : {500, 1000, 2000, 2499, 2500, 3333, 4999, 5000, 10'000, 15'000}) {
    for (std::int64_t step : {-1, 0, 1}) out.push_back(near + step);
  }
  for (int i = 0; i < 5; ++i) out.push_back(d.between(1, 15'000));
  std::erase_if(out, [&](auto a) { return a >= below; });
  return out;
}

TEST(Offer, IsApprovedWhenProposed) {
  for_all([](const policy& p, const sample& s) -> std::string {
    dice d(s.seed);
    const auto r = sometimes_less(d, s.asked);
    const auto first = p.decide(r);
    if (!first.offer || !first.offer->amount) return {};
    const auto below =
        std::any_of(first.findings.begin(), first.findings.end(),
                    [](const finding& f) { return f.code == reason_code::below_due; });
    if (below && first.offer->amount == first.due) return {};  // the due, whoever may pay it
    const auto second = p.decide(with_action(r, r.action.kind, first.offer->amount));
    return second.outcome == outcome::approve ? "" : both_said("not approved", first, second);
  });
}

TEST(Offer, IsTheLargestAmountThatWouldBeApproved) {
  for_all([](const policy& p, const sample& s) -> std::string {
    dice d(s.seed);
    const auto r = sometimes_less(d, s.asked);
    const auto first = p.decide(r);
    if (first.outcome == outcome::approve || !r.action.amount) return {};
    if (r.action.kind == action_kind("fixed_fee") || r.action.kind == action_kind("list_price")) {
      return first.offer && first.offer->amount ? "offered in part" : "";
    }
    std::int64_t least = first.due ? std::max<std::int64_t>(1, first.due->minor()) : 1;
    if (first.offer && first.offer->amount) least = first.offer->amount->minor() + 1;
    auto amounts = probes(d, r.action.amount->minor());
    if (least < r.action.amount->minor()) amounts.push_back(least);
    for (auto minor : amounts) {
      if (minor < least) continue;
      const auto more =
          p.decide(with_action(r, r.action.kind, money(minor, currency::usd())), {.offer = false});
      if (more.outcome == outcome::approve) {
        return std::to_string(minor) + both_said(" is more and approved", first, more);
      }
    }
    return {};
  });
}

TEST(Offer, EachAlternativeIsApprovedWhenProposed) {
  for_all([](const policy& p, const sample& s) -> std::string {
    dice d(s.seed);
    const auto r = sometimes_less(d, s.asked);
    const auto first = p.decide(r);
    if (!first.offer) return {};
    for (const auto& a : first.offer->alternatives) {
      const auto second = p.decide(with_action(r, a.kind, a.amount));
      if (second.outcome != outcome::approve) {
        return a.kind.str() + both_said(" is not approved", first, second);
      }
    }
    return {};
  });
}

TEST(Offer, IsMadeOnlyWhereNothingWasApproved) {
  for_all(
      [](const policy& p, const sample& s) -> std::string {
        const auto d = p.decide(s.asked);
        if (d.outcome == outcome::approve && d.offer) return said("offered", d);
        return canonical_core(d) == canonical_core(p.decide(s.asked, {.offer = false}))
                   ? ""
                   : "looking for an offer changes the core";
      },
      60);
}

}  // namespace
}  // namespace leeway::engine_test
