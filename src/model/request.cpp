// SPDX-License-Identifier: Apache-2.0
#include <leeway/model/request.hpp>

#include <algorithm>

namespace leeway {

std::vector<role_id> agent::all_roles() const {
  std::vector<role_id> out = roles;
  if (!role.empty()) out.push_back(role);
  std::erase_if(out, [](const role_id& one) { return one.empty(); });
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

}  // namespace leeway
