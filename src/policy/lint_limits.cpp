// SPDX-License-Identifier: Apache-2.0
// Limits: what can be split, what never binds, what says nothing new. Only what is certain is said:
// what an overlay adds does not always speak, so nothing of the policy's own gives way to it.
#include "policy/check.hpp"
#include "policy/fields.hpp"

#include <algorithm>
#include <map>
#include <string_view>
#include <vector>

namespace leeway::policy_detail {
namespace {

bool counts_contacts(const compiled_policy& p, const std::vector<condition::slot>& per) {
  const auto contact = p.env->slot_of("contact.id");
  return contact && std::find(per.begin(), per.end(), *contact) != per.end();
}

/// Whether a budget holds a claim by another key of it, such as a booking: hard, and always.
bool holds_claims(const compiled_policy& p, const compiled_budget& b) {
  if (!b.beyond_escalate.empty() || b.when) return false;
  return std::any_of(b.per.begin(), b.per.end(), [&](condition::slot s) {
    const std::string& key = p.env->at(s).path;
    return key.starts_with("contact.") || key.starts_with("subject.");
  });
}

/// For each action, whether claims can be split: it has an amount, and no budget holds
/// a contact or a claim.
std::vector<bool> splittable(const compiled_policy& p) {
  std::vector<bool> out;
  for (const compiled_action& a : p.actions) out.push_back(a.amount == amount_mode::any);
  for (const compiled_budget& b : p.budgets) {
    if (b.overlay || (!counts_contacts(p, b.per) && !holds_claims(p, b))) continue;
    for (const index a : b.actions.actions) out[a] = false;
  }
  return out;
}

/// A limit for one act, with nothing that limits a contact: two halves pass where the whole fails.
void lint_splitting(check_context& c) {
  const compiled_policy& p = c.into();
  const std::vector<bool> splits = splittable(p);
  const auto& grants = c.doc().grants;
  for (std::size_t i = 0; i < grants.size(); ++i) {
    const grant_definition& g = grants[i];
    if (!g.bounds.of.empty() || (!g.bounds.under && !g.bounds.up_to) || g.window) continue;
    std::vector<std::string> open;
    for (const index a : p.find_grant(g.id)->actions.actions) {
      if (splits[a]) open.push_back(p.actions[a].id.str());
    }
    if (open.empty()) continue;
    c.warning(item("/grants", i), "lint_splittable",
              "no budget per contact holds " + listed(open) +
                  ": a claim over this grant's limit can be split",
              "add a budget with \"per\": [\"contact.id\"] for what this grant is for");
  }
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

/// Whether `weaker` holds whenever `stronger` does, as far as their texts tell.
bool implied(const expression& stronger, const expression& weaker) {
  return weaker.empty() || trimmed(stronger) == trimmed(weaker);
}

template <class T>
bool within(const std::vector<T>& few, const std::vector<T>& many) {
  return std::includes(many.begin(), many.end(), few.begin(), few.end());
}

/// The largest amount of one act that a grant's bounds allow, in minor units.
std::optional<std::int64_t> most_of(const compiled_grant& g) {
  const auto under = constant_of(g.under), up_to = constant_of(g.up_to);
  if (g.of || (!under && !up_to)) return std::nullopt;
  return std::min(under ? *under - 1 : INT64_MAX, up_to.value_or(INT64_MAX));
}

/// Whether a budget holds all of this action's amount, always: hard, without a condition; one that
/// counts goodwill leaves out what is due.
bool always_holds(const compiled_policy& p, const compiled_budget& b, index action) {
  const bool sometimes = b.overlay || b.when || !b.actions.contains(action);
  if (!b.beyond_escalate.empty() || sometimes) return false;
  return !b.goodwill_only ||
         std::none_of(p.entitlements.begin(), p.entitlements.end(),
                      [&](const auto& e) { return e.actions.contains(action); });
}

/// The budget with the least amount that always holds an action; nullptr when there is none.
const compiled_budget* tightest(const compiled_policy& p, index action) {
  const compiled_budget* out = nullptr;
  for (const compiled_budget& b : p.budgets) {
    const auto amount = constant_of(b.amount);
    if (!amount || !always_holds(p, b, action)) continue;
    if (out == nullptr || *amount < *constant_of(out->amount)) out = &b;
  }
  return out;
}

void never_binds(check_context& c, const std::string& pointer, const quantity& limit,
                 const std::string& other) {
  c.warning(pointer, "lint_never_binds",
            ticked(written(limit)) + " is never reached: " + other + " comes first",
            "lower it, raise the other, or leave it out");
}

/// A bound of one act above what a budget, or the grant's own total, ever leaves.
void lint_grant_bounds(check_context& c) {
  const compiled_policy& p = c.into();
  for (std::size_t i = 0; i < c.doc().grants.size(); ++i) {
    const grant_definition& from = c.doc().grants[i];
    const compiled_grant& g = *p.find_grant(from.id);
    const auto most = most_of(g);
    if (!most) continue;
    const char* const key = from.bounds.up_to ? "up_to" : "under";
    const quantity& limit = from.bounds.up_to ? *from.bounds.up_to : *from.bounds.under;
    const std::string at = field(item("/grants", i), key);
    if (const auto own = constant_of(g.amount); own && *own < *most) {
      never_binds(c, at, limit, "the grant's own total of " + ticked(written(*from.amount)));
      continue;
    }
    const compiled_budget* first = nullptr;
    bool all = !g.actions.actions.empty();
    for (const index a : g.actions.actions) {
      const compiled_budget* b = tightest(p, a);
      all = all && b != nullptr && *constant_of(b->amount) < *most;
      if (first == nullptr) first = b;
    }
    if (!all) continue;
    never_binds(c, at, limit,
                "the budget " + ticked(first->id.view()) + " of " +
                    ticked(written(*first->origin->amount)));
  }
}

/// The values that an expression reads by name.
std::vector<std::string> values_in(const expression& text) {
  std::vector<std::string> out;
  for (std::string& name : dotted_names(text)) {
    if (name.starts_with("values.")) out.push_back(std::move(name));
  }
  return out;
}

/// A value that both a bound and the due of an entitlement with requirements read; "" for none.
std::string repeated(const std::vector<std::string>& bound, const compiled_entitlement& e) {
  if (e.required.empty() || e.origin->above != due_policy::goodwill) return {};
  const auto due = values_in(e.origin->due);
  const auto both = std::find_first_of(bound.begin(), bound.end(), due.begin(), due.end());
  return both == bound.end() ? std::string{} : *both;
}

/// A bound that follows the due, but not what `requires` makes of it: the rest passes as goodwill.
void lint_repeated_dues(check_context& c) {
  const compiled_policy& p = c.into();
  for (std::size_t i = 0; i < c.doc().grants.size(); ++i) {
    const grant_definition& from = c.doc().grants[i];
    const compiled_grant& g = *p.find_grant(from.id);
    if (g.of) continue;
    const char* const key = from.bounds.up_to ? "up_to" : "under";
    const auto& limit = from.bounds.up_to ? from.bounds.up_to : from.bounds.under;
    const expression* text = limit ? std::get_if<expression>(&*limit) : nullptr;
    if (text == nullptr) continue;
    const auto bound = values_in(*text);
    for (const compiled_entitlement& e : p.entitlements) {
      const bool shared = std::any_of(g.actions.actions.begin(), g.actions.actions.end(),
                                      [&](index a) { return e.actions.contains(a); });
      const std::string name = repeated(bound, e);
      if (!shared || name.empty()) continue;
      c.warning(field(item("/grants", i), key), "lint_bound_repeats_due",
                ticked(name) + " is what " + ticked(e.id.view()) +
                    " owes before its `requires`: what they take away can be paid as goodwill",
                "write " + ticked(due_name) + ": it is zero when a requirement is not met");
      break;
    }
  }
}

/// Whether everything that window `b` counts, window `a` counts too.
bool covers(const window& a, const window& b) {
  return a.which() == window::kind::lifetime || a == b;
}

bool dominated(const std::optional<compiled_quantity>& by,
               const std::optional<compiled_quantity>& limit) {
  const auto less = constant_of(by), more = constant_of(limit);
  return !limit || (less && more && *less <= *more);
}

/// Whether a budget with `a` counts every entry that one with `b` does.
bool counts_as_many(const expression& a, const expression& b) {
  // Entries that were reversed only count where they are asked for.
  if (a.empty() && b.find("reversed") != std::string::npos) return false;
  return implied(b, a);
}

/// Whether `b` is never reached, since `a` always stops earlier or at the same amount.
bool reached_first(const compiled_budget& a, const compiled_budget& b) {
  const bool same = dominated(b.amount, a.amount) && dominated(b.count, a.count) &&
                    dominated(a.amount, b.amount) && dominated(a.count, b.count) &&
                    a.beyond_escalate == b.beyond_escalate && a.per == b.per;
  // One for `*` also counts kinds that are no action of this policy.
  const bool all_kinds = a.actions.every || !b.actions.every;
  return !a.overlay && a.beyond_escalate.empty() && dominated(a.amount, b.amount) &&
         dominated(a.count, b.count) && a.goodwill_only == b.goodwill_only && all_kinds &&
         within(b.actions.actions, a.actions.actions) && within(a.per, b.per) &&
         implied(b.origin->when, a.origin->when) &&
         counts_as_many(a.origin->where, b.origin->where) && covers(a.window, b.window) &&
         (!same || a.id < b.id);
}

void lint_budgets(check_context& c) {
  for (std::size_t i = 0; i < c.doc().budgets.size(); ++i) {
    const budget_definition& from = c.doc().budgets[i];
    const auto& all = c.into().budgets;
    const auto b =
        std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.id == from.id; });
    const auto a = std::find_if(all.begin(), all.end(), [&](const auto& one) {
      return one.id != from.id && reached_first(one, *b);
    });
    if (a == all.end()) continue;
    const bool of_amount = from.amount.has_value();
    never_binds(c, field(item("/budgets", i), of_amount ? "amount" : "count"),
                of_amount ? *from.amount : *from.count, "the budget " + ticked(a->id.view()));
  }
}

void lint_funds(check_context& c) {
  for (std::size_t i = 0; i < c.doc().discretion.size(); ++i) {
    const discretion_definition& from = c.doc().discretion[i];
    const money* act = std::get_if<money>(&from.up_to);
    const money* fund = from.amount ? std::get_if<money>(&*from.amount) : nullptr;
    if (act == nullptr || fund == nullptr || act->minor() <= fund->minor()) continue;
    never_binds(c, field(item("/discretion", i), "up_to"), from.up_to,
                "the fund of " + ticked(fund->to_string()));
  }
}

/// Whether a bound of `g` lets through everything that `h`'s does.
bool no_tighter(const std::optional<quantity>& h, const std::optional<compiled_quantity>& hc,
                const std::optional<quantity>& g, const std::optional<compiled_quantity>& gc) {
  if (!g) return true;
  if (!h) return false;
  if (written(*h) == written(*g)) return true;
  const auto less = constant_of(hc), more = constant_of(gc);
  return less && more && *less <= *more;
}

bool same_dates(const grant_definition& h, const grant_definition& g) {
  return (!g.from || (h.from && *g.from <= *h.from)) &&
         (!g.until || (h.until && *h.until <= *g.until));
}

/// Whether whoever `h` lets decide, `g` lets decide the same.
bool covered(const compiled_policy& p, const compiled_grant& h, const compiled_grant& g) {
  const grant_definition &few = *h.origin, &many = *g.origin;
  const bool held = std::all_of(h.to.begin(), h.to.end(), [&](index role) {
    const auto& includes = p.roles[role].includes;
    return std::any_of(g.to.begin(), g.to.end(), [&](index one) {
      return std::binary_search(includes.begin(), includes.end(), one);
    });
  });
  if (!held || !g.narrowings.empty()) return false;
  if (many.window || many.bounds.over || many.bounds.at_least) return false;
  const bool bounded =
      few.bounds.under || few.bounds.up_to || many.bounds.under || many.bounds.up_to;
  if (bounded && trimmed(few.bounds.of) != trimmed(many.bounds.of)) return false;
  // A bound of another kind would have to be compared in steps: left alone.
  return within(h.actions.actions, g.actions.actions) && implied(few.when, many.when) &&
         implied(few.unless, many.unless) && within(g.certified, h.certified) &&
         same_dates(few, many) &&
         no_tighter(few.bounds.up_to, h.up_to, many.bounds.up_to, g.up_to) &&
         no_tighter(few.bounds.under, h.under, many.bounds.under, g.under);
}

/// The grants by action and condition, each list in the order of the policy: of many grants only
/// those of one action, without a condition or with the same one, can cover one another.
class grants_alike {
 public:
  explicit grants_alike(const compiled_policy& p) : policy_(p), by_(p.actions.size()) {
    for (const compiled_grant& g : p.grants) {
      for (const index a : g.actions.actions) by_[a][trimmed(g.origin->when)].push_back(&g);
    }
  }

