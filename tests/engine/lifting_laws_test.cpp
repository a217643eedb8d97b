// SPDX-License-Identifier: Apache-2.0
// What sign-offs meet and discretion lifts, and what neither does.
#include "engine/laws.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace leeway::engine_test {
namespace {

// ------------------------------------------------------------------------------ sign-offs

TEST(SignOff, OfTheProposerNeverCounts) {
  for_all([](const policy& p, const sample& s) -> std::string {
    dice d(s.seed);
    const auto r = sometimes_less(d, s.asked);
    auto signed_by_self = r;
    auto own = random_signoff(d);
    own.by = r.agent.id;
    signed_by_self.signoffs.push_back(own);
    const auto first = p.decide(r);
    const auto second = p.decide(signed_by_self);
    const bool same = first.outcome == second.outcome && first.needs == second.needs;
    return same ? "" : both_said("it counted", first, second);
  });
}

TEST(SignOff, NeverPermitsLess) {
  for_all(
      [](const policy& p, const sample& s) -> std::string {
        dice d(s.seed);
        const auto r = sometimes_less(d, s.asked);
        auto more = r;
        more.signoffs.push_back(random_signoff(d));
        const auto first = p.decide(r);
        const auto second = p.decide(more);
        return rank(second) <= rank(first) ? "" : both_said("less permissive", first, second);
      },
      120);
}

TEST(SignOff, OfEveryNeedApproves) {
  for_all(
      [](const policy& p, const sample& s) -> std::string {
        dice d(s.seed);
        auto r = sometimes_less(d, s.asked);
        const auto first = p.decide(r);
        if (first.outcome != outcome::escalate || r.agent.id.empty()) return {};
        int number = 0;
        for (const auto& n : first.needs) {
          if (n.what == need::kind::fact) return {};
          r.signoffs.push_back(
              {.by = "new-" + std::to_string(++number), .role = d.pick(n.any_of), .at = r.at});
        }
        const auto second = p.decide(r);
        return second.outcome == outcome::approve ? "" : both_said("not settled", first, second);
      },
      120);
}

TEST(SignOff, ForAnotherRequestNeverCounts) {
  for_all(
      [](const policy& p, const sample& s) -> std::string {
        dice d(s.seed);
        auto r = s.asked;
        auto bound = random_signoff(d);
        auto other = r;
        other.action.amount = usd(7, 77);
        bound.request = request_digest(other);
        r.signoffs.push_back(bound);
        const auto first = p.decide(s.asked);
        const auto second = p.decide(r);
        return first.outcome == second.outcome && first.needs == second.needs
                   ? ""
                   : both_said("it counted", first, second);
      },
      60);
}

// ------------------------------------------------------------------------------ discretion

bool is_liftable(const std::vector<rule_definition>& rules, const finding& f) {
  return std::ranges::any_of(rules, [&](const auto& r) { return r.id == f.rule && r.discretion; });
}

bool may_be_lifted(const policy_document& doc, const finding& f) {
  if (f.part == finding_part::authority) {
    return f.code == reason_code::over_limit || f.code == reason_code::not_delegated;
  }
  const bool effect_of_rule =
      f.code == reason_code::rule_denies || f.code == reason_code::rule_escalates;
  return f.part == finding_part::rule && effect_of_rule &&
         (is_liftable(doc.rules, f) || std::ranges::any_of(doc.overlays, [&](const auto& o) {
            return is_liftable(o.rules, f);
          }));
}

TEST(Discretion, LiftsNothingItMayNot) {
  for_all(
      [](const policy& p, const sample& s) -> std::string {
        dice d(s.seed);
        auto r = sometimes_less(d, s.asked);
        r.discretion = true;
        r.note = "it was our fault";
        const auto out = p.decide(r);
        bool lifted = false;
        for (const auto& f : out.findings) {
          if (!f.lifted) continue;
          lifted = true;
          if (!may_be_lifted(s.document, f)) return said("lifted", out);
        }
        if (lifted != (out.basis == basis::discretion)) return said("basis", out);
        if (out.outcome == outcome::approve && lifted != out.ratification) return said("duty", out);
        if (lifted && out.protection.empty()) return said("protection", out);
        r.discretion = false;
        const auto without = p.decide(r);
        if (rank(out) > rank(without)) return both_said("less permissive", without, out);
        for (const auto& f : without.findings) {
          // What may prove to be over the limit is asked, not lifted.
          const bool asked = f.code == reason_code::no_authority && !f.missing.empty();
          const bool kept = may_be_lifted(s.document, f) || f.outcome == outcome::approve ||
                            (asked && out.outcome == outcome::escalate);
          if (kept || f.outcome <= out.outcome) continue;
          return both_said("what may not be lifted is gone", without, out);
        }
        return {};
      },
      120);
}

TEST(Discretion, WithoutAJustificationChangesNothing) {
  for_all(
      [](const policy& p, const sample& s) -> std::string {
        auto r = s.asked;
        r.discretion = false;
        const auto without = p.decide(r);
        r.discretion = true;
        r.note = "  \t";
        const auto blank = p.decide(r);
        return without.outcome == blank.outcome && without.needs == blank.needs
                   ? ""
                   : both_said("it counted", without, blank);
      },
      60);
}

}  // namespace
}  // namespace leeway::engine_test
