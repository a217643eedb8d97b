// SPDX-License-Identifier: Apache-2.0
// Warnings: what is allowed, but probably not what the policy's owner wants. A file for each
// family; lint_texts.cpp lists them all.
#include "policy/check.hpp"
#include "policy/fields.hpp"

namespace leeway::policy_detail {

std::string listed(const std::vector<std::string>& names) {
  constexpr std::size_t most = 6;
  std::string out;
  for (std::size_t i = 0; i < names.size() && i < most; ++i) {
    out += (i == 0 ? "" : ", ") + ticked(names[i]);
  }
  if (names.size() > most) out += " and " + std::to_string(names.size() - most) + " more";
  return out;
}

void lint(check_context& c) {
  lint_roles(c);
  lint_limits(c);
  lint_names(c);
}

}  // namespace leeway::policy_detail
