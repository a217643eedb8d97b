// SPDX-License-Identifier: Apache-2.0
#include "reference/judge.hpp"

#include <leeway/base/ratio.hpp>

#include <algorithm>

namespace leeway::reference {
namespace {

covering and_also(covering a, covering b) {
  if (a.truth.is(false)) return a;
  if (b.truth.is(false) || a.truth.is(true)) return b;
  if (!b.truth.known()) add_trouble(a.truth, b.truth);
  return a;
}

}  // namespace

bool judge::liftable(const spoken& s) const {
  if (s.part == finding_part::authority) {
    return s.code == reason_code::over_limit || s.code == reason_code::not_delegated;
  }
  if (s.code != reason_code::rule_denies && s.code != reason_code::rule_escalates) return false;
  return std::ranges::any_of(p_.rules, [&](const auto& r) {
    return r.source->id.str() == s.rule && r.source->discretion;
  });
}

// At most a limit. What is not `sure` is a lower bound: it may refuse, and never allow.
covering judge::within_limit(const answer& sum, bool sure, const expr_ptr& limit,
                             const name_set& lacking) const {
  const auto cap = eval(limit);
  if (!cap.known()) return {.truth = {.missing = cap.missing}};
  if (!sum.known()) return {.truth = {.missing = sum.missing}};
  if (ordered(">", *sum.result, *cap.result)) {
    return {
        .truth = answer::of(false), .actual = sum.result, .bound = cap.result, .relation = "up to"};
  }
  if (!sure) return {.truth = {.missing = lacking}};
  return {};
}

covering judge::reaches(const prepared_discretion& d) const {
  const auto when = condition(d.when, nullptr);
  covering out{.truth = {.result = when.result, .missing = when.missing}};
  const auto amount = amount_known();
  out = and_also(std::move(out), within_limit(amount, true, d.up_to, {}));
  const auto& source = *d.source;
  const auto u = used_of({.id = source.id,
                          .kinds = &source.actions,
                          .per = &source.per,
                          .window = source.window,
                          .discretion = true});
  if (!u.missing.empty()) return and_also(std::move(out), {.truth = {.missing = u.missing}});
  const name_set lacking{"usage." + source.id.str()};
  covering fund;
  if (d.amount) {
    answer sum = amount;
    if (amount.known()) {
      const auto total =
          checked_add(exact_money(u.amount.value_or(zero())), amount.result->as_money());
      sum = answer::of(total.value_or(exact_money(money(INT64_MAX, zero().cur()))));
    }
    fund = within_limit(sum, u.amount && !u.at_least, d.amount, lacking);
  }
  if (d.count) {
    auto acts =
        within_limit(answer::of(u.count.value_or(0) + 1), u.count && !u.at_least, d.count, lacking);
    if (acts.truth.is(false)) acts.actual = value(u.count.value_or(0));
    fund = and_also(std::move(fund), std::move(acts));
  }
  return and_also(std::move(out), std::move(fund));
}

void judge::discretion() {
  if (!r_.discretion) return;
  spoken s{.part = finding_part::discretion, .code = reason_code::justification_missing};
  if (r_.note.find_first_not_of(" \t\r\n\v\f") == std::string::npos) return say(s);
  const auto mine = held(own_, false);
  const auto perhaps_mine = held(own_, true);
  std::vector<spoken> exceeded;
  answer reach = answer::of(false);
  std::string entry;
  for (const auto& d : p_.discretion) {
    if (!names_kind(d.source->actions, action_->id)) continue;
    auto any_of = [&](const auto& all) {
      return std::ranges::any_of(d.source->to, [&](const auto& r) { return all.contains(r); });
    };
    covering given;
    if (!any_of(mine)) {
      given.truth = answer::of(false);
      if (any_of(perhaps_mine)) given.truth = {.missing = unsure_substitutes()};
      if (r_.agent.all_roles().empty()) given.truth = answer::unknown("agent.role");
    }
    if (given.truth.is(false)) continue;
    const auto found = and_also(std::move(given), reaches(d));
    if (found.truth.is(true)) {
      reach = found.truth;
      entry = d.source->id.str();
      break;
    }
    if (!found.truth.known()) {
      if (reach.known()) reach = {};
      reach.missing.insert(found.truth.missing.begin(), found.truth.missing.end());
      entry = d.source->id.str();
      continue;
    }
    exceeded.push_back({.part = finding_part::discretion,
                        .rule = d.source->id.str(),
                        .code = reason_code::discretion_exceeded,
                        .actual = found.actual ? found.actual->to_string() : "",
                        .bound = found.bound ? found.bound->to_string() : "",
                        .relation = found.relation});
  }
  s.rule = entry;
  if (reach.is(true)) {
    for (auto& one : out_) {
      if (one.outcome == outcome::approve) continue;
      if (liftable(one)) {
        one.lifted = true;
        one.outcome = outcome::approve;
        one.needs.clear();
        lifted_by_ = entry;
      } else if (one.code == reason_code::no_authority && !one.missing.empty()) {
        // With what is missing it might be `over_limit`, which could be lifted.
        one.outcome = outcome::escalate;
        one.needs = facts_wanted({.missing = one.missing}, entry);
      }
    }
    s.code = reason_code::lifted_by_discretion;
    if (!lifted_by_.empty()) say(s);
    return;
  }
  if (!reach.known()) {
    for (auto& one : out_) {
      const bool perhaps = one.code == reason_code::no_authority && !one.missing.empty();
      if (one.outcome != outcome::deny || (!liftable(one) && !perhaps)) continue;
      one.outcome = outcome::escalate;
      one.missing.insert(reach.missing.begin(), reach.missing.end());
      one.needs = facts_wanted({.missing = one.missing}, entry);
    }
    s.code = reason_code::discretion_unknown;
    s.missing = reach.missing;
    say(s);
  }
  for (const auto& one : exceeded) say(one);
}

}  // namespace leeway::reference
