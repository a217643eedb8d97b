// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <leeway/leeway.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace leeway_bench {

/// The text of a policy of so many rules over 50 kinds of action. Each rule is for one kind and one
/// reason of contact, and then looks at the amount and at one more fact, as policies that grew over
/// years do.
std::string policy_of_rules(std::size_t rules);

/// Distinct requests for it: every kind and every reason equally often.
std::vector<leeway::request> requests_for_rules(std::size_t rules, std::size_t count);

}  // namespace leeway_bench
