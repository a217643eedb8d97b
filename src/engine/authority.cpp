// SPDX-License-Identifier: Apache-2.0
#include "engine/authority.hpp"

#include "engine/binder.hpp"
#include "engine/candidates.hpp"

#include <leeway/base/checked.hpp>

#include <algorithm>
#include <deque>
#include <map>
#include <utility>

namespace leeway::engine {
namespace {

using policy_detail::compiled_grant;
using truth = verdict::truth;

// How one grant answers, and by what it fell short. The order is by how near it came.
enum class shortfall : std::uint8_t {
  nothing,
  bound,
  total,
  certification,
  dates,
  condition,
  action
};

struct coverage {
  truth is{truth::yes};
  shortfall by{shortfall::nothing};
  std::vector<std::string> missing{};
  std::string error{};
  std::optional<value> actual{};
  std::optional<value> bound{};
  std::string relation{};
  std::string detail{};
};

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

coverage with_both(coverage a, coverage b) {
  if (a.is == truth::no) return a;
  if (b.is == truth::no) return b;
  if (a.is == truth::yes) return b;
  for (auto& m : b.missing) a.missing.push_back(std::move(m));
  if (a.error.empty()) a.error = std::move(b.error);
  return a;
}

coverage check_certified(const context& c, const compiled_grant& g, bool is_proposer) {
  if (!is_proposer || g.certified.empty()) return {};
  auto s = c.policy.env->slot_of("agent.certifications");
  const auto& held = c.facts.at(*s);
  if (held.status != condition::binding::state::known) return unsure({"agent.certifications"});
  for (const auto& wanted : g.certified) {
    const auto& list = held.content->as_list();
    if (std::find(list.begin(), list.end(), value(wanted)) == list.end()) {
      auto out = falls_short(shortfall::certification);
      out.detail = "certification `" + wanted + "` is needed";
      return out;
    }
  }
  return {};
}

// The quantity a grant bounds: the amount, or what `of` says. An action without amount costs zero.
quantity_value bounded_quantity(const context& c, const compiled_grant& g) {
  if (g.of != nullptr) return value_of(c, compiled_quantity{g.of});
  if (!c.has_amount) return {value(money(0, c.policy.money_currency)), {}, {}};
  if (!c.amount) return {std::nullopt, {"action.amount"}, {}};
  return {value(*c.amount), {}, {}};
}

// Numbers as they are meant: a whole number where a ratio or a double is bounded.
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

coverage check_bound(const context& c, const quantity_value& actual,
                     const std::optional<compiled_quantity>& bound, const char* relation,
                     bool (*holds)(std::partial_ordering)) {
  if (!bound) return {};
  auto limit = value_of(c, *bound);
  if (!actual.content || !limit.content) {
    auto missing = actual.missing;
    missing.insert(missing.end(), limit.missing.begin(), limit.missing.end());
    return unsure(std::move(missing), actual.error.empty() ? limit.error : actual.error);
  }
  auto order = compare(*actual.content, *limit.content);
  if (!order) return unsure({"the bound of the grant"}, "the bound has another type");
  if (holds(*order)) return {};
  auto out = falls_short(shortfall::bound);
  out.actual = actual.content;
  out.bound = limit.content;
  out.relation = relation;
  return out;
}

coverage check_upper(const context& c, const compiled_grant& g, const quantity_value& actual) {
  return with_both(check_bound(c, actual, g.under, "under", [](auto o) { return o < 0; }),
                   check_bound(c, actual, g.up_to, "up to", [](auto o) { return o <= 0; }));
}

// `upper` false leaves the upper bounds out: would less of the quantity be covered?
coverage check_bounds(const context& c, const compiled_grant& g, bool upper) {
  if (!g.under && !g.up_to && !g.over && !g.at_least) return {};
  auto actual = bounded_quantity(c, g);
  coverage out;
  if (upper) out = check_upper(c, g, actual);
  out = with_both(std::move(out),
                  check_bound(c, actual, g.over, "over", [](auto o) { return o > 0; }));
  return with_both(std::move(out),
                   check_bound(c, actual, g.at_least, "at least", [](auto o) { return o >= 0; }));
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

coverage exceeded(value actual, value bound, const char* relation) {
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
  if (!c.amount) return unsure({"action.amount"});
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

coverage check_total(const context& c, const compiled_grant& g) {
  if (!g.window) return {};
  auto used = find_usage(c, g.id, g.per);
  if (used.found == nullptr && !used.zero) return unsure(used.missing);
  auto total = total_of(g);
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

coverage covers(const context& c, const compiled_grant& g, bool is_proposer, bool upper = true) {
  if (!g.actions.contains(c.action)) return falls_short(shortfall::action);
  if (!dates_hold(c, g.from, g.until)) return falls_short(shortfall::dates);
  auto v = applies(c, g.when, g.unless);
  if (v.no()) return falls_short(shortfall::condition);
  coverage out;
  if (v.maybe()) out = unsure(v.missing, v.error);
  out = with_both(std::move(out), check_certified(c, g, is_proposer));
  out = with_both(std::move(out), check_bounds(c, g, upper));
  return with_both(std::move(out), check_total(c, g));
}

bool given_to(const compiled_grant& g, const role_set& roles) {
  return std::any_of(g.to.begin(), g.to.end(), [&](index r) { return roles.contains(r); });
}

// The best answer of the grants given to one of `roles`.
struct standing {
  truth is{truth::no};
  const compiled_grant* grant{};  ///< the one that covers, or came nearest
  coverage how{};
};

standing stands(const context& c, const role_set& roles, bool is_proposer) {
  standing best;
  std::vector<std::string> missing;
  for (const auto& g : c.policy.grants) {
    if (!g.actions.contains(c.action) || !given_to(g, roles)) continue;
    auto how = covers(c, g, is_proposer);
    if (how.is == truth::yes) return {truth::yes, &g, std::move(how)};
    if (how.is == truth::maybe) {
      missing.insert(missing.end(), how.missing.begin(), how.missing.end());
      if (best.is != truth::maybe) best = {truth::maybe, &g, std::move(how)};
    } else if (best.is == truth::no && (best.grant == nullptr || how.by < best.how.by)) {
      best = {truth::no, &g, std::move(how)};
    }
  }
  std::sort(missing.begin(), missing.end());
  missing.erase(std::unique(missing.begin(), missing.end()), missing.end());
  if (best.is == truth::maybe) best.how.missing = std::move(missing);
  return best;
}

// Certainly competent, possibly competent or not; substitutions that are not certain only make
// "possibly".
standing competence(const context& c, const role_set& certain, const role_set& possible,
                    const role_table& roles, bool is_proposer) {
  auto sure = stands(c, certain, is_proposer);
  if (sure.is == truth::yes || possible == certain) return sure;
  auto perhaps = stands(c, possible, is_proposer);
  if (perhaps.is == truth::no) return sure;
  if (perhaps.is == truth::yes) {
    perhaps.is = truth::maybe;
    perhaps.how.missing = roles.missing();
  }
  return perhaps;
}

std::map<index, int> distances(const compiled_policy& policy, const std::vector<index>& from) {
  std::map<index, int> steps;
  std::deque<index> queue;
  for (auto r : from) {
    steps.emplace(r, 0);
    queue.push_back(r);
  }
  while (!queue.empty()) {
    auto at = queue.front();
    queue.pop_front();
    for (auto next : policy.roles[at].escalate_to) {
      if (steps.emplace(next, steps[at] + 1).second) queue.push_back(next);
    }
  }
  return steps;
}

// Of the given roles those with the fewest steps; the unreachable ones only when none is reachable.
std::vector<index> nearest(const compiled_policy& policy, const std::vector<index>& from,
                           const std::vector<index>& among) {
  auto steps = distances(policy, from);
  constexpr int unreachable = 1 << 30;
  auto distance = [&](index r) {
    auto found = steps.find(r);
    return found == steps.end() ? unreachable : found->second;
  };
  int best = unreachable;
  for (auto r : among) best = std::min(best, distance(r));
  std::vector<index> out;
  for (auto r : among) {
    if (distance(r) == best) out.push_back(r);
  }
  return out;
}

need approval_by(const context& c, const std::vector<index>& any_of, const rule_id& rule) {
  need n;
  for (auto r : any_of) n.any_of.push_back(c.policy.roles[r].id);
  if (!rule.empty()) n.rules.push_back(rule);
  normalise(c.policy, n);
  return n;
}

void tell(finding& f, const context& c, const standing& s) {
  if (s.grant == nullptr) return;
  f.rule = s.grant->id;
  f.because = s.grant->origin->origin.because;
  f.source = s.grant->origin->origin.source;
  f.actual = s.how.actual;
  f.bound = s.how.bound;
  f.relation = s.how.relation;
  f.detail = s.how.detail;
  if (s.how.by == shortfall::condition) {
    add_atoms(c, s.grant->when, f.atoms);
    add_atoms(c, s.grant->unless, f.atoms);
  }
}

// Whether less would be covered: a smaller amount, or less of another bounded quantity.
struct lesser {
  const compiled_grant* grant{};       ///< that certainly would
  std::vector<std::string> missing{};  ///< without one: what it turns on; empty: certainly not
};

// Less of another bounded quantity: minutes, points ... Of several grants the widest is told.
lesser covers_less_of(const context& c, const role_set& roles, bool is_proposer) {
  lesser out;
  std::optional<value> widest;
  for (const auto& g : c.policy.grants) {
    if (g.of == nullptr || !given_to(g, roles)) continue;
    auto how = covers(c, g, is_proposer);
    bool over = how.is == truth::no && how.by == shortfall::bound &&
                (how.relation == "under" || how.relation == "up to");
    if (!over) continue;
    auto less = covers(c, g, is_proposer, false);
    if (less.is != truth::yes) {
      out.missing.insert(out.missing.end(), less.missing.begin(), less.missing.end());
      continue;
    }
    const auto order = widest ? compare(*how.bound, *widest) : std::nullopt;
    if (out.grant == nullptr || (order && *order > 0)) {
      out.grant = &g;
      widest = how.bound;
    }
  }
  if (out.grant != nullptr) out.missing.clear();
  return out;
}

// The grant with the nearest shortfall is told.
lesser covers_less(const context& c, const role_set& roles, bool is_proposer) {
  auto out = covers_less_of(c, roles, is_proposer);
  if (out.grant != nullptr) return out;
  if (!c.has_amount || !c.amount || c.amount->minor() <= 1) return out;
  std::vector<std::int64_t> amounts{1};
  grant_candidates(c, amounts);
  candidates tries(amounts, 1, c.amount->minor() - 1);
  amount_guard guard(c);
  for (auto minor : tries.descending()) {
    context less = c;
    less.amount = money(minor, c.policy.money_currency);
    less.facts.set(c.policy.amount_slot, value(*less.amount));
    auto s = stands(less, roles, is_proposer);
    if (s.is == truth::yes) return {s.grant, {}};
    out.missing.insert(out.missing.end(), s.how.missing.begin(), s.how.missing.end());
  }
  std::sort(out.missing.begin(), out.missing.end());
  out.missing.erase(std::unique(out.missing.begin(), out.missing.end()), out.missing.end());
  return out;
}

void mark_grants(const context& c) {
  if (c.seen == nullptr) return;
  for (const auto& g : c.policy.grants) {
    if (!g.actions.contains(c.action)) continue;
    auto how = covers(c, g, false);
    c.mark(g.id, how.is == truth::yes  ? seen_true
                 : how.is == truth::no ? seen_false
                                       : seen_unknown);
  }
}

finding base_finding(reason_code code, leeway::outcome o) {
  finding f;
  f.code = code;
  f.outcome = o;
  f.part = finding_part::authority;
  return f;
}

std::vector<index> roles_where(const context& c, const role_table& roles, truth wanted,
                               const role_set& except) {
  std::vector<index> out;
  for (index r = 0; r < c.policy.roles.size(); ++r) {
    if (except.contains(r)) continue;
    auto s = competence(c, roles.certain({r}), roles.possible({r}), roles, false);
    if (s.is == wanted) out.push_back(r);
  }
  return out;
}

const signer* signer_among(const std::vector<signer>& signers, const std::vector<index>& sure) {
  for (const auto& s : signers) {
    bool competent =
        std::any_of(sure.begin(), sure.end(), [&](index r) { return s.roles.contains(r); });
    if (competent) return &s;
  }
  return nullptr;
}

// Somebody else certainly may decide this.
finding escalated(const context& c, const proposer& who, const standing& own,
                  const std::vector<index>& others) {
  auto f = base_finding(reason_code::not_delegated, outcome::escalate);
  tell(f, c, own);
  const auto* less = c.approval_only ? nullptr : covers_less(c, who.certain, true).grant;
  if (less != nullptr) {
    f.code = reason_code::over_limit;
    if (own.grant != less) {
      standing other{truth::no, less, covers(c, *less, true)};
      f.atoms.clear();
      tell(f, c, other);
    }
  }
  f.needs.push_back(approval_by(c, nearest(c.policy, who.held, others), f.rule));
  return f;
}

std::string or_approval(const need& n) {
  std::string out = "or get the approval of ";
  for (std::size_t i = 0; i < n.any_of.size(); ++i) {
    out += (i == 0 ? "`" : " or `") + n.any_of[i].str() + "`";
  }
  return out;
}

// It turns on unknown facts: the proposer's own authority, or, where nobody certainly may decide,
// that of `others`.
finding unknown(const context& c, const role_table& roles, const proposer& who, const standing& own,
                const std::vector<index>& others) {
  auto f = base_finding(reason_code::authority_unknown, outcome::escalate);
  standing told = own;
  if (own.is != truth::maybe) {
    auto near = nearest(c.policy, who.held, others);
    for (auto r : near) {
      auto s = competence(c, roles.certain({r}), roles.possible({r}), roles, false);
      if (told.is != truth::maybe) told = s;
      f.missing.insert(f.missing.end(), s.how.missing.begin(), s.how.missing.end());
      if (!who.possible.contains(r)) continue;
      f.missing.insert(f.missing.end(), roles.missing().begin(), roles.missing().end());
    }
    f.needs.push_back(approval_by(c, near, told.grant != nullptr ? told.grant->id : rule_id{}));
  } else {
    f.missing = own.how.missing;
  }
  tell(f, c, told);
  f.detail = told.how.error;
  if (!told.how.error.empty()) f.code = reason_code::condition_error;
  if (told.grant != nullptr) {
    add_atoms(c, told.grant->when, f.atoms);
    add_atoms(c, told.grant->unless, f.atoms);
  }
  std::sort(f.missing.begin(), f.missing.end());
  f.missing.erase(std::unique(f.missing.begin(), f.missing.end()), f.missing.end());
  for (auto& n : fact_needs(c, f.missing, f.rule)) f.needs.push_back(std::move(n));
  return f;
}

// The roles that are not the proposer's; where one only may be, it is not known.
role_set others_than(const context& c, const role_set& own) {
  role_set out;
  for (index r = 0; r < c.policy.roles.size(); ++r) {
    if (!own.contains(r)) out.insert(r);
  }
  return out;
}

// Whether the proposer or somebody else would cover less. Another holder of the proposer's own role
// might have the certifications that the proposer lacks: that is not asked.
lesser anyone_covers_less(const context& c, const role_table& roles, const proposer& who,
                          bool& of_proposer) {
  auto own = covers_less(c, who.certain, true);
  of_proposer = own.grant != nullptr;
  if (of_proposer) return own;
  auto other = covers_less(c, others_than(c, who.possible), false);
  if (other.grant != nullptr) return other;
  own.missing.insert(own.missing.end(), other.missing.begin(), other.missing.end());
  if (who.possible != who.certain) {
    auto perhaps = covers_less(c, others_than(c, who.certain), false);
    if (perhaps.grant != nullptr) perhaps.missing = roles.missing();
    own.missing.insert(own.missing.end(), perhaps.missing.begin(), perhaps.missing.end());
  }
  std::sort(own.missing.begin(), own.missing.end());
  own.missing.erase(std::unique(own.missing.begin(), own.missing.end()), own.missing.end());
  return own;
}

finding denied(const context& c, const role_table& roles, const proposer& who,
               const standing& own) {
  auto f = base_finding(reason_code::no_authority, outcome::deny);
  // Only for discretion does it matter which denial it is.
  if (c.approval_only && !c.req.discretion) return f;
  bool of_proposer = false;
  auto less = anyone_covers_less(c, roles, who, of_proposer);
  if (less.grant != nullptr) {
    f.code = reason_code::over_limit;
    tell(f, c, {truth::no, less.grant, covers(c, *less.grant, of_proposer)});
  } else {
    tell(f, c, own);
    f.missing = std::move(less.missing);  // with these it might be `over_limit`
  }
  return f;
}

}  // namespace

void name_substitutes(const context& c, const role_table& roles, need& n) {
  std::vector<role_id> named;
  for (const auto& id : n.any_of) {
    auto r = c.policy.find_role(id.view());
    if (!r || roles.substitutes(*r).empty()) {
      named.push_back(id);
      continue;
    }
    for (auto s : roles.substitutes(*r)) named.push_back(c.policy.roles[s].id);
  }
  n.any_of = std::move(named);
  normalise(c.policy, n);
}

role_table::role_table(const context& c) {
  const auto n = c.policy.roles.size();
  certain_.resize(n);
  possible_.resize(n);
  substitutes_.resize(n);
  for (index r = 0; r < n; ++r) certain_[r] = possible_[r] = c.policy.roles[r].includes;
  for (index r = 0; r < n; ++r) {
    for (const auto& s : c.policy.roles[r].substitutes) {
      if (!dates_hold(c, s.from, s.until)) continue;
      auto v = truth_of(c, s.when);
      if (v.no()) continue;
      possible_[s.role].push_back(r);
      if (v.maybe()) {
        missing_.insert(missing_.end(), v.missing.begin(), v.missing.end());
        continue;
      }
      certain_[s.role].push_back(r);
      substitutes_[r].push_back(s.role);
    }
  }
  std::sort(missing_.begin(), missing_.end());
  missing_.erase(std::unique(missing_.begin(), missing_.end()), missing_.end());
}

role_set role_table::close(const std::vector<index>& held, const edges& from) {
  role_set out;
  std::deque<index> queue(held.begin(), held.end());
  while (!queue.empty()) {
    auto at = queue.front();
    queue.pop_front();
    if (!out.insert(at).second) continue;
    queue.insert(queue.end(), from[at].begin(), from[at].end());
  }
  return out;
}

proposer proposer_of(const context& c, const role_table& roles) {
  proposer who;
  auto named = c.req.agent.all_roles();
  who.no_role = named.empty();
  for (const auto& r : named) {
    if (auto known = c.policy.find_role(r.view())) who.held.push_back(*known);
  }
  who.certain = roles.certain(who.held);
  who.possible = roles.possible(who.held);
  return who;
}

finding authority_finding(const context& c, const role_table& roles, const proposer& who,
                          const std::vector<signer>& signers) {
  mark_grants(c);
  auto own = competence(c, who.certain, who.possible, roles, true);
  if (own.is == truth::yes) {
    auto f = base_finding(reason_code::within_authority, outcome::approve);
    tell(f, c, own);
    return f;
  }
  // Neither a sign-off nor discretion could make up for it: whose it is to decide is not asked.
  if (c.approval_only && signers.empty() && !c.req.discretion) {
    return base_finding(reason_code::no_authority, outcome::deny);
  }
  if (who.no_role) {
    auto f = base_finding(reason_code::authority_unknown, outcome::escalate);
    f.missing = {"agent.role"};
    f.needs = fact_needs(c, f.missing, {});
    return f;
  }
  auto sure = roles_where(c, roles, truth::yes, who.possible);
  if (const auto* by = signer_among(signers, sure)) {
    auto f = base_finding(reason_code::approval_given, outcome::approve);
    tell(f, c, stands(c, by->roles, false));
    f.detail = by->by.str();
    return f;
  }
  if (own.is == truth::maybe) {
    auto f = unknown(c, roles, who, own, {});
    // The fact makes it the agent's own to decide, or not; whoever may decide anyway can do so now.
    if (!sure.empty()) {
      auto n = approval_by(c, nearest(c.policy, who.held, sure), f.rule);
      name_substitutes(c, roles, n);
      f.remedy = or_approval(n);
    }
    return f;
  }
  if (!sure.empty()) return escalated(c, who, own, sure);
  // A role that only may be the proposer's own may just as well be somebody else's to ask.
  auto perhaps = roles_where(c, roles, truth::maybe, who.certain);
  for (auto r : roles_where(c, roles, truth::yes, who.certain)) {
    if (who.possible.contains(r)) perhaps.push_back(r);
  }
  if (!perhaps.empty()) return unknown(c, roles, who, own, perhaps);
  return denied(c, roles, who, own);
}

void grant_candidates(const context& c, std::vector<std::int64_t>& out) {
  for (const auto& g : c.policy.grants) {
    if (!g.actions.contains(c.action) || !dates_hold(c, g.from, g.until) ||
        never_applies(c, g.when, g.unless)) {
      continue;
    }
    for (const auto* code : {&g.when, &g.unless}) add_code_candidates(c, *code, out);
    add_code_candidates(c, g.of, out);
    for (const auto* q : {&g.under, &g.up_to, &g.over, &g.at_least}) {
      if (*q) add_quantity_candidates(c, g.of, **q, out);
    }
    if (!g.window) continue;
    auto used = find_usage(c, g.id, g.per);
    if (used.found == nullptr && !used.zero) continue;
    auto total = total_of(g);
    if (!total.amount) continue;
    add_remaining_candidates(c, *total.amount,
                             used.found == nullptr ? std::nullopt : used.found->amount, out);
  }
}

}  // namespace leeway::engine
