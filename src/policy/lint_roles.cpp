// SPDX-License-Identifier: Apache-2.0
// Roles and actions: who can be asked, and for what.
#include "policy/check.hpp"
#include "policy/fields.hpp"

#include <algorithm>

namespace leeway::policy_detail {
namespace {

void lint_unreachable(check_context& c) {
  const auto& roles = c.doc().roles;
  std::set<index> granted;
  for (const compiled_grant& g : c.into().grants) granted.insert(g.to.begin(), g.to.end());
  for (std::size_t i = 0; i < roles.size(); ++i) {
    const auto at = c.into().find_role(roles[i].id.view());
    if (!at || c.named_roles.contains(*at)) continue;
    const auto& held = c.into().roles[*at].includes;
    const bool any =
        std::any_of(held.begin(), held.end(), [&](index one) { return granted.contains(one); });
    if (any || !c.into().roles[*at].escalate_to.empty()) continue;
    c.warning(field(item("/roles", i), "id"), "lint_unreachable_role",
              "the role " + ticked(roles[i].id.view()) +
                  " has no grant, and nothing escalates to it or names it",
              "give it a grant, let a role escalate to it, or remove it");
  }
}

void lint_actions(check_context& c) {
  const auto& actions = c.doc().actions;
  for (std::size_t i = 0; i < actions.size(); ++i) {
    const auto at = c.into().find_action(actions[i].id.view());
    const auto& grants = c.into().grants;
    if (!at || std::any_of(grants.begin(), grants.end(),
                           [&](const auto& g) { return g.actions.contains(*at); })) {
      continue;
    }
    c.warning(
        field(item("/actions", i), "id"), "lint_nobody_may",
        "no grant covers the action " + ticked(actions[i].id.view()) + ", so it is always denied",
        "grant it to a role, or remove it");
  }
}

/// The most a role may decide on alone, as far as constants tell.
struct authority {
  bool any{};           ///< there is a grant
  bool open{};          ///< one that is conditional or bounded otherwise: it may be more
  std::int64_t most{};  ///< minor units, of grants without conditions; INT64_MAX: no bound
};

authority authority_of(const compiled_policy& p, index role, index action) {
  authority out;
  for (const compiled_grant& g : p.grants) {
    const auto& held = p.roles[role].includes;
    const bool here = std::any_of(g.to.begin(), g.to.end(), [&](index one) {
      return std::binary_search(held.begin(), held.end(), one);
    });
    if (!here || !g.actions.contains(action)) continue;
    out.any = true;
    const bool plain = !g.when && !g.unless && !g.of && g.certified.empty() && !g.from &&
                       !g.until && !g.window && !g.over && !g.at_least;
    const money* up_to = g.up_to ? std::get_if<money>(&g.up_to->content) : nullptr;
    const money* under = g.under ? std::get_if<money>(&g.under->content) : nullptr;
    if (!plain || (g.up_to && up_to == nullptr) || (g.under && under == nullptr)) {
      out.open = true;
      continue;
    }
    std::int64_t most = INT64_MAX;
    if (up_to != nullptr) most = std::min(most, up_to->minor());
    if (under != nullptr) most = std::min(most, under->minor() - 1);
    out.most = std::max(out.most, most);
  }
  return out;
}

/// Escalating to somebody who may do less is a dead end. Only what is certain is said.
void lint_ladder(check_context& c) {
  const compiled_policy& p = c.into();
  for (std::size_t i = 0; i < c.doc().roles.size(); ++i) {
    const role_definition& from = c.doc().roles[i];
    const auto lower = p.find_role(from.id.view());
    for (std::size_t k = 0; lower && k < from.escalate_to.size(); ++k) {
      const auto upper = p.find_role(from.escalate_to[k].view());
      std::vector<std::string> shrinks;
      for (index a = 0; upper && a < p.actions.size(); ++a) {
        if (p.actions[a].amount == amount_mode::no_amount) continue;
        const authority less = authority_of(p, *upper, a);
        const authority more = authority_of(p, *lower, a);
        if (less.any && !less.open && more.any && more.most > less.most) {
          shrinks.push_back(p.actions[a].id.str());
        }
      }
      if (shrinks.empty()) continue;
      c.warning(item(field(item("/roles", i), "escalate_to"), k), "lint_shrinking_authority",
                ticked(from.escalate_to[k].view()) + " may do less than " + ticked(from.id.view()) +
                    " who asks it: " + listed(shrinks),
                "raise its grant, let it include the other role, or escalate elsewhere");
    }
  }
}

}  // namespace

void lint_roles(check_context& c) {
  lint_ladder(c);
  lint_unreachable(c);
  lint_actions(c);
}

}  // namespace leeway::policy_detail
