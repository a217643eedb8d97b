// SPDX-License-Identifier: Apache-2.0
// Overlays can only tighten: on random policies, overlays and requests.
#include "engine/laws.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace leeway::engine_test {
namespace {

request asked(dice& d, const sample& s) {
  request r = d.chance(50) ? s.asked : with_less(d, s.asked, d.chance(10));
  if (d.chance(40)) {
    r.discretion = true;
    r.note = "our fault";
  }
  return r;
}

// Usage as the request's own, or unknown, or a part of it.
usage used_of(dice& d, const policy& p, const request& r) {
  if (d.chance(60)) return p.usage_of(r);
  if (d.chance(30)) return d.chance(50) ? usage::unknown() : usage::empty();
  usage some;
  const usage all = p.usage_of(r);
  for (const auto& [id, v] : all.values()) {
    if (d.chance(70)) some.set(id, v);
  }
  return some;
}

std::string not_looser(const policy& before, const policy& after, const request& r,
                       const usage& used) {
  const auto first = before.decide(r, used);
  const auto second = after.decide(r, used);
  if (second.outcome < first.outcome) return both_said("more permissive", first, second);
  return {};
}

// Whoever settles what the stricter one needs has settled what the other needs.
std::string no_easier(const policy& before, const policy& after, request r, const usage& used) {
  if (auto why = not_looser(before, after, r, used); !why.empty()) return why;
  const auto second = after.decide(r, used);
  int number = 0;
  for (const auto& n : second.needs) {
    if (n.what == need::kind::fact) continue;
    r.signoffs.push_back(
        {.by = "new-" + std::to_string(++number), .role = n.any_of.front(), .at = r.at});
  }
  return number == 0 ? std::string{} : not_looser(before, after, r, used);
}

policy_document with_more(dice& d, policy_document doc, const char* id) {
  doc.overlays.push_back(policy_source(d).overlay(id, doc));
  return doc;
}

TEST(AnOverlay, NeverPermitsMore) {
  for_all(
      [](const policy& p, const sample& s) -> std::string {
        dice d(s.seed);
        const auto tighter = compiled(with_more(d, s.document, "z"));
        const auto r = asked(d, s);
        return no_easier(p, tighter, r, used_of(d, tighter, r));
      },
      200);
}

TEST(AnOverlay, OfItsOwnFileIsTheSameAsOneInThePolicy) {
  for_all(
      [](const policy& p, const sample& s) -> std::string {
        dice d(s.seed);
        const auto more = with_more(d, with_more(d, s.document, "y"), "z");
        const auto inside = compiled(more);
        const auto& added = more.overlays;
        const overlay y(s.document.id, added[added.size() - 2]);
        const overlay z(s.document.id, added.back());
        const auto outside = with_overlays(p, {z, y});
        if (!outside) return render(outside.error());
        if (outside->digest() != inside.digest()) return "another digest";
        const auto first = inside.decide(s.asked);
        const auto second = outside->decide(s.asked);
        return canonical_core(first) == canonical_core(second) ? ""
                                                               : both_said("core", first, second);
      },
      40);
}

// What a decision says, besides which policy said it and all that is counted.
std::string told(decision d) {
  d.policy = {};
  return to_json(d);
}

TEST(AnOverlay, ThatNeverAppliesChangesNothingButTheDigest) {
  for_all([](const policy& p, const sample& s) -> std::string {
    dice d(s.seed);
    auto more = with_more(d, s.document, "z");
    auto& o = more.overlays.back();
    if (d.chance(50)) {
      o.applies = "false";
    } else {
      o.effective_from = civil_date::parse("2030-01-01").value();
      o.effective_until.reset();
    }
    const auto other = compiled(more);
    if (other.digest() == p.digest()) return "the same digest";
    const auto r = asked(d, s);
    const auto first = p.decide(r);
    const auto second = other.decide(r);
    return told(first) == told(second) ? "" : told(first) + "\n" + told(second);
  });
}

TEST(AnOverlay, OffersWhatIsApproved) {
  for_all([](const policy&, const sample& s) -> std::string {
    dice d(s.seed);
    const auto p = compiled(with_more(d, s.document, "z"));
    auto r = asked(d, s);
    const auto first = p.decide(r);
    if (!first.offer) return {};
    const auto kind = r.action.kind;
    for (const auto& a : first.offer->alternatives) {
      r.action.kind = a.kind;
      r.action.amount = a.amount;
      if (const auto other = p.decide(r); other.outcome != outcome::approve) {
        return both_said("the alternative is not approved", first, other);
      }
    }
    if (!first.offer->amount) return {};
    r.action.kind = kind;
    r.action.amount = first.offer->amount;
    const auto second = p.decide(r);
    return second.outcome == outcome::approve ? "" : both_said("not approved", first, second);
  });
}

TEST(AnOverlay, OffersTheMostThatIsApproved) {
  for_all([](const policy&, const sample& s) -> std::string {
    dice d(s.seed);
    const auto p = compiled(with_more(d, s.document, "z"));
    auto r = asked(d, s);
    if (r.action.kind != action_kind("credit") && r.action.kind != action_kind("refund")) return {};
    if (!r.action.amount) return {};
    const auto first = p.decide(r);
    if (first.outcome == outcome::approve) return {};
    const std::int64_t proposed = r.action.amount->minor();
    std::int64_t least = first.due ? std::max<std::int64_t>(1, first.due->minor()) : 1;
    if (first.offer && first.offer->amount) least = first.offer->amount->minor() + 1;
    for (int i = 0; i < 12 && least < proposed; ++i) {
      r.action.amount = money(i == 0 ? least : d.between(least, proposed - 1), currency::usd());
      const auto more = p.decide(r, {.offer = false});
      if (more.outcome == outcome::approve) return both_said("more is approved", first, more);
    }
    return {};
  });
}

}  // namespace
}  // namespace leeway::engine_test