  /// The first grant that covers everything `h` does; nullptr when there is none.
  [[nodiscard]] const compiled_grant* covering(const compiled_grant& h) const {
    if (h.actions.actions.empty()) return nullptr;
    const auto& alike = by_[h.actions.actions.front()];
    const std::string_view when = trimmed(h.origin->when);
    const compiled_grant* const plain = first(alike, {}, h);
    const compiled_grant* const same = when.empty() ? nullptr : first(alike, when, h);
    if (plain == nullptr || same == nullptr) return plain != nullptr ? plain : same;
    return plain < same ? plain : same;  // they stand in one array
  }

 private:
  using lists = std::map<std::string_view, std::vector<const compiled_grant*>>;

  [[nodiscard]] const compiled_grant* first(const lists& alike, std::string_view when,
                                            const compiled_grant& h) const {
    const auto list = alike.find(when);
    if (list == alike.end()) return nullptr;
    const auto found = std::ranges::find_if(list->second, [&](const compiled_grant* one) {
      // Of two that cover each other the first by id stays.
      return one->id != h.id && covered(policy_, h, *one) &&
             (!covered(policy_, *one, h) || one->id < h.id);
    });
    return found == list->second.end() ? nullptr : *found;
  }

  const compiled_policy& policy_;
  std::vector<lists> by_;
};

void lint_grants(check_context& c) {
  const compiled_policy& p = c.into();
  const grants_alike alike(p);
  for (std::size_t i = 0; i < c.doc().grants.size(); ++i) {
    const compiled_grant& h = *p.find_grant(c.doc().grants[i].id);
    const compiled_grant* const g = alike.covering(h);
    if (g == nullptr) continue;
    c.warning(field(item("/grants", i), "id"), "lint_redundant_grant",
              ticked(h.id.view()) + " covers nothing that " + ticked(g->id.view()) +
                  " does not cover already",
              "remove it, or correct its roles, condition or bounds");
  }
}

bool denies(const rule_definition& r) {
  return std::any_of(r.then.begin(), r.then.end(),
                     [](const effect& e) { return e.what == effect::kind::deny; });
}

/// For each action the policy's own rules that deny it always, by id.
std::vector<std::vector<const compiled_rule*>> always_denying(const compiled_policy& p) {
  std::vector<std::vector<const compiled_rule*>> out(p.actions.size());
  for (const compiled_rule& one : p.rules) {
    const rule_definition& from = *one.origin;
    if (one.overlay || !from.when.empty() || !from.unless.empty() || !denies(from)) continue;
    for (const index a : one.actions.actions) out[a].push_back(&one);
  }
  return out;
}

/// A rule that denies where another always does. One that discretion may lift gives way to none.
void lint_rules(check_context& c) {
  const compiled_policy& p = c.into();
  const auto always = always_denying(p);
  for (std::size_t i = 0; i < c.doc().rules.size(); ++i) {
    const rule_definition& from = c.doc().rules[i];
    if (from.then.size() != 1 || !denies(from)) continue;
    const compiled_rule& r = *p.find_rule(from.id);
    if (r.actions.actions.empty()) continue;
    const bool plain = from.when.empty() && from.unless.empty();
    const auto& others = always[r.actions.actions.front()];
    const auto other = std::find_if(others.begin(), others.end(), [&](const compiled_rule* u) {
      return u->id != r.id && (!u->origin->discretion || from.discretion) &&
             within(r.actions.actions, u->actions.actions) &&
             (!plain || r.actions.actions != u->actions.actions || u->id < r.id);
    });
    if (other == others.end()) continue;
    c.warning(field(item("/rules", i), "then"), "lint_redundant_rule",
              ticked((*other)->id.view()) + " denies this always, so " + ticked(r.id.view()) +
                  " changes nothing",
              "remove it, or give the other a condition");
  }
}

}  // namespace

void lint_limits(check_context& c) {
  lint_splitting(c);
  lint_grant_bounds(c);
  lint_repeated_dues(c);
  lint_grants(c);
  lint_budgets(c);
  lint_funds(c);
  lint_rules(c);
}

}  // namespace leeway::policy_detail
