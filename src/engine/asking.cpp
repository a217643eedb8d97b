// SPDX-License-Identifier: Apache-2.0
#include "engine/asking.hpp"

#include "condition/guards.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <variant>

namespace leeway::engine {
namespace {

using condition::guard_pairs;
using condition::slot;
using policy_detail::code_ptr;
using policy_detail::compiled_entitlement;
using policy_detail::compiled_policy;
using policy_detail::compiled_quantity;

const code_ptr* code_of(const std::optional<compiled_quantity>& q) {
  return q ? std::get_if<code_ptr>(&q->content) : nullptr;
}

// What each condition says by itself, and the parts of an entitlement in the order they are asked.
class guards_of {
 public:
  explicit guards_of(const compiled_policy& p) {
    for (const auto& g : p.grants) {
      for (const auto* code : {&g.when, &g.unless, &g.of}) add(*code);
      for (const auto* q : {&g.under, &g.up_to, &g.over, &g.at_least}) add(code_of(*q));
    }
    for (const auto& r : p.rules) {
      add(r.when);
      add(r.unless);
    }
    for (const auto& b : p.budgets) {
      add(b.when);
      add(code_of(b.amount));
      add(code_of(b.count));
    }
    for (const auto& e : p.entitlements) entitlement(e);
  }

  guard_pairs take() && { return std::move(out_); }

 private:
  void add(const code_ptr& code) {
    if (code != nullptr) condition::add_guards(*code, out_);
  }
  void add(const code_ptr* code) {
    if (code != nullptr) add(*code);
  }

  void entitlement(const compiled_entitlement& e) {
    std::set<slot> known;
    auto next = [&](const std::vector<slot>& reads) {
      for (const slot second : reads) {
        if (known.contains(second)) continue;
        for (const slot first : known) out_.emplace(first, second);
      }
      known.insert(reads.begin(), reads.end());
    };
    std::vector<slot> required;
    add(e.when);
    add(e.due);
    for (const auto& r : e.required) {
      add(r.that);
      if (r.that) required.insert(required.end(), r.that->reads().begin(), r.that->reads().end());
    }
    if (e.when) next(e.when->reads());
    next(required);
    if (e.due) next(e.due->reads());
  }

  guard_pairs out_{};
};

// How many of the wanted facts each guards, less how many guard it.
std::map<std::string, int> weights(const compiled_policy& policy,
                                   const std::set<std::string>& wanted) {
  std::map<std::string, int> out;
  if (wanted.size() < 2) return out;
  for (const auto& [first, second] : guards_of(policy).take()) {
    const auto& before = policy.env->at(first).path;
    const auto& after = policy.env->at(second).path;
    if (!wanted.contains(before) || !wanted.contains(after)) continue;
    ++out[before];
    --out[after];
  }
  return out;
}

}  // namespace

std::vector<open_question> in_asking_order(const compiled_policy& policy,
                                           std::vector<open_question> questions) {
  std::set<std::string> wanted;
  for (const auto& q : questions) wanted.insert(q.fact);
  auto weight = weights(policy, wanted);
  std::ranges::stable_sort(questions, [&](const open_question& a, const open_question& b) {
    return weight[a.fact] > weight[b.fact];
  });
  return questions;
}

reusable_vector<need> in_asking_order(const compiled_policy& policy, reusable_vector<need> needs) {
  std::set<std::string> wanted;
  for (const auto& n : needs) {
    if (n.what == need::kind::fact) wanted.insert(n.fact);
  }
  auto weight = weights(policy, wanted);
  std::ranges::stable_sort(needs, [&](const need& a, const need& b) {
    const bool facts = a.what == need::kind::fact && b.what == need::kind::fact;
    return facts ? weight[a.fact] > weight[b.fact]
                 : a.what == need::kind::approval && b.what == need::kind::fact;
  });
  return needs;
}

}  // namespace leeway::engine
