// SPDX-License-Identifier: Apache-2.0
#include "engine/grants.hpp"

#include "engine/candidates.hpp"

#include <leeway/base/checked.hpp>

#include <algorithm>
#include <utility>

namespace leeway::engine {
namespace {

using policy_detail::compiled_grant;
using policy_detail::compiled_narrowing;
using truth = verdict::truth;

coverage falls_short(shortfall by) {
  coverage out;
  out.is = truth::no;
  out.by = by;
  return out;
}

coverage unsure(std::vector<std::string> missing, std::string error = {}) {
  coverage out;
  out.is = truth::maybe;
  out.missing = std::move(missing);
  out.error = std::move(error);
  return out;
}

// What one check after the other makes of a coverage: the first that falls short decides; what is
// not known adds up.
void refuse(coverage& out, shortfall by) {
  out.is = truth::no;
  out.by = by;
  out.missing.clear();
  out.error.clear();
}

void doubt(coverage& out, const std::vector<std::string>& missing, const std::string& error = {}) {
  out.is = truth::maybe;
  out.missing.insert(out.missing.end(), missing.begin(), missing.end());
  if (out.error.empty()) out.error = error;
}

coverage with_both(coverage a, coverage b) {
  if (a.is == truth::no) return a;
  if (b.is == truth::no) return b;
  if (a.is == truth::yes) return b;
  for (auto& m : b.missing) a.missing.push_back(std::move(m));
  if (a.error.empty()) a.error = std::move(b.error);
  if (a.narrowing == nullptr) a.narrowing = b.narrowing;
  return a;
}

// Each check adds to `out`, and returns whether it may still cover.

bool check_conditions(const context& c, const code_ptr& when, const code_ptr& unless,
                      coverage& out) {
  if (when == nullptr && unless == nullptr) return true;
  const auto quick = quick_applies(c, when, unless);
  if (quick == condition::truth::yes) return true;
  if (quick == condition::truth::no) {
    refuse(out, shortfall::condition);
    return false;
  }
  const auto v = applies(c, when, unless);
  if (v.no()) {
    refuse(out, shortfall::condition);
    return false;
  }
  if (v.maybe()) doubt(out, v.missing, v.error);
  return true;
}

bool check_certified(const context& c, const compiled_grant& g,
                     const std::vector<std::string>& certified, bool is_proposer, coverage& out) {
  if (!is_proposer || certified.empty()) return true;
  const auto& held = c.facts.at(*g.certifications);
  if (held.status != condition::binding::state::known) {
    doubt(out, {"agent.certifications"});
    return true;
  }
  for (const auto& wanted : certified) {
    const auto& list = held.content->as_list();
    if (std::ranges::find(list, wanted, &value::as_string) != list.end()) continue;
    refuse(out, shortfall::certification);
    out.detail = "certification `" + wanted + "` is needed";
    return false;
  }
  return true;
}

// The quantity a grant bounds: the amount, or what `of` says. An action without amount costs zero.
quantity_value bounded_quantity(const context& c, const compiled_grant& g) {
  if (g.of != nullptr) return value_of(c, compiled_quantity{g.of});
  if (!c.has_amount) return {value(money(0, c.policy.money_currency)), {}, {}};
  if (!c.amount) return {std::nullopt, c.amount_needs(), {}};
  return {value(*c.amount), {}, {}};
}

struct relation {
  std::string_view name;
  bool (*holds)(std::partial_ordering);
};
constexpr relation under{"under", [](std::partial_ordering o) { return o < 0; }};
constexpr relation up_to{"up to", [](std::partial_ordering o) { return o <= 0; }};
constexpr relation over{"over", [](std::partial_ordering o) { return o > 0; }};
constexpr relation at_least{"at least", [](std::partial_ordering o) { return o >= 0; }};

// One bound after the other of one quantity, which is computed once, when it is first needed.
class bounds_check {
 public:
  bounds_check(const context& c, const compiled_grant& g, coverage& out)
      : c_(c), g_(g), out_(out) {}

