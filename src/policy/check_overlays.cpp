// SPDX-License-Identifier: Apache-2.0
// Overlays: what a site or a partner adds. They hold nothing that could widen.
#include "policy/check.hpp"
#include "policy/fields.hpp"

#include <algorithm>
#include <map>
#include <memory>

namespace leeway::policy_detail {
namespace {

using condition::type;

compiled_grant* find_grant(check_context& c, const std::string& pointer, const rule_id& id) {
  auto& grants = c.into().grants;
  const auto found = std::ranges::find(grants, id, &compiled_grant::id);
  if (found != grants.end()) return &*found;
  std::vector<std::string> names;
  for (const compiled_grant& one : grants) names.push_back(one.id.str());
  std::string hint = suggestion(id.view(), names);
  if (hint.empty()) hint = "an overlay narrows a grant of the policy; it cannot add one";
  c.error(field(pointer, "grant"), "unknown_grant", "the policy has no grant " + ticked(id.view()),
          std::move(hint));
  return nullptr;
}

void check_bounds(check_context& c, const std::string& pointer, const compiled_grant& g,
                  const narrowing_definition& from, compiled_narrowing& into) {
  const bound_set& b = from.bounds;
  if (!b.of.empty()) {
    c.error(field(pointer, "of"), "narrowing_of", "a narrowing bounds what its grant bounds",
            "leave `of` out, or say it in `when`");
    return;
  }
  if (!b.under && !b.up_to && !b.over && !b.at_least) return;
  if (g.of == nullptr && !g.origin->bounds.of.empty()) return;  // what it bounds is wrong itself
  if (g.of == nullptr && c.all_without_amount(g.actions)) {
    c.error(field(pointer, "grant"), "no_amount_to_bound",
            "none of the actions of " + ticked(g.id.view()) + " has an amount",
            "narrow it with `when`");
    return;
  }
  const type t = g.of ? g.of->result_type() : type(value_kind::money);
  const bool negative = g.of && !t.is(value_kind::money);
  into.under = c.bound(field(pointer, "under"), b.under, t, negative, "under");
  into.up_to = c.bound(field(pointer, "up_to"), b.up_to, t, negative, "up_to");
  into.over = c.bound(field(pointer, "over"), b.over, t, negative, "over");
  into.at_least = c.bound(field(pointer, "at_least"), b.at_least, t, negative, "at_least");
}

void check_total(check_context& c, const std::string& pointer, const compiled_grant& g,
                 const narrowing_definition& from, compiled_narrowing& into) {
  if (!from.amount && !from.count) return;
  if (!g.window) {
    c.error(field(pointer, from.amount ? "amount" : "count"), "total_missing",
            "the grant " + ticked(g.id.view()) + " has no total of its own",
            "add a budget to the overlay");
    return;
  }
  into.amount = c.amount(field(pointer, "amount"), from.amount, "amount");
  into.count = c.count(field(pointer, "count"), from.count, "count");
}

void check_narrowing(check_context& c, const std::string& pointer, const narrowing_definition& from,
                     const overlay_ptr& overlay) {
  compiled_narrowing n{.overlay = overlay, .from = from.from, .until = from.until, .origin = &from};
  n.when = c.condition(field(pointer, "when"), from.when);
  n.unless = c.condition(field(pointer, "unless"), from.unless);
  n.certified = check_certified(c, pointer, from.certified);
  c.dates(pointer, from.from, from.until);
  const bool bounded = from.bounds.under || from.bounds.up_to || from.bounds.over ||
                       from.bounds.at_least || from.amount || from.count;
  if (!bounded && from.when.empty() && from.unless.empty() && from.certified.empty() &&
      !from.from && !from.until) {
    c.entry_error(pointer, "narrows_nothing", "nothing says how the grant is narrowed",
                  "add `when`, `unless`, a bound, `certified`, `from` or `until`");
  }
  compiled_grant* g = find_grant(c, pointer, from.grant);
  if (g == nullptr) return;
  check_bounds(c, pointer, *g, from, n);
  check_total(c, pointer, *g, from, n);
  if (!n.certified.empty()) g->certifications = c.into().env->slot_of("agent.certifications");
  g->narrowings.push_back(std::move(n));
}

void check_narrowings(check_context& c, const std::string& base, const overlay_definition& from,
                      const overlay_ptr& overlay) {
  std::set<rule_id> seen;
  for (std::size_t i = 0; i < from.narrow.size(); ++i) {
    const std::string pointer = item(base + "/narrow", i);
    if (!seen.insert(from.narrow[i].grant).second) {
      c.error(field(pointer, "grant"), "duplicate_id",
              ticked(from.narrow[i].grant.view()) + " is narrowed twice", "join them in one");
      continue;
    }
    check_narrowing(c, pointer, from.narrow[i], overlay);
  }
}

void check_header(check_context& c, const std::string& base, const overlay_definition& from) {
  if (!is_id(from.id.view())) {
    c.error(base + "/id", "bad_id", "an overlay needs an id of letters, digits, `_`, `.` and `-`");
  }
  if (!is_id(from.version)) {
    c.error(base + "/version", "bad_id",
            "an overlay needs a version of letters, digits, `_`, `.` and `-`");
  }
  c.dates(base + "/effective", from.effective_from, from.effective_until);
}

overlay_ptr check_overlay(check_context& c, const std::string& base,
                          const overlay_definition& from) {
  check_header(c, base, from);
  // To whom it applies is not a matter of what happens to be proposed.
  auto out = std::make_shared<compiled_overlay>(compiled_overlay{
      .id = from.id,
      .applies = c.compile(base + "/applies", from.applies, *c.into().env,
                           {type(value_kind::boolean)}, amount_use::forbidden, "applies"),
      .from = from.effective_from,
      .until = from.effective_until,
      .origin = &from});
  check_narrowings(c, base, from, out);
  compiled_policy& p = c.into();
  for (std::size_t i = 0; i < from.measures.size(); ++i) {
    const std::string pointer = item(base + "/measures", i);
    c.entry_id(pointer, from.measures[i].id);
    p.measures.push_back(check_measure(c, pointer, from.measures[i]));
  }
  for (std::size_t i = 0; i < from.rules.size(); ++i) {
    const std::string pointer = item(base + "/rules", i);
    c.entry_id(pointer, from.rules[i].id);
    p.rules.push_back(check_rule(c, pointer, from.rules[i]));
    p.rules.back().overlay = out;
  }
  for (std::size_t i = 0; i < from.budgets.size(); ++i) {
    const std::string pointer = item(base + "/budgets", i);
    c.entry_id(pointer, from.budgets[i].id);
    p.budgets.push_back(check_budget(c, pointer, from.budgets[i]));
    p.budgets.back().overlay = out;
  }
  return out;
}

}  // namespace

void check_overlays(check_context& c) {
  compiled_policy& p = c.into();
  std::map<rule_id, std::size_t> seen;
  for (std::size_t i = 0; i < p.document.overlays.size(); ++i) {
    const overlay_definition& from = p.document.overlays[i];
    const std::string base = item("/overlays", i);
    if (!seen.emplace(from.id, i).second) {
      c.error(base + "/id", "duplicate_id",
              "the policy has an overlay " + ticked(from.id.view()) + " already",
              "of one overlay only one version is given along");
    }
    p.overlays.push_back(check_overlay(c, base, from));
  }
  const auto by_id = [](const overlay_ptr& a, const overlay_ptr& b) { return a->id < b->id; };
  std::ranges::sort(p.overlays, by_id);
  for (compiled_grant& g : p.grants) {
    std::ranges::sort(g.narrowings,
                      [&](const auto& a, const auto& b) { return by_id(a.overlay, b.overlay); });
  }
}

}  // namespace leeway::policy_detail
