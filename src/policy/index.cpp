// SPDX-License-Identifier: Apache-2.0
// What decisions look things up by.
#include "policy/compiled.hpp"

#include <algorithm>
#include <string_view>

namespace leeway::policy_detail {
namespace {

/// Adds each entry to the list of every action it is for.
template <class Entry>
void by_action(const std::vector<Entry>& entries, std::vector<const Entry*> for_action::* list,
               std::vector<for_action>& out) {
  for (const Entry& e : entries) {
    if (e.actions.every) {
      for (for_action& one : out) (one.*list).push_back(&e);
    } else {
      for (index a : e.actions.actions) (out[a].*list).push_back(&e);
    }
  }
}

std::optional<index> builtin_of(std::string_view name) {
  const auto& all = builtin_facts();
  const auto found = std::ranges::find(all, name, &builtin_fact::name);
  if (found == all.end()) return std::nullopt;
  return static_cast<index>(found - all.begin());
}

fact_group group_of(std::string_view group) {
  if (group == "agent") return fact_group::agent;
  if (group == "customer") return fact_group::customer;
  if (group == "contact") return fact_group::contact;
  if (group == "subject") return fact_group::subject;
  if (group == "action") return fact_group::action;
  return fact_group::other;
}

// A look-up, and putting what it finds in order, costs as much as asking a few rules.
constexpr std::size_t fewest_in_bucket = 8;

void add_to_row(std::vector<const compiled_rule*>& row, const compiled_rule* r) {
  if (row.empty() || row.back() != r) row.push_back(r);
}

void add_to_bucket(rule_bucket& bucket, const compiled_rule* r, const condition::equality& e) {
  bucket.all.push_back(r);
  for (const value& v : e.any_of) {
    if (v.is(value_kind::string)) {
      add_to_row(bucket.of_text[v.as_string()], r);
    } else {
      add_to_row(bucket.of_number[v.is(value_kind::integer) ? v.as_int() : v.as_bool() ? 1 : 0], r);
    }
  }
}

/// Each rule goes into the bucket of that of its facts which most rules of the action test.
void add_buckets(for_action& one) {
  std::map<condition::slot, std::size_t> tested;
  for (const compiled_rule* r : one.rules) {
    if (r->when == nullptr) continue;
    for (const auto& e : r->when->necessary()) ++tested[e.fact];
  }
  for (const compiled_rule* r : one.rules) {
    const condition::equality* best = nullptr;
    if (r->when != nullptr) {
      for (const auto& e : r->when->necessary()) {
        if (tested[e.fact] < fewest_in_bucket) continue;
        if (best == nullptr || tested[e.fact] > tested[best->fact]) best = &e;
      }
    }
    if (best == nullptr) {
      one.rules_to_ask.push_back(r);
      continue;
    }
    auto bucket = std::ranges::find(one.rule_buckets, best->fact, &rule_bucket::fact);
    if (bucket == one.rule_buckets.end()) {
      bucket = one.rule_buckets.insert(bucket, rule_bucket{.fact = best->fact});
    }
    add_to_bucket(*bucket, r, *best);
  }
}

/// In which order facts are looked for in a request.
void add_readings(compiled_policy& policy) {
  for (const compiled_fact& f : policy.facts) {
    if (f.builtin) {
      // Money may be in another currency even where nobody reads it.
      const bool checked = f.wanted || f.static_type.is(value_kind::money);
      if (checked) policy.builtins_read.push_back(&f);
      continue;
    }
    auto& groups = policy.attributes_read;
    auto found = std::ranges::find(groups, f.group, &group_facts::group);
    if (found == groups.end()) found = groups.insert(groups.end(), group_facts{f.group, {}});
    found->facts.push_back(&f);
  }
  for (group_facts& g : policy.attributes_read) {
    std::ranges::sort(g.facts, {}, [](const compiled_fact* f) {
      return std::string_view(f->name).substr(f->path_at);
    });
  }
}

}  // namespace

const std::vector<const compiled_rule*>* rule_bucket::of(const value& content) const {
  const auto row = [](const auto& rows, const auto& key) {
    const auto found = rows.find(key);
    return found == rows.end() ? nullptr : &found->second;
  };
  switch (content.kind()) {
    case value_kind::string: return row(of_text, std::string_view(content.as_string()));
    case value_kind::integer: return row(of_number, content.as_int());
    case value_kind::boolean: return row(of_number, std::int64_t{content.as_bool() ? 1 : 0});
    default: return &all;
  }
}

void add_index(compiled_policy& policy, const std::set<condition::slot>& read) {
  auto& out = policy.of_action;
  out.resize(policy.actions.size());
  by_action(policy.grants, &for_action::grants, out);
  by_action(policy.rules, &for_action::rules, out);
  by_action(policy.budgets, &for_action::budgets, out);
  by_action(policy.entitlements, &for_action::entitlements, out);
  by_action(policy.discretion, &for_action::discretion, out);
  for (for_action& one : out) add_buckets(one);
  for (compiled_fact& f : policy.facts) {
    f.builtin = builtin_of(f.name);
    const auto dot = f.name.find('.');
    if (dot != std::string::npos) {
      f.group = group_of(std::string_view(f.name).substr(0, dot));
      f.path_at = dot + 1;
    }
    f.wanted = f.declared != nullptr || !f.builtin || read.contains(f.where);
  }
  for (compiled_grant& g : policy.grants) {
    g.given_to.insert(g.to);
    if (g.certifications) policy.facts[*g.certifications].wanted = true;
  }
  for (compiled_role& r : policy.roles) r.acts_as.insert(r.includes);
  add_readings(policy);
  policy.has_substitutes = std::ranges::any_of(
      policy.roles, [](const compiled_role& r) { return !r.substitutes.empty(); });
  const auto& doc = policy.document;
  if (doc.effective_from) policy.begins = policy.zone.start_of_day(*doc.effective_from);
  if (doc.effective_until) policy.ends = policy.zone.start_of_day(*doc.effective_until);
}

}  // namespace leeway::policy_detail
