// SPDX-License-Identifier: Apache-2.0
// Everything that a policy counts, for who adds up by himself.
#ifndef LEEWAY_TESTS_REFERENCE_COUNTERS_HPP
#define LEEWAY_TESTS_REFERENCE_COUNTERS_HPP

#include "reference/setting.hpp"

#include <leeway/engine/usage.hpp>

#include <vector>

namespace leeway::reference {

struct counter_of {
  usage_kind kind{usage_kind::budget};
  counting what{};  ///< points into the policy
};

/// Its budgets and its overlays', measures, grants with a total of their own, and funds.
std::vector<counter_of> counters_of(const prepared& p);

}  // namespace leeway::reference

#endif
