// SPDX-License-Identifier: Apache-2.0
#include "desk/contract/backend.hpp"

namespace leeway::desk_test {

std::vector<backend>& backends() {
  static std::vector<backend> all;
  return all;
}

}  // namespace leeway::desk_test
