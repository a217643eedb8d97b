// SPDX-License-Identifier: Apache-2.0
#include "reference/judge.hpp"

#include <leeway/base/ratio.hpp>

#include <algorithm>

namespace leeway::reference {

bool is_goodwill(const budget_definition& b) {
  if (b.counts) return *b.counts == budget_counts::goodwill;
  return std::ranges::find(b.actions, action_kind("*")) != b.actions.end();
}

void judge::budgets() {
  for (const auto& b : p_.budgets) {
    if (names_kind(b.source->actions, action_->id)) budget(b);
  }
}

share judge::share_of(const prepared_budget& b) const {
  const auto amount = amount_known();
  if (no_amount() || !is_goodwill(*b.source)) return {.amount = amount};
  const auto& due = owed_.due;
  if (!owed_.speaks && due.known()) return {.amount = amount};
  // Without a proposal of its own the action pays what is due, and no goodwill, whatever that is.
  const bool pays_due = action_->amount == amount_mode::due;
  if (!due.known() && pays_due && !r_.action.amount) return {.counts = false};
  if (!due.known()) return {.sure = false, .amount = {.missing = due.missing}};
  const auto owed = due.result->as_money();
  if (!amount.known()) return {.sure = owed.is_zero(), .amount = amount};
  const auto rest = *checked_sub(amount.result->as_money(), owed);
  const bool more = rest > exact_money(zero());
  return {.counts = more || owed.is_zero(),
          .amount = answer::of(more ? rest : exact_money(zero()))};
}

// What to ask for where what was used is not known.
answer judge::usage_lacking(const rule_id& id, const used& u) const {
  return {.missing = u.missing.empty() ? name_set{"usage." + id.str()} : u.missing};
}

tested judge::test_amount(const prepared_budget& b, const share& s, const used& u) const {
  if (s.amount.known() && s.amount.result->as_money().is_zero()) return {};
  const auto cap = eval(b.amount);
  const auto lacking = usage_lacking(b.source->id, u);
  if (!s.amount.known() || !cap.known()) {
    // All of it is asked for at once.
    tested out{.over = {.missing = s.amount.missing}};
    add_trouble(out.over, cap);
    if (u.unknown || u.at_least) add_trouble(out.over, lacking);
    return out;
  }
  const auto sum = checked_add(exact_money(u.amount.value_or(zero())), s.amount.result->as_money());
  const bool sure = u.amount && !u.at_least;
  tested out{.actual = value(sum.value_or(money(INT64_MAX, zero().cur()))), .bound = cap.result};
  // What is not known can only add, so even a lower bound that is over is certain.
  const bool over = !sum || *sum > cap.result->as_money();
  out.of_usage = !over && !sure;
  out.over = out.of_usage ? lacking : answer::of(over);
  return out;
}

tested judge::test_count(const prepared_budget& b, const used& u) const {
  const auto cap = eval(b.count);
  const auto lacking = usage_lacking(b.source->id, u);
  if (!cap.known()) {
    tested out{.over = cap};
    if (u.unknown || u.at_least) add_trouble(out.over, lacking);
    return out;
  }
  const auto sum = u.count.value_or(0) + 1;
  const bool sure = u.count && !u.at_least;
  tested out{.actual = value(sum), .bound = cap.result};
  const bool over = sum > cap.result->as_int();
  out.of_usage = !over && !sure;
  out.over = out.of_usage ? lacking : answer::of(over);
  return out;
}

// Both caps: over before unknown before within; of equals the one that can be told.
tested judge::test(const prepared_budget& b, const share& s, const used& u) const {
  tested out = b.amount ? test_amount(b, s, u) : test_count(b, u);
  if (b.amount && b.count) {
    auto count = test_count(b, u);
    auto rank = [](const tested& t) { return t.over.is(true) ? 2 : t.over.known() ? 0 : 1; };
    if (rank(out) == 1 && rank(count) == 1) {
      if (!out.bound) std::swap(out, count);
      add_trouble(out.over, count.over);
      out.of_usage = out.of_usage || count.of_usage;
    } else if (rank(count) > rank(out) || (rank(count) == rank(out) && !out.bound)) {
      out = count;
    }
  }
  if (out.over.is(true) && !s.sure) {
    out.over = {.missing = s.amount.missing};
    out.of_usage = false;
  }
  return out;
}

limit judge::limit_of(const prepared_budget& b, const used& u) const {
  limit l{.id = b.source->id, .hard = b.source->beyond_escalate.empty(), .resets = u.resets};
  const bool exact = !u.unknown && !u.at_least;
  if (b.amount) {
    const auto cap = eval(b.amount);
    if (cap.known()) l.amount = cap.result->as_money().round(rounding::floor);
    if (exact) l.used = u.amount;
    if (l.amount && l.used) {
      const auto left = checked_sub(*l.amount, *l.used);
      l.left = left && !left->is_negative() ? *left : zero();
    }
  }
  if (b.count) {
    const auto cap = eval(b.count);
    if (cap.known()) l.count = cap.result->as_int();
    if (exact) l.count_used = u.count;
    if (l.count && l.count_used) {
      l.count_left = std::max<std::int64_t>(0, *l.count - std::min(*l.count, *l.count_used));
    }
  }
  return l;
}

void judge::budget(const prepared_budget& b) {
  const auto& source = *b.source;
  const auto id = source.id.str();
  auto speaks = condition(b.when, nullptr);
  if (b.overlay) speaks = both(applies(*b.overlay), speaks);
  if (speaks.is(false)) return;
  const auto u = used_of({.id = source.id,
                          .kinds = &source.actions,
                          .per = &source.per,
                          .window = source.window,
                          .where = b.where,
                          .goodwill = is_goodwill(source),
                          .wants_amount = source.amount.has_value()});
  limits_.push_back(limit_of(b, u));
  const auto mine = share_of(b);
  if (!mine.counts) return;
  const auto t = test(b, mine, u);

  spoken s{.part = finding_part::budget, .rule = id, .code = reason_code::within_budget};
  if (b.overlay) s.overlay = p_.document->overlays[*b.overlay].id.str();
  if (t.actual) s.actual = t.actual->to_string();
  if (t.bound) s.bound = t.bound->to_string(), s.relation = "up to";
  if (t.over.is(false)) return say(s);

  const auto roles =
      approval({source.beyond_escalate.begin(), source.beyond_escalate.end()}, false, id);
  const bool soft = !source.beyond_escalate.empty();
  const auto found = both(speaks, t.over);
  if (found.is(true)) {
    s.outcome = soft ? outcome::escalate : outcome::deny;
    s.code = soft ? reason_code::over_soft_budget : reason_code::over_budget;
    if (soft) s.needs = {roles};
    return say(s);
  }
  // Where the approval it might ask for is there already, nothing turns on it.
  if (soft && met_plainly(roles)) return;
  s.outcome = outcome::escalate;
  s.code = found.failed                   ? reason_code::condition_error
           : speaks.known() && t.of_usage ? reason_code::usage_unknown
                                          : reason_code::budget_unknown;
  s.missing = found.missing;
  s.needs = facts_wanted(found, id);
  say(s);
}

}  // namespace leeway::reference
