// SPDX-License-Identifier: Apache-2.0
#include "engine/discretion.hpp"

#include "base/utf8.hpp"
#include "engine/candidates.hpp"

#include <leeway/base/checked.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace leeway::engine {
namespace {

using policy_detail::compiled_discretion;
using reach = discretion_state::reach;

struct answer {
  reach is{reach::yes};
  std::vector<std::string> missing{};
  std::optional<value> actual{};
  std::optional<value> bound{};
  std::string detail{};
};

answer unsure(std::vector<std::string> missing) {
  return {reach::maybe, std::move(missing), {}, {}, {}};
}

answer combine(answer a, answer b) {
  if (a.is == reach::no) return a;
  if (b.is == reach::no || a.is == reach::yes) return b;
  a.missing.insert(a.missing.end(), b.missing.begin(), b.missing.end());
  return a;
}

// At most `limit`; `sure` false: `before` is a lower bound or nothing at all.
answer within(const context& c, const compiled_quantity& limit, const money& before, bool sure,
              const std::string& id, std::string what) {
  auto most = value_of(c, limit);
  if (!most.content || !most.content->is(value_kind::money)) return unsure(most.missing);
  if (c.has_amount && !c.amount) return unsure(c.amount_needs());
  auto proposed = c.has_amount ? c.amount->minor() : 0;
  auto after = checked_add(before.minor(), proposed);
  if (!after || exact_money(money(*after, before.cur())) > most.content->as_money()) {
    answer out{reach::no, {}, {}, most.content, std::move(what)};
    if (after) out.actual = value(money(*after, before.cur()));
    return out;
  }
  return sure ? answer{} : unsure({"usage." + id});
}

answer within_count(const context& c, const compiled_quantity& limit, std::int64_t before,
                    bool sure, const std::string& id) {
  auto most = value_of(c, limit);
  if (!most.content || !most.content->is(value_kind::integer)) return unsure(most.missing);
  if (before >= most.content->as_int()) {
    return {reach::no, {}, value(before), most.content, "the number of acts"};
  }
  return sure ? answer{} : unsure({"usage." + id});
}

answer fund(const context& c, const compiled_discretion& d) {
  auto used = find_usage(c, d.id, d.per);
  if (used.found == nullptr && !used.zero && !used.missing.empty() &&
      used.missing.front() != "usage." + d.id.str()) {
    return unsure(used.missing);
  }
  bool exact = used.zero || (used.found != nullptr && !used.found->at_least);
  money before(0, c.policy.money_currency);
  bool amount_known = used.zero;
  std::int64_t count = 0;
  bool count_known = used.zero;
  if (used.found != nullptr) {
    amount_known = used.found->amount.has_value();
    before = used.found->amount.value_or(before);
    count_known = used.found->count.has_value();
    count = used.found->count.value_or(0);
  }
  answer out;
  if (d.amount) out = within(c, *d.amount, before, exact && amount_known, d.id.str(), "the fund");
  if (d.count) {
    out =
        combine(std::move(out), within_count(c, *d.count, count, exact && count_known, d.id.str()));
  }
  return out;
}

answer reaches(const context& c, const compiled_discretion& d) {
  auto when = truth_of(c, d.when);
  if (when.no()) return {reach::no, {}, {}, {}, "its condition"};
  answer out = when.maybe() ? unsure(when.missing) : answer{};
  out = combine(std::move(out),
                within(c, d.up_to, money(0, c.policy.money_currency), true, d.id.str(), "one act"));
  return combine(std::move(out), fund(c, d));
}

// Spaces, controls and what has no width: nobody could read a justification made of them.
bool shows_nothing(char32_t c) {
  constexpr std::pair<char32_t, char32_t> ranges[] = {
      {0x00, 0x20},     {0x7F, 0xA0},     {0xAD, 0xAD},     {0x115F, 0x1160}, {0x1680, 0x1680},
      {0x180E, 0x180E}, {0x2000, 0x200F}, {0x2028, 0x202F}, {0x205F, 0x206F}, {0x2800, 0x2800},
      {0x3000, 0x3000}, {0x3164, 0x3164}, {0xFE00, 0xFE0F}, {0xFEFF, 0xFEFF}, {0xFFA0, 0xFFA0}};
  return std::ranges::any_of(ranges, [c](const auto& r) { return r.first <= c && c <= r.second; });
}

}  // namespace

bool is_blank(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto one = utf8::decode(text, i);
    if (one.length != 0 && !shows_nothing(one.value)) return false;
    i += std::max<std::size_t>(one.length, 1);
  }
  return true;
}

