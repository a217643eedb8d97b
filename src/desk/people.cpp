// SPDX-License-Identifier: Apache-2.0
#include "desk/people.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>

namespace leeway {
namespace {

std::string person(const agent_id& id) {
  constexpr std::string_view blank(" \t\r\n\0", 5);
  const auto text = id.view();
  const auto begin = text.find_first_not_of(blank);
  if (begin == std::string_view::npos) return {};
  std::string out(text.substr(begin, text.find_last_not_of(blank) - begin + 1));
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

/// What is reached from the roles by steps, with or without the roles themselves.
template <class Steps>
std::vector<role_id> reached(const policy_document& policy, const std::vector<role_id>& from,
                             bool with_them, const Steps& steps) {
  std::set<role_id> seen;
  std::vector<role_id> ahead = from;
  if (with_them) seen.insert(from.begin(), from.end());
  while (!ahead.empty()) {
    const role_id at = ahead.back();
    ahead.pop_back();
    for (const role_definition& one : policy.roles) {
      if (one.id != at) continue;
      for (const role_id& next : steps(one)) {
        if (seen.insert(next).second) ahead.push_back(next);
      }
    }
  }
  return {seen.begin(), seen.end()};
}

}  // namespace

bool same_person(const agent_id& a, const agent_id& b) { return person(a) == person(b); }

std::vector<role_id> held_roles(const policy_document& policy, const std::vector<role_id>& roles) {
  return reached(policy, roles, true, [](const auto& role) { return role.includes; });
}

std::vector<role_id> roles_above(const policy_document& policy, const std::vector<role_id>& roles) {
  const auto held = held_roles(policy, roles);
  auto above = reached(policy, held, false, [](const auto& role) { return role.escalate_to; });
  for (const role_definition& one : policy.roles) {
    if (std::ranges::find(above, one.id) != above.end()) continue;
    if (meet(held_roles(policy, {one.id}), above)) above.push_back(one.id);
  }
  return above;
}

bool meet(const std::vector<role_id>& a, const std::vector<role_id>& b) {
  return std::ranges::any_of(
      a, [&](const role_id& one) { return std::ranges::find(b, one) != b.end(); });
}

}  // namespace leeway
