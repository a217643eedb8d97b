// SPDX-License-Identifier: Apache-2.0
// Random policies and requests that use the whole language: those of tests/engine, with entries and
// facts added and expressions replaced.
#ifndef LEEWAY_TESTS_REFERENCE_GENERATE_POLICIES_HPP
#define LEEWAY_TESTS_REFERENCE_GENERATE_POLICIES_HPP

#include "reference/generate_expressions.hpp"

#include <leeway/engine/policy.hpp>

#include <optional>

namespace leeway::reference {

/// A policy that loads, with its document.
struct generated {
  policy_document document{};
  std::optional<policy> compiled{};
};
generated random_policy(dice& d);

/// A request to such a policy, with more or less of what it might say.
request random_request(dice& d);

}  // namespace leeway::reference

#endif
