// SPDX-License-Identifier: Apache-2.0
// Comparing the two evaluators on one case, and making a case on which they differ smaller.
#ifndef LEEWAY_TESTS_REFERENCE_CASES_HPP
#define LEEWAY_TESTS_REFERENCE_CASES_HPP

#include "reference/judge.hpp"

#include <leeway/engine/json.hpp>
#include <leeway/engine/policy.hpp>

#include <string>

namespace leeway::reference {

/// A policy and a request.
struct differing {
  policy_document document{};
  request asked{};
};

/// What they say where they differ; empty: they agree. `offer`: also whether what is offered is
/// approved, and nothing between it and the proposal is.
std::string difference(const policy& p, const prepared& own, const request& r, bool offer = false);

/// The smallest case found on which they still differ.
differing shrunk(differing from, bool offer);

/// Two lines: the policy, and the request.
std::string to_lines(const differing& c);

}  // namespace leeway::reference

#endif
