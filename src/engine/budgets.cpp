// SPDX-License-Identifier: Apache-2.0
#include "engine/budgets.hpp"

#include "engine/candidates.hpp"
#include "engine/needs.hpp"
#include "engine/usage.hpp"

#include <leeway/base/checked.hpp>

#include <algorithm>
#include <limits>
#include <utility>

namespace leeway::engine {
namespace {

using policy_detail::compiled_budget;

// How a budget's test comes out.
struct test {
  enum class result : std::uint8_t { within, over, unknown };
  result is{result::within};
  std::optional<value> actual{};  ///< used + proposed
  std::optional<value> bound{};
  std::vector<std::string> missing{};
  std::string error{};
  bool of_usage{};  ///< of unknown: what was used is what is not known
};

test unknown_for(std::vector<std::string> missing, std::string error = {}) {
  return {test::result::unknown, {}, {}, std::move(missing), std::move(error), false};
}

// The proposal as one budget sees it. One that counts goodwill sees that only.
struct share {
  bool counts{true};
  bool sure{true};                     ///< false: it is not known whether it counts
  std::optional<money> amount{};       ///< absent: not known
  std::vector<std::string> missing{};  ///< what an unknown amount or an unsure answer turns on
};

share share_of(const context& c, const compiled_budget& b, const due_state& due) {
  const money nothing(0, c.policy.money_currency);
  if (!c.has_amount) return {true, true, nothing, {}};
  if (!b.goodwill_only || (!due.speaks && due.known)) {
    return {true, true, c.amount, c.amount ? std::vector<std::string>{} : c.amount_needs()};
  }
  // Without a proposal of its own the action pays what is due, and no goodwill, whatever that is.
  const bool pays_due = c.policy.actions[c.action].amount == amount_mode::due;
  if (!due.due && pays_due && !c.proposed) return {.counts = false};
  if (!due.due) return {true, false, std::nullopt, missing_for(due)};
  if (!c.amount) return {true, due.due->is_zero(), std::nullopt, c.amount_needs()};
  auto goodwill = goodwill_of(due, *c.amount);
  return {goodwill > 0 || due.due->is_zero(), true, money(goodwill, nothing.cur()), {}};
}

void lacks_usage(const usage_lookup& used, const rule_id& id, test& out) {
  out.is = test::result::unknown;
  out.of_usage = true;
  out.missing = used.missing.empty() ? std::vector<std::string>{"usage." + id.str()} : used.missing;
}

// What stands in the way of knowing what was used, if anything does.
void add_unknown_usage(const usage_lookup& used, const rule_id& id,
                       std::vector<std::string>& missing) {
  if (used.zero || (used.found != nullptr && !used.found->at_least)) return;
  if (used.missing.empty()) {
    missing.push_back("usage." + id.str());
  } else {
    missing.insert(missing.end(), used.missing.begin(), used.missing.end());
  }
}

test test_amount(const context& c, const compiled_quantity& limit, const share& s,
                 const usage_lookup& used, const rule_id& id) {
  if (s.amount && s.amount->is_zero()) return {};
  auto most = value_of(c, limit);
  if (!s.amount || !most.content) {
    // All of it is asked for at once.
    auto missing = s.amount ? std::vector<std::string>{} : s.missing;
    missing.insert(missing.end(), most.missing.begin(), most.missing.end());
    add_unknown_usage(used, id, missing);
    return unknown_for(std::move(missing), std::move(most.error));
  }
  std::int64_t before = 0;
  bool sure = used.zero;
  if (used.found != nullptr && used.found->amount) {
    before = used.found->amount->minor();
    sure = !used.found->at_least;
  }
  auto after = checked_add(before, s.amount->minor());
  exact_money total{
      money(after.value_or(std::numeric_limits<std::int64_t>::max()), c.policy.money_currency)};
  test out;
  out.actual = value(total);
  out.bound = most.content;
  if (!after || total > most.content->as_money()) {
    out.is = test::result::over;  // certain: what is not known can only add
  } else if (!sure) {
    lacks_usage(used, id, out);
  }
  return out;
}

test test_count(const context& c, const compiled_quantity& limit, const usage_lookup& used,
                const rule_id& id) {
  auto most = value_of(c, limit);
  if (!most.content) {
    add_unknown_usage(used, id, most.missing);
    return unknown_for(std::move(most.missing), std::move(most.error));
  }
  std::int64_t before = 0;
  bool sure = used.zero;
  if (used.found != nullptr && used.found->count) {
    before = *used.found->count;
    sure = !used.found->at_least;
  }
  test out;
  auto after = checked_add(before, std::int64_t{1});
  out.actual = value(after.value_or(before));
  out.bound = most.content;
  if (!after || *after > most.content->as_int()) {
    out.is = test::result::over;
  } else if (!sure) {
    lacks_usage(used, id, out);
  }
  return out;
}

// Over before unknown before within.
test worse(test a, test b) {
  auto rank = [](const test& t) {
    return t.is == test::result::over ? 2 : t.is == test::result::unknown ? 1 : 0;
  };
  if (a.is == test::result::unknown && b.is == test::result::unknown) {
    auto& into = a.bound ? a : b;
    const auto& from = a.bound ? b : a;
    into.missing.insert(into.missing.end(), from.missing.begin(), from.missing.end());
    if (into.error.empty()) into.error = from.error;
    into.of_usage = into.of_usage || from.of_usage;
    return into;
  }
  bool tells_more = rank(b) == rank(a) && !a.bound;
  return rank(b) > rank(a) || tells_more ? std::move(b) : std::move(a);
}

test test_budget(const context& c, const compiled_budget& b, const share& s,
                 const usage_lookup& used) {
  test out;
  if (b.amount) out = test_amount(c, *b.amount, s, used, b.id);
  if (b.count)
    out = b.amount ? worse(std::move(out), test_count(c, *b.count, used, b.id))
                   : test_count(c, *b.count, used, b.id);
  if (out.is == test::result::over && !s.sure) {
    out.is = test::result::unknown;
    out.missing = s.missing;
    out.of_usage = false;
  }
  return out;
}

finding& budget_finding(const compiled_budget& b, reason_code code, leeway::outcome o,
                        const test& t, reusable_vector<finding>& out) {
  finding& f = out.next();
  f.code = code;
  f.outcome = o;
  f.part = finding_part::budget;
  f.rule = b.id;
  f.because = b.origin->origin.because;
  f.source = b.origin->origin.source;
  f.remedy = b.origin->remedy;
  if (b.overlay != nullptr) f.overlay = b.overlay->id;
  f.actual = t.actual;
  f.bound = t.bound;
  if (t.bound) f.relation = "up to";
  return f;
}

void ask_beyond(const context& c, const compiled_budget& b, need& n) {
  for (auto r : b.beyond_escalate) n.any_of.push_back(c.policy.roles[r].id);
  n.rules.push_back(b.id);
  normalise(c.policy, n);
}

bool is_met_beyond(const context& c, const compiled_budget& b, const met_by& met) {
  need n;
  ask_beyond(c, b, n);
  return met(n);
}

void tell_limit(const context& c, const compiled_budget& b, const usage_lookup& used, limit& l) {
  l.id = b.id;
  l.hard = b.beyond_escalate.empty();
  bool exact = used.zero || (used.found != nullptr && !used.found->at_least);
  if (used.found != nullptr) l.resets = used.found->resets;
  if (b.amount) {
    auto most = value_of(c, *b.amount);
    if (most.content) l.amount = most.content->as_money().round(rounding::floor);
    if (used.zero) l.used = money(0, c.policy.money_currency);
    if (used.found != nullptr && exact) l.used = used.found->amount;
    if (l.amount && l.used) {
      auto left = checked_sub(*l.amount, *l.used);
      l.left = left && !left->is_negative() ? *left : money(0, c.policy.money_currency);
    }
  }
  if (b.count) {
    auto most = value_of(c, *b.count);
    if (most.content) l.count = most.content->as_int();
    if (used.zero) l.count_used = 0;
    if (used.found != nullptr && exact) l.count_used = used.found->count;
    if (l.count && l.count_used) {
      l.count_left = std::max<std::int64_t>(0, *l.count - std::min(*l.count, *l.count_used));
    }
  }
}

// A budget that would be exceeded, or might be.
void refuse(const context& c, const compiled_budget& b, const verdict& when, const test& t,
            reusable_vector<finding>& out) {
  bool certain = when.yes() && t.is == test::result::over;
  if (certain && b.beyond_escalate.empty()) {
    budget_finding(b, reason_code::over_budget, outcome::deny, t, out);
    return;
  }
  if (certain) {
    auto& f = budget_finding(b, reason_code::over_soft_budget, outcome::escalate, t, out);
    ask_beyond(c, b, f.needs.next());
    return;
  }
  auto missing = when.missing;
  missing.insert(missing.end(), t.missing.begin(), t.missing.end());
  std::sort(missing.begin(), missing.end());
  missing.erase(std::unique(missing.begin(), missing.end()), missing.end());
  auto error = when.error.empty() ? t.error : when.error;
  auto code = !error.empty()                ? reason_code::condition_error
              : !when.maybe() && t.of_usage ? reason_code::usage_unknown
                                            : reason_code::budget_unknown;
  auto& f = budget_finding(b, code, outcome::escalate, t, out);
  f.missing = missing;
  f.detail = error;
  f.needs = fact_needs(c, missing, b.id);
  if (code == reason_code::usage_unknown && f.remedy.empty()) {
    const bool of_history = std::ranges::find(missing, "usage." + b.id.str()) != missing.end();
    if (of_history && !c.approval_only) f.remedy = history_wanted(c.policy, c.req, {b.id});
  }
}

void mark_budget(const context& c, const compiled_budget& b, const verdict& when, const test& t) {
  c.mark(b.id, when.yes() ? seen_true : seen_unknown);
  c.mark(b.id, t.is == test::result::over     ? seen_over
               : t.is == test::result::within ? seen_within
                                              : seen_unknown);
}

}  // namespace

std::int64_t goodwill_of(const due_state& due, const money& amount) {
  if (!due.due) return amount.minor();
  return amount.minor() - std::min(due.due->minor(), amount.minor());
}

void find_budgets(const context& c, const due_state& due, const met_by& met,
                  reusable_vector<finding>& findings, reusable_vector<limit>& limits) {
  for (const auto* one : c.here().budgets) {
    const auto& b = *one;
    auto when = both(applies(c, b.overlay), truth_of(c, b.when));
    if (when.no()) {
      c.mark(b.id, seen_false);
      continue;
    }
    auto used = find_usage(c, b.id, b.per);
    if (!c.approval_only) tell_limit(c, b, used, limits.next());
    auto s = share_of(c, b, due);
    if (!s.counts) {
      c.mark(b.id, seen_within);
      continue;
    }
    auto t = test_budget(c, b, s, used);
    mark_budget(c, b, when, t);
    if (t.is == test::result::within) {
      budget_finding(b, reason_code::within_budget, outcome::approve, t, findings);
      continue;
    }
    bool certain = when.yes() && t.is == test::result::over;
    if (!certain && !b.beyond_escalate.empty() && is_met_beyond(c, b, met)) continue;
    refuse(c, b, when, t, findings);
  }
}

void budget_candidates(const context& c, const due_state& due, std::vector<std::int64_t>& out) {
  for (const auto* one : c.here().budgets) {
    const auto& b = *one;
    add_code_candidates(c, b.when, out);
    if (!b.amount) continue;
    auto used = find_usage(c, b.id, b.per);
    if (used.found == nullptr && !used.zero) continue;
    std::vector<std::int64_t> left;
    add_remaining_candidates(c, *b.amount,
                             used.found == nullptr ? std::nullopt : used.found->amount, left);
    for (auto l : left) {
      out.push_back(l);
      if (!due.due) continue;
      if (auto with_due = checked_add(l, due.due->minor())) out.push_back(*with_due);
    }
  }
}

}  // namespace leeway::engine
