// SPDX-License-Identifier: Apache-2.0
// Warnings: what is allowed, but probably not what the policy's owner wants.
#include "policy/check.hpp"
#include "policy/fields.hpp"

#include <algorithm>

namespace leeway::policy_detail {
namespace {

std::string join(const std::vector<std::string>& names) {
  constexpr std::size_t most = 6;
  std::string out;
  for (std::size_t i = 0; i < names.size() && i < most; ++i) {
    out += (i == 0 ? "" : ", ") + ticked(names[i]);
  }
  if (names.size() > most) out += " and " + std::to_string(names.size() - most) + " more";
  return out;
}

bool counts_contacts(const compiled_policy& p, const std::vector<condition::slot>& per) {
  const auto contact = p.env->slot_of("contact.id");
  return contact && std::find(per.begin(), per.end(), *contact) != per.end();
}

/// For each action, whether claims can be split: it has an amount, and no budget holds a contact.
std::vector<bool> splittable(const compiled_policy& p) {
  std::vector<bool> out;
  for (const compiled_action& a : p.actions) out.push_back(a.amount == amount_mode::any);
  for (const compiled_budget& b : p.budgets) {
    if (!counts_contacts(p, b.per)) continue;
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
              "no budget per contact holds " + join(open) +
                  ": a claim over this grant's limit can be split",
              "add a budget with \"per\": [\"contact.id\"] for what this grant is for");
  }
}

void lint_roles(check_context& c) {
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

/// One warning for a whole list: a policy without sources should not drown the rest.
template <class Entry>
void lint_sources(check_context& c, std::string_view list, const std::vector<Entry>& entries) {
  std::vector<std::string> without;
  for (const Entry& one : entries) {
    if (one.origin.source.empty()) without.push_back(one.id.str());
  }
  if (without.empty()) return;
  c.warning(std::string(list), "lint_no_source",
            "no `source` says where in your own policy these stand: " + join(without),
            "decisions quote it, so that people can check");
}

void lint_unused_facts(check_context& c) {
  std::vector<std::string> unused;
  for (const auto* list : {&c.into().facts, &c.into().entry_facts}) {
    for (const compiled_fact& one : *list) {
      if (one.declared == nullptr || one.declared->protected_attribute) continue;
      const bool used =
          list == &c.into().facts ? c.read.contains(one.where) : c.mentioned.contains(one.name);
      // A limit on what values a fact may take has a use of its own.
      if (used || !one.declared->one_of.empty()) continue;
      c.warning(field("/facts", one.name), "lint_unused_fact",
                "the fact " + ticked(one.name) + " is never read", "remove it, or read it");
    }
  }
}

bool mentions(const std::set<std::string>& all, const std::string& name) {
  if (all.contains(name)) return true;
  const auto next = all.lower_bound(name + ".");
  return next != all.end() && next->starts_with(name + ".");
}

void lint_unused_names(check_context& c) {
  const auto warn = [&](const std::string& pointer, const char* code, const std::string& name) {
    if (mentions(c.mentioned, name)) return;
    c.warning(pointer, code, ticked(name) + " is never read", "remove it, or read it");
  };
  for (const auto& v : c.doc().values) {
    warn(field("/values", v.name), "lint_unused_value", "values." + v.name);
  }
  for (const auto& t : c.doc().tables) {
    warn(field("/tables", t.name), "lint_unused_table", "tables." + t.name);
  }
  for (std::size_t i = 0; i < c.doc().measures.size(); ++i) {
    warn(field(item("/measures", i), "id"), "lint_unused_measure",
         "usage." + c.doc().measures[i].id.str());
  }
}

/// Kinds of history may be of systems this policy knows nothing of; a near miss is a typing error.
void lint_kinds(check_context& c) {
  std::vector<std::string> known;
  for (const compiled_action& a : c.into().actions) known.push_back(a.id.str());
  for (std::size_t i = 0; i < c.doc().measures.size(); ++i) {
    const auto& kinds = c.doc().measures[i].kinds;
    for (std::size_t k = 0; k < kinds.size(); ++k) {
      if (kinds[k] == action_kind("*") || c.into().find_action(kinds[k].view())) continue;
      std::string near = suggestion(kinds[k].view(), known);
      if (near.empty()) continue;
      c.warning(item(field(item("/measures", i), "kinds"), k), "lint_unknown_kind",
                ticked(kinds[k].view()) + " is no action of this policy", std::move(near));
    }
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
                    " who asks it: " + join(shrinks),
                "raise its grant, let it include the other role, or escalate elsewhere");
    }
  }
}

}  // namespace

void lint(check_context& c) {
  lint_ladder(c);
  lint_splitting(c);
  lint_roles(c);
  lint_actions(c);
  lint_sources(c, "/grants", c.doc().grants);
  lint_sources(c, "/budgets", c.doc().budgets);
  lint_sources(c, "/rules", c.doc().rules);
  lint_sources(c, "/entitlements", c.doc().entitlements);
  lint_unused_facts(c);
  lint_unused_names(c);
  lint_kinds(c);
}

}  // namespace leeway::policy_detail
