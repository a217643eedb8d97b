// SPDX-License-Identifier: Apache-2.0
// Whether one grant covers the action, as it stands and as overlays narrow it.
#include "reference/judge.hpp"

#include <algorithm>
#include <string_view>

namespace leeway::reference {
namespace {

using kind = value_kind;

covering falls_short(shortfall by) { return {.truth = answer::of(false), .by = by}; }

covering unsure(name_set missing, bool failed = false) {
  return {.truth = {.missing = std::move(missing), .failed = failed}};
}

covering of(answer truth, shortfall by) {
  if (truth.is(false)) return falls_short(by);
  return {.truth = std::move(truth)};
}

// What is certainly short decides; then what is not known adds up.
covering and_also(covering a, covering b) {
  if (a.truth.is(false)) return a;
  if (b.truth.is(false) || a.truth.is(true)) return b;
  if (b.truth.is(true)) return a;
  add_trouble(a.truth, b.truth);
  if (a.part == nullptr) a.part = b.part;
  return a;
}

bool is_upper(const covering& c) {
  return c.by == shortfall::bound && (c.relation == "under" || c.relation == "up to");
}

const char* sign_of(std::string_view relation) {
  if (relation == "under") return "<";
  if (relation == "up to") return "<=";
  return relation == "over" ? ">" : ">=";
}

// A whole number may also bound a ratio or a double.
value like(const value& bound, const value& quantity) {
  if (!bound.is(kind::integer)) return bound;
  if (quantity.is(kind::ratio)) return value(ratio(bound.as_int()));
  if (quantity.is(kind::number)) return value(static_cast<double>(bound.as_int()));
  return bound;
}

}  // namespace

covering judge::compared(const answer& quantity, const char* relation,
                         const expr_ptr& bound) const {
  if (!bound) return {};
  const auto limit = eval(bound);
  if (!quantity.known() || !limit.known()) {
    covering out = unsure(quantity.missing, quantity.failed);
    add_trouble(out.truth, limit);
    return out;
  }
  if (ordered(sign_of(relation), *quantity.result, like(*limit.result, *quantity.result)))
    return {};
  return {.truth = answer::of(false),
          .by = shortfall::bound,
          .actual = quantity.result,
          .bound = limit.result,
          .relation = relation};
}

covering judge::bounded(const prepared_grant& g, const coverage& c, asked_of who) const {
  if (!c.under && !c.up_to && !c.over && !c.at_least) return {};
  const auto quantity = g.own.of ? eval(g.own.of) : amount_known();
  covering out;
  if (who.upper) {
    out = and_also(compared(quantity, "under", c.under), compared(quantity, "up to", c.up_to));
  }
  out = and_also(std::move(out), compared(quantity, "over", c.over));
  return and_also(std::move(out), compared(quantity, "at least", c.at_least));
}

used judge::used_of(const prepared_grant& g) const {
  return used_of({.id = g.source->id,
                  .kinds = &g.source->actions,
                  .per = &g.source->per,
                  .window = *g.source->window});
}

// The grant's own total: what was used, and the proposal. Where it names neither amount nor count
// its upper bound is the total.
covering judge::totalled(const prepared_grant& g, const coverage& c) const {
  if (!g.source->window) return {};
  expr_ptr amount = c.amount;
  const char* relation = "up to";
  const bool of_bound = !c.amount && !g.own.amount && !g.own.count && !g.own.of;
  if (of_bound) {
    amount = c.under ? c.under : c.up_to;
    relation = c.under ? "under" : "up to";
  }
  if (!amount && !c.count) return {};
  const auto u = used_of(g);
  const name_set lacking = u.missing.empty() ? name_set{"usage." + g.source->id.str()} : u.missing;
  const auto proposed = amount_known();
  if (u.unknown) {
    auto out = unsure(lacking);
    for (const auto& e : {amount, c.count}) {
      if (e) add_trouble(out.truth, eval(e));
    }
    out.truth.failed = false;
    if (amount && !proposed.known()) add_trouble(out.truth, proposed);
    return out;
  }
  covering out;
  if (amount) {
    const auto limit = eval(amount);
    if (!limit.known()) {
      out = unsure(limit.missing, limit.failed);
    } else if (!proposed.known()) {
      out = unsure(proposed.missing);
    } else if (!no_amount()) {
      const auto sum = u.amount ? checked_add(exact_money(*u.amount), proposed.result->as_money())
                                : std::nullopt;
      out = sum ? compared(answer::of(*sum), relation, amount) : unsure(lacking);
    }
  }
  if (c.count) {
    const auto limit = eval(c.count);
    out = and_also(std::move(out), !limit.known() ? unsure(limit.missing, limit.failed)
                                   : u.count ? compared(answer::of(*u.count + 1), "up to", c.count)
                                             : unsure(lacking));
  }
  if (out.truth.is(false)) out.by = shortfall::total;
  // A lower bound may refuse and never allow.
  if (out.truth.is(true) && u.at_least) return unsure(lacking);
  return out;
}

covering judge::covers_itself(const prepared_grant& g, const coverage& c, asked_of who) const {
  auto out = of(answer::of(on_day(c.from, c.until)), shortfall::dates);
  out = and_also(std::move(out), of(condition(c.when, c.unless), shortfall::condition));
  if (who.proposer) {
    const auto found = known_.find("agent.certifications");
    for (const auto& wants : c.certified) {
      const auto has = found == known_.end() || !found->second.known()
                           ? answer::unknown("agent.certifications")
                           : answer::of(*operate("in", value(wants), *found->second.result));
      out = and_also(std::move(out), of(has, shortfall::certification));
    }
  }
  out = and_also(std::move(out), bounded(g, c, who));
  return and_also(std::move(out), totalled(g, c));
}

// What an overlay leaves: everything where it does not apply.
covering judge::narrowed(const prepared_grant& g, const coverage& n, asked_of who) const {
  const auto in_force = applies(n.overlay);
  if (in_force.is(false)) return {};
  auto out = covers_itself(g, n, who);
  if (out.truth.is(true)) return out;
  if (!in_force.known()) {
    if (out.truth.is(false)) out = unsure({});
    add_trouble(out.truth, in_force);
  }
  out.part = &n;
  return out;
}

covering judge::covers(const prepared_grant& g, asked_of who) const {
  auto out = covers_itself(g, g.own, who);
  if (!who.narrowed) return out;
  for (const auto& n : g.narrowed) {
    auto less = narrowed(g, n, who);
    // Of two upper bounds that are both exceeded the lower one is told: below it both hold.
    const bool lower = is_upper(out) && is_upper(less) &&
                       ordered("<", like(*less.bound, *out.actual), like(*out.bound, *out.actual));
    out = lower ? std::move(less) : and_also(std::move(out), std::move(less));
  }
  return out;
}

}  // namespace leeway::reference
