// SPDX-License-Identifier: Apache-2.0
// What is still wanted, who meets it, and what of it is implied (docs/design/0005-needs.md).
#include "reference/judge.hpp"

#include <algorithm>

namespace leeway::reference {

// An unknown asks for its facts; where it merely failed, for those that the failing part read.
std::set<wanted> judge::facts_wanted(const answer& a, const std::string& rule) const {
  std::set<wanted> out;
  auto ask = [&](const name_set& names) {
    for (const auto& name : names) {
      wanted w{.fact = name};
      if (!rule.empty()) w.rules.insert(rule);
      out.insert(std::move(w));
    }
  };
  ask(a.missing);
  return out;
}

wanted judge::approval(const std::set<role_id>& roles, bool distinct,
                       const std::string& rule) const {
  wanted out{.distinct = distinct};
  for (const auto& role : roles) out.any_of.insert(role.str());
  out.any_of = fewest(out.any_of);
  if (!rule.empty()) out.rules.insert(rule);
  return out;
}

bool judge::met_plainly(const wanted& w) const {
  auto meets = [&](const std::set<role_id>& roles) {
    const auto all = held(roles, false);
    return std::ranges::any_of(w.any_of,
                               [&](const auto& role) { return all.contains(role_id(role)); });
  };
  return meets(own_) ||
         std::ranges::any_of(signers_, [&](const auto& s) { return meets(s.roles); });
}

namespace {

// Assigns each need a person of its own where that can be done for more of them (augmenting paths).
bool assign(std::size_t need, const std::vector<std::vector<std::size_t>>& fits,
            std::vector<int>& need_of, std::set<std::size_t>& seen) {
  for (const auto person : fits[need]) {
    if (!seen.insert(person).second) continue;
    if (need_of[person] < 0 ||
        assign(static_cast<std::size_t>(need_of[person]), fits, need_of, seen)) {
      need_of[person] = static_cast<int>(need);
      return true;
    }
  }
  return false;
}

}  // namespace

// Distinct needs that name the same roles, once substitutes are named, are one: it takes a person
// who meets each of them.
void judge::meet_needs() {
  std::map<name_set, std::set<name_set>> distinct;
  for (const auto& s : out_) {
    for (const auto& n : s.needs) {
      if (n.distinct) distinct[in_stead(n.any_of)].insert(n.any_of);
    }
  }
  std::vector<std::set<name_set>> list;
  for (const auto& [named, asked] : distinct) list.push_back(asked);
  std::vector<std::vector<std::size_t>> fits(list.size());
  for (std::size_t i = 0; i < list.size(); ++i) {
    for (std::size_t j = 0; j < signers_.size(); ++j) {
      const auto all = held(signers_[j].roles, false);
      const bool meets = std::ranges::all_of(list[i], [&](const name_set& asked) {
        return std::ranges::any_of(asked, [&](const auto& r) { return all.contains(role_id(r)); });
      });
      if (meets) fits[i].push_back(j);
    }
  }
  std::vector<int> need_of(signers_.size(), -1);
  std::set<name_set> met;
  for (std::size_t i = 0; i < list.size(); ++i) {
    std::set<std::size_t> seen;
    if (assign(i, fits, need_of, seen)) met.insert(list[i].begin(), list[i].end());
  }
  for (auto& s : out_) {
    if (s.needs.empty()) continue;
    std::erase_if(s.needs, [&](const wanted& w) {
      if (!w.fact.empty()) return false;
      return w.distinct ? met.contains(w.any_of) : met_plainly(w);
    });
    if (s.needs.empty() && s.outcome == outcome::escalate) s.outcome = outcome::approve;
  }
}

void judge::name_substitutes() {
  for (auto& s : out_) {
    std::set<wanted> renamed;
    for (auto w : s.needs) {
      if (w.fact.empty()) w.any_of = in_stead(w.any_of);
      renamed.insert(std::move(w));
    }
    s.needs = std::move(renamed);
  }
}

// The union of needs, less plain ones that another one's signer meets anyway.
std::set<wanted> judge::joined(const std::set<wanted>& all) const {
  std::map<std::tuple<std::string, name_set, bool>, name_set> merged;
  for (const auto& w : all) merged[w.key()].insert(w.rules.begin(), w.rules.end());
  auto implied = [&](const auto& one, const auto& by) {
    const auto& [fact, roles, distinct] = one;
    const auto& [other_fact, other_roles, other_distinct] = by;
    if (!fact.empty() || !other_fact.empty() || distinct || one == by) return false;
    return std::ranges::all_of(other_roles, [&](const auto& r) {
      const auto held_by = with_included(role_id(r));
      return std::ranges::any_of(roles,
                                 [&](const auto& x) { return held_by.contains(role_id(x)); });
    });
  };
  std::set<wanted> out;
  for (const auto& [key, rules] : merged) {
    const bool gone =
        std::ranges::any_of(merged, [&](const auto& other) { return implied(key, other.first); });
    const auto& [fact, roles, distinct] = key;
    if (!gone) out.insert({.fact = fact, .any_of = roles, .distinct = distinct, .rules = rules});
  }
  return out;
}

}  // namespace leeway::reference
