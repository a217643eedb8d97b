// SPDX-License-Identifier: Apache-2.0
// Roles and the catalogue of actions.
#include "policy/check.hpp"
#include "policy/fields.hpp"

#include <algorithm>
#include <functional>

namespace leeway::policy_detail {
namespace {

using condition::type;
using edges = std::vector<role_id> role_definition::*;

/// An id within its own list: well-formed, and there once.
template <class Id>
bool own_id(check_context& c, const std::string& pointer, const Id& id, std::string_view what,
            std::set<Id>& seen) {
  const std::string at = field(pointer, "id");
  if (!is_id(id.view())) {
    c.error(at, "bad_id", id.empty() ? "an id must not be empty" : "bad id " + ticked(id.view()),
            "use 1 to 64 letters, digits, `_`, `.` and `-`");
    return false;
  }
  if (!seen.insert(id).second) {
    c.error(at, "duplicate_id",
            "the " + std::string(what) + " " + ticked(id.view()) + " is there already",
            "ids are unique within their list: rename or remove one");
    return false;
  }
  return true;
}

/// Finds circles along one kind of edge, each once, named along the way.
class circles {
 public:
  circles(check_context& c, edges along, std::string key, std::string code)
      : c_(c), along_(along), key_(std::move(key)), code_(std::move(code)) {
    for (std::size_t i = 0; i < c.doc().roles.size(); ++i) {
      by_id_.emplace(c.doc().roles[i].id, i);
    }
  }

  void find() {
    for (std::size_t i = 0; i < c_.doc().roles.size(); ++i) visit(i);
  }

 private:
  void visit(std::size_t at) {
    if (done_.contains(at)) return;
    path_.push_back(at);
    const auto& next = c_.doc().roles[at].*along_;
    for (std::size_t i = 0; i < next.size(); ++i) {
      const auto found = by_id_.find(next[i]);
      if (found == by_id_.end()) continue;
      const auto before = std::find(path_.begin(), path_.end(), found->second);
      if (before != path_.end()) {
        report(before, item(field(item("/roles", at), key_), i));
      } else {
        visit(found->second);
      }
    }
    path_.pop_back();
    done_.insert(at);
  }

  void report(std::vector<std::size_t>::iterator from, const std::string& pointer) {
    std::string text;
    for (auto at = from; at != path_.end(); ++at) {
      text += ticked(c_.doc().roles[*at].id.view()) + " -> ";
    }
    text += ticked(c_.doc().roles[*from].id.view());
    c_.error(pointer, code_, "`" + key_ + "` goes in a circle: " + text,
             "a role must not come back to itself: remove one step");
  }

  check_context& c_;
  edges along_;
  std::string key_, code_;
  std::map<role_id, std::size_t> by_id_{};
  std::vector<std::size_t> path_{};
  std::set<std::size_t> done_{};
};

void check_substitutes(check_context& c, const std::string& pointer, const role_definition& from,
                       compiled_role& into) {
  for (std::size_t i = 0; i < from.substitutes.size(); ++i) {
    const substitution& s = from.substitutes[i];
    const std::string at = item(field(pointer, "substitutes"), i);
    if (s.role == from.id && !s.role.empty()) {
      c.error(field(at, "role"), "substitutes_itself",
              ticked(s.role.view()) + " cannot stand in for itself", "name another role");
      continue;
    }
    compiled_substitution out{.from = s.from, .until = s.until, .origin = &s};
    out.when = c.condition(field(at, "when"), s.when, amount_use::forbidden);
    c.refuse_due(field(at, "when"), s.when, out.when, "when");
    c.dates(at, s.from, s.until);
    if (const auto role = c.role(field(at, "role"), s.role)) {
      out.role = *role;
      c.named_roles.insert(*role);
      into.substitutes.push_back(std::move(out));
    }
  }
}

/// With itself, following `includes` as far as it goes; a circle, reported elsewhere, ends it.
std::vector<index> closure(const std::vector<compiled_role>& roles, index start) {
  std::set<index> seen{start};
  std::vector<index> open{start};
  while (!open.empty()) {
    const index at = open.back();
    open.pop_back();
    for (const index next : roles[at].includes) {
      if (seen.insert(next).second) open.push_back(next);
    }
  }
  return {seen.begin(), seen.end()};
}

bool by_id(const auto& a, const auto& b) { return a.id < b.id; }

}  // namespace

void check_roles(check_context& c) {
  if (c.doc().roles.empty()) {
    c.error("/roles", "missing_key", "a policy without roles", "add at least one role");
  }
  std::set<role_id> seen;
  auto& roles = c.into().roles;
  for (std::size_t i = 0; i < c.doc().roles.size(); ++i) {
    const role_definition& from = c.doc().roles[i];
    const std::string pointer = item("/roles", i);
    const bool usable = own_id(c, pointer, from.id, "role", seen);
    compiled_role out{.id = from.id};
    out.includes = c.roles(field(pointer, "includes"), from.includes);
    out.escalate_to = c.roles(field(pointer, "escalate_to"), from.escalate_to);
    c.named_roles.insert(out.includes.begin(), out.includes.end());
    c.named_roles.insert(out.escalate_to.begin(), out.escalate_to.end());
    check_substitutes(c, pointer, from, out);
    if (usable) roles.push_back(std::move(out));
  }
  circles(c, &role_definition::includes, "includes", "includes_cycle").find();
  circles(c, &role_definition::escalate_to, "escalate_to", "escalation_cycle").find();
  std::sort(roles.begin(), roles.end(), by_id<compiled_role, compiled_role>);
  std::vector<std::vector<index>> all;
  for (index i = 0; i < roles.size(); ++i) all.push_back(closure(roles, i));
  for (index i = 0; i < roles.size(); ++i) roles[i].includes = std::move(all[i]);
}

void check_actions(check_context& c) {
  if (c.doc().actions.empty()) {
    c.error("/actions", "missing_key", "a policy without actions", "add at least one action");
  }
  std::set<action_kind> seen;
  for (std::size_t i = 0; i < c.doc().actions.size(); ++i) {
    const action_definition& from = c.doc().actions[i];
    const std::string pointer = item("/actions", i);
    compiled_action out{.id = from.id, .amount = from.amount};
    const std::string fixed = field(field(pointer, "amount"), "fixed");
    if (!from.fixed.empty() && from.amount != amount_mode::fixed) {
      c.error(fixed, "fixed_not_wanted", "only an action with a fixed amount says what it is");
    }
    out.fixed = c.compile(fixed, from.fixed, *c.into().env, {type(value_kind::money)},
                          amount_use::forbidden, "fixed");
    c.refuse_due(fixed, from.fixed, out.fixed, "fixed");
    if (own_id(c, pointer, from.id, "action", seen)) c.into().actions.push_back(std::move(out));
  }
  std::sort(c.into().actions.begin(), c.into().actions.end(),
            by_id<compiled_action, compiled_action>);
}

}  // namespace leeway::policy_detail
