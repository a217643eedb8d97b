// SPDX-License-Identifier: Apache-2.0
// Who is who among the people and roles of a policy.
#pragma once

#include <leeway/base/id.hpp>
#include <leeway/policy/document.hpp>

#include <vector>

namespace leeway {

/// Ids that differ in case or in blanks around them alone are one person.
bool same_person(const agent_id& a, const agent_id& b);

/// The roles, and all that they include.
std::vector<role_id> held_roles(const policy_document& policy, const std::vector<role_id>& roles);

/// Every role that the roles escalate to, directly or further on, and what includes one of those.
std::vector<role_id> roles_above(const policy_document& policy, const std::vector<role_id>& roles);

/// Whether the lists have a role in common.
bool meet(const std::vector<role_id>& a, const std::vector<role_id>& b);

}  // namespace leeway