namespace {

finding discretion_finding(reason_code code, const compiled_discretion* d) {
  finding f;
  f.code = code;
  f.part = finding_part::discretion;
  if (d != nullptr) {
    f.rule = d->id;
    f.because = d->origin->origin.because;
    f.source = d->origin->origin.source;
  }
  return f;
}

// Where a smaller amount might be covered, what is told as `no_authority` might be `over_limit`.
bool perhaps_liftable(const finding& f) {
  return f.code == reason_code::no_authority && !f.missing.empty();
}

bool liftable(const context& c, const finding& f) {
  if (f.part == finding_part::authority) {
    return f.code == reason_code::over_limit || f.code == reason_code::not_delegated;
  }
  if (f.code != reason_code::rule_denies && f.code != reason_code::rule_escalates) return false;
  const auto* rule = c.policy.find_rule(f.rule);
  return rule != nullptr && rule->origin->discretion;
}

// Whether the proposer has one of the roles an entry is for.
answer is_given_to(const proposer& who, const role_table& roles, const compiled_discretion& d) {
  auto in = [&](const role_set& held) { return held.has_any_of(d.to); };
  if (in(who.certain)) return {};
  if (who.no_role) return unsure({"agent.role"});
  if (in(who.possible)) return unsure(roles.missing());
  return {reach::no, {}, {}, {}, {}};
}

}  // namespace

discretion_state find_discretion(const context& c, const role_table& roles, const proposer& who) {
  discretion_state state;
  if (!c.req.discretion) return state;
  state.is = reach::no;
  if (is_blank(c.req.note)) {
    state.findings.push_back(discretion_finding(reason_code::justification_missing, nullptr));
    state.findings.back().remedy = "say why in `note`";
    return state;
  }
  for (const auto* one : c.here().discretion) {
    const auto& d = *one;
    auto a = is_given_to(who, roles, d);
    if (a.is == reach::no) continue;
    a = combine(std::move(a), reaches(c, d));
    c.mark(d.id, a.is == reach::yes ? seen_true : a.is == reach::no ? seen_false : seen_unknown);
    if (a.is == reach::yes) {
      state.findings.clear();
      state.missing.clear();
      state.is = reach::yes;
      state.rule = d.id;
      return state;
    }
    if (a.is == reach::maybe) {
      state.is = reach::maybe;
      state.rule = d.id;
      state.missing.insert(state.missing.end(), a.missing.begin(), a.missing.end());
      continue;
    }
    auto f = discretion_finding(reason_code::discretion_exceeded, &d);
    f.actual = a.actual;
    f.bound = a.bound;
    f.detail = a.detail;
    if (a.bound) f.relation = "up to";
    state.findings.push_back(std::move(f));
  }
  return state;
}

bool lift(const context& c, const discretion_state& state, reusable_vector<finding>& findings) {
  if (state.is != reach::yes && state.is != reach::maybe) return false;
  bool any = false;
  for (auto& f : findings) {
    bool sure = liftable(c, f);
    if (f.outcome == outcome::approve || (!sure && !perhaps_liftable(f))) continue;
    if (sure && state.is == reach::yes) {
      f.lifted = true;
      f.outcome = outcome::approve;
      f.needs.clear();
      any = true;
    } else if (f.outcome == outcome::deny) {
      f.outcome = outcome::escalate;
      f.missing.insert(f.missing.end(), state.missing.begin(), state.missing.end());
      std::sort(f.missing.begin(), f.missing.end());
      f.missing.erase(std::unique(f.missing.begin(), f.missing.end()), f.missing.end());
      f.needs = fact_needs(c, f.missing, state.rule);
    }
  }
  return any;
}

void note_discretion(const context& c, bool lifted, discretion_state& state) {
  bool unknown = state.is == reach::maybe;
  if (!lifted && !unknown) return;
  const auto entry = std::ranges::find(c.policy.discretion, state.rule, &compiled_discretion::id);
  if (entry == c.policy.discretion.end()) return;
  auto f = discretion_finding(
      unknown ? reason_code::discretion_unknown : reason_code::lifted_by_discretion, &*entry);
  if (unknown) f.missing = state.missing;
  state.findings.push_back(std::move(f));
}

void discretion_candidates(const context& c, std::vector<std::int64_t>& out) {
  if (!c.req.discretion) return;
  for (const auto* one : c.here().discretion) {
    const auto& d = *one;
    add_code_candidates(c, d.when, out);
    add_quantity_candidates(c, nullptr, d.up_to, out);
    if (!d.amount) continue;
    auto used = find_usage(c, d.id, d.per);
    if (used.found == nullptr && !used.zero) continue;
    add_remaining_candidates(c, *d.amount,
                             used.found == nullptr ? std::nullopt : used.found->amount, out);
  }
}

}  // namespace leeway::engine
