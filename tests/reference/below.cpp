// SPDX-License-Identifier: Apache-2.0
// Whether less would be covered: by trying every amount next to which something changes.
#include "reference/judge.hpp"
#include "reference/thresholds.hpp"

#include <leeway/base/ratio.hpp>

#include <algorithm>

namespace leeway::reference {
namespace {

void add_near(const answer& bound, std::int64_t less, std::set<std::int64_t>& out) {
  if (!bound.known() || !bound.result->is(value_kind::money)) return;
  const auto& amount = bound.result->as_money();
  const auto near = amount.num() / amount.den() - less;
  for (std::int64_t i = -2; i <= 2; ++i) out.insert(near + i);
}

// Where a linear quantity meets its bound, for which the sides of a comparison are looked at.
expr_ptr comparison(const expr_ptr& quantity, const expr_ptr& bound) {
  return std::make_shared<const expr>(
      expr{.what = form::operation, .text = "<=", .args = {quantity, bound}});
}

}  // namespace

// Less of another bounded quantity: minutes, points ... Of several grants the widest is told.
standing judge::less_of_another(const std::set<role_id>& roles, bool proposer) const {
  standing out;
  name_set missing;
  std::optional<value> widest;
  for (const auto& g : p_.grants) {
    if (!g.own.of || !given_to(g, roles)) continue;
    const auto how = covers(g, {.proposer = proposer});
    const bool over = how.truth.is(false) && how.by == shortfall::bound &&
                      (how.relation == "under" || how.relation == "up to");
    if (!over) continue;
    const auto lower = covers(g, {.proposer = proposer, .upper = false});
    if (!lower.truth.is(true)) {
      missing.insert(lower.truth.missing.begin(), lower.truth.missing.end());
      continue;
    }
    const bool wider =
        widest && widest->kind() == how.bound->kind() && ordered(">", *how.bound, *widest);
    if (out.grant != nullptr && !wider) continue;
    out.grant = &g;
    widest = how.bound;
  }
  if (out.grant == nullptr) out.how.truth.missing = missing;
  return out;
}

// The largest amount less than proposed that one grant covers.
std::optional<std::int64_t> judge::most_covered(const prepared_grant& g, bool proposer,
                                                name_set& missing) {
  std::set<std::int64_t> tries{1, amount_->minor() - 1};
  std::vector<const coverage*> parts{&g.own};
  for (const auto& n : g.narrowed) parts.push_back(&n);
  std::int64_t before = 0;
  if (g.source->window) {
    if (const auto u = used_of(g); u.amount) before = u.amount->minor();
  }
  for (const auto* part : parts) {
    for (const auto& e : {part->when, part->unless, part->of}) {
      add_thresholds(e, p_.names, known_, tries);
    }
    for (const auto& e : {part->under, part->up_to, part->over, part->at_least, part->amount}) {
      if (!e) continue;
      add_near(eval(e), 0, tries);
      add_near(eval(e), before, tries);
      if (g.own.of) add_thresholds(comparison(g.own.of, e), p_.names, known_, tries);
    }
  }
  const auto proposed = known_.at("action.amount");
  std::optional<std::int64_t> found;
  for (const auto minor : tries) {
    if (minor < 1 || minor >= amount_->minor()) continue;
    set_amount(answer::of(money(minor, zero().cur())));
    const auto how = covers(g, {.proposer = proposer});
    if (how.truth.is(true)) found = minor;
    missing.insert(how.truth.missing.begin(), how.truth.missing.end());
  }
  set_amount(proposed);
  return found;
}

// The grant that covers most is told; without one, what it turns on.
standing judge::less(const std::set<role_id>& roles, bool proposer) {
  auto out = less_of_another(roles, proposer);
  if (out.grant != nullptr || !amount_ || no_amount() || amount_->minor() <= 1) return out;
  std::int64_t most = 0;
  name_set missing = out.how.truth.missing;
  for (const auto& g : p_.grants) {
    if (!given_to(g, roles)) continue;
    const auto covered = most_covered(g, proposer, missing);
    if (!covered || *covered <= most) continue;
    most = *covered;
    out.grant = &g;
  }
  out.how.truth.missing = out.grant != nullptr ? name_set{} : missing;
  return out;
}

// Of the proposer, or of somebody else. Another holder of the proposer's own role might have the
// certifications that the proposer lacks: that is not asked.
standing judge::less_for_anyone(bool& of_proposer) {
  const auto mine = held(own_, false);
  const auto perhaps_mine = held(own_, true);
  auto others = [&](const std::set<role_id>& than) {
    std::set<role_id> out;
    for (const auto& role : p_.document->roles) {
      if (!than.contains(role.id)) out.insert(role.id);
    }
    return out;
  };
  auto own = less(mine, true);
  of_proposer = own.grant != nullptr;
  if (of_proposer) return own;
  auto other = less(others(perhaps_mine), false);
  if (other.grant != nullptr) return other;
  own.how.truth.missing.merge(other.how.truth.missing);
  if (perhaps_mine != mine) {
    const auto perhaps = less(others(mine), false);
    auto missing = perhaps.grant != nullptr ? unsure_substitutes() : perhaps.how.truth.missing;
    own.how.truth.missing.merge(missing);
  }
  return own;
}

}  // namespace leeway::reference
