// SPDX-License-Identifier: Apache-2.0
// What may be done, what is decided and how it is explained never contradict each other.
#include "engine/laws.hpp"
#include "policy/compiled.hpp"

#include <leeway/engine/capability.hpp>
#include <leeway/engine/explanation.hpp>

#include <gtest/gtest.h>

#include <algorithm>

namespace leeway::engine_test {
namespace {

decision decided(const policy& p, const request& r) { return p.decide(r, {.offer = false}); }

bool approves(const policy& p, const request& r, const capability& c, std::int64_t minor) {
  return decided(p, with_action(r, c.action, money(minor, p.money_currency()))).outcome ==
         outcome::approve;
}

bool reported(const capability& c, std::int64_t minor) {
  return std::ranges::any_of(c.ranges, [&](const amount_range& range) {
    return range.from.minor() <= minor && (!range.to || minor <= range.to->minor());
  });
}

std::string wrong(const capability& c, std::int64_t minor, const char* why) {
  return c.action.str() + " " + std::to_string(minor) + ": " + why + "\n" +
         to_json(std::vector<capability>{c});
}

// ------------------------------------------------------------------------------ amounts

std::vector<std::int64_t> probes(dice& d, const capability& c) {
  std::vector<std::int64_t> out{1, 2, 499, 500, 501, 2499, 2500, 4999, 5000, 10'000, 15'001};
  for (int i = 0; i < 12; ++i) out.push_back(d.between(1, 20'000));
  for (const auto& range : c.ranges) {
    for (std::int64_t step : {-1, 0, 1}) {
      out.push_back(range.from.minor() + step);
      if (range.to) out.push_back(range.to->minor() + step);
    }
    const auto last = range.to ? range.to->minor() : std::int64_t{1'000'000'000'000};
    out.push_back(d.between(range.from.minor(), last));
    out.push_back(last);
  }
  return out;
}

std::string amounts_agree(const policy& p, dice& d, const request& r, const capability& c) {
  for (auto minor : probes(d, c)) {
    if (minor < 1) continue;
    if (approves(p, r, c, minor) != reported(c, minor)) {
      return wrong(
          c, minor,
          reported(c, minor) ? "reported, and not approved" : "approved, and not reported");
    }
  }
  if (c.allowed == c.ranges.empty()) return wrong(c, 0, "allowed is not what the ranges say");
  if (c.largest.unlimited && c.ranges.back().to) return wrong(c, 0, "unlimited, with an end");
  return {};
}

std::string single_agrees(const policy& p, const request& r, const capability& c) {
  auto asked = with_action(r, c.action, std::nullopt);
  if (c.mode == amount_mode::fixed) asked.action.amount = r.action.amount;
  const auto& fixed = p.impl().actions[*p.impl().find_action(c.action.view())].fixed;
  if (fixed != nullptr) asked.action.amount.reset();
  const auto is = decided(p, asked);
  if ((is.outcome == outcome::approve) != c.allowed) return wrong(c, 0, "decided otherwise");
  return is.amount == c.amount || c.mode == amount_mode::no_amount ? ""
                                                                   : wrong(c, 0, "another amount");
}

TEST(Can, ReportsExactlyWhatIsApproved) {
  for_all([](const policy& p, const sample& s) -> std::string {
    dice d(s.seed);
    const auto r = sometimes_less(d, s.asked);
    for (const auto& c : can(p, r)) {
      auto why = c.mode == amount_mode::any ? amounts_agree(p, d, r, c) : single_agrees(p, r, c);
      if (!why.empty()) return why;
    }
    return {};
  });
}

TEST(Can, TellsWhatStandsInTheWay) {
  for_all([](const policy& p, const sample& s) -> std::string {
    dice d(s.seed);
    const auto r = sometimes_less(d, s.asked);
    for (const auto& c : can(p, r)) {
      const bool open = c.allowed && (c.largest.unlimited || c.mode != amount_mode::any);
      if (open != c.in_the_way.empty()) return wrong(c, 0, "what stands in the way");
      if (!c.beyond) continue;
      const auto is = decided(p, with_action(r, c.action, c.beyond));
      if (is.outcome != c.beyond_outcome) return wrong(c, c.beyond->minor(), "decided otherwise");
      for (const auto& f : c.in_the_way) {
        if (std::ranges::find(is.findings, f) == is.findings.end()) {
          return wrong(c, c.beyond->minor(), "the decision has no such finding");
        }
      }
    }
    return {};
  });
}

TEST(Can, ReachesWithAnApprovalWhatItSays) {
  for_all([](const policy& p, const sample& s) -> std::string {
    dice d(s.seed);
    const auto r = sometimes_less(d, s.asked);
    for (const auto& c : can(p, r)) {
      if (c.approvals.size() != 1 || c.mode != amount_mode::any) continue;
      for (const auto& role : c.approvals.front().any_of) {
        if (role.up_to.none()) continue;
        auto with = r;
        with.signoffs.push_back({.by = "somebody-else", .role = role.role, .at = r.at});
        const auto top =
            role.up_to.unlimited ? std::int64_t{1'000'000'000'000} : role.up_to.amount->minor();
        if (!approves(p, with, c, top)) return wrong(c, top, "not approved with the sign-off");
        if (!role.up_to.unlimited && approves(p, with, c, top + 1)) {
          return wrong(c, top + 1, "approved beyond what the sign-off reaches");
        }
      }
    }
    return {};
  });
}

// ------------------------------------------------------------------------------ explanations

TEST(Explanation, HoldsTheDecisionItself) {
  for_all([](const policy& p, const sample& s) -> std::string {
    dice d(s.seed);
    const auto r = sometimes_less(d, s.asked);
    const auto e = explain(p, r, {.all = true});
    const auto is = p.decide(r);
    if (canonical_core(e.decision) != canonical_core(is) || to_json(e.decision) != to_json(is)) {
      return "another decision: " + canonical_core(e.decision) + "\n" + canonical_core(is);
    }
    if (e.spoken.size() != is.findings.size()) return "a finding is not told";
    if (e.answer.empty()) return "no answer";
    const bool said =
        is.outcome == outcome::approve ? e.answer.starts_with("Yes") : !e.answer.starts_with("Yes");
    if (!said) return "the answer says otherwise: " + e.answer;
    static_cast<void>(to_json(e));
    return {};
  });
}

// What must be true of a condition for its finding to say what it says.
std::optional<bool> when_of(const spoken_part& spoken) {
  for (const auto& one : spoken.readings) {
    if (one.of == "when") return one.tree.truth;
  }
  return true;
}

std::optional<bool> unless_of(const spoken_part& spoken) {
  for (const auto& one : spoken.readings) {
    if (one.of == "unless") return one.tree.truth;
  }
  return false;
}

std::optional<bool> applies_of(const spoken_part& spoken) {
  for (const auto& one : spoken.readings) {
    if (one.of == "applies") return one.tree.truth;
  }
  return true;
}

TEST(Explanation, HasTreesThatSayWhatTheFindingsSay) {
  for_all([](const policy& p, const sample& s) -> std::string {
    dice d(s.seed);
    const auto r = sometimes_less(d, s.asked);
    const auto e = explain(p, r, {.all = true});
    for (const auto& one : e.spoken) {
      const auto& f = e.decision.findings[one.finding];
      const bool fired =
          f.code == reason_code::rule_denies || f.code == reason_code::rule_escalates ||
          f.code == reason_code::second_person || f.code == reason_code::within_authority;
      const bool narrowed = f.part == finding_part::authority;
      const auto applied = narrowed ? true : applies_of(one);
      const bool holds = when_of(one) == true && unless_of(one) == false && applied == true;
      if (fired && !holds) return f.rule.str() + " fired, and its tree says otherwise";
      if (f.code == reason_code::rule_unknown &&
          (holds || when_of(one) == false || applied == false)) {
        return f.rule.str() + " is unknown, and its tree says otherwise";
      }
    }
    for (const auto& one : e.silent) {
      if (one.why != "its condition does not hold" || one.readings.empty()) continue;
      const spoken_part as{0, one.readings};
      if (when_of(as) != false && unless_of(as) != true) {
        return one.rule.str() + " is silent, and its tree says otherwise";
      }
    }
    return {};
  });
}

TEST(Explanation, NamesWhoCanDecide) {
  for_all([](const policy& p, const sample& s) -> std::string {
    dice d(s.seed);
    const auto r = sometimes_less(d, s.asked);
    const auto e = explain(p, r);
    // Nobody signs for somebody who is not known.
    if (r.agent.id.empty()) return {};
    std::size_t approvals = 0;
    for (const auto& n : e.decision.needs) approvals += n.what == need::kind::approval ? 1U : 0U;
    if (e.approvals.size() != approvals) return "an approval that is needed is not told";
    for (std::size_t which = 0; which < e.approvals.size(); ++which) {
      for (const auto& role : e.approvals[which].any_of) {
        auto with = r;
        for (std::size_t i = 0; i < e.approvals.size(); ++i) {
          const auto& as = i == which ? role.role : e.approvals[i].any_of.front().role;
          with.signoffs.push_back(
              {.by = agent_id("other-" + std::to_string(i)), .role = as, .at = r.at});
        }
        const auto is = decided(p, with);
        const bool left = std::ranges::any_of(
            is.needs, [](const need& n) { return n.what == need::kind::approval; });
        if (is.outcome == outcome::deny || left) {
          return role.role.str() + " does not settle it: " + canonical_core(is);
        }
      }
    }
    return {};
  });
}

TEST(Explanation, OffersWhatWouldBeApproved) {
  for_all(
      [](const policy& p, const sample& s) -> std::string {
        const auto e = explain(p, s.asked);
        if (!e.decision.offer || !e.decision.offer->amount) return {};
        const auto is =
            decided(p, with_action(s.asked, s.asked.action.kind, e.decision.offer->amount));
        return is.outcome == outcome::approve ? "" : "the offer is not approved";
      },
      40);
}

TEST(Explanation, OfAnInvalidRequestIsTotal) {
  for_all(
      [](const policy& p, const sample& s) -> std::string {
        dice d(s.seed);
        const auto r = broken(d, s.asked);
        const auto e = explain(p, r, {.all = true});
        if (e.decision.outcome != outcome::deny) return "not denied";
        for (const auto& c : can(p, r)) {
          if (c.mode != amount_mode::any || !c.allowed) continue;
          const auto least = c.ranges.front().from.minor();
          if (!approves(p, r, c, least)) return wrong(c, least, "allowed, and not approved");
        }
        return {};
      },
      40);
}

}  // namespace
}  // namespace leeway::engine_test