  bool holds(const std::optional<compiled_quantity>& bound, const relation& how) {
    if (!bound) return true;
    const auto* constant = std::get_if<money>(&bound->content);
    const bool plain = constant != nullptr && g_.of == nullptr && c_.has_amount && c_.amount;
    if (plain && how.holds(*c_.amount <=> *constant)) return true;
    if (!actual_) actual_ = bounded_quantity(c_, g_);
    const auto limit = value_of(c_, *bound);
    if (!actual_->content || !limit.content) {
      doubt(out_, actual_->missing, actual_->error);
      doubt(out_, limit.missing, limit.error);
      return true;
    }
    const auto order = compare(*actual_->content, *limit.content);
    if (!order) {
      doubt(out_, {"the bound of the grant"}, "the bound has another type");
      return true;
    }
    if (how.holds(*order)) return true;
    refuse(out_, shortfall::bound);
    out_.actual = actual_->content;
    out_.bound = limit.content;
    out_.relation = how.name;
    return false;
  }

 private:
  const context& c_;
  const compiled_grant& g_;
  coverage& out_;
  std::optional<quantity_value> actual_{};
};

// The bounds of a grant, or of its narrowing. `upper` false leaves the upper bounds out: would less
// of the quantity be covered?
template <class Bounded>
bool check_bounds(const context& c, const compiled_grant& g, const Bounded& b, bool upper,
                  coverage& out) {
  bounds_check check(c, g, out);
  return (!upper || (check.holds(b.under, under) && check.holds(b.up_to, up_to))) &&
         check.holds(b.over, over) && check.holds(b.at_least, at_least);
}

struct own_total {
  std::optional<compiled_quantity> amount{};
  bool strict{};
  std::optional<compiled_quantity> count{};
};

// Where a grant with a window names neither amount nor count, its upper bound bounds the total.
own_total total_of(const compiled_grant& g) {
  if (g.amount || g.count || g.of != nullptr) return {g.amount, false, g.count};
  if (g.under) return {g.under, true, {}};
  return {g.up_to, false, {}};
}

// What a narrowing leaves of that total: what it names, else, where the grant's upper bound is its
// total, the narrowing's. Nothing: the narrowing leaves the total alone.
own_total total_of(const compiled_grant& g, const compiled_narrowing& n) {
  if (n.amount || g.amount || g.count || g.of != nullptr) return {n.amount, false, n.count};
  if (n.under) return {n.under, true, n.count};
  return {n.up_to, false, n.count};
}

coverage exceeded(value actual, value bound, std::string_view relation) {
  auto out = falls_short(shortfall::total);
  out.actual = std::move(actual);
  out.bound = std::move(bound);
  out.relation = relation;
  out.detail = "in total";
  return out;
}

coverage check_total_amount(const context& c, const own_total& total, const usage_lookup& used) {
  auto limit = value_of(c, *total.amount);
  if (!limit.content || !limit.content->is(value_kind::money)) {
    return unsure(limit.missing, limit.error);
  }
  if (!c.has_amount) return {};
  if (!c.amount) return unsure(c.amount_needs());
  std::int64_t before = 0;
  if (used.found != nullptr) {
    if (!used.found->amount) return unsure({"usage"});
    before = used.found->amount->minor();
  }
  auto sum = checked_add(before, c.amount->minor());
  if (!sum) return exceeded(value(*c.amount), *limit.content, total.strict ? "under" : "up to");
  exact_money after{money(*sum, c.policy.money_currency)};
  const auto& bound = limit.content->as_money();
  if (total.strict ? after < bound : after <= bound) return {};
  return exceeded(value(after), *limit.content, total.strict ? "under" : "up to");
}

coverage check_total_count(const context& c, const compiled_quantity& count,
                           const usage_lookup& used) {
  auto limit = value_of(c, count);
  if (!limit.content || !limit.content->is(value_kind::integer)) {
    return unsure(limit.missing, limit.error);
  }
  std::int64_t before = 0;
  if (used.found != nullptr) {
    if (!used.found->count) return unsure({"usage"});
    before = *used.found->count;
  }
  if (before < limit.content->as_int()) return {};
  return exceeded(value(before + 1), *limit.content, "up to");
}

// What was used is not known; what the total and the amount turn on is asked for along with it.
coverage unknown_total(const context& c, const own_total& total, const usage_lookup& used) {
  auto out = unsure(used.missing);
  for (const auto* q : {&total.amount, &total.count}) {
    if (!*q) continue;
    const auto limit = value_of(c, **q);
    out.missing.insert(out.missing.end(), limit.missing.begin(), limit.missing.end());
  }
  const bool open = total.amount && c.has_amount && !c.amount;
  if (open) out.missing.insert(out.missing.end(), c.amount_needs().begin(), c.amount_needs().end());
  return out;
}

coverage check_total(const context& c, const compiled_grant& g, const own_total& total) {
  if (!g.window || (!total.amount && !total.count)) return {};
  auto used = find_usage(c, g.id, g.per);
  if (used.found == nullptr && !used.zero) return unknown_total(c, total, used);
  coverage out;
  if (total.amount) out = check_total_amount(c, total, used);
  if (total.count) out = with_both(std::move(out), check_total_count(c, *total.count, used));
  for (auto& m : out.missing) {
    if (m == "usage") m = "usage." + g.id.str();
  }
  // What is known is a lower bound: enough to refuse, not to allow.
  if (out.is == truth::yes && used.found != nullptr && used.found->at_least) {
    return unsure({"usage." + g.id.str()});
  }
  return out;
}

}  // namespace

std::optional<std::partial_ordering> compare(const value& a, const value& b) {
  if (a.is(value_kind::money) && b.is(value_kind::money)) return a.as_money() <=> b.as_money();
  if (a.is(value_kind::integer) && b.is(value_kind::integer)) return a.as_int() <=> b.as_int();
  if (a.is(value_kind::number) && b.is(value_kind::integer)) {
    return a.as_double() <=> static_cast<double>(b.as_int());
  }
  if (a.is(value_kind::number) && b.is(value_kind::number)) return a.as_double() <=> b.as_double();
  if (a.is(value_kind::ratio) && b.is(value_kind::integer))
    return a.as_ratio() <=> ratio(b.as_int());
  if (a.is(value_kind::ratio) && b.is(value_kind::ratio)) return a.as_ratio() <=> b.as_ratio();
  if (a.is(value_kind::duration) && b.is(value_kind::duration)) {
    return a.as_duration() <=> b.as_duration();
  }
  if (a.is(value_kind::date) && b.is(value_kind::date)) return a.as_date() <=> b.as_date();
  if (a.is(value_kind::timestamp) && b.is(value_kind::timestamp)) {
    return a.as_timestamp() <=> b.as_timestamp();
  }
  return std::nullopt;
}

coverage allows(const context& c, const compiled_grant& g, const compiled_narrowing& n,
                bool is_proposer, bool upper) {
  if (!dates_hold(c, n.from, n.until)) return falls_short(shortfall::dates);
  coverage out;
  const bool may = check_conditions(c, n.when, n.unless, out) &&
                   check_certified(c, g, n.certified, is_proposer, out) &&
                   check_bounds(c, g, n, upper, out);
  if (!may || !g.window) return out;
  return with_both(std::move(out), check_total(c, g, total_of(g, n)));
}

coverage narrowed_by(const context& c, const compiled_grant& g, const compiled_narrowing& n,
                     bool is_proposer, bool upper) {
  const verdict in_force = applies(c, n.overlay);
  if (in_force.no()) return {};
  coverage out = allows(c, g, n, is_proposer, upper);
  if (out.is == truth::yes) return out;
  if (in_force.maybe()) {
    if (out.is == truth::no) out = unsure({});
    out.missing.insert(out.missing.end(), in_force.missing.begin(), in_force.missing.end());
    if (out.error.empty()) out.error = in_force.error;
  }
  out.narrowing = &n;
  return out;
}

namespace {

coverage covers_itself(const context& c, const compiled_grant& g, bool is_proposer, bool upper) {
  coverage out;
  if (!g.actions.contains(c.action)) {
    refuse(out, shortfall::action);
  } else if (!dates_hold(c, g.from, g.until)) {
    refuse(out, shortfall::dates);
  } else if (check_conditions(c, g.when, g.unless, out) &&
             check_certified(c, g, g.certified, is_proposer, out) &&
             check_bounds(c, g, g, upper, out) && g.window) {
    return with_both(std::move(out), check_total(c, g, total_of(g)));
  }
  return out;
}

bool is_upper(const coverage& a) {
  return a.is == truth::no && a.by == shortfall::bound &&
         (a.relation == "under" || a.relation == "up to");
}

// Of two upper bounds that are both exceeded the lower one is told: below it both hold.
bool tells_more(const coverage& a, const coverage& than) {
  if (!is_upper(a) || !is_upper(than)) return false;
  const auto order = compare(*a.bound, *than.bound);
  return order && *order < 0;
}

}  // namespace

coverage covers(const context& c, const compiled_grant& g, bool is_proposer, bool upper) {
  coverage out = covers_itself(c, g, is_proposer, upper);
  if (!c.narrowed || out.by == shortfall::action) return out;
  for (const auto& n : g.narrowings) {
    coverage less = narrowed_by(c, g, n, is_proposer, upper);
    if (tells_more(less, out)) {
      out = std::move(less);
      continue;
    }
    out = with_both(std::move(out), std::move(less));
  }
  return out;
}

namespace {

// Whether a bound holds; nullopt: it takes a closer look.
std::optional<bool> bound_holds(const context& c, const compiled_grant& g,
                                const std::optional<compiled_quantity>& bound,
                                const relation& how) {
  if (!bound) return true;
  if (g.of == nullptr) {
    const auto* most = std::get_if<money>(&bound->content);
    if (most == nullptr || !c.has_amount || !c.amount) return std::nullopt;
    return how.holds(*c.amount <=> *most);
  }
  const auto* most = std::get_if<std::int64_t>(&bound->content);
  if (most == nullptr || !g.of->result_type().is(value_kind::integer)) return std::nullopt;
  value made(false);
  const auto* actual = condition::quick_value(*g.of, *c.policy.env, c.facts, made);
  if (actual == nullptr) return std::nullopt;
  return how.holds(actual->as_int() <=> *most);
}

}  // namespace

std::optional<glance> glance_at(const context& c, const compiled_grant& g, bool is_proposer) {
  const bool plain = g.narrowings.empty() && !g.window && !g.from && !g.until &&
                     !(is_proposer && !g.certified.empty());
  if (!plain) return std::nullopt;
  switch (quick_applies(c, g.when, g.unless)) {
    case condition::truth::no: return glance{false, shortfall::condition};
    case condition::truth::unknown: return std::nullopt;
    case condition::truth::yes: break;
  }
  const std::pair<const std::optional<compiled_quantity>&, const relation&> bounds[] = {
      {g.under, under}, {g.up_to, up_to}, {g.over, over}, {g.at_least, at_least}};
  for (const auto& [bound, how] : bounds) {
    const auto holds = bound_holds(c, g, bound, how);
    if (!holds) return std::nullopt;
    if (!*holds) return glance{false, shortfall::bound};
  }
  return glance{true, shortfall::nothing};
}

void grant_candidates(const context& c, const compiled_grant& g, std::vector<std::int64_t>& out) {
  if (!g.actions.contains(c.action) || !dates_hold(c, g.from, g.until) ||
      never_applies(c, g.when, g.unless)) {
    return;
  }
  for (const auto* code : {&g.when, &g.unless}) add_code_candidates(c, *code, out);
  add_code_candidates(c, g.of, out);
  for (const auto* q : {&g.under, &g.up_to, &g.over, &g.at_least}) {
    if (*q) add_quantity_candidates(c, g.of, **q, out);
  }
  for (const auto& n : g.narrowings) {
    for (const auto* code : {&n.when, &n.unless}) add_code_candidates(c, *code, out);
    for (const auto* q : {&n.under, &n.up_to, &n.over, &n.at_least}) {
      if (*q) add_quantity_candidates(c, g.of, **q, out);
    }
  }
  if (!g.window) return;
  auto used = find_usage(c, g.id, g.per);
  if (used.found == nullptr && !used.zero) return;
  const auto spent = used.found == nullptr ? std::nullopt : used.found->amount;
  const auto total = total_of(g).amount;
  if (total) add_remaining_candidates(c, *total, spent, out);
  for (const auto& n : g.narrowings) {
    const auto left = total_of(g, n).amount;
    if (left) add_remaining_candidates(c, *left, spent, out);
  }
}

void grant_candidates(const context& c, std::vector<std::int64_t>& out) {
  for (const auto* g : c.here().grants) grant_candidates(c, *g, out);
}

}  // namespace leeway::engine
