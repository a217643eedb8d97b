// SPDX-License-Identifier: Apache-2.0
// What entries name: roles, actions, facts, dates, and their own ids.
#include "policy/check.hpp"
#include "policy/fields.hpp"

#include <algorithm>

namespace leeway::policy_detail {
namespace {

/// "`a`, `b` and 3 more", for telling what there is.
std::string known_names(std::string_view what, const std::vector<std::string>& names) {
  if (names.empty()) return "the policy has no " + std::string(what);
  constexpr std::size_t most = 8;
  std::string out = "known " + std::string(what) + ": ";
  for (std::size_t i = 0; i < names.size() && i < most; ++i) {
    out += (i == 0 ? "" : ", ") + ticked(names[i]);
  }
  if (names.size() > most) out += " and " + std::to_string(names.size() - most) + " more";
  return out;
}

std::string near_or_known(std::string_view word, std::string_view what,
                          const std::vector<std::string>& names) {
  std::string out = suggestion(word, names);
  return out.empty() ? known_names(what, names) : out;
}

}  // namespace

void check_context::index_names() {
  for (const role_definition& one : doc().roles) {
    if (is_id(one.id.view())) role_index_.emplace(one.id.str(), 0);
  }
  for (const action_definition& one : doc().actions) {
    if (is_id(one.id.view())) action_index_.emplace(one.id.str(), 0);
  }
  for (auto& [name, at] : role_index_) {
    at = static_cast<index>(role_names_.size());
    role_names_.push_back(name);
  }
  for (auto& [name, at] : action_index_) {
    at = static_cast<index>(action_names_.size());
    action_names_.push_back(name);
  }
  modes_.resize(action_names_.size(), amount_mode::any);
  for (const action_definition& one : doc().actions) {
    if (is_id(one.id.view())) modes_[action_index_.at(one.id.str())] = one.amount;
  }
}

std::optional<index> check_context::role(const std::string& pointer, const role_id& id) {
  if (id.empty()) {
    error(pointer, "empty_text", "a role must not be empty");
    return std::nullopt;
  }
  const auto found = role_index_.find(id.view());
  if (found != role_index_.end()) return found->second;
  error(pointer, "unknown_role", "unknown role " + ticked(id.view()),
        near_or_known(id.view(), "roles", role_names_));
  return std::nullopt;
}

std::vector<index> check_context::roles(const std::string& pointer,
                                        const std::vector<role_id>& ids) {
  std::set<index> out;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (const auto at = role(item(pointer, i), ids[i])) out.insert(*at);
  }
  return {out.begin(), out.end()};
}

action_set check_context::actions(const std::string& pointer,
                                  const std::vector<action_kind>& kinds) {
  action_set out;
  std::set<index> found;
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    const std::string_view kind = kinds[i].view();
    if (kind == "*") {
      out.every = true;
    } else if (const auto one = action_index_.find(kind); one != action_index_.end()) {
      found.insert(one->second);
    } else if (kind.empty()) {
      error(item(pointer, i), "empty_text", "an action must not be empty");
    } else {
      error(item(pointer, i), "unknown_action", "unknown action " + ticked(kind),
            near_or_known(kind, "actions", action_names_));
    }
  }
  if (out.every) {
    for (index i = 0; i < action_names_.size(); ++i) found.insert(i);
    if (kinds.size() > 1) {
      error(pointer, "repeated_name", "`*` names every action already",
            "leave the others out, or leave `*` out");
    }
  }
  out.actions.assign(found.begin(), found.end());
  return out;
}

std::vector<condition::slot> check_context::keys(const std::string& pointer,
                                                 const std::vector<std::string>& names) {
  std::set<condition::slot> out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string at = item(pointer, i);
    if (names[i].empty() || is_broken(names[i]) || !may_read(at, names[i])) continue;
    const auto slot = into_.env->slot_of(names[i]);
    if (!slot || names[i].starts_with("usage.")) {
      std::vector<std::string> candidates;
      for (const compiled_fact& one : into_.facts) {
        if (one.static_type.is(value_kind::string)) candidates.push_back(one.name);
      }
      error(at, "unknown_fact", "unknown fact " + ticked(names[i]),
            near_or_known(names[i], "string facts", candidates));
      continue;
    }
    const auto& declared = into_.env->at(*slot);
    if (!declared.static_type.is(value_kind::string)) {
      error(at, "type_mismatch",
            ticked(names[i]) + " is " + ticked(declared.static_type.to_string()) +
                ", but `per` counts by strings",
            "use an id or another string fact");
    } else if (declared.protected_attribute) {
      error(at, "protected_fact",
            ticked(names[i]) + " is protected: nothing may be decided or counted by it",
            "count by another fact");
    } else {
      out.insert(*slot);
    }
    read.insert(*slot);
  }
  return {out.begin(), out.end()};
}

void check_context::entry_id(const std::string& pointer, const rule_id& id) {
  const std::string at = field(pointer, "id");
  if (!is_id(id.view())) {
    error(at, "bad_id", id.empty() ? "an id must not be empty" : "bad id " + ticked(id.view()),
          "use 1 to 64 letters, digits, `_`, `.` and `-`");
    return;
  }
  const auto [before, added] = entry_ids_.emplace(id.str(), pointer);
  if (!added) {
    error(at, "duplicate_id",
          "the id " + ticked(id.view()) + " is taken already, by `" + before->second + "`",
          "grants, measures, budgets, rules, entitlements and discretion share one set of ids");
  }
}

void check_context::dates(const std::string& pointer, const std::optional<civil_date>& from,
                          const std::optional<civil_date>& until) {
  for (const auto& [key, one] : {std::pair("from", &from), std::pair("until", &until)}) {
    if (*one && !(*one)->valid()) error(field(pointer, key), "date_range", "not a date");
  }
  if (from && until && *from >= *until) {
    error(field(pointer, "until"), "empty_dates",
          "in force for no day: from " + from->to_string() + " until " + until->to_string(),
          "`until` is the first day on which it is no longer in force");
  }
}

bool check_context::all_without_amount(const action_set& set) const {
  return !set.actions.empty() && std::all_of(set.actions.begin(), set.actions.end(), [&](index i) {
    return modes_[i] == amount_mode::no_amount;
  });
}

}  // namespace leeway::policy_detail
